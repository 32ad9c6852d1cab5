//! SDDM: one field, so password and code come in one entry.

use wardkey_tests::machine::booted::Machine;
use wardkey_tests::people::person::PASSWORD;

/// What the machine wrote down of logins at SDDM: what came of each.
fn results(machine: &Machine) -> Vec<String> {
    let lines = machine.audit().into_iter().filter(|line| line["service"] == "sddm");
    lines.map(|line| line["result"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Enters password and code at the greeter that is there, and waits for what comes of it.
fn opens(machine: &Machine, code: &str) -> bool {
    let before = results(machine).len();
    let greeter = machine.sddm_greeter();
    let mark = machine.mark();
    greeter.enters_in_one(&format!("{PASSWORD}{code}"));
    let result = machine.wait_for("an audit line", || results(machine).get(before).cloned());
    let accepted = result == "accepted";
    if accepted {
        machine.wait_for("a session", || (!machine.sessions("anna").is_empty()).then_some(()));
    } else {
        machine.wait_for("SDDM's refusal", || {
            machine.since(&mark).contains("Authentication error").then_some(())
        });
        greeter.shows(&["Login failed"]);
        assert!(machine.sessions("anna").is_empty(), "a session without leave");
    }
    accepted
}

#[test]
fn one_entry_opens_with_a_code_and_with_a_recovery_code_in_either_form() {
    let (machine, mut anna) = Machine::with_anna("");
    machine.start_sddm("anna");
    assert!(!opens(&machine, &anna.wrong_code_now()), "a wrong code");
    assert!(!opens(&machine, ""), "the password alone");
    let code = anna.next_code();
    assert!(opens(&machine, &code), "a right code: {:#?}", machine.audit());
    machine.restart_greeter("sddm");
    assert!(!opens(&machine, &code), "the same code");
    let unhyphened: String = anna.recovery_codes[0].replace('-', "");
    assert!(opens(&machine, &unhyphened), "a recovery code without hyphens: {:#?}", machine.audit());
    machine.restart_greeter("sddm");
    assert!(opens(&machine, &anna.recovery_codes[1]), "with hyphens: {:#?}", machine.audit());
}
