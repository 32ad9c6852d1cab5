//! Each safeguard taken out, and the claim that breaks: a model that finds nothing would show nothing.

use stateright::{Checker, HasDiscoveries, Model};
use wardkey_model::claims::{AVAILABLE, DONE, DURABLE, KEPT, ONCE, OPEN, PRESENT, READABLE, WHOLE};
use wardkey_model::explore::explore;
use wardkey_model::safeguard::{Protocol, Safeguard};
use wardkey_model::world::{Bound, World};

const LOGINS: Bound = Bound { at_once: 2, logins: 2, desk: [0; 4], kills: 1, cuts: 1, failures: 0 };
const MORE_LOGINS: Bound = Bound { logins: 4, ..LOGINS };
const CODES: Bound = Bound { desk: [1, 0, 0, 0], ..LOGINS };
const RESET: Bound = Bound { desk: [0, 1, 0, 0], ..LOGINS };
const ANEW: Bound = Bound { desk: [0, 1, 1, 0], ..LOGINS };
const BOTH: Bound = Bound { desk: [1, 1, 0, 0], logins: 0, ..LOGINS };
const REMOVED: Bound = Bound { at_once: 3, desk: [0, 0, 1, 1], kills: 0, cuts: 0, ..LOGINS };
const REMOVED_TWICE: Bound = Bound { at_once: 2, logins: 0, desk: [0, 0, 1, 2], ..REMOVED };
const ENROLLED_CUT: Bound = Bound { logins: 1, desk: [0, 0, 1, 1], ..LOGINS };
const ENROLLED: Bound = Bound { at_once: 2, logins: 1, ..REMOVED };

/// Looks for a history that breaks `claim`, and how many events it has.
fn breaks(without: Option<Safeguard>, claim: &'static str, bound: Bound) -> Option<usize> {
    let world = World { bound, protocol: Protocol { without, ..Protocol::default() } };
    let checker = world.checker().finish_when(HasDiscoveries::AnyOf([claim].into())).spawn_bfs().join();
    checker.discovery(claim).map(|path| path.into_actions().len())
}

#[track_caller]
fn is_needed(safeguard: Safeguard, claim: &'static str, bound: Bound) {
    let events = breaks(Some(safeguard), claim, bound);
    println!("without {safeguard:?} after {events:?} events not {claim}");
    assert!(events.is_some(), "without {safeguard:?} still {claim}");
}

#[test]
fn without_the_lock_a_code_is_accepted_twice() {
    is_needed(Safeguard::Lock, ONCE, LOGINS);
}

#[test]
fn spent_in_one_slot_alone_a_code_opens_by_the_other_with_its_key() {
    is_needed(Safeguard::EveryTwin, ONCE, LOGINS);
}

#[test]
fn without_the_second_look_a_removed_ledger_is_judged_by() {
    is_needed(Safeguard::SecondLook, PRESENT, REMOVED);
    is_needed(Safeguard::SecondLook, ONCE, REMOVED);
}

#[test]
fn judged_by_the_record_before_the_prompt_an_old_code_opens() {
    is_needed(Safeguard::ReadUnderLock, PRESENT, CODES);
}

#[test]
fn without_generations_old_marks_spend_new_codes() {
    is_needed(Safeguard::Generation, OPEN, ANEW);
}

#[test]
fn without_the_checksum_half_a_block_brings_old_marks_back() {
    is_needed(Safeguard::Checksum, ONCE, Bound { logins: 3, ..LOGINS });
}

#[test]
fn without_the_second_block_half_a_write_is_the_end() {
    is_needed(Safeguard::SecondBlock, WHOLE, LOGINS);
}

#[test]
fn without_the_ledgers_sync_a_power_cut_gives_a_code_back() {
    is_needed(Safeguard::LedgerSync, DURABLE, LOGINS);
    is_needed(Safeguard::LedgerSync, ONCE, LOGINS);
}

#[test]
fn told_before_the_mark_is_written_a_kill_gives_a_code_back() {
    is_needed(Safeguard::YesLast, DURABLE, LOGINS);
    is_needed(Safeguard::YesLast, ONCE, LOGINS);
}

