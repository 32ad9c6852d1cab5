//! People out of other programs' files: what scripts and people are told, and that the source stays as it was.

use crate::scratch::{GAMES, Phone, Said, Scratch};
use serde_json::{Value, json};
use std::os::unix::fs::symlink;

const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const HEX: &str = "3132333435363738393031323334353637383930";

/// Another key.
const OTHER: &str = "4132333435363738393031323334353637383930";

/// Writes a source, imports it and sees that it is as it was.
fn import(scratch: &Scratch, json: bool, kind: &str, content: impl AsRef<[u8]>) -> Said {
    import_with(scratch, json, kind, content.as_ref(), &[])
}

fn import_with(scratch: &Scratch, json: bool, kind: &str, content: &[u8], options: &[&str]) -> Said {
    let source = scratch.path("source");
    std::fs::write(&source, content).unwrap();
    let file = source.to_str().unwrap();
    let whose: &[&str] = if kind == "oath" { &[] } else { &["--user", GAMES] };
    let words = [&["import", kind, file], whose, options].concat();
    let said = if json { scratch.json(&words, "") } else { scratch.run(&words, "") };
    assert_eq!(std::fs::read(&source).unwrap(), content, "the source is only read");
    said
}

fn whys(answer: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let place = |one: &Value| text(&one["where"]).rsplit('/').next().unwrap().to_owned();
    answer["left_out"].as_array().unwrap().iter().map(|one| (place(one), text(&one["why"]))).collect()
}

#[test]
fn a_person_of_google_authenticator_goes_on_with_the_same_app() {
    let scratch = Scratch::new();
    let phone = Phone::new(KEY);
    let content = format!(
        "{KEY}\n\" RATE_LIMIT 3 30\n\" WINDOW_SIZE 17\n\" DISALLOW_REUSE {}\n\" TOTP_AUTH\n12345678\n23456789\n",
        phone.step()
    );
    let answer = import(&scratch, true, "google-authenticator", &content).exits(0).json();
    let imported = answer["imported"].as_array().unwrap();
    let shape = json!([{"label": "google-authenticator", "kind": "totp", "algorithm": "SHA1", "digits": 6, "period": 30}]);
    assert_eq!(
        (imported.len(), &imported[0]["user"], &imported[0]["authenticators"]),
        (1, &json!(GAMES), &shape)
    );
    let places: Vec<String> = whys(&answer).into_iter().map(|(place, _)| place).collect();
    assert_eq!(places, ["source:2", "source:3", "source:6"], "{answer:#}");
    let used = scratch.json(&["check", GAMES], &phone.code(0)).exits(1).json();
    assert_eq!(used["reason"], "already used");
    scratch.json(&["check", GAMES], &phone.code(1)).exits(0);
    scratch.json(&["check", GAMES], "12345678").exits(1);
    scratch.json(&["check", GAMES], imported[0]["recovery_codes"][4].as_str().unwrap()).exits(0);
    assert!(scratch.audit().iter().any(|line| line["event"] == "import" && line["result"] == "done"));
}

#[test]
fn people_of_oath_come_over_one_by_one_and_each_line_left_out_says_why() {
    let scratch = Scratch::new();
    scratch.enrol("mail");
    let content = format!(
        "# users\nHOTP/T30/6 {GAMES} 1234 {HEX}\nHOTP/T60/8 {GAMES} - {OTHER}\nHOTP bin - {HEX}\n\
         HOTP/T30 nobody-here - {HEX}\nHOTP/T30 mail - {HEX}\nHOTP/T30/7 bin - {HEX}\nHOTP/T30 bin - 31323334\nwhat is this\n"
    );
    let answer = import(&scratch, true, "oath", &content).exits(0).json();
    assert_eq!(answer["imported"].as_array().unwrap().len(), 1);
    let labels: Vec<&Value> =
        answer["imported"][0]["authenticators"].as_array().unwrap().iter().map(|a| &a["label"]).collect();
    assert_eq!(labels, ["oath", "oath 2"]);
    let whys = whys(&answer);
    let expected = ["PIN", "HOTP", "no account", "already enrolled", "7 digits", "4 bytes", "unknown type"];
    for ((place, why), (line, part)) in whys.iter().zip([2, 4, 5, 6, 7, 8, 9].into_iter().zip(expected)) {
        assert!(*place == format!("source:{line}") && why.contains(part), "{part}: {place} {why}");
    }
    assert_eq!(whys.len(), expected.len());
    scratch.json(&["check", GAMES], &Phone::new(KEY).code(0)).exits(0);
}

