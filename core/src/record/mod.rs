//! What is kept of a person: who they are, what has been spent, and the seal over their keys.

pub mod damage;
pub mod enrolment;
pub mod ledger;
pub mod seal;
mod slot_mark;
