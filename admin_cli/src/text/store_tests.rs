//! Every error of the store, in both languages.

use super::*;
use std::path::PathBuf;

const FLAWS: [Flaw; 13] = [
    Flaw::Checksum,
    Flaw::Content,
    Flaw::Version,
    Flaw::OtherPerson,
    Flaw::Slots,
    Flaw::Places,
    Flaw::Serials,
    Flaw::Hashes,
    Flaw::State,
    Flaw::Blocks,
    Flaw::Size,
    Flaw::NoLedger,
    Flaw::Restored,
];

const DOINGS: [Doing; 11] = [
    Doing::Creating,
    Doing::SettingMode,
    Doing::Naming,
    Doing::Replacing,
    Doing::Removing,
    Doing::Locking,
    Doing::Looking,
    Doing::Reading,
    Doing::Writing,
    Doing::Syncing,
    Doing::SyncingDirectory,
];

fn untrusted(reason: Reason) -> StoreError {
    StoreError::Untrusted(Untrusted { path: PathBuf::from("/s/ledger"), reason })
}

fn all() -> Vec<StoreError> {
    let path = || PathBuf::from("/s/ledger");
    let full = || io::Error::from_raw_os_error(28);
    let flaws = FLAWS.into_iter().map(|flaw| StoreError::Damaged(path(), Damage::Unreadable(flaw)));
    let doings = DOINGS.into_iter().map(|doing| StoreError::Io(path(), doing, full()));
    let reasons = [
        Reason::Io(full()),
        Reason::Io(io::ErrorKind::NotFound.into()),
        Reason::SymbolicLink,
        Reason::LinkOwner(7),
        Reason::NotRegular,
        Reason::NotDirectory,
        Reason::Owner(7),
        Reason::Mode(0o666, Readers::Anyone),
        Reason::Mode(0o666, Readers::RootOnly),
        Reason::Mode(0o1777, Readers::Anyone),
        Reason::HardLinked,
        Reason::TooLarge,
    ];
    let holder = Holder { pid: 4711, program: "su".into() };
    let others = [
        StoreError::Damaged(path(), Damage::Newer),
        StoreError::Busy(path(), None),
        StoreError::Busy(path(), Some(holder)),
    ];
    flaws.chain(doings).chain(reasons.map(untrusted)).chain(others).collect()
}

#[test]
fn every_error_of_the_store_names_its_file_in_both_languages() {
    let (english, french) = (Text::default(), Text::new(Language::French, ""));
    for error in all() {
        let (a, b) = (english.store_error(&error), french.store_error(&error));
        assert!(a.contains("/s/ledger") && b.contains("/s/ledger"), "{a} {b}");
        assert!(a != b && !b.contains("anglais"), "{b}");
        assert_ne!(english.store_remedy(&error), french.store_remedy(&error));
    }
    let held = StoreError::Busy("/s/ledger".into(), Some(Holder { pid: 4711, program: "su".into() }));
    for text in [english.store_error(&held), french.store_error(&held)] {
        assert!(text.contains("4711 (su)"), "{text}");
    }
    let limit = StoreError::FileSizeLimit;
    assert_ne!(english.store_error(&limit), french.store_error(&limit));
}
