//! What is missing, damaged or not allowed: exit status, kind, and a hint that helps, in both languages.

use crate::scratch::{GAMES, Scratch, exists, say};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use wardkey_core::desk::Desk;
use wardkey_core::policy::account::Account;
use wardkey_core::store::FileStore;
use wardkey_core::system::clock::SystemClock;
use wardkey_core::system::machine_id;
use wardkey_core::user::UserName;

fn set_mode(path: &std::path::Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn unknown_people_are_refused_and_no_file_is_made() {
    let scratch = Scratch::new();
    let long = "x".repeat(300);
    for name in ["nobody-here", "../x", "", &long, "a\nb"] {
        for words in [&["enroll", name][..], &["status", name], &["check", name], &["unlock", name]] {
            let said = scratch.json(words, "123456").exits(1);
            assert_eq!(said.error().0, "refused", "{words:?}");
        }
    }
    assert_eq!(std::fs::read_dir(scratch.path("state/users")).unwrap().count(), 0);
}

#[test]
fn errors_come_in_pairs_in_both_languages() {
    for (language, message, hint) in [
        ("en", "There is no account nobody-here on this machine.", "Check the spelling"),
        ("fr", "Il n'y a pas de compte nobody-here sur cette machine.", "V\u{e9}rifiez l'orthographe"),
    ] {
        let scratch = Scratch::with(&format!("language = \"{language}\""));
        let said = scratch.run(&["status", "nobody-here"], "").exits(1);
        let lines: Vec<&str> = said.err.lines().collect();
        assert_eq!(lines[0], format!("wardkey: {message}"));
        assert!(lines[1].starts_with(hint), "{said:?}");
        assert!(said.out.is_empty());
    }
}

#[test]
fn before_init_every_command_says_what_to_run() {
    let scratch = Scratch::bare("");
    let (kind, _, hint) = scratch.json(&["enroll", GAMES], "").exits(3).error();
    assert_eq!(kind, "key");
    assert!(hint.ends_with("wardkey.toml init"), "{hint}");
    let (kind, message, hint) = scratch.json(&["list"], "").exits(3).error();
    assert_eq!(kind, "state");
    assert!(message.contains("/state") && hint.ends_with("wardkey.toml init"), "{message} {hint}");
    // The configuration is sound, and what is not made yet is warned of.
    let said = scratch.run(&["config", "check"], "").exits(0);
    let warned = |what: &str| said.err.lines().any(|line| line.contains(what) && line.ends_with("toml init"));
    assert!(
        ["/state is missing", "/seal.key is missing", "/log is missing"].into_iter().all(warned),
        "{said:?}"
    );
}

#[test]
fn init_makes_what_is_missing_and_never_replaces_anything() {
    let scratch = Scratch::bare("");
    let first = scratch.json(&["init"], "").exits(0).json();
    let has_id = machine_id::mark(std::path::Path::new(machine_id::FILE)).is_some();
    assert_eq!(first["made"].as_array().unwrap().len(), 5 + usize::from(has_id));
    assert_eq!(first["warnings"].as_array().unwrap().len(), 1, "nobody who can become root");
    let key = std::fs::read(scratch.path("etc/seal.key")).unwrap();
    let mode = |name: &str| std::fs::metadata(scratch.path(name)).unwrap().permissions().mode() & 0o7777;
    assert_eq!(
        (mode("state"), mode("state/users"), mode("etc/seal.key"), mode("log")),
        (0o700, 0o700, 0o600, 0o750)
    );
    assert_eq!(mode("state/spare"), 0o600);
    scratch.enrol("root");
    let second = scratch.json(&["init"], "").exits(0).json();
    // Where root's password is locked no login asks for root's code.
    let shadow = std::fs::read_to_string("/etc/shadow").unwrap();
    let is_locked = shadow.starts_with("root:!") || shadow.starts_with("root:*");
    assert_eq!(
        (second["made"].as_array().unwrap().len(), second["warnings"].as_array().unwrap().len()),
        (0, usize::from(is_locked))
    );
    assert_eq!(std::fs::read(scratch.path("etc/seal.key")).unwrap(), key);
}

#[test]
fn init_refuses_what_others_could_change() {
    let scratch = Scratch::new();
    set_mode(&scratch.path("state/users"), 0o755);
    let (kind, message, _) = scratch.json(&["init"], "").exits(3).error();
    assert_eq!(kind, "state");
    assert!(message.contains("state/users") && message.contains("0755"), "{message}");
    set_mode(&scratch.path("state/users"), 0o700);
    set_mode(&scratch.path("state/spare"), 0o644);
    let (kind, message, _) = scratch.json(&["init"], "").exits(3).error();
    assert_eq!(kind, "state");
    assert!(message.contains("state/spare") && message.contains("0644"), "{message}");
    set_mode(&scratch.path("state/spare"), 0o600);
    std::fs::remove_file(scratch.path("etc/seal.key")).unwrap();
    std::os::unix::fs::symlink("/nonexistent", scratch.path("etc/seal.key")).unwrap();
    assert_eq!(scratch.json(&["init"], "").exits(3).error().0, "key");
    assert!(exists(&scratch.path("etc/seal.key")));
}

#[test]
fn a_new_key_over_old_records_is_warned_of() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    std::fs::remove_file(scratch.path("etc/seal.key")).unwrap();
    let warnings = scratch.json(&["init"], "").exits(0).json()["warnings"].to_string();
    assert!(warnings.contains("put it back"), "{warnings}");
}

