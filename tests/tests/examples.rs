//! The PAM examples that are shipped: well-formed, and with no way past the code.

use std::collections::BTreeSet;

use wardkey_tests::programs::example;
use wardkey_tests::proof::example_stacks::{
    KEY, OK, OURS, ROOT, Run, START, UNIX, every_run, module, service, stack,
};

use pam_stack::{Kind, PamResult};

/// What Debian's modules are called; a name that is not here is a slip.
const MODULES: [&str; 26] = [
    OURS,
    START,
    KEY,
    UNIX,
    ROOT,
    "pam_cap.so",
    "pam_deny.so",
    "pam_env.so",
    "pam_faildelay.so",
    "pam_gnome_keyring.so",
    "pam_group.so",
    "pam_keyinit.so",
    "pam_kwallet5.so",
    "pam_lastlog.so",
    "pam_limits.so",
    "pam_listfile.so",
    "pam_loginuid.so",
    "pam_mail.so",
    "pam_motd.so",
    "pam_nologin.so",
    "pam_permit.so",
    "pam_selinux.so",
    "pam_sepermit.so",
    "pam_ssh_add.so",
    "pam_succeed_if.so",
    "pam_systemd.so",
];

fn runs(text: &str, kind: Kind) -> BTreeSet<Run> {
    every_run(&stack(text, kind), &[OURS, UNIX, ROOT, KEY])
}

/// Whether no way through `auth` leads in but by the right password and our leave or a key's, or as root where that is
/// meant.
fn is_safe(text: &str, root_may: bool) -> Result<(), Run> {
    let gets_in = |run: &Run| run.result == PamResult::Success;
    let may = |run: &Run| {
        let is_there =
            run.of(OURS).is_some_and(|ours| OK.contains(&ours)) || run.of(KEY) == Some(PamResult::Success);
        let by_both = run.of(UNIX) == Some(PamResult::Success) && is_there;
        by_both || (root_may && run.of(ROOT) == Some(PamResult::Success))
    };
    runs(text, Kind::Auth).into_iter().find(|run| gets_in(run) && !may(run)).map_or(Ok(()), Err)
}

#[test]
fn there_is_one_for_every_program_that_is_promised() {
    let names = example::names();
    for name in [
        "cockpit",
        "combined",
        "common-auth",
        "gdm-password",
        "greetd",
        "i3lock",
        "kde",
        "key-or-code",
        "lightdm",
        "login",
        "polkit-1",
        "sddm",
        "sshd",
        "su",
        "sudo",
        "sudo-i",
        "swaylock",
        "vlock",
        "xrdp-sesman",
        "xscreensaver",
        "xsecurelock",
    ] {
        assert!(names.iter().any(|there| there == name), "{name}");
    }
}

#[test]
fn each_is_well_formed_and_names_known_modules() {
    for name in example::names() {
        let text = example::text(&name);
        assert!(text.starts_with("# "), "{name} says what it is");
        assert!(text.lines().all(|line| line.chars().count() <= 120), "{name} fits on a screen");
        for line in &Kind::ALL.into_iter().flat_map(|kind| stack(&text, kind)).collect::<Vec<_>>() {
            assert!(MODULES.contains(&module(line)), "{name}: {}", module(line));
        }
        let commented = |line: &str| line.starts_with('#') && line.contains("wardkey");
        let all: Vec<_> = text.lines().collect();
        for (number, line) in all.iter().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let explained = number > 0
                && all[..number].iter().rev().take_while(|l| l.starts_with('#')).any(|l| commented(l));
            assert!(!line.contains(OURS) || explained, "{name}: {line}");
        }
    }
}

#[test]
fn no_way_through_auth_leads_past_password_and_code() {
    for name in example::names() {
        let text = example::text(&name);
        assert_eq!(is_safe(&text, name == "su"), Ok(()), "{name}");
        let both = |run: &Run| {
            run.result == PamResult::Success
                && run.of(UNIX) == Some(PamResult::Success)
                && run.of(OURS) == Some(PamResult::Success)
        };
        assert!(runs(&text, Kind::Auth).iter().any(both), "{name} lets nobody in");
        let exempt = |run: &Run| run.result == PamResult::Success && run.of(OURS) == Some(PamResult::Ignore);
        assert!(runs(&text, Kind::Auth).iter().any(exempt), "{name} lets in nobody who needs no code");
    }
}

#[test]
fn code_after_password_or_both_in_one_entry() {
    for name in example::names() {
        let auth = stack(&example::text(&name), Kind::Auth);
        let ours = auth.iter().position(|line| module(line) == OURS).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(auth.iter().filter(|line| module(line) == OURS).count(), 1, "{name}");
        if auth[ours].has("forward_pass") {
            let next = &auth[ours + 1];
            assert_eq!(auth[ours].written, "requisite", "{name}");
            assert!(
                module(next) == UNIX
                    && next.has("try_first_pass")
                    && ["required", "requisite"].contains(&next.written.as_str()),
                "{name}"
            );
            assert!(!auth[..ours].iter().any(|line| module(line) == UNIX), "{name}");
        } else {
            assert!(
                auth[..ours].iter().any(|line| module(line) == UNIX),
                "{name}: a code before the password"
            );
            assert!(["required", "requisite"].contains(&auth[ours].written.as_str()), "{name}");
        }
    }
    for one_field in ["combined", "i3lock", "kde", "sddm", "swaylock", "xrdp-sesman"] {
        let auth = stack(&example::text(one_field), Kind::Auth);
        assert!(auth.iter().any(|line| module(line) == OURS && line.has("forward_pass")), "{one_field}");
    }
}

