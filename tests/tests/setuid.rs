//! Programs that run as root for an ordinary caller - su, sudo, polkit's helper: they ask wardkey's helper where it listens,
//! since their caller can stop them at any moment, and decide themselves where it does not.

use wardkey_tests::machine::host::{CODE, Host, STATE};
use wardkey_tests::people::person::Person;
use wardkey_tests::programs::console::{ConsoleLogin, ConsoleProgram};
use wardkey_tests::programs::example;
use wardkey_tests::programs::polkit::Polkit;
use wardkey_tests::programs::terminal::Terminal;
use wardkey_tests::proof::stops::{Caller, Stops, follow};

/// Who writes an acceptance to the system log.
const BY_THE_HELPER: &str = " wardkey[";
const BY_ITSELF: &str = "pam_wardkey(";

/// Starts su as an ordinary account.
const BY_CALLER: &str = "setpriv --reuid=caller --regid=caller --init-groups";

/// Right codes only, and each decided where it should be.
fn asks_where_it_can(host: &Host, alice: &mut Person, attempt: impl Fn(&str) -> ConsoleLogin) {
    for decided in [BY_ITSELF, BY_THE_HELPER, BY_ITSELF] {
        let _helper = (decided == BY_THE_HELPER).then(|| host.start_helper());
        let code = alice.fresh_code(host);
        let lines = host.syslog().lines_of(|| {
            let entry = attempt(&code);
            assert!(entry.accepted, "{decided}: a right code: {}", entry.text);
        });
        let accepting: Vec<_> = lines.iter().filter(|line| line.text.contains("login accepted")).collect();
        assert_eq!(accepting.len(), 1, "{lines:#?}");
        assert!(accepting[0].text.contains(decided), "{decided}: {}", accepting[0].text);
        for (why, code) in [("replayed", code), ("wrong", alice.wrong_code(host))] {
            let entry = attempt(&code);
            assert!(!entry.accepted, "{decided}: a code that is {why}: {}", entry.text);
        }
    }
}

// Row: S1-17
#[test]
fn su_asks_the_helper_where_it_listens() {
    let host = Host::new();
    ConsoleProgram::prepare(&host);
    let mut alice = host.person("alice");
    asks_where_it_can(&host, &mut alice, |code| ConsoleProgram::Su.attempt(&host, "alice", code));
}

// Row: S1-17
#[test]
fn sudo_asks_the_helper_where_it_listens() {
    let host = Host::new();
    ConsoleProgram::prepare(&host);
    let mut alice = host.person("alice");
    asks_where_it_can(&host, &mut alice, |code| ConsoleProgram::Sudo.attempt(&host, "alice", code));
}

// Row: S1-17
#[test]
fn polkit_asks_the_helper_where_it_listens() {
    let host = Host::new();
    example::install(&host, "polkit-1");
    let mut alice = host.person("alice");
    let polkit = Polkit::start(&host);
    polkit.may_administer("alice");
    asks_where_it_can(&host, &mut alice, |code| polkit.attempt("alice", code));
}

/// Between question and answer the caller has stopped their own su, as they may.
#[test]
fn su_that_its_caller_has_stopped_holds_up_nobody() {
    let host = Host::new();
    ConsoleProgram::prepare(&host);
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let stopped: Vec<_> = (0..3)
        .map(|_| {
            let mut terminal = ConsoleProgram::Su.open(&host, "alice", "");
            terminal.expect(CODE);
            host.must(&format!("{BY_CALLER} sh -c 'kill -STOP {}'", terminal.process()));
            terminal
        })
        .collect();
    let entry = ConsoleProgram::Su.attempt(&host, "alice", &alice.fresh_code(&host));
    assert!(entry.accepted, "{}", entry.text);
    drop(stopped);
}

/// A host in which su asks for password and code in one entry, and nobody but su itself can judge.
fn su_alone() -> Host {
    // Where people enrol it is looked whether somebody has a pass, before they are asked.
    let host = Host::with_config("[service.su]\nenroll = true\n");
    ConsoleProgram::prepare(&host);
    let combined = "auth requisite pam_wardkey.so forward_pass\nauth required pam_unix.so nodelay try_first_pass\n\
                    account required pam_wardkey.so\naccount required pam_unix.so\n";
    host.service("su", combined);
    host
}

/// su by the caller, stopped before it is su, once it is followed; what is typed into it is `entry`.
fn followed(host: &Host, name: &str, entry: &str) -> Stops {
    let line = format!("{BY_CALLER} sh -c 'kill -STOP $$; exec su {name} -c true'");
    let mut terminal = Terminal::start(host, "sh", &["-c", &format!("exec {line}")]);
    let (process, caller) = (terminal.process(), Caller::new(host, "caller"));
    let tracer = std::thread::spawn(move || follow(process, caller));
    terminal.answer("assword", entry);
    tracer.join().expect("followed to its end")
}

/// A caller who stops su while it holds a lock keeps everybody of that name out.
#[test]
fn su_without_a_helper_holds_no_lock_where_its_caller_could_stop_it() {
    let host = su_alone();
    let alice = host.person("alice");
    host.add_account("bob");
    host.json(&["pass", "bob", "--verified-by", "passport"], "");
    // A pass is looked at before its owner is asked, an enrolled record only after.
    for (name, locks) in [("bob", 2), ("alice", 1)] {
        let stops = followed(&host, name, &format!("guess{}", alice.wrong_code(&host)));
        println!("{name}: {stops:?}");
        assert!(stops.both.is_empty(), "{name}: {stops:#?}");
        assert!(stops.locks > locks && stops.holding > 4 * locks, "{name}: not seen to lock: {stops:?}");
        assert!(stops.in_reach > 0, "{name}: never in reach, so nothing was shown: {stops:?}");
    }
}

/// Else an administrator looks in vain for what keeps somebody out.
#[test]
fn the_holder_of_a_record_is_named() {
    let host = Host::new();
    let mut alice = host.person("alice");
    host.must("cp /bin/sleep /var/holder");
    let ledger = format!("{STATE}/users/alice/ledger");
    let mut holder =
        host.command("flock").args([&ledger, "-c", "exec /var/holder 60"]).spawn().expect("flock");
    let held = |line: &str| host.must(line);
    held(&format!("until ! flock --nonblock {ledger} true; do :; done"));
    let login = host.types("alice", &alice.fresh_code(&host));
    assert!(!login.accepted(), "{login:#?}");
    let process = holder.id().to_string();
    let line = host.syslog().authpriv(&["alice/ledger: locked by process"]);
    assert!(line.text.contains(&format!("process {process} (flock)")), "{line:?}");
    for (language, says) in [("en", "has held it for too long"), ("fr", "le tient depuis trop longtemps")] {
        host.configure(&format!("language = \"{language}\"\n"));
        let refused = host.wardkey(&["unlock", "alice"], "").exits(3);
        assert!(refused.stderr.contains(says), "{refused:?}");
        assert!(refused.stderr.contains(&format!("{process} (flock)")), "{refused:?}");
        assert!(refused.stderr.contains(&format!("kill -KILL {process}")), "{refused:?}");
    }
    let _ = holder.kill();
    let _ = holder.wait();
}
