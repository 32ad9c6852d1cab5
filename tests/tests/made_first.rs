//! su and sudo are root, in the group of the person who started them: what they make first is root's and of root's group all the same.

use wardkey_tests::machine::world::{AUDIT, STATE, World};
use wardkey_tests::people::first_login::{Gate, enrols};
use wardkey_tests::programs::program::Program;

/// The directories that only root's programs write in.
const PLACES: &str = "/run/wardkey /var/lib/wardkey /var/log/wardkey";

#[test]
fn what_a_set_user_id_program_makes_first_is_of_roots_group() {
    let world = World::with_config("[service.su-l]\nenroll = true\n");
    Program::prepare(&world);
    for name in ["alice", "bob"] {
        world.add_account(name);
    }
    world.must(&format!("rm -rf /run/wardkey {STATE}/spare {AUDIT}"));
    let gate = Gate::Console(Program::Su);
    let mut terminal = gate.open(&world, "alice");
    let _alice = enrols(&world, &mut terminal, "alice");
    assert!(gate.end(terminal, "alice").accepted, "{}", world.syslog().text());
    assert!(!Program::Su.attempt(&world, "alice", "no code").accepted, "nothing of it counts: its line does");
    assert!(!Program::Sudo.attempt(&world, "bob", "123456").accepted, "nobody has such a code");
    let made = world.must(&format!("find {PLACES}"));
    for file in
        ["/run/wardkey/grace/.refusals/", "users/alice/ledger", "users/alice/enrolment.toml", "spare", AUDIT]
    {
        assert!(made.contains(file), "{file}: {made}");
    }
    assert_eq!(world.must(&format!("find {PLACES} ! -uid 0 -o ! -gid 0")), "");
}
