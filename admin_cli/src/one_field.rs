//! Programs with one field: a PAM file that asks them for the code at a prompt of its own lets nobody in.

use crate::services::Services;
use wardkey_core::policy::config::{Config, EntryForm};

/// Services whose programs answer every hidden prompt with what was typed into their only field, by their sources. KDE's
/// locker even keeps the password in it, and shows no prompt.
const SERVICES: [&str; 15] = [
    "gtklock",
    // It waits for more only within one call of its conversation, and modules make one call for each prompt.
    "hyprlock",
    "i3lock",
    "kde",
    "lxdm",
    "ly",
    // SDDM's successor: its daemon gives the one password to each prompt (`Display::slotRequestChanged`).
    "plasmalogin",
    // FTP has one PASS for a login: `pam_exchange`.
    "proftpd",
    "sddm",
    "swaylock",
    // The same: `pam_conv_func`, which refuses even a prompt that shows what is typed.
    "vsftpd",
    "waylock",
    "wdm",
    // xlockmore: `PAM_conv` has `PAM_password` for it.
    "xlock",
    "xrdp-sesman",
];

/// Whether the program of this service is one of them.
pub(crate) fn has_one_field(service: &str) -> bool {
    SERVICES.contains(&service)
}

/// Which of them ask for password and code one after the other, as far as their files can be read.
pub(crate) fn asked_twice(config: &Config, services: &Services) -> Vec<&'static str> {
    let separate = SERVICES.into_iter().filter(|name| config.service(name).entry == EntryForm::Separate);
    separate.filter(|name| services.asks_apart(name)).collect()
}
