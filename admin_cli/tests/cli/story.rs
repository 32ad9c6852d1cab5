//! One person's story by the command alone: what each command prints, and how it exits.

use crate::scratch::{GAMES, Phone, Scratch};
use serde_json::{Value, json};

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

// Row: S2-2
#[test]
fn enroll_leaves_a_pending_authenticator_and_confirm_makes_it_active() {
    let scratch = Scratch::with("issuer = \"Lakeside Clinic\"");
    let begun = scratch.json(&["enroll", GAMES], "").exits(0).json();
    assert_eq!(keys(&begun), ["authenticator", "secret", "state", "uri", "user"]);
    let shape = json!({"label": "app", "kind": "totp", "algorithm": "SHA1", "digits": 6, "period": 30});
    assert_eq!((&begun["authenticator"], &begun["state"]), (&shape, &json!("pending")));
    let secret = begun["secret"].as_str().unwrap();
    assert_eq!(secret.len(), 32);
    let phone = Phone::new(secret);
    let uri = begun["uri"].as_str().unwrap();
    assert!(
        uri.starts_with("otpauth://totp/Lakeside%20Clinic:games@")
            && uri.contains("&issuer=Lakeside%20Clinic")
    );
    assert_eq!(scratch.json(&["status", GAMES], "").exits(0).json()["state"], "pending");

    let refused = scratch.json(&["confirm", GAMES], &phone.wrong_code()).exits(1);
    assert_eq!(refused.error().0, "refused");
    let confirmed = scratch.json(&["confirm", GAMES], &phone.code(0)).exits(0).json();
    assert_eq!(keys(&confirmed), ["recovery_codes", "state", "user"]);
    assert_eq!(
        (&confirmed["state"], confirmed["recovery_codes"].as_array().unwrap().len()),
        (&json!("enrolled"), 5)
    );
    scratch.json(&["confirm", GAMES], &phone.code(1)).exits(1);
    let again = scratch.json(&["enroll", GAMES], "").exits(1);
    assert!(again.error().2.contains("replace"), "{again:?}");
}

#[test]
fn status_has_the_contracts_keys_and_nulls() {
    let scratch = Scratch::new();
    let empty = json!({
        "user": GAMES, "state": "not-enrolled", "authenticators": [], "email": null, "last_success": null,
        "wait_until": {"authenticator": null, "combined": null, "single_use": null, "mailed": null},
        "recovery_codes": {"left": 0, "issued": 0}, "exempt": null
    });
    assert_eq!(scratch.json(&["status", GAMES], "").exits(0).json(), empty);
    scratch.enrol(GAMES);
    let mut status = scratch.json(&["status", GAMES], "").exits(0).json();
    let record = status.as_object_mut().unwrap().remove("record").unwrap();
    assert_eq!(keys(&status), keys(&empty));
    shows_the_file(&record);
    assert_eq!(keys(&status["authenticators"][0]), ["added", "kind", "label", "last_used"]);
    assert_eq!(status["recovery_codes"]["left"], 5);
    assert!(status["last_success"].as_str().unwrap().ends_with('Z'));
    let list = scratch.json(&["list"], "").exits(0).json();
    assert_eq!(list, json!([status]));
    assert_eq!(scratch.json(&["list", "--state", "pending"], "").exits(0).json(), json!([]));
    assert_eq!(scratch.json(&["list", "--state", "enrolled"], "").exits(0).json(), list);
}

/// All that the file has but secrets.
fn shows_the_file(record: &Value) {
    let device = &record["authenticators"][0];
    let known = json!({
        "uid": record["uid"], "state": "enrolled", "generation": record["generation"], "next_serial": 7,
        "enrolled": record["enrolled"], "pending": null, "email": null, "unverified_email": null,
        "authenticators": [{
            "slot": 0, "serial": 1, "label": device["label"], "added": device["added"],
            "algorithm": "SHA1", "digits": 6, "period": 30
        }],
        "codes": record["codes"]
    });
    assert_eq!(*record, known);
    assert!(record["uid"].is_u64() && record["generation"].is_u64() && record["enrolled"].is_string());
    let codes = record["codes"].as_array().unwrap();
    let known = json!({
        "place": 4, "serial": 6, "kind": "recovery", "issued": codes[4]["issued"], "expires": null,
        "memory": 19456, "passes": 2
    });
    assert!(codes.len() == 5 && codes[4] == known && codes[4]["issued"].is_string(), "{record:#}");
}

