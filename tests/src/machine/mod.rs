//! What stands in for the computer: scratch hosts in a namespace, booted machines, disks, displays, the system log.

pub mod booted;
pub mod built;
pub mod directory;
pub mod disk;
pub mod display;
pub mod interrupt;
pub mod lack;
pub mod namespace;
pub mod sandbox;
pub mod session;
pub mod syslog;
pub mod world;
