//! Module, helper, command, state and configuration, each of this version or of the one before it, in every combination.

use wardkey_tests::machine::host::{ALONE, CODE, CONFIG, Host};
use wardkey_tests::machine::release::{COMMAND, HELPER, MODULE, Release};
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::programs::helper::Listening;
use wardkey_tests::programs::pam::{IGNORED, PamResult, Script};
use wardkey_tests::programs::wardkey::texts;

use crate::told::Table;

/// Somebody whom a file of the configuration's directory lets in without a code: the previous version has no such directory.
const LAYER: &str =
    "[[exempt]]\nuser = \"carol\"\nreason = \"display\"\napproved_by = \"Dr Roy\"\nuntil = 2099-01-01\n";

#[derive(Clone, Copy)]
struct Parts {
    module: Release,
    helper: Release,
    command: Release,
    state: Release,
    config: Release,
}

fn every_combination() -> impl Iterator<Item = Parts> {
    let of = |number: u32, place: u32| {
        if number >> place & 1 == 0 { Release::This } else { Release::Previous }
    };
    (0..32).map(move |n| Parts {
        module: of(n, 4),
        helper: of(n, 3),
        command: of(n, 2),
        state: of(n, 1),
        config: of(n, 0),
    })
}

#[test]
fn two_versions_of_all_parts_let_in_refuse_and_spend_as_one() {
    let mut table = Table::new(
        "module    helper    command   state     configuration  what comes of logins and commands",
    );
    for parts in every_combination() {
        let Parts { module, helper, command, state, config } = parts;
        let [module, helper, command, state] = [module, helper, command, state].map(Release::word);
        let name = format!("{module:<9} {helper:<9} {command:<9} {state:<9} {:<13}", config.word());
        table.row(&name, || {
            let walked = Walk::new(parts).walk();
            format!("works ({walked} things seen)")
        });
    }
    table.end();
}

/// One combination on a host of its own.
struct Walk {
    parts: Parts,
    host: Host,
    helper: Listening,
    alice: Person,
    seen: usize,
}

impl Walk {
    /// A host that one version has made and used.
    fn new(parts: Parts) -> Self {
        let host = Host::made_by(parts.state, "");
        let alice = host.person("alice");
        host.add_account("carol");
        let helper = host.start_helper();
        Self { parts, host, helper, alice, seen: 0 }
    }

    fn walk(mut self) -> usize {
        let by_root = self.alice.fresh_code(&self.host);
        let by_helper = self.alice.recovery_codes[0].clone();
        self.is(self.opens(&by_root) && self.opens_to_alice(&by_helper), "the state is one that was used");
        self.meets_the_others();
        for code in [&by_root, &by_helper] {
            self.is(!self.opens(code), "what the state's version spent is spent");
            self.is(!self.opens_to_alice(code), "and through the helper");
        }
        let new = self.lets_in_and_spends();
        self.commands_work();
        self.takes_layers_where_they_are_known();
        self.goes_back(&new);
        self.seen
    }

    /// Puts the parts in place on the machine that runs.
    fn meets_the_others(&self) {
        if self.parts.config == Release::This {
            self.host.write(&format!("{CONFIG}.d/50-display.toml"), LAYER);
        }
        self.host.put(MODULE, self.parts.module);
        self.host.put(COMMAND, self.parts.command);
        self.host.put(HELPER, self.parts.helper);
        self.helper.becomes_the_installed(&self.host);
    }

    fn lets_in_and_spends(&mut self) -> Vec<String> {
        let code = self.alice.fresh_code(&self.host);
        self.is(self.opens_to_alice(&code), "a code through the helper");
        self.is(!self.opens(&code), "which is then spent for root's programs");
        let code = self.alice.fresh_code(&self.host);
        self.is(self.opens(&code), "a code at root's door");
        self.is(!self.opens_to_alice(&code), "which is then spent for the helper");
        self.is(!self.opens_to_alice(&self.alice.wrong_code(&self.host)), "a wrong code");
        let old = self.alice.recovery_codes[1].clone();
        let typed = format!("{PASSWORD}\n{}\n", self.alice.fresh_code(&self.host));
        let made = self.host.wardkey_as("alice", &["recovery-codes", "--json"], &typed).exits(0);
        let last = made.stdout.lines().last().expect("an answer");
        let new: serde_json::Value = serde_json::from_str(last).expect("JSON");
        let new = texts(&new["recovery_codes"]);
        self.is(!self.opens(&old), "a recovery code of the set before");
        self.is(self.opens_to_alice(&new[0]) && !self.opens(&new[0]), "one of the new set, once");
        new
    }

    fn commands_work(&mut self) {
        self.is(self.host.state("alice") == "enrolled", "what root reads of her");
        let own = self.host.wardkey_as("alice", &["status"], "");
        self.is(own.code() == Some(0), "what she reads of herself");
        self.host.wardkey(&["config", "check"], "").exits(0);
        let mut bob = self.host.person("bob");
        let code = bob.fresh_code(&self.host);
        self.is(self.host.types("bob", &code).accepted(), "somebody whom the command has enrolled");
        let typed = format!("{PASSWORD}\n{}\n", bob.fresh_code(&self.host));
        let tried = self.host.wardkey(&["--json", "try", "bob", "--service", "separate"], &typed);
        self.is(tried.code() == Some(0), &format!("a try through the module: {tried:?}"));
        let typed = format!("{PASSWORD}\n{}\n", bob.recovery_codes[0]);
        let begun = self.host.wardkey_as("bob", &["replace", "--json"], &typed);
        self.is(begun.stdout.contains(r#""state":"pending""#), &format!("replace, begun: {begun:?}"));
    }

    /// A version that knows no layers goes by the file alone: it asks for a code.
    fn takes_layers_where_they_are_known(&mut self) {
        let has_layer = self.parts.config == Release::This;
        let known = |judge| has_layer && judge == Release::This;
        let script = |is_known| {
            let script = Script::new(ALONE, "carol");
            if is_known { (script, IGNORED) } else { (script.types(CODE, "123456"), PamResult::AuthErr) }
        };
        let (here, expected) = script(known(self.parts.module));
        self.is(self.host.pam(&here).result() == expected, "a layer, where the module judges");
        let (there, expected) = script(known(self.parts.helper));
        self.is(self.host.pam_as("carol", &there).result() == expected, "a layer, where the helper judges");
    }

    /// The version that made the state finds all that was done meanwhile.
    fn goes_back(&mut self, new: &[String]) {
        let spent = self.alice.used_code();
        self.host.put_all(self.parts.state);
        self.helper.becomes_the_installed(&self.host);
        self.is(!self.opens(&spent) && !self.opens(&new[0]), "what was spent meanwhile, back again");
        let code = self.alice.fresh_code(&self.host);
        self.is(self.opens(&code) && self.opens_to_alice(&new[1]), "what was not");
        self.is(self.host.state("bob") == "enrolled", "who was enrolled meanwhile");
    }

    fn opens(&self, code: &str) -> bool {
        self.host.types("alice", code).accepted()
    }

    fn opens_to_alice(&self, code: &str) -> bool {
        self.host.pam_as("alice", &Script::new(ALONE, "alice").types(CODE, code)).accepted()
    }

    fn is(&mut self, so: bool, what: &str) {
        assert!(so, "{what}\n{}", self.host.syslog().text());
        self.seen += 1;
    }
}
