//! What the survey finds in whole sets of files: `gallery/stock` as distributions ship them, `gallery/broken` as people
//! break them.
#![expect(clippy::disallowed_methods, reason = "looks at files from outside")]

use super::super::conditions::can_hold;
use super::*;
use crate::services;
use std::fs;
use std::path::PathBuf;
use wardkey_core::policy::config::Language;

/// Modules that distributions name in their files and do not install with them, and one that nobody has.
const NOT_INSTALLED: [&str; 4] = ["pam_fprintd.so", "pam_pkcs11.so", "pam_systemd_home.so", "pam_wardky.so"];

fn gallery(part: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("gallery").join(part)
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).map(|entries| entries.map(|entry| entry.unwrap().path()).collect());
    let mut entries: Vec<PathBuf> = entries.unwrap_or_default();
    entries.sort();
    entries
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// A machine's files in a directory of their own.
struct Files(tempfile::TempDir);

impl Files {
    fn of(parts: &[PathBuf]) -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        parts.iter().for_each(|part| files.lay(part));
        files
    }

    /// Lays the files of `part` over those that are there.
    fn lay(&self, part: &Path) {
        for place in
            ["etc/pam.d", "usr/lib/pam.d", "usr/share/pam.d", "usr/lib/x86_64-linux-gnu", "usr/lib64"]
        {
            let target = self.0.path().join(place);
            fs::create_dir_all(&target).unwrap();
            for file in entries(&part.join(place)) {
                fs::copy(&file, target.join(name(&file))).unwrap();
            }
        }
        let removed = fs::read_to_string(part.join("removed")).unwrap_or_default();
        removed.lines().for_each(|path| fs::remove_file(self.0.path().join(path)).unwrap());
    }

    fn root(&self) -> Root {
        Root::new(self.0.path())
    }

    /// Every finding as `id service`.
    fn found(&self, installed: &str) -> BTreeSet<String> {
        self.found_in(installed, &[])
    }

    /// The same of these services alone.
    fn found_in(&self, installed: &str, only: &[String]) -> BTreeSet<String> {
        let root = self.root();
        let (services, unread) = services::of(&root);
        assert!(unread.is_empty(), "{unread:?}");
        let about = About {
            has_module: &|path| {
                !path.starts_with("/opt") && (!NOT_INSTALLED.contains(&path) || installed.contains(path))
            },
            can_hold: &|line| can_hold(&root, line, &|group| group == "nopasswdlogin"),
            is_combined: &|_| false,
            exempts: true,
            key_came_first: false,
            config: "/etc/wardkey/wardkey.toml",
            has_file: &|path| !path.contains("missing"),
        };
        let text = Text::new(Language::English, "");
        let findings = survey(&root, &services, &about, only, &text);
        findings
            .iter()
            .map(|finding| format!("{} {}", finding.id, finding.what.split(':').next().unwrap()))
            .collect()
    }
}

/// Debian 12 with the examples in place of its own files.
fn debian_with_examples() -> Files {
    let files = Files::of(&[gallery("stock/debian-12")]);
    for example in entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/pam.d")) {
        let is_service =
            !["combined", "common-auth", "key-or-code", "wardkey"].contains(&name(&example).as_str());
        if is_service {
            fs::copy(&example, files.0.path().join("etc/pam.d").join(name(&example))).unwrap();
        }
    }
    files
}

#[test]
fn stock_files_raise_no_alarm() {
    for stock in entries(&gallery("stock")) {
        let found = Files::of(std::slice::from_ref(&stock)).found("");
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            ["no-service-asks no service asks for a code yet"],
            "{stock:?}"
        );
    }
}