/// Else a stranger could make somebody wait, and in the end have their codes disabled.
#[test]
fn nobody_without_the_password_gets_as_far_as_a_code_of_its_own() {
    let asks_strangers = |text: &str| {
        let runs = runs(text, Kind::Auth);
        runs.into_iter().any(|run| run.of(OURS).is_some() && run.of(UNIX) != Some(PamResult::Success))
    };
    for name in example::names() {
        let text = example::text(&name);
        let combined =
            stack(&text, Kind::Auth).iter().any(|line| module(line) == OURS && line.has("forward_pass"));
        assert_eq!(asks_strangers(&text), combined, "{name}");
    }
    let ours = format!("auth required {OURS}\n");
    assert!(asks_strangers(&format!("auth required pam_unix.so\n{ours}")));
    assert!(asks_strangers(&format!("auth substack common-auth\n{ours}")));
}

#[test]
fn account_asks_us_first_and_an_enrolment_that_is_due_is_never_forgotten() {
    for name in example::names().into_iter().filter(|name| name != "common-auth") {
        let text = example::text(&name);
        let account = stack(&text, Kind::Account);
        assert_eq!((module(&account[0]), account[0].written.as_str()), (OURS, "required"), "{name}");
        let runs = runs(&text, Kind::Account);
        for run in runs.iter().filter(|run| run.result == PamResult::Success) {
            assert!(run.of(OURS).is_some_and(|ours| OK.contains(&ours)), "{name}: {run:?}");
        }
        let due = |run: &&Run| run.of(OURS) == Some(PamResult::NewAuthtokReqd);
        assert!(runs.iter().filter(due).any(|run| run.result == PamResult::NewAuthtokReqd), "{name}");
    }
}

#[test]
fn password_enrols_ahead_of_pam_unix_and_a_failure_changes_nothing() {
    for name in example::names() {
        let text = example::text(&name);
        let password = stack(&text, Kind::Password);
        let Some(first) = password.first() else { continue };
        assert_eq!(module(first), OURS, "{name}");
        assert_eq!(first.written, "success=done ignore=ignore default=die", "{name}");
        assert_eq!(module(&password[1]), UNIX, "{name}");
        for run in runs(&text, Kind::Password).iter().filter(|run| run.result == PamResult::Success) {
            assert!(run.of(OURS).is_some_and(|ours| OK.contains(&ours)), "{name}: {run:?}");
        }
    }
}

#[test]
fn session_asks_us_wherever_there_is_one() {
    for name in example::names() {
        let text = example::text(&name);
        if stack(&text, Kind::Session).is_empty() {
            continue;
        }
        for run in runs(&text, Kind::Session).iter().filter(|run| run.result == PamResult::Success) {
            assert!(run.of(OURS).is_some_and(|ours| OK.contains(&ours)), "{name}: {run:?}");
        }
    }
}

#[test]
fn the_model_finds_a_way_past() {
    let unix = "auth requisite pam_unix.so\n";
    for (stack, safe) in [
        (format!("{unix}auth required {OURS}\n"), true),
        (format!("{unix}auth required {OURS}\nauth required pam_permit.so\n"), true),
        (format!("{unix}auth optional {OURS}\nauth required pam_permit.so\n"), false),
        (format!("{unix}auth sufficient {OURS}\nauth required pam_permit.so\n"), false),
        (format!("auth sufficient pam_unix.so\nauth required {OURS}\n"), false),
        (
            format!(
                "auth [success=1 default=ignore] pam_unix.so\nauth required {OURS}\nauth required pam_permit.so\n"
            ),
            false,
        ),
        (format!("auth sufficient {OURS}\nauth required pam_unix.so\n"), false),
        (
            format!(
                "auth requisite {OURS} forward_pass\nauth sufficient pam_unix.so\nauth required pam_permit.so\n"
            ),
            false,
        ),
        (format!("@include common-auth\nauth required {OURS}\n"), true),
        (format!("auth substack common-auth\nauth required {OURS}\n"), true),
        ("auth required pam_permit.so\n".to_owned(), false),
    ] {
        assert_eq!(is_safe(&stack, false).is_ok(), safe, "{stack}");
    }
    let alone = |rest: &str| runs(&format!("auth required {OURS}\n{rest}"), Kind::Auth);
    let exempt_gets_in = |runs: BTreeSet<Run>| {
        runs.iter().any(|run| run.of(OURS) == Some(PamResult::Ignore) && run.result == PamResult::Success)
    };
    assert!(exempt_gets_in(alone("auth required pam_permit.so\n")) && !exempt_gets_in(alone("")));
    for broken in [
        "auth",
        "auth required",
        "login required pam_unix.so",
        "auth needed pam_unix.so",
        "auth [success=2 pam_unix.so",
        "auth [sucess=1] pam_unix.so",
        "auth [success=0] pam_unix.so",
    ] {
        assert_ne!(service(broken).remarks, [], "{broken}");
    }
}

/// Else the helper would ask for a code in the middle of asking for the password, and root's word would do for one.
#[test]
fn the_helpers_own_service_asks_for_the_password_alone() {
    let text = example::text(example::OWN);
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines.iter().all(|line| !line.contains("wardkey") && !line.contains("include")), "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains("pam_rootok")), "the helper is root: {lines:?}");
    assert!(lines.contains(&"auth       required   pam_unix.so"), "{lines:?}");
}
