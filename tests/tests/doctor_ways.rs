//! `doctor` on ways in that no PAM line guards, held against what sshd, sudo and polkit do there.

use std::fs::read_to_string;

use serde_json::Value;
use wardkey_tests::machine::host::{CODE, Host};
use wardkey_tests::programs::example;
use wardkey_tests::programs::pam::Script;
use wardkey_tests::programs::polkit::Polkit;
use wardkey_tests::programs::sshd::Sshd;
use wardkey_tests::proof::promises::root;

/// Debian's own main file, as far as it sets something.
const MAIN: &str = "Include /etc/ssh/sshd_config.d/*.conf\nKbdInteractiveAuthentication no\nUsePAM yes\n\
                    X11Forwarding yes\nPrintMotd no\nAcceptEnv LANG LC_*\n";
/// As a cloud's image brings it.
const CLOUD: (&str, &str) = ("50-cloud-init.conf", "PasswordAuthentication yes\n");

/// A host with Debian's files and the examples that these tests need.
fn host(tables: &str) -> Host {
    let host = Host::with_config(tables);
    example::COMMON.iter().for_each(|(name, text)| host.service(name, text));
    ["login", "sshd", "sudo", "polkit-1"].iter().for_each(|name| example::install(&host, name));
    host
}

/// The findings whose names begin so, as `id where`; of one service, or of the whole machine.
fn findings(host: &Host, service: Option<&str>, begins: &[&str]) -> Vec<String> {
    let arguments: Vec<&str> = ["--json", "doctor"].into_iter().chain(service).collect();
    let outcome = host.wardkey(&arguments, "");
    let answer: Value =
        serde_json::from_str(&outcome.stdout).unwrap_or_else(|why| panic!("{why}: {outcome:?}"));
    let found = answer["findings"].as_array().expect("findings").iter();
    let is_meant = |id: &str| begins.iter().any(|begin| id.starts_with(begin));
    let found = found.filter(|finding| is_meant(finding["id"].as_str().expect("an id")));
    let shown = found
        .map(|f| format!("{} {}", f["id"].as_str().expect("an id"), f["where"].as_str().expect("a place")));
    let mut shown: Vec<String> = shown.map(|line| line.replace("/etc/ssh/", "")).collect();
    shown.sort();
    shown
}

fn of_sshd(host: &Host) -> Vec<String> {
    findings(host, Some("sshd"), &["sshd-"])
}

/// The example of sshd's settings, as it is shipped.
fn example_of_sshd() -> String {
    read_to_string(root().join("config/sshd_config.d/00-wardkey.conf")).expect("the example")
}

/// Lays these files down in place of what is there.
fn lay(host: &Host, main: &str, drop_ins: &[(&str, &str)]) {
    host.must("rm -rf /etc/ssh/sshd_config.d");
    host.write("/etc/ssh/sshd_config", main);
    drop_ins.iter().for_each(|(name, text)| host.write(&format!("/etc/ssh/sshd_config.d/{name}"), text));
}

/// What `sshd -T` says of a setting.
fn in_force(host: &Host, key: &str) -> String {
    let all = host.must("/usr/sbin/sshd -T");
    all.lines().find_map(|line| line.strip_prefix(&format!("{key} "))).unwrap_or_default().to_owned()
}

