//! su and sudo are root, in the group of the person who started them: what they make first is root's and of root's group all the same.

use wardkey_tests::machine::host::{AUDIT, Host, STATE};
use wardkey_tests::people::first_login::{Gate, enrols};
use wardkey_tests::programs::console::ConsoleProgram;

/// The directories that only root's programs write in.
const PLACES: &str = "/run/wardkey /var/lib/wardkey /var/log/wardkey";

#[test]
fn what_a_set_user_id_program_makes_first_is_of_roots_group() {
    let host = Host::with_config("[service.su-l]\nenroll = true\n");
    ConsoleProgram::prepare(&host);
    for name in ["alice", "bob"] {
        host.add_account(name);
    }
    host.must(&format!("rm -rf /run/wardkey {STATE}/spare {AUDIT}"));
    let gate = Gate::Console(ConsoleProgram::Su);
    let mut terminal = gate.open(&host, "alice");
    let _alice = enrols(&host, &mut terminal, "alice");
    assert!(gate.end(terminal, "alice").accepted, "{}", host.syslog().text());
    assert!(
        !ConsoleProgram::Su.attempt(&host, "alice", "no code").accepted,
        "nothing of it counts: its line does"
    );
    assert!(!ConsoleProgram::Sudo.attempt(&host, "bob", "123456").accepted, "nobody has such a code");
    let made = host.must(&format!("find {PLACES}"));
    for file in
        ["/run/wardkey/grace/.refusals/", "users/alice/ledger", "users/alice/enrolment", "spare", AUDIT]
    {
        assert!(made.contains(file), "{file}: {made}");
    }
    assert_eq!(host.must(&format!("find {PLACES} ! -uid 0 -o ! -gid 0")), "");
}
