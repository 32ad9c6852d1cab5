//! Groups, exemptions and dated rollouts, and what a failing look-up must not open.

use super::*;
use crate::user::UserName;
use jiff::civil::date;
use nix::errno::Errno;
use std::path::Path;

/// Roy, under several names, is in `staff`; the group `broken` does not resolve, and the directory of `CLOSED` is down.
struct Fake;

impl Accounts for Fake {
    fn find(&self, name: &UserName) -> Result<Option<Account>, LookupError> {
        match name.as_bytes() {
            b"roy" | b"Roy" | b"CLINIC\\roy" => Ok(Some(roy())),
            b"ann" => Ok(Some(Account { name: name.clone(), uid: 1001, gid: 1001 })),
            b"CLOSED\\roy" => Err(LookupError::Account(name.to_string(), Errno::ETIMEDOUT)),
            _ => Ok(None),
        }
    }

    fn is_member(&self, _: &Account, group: &str) -> Result<bool, LookupError> {
        match group {
            "broken" => Err(LookupError::NoSuchGroup(group.to_owned())),
            group => Ok(group == "staff"),
        }
    }
}

fn roy() -> Account {
    Account { name: UserName::new(b"roy").unwrap(), uid: 1000, gid: 1000 }
}

fn config(text: &str) -> Config {
    Config::parse(text.as_bytes(), Path::new("w.toml")).unwrap()
}

fn judged(text: &str, rhost: Option<&str>) -> (Duty, usize) {
    judged_in(Some("login"), text, rhost)
}

fn judged_in(service: Option<&str>, text: &str, rhost: Option<&str>) -> (Duty, usize) {
    let mut failures = 0;
    let login = Circumstances { account: &roy(), service, rhost, today: date(2027, 1, 31) };
    let duty = duty(&config(text), &Fake, &login, |_| failures += 1);
    (duty, failures)
}

fn exempt(conditions: &str, until: &str) -> String {
    format!("[[exempt]]\n{conditions}\nreason = \"kiosk\"\napproved_by = \"Dr Roy\"\nuntil = {until}\n")
}

#[test]
fn groups_say_whom_it_concerns() {
    for (groups, concerned, failures) in [
        ("[]", true, 0),
        ("[\"staff\"]", true, 0),
        ("[\"guests\"]", false, 0),
        ("[\"guests\", \"staff\"]", true, 0),
        ("[\"broken\"]", true, 1),
        ("[\"guests\", \"broken\"]", true, 1),
    ] {
        let (duty, failed) = judged(&format!("[policy]\ngroups = {groups}"), None);
        assert_eq!((duty == Duty::Concerned, failed), (concerned, failures), "{groups}");
    }
}

#[test]
fn an_exemption_needs_every_condition_and_its_day() {
    for (conditions, until, rhost, holds) in [
        ("user = \"roy\"", "2027-01-31", None, true),
        ("user = \"roy\"", "2027-01-30", None, false),
        ("user = \"ann\"", "2027-01-31", None, false),
        ("user = \"\"", "2027-01-31", None, false),
        ("user = \"nobody-has-this\"", "2027-01-31", None, false),
        ("service = [\"cups\", \"Login\"]", "2027-01-31", None, true),
        ("service = [\"cups\"]", "2027-01-31", None, false),
        ("service = [\"cups\"]\nuser = \"roy\"", "2027-01-31", None, false),
        ("service = [\"login\"]\nuser = \"ann\"", "2027-01-31", None, false),
        ("group = \"staff\"", "2028-01-01", None, true),
        ("group = \"broken\"", "2028-01-01", None, false),
        ("group = \"staff\"\nuser = \"ann\"", "2028-01-01", None, false),
        ("network = \"10.0.0.0/8\"", "2028-01-01", None, false),
        ("network = \"10.0.0.0/8\"", "2028-01-01", Some("10.1.1.1"), true),
        ("network = \"10.0.0.0/8\"", "2028-01-01", Some("ward.example"), false),
    ] {
        let (duty, _) = judged(&exempt(conditions, until), rhost);
        assert_eq!(matches!(duty, Duty::Exempt(_)), holds, "{conditions} until {until} from {rhost:?}");
    }
}

#[test]
fn an_exempt_user_may_be_written_in_any_spelling_that_the_directory_takes() {
    for (user, holds) in
        [("roy", true), ("Roy", true), ("CLINIC\\\\roy", true), ("ROY", false), ("ann", false)]
    {
        let text = exempt(&format!("user = \"{user}\""), "2027-01-31");
        assert_eq!(matches!(judged(&text, None).0, Duty::Exempt(_)), holds, "{user}");
    }
}

#[test]
fn a_failing_look_up_in_an_exemption_is_told() {
    for condition in ["group = \"broken\"", "user = \"CLOSED\\\\roy\""] {
        assert_eq!(judged(&exempt(condition, "2028-01-01"), None), (Duty::Concerned, 1), "{condition}");
        assert_eq!(
            judged(&exempt(condition, "2027-01-30"), None),
            (Duty::Concerned, 0),
            "past: not looked up"
        );
        let elsewhere = format!("{condition}\nservice = [\"cups\"]");
        assert_eq!(judged(&exempt(&elsewhere, "2028-01-01"), None), (Duty::Concerned, 0), "another service");
    }
}

#[test]
fn an_exemption_for_a_service_holds_in_that_service_alone() {
    let text = exempt("service = [\"CUPS\"]", "2027-01-31");
    for (service, holds) in [(Some("cups"), true), (Some("Cups"), true), (Some(""), false), (None, false)] {
        assert_eq!(matches!(judged_in(service, &text, None).0, Duty::Exempt(_)), holds, "{service:?}");
    }
}

#[test]
fn an_exemption_by_service_or_network_is_named_where_it_may_hold() {
    for (conditions, until, named) in [
        ("user = \"roy\"\nservice = [\"SUDO\"]", "2027-01-31", Some("sudo")),
        ("service = [\"cups\", \"lpd\"]", "2027-01-31", Some("cups lpd")),
        ("group = \"staff\"\nnetwork = \"10.0.0.0/8\"", "2027-01-31", Some("")),
        ("user = \"roy\"\nservice = [\"sudo\"]", "2027-01-30", None),
        ("user = \"ann\"\nservice = [\"sudo\"]", "2027-01-31", None),
        ("group = \"broken\"\nservice = [\"sudo\"]", "2027-01-31", None),
        ("user = \"roy\"", "2027-01-31", None),
    ] {
        let config = config(&exempt(conditions, until));
        let login = Circumstances { account: &roy(), service: None, rhost: None, today: date(2027, 1, 31) };
        let found = bounded(&config, &Fake, &login, |_| {});
        let services = found.first().map(|e| e.service.clone().unwrap_or_default().join(" "));
        assert_eq!(services.as_deref(), named, "{conditions} until {until}");
    }
}

#[test]
fn a_rollout_counts_its_days() {
    let rollout = |until: &str| leave(&config(&format!("[policy]\nenroll_by = {until}")), date(2027, 1, 31));
    assert_eq!(rollout("2027-01-31"), Leave::Until(Some(1)));
    assert_eq!(rollout("2027-02-02"), Leave::Until(Some(3)));
    assert_eq!(rollout("2028-01-31"), Leave::Until(Some(366)));
    assert_eq!(rollout("2027-01-30"), Leave::None);
    assert_eq!(leave(&config(""), date(2027, 1, 31)), Leave::None);
    assert_eq!(leave(&config("[policy]\nunenrolled = \"ignore\""), date(2027, 1, 31)), Leave::Until(None));
}
