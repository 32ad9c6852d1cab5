//! Services that are switched on and ask for no code any more, as the watch over them finds them.

use crate::context::Context;
use crate::doctor::finding::{Finding, FindingSeverity};
use crate::enable::look;
use crate::enable::watch::{WatchTrouble, on_now, unasked};
use pam_stack::Root;
use std::path::Path;
use wardkey_core::login::SWITCHING_STATE;
use wardkey_core::printable::escaped;

/// Each of them, and what is to be said of it. Without a journal that can be read nothing is known to be on.
pub(super) fn asks_no_more(context: &Context, root: &Root) -> Vec<(String, Finding)> {
    let journal = look(Path::new(SWITCHING_STATE)).unwrap_or_default();
    let Some(on) = on_now(&journal) else { return Vec::new() };
    let found = unasked(root, on).into_iter();
    found.map(|(service, trouble)| (service.clone(), finding(context, &service, &trouble))).collect()
}

fn finding(context: &Context, service: &str, trouble: &WatchTrouble) -> Finding {
    let text = &context.text;
    // A locker that includes `login` asked by login's lines.
    let file = if let WatchTrouble::Unasked(Some(file)) = trouble { file.file_name() } else { None };
    let switched = file.map_or_else(|| service.into(), |name| name.to_string_lossy());
    Finding {
        id: "not-asked",
        severity: FindingSeverity::Warning,
        place: format!("/etc/pam.d/{service}"),
        what: text.watch_trouble(&escaped(service), trouble),
        why: text.not_asked_why(),
        remedy: text.asks_no_more_remedy(&escaped(&switched)),
    }
}
