//! Faults planted while services are switched on: whatever comes between, everybody gets in, and every file comes back.

mod fault;
mod logins;
mod picture;
mod scene;
mod table;

pub use fault::Fault;
pub use table::all;

use fault::{End, Phase};
use logins::all_get_in;
use scene::Scene;

/// What is switched on.
const SERVICES: [&str; 5] = ["enable", "login", "sudo", "su", "sshd"];

/// A machine, used for one fault after the other.
pub struct Stage(Scene);

impl Stage {
    /// Boots one.
    #[must_use]
    pub fn new() -> Self {
        Self(Scene::new())
    }

    /// Plants a fault, and sees it through to its end.
    ///
    /// # Panics
    /// If somebody is locked out, a file does not come back, or nothing is said. The machine is of no use then.
    pub fn hold(&mut self, fault: &Fault) {
        let scene = &mut self.0;
        scene.begins();
        let said = switched_on(scene, fault);
        if !fault.refuses {
            everybody_gets_in(scene, "planted");
        }
        let waits = [Phase::Running, Phase::PuttingBack].contains(&fault.phase);
        if !waits {
            scene.machine.must(fault.mend);
        }
        scene.ends(fault.end);
        if fault.phase == Phase::PuttingBack {
            everybody_gets_in(scene, "at its end");
            scene.machine.must(fault.mend);
        }
        scene.is_as_before(fault.keeps);
        let asked = everybody_gets_in(scene, "put back");
        assert!(!fault.keeps.is_empty() || asked.is_empty(), "still asked: {asked:?}");
        if fault.phase == Phase::Running {
            scene.machine.must(fault.mend);
            scene.is_as_before(&[]);
        }
        scene.is_said(&said, fault.says);
        if waits {
            scene.is_said("", "Put back");
        }
    }
}

impl Default for Stage {
    fn default() -> Self {
        Self::new()
    }
}

/// Switches the services on, with the fault where it comes about until then or right after; the answer is what was said.
fn switched_on(scene: &Scene, fault: &Fault) -> String {
    let within = if fault.end == End::Timer { "--confirm-within=2s" } else { "--confirm-within=1h" };
    let last = if fault.for_good { "--no-revert" } else { within };
    let arguments = [&SERVICES[..], &[last]].concat();
    if fault.phase == Phase::AtTheQuestion {
        return scene.at_the_question(&arguments, fault.plant);
    }
    let is_early = matches!(fault.phase, Phase::Before | Phase::At(_));
    if is_early {
        scene.machine.must(fault.plant);
    }
    let call = if let Phase::At(call) = fault.phase { Some(call) } else { None };
    let outcome = scene.enable(&arguments, call);
    if !is_early {
        assert_eq!(outcome.code(), Some(0), "{outcome:?}");
        scene.machine.must(fault.plant);
    }
    assert!(call.is_none() || outcome.code() != Some(0), "nothing happened at the call: {outcome:?}");
    format!("{}{}", outcome.stdout, outcome.stderr)
}

fn everybody_gets_in(scene: &mut Scene, when: &str) -> Vec<&'static str> {
    all_get_in(scene).unwrap_or_else(|locked_out| panic!("LOCK-OUT, {when}: {locked_out}"))
}
