//! The command before a person: what a real terminal shows, hides and clears.

use crate::scratch::{GAMES, Phone, Scratch};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{Winsize, openpty};
use nix::sys::signal::{Signal, kill};
use nix::sys::termios::{FlowArg, LocalFlags, tcflow, tcgetattr};
use nix::unistd::Pid;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command};

/// The command on a terminal of its own.
pub(crate) struct Screen {
    pub(crate) child: Child,
    master: File,
    slave: OwnedFd,
    seen: Vec<u8>,
}

impl Screen {
    fn start(scratch: &Scratch, arguments: &[&str]) -> Self {
        Self::of(scratch, arguments, (50, 100), &[("TERM", "xterm")])
    }

    /// In a window of so many lines and columns.
    pub(crate) fn of(
        scratch: &Scratch,
        arguments: &[&str],
        (lines, columns): (u16, u16),
        environment: &[(&str, &str)],
    ) -> Self {
        let size = Winsize { ws_row: lines, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(Some(&size), None).unwrap();
        [&pty.master, &pty.slave].into_iter().for_each(keep_to_ourselves);
        let slave = || pty.slave.try_clone().unwrap();
        // A runner in the background ignores some signals and hands that down; a person's shell does not.
        let wardkey = scratch.command(arguments);
        let mut command = Command::new("env");
        command.arg("--default-signal").arg(wardkey.get_program()).args(wardkey.get_args()).env_clear();
        command.env("PATH", "/usr/bin:/bin").envs(environment.iter().copied());
        let child = command.stdin(slave()).stdout(slave()).stderr(slave()).spawn().unwrap();
        let slave = slave();
        Self { child, master: File::from(pty.master), slave, seen: Vec::new() }
    }

    /// Reads until `text` is there; what came before and with it.
    pub(crate) fn until(&mut self, text: &str) -> String {
        loop {
            let found = self.seen.windows(text.len()).position(|part| part == text.as_bytes());
            if let Some(start) = found {
                let shown = self.seen.drain(..start + text.len()).collect();
                return String::from_utf8(shown).unwrap();
            }
            let mut waiting = [PollFd::new(self.master.as_fd(), PollFlags::POLLIN)];
            let ready = poll(&mut waiting, PollTimeout::from(20_000_u16)).unwrap();
            assert!(
                ready > 0,
                "no {text:?} in twenty seconds, but {:?}",
                String::from_utf8_lossy(&self.seen)
            );
            let mut buffer = [0; 4096];
            let len = self.master.read(&mut buffer).unwrap_or(0);
            assert!(len > 0, "no {text:?} in {:?}", String::from_utf8_lossy(&self.seen));
            self.seen.extend_from_slice(&buffer[..len]);
        }
    }

    pub(crate) fn types(&mut self, keys: &str) {
        self.master.write_all(keys.as_bytes()).unwrap();
    }

    /// Whether the terminal holds back what is written to it, as Ctrl-S has it do.
    pub(crate) fn stops_output(&self, stops: bool) {
        tcflow(&self.slave, if stops { FlowArg::TCOOFF } else { FlowArg::TCOON }).unwrap();
    }

    fn echoes(&self) -> bool {
        tcgetattr(&self.slave).unwrap().local_flags.contains(LocalFlags::ECHO | LocalFlags::ICANON)
    }

    /// The exit status, or none after a signal.
    pub(crate) fn end(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

/// The first group of the key, which stands nowhere else.
fn phone_key(sheet: &str) -> &str {
    sheet.split_once("Key: ").and_then(|(_, key)| key.split_whitespace().next()).unwrap()
}

pub(crate) fn key_on(sheet: &str) -> String {
    let (_, rest) = sheet.split_once("Key: ").unwrap();
    rest.lines().next().unwrap().trim().to_owned()
}

// Row: S1-4
// Row: S2-10
// Row: S2-11
// Row: S2-16
#[test]
fn an_enrolment_ends_with_a_clean_screen_and_what_holds_from_now_on() {
    let scratch = Scratch::new();
    let mut screen = Screen::start(&scratch, &["enroll", GAMES]);
    let sheet = screen.until("Code from the app: ");
    assert!(sheet.contains("\x1b[30;47;107m") && sheet.contains("Google Authenticator"), "{sheet}");
    let phone = Phone::new(&key_on(&sheet));
    screen.types(&phone.wrong_code());
    let again = screen.until("Code from the app: ");
    assert!(again.contains("The code is wrong."), "{again}");
    screen.types(&phone.code(0));
    let codes = screen.until("then cleared: ");
    assert!(
        codes.contains("\x1b[2J") && codes.contains("locked drawer") && codes.contains("sticky note"),
        "{codes}"
    );
    screen.types("\n");
    screen.until("then cleared: ");
    screen.types("saved\n");
    let end = screen.until("ext. 204.");
    let (_, after) = end.split_once("\x1b[H\x1b[2J\x1b[3J").expect("screen and scrollback cleared");
    for part in ["MFA: ON for games since ", "a code", "where you have put them", "5 left"] {
        assert!(after.contains(part), "{part}: {after}");
    }
    assert!(!after.contains(phone_key(&sheet)), "{after}");
    assert_eq!(screen.end(), Some(0));
}

// Row: S1-22
// Row: S2-6
#[test]
fn five_wrong_codes_bring_help_about_clocks_and_the_key_stays() {
    let scratch = Scratch::new();
    let mut screen = Screen::start(&scratch, &["enroll", GAMES]);
    let phone = Phone::new(&key_on(&screen.until("Code from the app: ")));
    for attempt in 1..=5 {
        screen.types(&phone.wrong_code());
        let said = screen.until("Code from the app: ");
        assert_eq!(said.contains("timedatectl"), attempt == 5, "{attempt}: {said}");
    }
    screen.types(&phone.code(10));
    assert!(screen.until("Code from the app: ").contains("about 5 min apart"));
    screen.types(&phone.code(0));
    screen.until("then cleared: ");
}

#[test]
fn a_code_that_may_stay_good_is_not_shown_and_the_terminal_recovers() {
    let scratch = Scratch::new();
    let phone = scratch.enrol(GAMES);
    let mut screen = Screen::start(&scratch, &["check", GAMES]);
    screen.until("single-use code: ");
    screen.types("junk\u{15}");
    screen.types(&format!("x\u{7f}{}\n", phone.recovery_codes[0].to_lowercase()));
    let said = screen.until("4 left");
    assert!(!said.to_uppercase().contains(&phone.recovery_codes[0]) && said.contains("Accepted"), "{said}");
    assert!(screen.echoes());
    assert_eq!(screen.end(), Some(0));
}

pub(crate) const CLEARED: &str = "\x1b[H\x1b[2J\x1b[3J";

#[test]
fn an_envelope_is_shown_until_it_is_kept() {
    let scratch = Scratch::new();
    let words = ["emergency", GAMES, "--count", "2", "--reason", "safe"];
    let mut screen = Screen::start(&scratch, &words);
    assert!(screen.until("then cleared: ").contains("Emergency codes for games"));
    screen.types("saved\n");
    screen.until(CLEARED);
    assert_eq!(screen.end(), Some(0));
}

// Row: S2-10
#[test]
fn ctrl_c_before_codes_that_are_not_kept_clears_the_screen_all_the_same() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    let emergency = ["emergency", GAMES, "--count", "2", "--reason", "safe"];
    for words in [&["recovery-codes", GAMES][..], &emergency] {
        let mut screen = Screen::start(&scratch, words);
        if words[0] == "recovery-codes" {
            screen.until("default: n]: ");
            screen.types("y\n");
        }
        screen.until("then cleared: ");
        screen.types("sav");
        // What the terminal makes of Ctrl-C; this one controls nobody.
        let child = Pid::from_raw(screen.child.id().try_into().unwrap());
        kill(child, Signal::SIGINT).unwrap();
        screen.until(CLEARED);
        screen.until("open nothing.");
        assert_eq!(screen.end(), None, "ended by the signal, as ever");
    }
    let status = scratch.json(&["status", GAMES], "").json();
    assert!(status["recovery_codes"]["left"] == 5 && status["emergency_codes"].is_null(), "{status}");
}

// Row: S2-2
// Row: S2-10
#[test]
fn whatever_ends_an_enrolment_takes_qr_and_key_off_the_screen() {
    let scratch = Scratch::new();
    let replacing = scratch.enrol("bin");
    assert_eq!(replacing.recovery_codes.len(), 5);
    for words in [&["enroll", GAMES][..], &["replace", "bin"], &["authenticator", "add", "bin"]] {
        for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
            let mut screen = Screen::start(&scratch, words);
            screen.until("Code from the app: ");
            screen.types("12");
            let child = Pid::from_raw(screen.child.id().try_into().unwrap());
            kill(child, signal).unwrap();
            screen.until(CLEARED);
            screen.until("for 24 hours");
            assert_eq!(screen.end(), None, "ended by the signal, as ever");
        }
        let mut screen = Screen::start(&scratch, words);
        screen.until("Code from the app: ");
        screen.types("\u{4}");
        screen.until(CLEARED);
        screen.until("No code was given.");
        assert_eq!(screen.end(), Some(1));
    }
    assert_eq!(scratch.json(&["status", GAMES], "").json()["state"], "pending");
    let said = scratch.run(&["status", "bin"], "").exits(0).out;
    assert!(said.contains("MFA: ON") && said.contains("waits for its first code: app 2"), "{said}");
    scratch.json(&["replace", "bin"], "").exits(0);
    let said = scratch.run(&["status", "bin"], "").exits(0).out;
    assert!(
        said.contains("waits for its first code: app, until ") && said.contains("; then app ends"),
        "{said}"
    );
}

#[test]
fn ctrl_c_at_a_hidden_prompt_ends_the_command_and_leaves_no_mute_terminal() {
    let scratch = Scratch::new();
    for key in ["\u{3}", "\u{1c}"] {
        let mut screen = Screen::start(&scratch, &["check", GAMES]);
        screen.until("single-use code: ");
        screen.types(&format!("123{key}"));
        screen.until("\n");
        assert_eq!(screen.end(), None, "ended by the signal, as ever");
        assert!(screen.echoes());
    }
}

/// The end of the input ends the question, and a line that it cuts off is taken as it is.
#[test]
fn ctrl_d_at_a_hidden_prompt_ends_the_line() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    for (keys, said) in [("\u{4}", "No code was given"), ("12345\u{4}", "look like a code")] {
        let mut screen = Screen::start(&scratch, &["check", GAMES]);
        screen.until("single-use code: ");
        screen.types(keys);
        screen.until(said);
        assert!(screen.end().is_some() && screen.echoes());
    }
}

#[test]
fn a_french_site_reads_french_throughout() {
    let scratch = Scratch::with("language = \"fr\"");
    let mut screen = Screen::start(&scratch, &["enroll", GAMES]);
    let sheet = screen.until("Code de l'application : ");
    let (_, rest) = sheet.split_once("Cl\u{e9} : ").unwrap();
    let phone = Phone::new(rest.lines().next().unwrap().trim());
    screen.types(&phone.code(0));
    let codes = screen.until("effac\u{e9} : ");
    assert!(codes.contains("5 codes de secours"), "{codes}");
    screen.types("not\u{e9}\n");
    assert!(screen.until("ext. 204.").contains("MFA : ACTIV\u{c9} pour games"));
    assert_eq!(screen.end(), Some(0));
}

/// Children of tests beside this one must not hold a terminal open whose test is over: its program would wait for ever.
fn keep_to_ourselves(end: &OwnedFd) {
    fcntl(end, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).unwrap();
}
