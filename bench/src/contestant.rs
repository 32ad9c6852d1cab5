//! One product in one scenario: whose turn it is, what they type, and that the answer is the one expected.

use crate::driver::{Driver, Login};
use crate::lane::Lane;
use crate::people::{self, TEN};
use crate::products::Product;
use crate::replies::{PERIOD, Reply};
use crate::scenario::Process;
use crate::setting::Setting;
use crate::site::Site;
use crate::stats::Sample;
use crate::trace;
use std::io::{self, Error};
use std::path::PathBuf;
use std::process::Command;
use std::rc::Rc;

pub(crate) const SUCCESS: i32 = 0;
/// `PAM_AUTH_ERR`, and `PAM_MAXTRIES` of a module that tells waiting apart.
const REFUSED: [i32; 2] = [7, 11];

/// Wrong codes after which everyone who throttles does.
const TOO_MANY: usize = 6;

/// A product that logs people in.
pub(crate) struct Contestant {
    pub(crate) product: Product,
    pub(crate) site: Rc<Site>,
    pub(crate) login: PathBuf,
    pub(crate) reply: Reply,
    pub(crate) process: Process,
    pub(crate) setting: Setting,
    /// The time of day of the next login; a code works once, so it moves on with each.
    pub(crate) clock: u64,
    /// Logins so far.
    pub(crate) turn: usize,
    /// The one process, once it runs.
    pub(crate) driver: Option<Driver>,
}

impl Contestant {
    fn arguments(&self) -> Vec<PathBuf> {
        let options = self.setting.options().iter().map(PathBuf::from);
        let service = [self.site.confdir(), self.product.name().into()];
        options.chain(service).collect()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.login);
        command.args(self.arguments());
        command
    }

    /// The next login and whether it must be let in, once all is as the scenario has it.
    fn next(&mut self) -> io::Result<(Login, bool)> {
        let (turn, at) = (self.turn, self.clock);
        self.turn += 1;
        // Waiting must not end.
        self.clock += if self.reply == Reply::Throttled { 0 } else { PERIOD };
        let reply = match self.reply {
            Reply::Right | Reply::Replayed | Reply::Throttled => self.product.right(at),
            Reply::Wrong => self.product.wrong(at),
            Reply::SingleUse => self.site.code(self.product, turn / TEN).unwrap_or_else(|| "-".into()),
        };
        let login = Login { user: people::person(turn), at, reply };
        match self.reply {
            Reply::Replayed => drop(self.make(&login, true)?),
            Reply::Throttled if turn < TEN => self.guess(&login)?,
            _ => {}
        }
        let refused = self.reply.is_refused() && self.product != Product::Empty;
        Ok((login, !refused))
    }

    /// Types wrong codes, unmeasured, until the person has to wait.
    fn guess(&mut self, login: &Login) -> io::Result<()> {
        let let_in = self.product == Product::Empty;
        let reply = self.product.wrong(login.at);
        let wrong = Login { user: login.user.clone(), at: login.at, reply };
        (0..TOO_MANY).try_for_each(|_| self.make(&wrong, let_in).map(drop))
    }

    /// After a wrong code the same person comes in, unmeasured, so that nobody is made to wait: every wrong code
    /// is one that is really compared.
    fn forgive(&mut self, person: String) -> io::Result<()> {
        if self.reply != Reply::Wrong {
            return Ok(());
        }
        let at = self.clock;
        self.clock += PERIOD;
        let login = Login { user: person, at, reply: self.product.right(at) };
        self.make(&login, true).map(drop)
    }

    fn make(&mut self, login: &Login, let_in: bool) -> io::Result<Sample> {
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
        self.expect(status, let_in, login)?;
        Ok(sample)
    }

    fn expect(&self, status: i32, let_in: bool, login: &Login) -> io::Result<()> {
        let as_expected = if let_in { status == SUCCESS } else { REFUSED.contains(&status) };
        if as_expected {
            return Ok(());
        }
        let (product, user) = (self.product.name(), &login.user);
        Err(Error::other(format!("{product}: PAM said {status} to {user}'s {}", self.reply.name())))
    }
}

impl Lane for Contestant {
    fn name(&self) -> String {
        self.product.name().to_owned()
    }

    fn crowd(&self) -> usize {
        self.site.crowd()
    }

    fn once(&mut self) -> io::Result<Sample> {
        let (login, let_in) = self.next()?;
        let sample = self.make(&login, let_in)?;
        self.forgive(login.user)?;
        Ok(sample)
    }

    fn system_calls(&mut self) -> io::Result<Option<usize>> {
        // In one process the first login loads the module: the second one is counted.
        let logins = match self.process {
            Process::Fresh => 1,
            Process::One => 2,
        };
        let record = self.site.confdir().join("trace");
        let mut driver = Driver::start(trace::command(&self.login, &self.arguments(), &record))?;
        for _ in 0..logins {
            let (login, let_in) = self.next()?;
            let (status, _) = driver.log_in(&login)?;
            self.expect(status, let_in, &login)?;
            self.forgive(login.user)?;
        }
        drop(driver);
        trace::count(&record).map(Some)
    }
}
