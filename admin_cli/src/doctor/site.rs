//! What this site is told and what it runs: the configuration's warnings, the helper, exemptions, ways round PAM.

use super::autologin::autologins;
use super::finding::{Finding, FindingSeverity};
use super::ways;
use crate::context::Context;
use pam_stack::Root;
use wardkey_core::wire::{Helper, Silence};

/// How long before its end an exemption is said, in days.
const SOON: i64 = 30;

/// Ways past PAM, where some service asks for a code; of the programs of these services alone, unless none is named.
pub(crate) fn round_pam(context: &Context, root: &Root, only: &[String]) -> Vec<Finding> {
    let text = &context.text;
    let is_meant = |program: &str| only.is_empty() || only.iter().any(|name| is_of(name, program));
    let sessions =
        autologins(root).into_iter().filter(|found| is_meant(found.program)).map(|found| Finding {
            id: "autologin",
            severity: FindingSeverity::WayIn,
            place: found.file.display().to_string(),
            what: text.autologin_what(&found.user),
            why: text.autologin_why(),
            remedy: text.autologin_remedy(found.key),
        });
    let unasked = ways::unasked(text, root).into_iter().filter(|(program, _)| is_meant(program));
    let yeses = if is_meant("polkit") { ways::polkit(text, root) } else { Vec::new() };
    sessions.chain(unasked.map(|(_, finding)| finding)).chain(yeses).collect()
}

/// Whether a service is this program's, as sudo and sudo-i are sudo's.
fn is_of(service: &str, program: &str) -> bool {
    service.strip_prefix(program).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// The helper, without which screen lockers refuse everybody.
pub(crate) fn helper(context: &Context) -> Option<Finding> {
    let (text, socket) = (&context.text, context.config.helper.socket.path());
    let helper = Helper { socket: &socket, deadline: context.config.helper.deadline.get() };
    let (why, remedy) = match helper.reach().err()? {
        Silence::NotThere(errno) => (text.system_error(&errno.into()), text.helper_silent_remedy()),
        Silence::Broken(error) => (text.system_error(&error), text.helper_silent_remedy()),
        Silence::NotRoot => (text.helper_not_root(), text.helper_stuck_remedy()),
        Silence::Slow | Silence::Denied(_) | Silence::Left => {
            (text.helper_slow(), text.helper_stuck_remedy())
        }
    };
    Some(Finding {
        id: "helper-silent",
        severity: FindingSeverity::LockOut,
        place: socket.display().to_string(),
        what: text.helper_silent_what(&why),
        why: text.helper_silent_why(),
        remedy,
    })
}

/// Nobody who can become root could answer a question for a code.
pub(crate) fn nobody_enrolled(context: &Context, what: String) -> Finding {
    Finding {
        id: "nobody-becomes-root",
        severity: FindingSeverity::LockOut,
        place: context.config.store.path.path().display().to_string(),
        what,
        why: String::new(),
        remedy: String::new(),
    }
}

/// Exemptions that end soon.
pub(crate) fn ending(context: &Context) -> Vec<Finding> {
    let (text, today) = (&context.text, context.now().local().date());
    let soon = context.config.exempt.iter().filter_map(|exempt| {
        let days = (exempt.until.0 - today).get_days();
        (0..=SOON).contains(&i64::from(days)).then_some((exempt, days))
    });
    soon.map(|(exempt, _)| Finding {
        id: "exemption-ends",
        severity: FindingSeverity::Warning,
        place: context.config_path.display().to_string(),
        what: text.exemption_ends_what(exempt.reason.as_str(), &exempt.until.to_string()),
        why: text.exemption_ends_why(),
        remedy: text.exemption_ends_remedy(),
    })
    .collect()
}

/// What `config check` refuses or warns of.
pub(crate) fn configuration(
    context: &Context,
    refusing: Vec<(String, String)>,
    warnings: Vec<String>,
) -> Vec<Finding> {
    let place = || context.config_path.display().to_string();
    let refusing = refusing.into_iter().map(|(what, remedy)| Finding {
        id: "logins-refused",
        severity: FindingSeverity::LockOut,
        place: place(),
        what,
        why: String::new(),
        remedy,
    });
    let warnings = warnings.into_iter().map(|what| Finding {
        id: "configuration",
        severity: FindingSeverity::Warning,
        place: place(),
        what,
        why: String::new(),
        remedy: String::new(),
    });
    refusing.chain(warnings).collect()
}
