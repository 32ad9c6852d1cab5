//! Two independent generators and the built command agree on every kind of authenticator offered.

use wardkey_tests::machine::host::Host;
use wardkey_tests::programs::authenticator_app::Authenticator;

fn agrees_for(algorithm: &str) {
    let host = Host::new();
    for (digits, period) in [(6, 30), (6, 60), (8, 30), (8, 60)] {
        let name = format!("user{digits}{period}");
        host.add_account(&name);
        let (digits_text, period_text) = (digits.to_string(), period.to_string());
        let kind = ["--algorithm", algorithm, "--digits", &digits_text, "--period", &period_text];
        let printed = host.json(&[&["enroll", &name], &kind[..]].concat(), "");
        let phone = Authenticator::from_enrolment(&printed);
        assert_eq!((phone.algorithm.as_str(), phone.digits, phone.period), (algorithm, digits, period));

        let mut person = host.confirm(&name, phone.clone());
        person.last_step += 1;
        let (ours, theirs) = (phone.code(person.last_step), phone.code_by_pyotp(person.last_step));
        assert_eq!(ours, theirs, "oathtool and pyotp");
        let checked = host.json(&["check", &name], &format!("{theirs}\n"));
        assert_eq!(checked["result"], "accepted", "{algorithm} {digits} {period}: {checked}");
        assert!(host.types(&name, &person.fresh_code(&host)).accepted(), "{algorithm} {digits} {period}");
    }
}

// Row: S1-5
// Row: S1-11
// Row: S2-4
#[test]
fn oathtool_and_pyotp_agree_with_us_on_sha1() {
    agrees_for("SHA1");
}

#[test]
fn oathtool_and_pyotp_agree_with_us_on_sha256() {
    agrees_for("SHA256");
}

#[test]
fn oathtool_and_pyotp_agree_with_us_on_sha512() {
    agrees_for("SHA512");
}

// Row: S1-5
// Row: S2-4
#[test]
fn what_is_issued_by_default_works_with_every_app() {
    let host = Host::new();
    host.add_account("alice");
    let printed = host.json(&["enroll", "alice"], "");
    let kind = &printed["authenticator"];
    assert_eq!(
        (&kind["algorithm"], &kind["digits"], &kind["period"]),
        (&"SHA1".into(), &6.into(), &30.into())
    );
    let secret = printed["secret"].as_str().expect("a secret");
    assert_eq!(secret.len(), 32, "160 bits in base32, without padding: {secret}");
    let uri = printed["uri"].as_str().expect("an address");
    assert!(uri.starts_with("otpauth://totp/") && uri.contains(&format!("secret={secret}")), "{uri}");
}

// Row: S1-12
// Row: S2-6
#[test]
fn nothing_counts_until_one_live_code_was_right() {
    let host = Host::new();
    host.add_account("alice");
    let phone = Authenticator::from_enrolment(&host.json(&["enroll", "alice"], ""));
    let step = host.now() / phone.period;
    assert!(!host.types("alice", &phone.code(step)).accepted(), "pending");
    host.wardkey(&["--json", "confirm", "alice"], &format!("{}\n", phone.wrong_code(step))).exits(1);
    assert_eq!(host.state("alice"), "pending", "the secret is unchanged");
    let person = host.confirm("alice", phone);
    assert!(!host.types("alice", &person.used_code()).accepted(), "the confirming code is spent");
}
