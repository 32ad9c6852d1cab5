//! Prints `docs/peers.md`.

fn main() {
    print!("{}", wardkey_tests::peers::document());
}
