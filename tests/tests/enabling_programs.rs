//! `enable` of the services of one booted machine, and real logins through each: they prove it, and it is confirmed by that.

use std::collections::BTreeMap;
use std::process::Stdio;

use wardkey_tests::machine::booted::Machine;
use wardkey_tests::machine::host::CODE;
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::programs::terminal::Terminal;
use wardkey_tests::proof::outcome::run;

const SERVICES: [&str; 8] = ["sshd", "login", "sudo", "su", "polkit-1", "greetd", "gdm-password", "i3lock"];

/// GDM's own file, where its package is not there.
const GDM: &str = include_str!("../../admin_cli/gallery/stock/debian-12/etc/pam.d/gdm-password");

const GREETD: &str = "[terminal]\nvt = \"none\"\n[general]\nrunfile = \"/run/greetd.run\"\nsource_profile = false\n\
                      [default_session]\ncommand = \"/var/greeter\"\nuser = \"_greetd\"\n";
/// greetd gives its greeter no terminal that it may call its own; a virtual console would be one.
const GREETER: &str =
    "#!/bin/sh\nSHELL=/bin/sh exec script -qec '/usr/sbin/agreety --cmd /bin/sh' /dev/null\n";

/// An agent of polkit's at this terminal, and once it is there, something to ask for.
const ASK: &str = "\
exec 3<&0
rm -f ~/ready && mkfifo ~/ready
pkttyagent --process $$ --notify-fd 4 4> ~/ready <&3 &
cat ~/ready
pkexec --disable-internal-agent id -un
kill $!
";

/// i3lock closes the file named in this variable once the screen is locked; here that is a pipe.
const LOCK: &str = "XSS_SLEEP_LOCK_FD=3 i3lock --nofork 3>&1 1>&2 | { cat; touch ~/locked; }";

fn files(machine: &Machine) -> BTreeMap<String, String> {
    let names = machine.must("find /etc/pam.d /etc/ssh/sshd_config /etc/ssh/sshd_config.d -type f");
    names.lines().map(|name| (name.to_owned(), machine.read(name))).collect()
}

/// Types password and code, and reads `end`.
fn enters(mut terminal: Terminal, person: &mut Person, end: &str) -> Terminal {
    terminal.answer("assword", PASSWORD);
    terminal.answer(CODE, &person.next_code());
    terminal.expect(end);
    terminal
}

/// Answers polkit's agent, which throws away what was typed before it hides what is typed.
fn answers_agent(machine: &Machine, terminal: &mut Terminal, person: &mut Person) {
    let hidden = "stty --file=/dev/$(ps -C pkttyagent -o tty=) | grep -qw -- -echo";
    for (prompt, text) in [("assword", PASSWORD.to_owned()), (CODE, person.next_code())] {
        terminal.expect(prompt);
        machine.wait_for("a hidden prompt", || (machine.shell(hidden).code() == Some(0)).then_some(()));
        terminal.type_line(&text);
    }
    terminal.expect("root");
}

fn by_ssh(machine: &Machine, name: &str) -> Terminal {
    machine.terminal(&format!(
        "ssh -o StrictHostKeyChecking=no -o ConnectionAttempts=20 -o PubkeyAuthentication=no {name}@127.0.0.1"
    ))
}

