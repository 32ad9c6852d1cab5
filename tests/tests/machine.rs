//! A booted machine: systemd as process 1, the units as they are shipped, logind's sessions, a login and a locker in one.
//! Greeters and lock screens that need such a machine have their own tests: `make greeters`.

use serde_json::Value;
use wardkey_tests::machine::booted::Machine;
use wardkey_tests::machine::host::CODE;
use wardkey_tests::people::person::PASSWORD;

#[test]
fn login_and_lock_screen_of_a_booted_machine_use_systemds_helper() {
    let machine = Machine::boot();
    machine.install_wardkey();
    machine.configure("[service.i3lock]\nunlock_grace = \"1h\"\n");
    ["login", "i3lock"].iter().for_each(|name| machine.install_example(name));
    machine.add_account("anna", PASSWORD);
    let mut anna = machine.enrol("anna");

    let mut login = machine.terminal("login anna");
    login.answer("assword: ", PASSWORD);
    login.answer(CODE, &anna.wrong_code_now());
    login.expect("Login incorrect");
    assert_eq!(machine.sessions("anna"), [""; 0], "refused");

    let mut login = machine.terminal("login anna");
    login.answer("assword: ", PASSWORD);
    login.answer(CODE, &anna.next_code());
    login.expect("$ ");
    assert_eq!(machine.sessions("anna").len(), 1, "logind knows the session");

    // The locker is a program of that session and of hers: the helper answers for root, started by systemd for her.
    for entry in [PASSWORD.to_owned(), format!("{PASSWORD}{}", anna.next_code())] {
        login.type_line("pamtester i3lock anna authenticate");
        login.answer("in one entry: ", &entry);
        login.expect("successfully authenticated");
    }
    let logins = machine.audit().into_iter().filter(|line| line["event"] == "login");
    let word = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let why = |line: &Value| word(line, "method") + &word(line, "reason");
    let story: Vec<_> =
        logins.map(|line| [word(&line, "service"), word(&line, "result"), why(&line)].join(" ")).collect();
    let by_grace = "i3lock accepted no code: unlock grace";
    let expected = [
        "login refused wrong code",
        "login accepted authenticator",
        by_grace,
        // It asks for none, and takes one that is right.
        by_grace,
        "i3lock accepted authenticator",
    ];
    assert_eq!(story, expected);
    assert_eq!(machine.must("systemctl list-units --failed --plain --no-legend 'wardkey*'"), "");
}
