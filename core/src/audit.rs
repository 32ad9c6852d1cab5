//! Audit lines: what happened to whom, from where, by whom. Never a code or a secret.

use crate::policy::config::Config;
use crate::printable::in_json;
use crate::store::{Locked, Section, give_to_root};
use crate::system::clock::Timestamp;
use crate::system::owner::Owner;
use crate::system::syslog::{Line, Severity};
use crate::system::trusted_file::{self, Access, Demand, Readers, Reason, Untrusted};
use nix::fcntl::{OFlag, openat};
use nix::sys::stat::{Mode, fchmod, fstat};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Largest audit file that is still added to: a runaway must not fill what `fdatasync` needs elsewhere.
const MAX_LEN: u64 = 1 << 40;

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum AuditResult {
    /// A login or a check: yes.
    Accepted,
    /// A login or a check: no.
    Refused,
    /// A command: carried out.
    Done,
    /// Something was broken.
    Failed,
}

impl AuditResult {
    /// Its word in a line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// One line.
#[derive(Debug, Clone)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Event<'a> {
    /// When.
    pub time: Timestamp,
    /// What: `login`, or the command.
    pub event: &'a str,
    /// Whom it concerned.
    pub user: Option<&'a str>,
    /// PAM service.
    pub service: Option<&'a str>,
    /// PAM remote host.
    pub rhost: Option<&'a str>,
    /// Terminal.
    pub tty: Option<&'a str>,
    /// Who did it.
    pub actor: Option<&'a str>,
    /// With what kind of credential.
    pub method: Option<&'a str>,
    /// How it ended.
    pub result: AuditResult,
    /// Why.
    pub reason: Option<&'a str>,
    /// At which seat of a clinic.
    #[cfg_attr(test, serde(skip_serializing_if = "Option::is_none"))]
    pub seat: Option<&'a str>,
    /// For how many refusals, and logins that need no code, the line stands, where it is more than its own: those before it left
    /// none.
    #[cfg_attr(test, serde(skip_serializing_if = "Option::is_none"))]
    pub count: Option<u64>,
}

impl Event<'_> {
    /// The line as the file has it, without its newline; JSON escapes whatever could forge a second one.
    #[must_use]
    pub fn to_json(&self) -> String {
        let result = self.result.name();
        let texts = [
            ("user", self.user),
            ("service", self.service),
            ("rhost", self.rhost),
            ("tty", self.tty),
            ("actor", self.actor),
            ("method", self.method),
            ("result", Some(result)),
            ("reason", self.reason),
        ];
        let mut line = String::new();
        line.push_str(r#"{"time":""#);
        self.time.write_to(&mut line);
        line.push_str(r#"","event":"#);
        put_json(&mut line, self.event);
        for (key, value) in texts {
            put_key(&mut line, key);
            match value {
                Some(value) => put_json(&mut line, value),
                None => line.push_str("null"),
            }
        }
        if let Some(seat) = self.seat {
            put_key(&mut line, "seat");
            put_json(&mut line, seat);
        }
        if let Some(count) = self.count {
            put_key(&mut line, "count");
            line.push_str(&count.to_string());
        }
        line.push('}');
        line
    }

    /// The line as syslog has it: `key=value`, values quoted where they need it.
    #[must_use]
    pub fn to_syslog(&self) -> String {
        let fields = [
            ("user", self.user),
            ("service", self.service),
            ("rhost", self.rhost),
            ("tty", self.tty),
            ("actor", self.actor),
            ("method", self.method),
            ("reason", self.reason),
            ("seat", self.seat),
        ];
        let mut line = String::new();
        for part in [self.event, " ", self.result.name()] {
            line.push_str(part);
        }
        for (key, value) in fields {
            let Some(value) = value else { continue };
            for part in [" ", key, "="] {
                line.push_str(part);
            }
            put_quoted(&mut line, value);
        }
        if let Some(count) = self.count {
            line.push_str(&format!(" count={count}"));
        }
        line
    }

    /// Writes the line to the audit file, and says what syslog must hear: the same line, and whether the file failed.
    /// Neither failing changes what was done.
    pub fn record(&self, severity: Severity, file: &AuditFile) -> Recorded {
        let mut lines = vec![Line::new(severity, self.to_syslog())];
        let failure = self.append(file).err();
        if let Some(why) = &failure {
            lines.push(Line::new(Severity::Error, format!("the audit file cannot be written: {why}")));
        }
        Recorded { lines, failure }
    }

    /// Adds the line to the audit file, which is made if it is missing.
    ///
    /// # Errors
    /// What went wrong, naming the file.
    fn append(&self, file: &AuditFile) -> Result<(), Untrusted> {
        let mut line = self.to_json();
        line.push('\n');
        add_whole(open(file)?, line.as_bytes()).map_err(|e| refused(&file.path, e))
    }
}

/// The file of a site's lines, and whose it may be besides root's: where a verifier runs, both write to it.
#[derive(Debug, Clone)]
pub struct AuditFile {
    path: PathBuf,
    owner: Owner,
}

impl AuditFile {
    /// As the configuration has it.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self { path: config.log.audit_file.path(), owner: config.owner() }
    }
}

