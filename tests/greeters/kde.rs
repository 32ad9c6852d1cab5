//! KDE's locker: one field, which keeps the password, so password and code come in one entry.

use wardkey_tests::machine::booted::Machine;
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::locker::kde::Locker;

/// Whether this entry opens.
fn opens(machine: &Machine, locker: &mut Locker<'_>, entry: &str) -> bool {
    let before = machine.audit().len();
    locker.enters(entry);
    let line = machine.wait_for("an audit line", || machine.audit().get(before).cloned());
    assert_eq!(line["service"], "kde", "{line}");
    let accepted = line["result"] == "accepted";
    if accepted {
        machine.wait_for("the end of the locker", || locker.is_open().then_some(()));
    } else {
        locker.is_ready();
        assert!(!locker.is_open());
    }
    accepted
}

#[test]
fn one_entry_opens_with_a_code_and_while_waiting_with_a_recovery_code() {
    let (machine, mut anna) = Machine::with_anna("");
    machine.prepare_kde();
    let mut locker = machine.lock_by_kde("anna");
    let wrong = anna.wrong_code_now();
    assert!(!opens(&machine, &mut locker, &format!("{PASSWORD}{wrong}")), "a wrong code");
    assert!(!opens(&machine, &mut locker, PASSWORD), "the password alone");
    assert!(opens(&machine, &mut locker, &format!("{PASSWORD}{}", anna.next_code())), "a right code");

    let mut locker = machine.lock_by_kde("anna");
    for _ in 0..7 {
        machine.shell(&format!("echo guess{wrong} | pamtester kde anna authenticate"));
    }
    assert!(!opens(&machine, &mut locker, &format!("{PASSWORD}{}", anna.next_code())), "waiting");
    let unhyphened: String = anna.recovery_codes[0].replace('-', "");
    assert!(opens(&machine, &mut locker, &format!("{PASSWORD}{unhyphened}")), "{:#?}", machine.audit());
}
