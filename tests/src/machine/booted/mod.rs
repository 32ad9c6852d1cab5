//! A whole machine: systemd as process 1, logind, sockets and units, in a container over a copy-on-write view of this
//! machine's root, or of another one's. What happens inside stays inside, and is gone with the value.

#![expect(
    clippy::must_use_candidate,
    reason = "most often it matters what is done inside, not what that answers"
)]

pub mod installed;
pub mod journal;
pub mod logins;
pub mod power;
pub mod x_server;

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use nix::unistd::geteuid;
use tempfile::TempDir;

use crate::programs::terminal::Terminal;
use crate::proof::outcome::{Outcome, run};

/// Names the root directory of another system to boot, in place of this machine's own.
const ROOT: &str = "WARDKEY_ROOT";

/// What makes it, boots it and ends it.
const SCRIPT: &str = include_str!("machine.sh");

/// What is started in it: enough to log in.
const TARGET: &str = "\
[Unit]
Description=What somebody needs to log in
Requires=basic.target
Wants=dbus.service systemd-logind.service systemd-user-sessions.service
After=basic.target systemd-logind.service systemd-user-sessions.service
AllowIsolate=yes
";

/// What this machine may have switched on and nobody needs here.
const MASKED: [&str; 4] = [
    "systemd-networkd-wait-online.service",
    "systemd-firstboot.service",
    "ssh.socket",
    "systemd-resolved.service",
];

/// The last of a journal, without those who talk most.
const TALE: &str = "grep -vE 'gnome-session-bin|pipewire|wireplumber|gnome-shell\\[|gsd-' | tail -n 200";

/// How long anything in it may take, however loaded the machine is.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// A booted machine. Everything of it ends with the value.
pub struct Machine {
    /// Process 1 of it, as it is called outside.
    leader: u32,
    holder: Holder,
    // Last: its mount is gone before it is.
    directory: TempDir,
}

/// The process that holds mount and container, and ends them when it is let go.
struct Holder {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Machine {
    /// Boots one.
    ///
    /// # Panics
    /// If it does not come up, above all when not root.
    #[must_use]
    pub fn boot() -> Self {
        assert!(geteuid().is_root(), "a machine is booted by root");
        let directory =
            tempfile::Builder::new().prefix("wardkey-machine.").tempdir_in("/var/tmp").expect("/var/tmp");
        for part in ["upper", "work", "root"] {
            fs::create_dir(directory.path().join(part)).expect("a directory");
        }
        let mut holder = Holder::start(directory.path());
        assert_eq!(holder.line(), "mounted", "no overlay of this machine's root");
        let root = holder.sees(&directory.path().join("root"));
        lay_out(&root);
        let mut machine = Self { leader: 0, holder, directory };
        machine.come_up();
        machine
    }

    /// A command that runs inside, as root.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("nsenter");
        command.args([&format!("--target={}", self.leader), "--all", "--wd=/", "--"]).arg(program);
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("LANG", "C.UTF-8");
        command.env("HOME", "/root");
        command
    }

    /// Runs a line of shell inside.
    pub fn shell(&self, line: &str) -> Outcome {
        run(self.command("sh").args(["-c", line]), b"")
    }

    /// The same, which must succeed; the answer is what it printed.
    pub fn must(&self, line: &str) -> String {
        self.shell(line).exits(0).stdout
    }

    /// Where a file inside is seen from outside.
    #[must_use]
    pub fn path(&self, path: &str) -> PathBuf {
        seen_by(self.leader, Path::new(path))
    }