// Row: S1-8
#[test]
fn status_in_words_says_whether_it_is_on_and_what_is_left() {
    let scratch = Scratch::new();
    let codes = scratch.enrol(GAMES).recovery_codes;
    let said = scratch.run(&["status", GAMES], "").exits(0);
    assert!(
        said.out.contains("MFA: ON since ") && said.out.contains("recovery codes: 5 of 5 left"),
        "{said:?}"
    );
    for spent in codes.iter().take(3) {
        scratch.run(&["check", GAMES], spent).exits(0);
    }
    let said = scratch.run(&["status", GAMES], "").exits(0);
    assert!(said.out.contains("2 of 5 left") && said.out.contains("make a new set soon"), "{said:?}");
}

#[test]
fn check_spends_a_code_as_a_login_would() {
    let scratch = Scratch::new();
    let phone = scratch.enrol(GAMES);
    let codes = &phone.recovery_codes;
    let check = |line: &str, status| scratch.json(&["check", GAMES], line).exits(status).json();
    let accepted = json!({"user": GAMES, "result": "accepted", "reason": null});
    let refused = |reason| json!({"user": GAMES, "result": "refused", "reason": reason});
    assert_eq!(check(&phone.code(0), 1), refused("already used"));
    assert_eq!(check(&phone.code(1), 0), accepted);
    assert_eq!(check(&codes[0], 0), accepted);
    assert_eq!(check(&codes[0], 1), refused("already used"));
    assert_eq!(check("hello", 1), refused("malformed"));
    assert_eq!(check(&phone.wrong_code(), 1), refused("wrong code"));
    assert_eq!(scratch.json(&["check", "bin"], "123456").exits(1).json()["reason"], "not enrolled");
    let nothing = scratch.json(&["check", GAMES], "").exits(1);
    assert_eq!(nothing.error().1, "No code was given.");
}

#[test]
fn wrong_codes_wait_disable_and_unlock_ends_both() {
    let scratch = Scratch::with(
        "[throttle]\nfree_tries = 2\ndisable_after = 3\nfirst_wait = \"1s\"\nlongest_wait = \"1s\"",
    );
    let phone = scratch.enrol(GAMES);
    let wrong = phone.wrong_code();
    let state = || scratch.json(&["status", GAMES], "").exits(0).json();
    while state()["state"] != "disabled" {
        scratch.json(&["check", GAMES], &wrong).exits(1);
    }
    assert_eq!(scratch.json(&["check", GAMES], &phone.code(1)).exits(1).json()["reason"], "disabled");
    assert_eq!(
        scratch.json(&["unlock", GAMES], "").exits(0).json(),
        json!({"user": GAMES, "unlocked": true})
    );
    assert_eq!(state()["state"], "enrolled");
    scratch.json(&["check", GAMES], &phone.code(1)).exits(0);
}

#[test]
fn a_reset_leaves_only_a_pass_and_a_new_enrolment() {
    let scratch = Scratch::new();
    let phone = scratch.enrol(GAMES);
    let codes = &phone.recovery_codes;
    scratch.run(&["reset", GAMES], "").exits(2);
    scratch.run(&["reset", GAMES, "--verified-by", " "], "").exits(2);
    scratch.json(&["reset", GAMES, "--verified-by", "call-back"], "").exits(0);
    assert_eq!(scratch.json(&["status", GAMES], "").json()["state"], "must-enroll");
    for line in [&phone.code(1), &codes[0]] {
        assert_eq!(scratch.json(&["check", GAMES], line).exits(1).json()["reason"], "must enroll");
    }
    let pass = scratch.json(&["pass", GAMES, "--verified-by", "call-back"], "").exits(0).json();
    assert_eq!(keys(&pass), ["expires", "pass", "user"]);
    scratch.json(&["check", GAMES], pass["pass"].as_str().unwrap()).exits(0);
    scratch.enrol(GAMES);
    assert_eq!(scratch.json(&["status", GAMES], "").json()["state"], "enrolled");
}

