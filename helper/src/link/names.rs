//! Addresses of servers. A look-up can hang longer than anybody waits, so it has a thread of its own, one for each server at a time.

use super::wait::left;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Instant;
use wardkey_core::policy::config::Server;

/// What is known of the servers' names.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(Arc<(Mutex<HashMap<Server, Name>>, Condvar)>);

#[derive(Debug, Default)]
struct Name {
    /// What was found last, or why nothing was.
    found: Option<Result<Vec<SocketAddr>, String>>,
    is_looked_up: bool,
}

/// The addresses of a server, by `end`.
///
/// # Errors
/// Why there are none.
pub(crate) fn resolve(server: &Server, end: Instant) -> Result<Vec<SocketAddr>, String> {
    Names::default().find(server, end)
}

impl Names {
    /// The addresses of a server; those found before, where its name cannot be looked up by `end`.
    ///
    /// # Errors
    /// Why there are none.
    pub(super) fn find(&self, server: &Server, end: Instant) -> Result<Vec<SocketAddr>, String> {
        if let Ok(address) = server.host().parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, server.port())]);
        }
        let (names, found) = &*self.0;
        let mut names = names.lock().unwrap_or_else(PoisonError::into_inner);
        let name = names.entry(server.clone()).or_default();
        if !name.is_looked_up {
            // Where there is no thread, the next who asks tries again.
            name.is_looked_up = self.look_up(server.clone());
        }
        loop {
            let name = names.entry(server.clone()).or_default();
            match (&name.found, left(end)) {
                (Some(Ok(addresses)), _) => return Ok(addresses.clone()),
                (Some(Err(why)), _) if !name.is_looked_up => return Err(why.clone()),
                (None, _) if !name.is_looked_up => return Err("no thread can look up its name".to_owned()),
                (_, None) => return Err("its name is not looked up in time".to_owned()),
                (_, Some(left)) => {
                    names = found.wait_timeout(names, left).unwrap_or_else(PoisonError::into_inner).0;
                }
            }
        }
    }

    fn look_up(&self, server: Server) -> bool {
        let all = self.clone();
        let work = move || {
            let found = (server.host(), server.port()).to_socket_addrs();
            let found =
                found.map(Iterator::collect::<Vec<_>>).map_err(|e| format!("its name is not found: {e}"));
            let (names, told) = &*all.0;
            let mut names = names.lock().unwrap_or_else(PoisonError::into_inner);
            let name = names.entry(server).or_default();
            name.is_looked_up = false;
            // Addresses that were right once are better than none.
            if found.is_ok() || !matches!(name.found, Some(Ok(_))) {
                name.found = Some(found);
            }
            told.notify_all();
        };
        thread::Builder::new().name("name".to_owned()).spawn(work).is_ok()
    }
}
