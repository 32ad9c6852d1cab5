//! A short form of `make packages-test`: a package of what `make build` has built, over this machine's own root.

use std::sync::OnceLock;

use wardkey_tests::proof::packaged::{Case, Packages};

fn ends(name: &str, end: &str) {
    static PACKAGES: OnceLock<Packages> = OnceLock::new();
    let packages = PACKAGES.get_or_init(Packages::of_what_is_built);
    assert_eq!(Case::named(name).ends(packages), end);
}

#[test]
fn there_are_48_cases() {
    assert_eq!(Case::all().len(), 48);
}

#[test]
fn installing_changes_no_login() {
    ends("install: pristine", "works");
}

#[test]
fn an_older_version_asks_where_somebody_wrote_lines_by_hand() {
    ends("downgrade: hand-made", "works");
}

#[test]
fn what_enable_switched_on_keeps_the_package() {
    ends("remove: edited", "refused");
}

#[test]
fn the_profile_goes_with_the_package() {
    ends("remove: profile", "gone");
}

#[test]
fn a_profile_that_pam_auth_update_cannot_take_out_keeps_the_package() {
    ends("purge: header-less", "refused");
}

#[test]
fn logins_work_wherever_an_upgrade_breaks_off() {
    ends("failed unpack: sshd's drop-in", "works");
}