fn users(answer: &Value) -> Vec<&Value> {
    answer["left_out"].as_array().unwrap().iter().map(|one| &one["user"]).collect()
}

/// What people write into these files by hand, and what other programs make.
#[test]
fn lines_meaningless_to_the_other_module_keep_nobody_from_take_over() {
    let remarks: [&[u8]; 5] =
        [b"# drawer 4\n", b"\n\nalice's phone\n", b"\" X-Y 1\n", b"caf\xe9\r\n", b"1234567\n"];
    for remark in remarks {
        let scratch = Scratch::new();
        let content = [format!("{KEY}\r\n\" TOTP_AUTH\r\n12345678\r\n").as_bytes(), remark].concat();
        let answer = import(&scratch, true, "google-authenticator", &content).exits(0).json();
        assert_eq!(answer["imported"].as_array().unwrap().len(), 1, "{remark:?}");
        assert_eq!(users(&answer), [GAMES, GAMES], "{remark:?}: {answer:#}");
        assert!(!answer.to_string().contains("drawer"), "{answer:#}");
    }
    let scratch = Scratch::new();
    let content =
        [b"# caf\xe9\nnot\xff text\nHOTP bin\n\n", format!("HOTP/T30 {GAMES} - {HEX}\n").as_bytes()].concat();
    let answer = import(&scratch, true, "oath", &content).exits(0).json();
    assert_eq!(users(&answer), [&Value::Null, &json!("bin")], "{answer:#}");
    let said = import(&Scratch::new(), false, "oath", &content).exits(0);
    assert!(said.out.contains("source:3 (bin): "), "{}", said.out);
}

/// Ten and fifteen bytes, as older versions and well-known guides make them.
const SHORT: [&str; 2] = ["12345678909876543210", "42d6a3f5a0ddfa225b65909a298bec"];

#[test]
fn short_keys_are_taken_over_on_request_and_named_while_they_live() {
    for (hex, bits) in SHORT.into_iter().zip([80, 120]) {
        let scratch = Scratch::new();
        let content = format!("HOTP/T30 {GAMES} - {hex}\nHOTP/T30 bin - {HEX}\nHOTP/T30 mail - 123456\n");
        let left = import(&scratch, true, "oath", &content).exits(0);
        assert!(left.err.contains("under 128 bits, and who are left out: 1."), "{}", left.err);
        let (_, why) = whys(&left.json()).remove(0);
        assert!(why.contains(&format!("{bits} bits")) && why.contains("--allow-short-keys"), "{why}");
        let clean = scratch.run(&["config", "check"], "");
        assert!(!clean.err.contains("128 bits"), "{}", clean.err);

        let taken =
            import_with(&scratch, false, "oath", content.as_bytes(), &["--allow-short-keys"]).exits(0);
        assert!(taken.err.contains("under 128 bits: 1. They are taken over"), "{}", taken.err);
        let status = scratch.json(&["status", GAMES], "").exits(0).json();
        assert_eq!(status["authenticators"][0]["key_bits"], bits, "{status:#}");
        assert!(scratch.run(&["status", GAMES], "").out.contains(&format!("has only {bits} bits")));
        assert!(scratch.json(&["status", "bin"], "").json()["authenticators"][0]["key_bits"].is_null());
        let warned = scratch.run(&["config", "check"], "").exits(0);
        assert!(warned.err.contains(&format!("under 128 bits: 1 ({GAMES})")), "{}", warned.err);

        // Somebody who is enrolled is no longer one of those to be taken over.
        let again = import(&scratch, true, "oath", &content).exits(1);
        assert!(!again.err.contains("128 bits"), "{}", again.err);
        assert!(
            whys(&again.json()).iter().all(|(_, why)| !why.contains("--allow-short-keys")),
            "{}",
            again.out
        );
        let odd = import_with(&scratch, true, "oath", content.as_bytes(), &["--allow-short-keys"]).exits(1);
        assert!(odd.out.contains("10 to 128 are allowed with --allow-short-keys"), "{}", odd.out);

        // A new phone ends it.
        scratch.json(&["remove", GAMES, "--reason", "new key"], "").exits(0);
        let ended = scratch.run(&["config", "check"], "");
        assert!(!ended.err.contains("128 bits"), "{}", ended.err);
    }
    let scratch = Scratch::with("language = \"fr\"");
    let content = "YW2N4W7UBAIAEVCT\n\" TOTP_AUTH\n";
    let said = import(&scratch, false, "google-authenticator", content).exits(1);
    assert!(said.err.contains("moins de 128 bits, et qui ne sont pas reprises : 1."), "{}", said.err);
    import_with(&scratch, false, "google-authenticator", content.as_bytes(), &["--allow-short-keys"])
        .exits(0);
    assert!(scratch.run(&["status", GAMES], "").out.contains("que 80 bits"));
}

