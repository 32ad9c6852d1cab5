//! Loading a module as libpam does, by `dlopen`: found, mapped and relocated, with every library that it needs and that
//! the program does not have yet. Everything is in the page cache.

use crate::driver::{Driver, Login};
use crate::lane::Lane;
use crate::measure::{Bench, Table, take_turns};
use crate::module::Pages;
use crate::products::{PRODUCTS, Product};
use crate::scenario::{Effort, WARM_UP};
use crate::stats::Sample;
use crate::trace;
use std::env::consts::ARCH;
use std::io::{self, Error};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The name of the table.
pub(crate) const NAME: &str = "loading the module, fresh process";

/// The table, if its name contains `only`.
pub(crate) fn run(bench: &Bench, effort: Effort, only: &str) -> io::Result<Option<Table>> {
    if !NAME.contains(only) {
        return Ok(None);
    }
    eprintln!("{NAME} ...");
    let mut lanes: Vec<Box<dyn Lane>> = Vec::new();
    let record = bench.scratch.join("memory/load");
    let lane = |name: &str, module| Loading {
        name: name.to_owned(),
        login: bench.login.clone(),
        module,
        record: record.clone(),
    };
    for product in PRODUCTS {
        lanes.push(Box::new(lane(product.name(), module(product, bench)?)));
        if product == Product::Wardkey {
            let name = format!("large folios, {}", product.name());
            lanes.push(Box::new(lane(&name, bench.module.path(Pages::LargeFolios))));
        }
    }
    let rounds = effort.rounds(300, 10, 30);
    let mut rows = take_turns(&mut lanes, effort.rounds(WARM_UP, 10, 10), rounds, &bench.syslog)?;
    bench.count_calls(&mut lanes, &mut rows)?;
    Ok(Some(Table { name: NAME, rounds, rows, beside: Product::Google.name() }))
}

/// Where the file is.
fn module(product: Product, bench: &Bench) -> io::Result<PathBuf> {
    let Some(name) = product.system_module() else {
        let is_ours = product == Product::Wardkey;
        return Ok(if is_ours { bench.module.path(Pages::Single) } else { bench.same_calls.clone() });
    };
    let dirs = [
        format!("/usr/lib/{ARCH}-linux-gnu/security"),
        format!("/lib/{ARCH}-linux-gnu/security"),
        "/usr/lib64/security".to_owned(),
        "/usr/lib/security".to_owned(),
    ];
    let found = dirs.iter().map(|dir| Path::new(dir).join(name)).find(|path| path.exists());
    found.ok_or_else(|| Error::other(format!("{name} is in none of {dirs:?}")))
}

/// A row of the table.
struct Loading {
    name: String,
    login: PathBuf,
    module: PathBuf,
    record: PathBuf,
}

impl Loading {
    fn load(&self, command: Command) -> io::Result<Sample> {
        // No login is made; the line is what sets the program going.
        let nobody = Login { user: "-".into(), at: 0, reply: "-".into() };
        match Driver::start(command)?.log_in(&nobody)? {
            (0, sample) => Ok(sample),
            _ => Err(Error::other(format!("{} cannot be loaded", self.module.display()))),
        }
    }

    fn arguments(&self) -> [PathBuf; 2] {
        ["-l".into(), self.module.clone()]
    }
}

impl Lane for Loading {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn once(&mut self) -> io::Result<Sample> {
        let mut command = Command::new(&self.login);
        command.args(self.arguments());
        self.load(command)
    }

    fn system_calls(&mut self) -> io::Result<Option<usize>> {
        self.load(trace::command(&self.login, &self.arguments(), &self.record))?;
        trace::count(&self.record).map(Some)
    }
}
