//! The least that wardkey's system calls cost: a module in C that makes them and does nothing else (`same_calls.c`), with
//! files of its own that core has made, for those who come.

use super::wardkey;
use crate::people::never_comes;
use crate::site::Plan;
use std::io;

pub(super) fn prepare(plan: &Plan<'_>) -> io::Result<String> {
    let dir = plan.dir.join("same-calls");
    let comes: Vec<_> = plan.people.iter().filter(|(name, _)| !never_comes(name)).cloned().collect();
    wardkey::prepare(&Plan { dir: dir.clone(), people: &comes, ..*plan }, &mut Vec::new())?;
    Ok(format!("{} {} {}", plan.same_calls.display(), dir.display(), wardkey::RECORD))
}

#[cfg(test)]
mod tests {
    use wardkey_core::record::ledger::{BLOCK, IMAGE_LEN, READ_LEN};

    #[test]
    fn as_much_is_read_and_written_as_by_core() {
        let source = include_str!("../../same_calls.c");
        assert!(source.contains(&format!("#define IMAGE {IMAGE_LEN} ")), "{IMAGE_LEN}");
        assert!(source.contains(&format!("#define BLOCK {BLOCK} ")), "{BLOCK}");
        assert_eq!((IMAGE_LEN / 8 + 1) * 8, READ_LEN);
    }
}
