//! Programs behind which nobody sits: they give the password to every question, also to the one for a code.

use super::finding::{Finding, FindingSeverity};
use crate::context::Context;
use crate::services::{Services, asks};
use pam_stack::Kind;
use wardkey_core::policy::config::Exempt;

/// Their services, by what their sources answer to a hidden prompt.
const SERVICES: [&str; 9] = [
    // cupsd: `pam_func`.
    "cups", // `pam_userpass_conv`, for each of its protocols where `args` says so.
    "dovecot", "imap", "pop3",
    // pppd: `pam_conv`, which has the one password that came over the line.
    "ppp",     // FreeRADIUS: rlm_pam.
    "radiusd", // saslauthd: `saslauthd_pam_conv`, by the protocol's name.
    "sieve", "smtp", // basic_pam_auth.
    "squid",
];

/// Those that ask for a code, and are not left out by the configuration.
pub(crate) fn unattended(context: &Context, services: &Services) -> Vec<Finding> {
    let text = &context.text;
    let today = context.now().local().date();
    let is_left_out = |name: &str| {
        context.config.exempt.iter().any(|exempt| {
            exempt.until.0 >= today
                && is_for_all(exempt)
                && exempt.service.iter().flatten().any(|of| of == name)
        })
    };
    let is_asked =
        |name: &&str| services.get(name).is_some_and(|service| service.stack(Kind::Auth).iter().any(asks));
    let due = SERVICES.into_iter().filter(is_asked).filter(|name| !is_left_out(name));
    due.map(|name| Finding {
        id: "nobody-to-ask",
        severity: FindingSeverity::Warning,
        place: format!("/etc/pam.d/{name}"),
        what: text.unattended_what(name),
        why: text.unattended_why(),
        remedy: text.unattended_remedy(name),
    })
    .collect()
}

/// Whether it holds for everybody from everywhere.
fn is_for_all(exempt: &Exempt) -> bool {
    exempt.user.is_none() && exempt.group.is_none() && exempt.network.is_none()
}
