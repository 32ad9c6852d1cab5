//! GDM: its greeter, and GNOME's lock screen.

use wardkey_tests::machine::Machine;
use wardkey_tests::person::{PASSWORD, Person};

fn machine(tables: &str) -> (Machine, Person) {
    let machine = Machine::boot();
    machine.install_wardkey();
    machine.configure(tables);
    machine.add_account("anna", PASSWORD);
    let anna = machine.enrol("anna");
    (machine, anna)
}

/// Somebody else has typed wrong codes.
fn waits(machine: &Machine, anna: &Person) {
    let wrong = anna.wrong_code_now();
    for _ in 0..6 {
        machine.wardkey(&["check", "anna"], &format!("{wrong}\n"));
    }
    assert!(machine.json(&["status", "anna"], "")["wait_until"]["authenticator"].is_string());
}

/// While one waits, the field is there again, so that what the text advises can be done: GDM took other refusals for the
/// end of the service.
#[test]
fn at_the_greeter_a_wrong_code_and_waiting_leave_a_field_and_what_the_text_advises_opens() {
    let (machine, mut anna) = machine("[throttle]\nfirst_wait = \"1h\"\nlongest_wait = \"1h\"\n");
    machine.start_gdm("openbox", &["anna"]);
    let opens = || machine.wait_for("a session", || (machine.sessions("anna").len() == 1).then_some(()));
    let mut greeter = machine.greeter();
    greeter.begin();
    greeter.enters(&anna.wrong_code_now());
    greeter.refuses("That code was not accepted.");
    waits(&machine, &anna);
    greeter.enters(&anna.next_code());
    greeter.refuses(
        "or use a recovery code, or: note this code, wait for the next, and type both, one behind the other.",
    );
    assert!(machine.sessions("anna").is_empty());
    greeter.enters(&anna.recovery_codes[0]);
    opens();
    drop(greeter);

    machine.restart_gdm();
    waits(&machine, &anna);
    let mut greeter = machine.greeter();
    greeter.begin();
    let both = anna.next_code() + &anna.next_code();
    greeter.enters(&both);
    opens();
}

/// GDM overrides what `account` and `password` say when it unlocks, so nobody may enrol there and no pass may open.
#[test]
fn a_locked_screen_opens_neither_to_a_wrong_code_nor_to_the_password_of_somebody_unenrolled() {
    let (machine, mut anna) = machine("");
    machine.start_gdm("gnome-xorg", &["anna"]);
    let mut greeter = machine.greeter();
    greeter.begin();
    greeter.enters(&anna.next_code());
    machine.wait_for("a desktop", || machine.has_desktop("anna").then_some(()));
    drop(greeter);

    let mut locked = machine.lock_screen("anna");
    locked.begin();
    let mark = machine.mark();
    locked.enters(&anna.wrong_code_now());
    locked.refuses("That code was not accepted.");
    assert!(machine.is_locked("anna"));
    assert!(!machine.since(&mark).contains("unlocked login keyring"), "the keyring stays shut");
    waits(&machine, &anna);
    locked.enters(&anna.next_code());
    locked.refuses("Too many wrong codes.");
    locked.enters(&anna.recovery_codes[0]);
    machine.wait_for("an open screen", || (!machine.is_locked("anna")).then_some(()));
    drop(locked);

    machine.remove("anna");
    machine.configure("[service.gdm-password]\nenroll = true\n");
    let mut locked = machine.lock_screen("anna");
    locked.begin();
    locked.answers(PASSWORD);
    locked.refuses("Ctrl+Alt+F3");
    assert!(machine.is_locked("anna"), "opened by the password alone");
}
