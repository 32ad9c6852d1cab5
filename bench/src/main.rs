//! What one login costs: wardkey beside other second-factor modules and an empty stack, in one run, in turn.
//!
//! `bench/run` starts it inside a mount namespace of its own; `docs/benchmarks.md` says what is measured and how to
//! read it.

mod busy;
mod contestant;
mod driver;
mod floor;
mod gate;
mod goals;
mod hashing;
mod lane;
mod loading;
mod machine;
mod measure;
mod module;
mod names;
mod people;
mod plot;
mod products;
mod race;
mod removal;
mod replies;
mod report;
mod scenario;
mod setting;
mod site;
mod ssh;
mod stats;
mod syslog;
mod trace;
mod unlock;

use clap::Parser;
use scenario::Effort;
use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Measures one login of several PAM modules.
#[derive(Debug, Parser)]
struct Options {
    /// A directory made by `bench/private.sh`
    #[arg(long)]
    scratch: PathBuf,
    /// The built `login.c`
    #[arg(long)]
    login: PathBuf,
    /// The built `pages.c`
    #[arg(long)]
    pages: PathBuf,
    /// The built `same_calls.c`
    #[arg(long)]
    same_calls: PathBuf,
    /// The module to measure
    #[arg(long)]
    module: PathBuf,
    /// The helper to measure it with
    #[arg(long)]
    helper: PathBuf,
    /// The configuration to measure it with; paths in it are replaced
    #[arg(long)]
    config: PathBuf,
    /// Where `bench.json`, `bench.md` and the drawings go
    #[arg(long)]
    out: PathBuf,
    /// A tenth of the logins, and 10,000 users for 100,000
    #[arg(long)]
    quick: bool,
    /// 100,000 whole records on the disk, not names alone
    #[arg(long, conflicts_with = "quick")]
    full: bool,
    /// Only scenarios whose name contains this
    #[arg(long, default_value = "")]
    only: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args().nth(1).as_deref() == Some(hashing::ONCE) {
        return Ok(hashing::once()?);
    }
    let options = Options::parse();
    people::add_accounts()?;
    let bench = measure::Bench {
        scratch: options.scratch.clone(),
        login: options.login,
        module: module::Module::copy(&options.module, &options.scratch, &options.pages)?,
        same_calls: options.same_calls,
        config: fs::read_to_string(&options.config)?,
        syslog: syslog::Syslog::listen()?,
    };
    let effort = match (options.quick, options.full) {
        (true, _) => Effort::Quick,
        (_, true) => Effort::Full,
        _ => Effort::Usual,
    };
    let only = &options.only;
    let mut machine = machine::Machine::look(&options.scratch, effort.command(only))?;
    let mut outcomes = Vec::new();
    for scenario in scenario::all(effort).iter().filter(|s| s.name().contains(only)) {
        eprintln!("{} ...", scenario.name());
        outcomes.push(bench.run(scenario, effort)?);
    }
    let mut tables = Vec::from_iter(loading::run(&bench, effort, only)?);
    tables.extend(ssh::run(&bench, effort, only)?);
    tables.extend(unlock::run(&bench, &options.helper, effort, only)?);
    let races = race::run(&bench, effort, only)?;
    machine.finish()?;
    let weight = bench.module.weigh()?;
    let goals = goals::judge(&weight, &outcomes, &tables, &races);
    let drawn = plot::all(&outcomes, &tables, &races);
    Ok(write(&options.out, &report::Run { machine, weight, outcomes, tables, races, goals, drawn })?)
}

/// Puts all that came of it where it was asked for, and the page on standard output too.
fn write(out: &Path, run: &report::Run) -> io::Result<()> {
    let page = report::markdown(run);
    print!("{page}");
    fs::create_dir_all(out)?;
    // Drawings of an earlier run must not be taken for this one's.
    for entry in fs::read_dir(out)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "svg") {
            fs::remove_file(path)?;
        }
    }
    for drawn in &run.drawn {
        fs::write(out.join(&drawn.file), &drawn.svg)?;
    }
    fs::write(out.join("bench.md"), &page)?;
    fs::write(out.join("bench.json"), report::json(run)?)?;
    eprintln!("Also in {}: bench.md, bench.json, *.svg", out.display());
    Ok(())
}
