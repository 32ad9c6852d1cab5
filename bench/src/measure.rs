//! A scenario carried out: every lane in turn, round after round, so that whatever else the machine does meets all.

use crate::busy::Busy;
use crate::contestant::Contestant;
use crate::floor::Floor;
use crate::hashing::Hashing;
use crate::lane::Lane;
use crate::module::Module;
use crate::people;
use crate::products::{PRODUCTS, Product};
use crate::replies::{PERIOD, Reply};
use crate::scenario::{Effort, Medium, Scenario};
use crate::setting::Setting;
use crate::site::{Plan, Site};
use crate::stats::Sample;
use crate::syslog::Syslog;
use std::fs;
use std::io::{self, Error};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Single-use codes of each person where they are measured, the most wardkey gives; and what it gives by default.
pub(crate) const MANY_CODES: usize = 20;
const USUAL_CODES: usize = 5;

/// What all scenarios share.
pub(crate) struct Bench {
    pub(crate) scratch: PathBuf,
    pub(crate) login: PathBuf,
    pub(crate) module: Module,
    /// The built `same_calls.c`.
    pub(crate) same_calls: PathBuf,
    pub(crate) config: String,
    pub(crate) syslog: Syslog,
}

/// What came of one scenario.
pub(crate) struct Outcome {
    pub(crate) scenario: Scenario,
    pub(crate) rows: Vec<Row>,
}

/// What came of lanes that are not logins in a scenario.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) rounds: usize,
    pub(crate) rows: Vec<Row>,
    /// The row that the others are compared with.
    pub(crate) beside: &'static str,
}

impl Table {
    pub(crate) fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }
}

/// What came of one lane.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) crowd: usize,
    pub(crate) samples: Vec<Sample>,
    pub(crate) system_calls: Option<usize>,
}

impl Bench {
    pub(crate) fn run(&self, scenario: &Scenario, effort: Effort) -> io::Result<Outcome> {
        let dir = self.scratch.join(scenario.medium.directory()).join("now");
        fs::create_dir(&dir)?;
        let mut lanes = self.lanes(scenario, &dir)?;
        let busy = if scenario.medium == Medium::BusyDisk { Some(Busy::start(&dir)?) } else { None };
        let mut rows = take_turns(&mut lanes, scenario.warm_up(effort), scenario.rounds, &self.syslog)
            .map_err(|e| Error::other(format!("{}: {e}", scenario.name())))?;
        drop(busy);
        self.count_calls(&mut lanes, &mut rows)?;
        drop(lanes);
        fs::remove_dir_all(&dir)?;
        Ok(Outcome { scenario: scenario.clone(), rows })
    }

    /// Fills in the system calls of every row.
    pub(crate) fn count_calls(&self, lanes: &mut [Box<dyn Lane>], rows: &mut [Row]) -> io::Result<()> {
        for (lane, row) in lanes.iter_mut().zip(rows) {
            row.system_calls = lane.system_calls()?;
            self.syslog.empty();
        }
        Ok(())
    }

    fn lanes(&self, scenario: &Scenario, dir: &Path) -> io::Result<Vec<Box<dyn Lane>>> {
        let mut lanes: Vec<Box<dyn Lane>> = Vec::new();
        let single_use = scenario.reply == Reply::SingleUse;
        let codes = if single_use { MANY_CODES } else { USUAL_CODES };
        for crowd in scenario.crowds.iter().copied() {
            let people: Vec<_> = people::crowd(crowd).collect();
            let plan = Plan {
                dir: dir.join(crowd.to_string()),
                people: &people,
                names_only: scenario.names_only,
                throttled: scenario.reply == Reply::Throttled,
                codes,
                module: &self.module.path(scenario.setting.pages()),
                same_calls: &self.same_calls,
                config: &self.config,
            };
            let site = Rc::new(Site::make(&plan)?);
            for product in PRODUCTS {
                let has_crowd = scenario.crowds.len() == 1 || product.keeps_a_crowd();
                // Where nobody is asked there is no reply to begin with.
                let is_asked = product != Product::Empty || scenario.setting != Setting::AfterReply;
                if product.has(scenario.reply) && has_crowd && is_asked {
                    lanes.push(Box::new(self.contestant(product, scenario, &site)?));
                }
            }
        }
        lanes.push(Box::new(Floor::make(dir)?));
        if single_use {
            lanes.push(Box::new(Hashing(scenario.process)));
        }
        Ok(lanes)
    }

    fn contestant(&self, product: Product, scenario: &Scenario, site: &Rc<Site>) -> io::Result<Contestant> {
        Ok(Contestant {
            product,
            site: Rc::clone(site),
            login: self.login.clone(),
            reply: scenario.reply,
            process: scenario.process,
            setting: scenario.setting,
            clock: this_step()?,
            turn: 0,
            driver: None,
        })
    }
}

/// When the codes of now began.
pub(crate) fn this_step() -> io::Result<u64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(Error::other)?;
    Ok(now.as_secs() / PERIOD * PERIOD)
}

/// Who comes when in a round. Each begins with another one, and every second goes the other way: nobody always comes after
/// the same one.
pub(crate) fn turns(round: usize, count: usize) -> impl Iterator<Item = usize> {
    let begins = round / 2;
    (0..count).map(move |turn| {
        let step = if round.is_multiple_of(2) { turn } else { count - turn };
        (begins + step) % count
    })
}

/// Every lane once a round; the rounds that warm up do not count.
pub(crate) fn take_turns(
    lanes: &mut [Box<dyn Lane>],
    warm_up: usize,
    rounds: usize,
    syslog: &Syslog,
) -> io::Result<Vec<Row>> {
    let mut rows: Vec<Row> = lanes
        .iter()
        .map(|l| Row { name: l.name(), crowd: l.crowd(), samples: Vec::new(), system_calls: None })
        .collect();
    for round in 0..warm_up + rounds {
        for which in turns(round, lanes.len()) {
            let (Some(lane), Some(row)) = (lanes.get_mut(which), rows.get_mut(which)) else { continue };
            let sample = lane.once()?;
            syslog.empty();
            if round >= warm_up {
                row.samples.push(sample);
            }
        }
    }
    Ok(rows)
}
