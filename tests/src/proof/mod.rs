//! What a test holds against what it saw: outcomes, models, sweeps of faults, measurements, documents.

pub mod callgrind;
pub mod copyright;
pub mod coverage;
pub mod documents;
pub mod example_stacks;
pub mod faults;
pub mod house;
pub mod instructions;
pub mod manuals;
pub mod outcome;
pub mod packaged;
pub mod peers;
pub mod picture;
pub mod planted;
pub mod promises;
pub mod random_stacks;
pub mod sheet;
pub mod shorten;
pub mod simultaneous;
pub mod stops;
pub mod terminal_screen;
pub mod writing_commands;
