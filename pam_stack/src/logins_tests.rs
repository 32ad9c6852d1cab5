use super::*;
use crate::testing::{auth, service};
use crate::{Kind, Module};

struct Debian;

impl Machine for Debian {
    fn ours(&self, line: &Line) -> Option<Vec<PamResult>> {
        use PamResult::{AuthErr, Ignore, ServiceErr, Success};
        (line.module_name() == Some("ours.so")).then(|| vec![Success, Ignore, AuthErr, ServiceErr])
    }

    fn has_module(&self, line: &Line) -> bool {
        line.module_name() != Some("missing.so")
    }

    fn can_hold(&self, line: &Line) -> bool {
        !line.has("nobody")
    }
}

const COMMON: &str = "auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\n\
                      auth required pam_permit.so\nauth optional pam_cap.so\n";

/// What may be missing of password and leave on the ways in, shortest first; and what acts after our no.
fn gaps(text: &str) -> (Vec<&'static str>, bool) {
    let ways = logins(&auth(&text.replace("COMMON", COMMON)), &Debian).expect("few ways");
    let missing = |way: &Way<Facts>| match (way.facts.proofs.contains(&Proof::Password), way.has_our_leave())
    {
        (true, true) => "nothing",
        (true, false) => "leave",
        (false, true) => "password",
        (false, false) => "both",
    };
    let gaps: BTreeSet<_> = ways.iter().filter(|way| way.leads_in()).map(missing).collect();
    (gaps.into_iter().collect(), ways.iter().any(|way| way.facts.acted.is_some()))
}

#[test]
fn every_way_in_is_found() {
    for (text, expected) in [
        ("COMMONauth required ours.so\n", &["nothing"] as &[_]),
        ("COMMONauth optional ours.so\n", &["leave", "nothing"]),
        ("COMMONauth sufficient ours.so\n", &["leave", "nothing"]),
        ("auth sufficient pam_unix.so\nauth required ours.so\n", &["leave", "password"]),
        ("auth required ours.so\n", &["password"]),
        ("auth requisite pam_unix.so\nauth required ours.so\n", &["nothing"]),
        (
            "auth [success=2 default=ignore] pam_unix.so\nauth requisite pam_deny.so\nauth required ours.so\nauth required \
          pam_permit.so\n",
            &["leave"],
        ),
        ("auth sufficient pam_fprintd.so\nCOMMONauth required ours.so\n", &["both", "nothing"]),
        (
            "auth sufficient pam_succeed_if.so user ingroup staff\nCOMMONauth required ours.so\n",
            &["both", "nothing"],
        ),
        (
            "auth sufficient pam_succeed_if.so user ingroup nobody\nCOMMONauth required ours.so\n",
            &["nothing"],
        ),
        ("auth required pam_env.so\nauth required pam_faildelay.so\n", &[]),
        ("auth required missing.so\nCOMMONauth required ours.so\n", &[]),
        ("-auth optional missing.so\nCOMMONauth required ours.so\n", &["nothing"]),
        ("auth required pam_permit.so\n", &["both"]),
        ("auth required pam_strange.so\n", &["both"]),
        ("", &[]),
    ] {
        assert_eq!(gaps(text).0, expected, "{text}");
    }
}

#[test]
fn what_acts_after_our_no_is_found() {
    for (text, acts) in [
        ("COMMONauth required ours.so\nauth optional pam_gnome_keyring.so\n", true),
        ("COMMONauth requisite ours.so\nauth optional pam_gnome_keyring.so\n", false),
        ("COMMONauth optional pam_gnome_keyring.so\nauth required ours.so\n", false),
        ("COMMONauth required ours.so\nauth optional pam_exec.so /bin/true\n", true),
    ] {
        assert_eq!(gaps(text).1, acts, "{text}");
    }
}

/// RHEL's `system-auth` before ours by `include`: its `sufficient` ends the whole stack; by `substack` it does not.
#[test]
fn an_include_ends_where_a_substack_goes_on() {
    let system = "auth required pam_env.so\nauth [default=1 ignore=ignore success=ok] pam_localuser.so\n\
                  auth sufficient pam_unix.so nullok\nauth required pam_deny.so\n";
    for (how, expected) in [("include", Some(false)), ("substack", None)] {
        let text = format!("auth {how} system-auth\nauth required ours.so\n");
        let service = service(&text, &[("/usr/lib/pam.d/system-auth", system)]);
        let ways = logins(service.stack(Kind::Auth), &Debian).expect("few ways");
        let past = ways.iter().find(|way| way.leads_in() && !way.has_our_leave());
        assert_eq!(past.map(|way| way.facts.ours.is_some()), expected, "{how}");
        assert!(how == "include" || ways.iter().any(Way::leads_in), "nobody gets in by {how}");
    }
    assert!(matches!(auth("auth substack x\n")[0].module, Module::Substack(_)));
}
