//! A machine of its own for one test: accounts, PAM stacks, configuration, state, system log, clock.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use nix::unistd::geteuid;
use tempfile::TempDir;

use crate::machine::built::Built;
use crate::machine::namespace::Namespace;
use crate::machine::syslog::Syslog;
use crate::people::person::PASSWORD;
use crate::programs::authenticator_app;
use crate::programs::pam::{Script, Transcript};
use crate::proof::outcome::{Outcome, run};

/// The configuration file of every host.
pub const CONFIG: &str = "/etc/wardkey/wardkey.toml";
/// Where the state is.
pub const STATE: &str = "/var/lib/wardkey";
/// The audit file.
pub const AUDIT: &str = "/var/log/wardkey/audit.jsonl";
/// Whom a stuck person calls.
pub const SUPPORT: &str = "Clinic IT, ext. 204";
/// A part of the prompt for a code.
pub const CODE: &str = "Code (app or recovery";
/// The service in which our module stands alone, so that its own result is seen.
pub const ALONE: &str = "alone";

/// What gives programs another time of day; the loader finds it in the directory of its own architecture.
const FAKETIME: &str = "/usr/$LIB/faketime/libfaketime.so.1";

/// Password, then code: the lines a site writes.
const SEPARATE: &str = "\
auth     requisite pam_unix.so nodelay
auth     required  pam_wardkey.so
account  required  pam_wardkey.so
account  required  pam_unix.so
password [success=done ignore=ignore default=die] pam_wardkey.so
password required  pam_unix.so
session  required  pam_wardkey.so
session  required  pam_unix.so
";

/// A scratch machine. Everything of it ends with the value.
pub struct Host {
    namespace: Namespace,
    syslog: Syslog,
    root: TempDir,
    next_uid: Cell<u32>,
    clock_offset: Cell<i64>,
    preloaded: Cell<Option<&'static str>>,
}

impl Host {
    /// A host with the default configuration but for a window of five steps, and long waits after wrong codes.
    #[must_use]
    pub fn new() -> Self {
        Self::with_config("")
    }

    /// A host whose configuration also has these tables. The window is five steps unless they say otherwise.
    #[must_use]
    pub fn with_config(tables: &str) -> Self {
        let host = Self::bare();
        host.configure(tables);
        host
    }

    /// Writes such a configuration, with long waits if it names none, and runs `wardkey init`.
    pub fn configure(&self, tables: &str) {
        let window = if tables.contains("[totp]") { "" } else { "[totp]\nwindow = 5\n" };
        let wait = if tables.contains("[throttle]") { "" } else { "[throttle]\nfirst_wait = \"1h\"\n" };
        self.write(CONFIG, format!("support = \"{SUPPORT}\"\n{tables}\n{window}{wait}"));
        self.wardkey(&["init"], "").exits(0);
    }

