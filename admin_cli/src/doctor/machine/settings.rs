//! The configuration, where it does not load, or names what is not there.

use crate::context::Context;
use crate::doctor::finding::{Finding, FindingSeverity};
use crate::failure::Failure;

/// It does not load.
pub(crate) fn unread(context: &Context) -> Option<Finding> {
    let failure = context.unread.clone()?;
    let why = context.text.configuration_unread_why();
    Some(Finding { id: "configuration-unread", why, ..refused(context, failure) })
}

/// It loads, and `config check` refuses it.
pub(crate) fn refused(context: &Context, failure: Failure) -> Finding {
    Finding {
        id: "configuration-refused",
        severity: FindingSeverity::LockOut,
        place: context.config_path.display().to_string(),
        what: failure.message,
        why: context.text.configuration_refused_why(),
        remedy: failure.hint,
    }
}
