//! One product in one scenario: whose turn it is, what they type, and that the answer is the one expected.

use crate::driver::{Driver, Login};
use crate::lane::Lane;
use crate::people::{self, TEN};
use crate::products::Product;
use crate::replies::{self, PERIOD, Reply};
use crate::scenario::Process;
use crate::site::Site;
use crate::stats::Sample;
use crate::trace;
use std::io::{self, Error};
use std::path::PathBuf;
use std::process::Command;
use std::rc::Rc;

const SUCCESS: i32 = 0;
const AUTH_ERR: i32 = 7;

/// A product that logs people in.
pub(crate) struct Contestant {
    pub(crate) product: Product,
    pub(crate) site: Rc<Site>,
    pub(crate) login: PathBuf,
    pub(crate) reply: Reply,
    pub(crate) process: Process,
    /// The time of day of the next login; a code works once, so it moves on with each.
    pub(crate) clock: u64,
    /// Logins so far.
    pub(crate) turn: usize,
    /// The one process, once it runs.
    pub(crate) driver: Option<Driver>,
}

impl Contestant {
    fn arguments(&self) -> [PathBuf; 3] {
        [self.login.clone(), self.site.confdir(), self.product.name().into()]
    }

    fn command(&self) -> Command {
        let [login, confdir, service] = self.arguments();
        let mut command = Command::new(login);
        command.arg(confdir).arg(service);
        command
    }

    fn next(&mut self) -> io::Result<(Login, i32)> {
        let (turn, at) = (self.turn, self.clock);
        self.turn += 1;
        self.clock += PERIOD;
        let reply = match self.reply {
            Reply::Right => replies::right(at),
            Reply::Wrong => replies::wrong(at),
            Reply::SingleUse => self.site.code(self.product, turn / TEN).unwrap_or_else(|| "-".into()),
        };
        let refused = self.reply == Reply::Wrong && self.product != Product::Empty;
        Ok((Login { user: people::person(turn), at, reply }, if refused { AUTH_ERR } else { SUCCESS }))
    }

    /// After a wrong code the same person comes in, unmeasured, so that nobody is made to wait: every wrong code
    /// is one that is really compared.
    fn forgive(&mut self, person: String) -> io::Result<()> {
        let at = self.clock;
        self.clock += PERIOD;
        let login = Login { user: person, at, reply: replies::right(at) };
        self.make(&login, SUCCESS).map(drop)
    }

    fn make(&mut self, login: &Login, expected: i32) -> io::Result<Sample> {
        let (status, sample) = match self.process {
            Process::Fresh => Driver::start(self.command())?.log_in(login)?,
            Process::One => {
                let mut driver = match self.driver.take() {
                    Some(driver) => driver,
                    None => Driver::start(self.command())?,
                };
                let answer = driver.log_in(login)?;
                self.driver = Some(driver);
                answer
            }
        };
        self.expect(status, expected, login)?;
        Ok(sample)
    }

    fn expect(&self, status: i32, expected: i32, login: &Login) -> io::Result<()> {
        if status == expected {
            return Ok(());
        }
        let (product, user) = (self.product.name(), &login.user);
        Err(Error::other(format!(
            "{product}: PAM said {status}, not {expected}, to {user}'s {}",
            self.reply.name()
        )))
    }
}

impl Lane for Contestant {
    fn name(&self) -> String {
        self.product.name().to_owned()
    }

    fn crowd(&self) -> usize {
        self.site.crowd
    }

    fn once(&mut self) -> io::Result<Sample> {
        let (login, expected) = self.next()?;
        let sample = self.make(&login, expected)?;
        if self.reply == Reply::Wrong {
            self.forgive(login.user)?;
        }
        Ok(sample)
    }

    fn system_calls(&mut self) -> io::Result<Option<usize>> {
        // In one process the first login loads the module: the second one is counted.
        let logins = match self.process {
            Process::Fresh => 1,
            Process::One => 2,
        };
        let record = self.site.confdir().join("trace");
        let mut driver = Driver::start(trace::command(&self.arguments(), &record))?;
        for _ in 0..logins {
            let (login, expected) = self.next()?;
            let (status, _) = driver.log_in(&login)?;
            self.expect(status, expected, &login)?;
            if self.reply == Reply::Wrong {
                self.forgive(login.user)?;
            }
        }
        drop(driver);
        trace::count(&record).map(Some)
    }
}
