//! One unlock after another, each by a program of its own and by another person than the one before.

use super::site::Site;
use crate::driver::{Driver, Login};
use crate::gate::QUIET;
use crate::lane::Lane;
use crate::people::{PASSWORD, seated};
use crate::products::wardkey;
use crate::replies;
use crate::stats::Sample;
use std::io::{self, Error};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::rc::Rc;
use std::thread::sleep;
use std::time::{SystemTime, UNIX_EPOCH};

/// Which module is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// This one, by an authenticator code.
    Wardkey,
    /// `pam_unix.so`, by a password.
    Unix,
}

/// Whose process asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Root's, as a display manager's is.
    Root,
    /// The person's own, as a screen locker's is.
    Person,
}

impl Door {
    pub(super) const fn service(self) -> &'static str {
        match self {
            Self::Wardkey => "wardkey",
            Self::Unix => "unix",
        }
    }
}

impl Site {
    /// The program that logs people in, as the process of root or of person number `n`.
    pub(super) fn program(&self, by: By, n: usize) -> Command {
        let mut command = Command::new(&self.login);
        if by == By::Person {
            let (_, uid) = seated(n);
            command.uid(uid).gid(uid);
        }
        command
    }

    /// What person number `n` types now. Whatever they have typed before is forgotten.
    pub(super) fn login(&self, door: Door, n: usize) -> io::Result<Login> {
        let (user, _) = seated(n);
        let at = now()?;
        let reply = match door {
            Door::Unix => PASSWORD.to_owned(),
            Door::Wardkey => {
                wardkey::forget(&self.dir, &user)?;
                replies::right(at)
            }
        };
        Ok(Login { user, at, reply })
    }
}

fn now() -> io::Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH).map_err(Error::other)?.as_secs())
}

/// A login that is refused spoils the measurement.
pub(super) fn expect(who: &str, user: &str, status: i32) -> io::Result<()> {
    if status == 0 { Ok(()) } else { Err(Error::other(format!("{who}: PAM said {status} to {user}"))) }
}

/// A row of the table.
pub(super) struct Screen {
    pub(super) name: &'static str,
    pub(super) site: Rc<Site>,
    pub(super) door: Door,
    pub(super) by: By,
    pub(super) turn: usize,
}

impl Lane for Screen {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn once(&mut self) -> io::Result<Sample> {
        let n = self.turn;
        self.turn += 1;
        let mut command = self.site.program(self.by, n);
        command.arg(self.site.confdir()).arg(self.door.service());
        sleep(QUIET);
        let login = self.site.login(self.door, n)?;
        let (status, sample) = Driver::start(command)?.log_in(&login)?;
        expect(self.name, &login.user, status)?;
        Ok(sample)
    }
}
