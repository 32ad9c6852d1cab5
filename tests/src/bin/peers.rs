//! Prints `docs/peers.md`.

fn main() {
    print!("{}", wardkey_tests::proof::peers::document());
}
