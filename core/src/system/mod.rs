//! The machine below: time, files that are trusted, memory, log and audit.

pub mod clock;
pub mod file_limit;
pub(crate) mod hidden_name;
pub mod host_name;
pub(crate) mod listing;
pub mod machine_id;
pub mod memory;
pub(crate) mod os_error;
pub mod owner;
pub mod syslog;
pub mod trusted_file;
pub(crate) mod trusted_link;
pub mod turns;
mod untrusted;