#[test]
fn without_the_sealing_key_a_recovery_code_still_works() {
    let scratch = Scratch::new();
    let phone = scratch.enrol(GAMES);
    std::fs::remove_file(scratch.path("etc/seal.key")).unwrap();
    let (kind, _, hint) = scratch.json(&["check", GAMES], &phone.code(1)).exits(3).error();
    assert!(kind == "key" && hint.contains("Restore the key"), "{kind} {hint}");
    scratch.json(&["check", GAMES], &phone.recovery_codes[0]).exits(0);
}

#[test]
fn a_damaged_record_is_named_left_alone_and_does_not_hide_the_others() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    scratch.enrol("bin");
    let file = scratch.path("state/users/games/enrolment");
    std::fs::write(&file, "wardkey enrolment").unwrap();
    for words in [&["status", GAMES][..], &["reset", GAMES, "--verified-by", "desk"], &["unlock", GAMES]] {
        let (kind, message, hint) = scratch.json(words, "").exits(3).error();
        assert_eq!(kind, "state", "{words:?}");
        assert!(message.contains("games/enrolment") && hint.contains("backup"), "{message} {hint}");
    }
    let list = scratch.json(&["list"], "").exits(3).json();
    assert_eq!((&list[0]["user"], &list[0]["state"]), (&"bin".into(), &"enrolled".into()));
    assert_eq!((&list[1]["user"], &list[1]["state"]), (&GAMES.into(), &"damaged".into()));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "wardkey enrolment");
    scratch.json(&["remove", GAMES, "--reason", "start over"], "").exits(0);
    scratch.json(&["list"], "").exits(0);
}

#[test]
fn a_record_whose_account_is_gone_is_shown_and_can_only_be_removed() {
    let scratch = Scratch::new();
    let account = Account { name: UserName::new(b"left-long-ago").unwrap(), uid: 4000, gid: 4000 };
    let store = FileStore::new(scratch.path("state"));
    Desk { store: &store, clock: &SystemClock }.emergency(&account, (1, 5), &mut |_| Ok(())).unwrap();
    assert_eq!(scratch.json(&["status", "left-long-ago"], "").exits(0).json()["state"], "not-enrolled");
    let reset = scratch.json(&["reset", "left-long-ago", "--verified-by", "desk"], "").exits(1);
    assert!(reset.error().2.contains("remove left-long-ago --reason TEXT"), "{reset:?}");
    scratch.json(&["remove", "left-long-ago", "--reason", "left"], "").exits(0);
}

#[test]
fn a_wrong_configuration_is_refused_with_line_and_key() {
    let scratch = Scratch::with("");
    std::fs::write(scratch.path("wardkey.toml"), "\n[totp]\ndigits = 7\n").unwrap();
    let (kind, message, hint) = scratch.json(&["config", "check"], "").exits(3).error();
    assert!(kind == "config" && message.contains("line 3, key `digits`"), "{message}");
    assert!(hint.ends_with("wardkey.toml config check."), "{hint}");
    std::fs::remove_file(scratch.path("wardkey.toml")).unwrap();
    assert_eq!(scratch.json(&["list"], "").exits(3).error().0, "config");
}

#[test]
fn a_wrong_configuration_is_explained_in_the_language_that_it_asks_for() {
    let scratch = Scratch::with("");
    std::fs::write(scratch.path("wardkey.toml"), "language = \"fr\"\n[totp]\ndigits = 7\n").unwrap();
    let (kind, message, hint) = scratch.json(&["config", "check"], "").exits(3).error();
    assert!(
        kind == "config" && message.ends_with(", ligne 3, clé « digits » : doit être 6 ou 8"),
        "{message}"
    );
    assert!(hint.starts_with("Corrigez le fichier"), "{hint}");
}