#[test]
fn our_lines_in_stock_files_raise_no_alarm() {
    for stock in entries(&gallery("stock")) {
        let files = Files::of(std::slice::from_ref(&stock));
        // They include `login` as a whole, and have one field: a true finding.
        for locker in ["gtklock", "hyprlock", "i3lock", "swaylock"] {
            let _ = fs::remove_file(files.0.path().join("etc/pam.d").join(locker));
        }
        let services: Vec<PathBuf> = ["etc/pam.d", "usr/lib/pam.d"]
            .iter()
            .flat_map(|place| entries(&files.0.path().join(place)))
            .collect();
        for file in services.iter().filter(|file| is_prompting(&name(file))) {
            let text = fs::read_to_string(file).unwrap();
            fs::write(file, with_our_lines(&text)).unwrap();
        }
        // The other programs that let people in, and no more: not those whose stack refuses everybody.
        let expected = fs::read_to_string(stock.join("not-asked")).unwrap();
        let expected = expected.lines().map(|name| format!("not-asked {name}"));
        assert_eq!(files.found(""), expected.collect(), "{stock:?}");
    }
}

/// Programs that show every prompt, and whose files include nothing that has lines of ours by this.
fn is_prompting(service: &str) -> bool {
    ["login", "sshd", "sudo", "su", "gdm-password", "polkit-1", "lightdm", "cockpit", "xdm"]
        .contains(&service)
        || service == "su-l"
        || service == "sudo-i"
}

/// A service's lines with ours where the manual has them; one that includes another service as a whole is left alone.
fn with_our_lines(text: &str) -> String {
    let whole = ["auth include sudo", "auth include su", "@include su"];
    if text.lines().any(|line| whole.contains(&line.trim())) {
        return text.to_owned();
    }
    let mut lines = Vec::new();
    let mut account = Some("account required pam_wardkey.so");
    let mut session = Some("session requisite pam_wardkey.so");
    let mut password = Some("password [success=done ignore=ignore default=die] pam_wardkey.so");
    let parts = [
        "common-auth",
        "system-auth",
        "password-auth",
        "system-login",
        "system-local-login",
        "system-remote-login",
    ];
    for line in text.lines() {
        let kind = line.split_whitespace().next().unwrap_or_default();
        match kind {
            "account" | "@include" if kind == "account" || line.contains("common-account") => {
                lines.extend(account.take());
            }
            "session" => lines.extend(session.take()),
            "password" | "@include" if kind == "password" || line.contains("common-password") => {
                lines.extend(password.take());
            }
            _ => {}
        }
        let includes = parts.iter().any(|part| line.split_whitespace().last() == Some(*part));
        if (kind == "auth" || line == "@include common-auth") && includes {
            // An included file may end the stack, and a substack goes on after a wrong password.
            let is_debians = line == "@include common-auth";
            lines.extend([
                if is_debians { line } else { "auth requisite pam_unix.so" },
                "auth requisite pam_wardkey.so",
            ]);
        } else if kind == "auth" && line.ends_with("pam_unix.so") {
            lines.extend(["auth requisite pam_unix.so", "auth requisite pam_wardkey.so"]);
        } else {
            lines.push(line);
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn each_broken_system_has_its_findings_and_no_other() {
    let sound = debian_with_examples().found("");
    assert!(sound.iter().all(|found| found.starts_with("not-asked")), "{sound:?}");
    let broken = entries(&gallery("broken"));
    assert!(broken.len() >= 60);
    let mut wrong = Vec::new();
    for case in broken {
        let files = debian_with_examples();
        files.lay(&case);
        let expected = fs::read_to_string(case.join("expected")).unwrap();
        let installed = fs::read_to_string(case.join("installed")).unwrap_or_default();
        let only = fs::read_to_string(case.join("services")).unwrap_or_default();
        let only: Vec<String> = only.lines().map(str::to_owned).collect();
        let found = files.found_in(&installed, &only);
        let new: Vec<&str> = found.difference(&sound).map(String::as_str).collect();
        let mut expected: Vec<&str> = expected.lines().collect();
        expected.sort_unstable();
        if new != expected {
            wrong.push(format!("{}: found {new:?}, expected {expected:?}", name(&case)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