impl AuditFile {
    /// Gives the file to the account of a verifier, and makes it where it is missing: the account may make none there itself. It
    /// may enter the directory, where that is closed to others.
    ///
    /// # Errors
    /// [`Untrusted`].
    pub fn hand_over(&self) -> Result<(), Untrusted> {
        let above = self.path.parent().unwrap_or(Path::new("/"));
        let dir = trusted_file::open_dir(None, above, above, Readers::Anyone)?;
        let mode = fstat(&dir).map_err(|e| refused(above, e.into()))?.st_mode;
        if mode & 0o001 == 0 {
            self.owner.let_in(&dir).map_err(|e| refused(above, e.into()))?;
        }
        self.owner.take(open(self)?).map_err(|e| refused(&self.path, e.into()))
    }
}

/// What became of a line.
#[must_use]
#[derive(Debug)]
pub struct Recorded {
    /// What syslog must hear, in this order.
    pub lines: Vec<Line>,
    /// Why the audit file does not have the line.
    pub failure: Option<Untrusted>,
}

/// Why lines could not be added to the file that is there; it is not touched.
#[must_use]
pub fn fault(file: &AuditFile) -> Option<Untrusted> {
    open_present(file).err().filter(|e| !e.is_missing())
}

fn put_quoted(line: &mut String, value: &str) {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._:/@-%".contains(&b);
    if !value.is_empty() && value.bytes().all(is_plain) {
        line.push_str(value);
    } else {
        line.push_str(&format!("{value:?}"));
    }
}

/// The key of a field that is not the first.
fn put_key(line: &mut String, key: &str) {
    for part in [",\"", key, "\":"] {
        line.push_str(part);
    }
}

/// A JSON string. What none of its letters needs escaping for stands as it is, which is most; `serde_json` writes the rest.
fn put_json(line: &mut String, text: &str) {
    if text.bytes().all(|b| matches!(b, b' '..=b'~') && !matches!(b, b'"' | b'\\')) {
        for part in ["\"", text, "\""] {
            line.push_str(part);
        }
    } else {
        line.push_str(&in_json(serde_json::to_string(text).unwrap_or_else(|_| "null".to_owned())));
    }
}

fn refused(path: &Path, error: io::Error) -> Untrusted {
    Untrusted { path: path.to_path_buf(), reason: Reason::Io(error) }
}

fn open_present(file: &AuditFile) -> Result<File, Untrusted> {
    let demand = Demand {
        access: Access::Append,
        readers: Readers::Anyone,
        owner: file.owner,
        max_len: MAX_LEN,
        may_be_linked: false,
    };
    trusted_file::open(None, &file.path, &file.path, demand)
}

fn open(file: &AuditFile) -> Result<File, Untrusted> {
    let path = &file.path;
    match open_present(file) {
        Err(e) if e.is_missing() => {
            let flags =
                OFlag::O_WRONLY | OFlag::O_APPEND | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW;
            let private = Mode::S_IRUSR | Mode::S_IWUSR;
            // Someone else may have made it meanwhile; then theirs is opened, with all checks.
            let made = openat(nix::fcntl::AT_FDCWD, path, flags | OFlag::O_CLOEXEC, private);
            match made {
                // The mode again: a caller's umask may have taken even root's own bits away.
                Ok(fd) => {
                    if file.owner == Owner::ROOT {
                        give_to_root(nix::fcntl::AT_FDCWD, path);
                    }
                    let made = file.owner.take(&fd).and_then(|()| fchmod(&fd, private));
                    made.map(|()| File::from(fd)).map_err(|e| refused(path, e.into()))
                }
                Err(nix::Error::EEXIST) => open_present(file),
                Err(e) => Err(refused(path, e.into())),
            }
        }
        other => other,
    }
}

/// One write, so that lines of several processes do not mix; what fits only in part is taken back.
fn add_whole(file: File, line: &[u8]) -> io::Result<()> {
    // The lock keeps a taken-back line from cutting off another process's; without it the line is still added.
    let section = Section::enter();
    match Locked::try_take(&section, file) {
        Ok(file) => add(&file, line, true),
        Err(file) => add(&file, line, false),
    }
}

fn add(mut file: &File, line: &[u8], may_be_taken_back: bool) -> io::Result<()> {
    let before = file.metadata()?.len();
    if !crate::system::file_limit::allows(before + line.len() as u64) {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let written = file.write(line)?;
    if written == line.len() {
        return Ok(());
    }
    if may_be_taken_back {
        file.set_len(before)?;
    }
    Err(io::ErrorKind::StorageFull.into())
}

#[cfg(test)]
#[path = "audit_tests.rs"]
mod tests;
