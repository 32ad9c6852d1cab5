//! What the command does at a seat of a clinic, and what it refuses.

use wardkey_tests::machine::host::{CONFIG, Host, STATE};
use wardkey_tests::programs::scripted_verifier::{SEAT, ScriptedVerifier, make_ready};

fn nothing_asked() -> ScriptedVerifier {
    ScriptedVerifier::start(|enquiry| panic!("nothing is asked: {enquiry:?}"))
}

#[test]
fn a_machine_joins_by_a_token_that_opens_once() {
    let host = Host::bare();
    let (verifier, other) = (nothing_asked(), nothing_asked());
    make_ready(&host, verifier.port, "");
    let token = format!("{}\n", *verifier.token.printed());
    let is_bare = || !host.path("/etc/wardkey/seat.key").exists() && !host.path(STATE).exists();
    for (typed, expected) in [
        ("nonsense\n".to_owned(), "no joining token"),
        (String::new(), "no joining token"),
        // Its authority is another one: the verifier is not believed, and hears no secret.
        (format!("{}\n", *other.token.printed()), "No verifier of the token's clinic answers"),
    ] {
        let refused = host.wardkey(&["fleet", "join"], &typed);
        assert!(refused.stderr.contains(expected) && !refused.status.success(), "{refused:?}");
        assert!(is_bare(), "{expected}");
    }
    let joined = host.wardkey(&["fleet", "join", "--json"], &token).exits(0);
    assert_eq!(joined.stdout, format!("{{\"seat\":\"{SEAT}\"}}\n"));
    let modes = host.must(&format!(
        "stat -c '%n %U %a' /etc/wardkey/seat.key /etc/wardkey/authority.crt {STATE} {STATE}/seat {STATE}/seat/seat.crt"
    ));
    let expected = format!(
        "/etc/wardkey/seat.key root 600\n/etc/wardkey/authority.crt root 600\n{STATE} root 700\n\
         {STATE}/seat wardkey 700\n{STATE}/seat/seat.crt root 644\n"
    );
    assert_eq!(modes, expected);
    let key = host.read("/etc/wardkey/seat.key");
    let used = host.wardkey(&["fleet", "join"], &token).exits(1);
    assert!(used.stderr.contains("used before"), "{used:?}");
    assert_eq!(host.read("/etc/wardkey/seat.key"), key, "a refusal changes nothing");
    host.wardkey(&["config", "check"], "").exits(0);
}

#[test]
fn commands_that_need_records_say_where_to_run_them() {
    let host = Host::bare();
    make_ready(&host, 1, "");
    host.add_account("alice");
    for (language, root, person) in [
        ("en", "This machine is a seat of a clinic", "Help: Clinic IT, ext. 204."),
        ("fr", "Cette machine est un poste d'une clinique", "Aide : Clinic IT, ext. 204."),
    ] {
        make_ready(&host, 1, &format!("language = \"{language}\""));
        for arguments in [
            &["init"][..],
            &["enroll", "alice"],
            &["status", "alice"],
            &["list"],
            &["reset", "alice", "--verified-by", "passport"],
            &["pass", "alice", "--verified-by", "passport"],
            &["check", "alice"],
        ] {
            let refused = host.wardkey(arguments, "").exits(1);
            assert!(refused.stderr.contains(root), "{arguments:?}: {refused:?}");
            assert!(refused.stderr.contains("127.0.0.1:1"), "{arguments:?}: {refused:?}");
        }
        for arguments in [&["status"][..], &["replace"], &["recovery-codes"]] {
            let refused = host.wardkey_as("alice", arguments, "").exits(1);
            assert!(refused.stderr.contains(root) && refused.stderr.contains(person), "{refused:?}");
        }
    }
    assert!(!host.path(STATE).exists(), "nothing was made");
}

#[test]
fn a_section_of_the_verifiers_is_refused_by_file_line_and_key() {
    let host = Host::bare();
    make_ready(&host, 1, "");
    host.write(&format!("{CONFIG}.d/codes.toml"), "# here\n[totp]\nwindow = 2\n");
    let refused = host.wardkey(&["config", "check"], "").exits(3);
    let place = format!("{CONFIG}.d/codes.toml, line 2, key `totp`: the verifier decides this");
    assert!(refused.stderr.contains(&place), "{refused:?}");
}

#[test]
fn doctor_looks_for_no_records_at_a_seat() {
    let host = Host::bare();
    let verifier = nothing_asked();
    verifier.is_joined_by(&host, "");
    let _helper = host.start_helper();
    let said = host.wardkey(&["doctor", "--json"], "");
    assert!(said.stdout.starts_with("{\"findings\":["), "{said:?}");
    // Nor for an entry in anybody's app, nor who is enrolled: the verifier has all that.
    for absent in ["wardkey init", "seal.key", "wardkey enroll", "spare", "issuer"] {
        assert!(!said.stdout.contains(absent), "{absent}: {said:?}");
    }
}
