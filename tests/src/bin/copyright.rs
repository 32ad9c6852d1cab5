//! `copyright`: prints debian/copyright as it should be now. `make copyright` keeps it.

fn main() {
    print!("{}", wardkey_tests::proof::copyright::copyright());
}
