//! Two independent generators and the built command agree on every kind of authenticator offered.

use wardkey_tests::machine::world::World;
use wardkey_tests::programs::generator::Authenticator;

fn agrees_for(algorithm: &str) {
    let world = World::new();
    for (digits, period) in [(6, 30), (6, 60), (8, 30), (8, 60)] {
        let name = format!("user{digits}{period}");
        world.add_account(&name);
        let (digits_text, period_text) = (digits.to_string(), period.to_string());
        let kind = ["--algorithm", algorithm, "--digits", &digits_text, "--period", &period_text];
        let printed = world.json(&[&["enroll", &name], &kind[..]].concat(), "");
        let phone = Authenticator::from_enrolment(&printed);
        assert_eq!((phone.algorithm.as_str(), phone.digits, phone.period), (algorithm, digits, period));

        let mut person = world.confirm(&name, phone.clone());
        person.last_step += 1;
        let (ours, theirs) = (phone.code(person.last_step), phone.code_by_pyotp(person.last_step));
        assert_eq!(ours, theirs, "oathtool and pyotp");
        let checked = world.json(&["check", &name], &format!("{theirs}\n"));
        assert_eq!(checked["result"], "accepted", "{algorithm} {digits} {period}: {checked}");
        assert!(world.types(&name, &person.fresh_code(&world)).accepted(), "{algorithm} {digits} {period}");
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
    let world = World::new();
    world.add_account("alice");
    let printed = world.json(&["enroll", "alice"], "");
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
    let world = World::new();
    world.add_account("alice");
    let phone = Authenticator::from_enrolment(&world.json(&["enroll", "alice"], ""));
    let step = world.now() / phone.period;
    assert!(!world.types("alice", &phone.code(step)).accepted(), "pending");
    world.wardkey(&["--json", "confirm", "alice"], &format!("{}\n", phone.wrong_code(step))).exits(1);
    assert_eq!(world.state("alice"), "pending", "the secret is unchanged");
    let person = world.confirm("alice", phone);
    assert!(!world.types("alice", &person.used_code()).accepted(), "the confirming code is spent");
}
