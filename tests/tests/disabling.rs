//! `disable` on lines that were written by hand from the shipped examples.

use std::collections::BTreeMap;

use wardkey_tests::machine::host::{CODE, Host};
use wardkey_tests::machine::interrupt::{changing_calls, kill_at};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::example;
use wardkey_tests::programs::pam::Script;
use wardkey_tests::programs::sshd::Sshd;
use wardkey_tests::proof::outcome::run;

/// The examples that were put in place.
const WRITTEN: [&str; 5] = ["login", "sudo", "su", "i3lock", "polkit-1"];
const ALL: [&str; 2] = ["disable", "--all"];
/// sshd's settings as `enable` writes them.
const DROP_IN: &str = "# wardkey: begin. `wardkey disable` takes these lines out.\nUsePAM yes\n\
    # Password and code are two questions of one conversation. The password method answers both with the password.\n\
    KbdInteractiveAuthentication yes\nPasswordAuthentication no\n\
    # Keys go on as they are, without a code.\n# wardkey: end\n";

/// A host whose services ask by the shipped examples.
fn host() -> Host {
    let host = Host::new();
    host.shell("rm /etc/pam.d/*").exits(0);
    host.service(example::OWN, &example::text(example::OWN));
    example::COMMON.iter().for_each(|(name, text)| host.service(name, text));
    host.service(
        "other",
        "@include common-auth\n@include common-account\n@include common-password\n@include common-session\n",
    );
    WRITTEN.iter().for_each(|name| host.service(name, &example::text(name)));
    host
}

fn files(host: &Host) -> BTreeMap<String, String> {
    let names = host.shell("ls -A /etc/pam.d").exits(0).stdout;
    names.lines().map(|name| (name.to_owned(), host.read(&format!("/etc/pam.d/{name}")))).collect()
}

fn is_ours(line: &str) -> bool {
    !line.starts_with('#') && line.contains("pam_wardkey")
}

/// The services that still name our module.
fn asking(host: &Host) -> Vec<String> {
    files(host).into_iter().filter(|(_, text)| text.lines().any(is_ours)).map(|(name, _)| name).collect()
}

