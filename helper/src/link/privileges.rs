//! How the link gives up what its parent may do.

use crate::sanitize::{end_with, leave_no_core};
use nix::sys::prctl::set_no_new_privs;
use nix::unistd::{Pid, Uid, User, setgroups, setresgid, setresuid};

/// Whom it becomes.
pub(crate) const USER: &str = "wardkey";

/// Becomes the user `wardkey`, with no capability and no way back, and ends with its parent.
///
/// # Errors
/// It cannot; nothing may go on then.
pub(crate) fn become_nobody_else(parent: Pid) -> Result<(), String> {
    let found = User::from_name(USER).map_err(|e| format!("the user {USER} cannot be looked up: {e}"))?;
    let user = found.filter(|user| !user.uid.is_root()).ok_or_else(|| {
        format!("there is no user {USER}; to make it: useradd --system --user-group {USER}")
    })?;
    let failed = |e| format!("cannot become the user {USER}: {e}");
    setgroups(&[]).map_err(failed)?;
    setresgid(user.gid, user.gid, user.gid).map_err(failed)?;
    // Takes all capabilities along, since none is kept.
    setresuid(user.uid, user.uid, user.uid).map_err(failed)?;
    set_no_new_privs().map_err(failed)?;
    if Uid::effective().is_root() || setresuid(Uid::from_raw(0), Uid::from_raw(0), Uid::from_raw(0)).is_ok() {
        return Err(format!("could still become root after it was {USER}"));
    }
    // A change of user undoes both.
    leave_no_core().map_err(|e| format!("core files cannot be forbidden: {e}"))?;
    end_with(parent);
    Ok(())
}
