use super::*;
use crate::testing::auth;

fn line(text: &str) -> Line {
    auth(&format!("auth required {text}\n")).remove(0)
}

#[test]
fn what_is_proven_depends_on_module_arguments_and_answer() {
    for (text, result, proof) in [
        ("pam_unix.so nullok", Success, Some(Proof::Password)),
        ("pam_unix.so nullok", AuthErr, None),
        ("/opt/lib/pam_unix.so", Success, Some(Proof::Password)),
        ("pam_sss.so require_cert_auth", Success, Some(Proof::SmartCard)),
        ("pam_ccreds.so action=validate", Success, Some(Proof::Password)),
        ("pam_ccreds.so action=store", Success, None),
        ("pam_succeed_if.so uid = 0 use_uid quiet", Success, Some(Proof::CallerIsRoot)),
        ("pam_succeed_if.so uid = 0 quiet", Success, None),
        ("pam_permit.so", Success, None),
        ("pam_strange.so", Success, Some(Proof::Unknown)),
        ("pam_strange.so", Ignore, Some(Proof::Unknown)),
        ("pam_strange.so", AuthErr, None),
    ] {
        assert_eq!(proven(&line(text), result), proof, "{text} {result}");
    }
}

#[test]
fn what_may_be_answered_depends_on_the_arguments() {
    for (text, result, may) in [
        ("pam_debug.so auth=authinfo_unavail", Success, false),
        ("pam_debug.so auth=authinfo_unavail", AuthinfoUnavail, true),
        ("pam_debug.so", Success, true),
        ("pam_echo.so Hello", Success, true),
        ("pam_env.so", Success, false),
        ("pam_nologin.so", Success, false),
        ("pam_nologin.so successok", Success, true),
        ("pam_wheel.so use_uid", Success, false),
        ("pam_wheel.so use_uid trust", Success, true),
        ("pam_sss.so", Ignore, false),
        ("pam_sss.so ignore_unknown_user", Ignore, true),
        ("pam_krb5.so minimum_uid=1000", Ignore, true),
        ("pam_u2f.so nouserok", Ignore, true),
        ("pam_systemd_home.so", Ignore, true),
        ("pam_unix.so", NewAuthtokReqd, false),
    ] {
        assert_eq!(answers(&line(text)).contains(&result), may, "{text} {result}");
    }
}
