//! Programs with one field: a PAM file that asks them for the code at a prompt of its own lets nobody in.

use crate::services::Services;
use wardkey_core::policy::config::{Config, EntryForm};

/// Services whose programs answer every prompt with what was typed into their only field. KDE's locker even keeps the
/// password in it, and shows no prompt.
const SERVICES: [&str; 5] = ["i3lock", "swaylock", "kde", "sddm", "xrdp-sesman"];

/// Whether the program of this service is one of them.
pub(crate) fn has_one_field(service: &str) -> bool {
    SERVICES.contains(&service)
}

/// Which of them ask for password and code one after the other, as far as their files can be read.
pub(crate) fn asked_twice(config: &Config, services: &Services) -> Vec<&'static str> {
    let separate = SERVICES.into_iter().filter(|name| config.service(name).entry == EntryForm::Separate);
    separate.filter(|name| services.asks_apart(name)).collect()
}