#[test]
fn written_over_a_truth_that_is_not_on_disk_both_blocks_are_lost() {
    is_needed(Safeguard::TruthSettled, WHOLE, MORE_LOGINS);
    is_needed(Safeguard::TruthSettled, KEPT, MORE_LOGINS);
    is_needed(Safeguard::TruthSettled, ONCE, MORE_LOGINS);
}

#[test]
fn marks_by_a_record_that_is_not_on_disk_lock_people_out() {
    is_needed(Safeguard::NamesSettled, OPEN, CODES);
    is_needed(Safeguard::NamesSettled, READABLE, RESET);
}

#[test]
fn named_before_its_bytes_are_on_disk_a_record_is_lost() {
    is_needed(Safeguard::NewFileSync, READABLE, CODES);
}

#[test]
fn without_the_names_sync_what_is_done_is_undone() {
    is_needed(Safeguard::ReplacedSync, DONE, RESET);
}

#[test]
fn written_over_another_record_than_the_one_that_was_seen_a_reset_is_lost() {
    is_needed(Safeguard::Compare, DONE, BOTH);
}

/// Nobody but who is enrolled after the removal is promised anything here.
#[test]
fn what_is_done_after_a_removal_is_judged_too() {
    let bound = Bound { at_once: 2, logins: 0, desk: [1, 0, 1, 1], ..REMOVED };
    is_needed(Safeguard::Compare, DONE, bound);
    assert_eq!(breaks(None, DONE, bound), None);
}

#[test]
fn without_another_look_somebody_just_enrolled_is_damage() {
    is_needed(Safeguard::AnotherLook, AVAILABLE, ENROLLED);
}

#[test]
fn a_word_not_taken_back_lets_marks_onto_a_record_that_is_not_on_disk() {
    is_needed(Safeguard::WordTakenBack, OPEN, CODES);
    is_needed(Safeguard::WordTakenBack, READABLE, RESET);
}

#[test]
fn a_ledger_removed_before_its_enrolment_leaves_damage() {
    is_needed(Safeguard::EnrolmentFirst, READABLE, REMOVED);
}

#[test]
fn a_mark_after_its_enrolment_lets_the_code_that_enrols_open_a_login() {
    is_needed(Safeguard::MarkFirst, ONCE, Bound { logins: 1, desk: [0, 0, 1, 0], cuts: 0, ..LOGINS });
}

#[test]
fn a_new_ledger_named_before_its_bytes_are_on_disk_turns_people_away() {
    is_needed(Safeguard::NewLedgerSync, AVAILABLE, ENROLLED_CUT);
}

#[test]
fn a_removal_that_a_power_cut_takes_half_back_leaves_damage() {
    is_needed(Safeguard::UnlinkedSync, READABLE, ENROLLED_CUT);
    is_needed(Safeguard::UnlinkedSync, KEPT, ENROLLED_CUT);
}

/// Another sync of the directory always comes before it matters. Should one of them begin to, `docs/design/model.md` is wrong.
#[test]
fn three_syncs_of_names_keep_no_claim() {
    for safeguard in [Safeguard::LedgerNameSync, Safeguard::NewNameSync, Safeguard::RemovedSync] {
        let protocol = Protocol { without: Some(safeguard), ..Protocol::default() };
        let checker = World { bound: ENROLLED_CUT, protocol }.checker().spawn_bfs().join();
        let found = checker.discoveries();
        let broken: Vec<_> = found.keys().filter(|claim| !claim.starts_with("reached")).collect();
        assert!(broken.is_empty(), "without {safeguard:?} not {broken:?}");
    }
}

/// The second removal finds nobody there when an enrolment begins.
#[test]
fn a_ledger_removed_unlocked_is_missed_by_a_person_enrolled_meanwhile() {
    is_needed(Safeguard::LockedRemoval, READABLE, REMOVED_TWICE);
    is_needed(Safeguard::LockedRemoval, PRESENT, Bound { desk: [0, 1, 1, 2], logins: 1, ..REMOVED_TWICE });
}

/// The bounds above are not what breaks the claims.
#[test]
fn with_all_of_them_the_same_bounds_break_nothing() {
    let removed_twice = Bound { kills: 1, cuts: 1, ..REMOVED_TWICE };
    for bound in [LOGINS, MORE_LOGINS, RESET, BOTH, REMOVED, removed_twice, ENROLLED_CUT] {
        assert_eq!(explore(bound, 1).broken, Vec::<String>::new(), "{bound:?}");
    }
}
