//! Whether what a line asks of the machine can hold for anybody.

use pam_stack::{Found, Line, Root};

/// Whom `pam_sepermit` lets in without a password (`pam_sepermit(8)`).
const SEPERMIT: &str = "/etc/security/sepermit.conf";

/// Whether the condition of this line can hold; `is_empty_group` tells of a group without members.
pub(crate) fn can_hold(root: &Root, line: &Line, is_empty_group: &dyn Fn(&str) -> bool) -> bool {
    let group = line.arguments.windows(2).find(|words| matches!(words, [ingroup, _] if ingroup == "ingroup"));
    if group.and_then(<[String]>::last).is_some_and(|group| is_empty_group(group)) {
        return false;
    }
    if !matches!(line.module_name(), Some("pam_sepermit.so" | "pam_selinux_permit.so")) {
        return true;
    }
    let file = line.arguments.iter().find_map(|argument| argument.strip_prefix("conf=")).unwrap_or(SEPERMIT);
    match root.service_file(file) {
        Some(Found::File(_, text)) => has_entry(&String::from_utf8_lossy(&text)),
        Some(Found::TooLarge(_)) => true,
        _ => false,
    }
}

fn has_entry(text: &str) -> bool {
    text.lines().any(|line| line.split('#').next().is_some_and(|line| !line.trim().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_comments_alone_has_no_entry() {
        for (text, has) in
            [("", false), ("# xguest:exclusive\n\n \t# no\n", false), ("xguest:exclusive\n", true)]
        {
            assert_eq!(has_entry(text), has, "{text}");
        }
    }
}
