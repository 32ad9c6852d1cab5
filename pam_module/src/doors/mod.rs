//! The doors that libpam calls, a file each.

pub mod account;
pub mod auth;
pub mod grace;
pub mod lost_phone;
pub mod password;
pub mod session;