#[test]
fn of_a_file_with_a_hundred_things_left_out_and_more_the_rest_is_counted() {
    let remarks = "a remark\n".repeat(5000);
    let google = format!("{KEY}\n\" TOTP_AUTH\n{remarks}12345678\n");
    let oath = format!("HOTP/T30 {GAMES} - {HEX}\n{remarks}");
    for (kind, content, count) in [("google-authenticator", &google, 5001), ("oath", &oath, 5000)] {
        let answer = import(&Scratch::new(), true, kind, content).exits(0).json();
        let told = answer["left_out"].as_array().unwrap().len();
        assert_eq!((told, &answer["left_out_count"]), (100, &json!(count)), "{kind}");
        let said = import(&Scratch::new(), false, kind, content).exits(0);
        assert!(said.out.contains(&format!("and {} more", count - 100)), "{kind}: {}", said.out);
    }
    let few =
        import(&Scratch::new(), false, "google-authenticator", format!("{KEY}\n\" TOTP_AUTH\n12345678\n"));
    assert!(few.out.contains("1 scratch code, ") && !few.out.contains("more"), "{}", few.out);
}

#[test]
fn a_file_of_something_else_is_refused_as_that() {
    let shadow = "root:*:19000:0:99999:7:::\n".repeat(44);
    let said = import(&Scratch::new(), true, "oath", &shadow).exits(3);
    let (_, message, hint) = said.error();
    assert!(
        message.contains("no line that begins with HOTP") && hint.contains("usersfile="),
        "{message} {hint}"
    );
}

#[test]
fn where_nobody_is_taken_over_the_answer_is_no_and_no_record_is_made() {
    let scratch = Scratch::new();
    for (kind, content) in [
        ("google-authenticator", format!("{KEY}\n\" HOTP_COUNTER 1\n12345678\n")),
        ("google-authenticator", "GEZDGNBVGY3TQOJQ\n\" TOTP_AUTH\n".to_owned()),
        ("oath", format!("HOTP/E/6 {GAMES} - {HEX}\n")),
        ("oath", "# nobody\n".to_owned()),
    ] {
        let answer = import(&scratch, true, kind, &content).exits(1).json();
        assert_eq!(answer["imported"], json!([]), "{content}");
    }
    assert_eq!(std::fs::read_dir(scratch.path("state/users")).unwrap().count(), 0);
    let last = scratch.audit().pop().unwrap();
    assert_eq!((&last["event"], &last["result"]), (&json!("import"), &json!("refused")));
}

#[test]
fn a_file_that_is_broken_or_no_plain_file_is_refused_whole_and_named() {
    let scratch = Scratch::new();
    let said =
        import(&scratch, true, "google-authenticator", format!("{KEY}\n\" WINDOW_SIZE many\n")).exits(3);
    let (kind, message, _) = said.error();
    assert!(kind == "state" && message.contains("source:2") && !message.contains(KEY), "{message}");
    let link = scratch.path("link");
    symlink(scratch.path("source"), &link).unwrap();
    for file in [link.to_str().unwrap(), "/dev/null", "/", "/nonexistent"] {
        let said = scratch.json(&["import", "oath", file], "").exits(3);
        assert!(said.error().1.contains(file), "{said:?}");
    }
    std::fs::remove_file(scratch.path("etc/seal.key")).unwrap();
    assert_eq!(import(&scratch, true, "oath", "").exits(3).error().0, "key");
}

#[test]
fn in_words_codes_come_first_then_what_was_left_out_in_both_languages() {
    for (tables, parts) in [
        ("", ["games is enrolled", "5 recovery codes", "Taken over: 1", "Left out:", "its PIN"]),
        (
            "language = \"fr\"",
            [
                "L'inscription de games est reprise",
                "5 codes de secours",
                "Repris : 1",
                "Non repris :",
                "son PIN",
            ],
        ),
    ] {
        let scratch = Scratch::with(tables);
        let said = import(&scratch, false, "oath", format!("HOTP/T30 {GAMES} 99 {HEX}\n")).exits(0);
        for part in parts {
            assert!(said.out.contains(part), "{part}: {}", said.out);
        }
    }
}