#[test]
fn the_line_that_is_in_force_in_sshd_is_named() {
    let host = host("");
    let ours = example_of_sshd();
    let (first, late) = (("00-wardkey.conf", ours.as_str()), ("wardkey.conf", ours.as_str()));
    let line = |name: &str| 1 + ours.lines().position(|line| line.starts_with(name)).expect("a line");
    lay(&host, MAIN, &[first, CLOUD]);
    assert_eq!(of_sshd(&host), [""; 0], "as README has it");

    lay(&host, MAIN, &[late, CLOUD]);
    assert_eq!(in_force(&host, "passwordauthentication"), "yes");
    let place = "sshd_config.d/50-cloud-init.conf:1";
    assert!(line("PasswordAuthentication") > 1);
    assert_eq!(of_sshd(&host), [format!("sshd-setting-overruled {place}")]);

    // The Include stands below what it should come before.
    let lines: Vec<&str> = MAIN.lines().collect();
    lay(&host, &format!("{}\n{}\n", lines[1..].join("\n"), lines[0]), &[first]);
    let refused = host.shell("/usr/sbin/sshd -t");
    assert!(refused.stderr.contains("cannot be satisfied by enabled authentication methods"), "{refused:?}");
    assert_eq!(of_sshd(&host), ["sshd-setting-overruled sshd_config:1", "sshd-unreadable sshd_config"]);
    let one_by_one = ours.replace("AuthenticationMethods keyboard", "#AuthenticationMethods keyboard");
    lay(&host, &format!("{}\n{}\n", lines[1..].join("\n"), lines[0]), &[("00-wardkey.conf", &one_by_one)]);
    assert_eq!(in_force(&host, "kbdinteractiveauthentication"), "no");
    let found = of_sshd(&host);
    assert!(found.contains(&"sshd-cannot-ask sshd_config:1".to_owned()), "{found:?}");
    assert!(found.contains(&"sshd-setting-overruled sshd_config:1".to_owned()), "{found:?}");

    lay(&host, &MAIN.replace("Include", "#Include"), &[first]);
    let found = of_sshd(&host);
    assert!(found.contains(&"sshd-file-not-read sshd_config.d/00-wardkey.conf".to_owned()), "{found:?}");

    lay(&host, &MAIN.replace("Include", "Match User nobody-else\nInclude"), &[first]);
    // What follows a Match line belongs to it: sshd itself would not take UsePAM there.
    let found = of_sshd(&host);
    assert!(found.iter().any(|line| line.starts_with("sshd-")), "{found:?}");

    lay(&host, &format!("{MAIN}Match all\nPermitEmptyPasswords yes\n"), &[first]);
    assert_eq!(of_sshd(&host), ["sshd-empty-passwords sshd_config:8"]);
}

#[test]
fn settings_that_sshd_has_not_read_yet_are_named_until_it_does() {
    let host = host("");
    drop(Sshd::start(&host, "keyboard-interactive", ""));
    let settings = host.read("/etc/ssh/wardkey_sshd").replace("PidFile none", "PidFile /run/sshd.pid");
    lay(&host, &settings, &[]);
    let mut sshd = host.command("/usr/sbin/sshd").arg("-D").spawn().expect("openssh-server");
    // sshd writes its number there each time that it has read its settings.
    let wait_until = |condition: &str| {
        host.must(&format!("for i in $(seq 1800); do {condition} && exit 0; sleep 0.05; done; exit 1"));
    };
    wait_until("test -s /run/sshd.pid");
    assert_eq!(of_sshd(&host), [""; 0]);
    host.append("/etc/ssh/sshd_config", "# A word.");
    assert_eq!(of_sshd(&host), ["sshd-not-reloaded sshd_config"]);
    host.must("kill -HUP $(cat /run/sshd.pid)");
    wait_until("test /run/sshd.pid -nt /etc/ssh/sshd_config -a -s /run/sshd.pid");
    assert_eq!(of_sshd(&host), [""; 0]);
    sshd.kill().expect("ended");
    sshd.wait().expect("ended");
}

#[test]
fn the_remedy_names_the_unit_of_this_machine() {
    let host = host("");
    lay(&host, MAIN, &[CLOUD]);
    let remedies = || host.wardkey(&["doctor", "sshd"], "").stdout;
    assert!(remedies().contains("sshd -t && systemctl reload ssh\n"), "{}", remedies());
    lay(&host, &format!("{MAIN}Port 2222\n"), &[CLOUD]);
    assert!(!remedies().contains("sshd-socket-listens"));
    host.must("mkdir -p /etc/systemd/system/sockets.target.wants");
    host.must("ln -s /lib/systemd/system/ssh.socket /etc/systemd/system/sockets.target.wants/");
    let found = remedies();
    assert!(found.contains("sshd-socket-listens] /etc/ssh/sshd_config:7"), "{found}");
    assert!(found.contains("sshd -t && systemctl try-reload-or-restart ssh\n"), "{found}");
    host.must("mkdir -p /etc/systemd/system/ssh.socket.d");
    host.write("/etc/systemd/system/ssh.socket.d/port.conf", "[Socket]\nListenStream=\nListenStream=2222\n");
    assert!(!remedies().contains("sshd-socket-listens"), "{}", remedies());
}

#[test]
fn an_account_that_has_only_a_key_is_named_where_a_key_is_not_enough() {
    let host = host("");
    host.add_account("svc");
    host.must("sed -i 's/^svc:[^:]*:/svc:!:/' /etc/shadow");
    let opens = |methods: &str, lines: &str| {
        let sshd = Sshd::start(&host, methods, lines);
        let key = sshd.authorise_key("svc");
        host.must("cp /etc/ssh/wardkey_sshd /etc/ssh/sshd_config");
        let outcome = sshd.ssh("svc", &[], &["-i", &key, "-o", "BatchMode=yes"]);
        host.must("rm -f /etc/ssh/key_svc*");
        outcome.stdout.trim() == "svc"
    };
    let found = || findings(&host, None, &["automation"]);
    assert!(!opens("publickey,keyboard-interactive", ""));
    assert_eq!(found(), ["automation-stopped authorised/svc"]);
    assert!(opens("publickey keyboard-interactive", ""));
    assert_eq!(found(), [""; 0]);
    // A block for the account, from the place that it comes from.
    assert!(!opens("keyboard-interactive", ""));
    host.append("/etc/ssh/sshd_config", "Match User svc Address 192.0.2.10\nAuthenticationMethods publickey");
    assert_eq!(found(), [""; 0]);
}

