//! What the tests reach of the product: how much, and why not the rest (`docs/coverage.md`).

pub mod counts;
pub mod reasons;
pub mod report;
pub mod room;
pub mod source;

pub use report::Report;
