//! What stands in for the computer: scratch hosts in a namespace, booted machines, disks, displays, the system log.

pub mod booted;
pub mod built;
pub mod disk;
pub mod display;
pub mod host;
pub mod interrupt;
pub mod libpam_place;
pub mod missing_calls;
pub mod name_service;
pub mod namespace;
pub mod release;
pub mod sandbox;
pub mod session;
pub mod syslog;
