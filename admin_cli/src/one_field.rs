//! Programs with one field: a PAM file that asks them for the code at a prompt of its own lets nobody in.

use std::path::Path;
use wardkey_core::config::{Config, Entry};
use wardkey_core::trusted_file::{self, Readers};

/// Services whose programs answer every prompt with what was typed into their only field. KDE's locker even keeps the
/// password in it, and shows no prompt.
const SERVICES: [&str; 5] = ["i3lock", "swaylock", "kde", "sddm", "xrdp-sesman"];

/// Where PAM's files are.
const DIRECTORY: &str = "/etc/pam.d";

/// Their largest size, in bytes.
const MAX_LEN: u64 = 256 * 1024;

/// How deep files that include others are followed.
const DEPTH: u32 = 4;

/// Which of them ask for password and code one after the other, as far as their files can be read.
pub(crate) fn asked_twice(config: &Config) -> Vec<&'static str> {
    let separate = SERVICES.into_iter().filter(|name| config.service(name).entry == Entry::Separate);
    separate.filter(|name| asks_apart(name, &read, DEPTH)).collect()
}

fn read(name: &str) -> Option<String> {
    let path = Path::new(DIRECTORY).join(name);
    let bytes = trusted_file::read(&path, Readers::Anyone, MAX_LEN).ok()?;
    String::from_utf8(bytes).ok()
}

/// Whether an `auth` line of this file, or of one that it includes, has our module ask for the code alone.
fn asks_apart(name: &str, read: &dyn Fn(&str) -> Option<String>, depth: u32) -> bool {
    let text = read(name).unwrap_or_default();
    text.lines().any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let follow = |file: &str| depth > 0 && asks_apart(file, read, depth - 1);
        match words.as_slice() {
            ["@include", file, ..] => follow(file),
            ["auth" | "-auth", "include" | "substack", file, ..] => follow(file),
            ["auth" | "-auth", rest @ ..] => {
                // A control in brackets may be of several words.
                let mut ours = rest.iter().skip_while(|word| !word.contains("pam_wardkey"));
                ours.next().is_some() && !ours.any(|word| *word == "forward_pass")
            }
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> bool {
        let read = |name: &str| match name {
            "kde" => Some(text.to_owned()),
            "ours" => Some("auth required pam_wardkey.so\n".to_owned()),
            "round" => Some("@include round\n".to_owned()),
            _ => None,
        };
        asks_apart("kde", &read, DEPTH)
    }

    #[test]
    fn only_an_auth_line_of_ours_without_forward_pass_asks_apart() {
        for (text, apart) in [
            ("auth required pam_wardkey.so", true),
            ("-auth\trequired\t/usr/lib/security/pam_wardkey.so debug", true),
            ("auth [success=ok  default=die] pam_wardkey.so", true),
            ("@include ours", true),
            ("auth include ours", true),
            ("auth substack ours", true),
            ("auth requisite pam_wardkey.so forward_pass", false),
            ("auth [success=ok default=die] pam_wardkey.so debug forward_pass", false),
            ("# auth required pam_wardkey.so", false),
            ("account required pam_wardkey.so", false),
            ("account include ours", false),
            ("@include round", false),
            ("@include missing", false),
            ("", false),
        ] {
            assert_eq!(judged(text), apart, "{text}");
        }
    }
}
