//! Loading a module as libpam does, by `dlopen`: found, mapped and relocated, with every library that it needs and that
//! the program does not have yet. Everything is in the page cache.

use crate::driver::{Driver, Login};
use crate::lane::Lane;
use crate::measure::{Bench, Table, take_turns};
use crate::products::{PRODUCTS, Product};
use crate::scenario::Effort;
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
    for product in PRODUCTS {
        let (login, module) = (bench.login.clone(), module(product, &bench.module)?);
        lanes.push(Box::new(Loading { product, login, module, record: bench.scratch.join("memory/load") }));
    }
    let rounds = effort.rounds(300, 10, 30);
    let mut rows = take_turns(&mut lanes, rounds, &bench.syslog)?;
    bench.count_calls(&mut lanes, &mut rows)?;
    Ok(Some(Table { name: NAME, rounds, rows, beside: Product::Google.name() }))
}

/// Where the file is.
fn module(product: Product, ours: &Path) -> io::Result<PathBuf> {
    let Some(name) = product.system_module() else { return Ok(ours.to_owned()) };
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
    product: Product,
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

    fn arguments(&self) -> [PathBuf; 3] {
        [self.login.clone(), "--load".into(), self.module.clone()]
    }
}

impl Lane for Loading {
    fn name(&self) -> String {
        self.product.name().to_owned()
    }

    fn once(&mut self) -> io::Result<Sample> {
        let [login, option, module] = self.arguments();
        let mut command = Command::new(login);
        command.arg(option).arg(module);
        self.load(command)
    }

    fn system_calls(&mut self) -> io::Result<Option<usize>> {
        self.load(trace::command(&self.arguments(), &self.record))?;
        trace::count(&self.record).map(Some)
    }
}
