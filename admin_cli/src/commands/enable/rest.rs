//! Whether a file that somebody edited may lose our lines.

use crate::context::Context;
use crate::doctor::on_this_machine;
use crate::enable::{opens_no_more, sshd};
use pam_stack::Root;
use std::path::Path;

/// Judges what would be left of a file, by the evaluator.
pub(crate) fn rest_is_proven(context: &Context) -> impl Fn(&Path, &[u8]) -> bool {
    move |path, rest| {
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(name) = name.filter(|_| path != Path::new(sshd::DROP_IN)) else { return true };
        let root = Root::new("/");
        let mut after = root.clone();
        after.lay(path, Some(rest.to_vec()));
        on_this_machine(context, &root, false, |about| opens_no_more(&root, &after, name, about))
    }
}
