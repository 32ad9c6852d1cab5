//! Where somebody enrols in a login: at no seat of a clinic, and nowhere that a program overrides what `account` and `password` answer.

use super::answer::NoPlace;
use super::judge::Judge;
use super::request::PamItems;
use crate::policy::account::Account;

/// Services whose programs let nobody in against what `account` and `password` answer, in one's own session either. sshd's
/// names differ, and begin alike.
const OBEYING: [&str; 7] = ["login", "remote", "su", "su-l", "sudo", "sudo-i", OWN];

/// The helper's own, by which people enrol for themselves.
const OWN: &str = "wardkey";

/// Whether a service's program is known to obey. Any other may be a greeter or a screen locker: their names are many, and
/// one that is missing here costs an enrolment at another place, where one too many would cost the second factor.
#[must_use]
pub fn obeys_account(service: &str) -> bool {
    let service = service.to_lowercase();
    service.starts_with("sshd") || OBEYING.contains(&service.as_str())
}

impl<A> Judge<'_, A> {
    /// Whether somebody may enrol in this login.
    pub(super) fn place_to_enroll(&self, account: &Account, items: &PamItems) -> Result<(), NoPlace> {
        if self.site.config.store.is_seat() {
            return Err(NoPlace::Seat);
        }
        // Some lockers borrow the service of su or login; but a program without root's rights cannot enrol anybody.
        if self.actor.is_some() && items.service != OWN {
            return Err(NoPlace::Unlock);
        }
        if obeys_account(&items.service) {
            return Ok(());
        }
        let origin = self.origin.ok_or(NoPlace::Untold)?;
        match origin.is_outside_sessions_of(account.uid) {
            Ok(true) => Ok(()),
            Ok(false) => Err(NoPlace::Unlock),
            Err(_) => Err(NoPlace::Untold),
        }
    }
}

#[cfg(test)]
#[path = "place_tests.rs"]
mod tests;
