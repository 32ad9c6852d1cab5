//! To which verifier a question is brought: in their order, the one that answered last first, each within its share.

use super::connection::{Connection, NoReport, Validity};
use super::identity::Identity;
use super::message::{Brought, Errand};
use super::names::Names;
use super::wait::{left, now};
use super::{clean, renewal};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use wardkey_core::policy::config::Server;
use wardkey_fleet::{Enquiry, Hello, Report};

/// Most connections that are kept for the next questions, of each server.
const KEPT: usize = 8;

/// What the threads of a link share.
pub(super) struct Route {
    identity: Mutex<Identity>,
    /// What this seat says first.
    hello: fn() -> Hello,
    names: Names,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    warm: HashMap<Server, Vec<Connection>>,
    last: Option<Server>,
    is_renewing: bool,
}

impl Route {
    pub(super) fn new(identity: Identity, hello: fn() -> Hello) -> Self {
        let (names, state) = (Names::default(), Mutex::default());
        Self { identity: Mutex::new(identity), hello, names, state }
    }

    /// Brings a question to a verifier, and its report back.
    pub(super) fn bring(&self, errand: &Errand) -> Brought {
        let end = now() + Duration::from_millis(errand.enquiry.within.into());
        let mut why = Vec::new();
        let servers = self.in_order(&errand.servers);
        for (at, server) in servers.iter().enumerate() {
            let rest = u32::try_from(servers.len() - at).unwrap_or(u32::MAX);
            let Some(left) = left(end) else { break };
            match self.ask(server, &errand.enquiry, now() + left / rest) {
                Ok(report) if clean::fits(&report, &errand.enquiry.subject) => {
                    self.state().last = Some(server.clone());
                    return Brought::Report(clean::in_own_words(report));
                }
                Ok(_) => why.push(format!("{server}: answered another question")),
                Err(no_report) => why.push(format!("{server}: {}", words(&no_report))),
            }
        }
        Brought::Nothing(clean::cut(&format!("no verifier answers: {}", why.join("; "))))
    }

    fn in_order(&self, servers: &[Server]) -> Vec<Server> {
        let last = self.state().last.clone();
        let mut servers = servers.to_vec();
        // Stable: the others stay in their order.
        servers.sort_by_key(|server| Some(server) != last.as_ref());
        servers
    }

    /// Asks on a connection that is open, and on a new one where there is none or it broke; on a second new one where the first
    /// broke. The question is the same, and so is its id.
    fn ask(&self, server: &Server, enquiry: &Enquiry, end: Instant) -> Result<Report, NoReport> {
        let mut kept = self.take(server);
        let mut is_again = false;
        loop {
            let was_kept = kept.is_some();
            let mut connection = match kept.take() {
                Some(connection) => connection,
                None => self.open(server, end)?,
            };
            match connection.ask(enquiry, end) {
                Ok(report) => {
                    self.keep(server, connection);
                    return Ok(report);
                }
                Err(NoReport::Slow) => return Err(NoReport::Slow),
                Err(why) if is_again => return Err(why),
                // What turned it away may be over: it was renewed, or has joined again.
                Err(NoReport::Turned(why)) if !was_kept => return Err(NoReport::Turned(why)),
                Err(NoReport::Broken(_) | NoReport::Turned(_)) => is_again = true,
            }
        }
    }

    /// A new connection. Where the seat's certificate is near its end, it is renewed first, and shown on another one.
    fn open(&self, server: &Server, end: Instant) -> Result<Connection, NoReport> {
        let (mut connection, validity) = self.connect(server, end)?;
        if !renewal::is_due(validity) || std::mem::replace(&mut self.state().is_renewing, true) {
            return Ok(connection);
        }
        let renewed = renewal::renew(&mut connection, &self.identity, end);
        let mut state = self.state();
        state.is_renewing = false;
        if !renewed {
            return Ok(connection);
        }
        // They show the old one.
        state.warm.clear();
        drop(state);
        self.connect(server, end).map(|(connection, _)| connection)
    }

    fn connect(&self, server: &Server, end: Instant) -> Result<(Connection, Validity), NoReport> {
        let addresses = self.names.find(server, end).map_err(NoReport::Broken)?;
        let config = lock(&self.identity).config.clone();
        Connection::open(&addresses, (config, &(self.hello)()), end)
    }

    fn take(&self, server: &Server) -> Option<Connection> {
        let mut state = self.state();
        let kept = state.warm.get_mut(server)?;
        kept.retain(Connection::is_silent);
        kept.pop()
    }

    fn keep(&self, server: &Server, connection: Connection) {
        let mut state = self.state();
        let kept = state.warm.entry(server.clone()).or_default();
        if kept.len() < KEPT {
            kept.push(connection);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

pub(super) fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn words(why: &NoReport) -> String {
    match why {
        NoReport::Slow => "does not answer in time".to_owned(),
        NoReport::Broken(why) => why.clone(),
        NoReport::Turned(why) => why.to_string(),
    }
}
