//! What is under way while the other version is put in place: by an upgrade, and by a step back that was forced.

use serde_json::json;
use wardkey_tests::machine::host::{ALONE, CODE, CONFIG, Host};
use wardkey_tests::machine::release::{COMMAND, HELPER, MODULE, Release};
use wardkey_tests::machine::session::{Session, as_person};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::people::seat::Seat;
use wardkey_tests::programs::example;
use wardkey_tests::programs::helper::Listening;
use wardkey_tests::programs::locker::LockerProgram;
use wardkey_tests::programs::pam::{Door, PamResult, Script};
use wardkey_tests::programs::raw_client::{base64, question, told};
use wardkey_tests::programs::terminal::Terminal;
use wardkey_tests::proof::simultaneous::while_prompted;
use wardkey_tests::proof::terminal_screen::printed_codes;

use crate::told::Table;

type Scene = (&'static str, fn(Release, Release) -> &'static str);

const SCENES: [Scene; 9] = [
    ("a screen that i3lock has locked", locked_screen),
    ("a prompt of a person's program", open_prompt),
    ("a socket whose helper has not started", waiting_socket),
    ("new recovery codes, half way", action_under_way),
    ("unlock grace", grace),
    ("a login by a recovery code, then replace", note_of_a_recovery_code),
    ("five wrong codes", waits),
    ("ten misses where no code is asked", misses),
    ("services that are switched on", switched_on),
];

#[test]
fn what_is_under_way_goes_on_with_the_other_version() {
    let mut table =
        Table::new("from      to        under way                                  what comes of it");
    for (name, scene) in SCENES {
        for (from, to) in [(Release::Previous, Release::This), (Release::This, Release::Previous)] {
            let row = format!("{:<9} {:<9} {name:<41}", from.word(), to.word());
            table.row(&row, || scene(from, to).to_owned());
        }
    }
    table.end();
}

/// Puts the other version in place, and has the helper reload.
fn moves(host: &Host, helper: &Listening, to: Release) {
    host.put_all(to);
    helper.becomes_the_installed(host);
}

/// The locker keeps the module that it has loaded.
fn locked_screen(from: Release, to: Release) -> &'static str {
    let host = Host::made_by(from, "");
    example::install(&host, "i3lock");
    let mut alice = host.person("alice");
    let helper = host.start_helper();
    let mut screen = LockerProgram::I3lock.lock(&host, "alice");
    assert!(!screen.enter(PASSWORD, &alice.wrong_code(&host)).opened);
    moves(&host, &helper, to);
    let kept =
        format!("grep -l '{} (deleted)' /proc/[0-9]*/maps 2>/dev/null || true", host.built(MODULE).display());
    assert_ne!(host.must(&kept), "", "it holds the module of before");
    let code = alice.fresh_code(&host);
    assert!(screen.enter(PASSWORD, &code).opened, "{}", host.syslog().text());
    assert!(!host.types("alice", &code).accepted());
    "opens to a code, which is spent"
}

fn open_prompt(from: Release, to: Release) -> &'static str {
    let host = Host::made_by(from, "");
    let mut alice = host.person("alice");
    let helper = host.start_helper();
    let code = alice.fresh_code(&host);
    let script = Script::new(ALONE, "alice").types(CODE, &code);
    let opened = while_prompted(&host, "alice", &script, || {
        moves(&host, &helper, to);
        host.write(&format!("{CONFIG}.d/50.toml"), "[email]\n");
    });
    assert!(opened.accepted(), "{opened:?}");
    assert_eq!(host.pam_as("alice", &script).result(), PamResult::AuthErr);
    "takes the code, which is spent"
}

/// systemd holds the socket; the first caller starts what is installed by then.
fn waiting_socket(from: Release, to: Release) -> &'static str {
    let host = Host::made_by(from, "");
    let mut alice = host.person("alice");
    let _helper = host.activate_helper(&[]);
    host.put(HELPER, to);
    let code = alice.fresh_code(&host);
    let script = Script::new(ALONE, "alice").types(CODE, &code);
    assert!(host.pam_as("alice", &script).accepted(), "{}", host.syslog().text());
    assert_eq!(host.pam_as("alice", &script).result(), PamResult::AuthErr);
    "starts the other helper, which answers"
}

/// The copy of the helper that serves her is the one of before until she is done.
fn action_under_way(from: Release, to: Release) -> &'static str {
    let host = Host::made_by(from, "");
    let mut alice = host.person("alice");
    let helper = host.start_helper();
    let wardkey = host.built(COMMAND);
    let words = ["--user", "alice", "--", wardkey.to_str().expect("a plain path"), "recovery-codes"];
    let mut terminal = Terminal::start(&host, "runuser", &words);
    terminal.answer("Password", PASSWORD);
    terminal.answer("Code from your app", &alice.fresh_code(&host));
    let new = printed_codes(&terminal.expect("then cleared:"));
    moves(&host, &helper, to);
    terminal.type_line("saved");
    let (status, said) = terminal.finish();
    assert!(status.success(), "{said}");
    assert!(!host.types("alice", &alice.recovery_codes[0]).accepted());
    assert!(host.types("alice", &new[0]).accepted(), "{}", host.syslog().text());
    "ends well, and the new set works"
}

