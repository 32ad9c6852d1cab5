//! Findings about ways in that no PAM line guards: sshd's settings, sudo, doas, polkit.

use super::finding::{Finding, FindingSeverity};
use super::people::Local;
use super::sshd::{CONFIG, PlaceFault, Scope, Sshd, SshdFault};
use super::{polkit, sudoers};
use crate::text::Text;
use pam_stack::Root;

/// All that is wrong with sshd.
pub(crate) fn of_sshd(text: &Text, sshd: &Sshd) -> Vec<Finding> {
    let faults = sshd.faults.iter().map(|(scope, fault, place)| {
        let place = place.as_ref().map_or_else(|| CONFIG.to_owned(), ToString::to_string);
        setting(text, sshd, (scope, fault), place)
    });
    faults.chain(sshd.misplaced.iter().map(|fault| misplaced(text, sshd, fault))).collect()
}

fn setting(text: &Text, sshd: &Sshd, (scope, fault): (&Scope, &SshdFault), place: String) -> Finding {
    let (id, severity) = match fault {
        SshdFault::Unreadable(_) | SshdFault::Silent => ("sshd-unreadable", FindingSeverity::Warning),
        SshdFault::NoPam => ("sshd-without-pam", FindingSeverity::WayIn),
        SshdFault::CannotAsk => ("sshd-cannot-ask", FindingSeverity::LockOut),
        SshdFault::PasswordOn => ("sshd-password-on", FindingSeverity::Warning),
        SshdFault::KeysAlone => ("sshd-key-alone", FindingSeverity::Note),
        SshdFault::OthersAlone => ("sshd-other-method", FindingSeverity::Warning),
        SshdFault::EmptyPasswords => ("sshd-empty-passwords", FindingSeverity::Warning),
    };
    let (what, why, remedy) = text.sshd_fault(scope, fault);
    let remedy = match fault {
        SshdFault::Unreadable(_) | SshdFault::Silent => remedy,
        _ => format!("{remedy} {}", text.sshd_then(sshd.unit.as_ref())),
    };
    Finding { id, severity, place, what, why, remedy }
}

fn misplaced(text: &Text, sshd: &Sshd, fault: &PlaceFault) -> Finding {
    let (id, place) = match fault {
        PlaceFault::Overruled(first, _) => ("sshd-setting-overruled", first.place.to_string()),
        PlaceFault::NotIncluded(file) => ("sshd-file-not-read", file.display().to_string()),
        PlaceFault::UnderMatch(_, place) => ("sshd-file-not-read", place.to_string()),
        PlaceFault::NotReadYet(file) => ("sshd-not-reloaded", file.display().to_string()),
        PlaceFault::SocketListens(setting) => ("sshd-socket-listens", setting.place.to_string()),
    };
    let unit = sshd.unit.as_ref();
    let (what, why, remedy) = text.sshd_place_fault(fault, unit.map_or("ssh", |unit| unit.name));
    let remedy = match fault {
        PlaceFault::SocketListens(_) => remedy,
        _ => format!("{remedy} {}", text.sshd_then(unit)).trim().to_owned(),
    };
    Finding { id, severity: FindingSeverity::Warning, place, what, why, remedy }
}

/// Lines by which sudo and doas ask nothing, each with the program.
pub(super) fn unasked(text: &Text, root: &Root) -> Vec<(&'static str, Finding)> {
    let finding = |found: &sudoers::Unasked| {
        let (what, why, remedy) = text.unasked(found);
        let id = match (found.is_doas, found.extent) {
            (true, _) => "doas-asks-nothing",
            (false, sudoers::Extent::AfterOnce) => "sudo-asks-once",
            (false, _) => "sudo-asks-nothing",
        };
        let severity = match found.extent {
            sudoers::Extent::Commands => FindingSeverity::Note,
            _ => FindingSeverity::Warning,
        };
        let program = if found.is_doas { "doas" } else { "sudo" };
        (program, Finding { id, severity, place: found.place.to_string(), what, why, remedy })
    };
    sudoers::unasked(root).iter().map(finding).collect()
}

/// Rules by which polkit asks nothing.
pub(super) fn polkit(text: &Text, root: &Root) -> Vec<Finding> {
    let finding = |yes: &polkit::Yes| {
        let (what, why, remedy) = text.polkit_yes(yes);
        let (id, severity) = ("polkit-asks-nothing", FindingSeverity::Warning);
        Finding { id, severity, place: yes.place.to_string(), what, why, remedy }
    };
    polkit::yeses(root, &Local::of(root)).iter().map(finding).collect()
}
