//! GDM: its greeter, and GNOME's lock screen.

use wardkey_tests::machine::booted::Machine;
use wardkey_tests::people::person::{PASSWORD, Person};

/// Somebody else has typed wrong codes.
fn waits(machine: &Machine, anna: &Person) {
    let wrong = anna.wrong_code_now();
    for _ in 0..6 {
        machine.wardkey(&["check", "anna"], &format!("{wrong}\n"));
    }
    assert!(machine.json(&["status", "anna"], "")["wait_until"]["authenticator"].is_string());
}

/// GNOME runs for anna, who has logged in at the greeter.
fn logs_in_to_gnome(machine: &Machine, anna: &mut Person) {
    machine.start_gdm("gnome-xorg", &["anna"]);
    let mut greeter = machine.greeter();
    greeter.begin();
    greeter.enters(&anna.next_code());
    machine.wait_for("a desktop", || machine.has_desktop("anna").then_some(()));
}

/// Anna is enrolled no more, and a fresh login by GDM would enrol her.
fn would_enrol(machine: &Machine) {
    machine.remove("anna");
    machine.configure("[service.gdm-password]\nenroll = true\n");
}

/// While one waits, the field is there again, so that what the text advises can be done: GDM took other refusals for the
/// end of the service.
#[test]
fn at_the_greeter_a_wrong_code_leaves_a_field_and_the_advice_opens() {
    let (machine, mut anna) = Machine::with_anna("[throttle]\nfirst_wait = \"1h\"\nlongest_wait = \"1h\"\n");
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

    machine.restart_greeter("gdm");
    waits(&machine, &anna);
    let mut greeter = machine.greeter();
    greeter.begin();
    let both = anna.next_code() + &anna.next_code();
    greeter.enters(&both);
    opens();
}

/// GDM overrides what `account` and `password` say when it unlocks, so nobody may enrol there and no pass may open.
#[test]
fn a_locked_screen_opens_to_no_wrong_code_and_no_unenrolled_password() {
    let (machine, mut anna) = Machine::with_anna("");
    logs_in_to_gnome(&machine, &mut anna);
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

    would_enrol(&machine);
    let mut locked = machine.lock_screen("anna");
    locked.begin();
    locked.answers(PASSWORD);
    locked.refuses_in_sight("Ctrl+Alt+F3");
    assert!(machine.is_locked("anna"), "opened by the password alone");
}

/// There GDM asks as at the lock screen, by a worker of the session that runs, and overrides the same answers.
#[test]
fn switch_user_leads_back_by_a_right_code_and_no_unenrolled_password() {
    let (machine, mut anna) = Machine::with_anna("");
    logs_in_to_gnome(&machine, &mut anna);
    let running = machine.sessions("anna");
    drop(machine.lock_screen("anna"));
    let mut greeter = machine.switch_user();
    greeter.begin();
    greeter.enters(&anna.wrong_code_now());
    greeter.refuses("That code was not accepted.");
    assert!(machine.is_locked("anna"));
    greeter.enters(&anna.next_code());
    machine.wait_for("her open screen", || (!machine.is_locked("anna")).then_some(()));
    assert_eq!(machine.sessions("anna"), running, "the session that ran");
    drop(greeter);

    would_enrol(&machine);
    drop(machine.lock_screen("anna"));
    let mut greeter = machine.switch_user();
    greeter.begin();
    greeter.answers(PASSWORD);
    greeter.refuses_in_sight("Ctrl+Alt+F3");
    assert!(machine.is_locked("anna"), "opened by the password alone");
    assert_eq!(machine.state("anna"), "not-enrolled");
}

#[test]
fn a_pass_opens_no_locked_screen_and_a_fresh_login_enrols_by_it() {
    let (machine, mut anna) = Machine::with_anna("");
    logs_in_to_gnome(&machine, &mut anna);
    let pass = machine.reset_with_pass("anna");
    let mut locked = machine.lock_screen("anna");
    locked.begin();
    locked.enters(&pass);
    locked.refuses_in_sight("Ctrl+Alt+F3");
    assert!(machine.is_locked("anna"), "opened by a pass");
    assert_eq!(machine.state("anna"), "must-enroll");
    drop(locked);

    machine.restart_greeter("gdm");
    let mut greeter = machine.greeter();
    greeter.begin();
    greeter.enters(&pass);
    let mut anna = greeter.enrols("anna");
    machine.wait_for("a desktop", || machine.has_desktop("anna").then_some(()));
    assert_eq!(machine.state("anna"), "enrolled");
    drop(greeter);
    let mut locked = machine.lock_screen("anna");
    locked.begin();
    locked.enters(&anna.next_code());
    machine.wait_for("an open screen", || (!machine.is_locked("anna")).then_some(()));
}
