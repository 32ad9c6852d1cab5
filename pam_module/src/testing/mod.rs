//! What unit tests need: an application played from a script, and a fixture of one enrolled person.

pub(crate) mod fixture;
pub(crate) mod scripted;