#[test]
fn passes_and_envelopes_open_for_someone_never_enrolled() {
    let scratch = Scratch::new();
    let pass = scratch.json(&["pass", GAMES, "--for", "24h", "--verified-by", "desk"], "").exits(0).json();
    let envelope =
        scratch.json(&["emergency", GAMES, "--count", "3", "--reason", "safe"], "").exits(0).json();
    assert_eq!(envelope["codes"].as_array().unwrap().len(), 3);
    for line in [&pass["pass"], &envelope["codes"][2]] {
        scratch.json(&["check", GAMES], line.as_str().unwrap()).exits(0);
    }
    scratch.run(&["pass", GAMES, "--for", "25h", "--verified-by", "desk"], "").exits(2);
    scratch.run(&["emergency", GAMES, "--count", "33", "--reason", "safe"], "").exits(2);
    scratch.run(&["emergency", GAMES, "--count", "31", "--reason", "safe"], "").exits(1);
}

// Row: S1-13
#[test]
fn a_new_set_of_recovery_codes_voids_the_old_one() {
    let scratch = Scratch::with("[recovery]\ncodes = 7");
    scratch.json(&["recovery-codes", GAMES], "").exits(1);
    let old = scratch.enrol(GAMES).recovery_codes;
    assert_eq!(old.len(), 7);
    let new = scratch.json(&["recovery-codes", GAMES], "").exits(0).json();
    assert_eq!(new["recovery_codes"].as_array().unwrap().len(), 7);
    scratch.json(&["check", GAMES], &old[0]).exits(1);
    scratch.json(&["check", GAMES], new["recovery_codes"][0].as_str().unwrap()).exits(0);
}

#[test]
fn remove_leaves_nothing() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    scratch.json(&["remove", GAMES, "--reason", "left"], "").exits(0);
    assert!(!crate::scratch::exists(&scratch.path("state/users/games")));
    scratch.json(&["remove", GAMES, "--reason", "left"], "").exits(1);
    scratch.json(&["reset", GAMES, "--verified-by", "desk"], "").exits(1);
}