/// A real i3lock on a real X server takes password and code in its one field.
fn opens_i3lock(machine: &Machine, person: &mut Person) {
    machine.must("systemd-run --quiet --unit=screen Xvfb :7 -ac -noreset -r -nocursor -screen 0 640x480x24");
    let on_screen = |line: &str| machine.shell(&format!("DISPLAY=:7 {line}")).code() == Some(0);
    machine.wait_for("a screen", || on_screen("xdotool getdisplaygeometry").then_some(()));
    let mut command = machine.command("runuser");
    command.args(["--user", &person.name, "--", "env", "DISPLAY=:7", "bash", "-o", "pipefail", "-c", LOCK]);
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut locker = silent.spawn().expect("i3lock");
    let locked = machine.path(&format!("/home/{}/locked", person.name));
    machine.wait_for("a locked screen", || locked.exists().then_some(()));
    for (code, opens) in [(person.wrong_code_now(), false), (person.next_code(), true)] {
        let typed = format!("xdotool type --delay 25 '{PASSWORD}{code}' && DISPLAY=:7 xdotool key Return");
        assert!(on_screen(&typed));
        let refused = || machine.journal().matches("refused user=anna service=i3lock").count();
        if opens {
            let ended = machine.wait_for("an open screen", || locker.try_wait().expect("its status"));
            assert!(ended.success(), "{ended}");
        } else {
            machine.wait_for("a refusal", || (refused() > 0).then_some(()));
            assert!(locker.try_wait().expect("its status").is_none());
        }
    }
}

#[test]
fn real_logins_prove_each_service_that_was_switched_on() {
    let (machine, mut anna) = Machine::with_anna("");
    machine.add_account("ben", PASSWORD);
    let mut ben = machine.enrol("ben");
    machine.must("useradd nurse; gpasswd --members anna sudo");
    if machine.read("/etc/pam.d/gdm-password").is_empty() {
        machine.write("/etc/pam.d/gdm-password", GDM);
    }
    machine.write("/etc/greetd/config.toml", GREETD);
    machine.write("/var/greeter", GREETER);
    machine.write("/var/ask", ASK);
    machine.must("chmod 755 /var/greeter /var/ask; systemctl start ssh.service polkit.service");
    let before = files(&machine);
    let on: Vec<&str> = ["enable"].into_iter().chain(SERVICES).collect();
    machine.wardkey(&on, "").exits(0);

    let mut session = enters(by_ssh(&machine, "anna"), &mut anna, "$ ");
    enters(machine.terminal("runuser -u anna -- sudo id -un"), &mut anna, "root");
    enters(machine.terminal("runuser -u nurse -- su anna -c 'id -un'"), &mut anna, "anna");
    opens_i3lock(&machine, &mut anna);
    let mut login = enters(machine.terminal("login ben"), &mut ben, "$ ");
    login.type_line("sh /var/ask");
    answers_agent(&machine, &mut login, &mut anna);
    drop(login);
    let mut greeter = machine.terminal("greetd -c /etc/greetd/config.toml");
    greeter.answer("login: ", "ben");
    drop(enters(greeter, &mut ben, "$ "));
    let typed = format!("{PASSWORD}\n{}\n", ben.next_code());
    let gdm = "pamtester gdm-password ben authenticate acct_mgmt open_session close_session";
    run(machine.command("sh").args(["-c", gdm]), typed.as_bytes()).exits(0);

    // A locker runs as the person: root tries it in their place.
    let proven = || machine.json(&["enable", "--status"], "")["trying"].clone();
    let all_but_the_locker = SERVICES.iter().map(|name| ((*name).to_owned(), *name != "i3lock"));
    assert_eq!(proven(), serde_json::Value::from_iter(all_but_the_locker));
    let right = format!("{PASSWORD}{}\n", anna.recovery_codes[0]);
    machine.wardkey(&["try", "anna", "--service", "i3lock"], &right).exits(0);
    let confirmed = machine.json(&["enable", "--confirm"], "");
    assert_eq!(confirmed["put_back"], serde_json::json!([]));
    machine.wardkey(&["disable", "--all"], "").exits(0);
    assert_eq!(files(&machine), before);

    // And back by itself; a session that is open stays so.
    machine.wardkey(&on, "").exits(0);
    machine.must("systemctl stop wardkey-put-back.timer && systemctl start wardkey-put-back.service");
    assert_eq!(files(&machine), before);
    session.type_line("echo still-$((40+2))");
    session.expect("still-42");
}
