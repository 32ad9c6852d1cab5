//! `try` in a booted machine with every example in place: it ends as the login there ends, with a wrong code and a right one.

use wardkey_tests::machine::booted::Machine;
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::example;
use wardkey_tests::proof::outcome::run;

/// Lockers that run with the person's rights alone.
const LOCKERS: [&str; 5] = ["i3lock", "kde", "swaylock", "xscreensaver", "xsecurelock"];

/// What stands for the program where nobody sits before a screen: with its rights, and with the calls that it heeds.
fn stand_in(service: &str, user: &str) -> String {
    match service {
        "su" => format!("setpriv --reuid=caller --regid=caller --init-groups su {user} -c true"),
        "sudo" => format!("setpriv --reuid={user} --regid={user} --init-groups sudo -k -S true"),
        "sudo-i" => format!("setpriv --reuid={user} --regid={user} --init-groups sudo -k -S -i true"),
        locker if LOCKERS.contains(&locker) => {
            format!("runuser --user {user} -- pamtester {locker} {user} authenticate")
        }
        "vlock" => format!("pamtester vlock {user} authenticate"),
        other => format!("pamtester {other} {user} authenticate acct_mgmt"),
    }
}

#[test]
fn every_example_of_a_booted_machine_is_tried_as_it_is() {
    let machine = Machine::boot();
    machine.install_wardkey();
    let services =
        || example::names().into_iter().filter(|name| !["common-auth", "sshd"].contains(&name.as_str()));
    services().for_each(|service| machine.install_example(&service));
    machine.add_account("caller", PASSWORD);
    machine.write("/etc/sudoers.d/wardkey", "Defaults passwd_tries=1\nALL ALL=(ALL) ALL\n");
    machine.must("chmod 440 /etc/sudoers.d/wardkey");
    for (number, service) in services().enumerate() {
        let user = format!("person{number}");
        machine.add_account(&user, PASSWORD);
        let mut person = machine.enrol(&user);
        let is_combined = example::text(&service).contains("pam_wardkey.so forward_pass");
        let typed = |code: &str| {
            if is_combined { format!("{PASSWORD}{code}\n") } else { format!("{PASSWORD}\n{code}\n") }
        };
        for is_right in [false, true] {
            let mut code = || if is_right { person.next_code() } else { person.wrong_code_now() };
            let line = stand_in(&service, &user);
            let real = run(machine.command("sh").args(["-c", &line]), typed(&code()).as_bytes());
            assert_eq!(real.code() == Some(0), is_right, "{service}: {real:?}");
            let tried = machine.wardkey(&["--json", "try", &user, "--service", &service], &typed(&code()));
            let end = if is_right { "accepted" } else { "refused" };
            assert_eq!(tried.json()["result"], end, "{service}: {tried:?}");
            assert_eq!(tried.code(), Some(if is_right { 0 } else { 1 }), "{service}");
            assert_eq!(machine.sessions(&user), [""; 0], "{service}: a try opens no session");
        }
    }
}
