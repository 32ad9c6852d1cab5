//! Who uses the computer: accounts with a phone and printed codes, and what they have behind them.

pub mod cast;
pub mod first_login;
pub mod history;
pub mod person;
pub mod seat;
