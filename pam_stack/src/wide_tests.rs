//! Stacks that were written to be walked for years.

use super::*;
use crate::testing::{auth, service};
use crate::{Kind, Machine, Trouble, logins};
use std::fmt::Write;

struct Anything;

impl Machine for Anything {
    fn ours(&self, line: &Line) -> Option<Vec<PamResult>> {
        use PamResult::{AuthErr, Ignore, Success};
        (line.module_name() == Some("ours.so")).then(|| vec![Success, Ignore, AuthErr])
    }

    fn has_module(&self, _: &Line) -> bool {
        true
    }

    fn can_hold(&self, _: &Line) -> bool {
        true
    }
}

const PROVING: [&str; 6] =
    ["pam_unix.so", "pam_u2f.so", "pam_fprintd.so", "pam_p11.so", "pam_oath.so", "pam_rootok.so"];

/// Two hundred lines: every proof may be there or not, and every line may be jumped over.
fn jumps() -> String {
    let mut text = String::new();
    for number in 0..200 {
        let module = match number % 4 {
            0 => PROVING[number / 4 % 6],
            1 => "ours.so",
            2 => "pam_exec.so",
            _ => "pam_strange.so",
        };
        let jump = number % 7 + 1;
        let _ = writeln!(text, "auth [success={jump} auth_err=2 perm_denied=bad default=ok] {module}");
    }
    text
}

/// Fifteen substacks in each other, each of which may begin in twenty ways and go back to how it began.
fn nested() -> (String, Vec<(String, String)>) {
    let part = |deeper: usize| {
        format!(
            "auth [default=ok] pam_strange.so\nauth [default=bad success=ok] pam_strange.so\n\
             auth substack a{deeper}\nauth [success=reset default=ignore] pam_strange.so\n"
        )
    };
    let files = (1..14).map(|depth| (format!("/etc/pam.d/a{depth}"), part(depth + 1)));
    let last = ("/etc/pam.d/a14".to_owned(), "auth required pam_strange.so\n".to_owned());
    (part(1), files.chain([last]).collect())
}

#[test]
fn a_stack_with_too_many_ways_is_given_up_and_never_sound() {
    assert_eq!(logins(&auth(&jumps()), &Anything).err(), Some(TooWide));
    let (text, files) = nested();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let service = service(&text, &files);
    assert!(!service.is_refused && service.stack(Kind::Auth).len() > 50);
    assert_eq!(logins(service.stack(Kind::Auth), &Anything).err(), Some(TooWide));
}

/// Each file includes the next one twice: thirty thousand files to read.
#[test]
fn files_that_include_each_other_twice_are_not_read_to_the_end() {
    for (include, last) in [("auth include", "# nothing\n"), ("@include", "\n")] {
        let names: Vec<String> = (1..16).map(|depth| format!("/etc/pam.d/a{depth}")).collect();
        let texts: Vec<String> =
            (1..15).map(|depth| format!("{include} a{}\n", depth + 1).repeat(3)).collect();
        let texts = texts.iter().map(String::as_str).chain([last]);
        let files: Vec<_> = names.iter().map(String::as_str).zip(texts).collect();
        let service = service(&format!("{include} a1\n").repeat(3), &files);
        assert!(service.is_refused);
        let troubles: Vec<_> = service.remarks.iter().map(|remark| remark.trouble.clone()).collect();
        assert_eq!(troubles, [Trouble::TooManyLines]);
    }
}