fn grace(from: Release, to: Release) -> &'static str {
    let host = Host::made_by(from, "[service.locker]\nunlock_grace = \"12h\"\n");
    let after =
        "auth requisite pam_unix.so nodelay\nauth [success=ok ignore=ignore default=die] pam_wardkey.so\n";
    host.service("locker", after);
    let mut alice = host.person("alice");
    let helper = host.start_helper();
    let mut desk = Seat::new(&host, host.uid("alice")).with_own_locker("alice");
    desk.is_asked("alice");
    desk.logs_in(&mut alice);
    moves(&host, &helper, to);
    desk.reopens("alice");
    Seat::new(&host, host.uid("alice")).with_own_locker("alice").is_asked("alice");
    "holds in its session, and in no other"
}

fn note_of_a_recovery_code(from: Release, to: Release) -> &'static str {
    assert!(replaces_by_the_password(from, |host, helper| moves(host, helper, to)));
    "goes by the password there, and nowhere else"
}

/// Whether `replace` asks for the password alone after a login by a recovery code, and after this.
pub(crate) fn replaces_by_the_password(from: Release, between: impl FnOnce(&Host, &Listening)) -> bool {
    let host = Host::made_by(from, "");
    let stack = "auth required pam_wardkey.so\naccount required pam_wardkey.so\n\
                 session required pam_loginuid.so\nsession required pam_wardkey.so\n";
    host.service("login", stack);
    let alice = host.person("alice");
    let helper = host.start_helper();
    let mut session = Session::new(&host, host.uid("alice"));
    let doors = [Door::Auth, Door::Account, Door::SetCred, Door::OpenSession];
    let script = Script::new("login", "alice").types(CODE, &alice.recovery_codes[0]).doors(&doors);
    assert_eq!(session.pam("", &script).results(), [PamResult::Success; 4]);
    between(&host, &helper);
    let elsewhere = host.wardkey_as("alice", &["replace", "--json"], &format!("{PASSWORD}\n"));
    assert!(!elsewhere.stdout.contains("pending"), "{elsewhere:?}");
    let (person, command) = (as_person("alice"), host.built(COMMAND));
    let replace =
        format!("printf '{PASSWORD}\\n' | {person} {} replace --json 2>&1 || true", command.display());
    session.run(&replace).contains(r#""state":"pending""#)
}

fn waits(from: Release, to: Release) -> &'static str {
    let host = Host::made_by(from, "");
    let mut alice = host.person("alice");
    let helper = host.start_helper();
    for _ in 0..5 {
        let wrong = Script::new(ALONE, "alice").types(CODE, alice.wrong_code(&host));
        assert_eq!(host.pam_as("alice", &wrong).result(), PamResult::AuthErr);
    }
    moves(&host, &helper, to);
    let code = alice.fresh_code(&host);
    assert!(host.types("alice", &code).waits());
    assert!(host.pam_as("alice", &Script::new(ALONE, "alice").types(CODE, &code)).waits());
    "still wait"
}

fn misses(from: Release, to: Release) -> &'static str {
    assert!(!compares(from, 10, |host, helper| moves(host, helper, to)));
    "count on: nothing is compared"
}

/// Whether a right code is compared, and so spent, where none is asked: after so many misses, and after this.
pub(crate) fn compares(from: Release, misses: usize, between: impl FnOnce(&Host, &Listening)) -> bool {
    let host = Host::made_by(
        from,
        "[[exempt]]\nuser = \"alice\"\nservice = [\"alone\"]\nreason = \"display\"\napproved_by = \"Dr Roy\"\n\
         until = 2999-01-01\n",
    );
    let mut alice = host.person("alice");
    let helper = host.start_helper();
    let enters = |code: &str| {
        let typed = base64(&format!("{PASSWORD}{code}"));
        let frame = question("alice", json!({"enter": {"combined": typed}}));
        let answer =
            told(&host, "alice", &[json!({"open": 1}), json!({"frame": frame}), json!({"read": true})]);
        assert!(answer[0]["entered"].is_array(), "{answer:?}");
    };
    (0..misses).for_each(|_| enters(&alice.wrong_code(&host)));
    between(&host, &helper);
    let code = alice.fresh_code(&host);
    enters(&code);
    host.service_alone("other_door", "");
    !host.pam(&Script::new("other_door", "alice").types(CODE, &code)).accepted()
}

fn switched_on(from: Release, to: Release) -> &'static str {
    let host = Host::made_by(from, "");
    host.install_module();
    example::COMMON.iter().for_each(|(name, text)| host.service(name, text));
    for name in ["sshd", "su", "su-l", "separate", ALONE] {
        host.must(&format!("rm /etc/pam.d/{name}"));
    }
    let stock = "@include common-auth\n@include common-account\n@include common-session\n";
    ["login", "sudo"].into_iter().for_each(|name| host.service(name, stock));
    host.append("/etc/group", "sudo:x:27:alice");
    let mut alice = host.person("alice");
    let helper = host.start_helper();
    let before = host.read("/etc/pam.d/sudo");
    host.wardkey(&["enable", "sudo", "--no-revert"], "").exits(0);
    moves(&host, &helper, to);
    host.install_module();
    let sudo = || Script::new("sudo", "alice").types("assword", PASSWORD);
    assert!(host.pam(&sudo().types(CODE, alice.fresh_code(&host))).accepted());
    assert!(!host.pam(&sudo().types(CODE, "000000")).accepted());
    let on = host.wardkey(&["--json", "enable", "--status"], "").exits(0);
    assert!(on.stdout.contains("sudo"), "{on:?}");
    host.wardkey(&["disable", "--all"], "").exits(0);
    assert_eq!(host.read("/etc/pam.d/sudo"), before);
    "go on asking, and the other one switches them off"
}