#[test]
fn an_account_that_ansible_becomes_root_by_is_named_until_it_is_exempt() {
    let begins = ["automation", "become"];
    let host = host("");
    host.add_account("svc");
    host.must("usermod -aG sudo svc && mkdir -p /home/svc/.ansible/tmp");
    host.write("/etc/sudoers", "%sudo ALL=(ALL:ALL) ALL\n");
    let place = "become-stopped /home/svc/.ansible/tmp";
    assert_eq!(findings(&host, None, &begins), [place]);
    host.configure(
        "[[exempt]]\nuser = \"svc\"\nservice = [\"sudo\"]\nreason = \"Ansible\"\napproved_by = \"head\"\nuntil = 2099-01-01\n",
    );
    assert_eq!(findings(&host, None, &begins), [""; 0]);
    host.configure("");
    host.write("/etc/sudoers", "%sudo ALL=(ALL:ALL) ALL\nsvc ALL=(ALL) NOPASSWD: ALL\n");
    assert_eq!(findings(&host, None, &begins), [""; 0]);
    // Before sshd asks, it is noted what would happen to an account with keys alone.
    host.service("sshd", "@include common-auth\n@include common-account\n");
    host.must("mkdir -p /home/svc/.ssh && echo ssh-ed25519 AAAA > /home/svc/.ssh/authorized_keys");
    assert_eq!(findings(&host, None, &begins), [""; 0]);
    host.must("sed -i 's/^svc:[^:]*:/svc:*:/' /etc/shadow");
    assert_eq!(findings(&host, None, &begins), ["automation /home/svc/.ssh/authorized_keys"]);
}

#[test]
fn what_sudo_does_not_ask_is_found_where_sudo_does_not_ask() {
    let host = host("");
    host.add_account("ann");
    let found = || findings(&host, None, &["sudo-asks"]);
    let opens = || host.shell("runuser --user ann -- sudo -n -k id -un").stdout.trim() == "root";
    let own = "%sudo ALL=(ALL:ALL) ALL\n";
    for (main, more, place) in [
        (format!("{own}ann ALL=(ALL) ALL\n@include /etc/sudoers.more\n"), "Defaults env_reset\n", None),
        (
            format!("{own}@include /etc/sudoers.more\n"),
            "User_Alias US = ann\nUS ALL=(ALL) NOPASSWD: ALL\n",
            Some(("more", 2)),
        ),
        (
            format!("{own}ann ALL=(ALL) ALL\n#include sudoers.more\n"),
            "Defaults:ann !authenticate\n",
            Some(("more", 1)),
        ),
        (format!("{own}ann ALL=(ALL) ALL\nDefaults exempt_group=ann\n"), "", Some(("", 3))),
        (format!("{own}ann ALL=(ALL) ALL\nDefaults !authenticate\nDefaults authenticate\n"), "", None),
        (format!("{own}ann ALL=(ALL) ALL\n@includedir /etc/none\n"), "ann ALL=(ALL) NOPASSWD: ALL\n", None),
    ] {
        host.write("/etc/sudoers", &main);
        host.write("/etc/sudoers.more", more);
        host.must("chmod 440 /etc/sudoers /etc/sudoers.more");
        let expected: Vec<String> = place
            .map(|(file, line)| match file {
                "" => format!("sudo-asks-nothing /etc/sudoers:{line}"),
                file => format!("sudo-asks-nothing /etc/sudoers.{file}:{line}"),
            })
            .into_iter()
            .collect();
        assert_eq!((opens(), found()), (place.is_some(), expected), "{main}{more}");
    }
}

