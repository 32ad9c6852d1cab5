//! What sshd makes of a text, which only its place among the prompts decides.

use crate::text::in_ascii;
use crate::transaction::{Tone, Transaction};

/// Whether the person is at another machine, and sshd between.
pub(crate) fn is_by_sshd(pam: &dyn Transaction) -> bool {
    is_sshd(&pam.service(), pam.tty().as_deref())
}

pub(crate) fn is_sshd(service: &str, tty: Option<&str>) -> bool {
    service.starts_with("sshd") || tty == Some("ssh")
}

/// A text that no prompt follows before the failure: sshd makes an instruction of it, in which its client shows ASCII alone.
pub(crate) fn before_failure(pam: &dyn Transaction, text: String) -> String {
    if is_by_sshd(pam) { in_ascii(&text) } else { text }
}

/// Tells what no prompt follows before the success. sshd would show it twice, before the session and in it: there it is said
/// once its own process goes on ([`tell_notice`]).
pub(crate) fn tell_who_is_in(pam: &mut dyn Transaction, text: &str, silent: bool) {
    if is_by_sshd(pam) {
        pam.add_notice(text);
    } else if !silent {
        pam.tell(Tone::Info, text);
    }
}

/// Tells what waits for this process of sshd, and takes it away: at `setcred`, which sshd always calls before it opens a
/// session, or else when our session line is reached. So the variable gets into no person's environment, also where that
/// line is missing.
pub(crate) fn tell_notice(pam: &mut dyn Transaction, silent: bool) {
    // Only sshd's child leaves one; elsewhere somebody else wrote it, into a file of their own perhaps.
    let notice = pam.take_notice();
    if let Some(notice) = notice.filter(|_| !silent && is_by_sshd(pam)) {
        pam.tell(Tone::Info, &notice);
    }
}
