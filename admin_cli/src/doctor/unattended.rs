//! Programs behind which nobody sits: they give the password to every question, also to the one for a code.

use super::finding::{Finding, FindingSeverity};
use crate::context::Context;
use crate::services::{Services, asks};
use pam_stack::Kind;
use wardkey_core::policy::config::Exempt;

/// Their services, and what answers a hidden prompt in their sources.
const SERVICES: [(&str, &str); 11] = [
    ("cups", "cupsd: `pam_func`"),
    ("dovecot", "dovecot: `pam_userpass_conv`"),
    ("imap", "dovecot, where `args` says so, and saslauthd: `saslauthd_pam_conv`, by the protocol's name"),
    ("pop3", "as imap"),
    ("ppp", "pppd: `pam_conv`, which has the one password that came over the line"),
    ("proftpd", "mod_auth_pam: `pam_exchange`"),
    ("radiusd", "FreeRADIUS: rlm_pam"),
    ("sieve", "as imap"),
    ("smtp", "as imap"),
    ("squid", "basic_pam_auth"),
    ("vsftpd", "vsftpd: `pam_conv_func`"),
];

/// Those that ask for a code, and are not left out by the configuration; of these alone, unless none is named.
pub(crate) fn unattended(context: &Context, services: &Services, only: &[String]) -> Vec<Finding> {
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
    let is_meant = |name: &&str| only.is_empty() || only.iter().any(|meant| meant == name);
    let meant = SERVICES.iter().map(|(name, _)| *name).filter(is_meant);
    let due = meant.filter(is_asked).filter(|name| !is_left_out(name));
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

#[cfg(test)]
mod tests {
    use super::SERVICES;

    #[test]
    fn the_page_about_the_profile_leaves_out_each_of_them() {
        let page = include_str!("../../../docs/packages.md");
        let list = page.split_once("service = [").and_then(|(_, rest)| rest.split_once(']')).unwrap().0;
        let mut named: Vec<&str> = list.split(", ").map(|name| name.trim_matches('"')).collect();
        named.sort_unstable();
        assert_eq!(named, SERVICES.map(|(name, _)| name));
    }
}
