//! What one login costs: wardkey beside other second-factor modules and an empty stack, in one run, in turn.
//!
//! `bench/run` starts it inside a mount namespace of its own; `docs/benchmarks.md` says what is measured and how to
//! read it.

mod busy;
mod contestant;
mod driver;
mod floor;
mod goals;
mod hashing;
mod lane;
mod machine;
mod measure;
mod people;
mod products;
mod replies;
mod report;
mod scenario;
mod site;
mod stats;
mod syslog;
mod trace;
mod unlock;

use clap::Parser;
use scenario::Effort;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

/// Measures one login of several PAM modules.
#[derive(Debug, Parser)]
struct Options {
    /// A directory made by `bench/private.sh`
    #[arg(long)]
    scratch: PathBuf,
    /// The built `login.c`
    #[arg(long)]
    login: PathBuf,
    /// The module to measure
    #[arg(long)]
    module: PathBuf,
    /// The helper to measure it with
    #[arg(long)]
    helper: PathBuf,
    /// The configuration to measure it with; paths in it are replaced
    #[arg(long)]
    config: PathBuf,
    /// Where `bench.json` and `bench.md` go
    #[arg(long)]
    out: PathBuf,
    /// A tenth of the logins, and 10,000 users for 100,000
    #[arg(long)]
    quick: bool,
    /// Also 100,000 users on the disk
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
        module: options.module.clone(),
        config: fs::read_to_string(&options.config)?,
        syslog: syslog::Syslog::listen()?,
    };
    let effort = match (options.quick, options.full) {
        (true, _) => Effort::Quick,
        (_, true) => Effort::Full,
        _ => Effort::Usual,
    };
    let mut machine = machine::Machine::look(&options.scratch, &options.module)?;
    let mut results = Vec::new();
    for scenario in scenario::all(effort).iter().filter(|s| s.name().contains(&options.only)) {
        eprintln!("{} ...", scenario.name());
        results.push(bench.run(scenario)?);
    }
    let unlocks = unlock::run(&bench, &options.helper, effort, &options.only)?;
    machine.finish()?;
    let goals = goals::judge(&results, &unlocks);
    let page = report::markdown(&machine, &results, &unlocks, &goals);
    print!("{page}");
    fs::create_dir_all(&options.out)?;
    fs::write(options.out.join("bench.md"), &page)?;
    fs::write(options.out.join("bench.json"), report::json(&machine, &results, &unlocks, &goals)?)?;
    eprintln!("Also in {}: bench.md, bench.json", options.out.display());
    Ok(())
}
