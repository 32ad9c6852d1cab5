//! What a test holds against what it saw: outcomes, models, sweeps of faults, measurements, documents.

pub mod answers;
pub mod coverage;
pub mod documents;
pub mod faults;
pub mod outcome;
pub mod peers;
pub mod picture;
pub mod promises;
pub mod race;
pub mod screen;
pub mod sheet;
pub mod shorten;
pub mod stack;
pub mod steps;
pub mod stops;
pub mod writing;
