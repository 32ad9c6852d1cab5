//! A locked screen opens for nobody who would have to enrol: GDM calls `account` and `password` at an unlock, and lets the
//! person in whatever they answer.

use wardkey_tests::machine::host::{AUDIT, CODE, CONFIG, Host};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::people::seat::Seat;
use wardkey_tests::programs::example;
use wardkey_tests::programs::pam::{Door, PamResult, Script, Transcript};
use wardkey_tests::proof::outcome::run;

const GDM: &str = "gdm-password";
const ENROLLING: &str = "[service.gdm-password]\nenroll = true\n[service.screen]\nenroll = true\n";

/// A host with GDM as the example has it, and a locker of one field.
fn host(tables: &str) -> Host {
    let host = Host::with_config(&format!("{ENROLLING}{tables}"));
    example::install(&host, GDM);
    let stack =
        "auth requisite pam_wardkey.so forward_pass\nauth required pam_unix.so try_first_pass nodelay\n";
    host.service("screen", stack);
    host
}

/// What GDM does first, at a login as at an unlock. After a yes here an unlock is open, whatever follows.
fn with_password(name: &str) -> Script {
    Script::new(GDM, name).types("assword", PASSWORD)
}

/// What a fresh login goes on with.
const LOGIN: [Door; 2] = [Door::Auth, Door::Account];
const ENROLS: [PamResult; 2] = [PamResult::Success, PamResult::NewAuthtokReqd];

fn is_sent_elsewhere(host: &Host, refused: &Transcript) {
    assert_eq!(refused.result(), PamResult::AuthErr, "{refused:#?}");
    assert!(refused.messages().contains("(Ctrl+Alt+F3)"), "{refused:#?}");
    let audit = host.read(AUDIT);
    let last = audit.lines().last().expect("a line");
    assert!(last.contains("\"result\":\"refused\"") && last.contains("nobody enrols at an unlock"), "{last}");
}

// Row: S1-2
#[test]
fn the_password_of_somebody_not_enrolled_opens_no_locked_screen() {
    let host = host("");
    let uid = host.add_account("alice");
    let mut desk = Seat::new(&host, uid);
    is_sent_elsewhere(&host, &desk.pam(&with_password("alice")));
    let entry = Script::new("screen", "alice").types("one entry", PASSWORD);
    is_sent_elsewhere(&host, &desk.pam(&entry));
    assert_eq!(host.pam(&with_password("alice").doors(&LOGIN)).results(), ENROLS, "a fresh login enrols");
    let mut colleague = Seat::new(&host, uid + 1);
    let from_there = colleague.pam(&with_password("alice").doors(&LOGIN));
    assert_eq!(from_there.results(), ENROLS, "so does one by a display manager that another has started");
}

// Row: S1-20
#[test]
fn a_pass_after_a_reset_opens_no_locked_screen_and_is_not_spent() {
    let host = host("");
    let _helper = host.start_helper();
    host.person("alice");
    host.wardkey(&["reset", "alice", "--verified-by", "badge"], "").exits(0);
    let pass = host.wardkey(&["--json", "pass", "alice", "--verified-by", "badge"], "").exits(0).json();
    let pass = pass["pass"].as_str().expect("a pass").to_owned();
    let uid = host.uid("alice");
    let mut desk = Seat::new(&host, uid);
    let entry = Script::new("screen", "alice").types("one entry", format!("{PASSWORD}{pass}"));
    for _ in 0..6 {
        is_sent_elsewhere(&host, &desk.pam(&with_password("alice").types(CODE, &pass)));
        is_sent_elsewhere(&host, &desk.pam(&entry));
    }
    let mut desk = Seat::new(&host, uid).with_own_locker("alice");
    is_sent_elsewhere(&host, &desk.unlock(&entry));
    // hyprlock falls back to that service.
    let as_su = Script::new("su", "alice").types("assword", PASSWORD).types(CODE, &pass);
    is_sent_elsewhere(&host, &desk.unlock(&as_su));
    let login = with_password("alice").types(CODE, &pass).doors(&LOGIN);
    assert_eq!(host.pam(&login).results(), ENROLS, "a fresh login takes the pass");
}