#[test]
fn a_given_key_is_read_from_standard_input_and_other_values_are_kept() {
    let scratch = Scratch::new();
    let given = "gezd gnbv gy3t qojq gezd gnbv gy3t qojq\n";
    let words =
        ["enroll", GAMES, "--secret-stdin", "--algorithm", "sha256", "--digits", "8", "--period", "60"];
    let begun = scratch.json(&words, given).exits(0).json();
    assert_eq!(begun["secret"], "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert!(begun["uri"].as_str().unwrap().ends_with("&algorithm=SHA256&digits=8&period=60"));
    for (line, message) in
        [("", "No key was given."), ("1\n", "not base32"), ("GEZDGNBV\n", "shorter than 16 bytes")]
    {
        let refused = scratch.json(&["enroll", GAMES, "--secret-stdin"], line).exits(2);
        assert!(refused.error().1.contains(message), "{refused:?}");
    }
    let mail = scratch.json(&["enroll", GAMES, "--email", "roy@clinic.example"], "").exits(1);
    assert!(mail.error().1.starts_with("Codes by mail are off"), "{mail:?}");
    scratch.json(&["enroll", GAMES, "--email", "Roy <roy@clinic.example>"], "").exits(2);
}

// Row: S1-4
// Row: S2-2
#[test]
fn without_a_terminal_enroll_shows_all_and_reads_codes_line_by_line() {
    let scratch = Scratch::new();
    let given = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let phone = Phone::new(given);
    let input = format!("{given}\n{}{}", phone.wrong_code(), phone.code(0));
    let said = scratch.run(&["enroll", GAMES, "--secret-stdin"], &input).exits(0);
    for part in ["Key: GEZD GNBV GY3T QOJQ", "The code is wrong.", "MFA: ON", "5 recovery codes", "ext. 204"]
    {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    assert!(!said.out.contains('\x1b') && !said.out.contains('\u{2588}'), "no colours, no QR code");
}

// Row: S2-2
#[test]
fn an_enrolment_broken_off_changes_nothing_and_can_go_on() {
    let scratch = Scratch::new();
    let said = scratch.run(&["--color", "always", "enroll", GAMES], "").exits(1);
    assert!(
        said.out.contains("\x1b[30;47;107m") && said.err.contains("wardkey.toml confirm games"),
        "{said:?}"
    );
    assert_eq!(scratch.json(&["status", GAMES], "").json()["state"], "pending");
}

#[test]
fn oneself_is_the_account_that_runs_the_command() {
    let scratch = Scratch::new();
    assert_eq!(scratch.json(&["status"], "").exits(0).json()["user"], "root");
}

// Row: S1-3
#[test]
fn an_exemption_is_shown_with_its_reason_and_end() {
    let until = "reason = \"display\"\napproved_by = \"Dr Roy\"\nuntil = 2099-01-31";
    let scratch = Scratch::with(&format!("[[exempt]]\nuser = \"games\"\n{until}"));
    let exempt = json!({"reason": "display", "approved_by": "Dr Roy", "until": "2099-01-31"});
    assert_eq!(scratch.json(&["status", GAMES], "").json()["exempt"], exempt);
    assert_eq!(scratch.json(&["status", "bin"], "").json()["exempt"], Value::Null);
    let said = scratch.run(&["status", GAMES], "").exits(0);
    assert!(said.out.contains("exempt until 2099-01-31: display (approved by Dr Roy)"), "{said:?}");
}

#[test]
fn an_exemption_for_a_service_or_a_network_is_shown_beside_what_else_asks() {
    let until = "reason = \"display\"\napproved_by = \"Dr Roy\"\nuntil = 2099-01-31";
    let tables = format!(
        "[[exempt]]\nuser = \"games\"\nservice = [\"Sudo\", \"su\"]\n{until}\n\
         [[exempt]]\nuser = \"games\"\nnetwork = \"10.0.0.0/8\"\n{until}"
    );
    let scratch = Scratch::with(&tables);
    scratch.enrol(GAMES);
    let status = scratch.json(&["status", GAMES], "").json();
    assert_eq!(
        (&status["exempt"], &status["exempt_in"][0]["service"]),
        (&Value::Null, &json!(["sudo", "su"]))
    );
    assert_eq!(status["exempt_in"][1]["network"], "10.0.0.0/8", "{status:#}");
    let said = scratch.run(&["status", GAMES], "").exits(0);
    for line in
        ["exempt on sudo, su until 2099-01-31: display", "exempt from 10.0.0.0/8 until 2099-01-31: display"]
    {
        assert!(said.out.contains(line), "{}", said.out);
    }
    assert!(scratch.json(&["status", "bin"], "").json().get("exempt_in").is_none());
}

// Row: S1-8
#[test]
fn the_list_in_words_names_everybody() {
    let scratch = Scratch::new();
    assert_eq!(scratch.run(&["list"], "").exits(0).out, "Nobody.\n");
    scratch.enrol("bin");
    scratch.json(&["enroll", GAMES], "").exits(0);
    let said = scratch.run(&["list"], "").exits(0);
    let lines: Vec<Vec<&str>> = said.out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["USER", "STATE", "SINCE", "CODES", "LEFT", "LAST", "SUCCESS"]);
    assert_eq!((&lines[1][..2], &lines[2][..2]), (&["bin", "enrolled"][..], &[GAMES, "pending"][..]));
}
