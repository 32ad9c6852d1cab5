//! A PAM application and a libpam in one, whose every answer is the input's: the module's own C doors are called, and
//! what they call comes here instead of the system's library.

mod calls;
mod fake;
mod memory;
mod reached;
mod scenario;
mod site;
mod who;
mod witness;

pub(crate) use fake::{Fake, Fault, Spoken};
pub(crate) use memory::{Balance, unwiped};
pub use reached::{CALLS, OUTCOMES, reached};
pub(crate) use scenario::{FAULTS, Person, Scenario, fault_of};
pub use site::clear_away;
pub(crate) use site::{CANARY, site};
pub(crate) use who::acting_as;
pub(crate) use witness::{Before, Witness};
