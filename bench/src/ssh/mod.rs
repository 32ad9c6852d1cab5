//! One login over the loopback interface: OpenSSH's client and server, keyboard-interactive, a password and then a code.

mod server;
mod visitor;

use crate::floor::{self, Floor};
use crate::lane::Lane;
use crate::measure::{Bench, Table, take_turns};
use crate::module::Pages;
use crate::people::{ENTRANTS, entrant};
use crate::products::{PRODUCTS, Product};
use crate::scenario::Effort;
use crate::site::{Plan, Site};
use server::Server;
use std::io;
use std::rc::Rc;
use visitor::Visitor;

/// The name of the table.
pub(crate) const NAME: &str = "through sshd, disk";

/// The row that the others are compared with: a password and nothing more.
pub(crate) const PASSWORD_ALONE: &str = "password alone";

/// Rounds before the first that counts.
const WARM_UP: usize = 5;

/// The table, if its name contains `only`.
pub(crate) fn run(bench: &Bench, effort: Effort, only: &str) -> io::Result<Option<Table>> {
    if !NAME.contains(only) {
        return Ok(None);
    }
    eprintln!("{NAME} ...");
    let dir = bench.scratch.join("disk/ssh");
    let people: Vec<_> = (0..ENTRANTS).map(entrant).collect();
    let plan = Plan {
        dir: dir.join("site"),
        people: &people,
        names_only: false,
        throttled: false,
        codes: 5,
        module: &bench.module.path(Pages::Single),
        same_calls: &bench.same_calls,
        config: &bench.config,
    };
    let site = Rc::new(Site::make(&plan)?);
    let server = Rc::new(Server::start(&dir)?);
    let mut lanes: Vec<Box<dyn Lane>> = Vec::new();
    for second in PRODUCTS.into_iter().filter(|product| *product != Product::SameCalls) {
        // A second password is not what anybody asks for: this row is the password alone.
        let second = Some(second).filter(|product| *product != Product::Unix);
        let name = match second {
            None => PASSWORD_ALONE.to_owned(),
            Some(Product::Empty) => "no question".to_owned(),
            Some(product) => format!("password and {}", product.name()),
        };
        let (site, server) = (Rc::clone(&site), Rc::clone(&server));
        lanes.push(Box::new(Visitor { name, second, site, server, turn: 0 }));
    }
    lanes.push(Box::new(Floor::make(&dir)?));
    let rounds = effort.rounds(60, 5, 10);
    let rows = bench.syslog.taking(|| take_turns(&mut lanes, WARM_UP, rounds, &bench.syslog))?;
    debug_assert!(rows.iter().any(|row| row.name == floor::NAME));
    Ok(Some(Table { name: NAME, rounds, rows, beside: PASSWORD_ALONE }))
}
