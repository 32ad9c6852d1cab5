//! `enable` and `disable` where files are not as a package brings them, or go away meanwhile.

use wardkey_tests::machine::host::CONFIG;
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::pam::Script;

use crate::enabling::{files, host, refuses};

const SUDO: [&str; 3] = ["enable", "sudo", "--no-revert"];

#[test]
fn a_file_that_is_not_plain_text_is_left_alone_and_named() {
    let host = host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let stock = host.read("/etc/pam.d/sudo");
    let file = |content: &[u8]| host.write("/etc/pam.d/sudo", content);
    file(stock.trim_end().as_bytes());
    refuses(&host, &SUDO, "/etc/pam.d/sudo");
    file(stock.replace('\n', "\r\n").as_bytes());
    refuses(&host, &SUDO, "");
    file(format!("{stock}# caf").into_bytes().into_iter().chain(*b"\xe9\n").collect::<Vec<u8>>().as_slice());
    let outcome = host.wardkey(&SUDO, "");
    assert_eq!(outcome.code(), Some(1), "{outcome:?}");
    assert!(outcome.stderr.contains("/etc/pam.d/sudo"), "{outcome:?}");
    file(format!("{stock}# {}\n", "x".repeat(1 << 21)).as_bytes());
    refuses(&host, &SUDO, "");
    host.must("mv /etc/pam.d/sudo /var/sudo && ln -s /var/sudo /etc/pam.d/sudo");
    file(stock.as_bytes());
    refuses(&host, &SUDO, "/etc/pam.d/sudo is a link");
    host.must("rm /etc/pam.d/sudo && mkdir /etc/pam.d/sudo");
    assert_ne!(host.wardkey(&SUDO, "").code(), Some(0));
    host.must("rmdir /etc/pam.d/sudo");
    file(stock.as_bytes());
    host.wardkey(&SUDO, "").exits(0);
}

#[test]
fn names_that_are_no_service_are_refused() {
    let host = host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    for name in ["../x", "../../etc/pam.d/sudo", "a b", "", ".", "..", "sudo/"] {
        refuses(&host, &["enable", name, "--no-revert"], "");
        refuses(&host, &["disable", name], "");
    }
    host.service("cron", "@include common-auth\n@include common-account\n@include common-session\n");
    for name in ["other", "wardkey", "common-auth", "cron"] {
        refuses(&host, &["enable", name, "--no-revert"], "by which people log in");
    }
    host.must("rm /etc/pam.d/cron");
    host.wardkey(&["enable", "SUDO", "--no-revert"], "").exits(0);
    host.wardkey(&["disable", "Sudo"], "").exits(0);
}

/// The directory of the services may be a link, or not be writable.
#[test]
fn a_directory_that_cannot_be_written_changes_nothing() {
    let host = host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let before = files(&host);
    host.must("mount --bind /etc/pam.d /etc/pam.d && mount -o remount,bind,ro /etc/pam.d");
    refuses(&host, &SUDO, "/etc/pam.d/sudo");
    refuses(&host, &SUDO, "Nothing was changed.");
    host.must("umount /etc/pam.d");
    host.must("mv /etc/pam.d /etc/pam.real && ln -s pam.real /etc/pam.d");
    let outcome = host.wardkey(&SUDO, "");
    if outcome.code() == Some(0) {
        assert_ne!(files(&host), before);
        host.wardkey(&["disable", "--all"], "").exits(0);
    }
    assert_eq!(files(&host), before, "{outcome:?}");
}

/// dpkg puts its own file in place, or removes it; another one's lines stay as they are.
#[test]
fn an_upgrade_or_a_removal_while_it_is_on_is_taken_as_it_comes() {
    let host = host();
    let alice = host.person("alice");
    let _helper = host.start_helper();
    let before = files(&host);
    host.wardkey(&["enable", "login", "sudo", "polkit-1", "--no-revert"], "").exits(0);
    host.service("login", &before["login"]);
    host.must("rm /etc/pam.d/polkit-1");
    let script =
        Script::new("i3lock", "alice").types("assword", format!("{PASSWORD}{}", alice.recovery_codes[0]));
    assert!(host.pam(&script).accepted(), "a locker by its own lines");
    host.wardkey(&["disable", "--all"], "").exits(0);
    let mut now = files(&host);
    now.insert("polkit-1".to_owned(), before["polkit-1"].clone());
    assert_eq!(now, before);
}

/// What stays on would lose its lines where they can no longer be proven, and nobody would be asked any more.
#[test]
fn what_stays_on_keeps_its_lines_or_is_named() {
    let host = host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let before = files(&host);
    host.wardkey(&["enable", "login", "sudo", "--no-revert"], "").exits(0);
    let edited = format!("auth sufficient pam_permit.so\n{}", host.read("/etc/pam.d/sudo"));
    host.service("sudo", &edited);
    refuses(&host, &["disable", "login"], "in services that would stay on");
    refuses(&host, &["enable", "polkit-1", "--no-revert"], "in services that would stay on");
    host.wardkey(&["disable", "--all"], "").exits(0);
    let mut after = before;
    after.entry("sudo".to_owned()).and_modify(|text| text.insert_str(0, "auth sufficient pam_permit.so\n"));
    assert_eq!(files(&host), after);
}