    /// A host before `wardkey init`, without a configuration file.
    ///
    /// # Panics
    /// If it cannot be made, above all when not root.
    #[must_use]
    pub fn bare() -> Self {
        assert!(geteuid().is_root(), "these tests run as root, on private copies of what they change");
        let root =
            tempfile::Builder::new().prefix("wardkey-tests.").tempdir_in("/var/tmp").expect("/var/tmp");
        fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).expect("its mode");
        lay_out(root.path()).expect("a scratch directory");
        let syslog = Syslog::listen(&root.path().join("log.sock"));
        let namespace = Namespace::new(root.path());
        let (next_uid, clock_offset, preloaded) = (Cell::new(3000), Cell::new(0), Cell::new(None));
        let host = Self { namespace, syslog, root, next_uid, clock_offset, preloaded };
        host.service("other", "auth required pam_deny.so\naccount required pam_deny.so\n");
        host.service("wardkey", include_str!("../../../config/pam.d/wardkey"));
        host.service(ALONE, &four_doors(""));
        for service in ["login", "sshd", "su", "su-l", "sudo", "separate"] {
            host.service(service, SEPARATE);
        }
        host
    }

    /// The system log.
    #[must_use]
    pub fn syslog(&self) -> &Syslog {
        &self.syslog
    }

    /// A command in this host, at its time of day. Its process id is the program's own.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let offset = self.clock_offset.get();
        let faketime = (offset != 0).then_some(FAKETIME);
        let preloaded: Vec<&str> = faketime.into_iter().chain(self.preloaded.get()).collect();
        let mut command = if preloaded.is_empty() {
            self.namespace.command(program)
        } else {
            // Set inside, so that what libfaketime keeps in /dev/shm stays inside.
            let mut command = self.namespace.command("env");
            command.arg(format!("LD_PRELOAD={}", preloaded.join(":")));
            command.arg(format!("FAKETIME={offset:+}"));
            command.args(["NO_FAKE_STAT=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"]).arg(program);
            command
        };
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("LANG", "C.UTF-8");
        command
    }

    /// `command`, which is one of this host, started by another program.
    #[must_use]
    pub fn under(&self, starter: &[&str], command: &Command) -> Command {
        let inside = command.get_args().skip_while(|argument| *argument != "--").skip(1);
        let mut whole = self.command(starter[0]);
        whole.args(&starter[1..]).args(inside);
        whole
    }

    /// Runs a line of shell in this host.
    pub fn shell(&self, line: &str) -> Outcome {
        run(self.command("sh").args(["-c", line]), b"")
    }

    /// The administration command, to be started by the test.
    #[must_use]
    pub fn wardkey_command(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(self.built("wardkey"));
        command.args(arguments);
        command
    }

    /// Runs the administration command with `input` on its standard input.
    pub fn wardkey(&self, arguments: &[&str], input: &str) -> Outcome {
        run(&mut self.wardkey_command(arguments), input.as_bytes())
    }

    /// `pamclient` with one script, to be started by the test.
    ///
    /// # Panics
    /// Never: a script is always JSON.
    #[must_use]
    pub fn pam_command(&self, scripts: &[Script]) -> Command {
        let mut command = self.command(self.built("pamclient"));
        command.arg(serde_json::to_string(scripts).expect("JSON"));
        command
    }

    /// Follows a script by `pamclient` as root.
    ///
    /// # Panics
    /// If a prompt came that is not in the script, or one did not come.
    pub fn pam(&self, script: &Script) -> Transcript {
        self.follow(&mut self.pam_command(std::slice::from_ref(script)))
    }

    /// The same as an ordinary user, as a screen locker does.
    ///
    /// # Panics
    /// As [`Host::pam`].
    pub fn pam_as(&self, name: &str, script: &Script) -> Transcript {
        let command = self.pam_command(std::slice::from_ref(script));
        self.follow(&mut self.under(&as_user(name), &command))
    }

    fn follow(&self, command: &mut Command) -> Transcript {
        let outcome = run(command, b"").exits(0);
        let transcript = Transcript::read(&outcome.stdout);
        assert_eq!(transcript.unscripted(), "", "{transcript:#?}\n{}", self.syslog.text());
        transcript
    }

    /// One code at the `alone` service, as root.
    pub fn types(&self, name: &str, code: &str) -> Transcript {
        self.pam(&Script::new(ALONE, name).types(CODE, code))
    }

    /// Runs the command as an ordinary user, with `input` on its standard input.
    pub fn wardkey_as(&self, name: &str, arguments: &[&str], input: &str) -> Outcome {
        let command = self.wardkey_command(arguments);
        run(&mut self.under(&as_user(name), &command), input.as_bytes())
    }

    /// A built file as it is called in this host.
    #[must_use]
    pub fn built(&self, name: &str) -> PathBuf {
        self.root.path().join("built").join(name)
    }

    /// Where a file of this host is seen from outside.
    #[must_use]
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.namespace.path(path)
    }

    /// Reads a text file of this host.
    ///
    /// # Panics
    /// If it cannot be read.
    #[must_use]
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Writes a file of this host, making its directory.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let outside = self.path(path);
        fs::create_dir_all(outside.parent().expect("a directory")).expect("made");
        fs::write(outside, content).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Writes a PAM service file; `pam_wardkey.so` in it means the built module.
    pub fn service(&self, name: &str, lines: &str) {
        let module = self.built("libpam_wardkey.so");
        let lines = lines.replace("pam_wardkey.so", module.to_str().expect("a plain path"));
        self.write(&format!("/etc/pam.d/{name}"), lines);
    }

    /// Writes a PAM service in which our module stands alone, with `arguments`.
    pub fn service_alone(&self, name: &str, arguments: &str) {
        self.service(name, &four_doors(arguments));
    }

    /// An account with the usual password.
    pub fn add_account(&self, name: &str) -> u32 {
        self.add_account_with_password(name, PASSWORD)
    }

    /// An account with this password; the answer is its uid.
    ///
    /// # Panics
    /// If the files cannot be written.
    pub fn add_account_with_password(&self, name: &str, password: &str) -> u32 {
        let uid = self.next_uid.get();
        self.next_uid.set(uid + 1);
        let mut openssl = Command::new("openssl");
        let hash = run(openssl.args(["passwd", "-6", "-stdin"]), password.as_bytes()).exits(0).stdout;
        self.append("/etc/passwd", &format!("{name}:x:{uid}:{uid}::/home/{name}:/bin/sh"));
        self.append("/etc/shadow", &format!("{name}:{}:20000:0:99999:7:::", hash.trim()));
        self.append("/etc/group", &format!("{name}:x:{uid}:"));
        let home = self.path(format!("/home/{name}"));
        fs::create_dir_all(&home).expect("a home");
        chown(&home, Some(uid), Some(uid)).expect("its owner");
        uid
    }

    /// Appends a line to a file of this host.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn append(&self, path: &str, line: &str) {
        let mut text = self.read(path);
        let _ = writeln!(text, "{line}");
        fs::write(self.path(path), text).expect("written");
    }

    /// Seconds since 1970, by this host's clock.
    #[must_use]
    pub fn now(&self) -> u64 {
        authenticator_app::now().saturating_add_signed(self.clock_offset.get())
    }

    /// From now on this library stands before the C library's own, but in set-user-ID programs.
    pub fn preload(&self, library: &'static str) {
        self.preloaded.set(Some(library));
    }

    /// Whether one does.
    #[must_use]
    pub fn preloads(&self) -> bool {
        self.preloaded.get().is_some()
    }

    /// Sets this host's clock `seconds` ahead (or back, if negative). Set-user-ID programs keep the machine's.
    pub fn advance(&self, seconds: i64) {
        self.clock_offset.set(self.clock_offset.get() + seconds);
    }
}