#[test]
fn lines_by_hand_are_shown_and_taken_out_and_the_password_opens() {
    let host = host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let script = || Script::new("login", "alice").types("assword: ", PASSWORD);
    assert!(!host.pam(&script().types(CODE, "000000")).accepted());
    let outcome = host.wardkey(&["disable", "sudo"], "").exits(0);
    assert!(outcome.stdout.contains("\n-auth       requisite  "), "{outcome:?}");
    assert_eq!(asking(&host), ["i3lock", "login", "polkit-1", "su"]);
    assert!(!host.read("/etc/pam.d/sudo").contains("@include common-password"));
    let answer = host.json(&ALL, "");
    assert_eq!(answer.to_string(), r#"{"off":["i3lock","login","polkit-1","su"]}"#);
    assert_eq!(asking(&host), [""; 0]);
    assert!(host.pam(&script()).accepted());
    assert!(!host.pam(&Script::new("login", "alice").types("assword: ", "wrong")).accepted());
    let outcome = host.wardkey(&ALL, "").exits(0);
    assert!(outcome.stdout.contains("Nothing to change"), "{outcome:?}");
}

/// As a package asks before it goes: with the module away these lines would refuse everybody.
#[test]
fn each_line_that_still_needs_the_module_is_named_until_all_is_off() {
    let host = host();
    let _alice = host.person("alice");
    let before = files(&host);
    let check = ["disable", "--check"];
    let answer = host.wardkey(&["--json", "disable", "--check"], "").exits(1).json();
    let lines = answer["lines"].as_array().expect("lines");
    for line in lines {
        let text = &before[line["file"].as_str().expect("a file").trim_start_matches("/etc/pam.d/")];
        let number = usize::try_from(line["line"].as_u64().expect("a number")).expect("a line");
        assert!(text.lines().nth(number - 1).expect("a line").contains("pam_wardkey.so"), "{line}");
    }
    let named = |text: &String| text.lines().filter(|line| is_ours(line)).count();
    assert_eq!(lines.len(), before.values().map(named).sum::<usize>());
    let said = host.wardkey(&check, "").exits(1).stdout;
    assert!(said.contains("\n  /etc/pam.d/sudo:") && said.contains("wardkey disable --all"), "{said}");
    assert_eq!(files(&host), before);
    host.wardkey(&ALL, "").exits(0);
    host.wardkey(&check, "").exits(0);
    host.write("/etc/wardkey/wardkey.toml", "[nonsense]\n");
    host.wardkey(&check, "").exits(0);
}

/// `disable --all` leaves the profile's lines, and the package does not go while others are on.
#[test]
fn with_the_profile_on_each_refusal_names_the_same_three_steps_in_order() {
    let host = host();
    let line = "auth requisite pam_wardkey.so";
    let common = format!(
        "# here are the per-package modules (the \"Primary\" block)\nauth [success=1 default=ignore] pam_unix.so\n\
         # here's the fallback if no module succeeds\nauth requisite pam_deny.so\nauth required pam_permit.so\n\
         # and here are more per-package modules (the \"Additional\" block)\n{line}\n# end of pam-auth-update config\n"
    );
    host.service("common-auth", &common);
    host.service("su", "@include common-auth\n@include common-account\n");
    host.shell("mkdir -p /var/lib/pam").exits(0);
    host.write("/var/lib/pam/auth", format!("Module: wardkey\n{line}\n"));
    let of_package = host.wardkey(&["disable", "--check", "--outside-profile"], "").exits(1).stdout;
    let kept = host.wardkey(&["disable", "--check"], "").exits(1).stdout;
    let left = host.wardkey(&ALL, "").exits(3).stderr;
    for said in [&of_package, &kept, &left] {
        let steps = ["pam-auth-update --disable wardkey", "wardkey disable --all", "apt remove wardkey"];
        let places = steps.map(|step| said.find(step));
        assert!(places.is_sorted() && places[0].is_some(), "{said}");
    }
    host.wardkey(&["disable", "--check", "--outside-profile"], "").exits(0);
    host.service("common-auth", &common.replace(line, "# none"));
    host.wardkey(&["disable", "--check"], "").exits(0);
}

#[test]
fn what_is_not_proven_stays_and_is_named_with_what_to_do() {
    let host = host();
    let shared = format!("{}auth requisite pam_wardkey.so\n", example::COMMON[0].1);
    host.service("common-auth", &shared);
    host.service("sudo", "@include common-auth\naccount required pam_wardkey.so\n@include common-account\n");
    host.service("su", "auth requisite pam_wardkey.so forward_pass\nauth required pam_unix.so use_first_pass\naccount required pam_unix.so\n");
    let before = files(&host);
    for service in ["sudo", "su"] {
        let outcome = host.wardkey(&["disable", service], "").exits(3);
        assert!(
            outcome.stderr.contains(&format!("{service}: lines written by hand in /etc/pam.d/")),
            "{outcome:?}"
        );
        assert!(outcome.stderr.contains("root shell that stays open"), "{outcome:?}");
        assert_eq!(files(&host), before, "{service}");
    }
    let outcome = host.wardkey(&["disable", "nothing"], "").exits(1);
    assert!(outcome.stderr.contains("nothing was not switched on"), "{outcome:?}");
    host.wardkey(&ALL, "").exits(3);
    assert_eq!(asking(&host), ["su"]);
}

#[test]
fn a_drop_in_of_sshd_that_somebody_made_stays_and_is_named() {
    let host = host();
    host.service("sshd", &example::text("sshd"));
    host.shell("mkdir -p /etc/ssh/sshd_config.d").exits(0);
    host.write("/etc/ssh/sshd_config.d/00-wardkey.conf", "UsePAM yes\n");
    let outcome = host.wardkey(&["disable", "sshd"], "").exits(0);
    assert!(
        outcome.stderr.contains("/etc/ssh/sshd_config.d/00-wardkey.conf was not made by wardkey"),
        "{outcome:?}"
    );
    assert_eq!(host.read("/etc/ssh/sshd_config.d/00-wardkey.conf"), "UsePAM yes\n");
    assert!(!asking(&host).contains(&"sshd".to_owned()));
}

/// As after a restore of /etc alone: while it is there, the package does not go.
#[test]
fn a_drop_in_as_enable_writes_it_goes_where_the_journal_is_lost_too() {
    let host = host();
    host.shell("mkdir -p /etc/ssh/sshd_config.d").exits(0);
    for (name, text) in [("sudo", DROP_IN), ("sshd", &DROP_IN.replace("PAM yes", "PAM no"))] {
        host.write("/etc/ssh/sshd_config.d/00-wardkey.conf", text);
        let _ = host.wardkey(&["disable", name], "");
        assert_eq!(host.read("/etc/ssh/sshd_config.d/00-wardkey.conf"), text, "{name}");
    }
    host.write("/etc/ssh/sshd_config.d/00-wardkey.conf", DROP_IN);
    host.wardkey(&ALL, "").exits(0);
    host.wardkey(&["disable", "--check"], "").exits(0);
}

/// As from a rescue system: the sshd that shows there is not the one whose files change.
#[test]
fn by_chroot_nobody_is_sent_to_an_sshd_of_another_root() {
    let host = host();
    let _sshd = Sshd::start(&host, "keyboard-interactive", "");
    host.shell("mkdir -p /etc/ssh/sshd_config.d").exits(0);
    let chroot = "set -e; mount -t tmpfs none /mnt; cd /mnt; mkdir etc var usr dev proc run; \
        for place in bin lib lib64 sbin; do [ ! -L /$place ] || cp -a /$place .; done; \
        for place in etc var usr dev proc; do mount --rbind /$place /mnt/$place; done; exec chroot /mnt \"$@\"";
    let wardkey = host.built("wardkey").display().to_string();
    for (way, is_told) in
        [(["unshare", "--mount", "sh", "-c", chroot, "sh"].as_slice(), false), (&["env"], true)]
    {
        host.write("/etc/ssh/sshd_config.d/00-wardkey.conf", DROP_IN);
        let mut command = host.command(way[0]);
        let outcome = run(command.args(&way[1..]).args([&wardkey, "disable", "--all"]), b"").exits(0);
        assert_eq!(outcome.stderr.contains("sshd goes on by its old settings"), is_told, "{outcome:?}");
        assert!(
            host.shell("test -e /etc/ssh/sshd_config.d/00-wardkey.conf").code() == Some(1),
            "{outcome:?}"
        );
    }
}

#[test]
fn a_kill_while_lines_by_hand_go_is_finished_by_the_next_command() {
    let host = host();
    let before = files(&host);
    let disable = host.wardkey_command(&ALL);
    let (outcome, calls) = changing_calls(&host, &disable, b"");
    outcome.exits(0);
    let after = files(&host);
    assert!(calls.iter().filter(|call| call.line.contains("/etc/pam.d")).count() > 5, "{calls:?}");
    for call in calls.iter().filter(|call| call.may_leave_another_state()) {
        host.shell("rm -rf /etc/pam.d /var/lib/wardkey/enabled; mkdir -m 755 /etc/pam.d").exits(0);
        before.iter().for_each(|(name, text)| host.service(name, text));
        assert_ne!(kill_at(&disable, call, b"").code(), Some(0), "not killed at {}", call.line);
        host.wardkey(&ALL, "").exits(0);
        assert_eq!(files(&host), after, "killed at {}", call.line);
    }
}