    /// Reads a text file inside; nothing, if it is not there.
    #[must_use]
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_default()
    }

    /// Writes a file inside, making its directory.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        write(&self.path(path), content.as_ref());
    }

    /// An account with this password.
    pub fn add_account(&self, name: &str, password: &str) {
        self.must(&format!("useradd --create-home --shell /bin/bash {name}"));
        run(&mut self.command("chpasswd"), format!("{name}:{password}\n").as_bytes()).exits(0);
    }

    /// What was written into the journal since it came up: who wrote it, and what.
    #[must_use]
    pub fn journal(&self) -> String {
        self.must("journalctl --no-pager --quiet --output=short-monotonic")
    }

    /// A person at a terminal inside, where one command runs, which leads the session: Debian 13's login makes a process
    /// group of its own, and is stopped where a shell that waits for it has the terminal.
    #[must_use]
    pub fn terminal(&self, line: &str) -> Terminal {
        // A terminal of this machine would be none of that one's.
        let mut command = self.command("setsid");
        command.args(["--ctty", "--", "script", "--quiet", "--return", "--command"]);
        command.arg(format!("exec {line}")).arg("/dev/null");
        Terminal::attach(command.env("TERM", "xterm"))
    }

    /// The sessions of `name` that logind knows.
    #[must_use]
    pub fn sessions(&self, name: &str) -> Vec<String> {
        let listed = self.must("loginctl list-sessions --no-legend");
        let lines = listed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        lines.filter(|words| words.get(2) == Some(&name)).map(|words| words[0].to_owned()).collect()
    }

    /// Every session that logind knows.
    #[must_use]
    pub fn all_sessions(&self) -> Vec<String> {
        let listed = self.must("loginctl list-sessions --no-legend");
        listed.lines().filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect()
    }

    /// Waits until `look` finds something.
    ///
    /// # Panics
    /// If it does not, saying `what` was waited for.
    pub fn wait_for<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(Instant::now() < deadline, "waited in vain for {what}");
            thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("its console:\n{}", console(self.directory.path()));
            let journal =
                self.shell(&format!("journalctl --no-pager --quiet --output=short-monotonic | {TALE}"));
            eprintln!("its journal:\n{}", journal.stdout);
        }
        self.holder.end();
    }
}

impl Holder {
    fn start(directory: &Path) -> Self {
        let mut child = Command::new("unshare")
            .args(["--mount", "--propagation", "private", "sh", "-c", SCRIPT, "machine.sh"])
            .arg(directory)
            .arg(env::var_os(ROOT).unwrap_or_else(|| "/".into()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("unshare of util-linux");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let input = child.stdin.take();
        Self { child, input, output }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("an answer");
        line.trim().to_owned()
    }

    fn says(&mut self, word: &str) {
        writeln!(self.input.as_mut().expect("a pipe"), "{word}").expect("said");
    }

    fn sees(&self, path: &Path) -> PathBuf {
        seen_by(self.child.id(), path)
    }

    fn end(&mut self) {
        drop(self.input.take());
        let deadline = Instant::now() + PATIENCE;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.end();
    }
}

/// Where the process finds `path`, as everybody may call it.
fn seen_by(process: u32, path: &Path) -> PathBuf {
    let inside = path.strip_prefix("/").unwrap_or(path);
    Path::new("/proc").join(process.to_string()).join("root").join(inside)
}

fn write(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().expect("a directory")).expect("made");
    fs::write(path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// What is other than on this machine, before it boots.
fn lay_out(root: &Path) {
    let _ = fs::remove_dir_all(root.join("var/log/journal"));
    let identity: String =
        (0..32).map(|_| char::from_digit(fastrand::u32(0..16), 16).expect("a digit")).collect();
    write(&root.join("etc/machine-id"), format!("{identity}\n").as_bytes());
    write(&root.join("etc/systemd/system/wardkey-tests.target"), TARGET.as_bytes());
    for unit in MASKED {
        let mask = root.join("etc/systemd/system").join(unit);
        let _ = fs::remove_file(&mask);
        std::os::unix::fs::symlink("/dev/null", mask).expect("a link");
    }
}

/// The container's first process, once it is systemd.
fn leader_of(nspawn: u32, directory: &Path) -> u32 {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let children = fs::read_to_string(format!("/proc/{nspawn}/task/{nspawn}/children"));
        let children = children.unwrap_or_else(|_| panic!("it broke off: {}", console(directory)));
        let is_systemd = |process: &&str| {
            fs::read_to_string(format!("/proc/{process}/comm")).is_ok_and(|name| name == "systemd\n")
        };
        if let Some(leader) = children.split_whitespace().find(is_systemd) {
            return leader.parse().expect("a process");
        }
        assert!(Instant::now() < deadline, "it does not boot: {}", console(directory));
        thread::sleep(Duration::from_millis(50));
    }
}

fn console(directory: &Path) -> String {
    fs::read_to_string(directory.join("console")).unwrap_or_default()
}