impl Default for Host {
    fn default() -> Self {
        Self::new()
    }
}

/// What starts a program as this user.
fn as_user(name: &str) -> [&str; 4] {
    ["runuser", "--user", name, "--"]
}

/// All four kinds of PAM line, with our module alone.
fn four_doors(arguments: &str) -> String {
    ["auth", "account", "password", "session"]
        .map(|door| format!("{door} required pam_wardkey.so {arguments}\n"))
        .concat()
}

/// Fills the scratch directory from which the namespace is made.
fn lay_out(root: &Path) -> io::Result<()> {
    for directory in ["built", "dev", "home", "var/tmp", "var/mail", "var/lib/sudo", "var/log", "var/spool"] {
        fs::create_dir_all(root.join(directory))?;
    }
    std::os::unix::fs::symlink("/run", root.join("var/run"))?;
    let copied = Command::new("cp").args(["-a", "/etc"]).arg(root).status()?;
    if !copied.success() {
        return Err(io::Error::other("cannot copy /etc"));
    }
    // Images and containers lack it.
    fs::write(root.join("etc/machine-id"), "3d1219c7c4c5404aaa1f6d2a48adfda4\n")?;
    fs::write(
        root.join("etc/login.defs"),
        "LOGIN_RETRIES 5\nLOGIN_TIMEOUT 60\nENV_PATH PATH=/usr/bin:/bin\n",
    )?;
    let _ = fs::remove_dir_all(root.join("etc/wardkey"));
    let built = Built::find();
    for file in [built.module, built.command, built.helper, built.verifier, built.pamclient] {
        link_or_copy(&file, &root.join("built").join(file.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

/// A build that runs at the same time puts new files beside: the host keeps those it began with.
fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(drop))
}
