//! A login that needs no code is a decision too: log and audit file have a line for it, and no account fills them with these.

use serde_json::Value;
use wardkey_tests::machine::host::{ALONE, AUDIT, Host};
use wardkey_tests::programs::pam::Door::{Account, Auth};
use wardkey_tests::programs::pam::{IGNORED, PamResult, Script};

const EXEMPT: &str = "[[exempt]]\nuser = \"bob\"\nservice = [\"alone\"]\nreason = \"test\"\n\
                      approved_by = \"Dr Roy\"\nuntil = 2099-01-31\n";

fn logins(host: &Host) -> Vec<Value> {
    let lines = host.read(AUDIT);
    let all = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    all.filter(|line| line["event"] == "login").collect()
}

#[test]
fn every_way_to_need_none_is_written_down_with_whom_and_where() {
    for (tables, reason) in [
        (EXEMPT, "no code: exempt until 2099-01-31 by Dr Roy: test"),
        ("[policy]\ngroups = [\"staff2\"]\n", "no code: in none of policy.groups"),
        ("[policy]\nunenrolled = \"ignore\"\n", "no code: not enrolled, policy.unenrolled"),
        ("[policy]\nenroll_by = 2099-01-31\n", "no code: not enrolled, policy.enroll_by"),
    ] {
        let host = Host::with_config(tables);
        host.add_account("bob");
        host.append("/etc/group", "staff2:x:5000:");
        let login = host.pam(&Script::new(ALONE, "bob").doors(&[Auth, Account]));
        assert_eq!(login.results(), [IGNORED, PamResult::Success], "{tables}");
        let lines = logins(&host);
        assert_eq!(lines.len(), 1, "{tables}: {lines:#?}");
        let said = |key: &str| lines[0][key].as_str().unwrap_or("none").to_owned();
        assert_eq!(
            ["user", "service", "method", "result", "reason"].map(said),
            ["bob", ALONE, "none", "accepted", reason].map(str::to_owned)
        );
        let _ = host.syslog().authpriv(&["login accepted user=bob service=alone", reason]);
    }
}

#[test]
fn what_one_account_can_have_without_end_leaves_few_lines() {
    let host = Host::with_config(EXEMPT);
    host.add_account("bob");
    let _helper = host.start_helper();
    for _ in 0..21 {
        let unlock = host.pam_as("bob", &Script::new(ALONE, "bob"));
        assert_eq!(unlock.result(), IGNORED, "{unlock:#?}");
    }
    let lines = logins(&host);
    assert_eq!((lines.len(), lines.last().expect("a line")["count"].as_u64()), (11, Some(10)), "{lines:#?}");
    let _ = host.pam(&Script::new(ALONE, "bob"));
    let last = logins(&host).pop().expect("a line");
    assert!(last["count"].is_null(), "root's own programs ask for everybody: {last}");
}
