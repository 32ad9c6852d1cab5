//! Uids that one account has beside its own (subuid(5)): Debian gives each 65,536, and newuidmap(1) lets it take any of them.

use std::ops::RangeInclusive;
use std::path::Path;
use wardkey_core::system::trusted_file::read_linked;

/// Where they are given. A directory that gives them (nsswitch.conf, `subid:`) is not asked.
const PLACE: &str = "/etc/subuid";

/// Longest file, in bytes: some thirty thousand accounts.
const MAX_LEN: u64 = 1 << 20;

/// Ranges of uids, each of which is counted as one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Ranges(Vec<RangeInclusive<u32>>);

impl Ranges {
    /// Those that are given here; none, where nothing can be read.
    pub(crate) fn of_this_machine() -> Self {
        let bytes = read_linked(Path::new(PLACE), MAX_LEN).unwrap_or_default();
        Self::parse(&String::from_utf8_lossy(&bytes))
    }

    fn parse(text: &str) -> Self {
        Self(text.lines().filter_map(range).collect())
    }

    /// The uid by which `uid` is counted: the first of its range.
    pub(crate) fn count_as(&self, uid: u32) -> u32 {
        self.0.iter().find(|range| range.contains(&uid)).map_or(uid, |range| *range.start())
    }
}

/// The range of a line `account:first:count`. Root's are no account's own: containers have them, and often people of a
/// directory as well.
fn range(line: &str) -> Option<RangeInclusive<u32>> {
    let mut fields = line.split(':');
    let (owner, first, count) = (fields.next()?, fields.next()?, fields.next()?);
    let (first, count): (u32, u32) = (first.parse().ok()?, count.trim_end().parse().ok()?);
    let is_anyones = !["root", "0"].contains(&owner) && first != 0 && count != 0;
    is_anyones.then(|| first..=first.saturating_add(count - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_counted_as_its_first() {
        let table = "# none\n\nroy:100000:65536\n1001:165536:65536\nroot:1000000:1000000000\nroot:1000:1\n0:3:4\n\
            x:0:9\nx:500:0\nx:500\nx:-500:9\nx:500:many\nx:4294967290:65536\n";
        let ranges = Ranges::parse(table);
        for (uid, counted_as) in [
            (1000, 1000),
            (99_999, 99_999),
            (100_000, 100_000),
            (165_535, 100_000),
            (165_536, 165_536),
            (231_071, 165_536),
            (231_072, 231_072),
            (1_000_001, 1_000_001),
            (4, 4),
            (500, 500),
            (u32::MAX, 4_294_967_290),
        ] {
            assert_eq!(ranges.count_as(uid), counted_as, "{uid}");
        }
        assert_eq!(ranges.0.len(), 3);
    }

    #[test]
    fn without_a_table_each_uid_is_counted_by_itself() {
        assert_eq!(Ranges::parse(""), Ranges::default());
        assert_eq!(Ranges::default().count_as(100_001), 100_001);
    }
}