/// Somebody never enrolled, where the site asks for a pass.
#[test]
fn a_first_pass_opens_no_locked_screen_and_is_not_spent() {
    let host = Host::new();
    example::install(&host, GDM);
    let uid = host.add_account("alice");
    let pass = host.wardkey(&["--json", "pass", "alice", "--verified-by", "badge"], "").exits(0).json();
    let pass = pass["pass"].as_str().expect("a pass").to_owned();
    let mut desk = Seat::new(&host, uid);
    let typed = with_password("alice").types(CODE, &pass);
    for _ in 0..6 {
        is_sent_elsewhere(&host, &desk.pam(&typed));
    }
    assert_eq!(host.pam(&typed.doors(&LOGIN)).results(), ENROLS, "a fresh login takes the pass");
}

/// They refuse a person who does not enrol.
#[test]
fn sudo_and_su_go_on_enrolling_inside_ones_session() {
    let host = Host::with_config("[service.sudo]\nenroll = true\n[service.su]\nenroll = true\n");
    let uid = host.add_account("alice");
    let mut desk = Seat::new(&host, uid);
    for service in ["sudo", "su"] {
        let script = Script::new(service, "alice").types("assword", PASSWORD).doors(&LOGIN);
        assert_eq!(desk.started_by("setpriv --ruid=alice ", &script).results(), ENROLS, "{service}");
    }
}

/// As where logind does not run and no login calls `pam_loginuid`: the kernel could number sessions, and has numbered none.
const NO_NUMBERS: &str = "mount -t tmpfs none /sys/fs/cgroup && exec setpriv --ruid=\"$0\" sh -p -c 'setpriv --ruid=0 \"$0\" \"$@\"; exit' \"$@\"";

#[test]
fn a_greeter_enrols_nobody_who_has_a_session_that_nothing_numbers() {
    let host = host("");
    let uid = host.add_account("alice");
    let command = host.pam_command(&[with_password("alice").doors(&LOGIN)]);
    let as_at_home_of = |of: u32| {
        let of = of.to_string();
        let own = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "sh", "-c", NO_NUMBERS, &of];
        Transcript::read(&run(&mut host.under(&own, &command), b"").exits(0).stdout)
    };
    let refused = as_at_home_of(uid);
    assert_eq!(refused.results(), [PamResult::AuthErr, PamResult::PermDenied], "{refused:#?}");
    assert!(
        refused.messages().contains("You need a second factor first. To have one set up: "),
        "{refused:#?}"
    );
    assert_eq!(as_at_home_of(uid + 1).results(), ENROLS, "a session of another");
}

/// As where the kernel has no audit and logind does not run: nothing tells an unlock from a login there.
const NO_SESSIONS: [&str; 5] = [
    "unshare",
    "--mount",
    "sh",
    "-c",
    "mount -t tmpfs none /proc && mount -t tmpfs none /sys/fs/cgroup && exec \"$0\" \"$@\"",
];

#[test]
fn without_a_known_session_a_greeter_enrols_nobody_and_config_is_refused() {
    let host = host("");
    host.add_account("alice");
    let command = host.pam_command(&[with_password("alice")]);
    let refused = Transcript::read(&run(&mut host.under(&NO_SESSIONS, &command), b"").exits(0).stdout);
    assert_eq!(refused.result(), PamResult::AuthErr, "{refused:#?}");
    assert!(
        refused.messages().contains("You need a second factor first. To have one set up: "),
        "{refused:#?}"
    );
    let check = |host: &Host| {
        let command = host.wardkey_command(&["config", "check"]);
        run(&mut host.under(&NO_SESSIONS, &command), b"")
    };
    let said = check(&host).exits(3);
    assert!(said.stderr.contains("gdm-password"), "{}", said.stderr);
    let without = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "sh", "-c", NO_NUMBERS, "0"];
    let command = host.wardkey_command(&["config", "check"]);
    run(&mut host.under(&without, &command), b"").exits(3);
    host.wardkey(&["config", "check"], "").exits(0);
    host.write(CONFIG, "[service.sshd]\nenroll = true\n[service.login]\nenroll = true\n");
    check(&host).exits(0);
}
