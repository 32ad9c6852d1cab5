//! How `doctor` answers: findings as scripts read them, its exit status, and what people see.

use serde_json::Value;
use wardkey_tests::machine::host::{CONFIG, Host};
use wardkey_tests::programs::example;
use wardkey_tests::programs::terminal::Terminal;

fn host() -> Host {
    let host = Host::new();
    example::COMMON.iter().for_each(|(name, text)| host.service(name, text));
    example::install(&host, "sudo");
    host
}

fn sudo_with(lines: &str) -> String {
    format!(
        "@include common-auth\n{lines}account required pam_wardkey.so\n@include common-account\n\
         session requisite pam_wardkey.so\n"
    )
}

/// The severities of what is found, as they come.
fn severities(host: &Host, status: i32) -> Vec<String> {
    let outcome = host.wardkey(&["--json", "doctor", "sudo"], "").exits(status);
    let answer = outcome.json();
    let told = answer.as_object().expect("an object").keys().collect::<Vec<_>>();
    assert_eq!(told, ["findings"]);
    let findings = answer["findings"].as_array().expect("findings");
    for finding in findings {
        let mut keys: Vec<_> = finding.as_object().expect("an object").keys().collect();
        keys.sort();
        assert_eq!(keys, ["id", "remedy", "severity", "what", "where", "why"], "{finding}");
        assert!(finding.as_object().expect("an object").values().all(Value::is_string), "{finding}");
    }
    let severity = |finding: &Value| finding["severity"].as_str().expect("a word").to_owned();
    findings.iter().map(severity).collect()
}

#[test]
fn the_worst_finding_comes_first_and_decides_the_exit_status() {
    let host = host();
    let ours = "auth requisite pam_wardkey.so\n";
    host.must("cp /etc/pam.d/other /etc/other");
    assert_eq!(severities(&host, 0), [""; 0]);
    for (lines, no_other, status, expected) in [
        (ours.to_owned(), true, 0, &["note"] as &[&str]),
        (format!("{ours}{ours}"), false, 1, &["warning"]),
        (ours.replace(".so", ".so nullok"), false, 3, &["lock-out"]),
        (ours.replace("requisite", "optional"), false, 3, &["way-in"]),
        (format!("{}{ours}", ours.replace(".so", ".so nullok")), true, 3, &["lock-out", "warning", "note"]),
    ] {
        host.service("sudo", &sudo_with(&lines));
        host.must(if no_other { "rm -f /etc/pam.d/other" } else { "cp /etc/other /etc/pam.d/other" });
        assert_eq!(severities(&host, status), expected, "{lines}");
    }
}

#[test]
fn a_terminal_has_lines_of_eighty_columns_and_a_sum_at_the_end() {
    let host = host();
    let wardkey = host.built("wardkey");
    let wardkey = wardkey.to_str().expect("a plain path");
    let shown = |arguments: &[&str]| {
        let terminal = Terminal::sized(&host, (40, 120), wardkey, arguments);
        let (_, text) = terminal.finish();
        let lines: Vec<String> = text.lines().map(|line| line.trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{text}");
        lines
    };
    let sound = shown(&["doctor", "sudo"]);
    assert_eq!(sound, ["Nothing to mend was found. Looked at: sudo."]);
    host.service("sudo", &sudo_with("auth optional pam_wardkey.so\nauth requisite pam_wardkey.so nullok\n"));
    let lines = shown(&["doctor", "sudo"]);
    assert!(lines[0].starts_with("Lock-out [") || lines[0].starts_with("Way in ["), "{lines:?}");
    assert!(lines.last().is_some_and(|line| line.starts_with("Found: 1 ")), "{lines:?}");
}

/// Everything but the configuration is looked at all the same.
#[test]
fn a_configuration_that_does_not_load_is_a_finding_among_others() {
    let host = host();
    let sound = host.read(CONFIG);
    host.service("sudo", &sudo_with("auth optional pam_wardkey.so\n"));
    let ids = || {
        let answer = host.wardkey(&["--json", "doctor"], "").exits(3).json();
        let findings = answer["findings"].as_array().expect("findings").iter();
        let ids = findings.map(|finding| finding["id"].as_str().expect("an id").to_owned());
        ids.filter(|id| id.starts_with("configuration-") || id == "way-past-code").collect::<Vec<_>>()
    };
    assert_eq!(ids(), ["way-past-code"]);
    host.write(CONFIG, format!("{sound}[policy]\ngroups = [\"nobody-made-it\"]\n"));
    assert_eq!(ids(), ["way-past-code", "configuration-refused"]);
    host.write(CONFIG, format!("{sound}[polic]\n"));
    assert_eq!(ids(), ["way-past-code", "configuration-unread"]);
    host.wardkey(&["doctor", "sudo"], "").exits(3);
    host.write(CONFIG, format!("language = \"fr\"\n{sound}[polic]\n"));
    let told = host.wardkey(&["doctor"], "").exits(3).stdout;
    assert!(told.contains("Tant qu'elle n'est pas lue"), "{told}");
}