#[test]
fn a_rule_by_which_polkit_asks_nothing_is_found_and_no_other() {
    let host = host("");
    host.add_account("ann");
    host.must("groupadd -f ops && usermod -aG ops ann");
    let found = || findings(&host, None, &["polkit"]);
    let rule = |condition: &str| {
        format!(
            "polkit.addRule(function(action, subject) {{\n    if ({condition}) {{\n        return polkit.Result.YES;\n    }}\n}});\n"
        )
    };
    let place = "/etc/polkit-1/rules.d/10-ours.rules";
    for (condition, opens) in [
        ("action.id == \"org.freedesktop.policykit.exec\" && subject.isInGroup(\"ops\")", true),
        ("subject.user == \"ann\"", true),
        ("action.id == \"org.freedesktop.hostname1.set-hostname\" && subject.isInGroup(\"ops\")", false),
        ("action.id == \"org.freedesktop.policykit.exec\" && subject.isInGroup(\"nobody-is-here\")", false),
    ] {
        host.write(place, rule(condition));
        let _polkit = Polkit::start(&host);
        let outcome =
            host.shell("runuser --user ann -- env SHELL=/bin/sh pkexec --disable-internal-agent id -un");
        assert_eq!(outcome.stdout.trim() == "root", opens, "{condition}: {outcome:?}");
        let expected: Vec<String> =
            opens.then(|| format!("polkit-asks-nothing {place}:3")).into_iter().collect();
        assert_eq!(found(), expected, "{condition}");
    }
}

#[test]
fn people_without_a_way_back_and_records_of_others_are_named() {
    let host = host("");
    let begins = ["nobody", "no-way", "record-", "short"];
    let found = || -> Vec<String> {
        let found = findings(&host, None, &begins);
        found.iter().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect()
    };
    host.must("sed -i 's/^root:[^:]*:/root:!:/' /etc/shadow");
    assert_eq!(found(), ["nobody-becomes-root"]);
    let alice = host.person("alice");
    assert_eq!(found(), ["nobody-becomes-root"], "she cannot become root");
    host.must("usermod -aG sudo alice");
    assert_eq!(found(), ["no-way-back"]);
    // A root whom a console asks for the password alone is a way back.
    let hash = "$(sed -n 's/^alice:\\([^:]*\\):.*/\\1/p' /etc/shadow)";
    host.must(&format!("h={hash}; sed -i \"s|^root:[^:]*:|root:$h:|\" /etc/shadow"));
    assert_eq!(found(), ["no-way-back"], "the console asks root for a code");
    host.service("login", "@include common-auth\n@include common-account\n");
    assert_eq!(found(), [""; 0]);
    example::install(&host, "login");
    host.must("sed -i 's/^root:[^:]*:/root:!:/' /etc/shadow");
    host.wardkey(&["emergency", "alice", "--count", "2", "--reason", "safe"], "").exits(0);
    assert_eq!(found(), [""; 0]);

    let bob = host.person("bob");
    assert!(host.types("bob", &bob.recovery_codes[0]).accepted());
    host.must("sed -i 's/^\\(bob:x\\):[0-9]*:/\\1:3999:/' /etc/passwd");
    assert_eq!(found(), ["record-of-other-uid"]);
    assert!(!host.types("bob", &bob.recovery_codes[1]).accepted());
    host.must("sed -i '/^bob:/d' /etc/passwd");
    assert_eq!(found(), ["record-of-nobody"]);
    let script = Script::new("login", "alice").types("assword", wardkey_tests::people::person::PASSWORD);
    assert!(host.pam(&script.types(CODE, &alice.recovery_codes[0])).accepted());
}

#[test]
fn nobody_enrolled_is_a_lock_out_where_all_who_become_root_are_refused() {
    let host = host("");
    host.must("sed -i 's/^root:[^:]*:/root:!:/' /etc/shadow");
    host.add_account("zoe");
    host.must("usermod -aG sudo zoe");
    let severity = || {
        let answer: Value =
            serde_json::from_str(&host.wardkey(&["--json", "doctor"], "").stdout).expect("findings");
        let mut findings = answer["findings"].as_array().expect("findings").iter();
        let found = findings.find(|finding| finding["id"] == "nobody-becomes-root").expect("it is found");
        found["severity"].as_str().expect("a weight").to_owned()
    };
    let password = Script::new("login", "zoe").types("assword", wardkey_tests::people::person::PASSWORD);
    assert_eq!(severity(), "lock-out");
    assert!(!host.pam(&password.clone().types(CODE, "000000")).accepted());
    for tables in [
        "[policy]\nunenrolled = \"ignore\"\n",
        "[[exempt]]\ngroup = \"sudo\"\nreason = \"at first\"\napproved_by = \"head\"\nuntil = 2099-01-01\n",
    ] {
        host.configure(tables);
        assert_eq!(severity(), "warning", "{tables}");
        assert!(host.pam(&password).accepted(), "{tables}");
    }
}