#[test]
fn without_a_configuration_it_is_switched_off_all_the_same() {
    let host = host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let before = files(&host);
    host.wardkey(&["enable", "login", "sudo", "--no-revert"], "").exits(0);
    host.write(CONFIG, "nonsense = 1\n");
    assert!(!host.pam(&Script::new("login", "alice").types("assword: ", PASSWORD)).accepted());
    host.wardkey(&["disable", "--all"], "").exits(0);
    assert_eq!(files(&host), before);
    assert!(host.pam(&Script::new("login", "alice").types("assword: ", PASSWORD)).accepted());
}

/// The summary still stands on a screen of 24 lines, and a script reads one document.
#[test]
fn what_it_comes_to_is_said_last_and_a_script_reads_one_document() {
    let host = host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let said = host.wardkey(&["enable", "--all", "--print"], "").exits(0).stdout;
    let (diff, summary) = said.rsplit_once("\n\n").expect("two parts");
    assert!(diff.contains("+auth"), "{said}");
    assert!(summary.starts_with("These services will ask for a code:"), "{said}");
    assert!(summary.lines().count() < 24, "{summary}");
    for arguments in
        [&["--json", "enable", "--all", "--print"][..], &["--json", "enable", "login", "--no-revert"]]
    {
        let outcome = host.wardkey(arguments, "").exits(0);
        let documents = serde_json::Deserializer::from_str(&outcome.stdout).into_iter::<serde_json::Value>();
        assert_eq!(documents.filter_map(Result::ok).count(), 1, "{outcome:?}");
    }
}

/// A comment of a file that is shown moves no cursor.
#[test]
fn what_a_file_holds_does_not_steer_the_terminal() {
    let host = host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    host.service("sudo", &format!("{}# \x1b[2J\tx\n", host.read("/etc/pam.d/sudo")));
    let said = host.wardkey(&["enable", "sudo", "--print"], "").exits(0).stdout;
    assert!(said.contains("# \\u{1b}[2J\tx") && !said.contains('\x1b'), "{said}");
}

/// The lines are found by their comments where the journal is lost.
#[test]
fn a_journal_that_does_not_read_is_named_and_may_be_removed() {
    let host = host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let before = files(&host);
    host.wardkey(&["enable", "login", "sudo", "--no-revert"], "").exits(0);
    host.write("/var/lib/wardkey/enabled/journal.json", "{");
    let outcome = host.wardkey(&["disable", "--all"], "");
    assert!(outcome.stderr.contains("Remove that file, then run wardkey disable --all"), "{outcome:?}");
    host.must("rm /var/lib/wardkey/enabled/journal.json");
    host.wardkey(&["disable", "--all"], "").exits(0);
    assert_eq!(files(&host), before);
}

/// A file in which a mark has lost its other one still asks: so it is said to be on, until somebody has mended it.
#[test]
fn a_file_from_which_our_lines_cannot_be_told_stays_on_and_is_named() {
    let host = host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let before = files(&host);
    for (name, half) in [("sudo", "# wardkey: end\n"), ("login", "# wardkey: begin.")] {
        host.wardkey(&["enable", "login", "sudo", "--no-revert"], "").exits(0);
        let whole = host.read(&format!("/etc/pam.d/{name}"));
        host.service(name, &whole.replacen(half, "", 1));
        let broken = files(&host);
        for arguments in [&["disable", name][..], &["disable", "--all"], &["disable", "--all"]] {
            let outcome = host.wardkey(arguments, "").exits(3);
            assert!(outcome.stderr.contains(&format!("/etc/pam.d/{name}")), "{arguments:?}: {outcome:?}");
            assert!(!outcome.stdout.contains(&format!("{name}: off")), "{arguments:?}: {outcome:?}");
            let status = host.wardkey(&["--json", "enable", "--status"], "").exits(0).json();
            assert!(status["on"].as_array().is_some_and(|on| on.contains(&name.into())), "{status}");
            assert_eq!(files(&host)[name], broken[name]);
        }
        // A locker that includes it would ask for the code a second time.
        assert_eq!(files(&host)["i3lock"] == before["i3lock"], name != "login");
        host.service(name, &whole);
        host.wardkey(&["disable", "--all"], "").exits(0);
        assert_eq!(files(&host), before);
    }
}

/// A jump that counts our lines would lead one line too far without them.
#[test]
fn lines_that_a_jump_of_somebodys_counts_stay_and_are_named() {
    let host = host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let before = files(&host);
    host.wardkey(&["enable", "i3lock", "login", "--no-revert"], "").exits(0);
    let on = host.read("/etc/pam.d/i3lock");
    for (jump, is_proven) in [("success=3", false), ("success=ignore", true)] {
        let line = format!("auth [{jump} default=ignore] pam_rootok.so\n");
        let (above, ours) = on.split_once("# wardkey: begin").expect("our lines");
        let edited = format!("{above}{line}# wardkey: begin{ours}");
        host.service("i3lock", &edited);
        let edited = host.read("/etc/pam.d/i3lock");
        let outcome = host.wardkey(&["disable", "--all"], "").exits(if is_proven { 0 } else { 3 });
        if is_proven {
            assert_eq!(host.read("/etc/pam.d/i3lock").replace(&line, ""), before["i3lock"]);
        } else {
            assert!(outcome.stderr.contains("/etc/pam.d/i3lock"), "{outcome:?}");
            assert_eq!(host.read("/etc/pam.d/i3lock"), edited);
        }
    }
}
