//! What the unit allows, against what processes take.

use super::*;
use crate::quota::{RUN_MIB, RUNS};

/// What a copy takes by itself.
const COPY_MIB: usize = 3;

#[test]
fn the_units_memory_is_what_all_at_once_take() {
    let unit = include_str!("../../packaging/systemd/wardkey-helper.service");
    let all = RUNS as usize * RUN_MIB + ALL * COPY_MIB;
    assert!(unit.contains(&format!("\nMemoryMax={all}M\n")), "{all}");
}