/// A process of a login that audit numbers, as there is one wherever sessions are known.
struct OfALogin(Child);

impl OfALogin {
    fn start() -> Self {
        let line = "echo 0 >/proc/self/loginuid; echo; exec cat";
        let mut shell = Command::new("sh")
            .args(["-c", line])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        shell.stdout.take().unwrap().read_exact(&mut [0]).unwrap();
        Self(shell)
    }
}

impl Drop for OfALogin {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        self.0.wait().unwrap();
    }
}

#[test]
fn config_check_prints_what_is_in_force_and_warns() {
    let _login = OfALogin::start();
    let exempt = "[[exempt]]\nuser = \"x\"\nreason = \"old\"\napproved_by = \"y\"\nuntil = 2020-01-01\n";
    let service = "[service.greetd]\nenroll = true\n[service.sudo]\nunlock_grace = \"12h\"\n";
    let scratch = Scratch::with(&format!("{exempt}{service}"));
    let printed = scratch.json(&["config", "check"], "").exits(0).json();
    assert_eq!(
        (&printed["config"]["totp"]["digits"], &printed["config"]["support"]),
        (&6.into(), &"ext. 204".into())
    );
    let warnings = printed["warnings"].to_string();
    for part in [
        "\\\"old\\\" ended on 2020-01-01",
        "[service.greetd] enroll",
        "[service.sudo] unlock_grace",
        "become root",
    ] {
        assert!(warnings.contains(part), "{part}: {warnings}");
    }
    let said = scratch.run(&["config", "check"], "").exits(0);
    assert!(said.out.contains("free_tries = 5") && said.err.contains("become root"), "{said:?}");
}

#[test]
fn a_directory_where_the_configuration_should_be_is_to_be_moved_away() {
    let scratch = Scratch::new();
    let file = scratch.path("wardkey.toml");
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    let (_, message, hint) = scratch.json(&["config", "check"], "").exits(3).error();
    assert!(message.contains("not a regular file"), "{message}");
    assert!(hint.contains("Move it out of the way") && hint.contains("mv "), "{hint}");
}

#[test]
fn config_check_refuses_a_group_that_does_not_resolve() {
    let exempt =
        "[[exempt]]\ngroup = \"no-such-group\"\nreason = \"r\"\napproved_by = \"y\"\nuntil = 2099-01-01\n";
    for (tables, key) in
        [("[policy]\ngroups = [\"no-such-group\"]", "policy.groups"), (exempt, "exempt.group")]
    {
        let scratch = Scratch::with(tables);
        let (kind, message, hint) = scratch.json(&["config", "check"], "").exits(3).error();
        assert!(
            kind == "config"
                && message.contains("wardkey.toml, line ")
                && message.contains(&format!(", key `{key}`: "))
                && hint.contains("getent group"),
            "{message} {hint}"
        );
    }
}

#[test]
fn only_root_may_and_is_told_so() {
    let scratch = Scratch::new();
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(scratch.path(""), open).unwrap();
    let copy = scratch.path("wardkey");
    // By another process: a child that a test beside this one starts would hold the file open for writing.
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_wardkey")).arg(&copy).status().unwrap();
    assert!(copied.success());
    let mut command = Command::new(copy);
    command.env_clear().uid(65534).gid(65534).current_dir("/");
    command.arg("--config").arg(scratch.path("wardkey.toml")).args(["list", "--json"]);
    let (kind, message, _) = say(&mut command, "").exits(1).error();
    assert_eq!((kind.as_str(), message.as_str()), ("refused", "Only root may do this."));
}

#[test]
fn a_file_size_limit_inherited_from_a_caller_refuses_and_kills_nothing() {
    let scratch = Scratch::new();
    let phone = scratch.enrol(GAMES);
    let mut shell = Command::new("sh");
    let line = format!(
        "ulimit -f 0; exec {} --config {} --json check games",
        env!("CARGO_BIN_EXE_wardkey"),
        scratch.path("wardkey.toml").display()
    );
    let (kind, _, hint) = say(shell.args(["-c", &line]), &phone.code(1)).exits(3).error();
    assert!(kind == "store" && hint.contains("ulimit"), "{kind} {hint}");
    scratch.json(&["check", GAMES], &phone.code(1)).exits(0);
}
