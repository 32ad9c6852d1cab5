//! A PAM application and a libpam in one, whose every answer is the input's: the module's own C doors are called, and
//! what they call comes here instead of the system's library.

mod calls;
mod fake;
mod memory;
mod scenario;
mod site;
mod who;

pub(crate) use fake::{Fake, Fault, Spoken};
pub(crate) use memory::{Balance, unwiped};
pub(crate) use scenario::{Person, Scenario, code_of, fault_of};
pub(crate) use site::{CANARY, KEY, recovery_codes, site};
pub(crate) use who::acting_as;
