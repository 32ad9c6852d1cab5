//! A session of someone's, reopened: at first by a code, and then by grace, with `pam_setcred` as lockers call it.

use super::screen::{By, Door, expect};
use super::site::{RETURN, Site};
use crate::driver;
use crate::lane::Lane;
use crate::people::seated;
use crate::stats::Sample;
use std::io::{self, Error};
use std::process::Command;
use std::rc::Rc;

/// A session as the kernel's audit numbers it, and in it a program for each line of `$2` that runs `$3` and so on.
const SESSION: &str = r#"
echo "$1" >/proc/self/loginuid || exit
logins=$2
shift 2
printf '%s\n' "$logins" | while IFS= read -r login; do sleep 0.03; printf '%s\n' "$login" | "$@"; done
"#;

/// What cannot be a code: only where none is asked for does it pass.
const NO_CODE: &str = "-";

/// How the session is reopened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reopening {
    /// By a code: it is a new session.
    Code,
    /// Without: the code was typed shortly before, unmeasured.
    Grace,
}

/// A row of the table.
pub(super) struct Seat {
    pub(super) name: &'static str,
    pub(super) site: Rc<Site>,
    pub(super) reopening: Reopening,
    pub(super) by: By,
    pub(super) turn: usize,
}

impl Lane for Seat {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn once(&mut self) -> io::Result<Sample> {
        let n = self.turn;
        self.turn += 1;
        let (user, uid) = seated(n);
        let code = self.site.login(Door::Wardkey, n)?;
        let mut logins = format!("{user} {} {}", code.at, code.reply);
        if self.reopening == Reopening::Grace {
            logins.push_str(&format!("\n{user} {} {NO_CODE}", code.at));
        }
        let mut shell = Command::new("sh");
        shell.args(["-c", SESSION, "sh", &uid.to_string(), &logins]);
        if self.by == By::Person {
            shell.args([
                "setpriv",
                "--reuid",
                &uid.to_string(),
                "--regid",
                &uid.to_string(),
                "--clear-groups",
            ]);
        }
        shell.arg(&self.site.login).arg("-c").arg(self.site.confdir()).arg(RETURN);
        let output = shell.output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let mut measured = None;
        for line in said.lines() {
            let (status, sample) = driver::read(line).ok_or_else(|| Error::other(format!("{line:?}")))?;
            expect(self.name, &user, status)?;
            measured = Some(sample);
        }
        let all = said.lines().count() == logins.lines().count();
        measured.filter(|_| all).ok_or_else(|| {
            Error::other(format!("{}: no session: {}", self.name, String::from_utf8_lossy(&output.stderr)))
        })
    }
}
