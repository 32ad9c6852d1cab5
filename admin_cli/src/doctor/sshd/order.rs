//! Which line of which file gives sshd a setting: it takes the first value that it meets (`sshd_config(5)`).

use super::matches::included;
use pam_stack::{Found, Place, Root};
use std::path::{Path, PathBuf};

/// How deep sshd includes files (`servconf.c`).
const MAX_DEPTH: usize = 16;

/// The most files that are looked at: one that includes its own directory is read again and again.
pub(super) const MAX_FILES: usize = 1000;

/// Names that older files have for a setting.
const FORMERLY: [&str; 2] = ["challengeresponseauthentication", "skeyauthentication"];

/// One line that sets something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    /// Where it stands.
    pub(crate) place: Place,
    /// The setting as it is written.
    pub(crate) written: String,
    /// The setting's name as `sshd -T` prints it.
    pub(crate) key: String,
    /// The value as it is written.
    pub(crate) value: String,
    /// The Match line under which it stands, if any.
    pub(crate) under: Option<Place>,
    /// That line means everybody.
    pub(crate) is_for_all: bool,
}

impl Setting {
    /// Whether sshd understands the same by both.
    pub(crate) fn has_value(&self, value: &str) -> bool {
        let plain = |value: &str| {
            let words: Vec<&str> = value.split_whitespace().map(|word| word.trim_matches('"')).collect();
            words.join(" ").to_ascii_lowercase()
        };
        plain(&self.value) == plain(value)
    }
}

/// All that sshd reads, in its order.
#[derive(Debug, Default)]
pub(crate) struct ReadingOrder {
    /// Every line that sets something.
    pub(crate) settings: Vec<Setting>,
    /// Every file that it could open.
    pub(crate) files: Vec<PathBuf>,
}

impl ReadingOrder {
    /// Reads the configuration at `path` and all that it includes.
    pub(crate) fn read(root: &Root, path: &str) -> Self {
        let mut order = Self::default();
        order.read_file(root, Path::new(path), 0, (None, false));
        order
    }

    /// The line that is in force for all who meet no other Match block than `Match all`, which comes before what is set
    /// outside of it.
    pub(crate) fn first(&self, key: &str) -> Option<&Setting> {
        let of_key = || self.settings.iter().filter(|setting| setting.key == key);
        of_key()
            .find(|setting| setting.is_for_all)
            .or_else(|| of_key().find(|setting| setting.under.is_none()))
    }

    /// The line of the Match block that begins at `place`.
    pub(crate) fn first_under(&self, key: &str, place: &Place) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.under.as_ref() == Some(place) && setting.key == key)
    }

    fn read_file(&mut self, root: &Root, path: &Path, depth: usize, outer: (Option<&Place>, bool)) {
        if self.files.len() >= MAX_FILES {
            return;
        }
        let Some(Found::File(_, text)) = root.file(path) else { return };
        self.files.push(path.to_owned());
        // A Match block ends with its file.
        let (mut under, mut is_for_all) = (outer.0.cloned(), outer.1);
        for (number, line) in (1..).zip(String::from_utf8_lossy(&text).lines()) {
            let Some((written, value)) = setting(line) else { continue };
            let place = Place { file: path.to_owned(), line: number };
            let key = written.to_ascii_lowercase();
            match key.as_str() {
                "match" => {
                    is_for_all = outer.0.is_none() && value.eq_ignore_ascii_case("all");
                    under = Some(place);
                }
                "include" if depth < MAX_DEPTH => {
                    for file in value.split_whitespace().flat_map(|pattern| included(root, pattern)) {
                        self.read_file(root, &file, depth + 1, (under.as_ref(), is_for_all));
                    }
                }
                _ => {
                    let key = if FORMERLY.contains(&&*key) { "kbdinteractiveauthentication" } else { &key };
                    let (key, under) = (key.to_owned(), under.clone());
                    self.settings.push(Setting { place, written, key, value, under, is_for_all });
                }
            }
        }
    }
}

/// Name and value of a line, which has blanks or one `=` between them.
fn setting(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    if line.starts_with('#') {
        return None;
    }
    let (word, rest) = line.split_once(|c: char| c.is_whitespace() || c == '=')?;
    let rest = rest.trim().trim_start_matches('=').trim();
    let value = rest.split(" #").next().unwrap_or_default().trim();
    Some((word.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lays these files below a directory and reads them.
    fn order(files: &[(&str, &str)]) -> ReadingOrder {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = directory.path().join("etc/ssh").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        ReadingOrder::read(&Root::new(directory.path()), "/etc/ssh/sshd_config")
    }

    #[test]
    fn the_first_line_in_the_order_of_reading_is_in_force() {
        let include = "Include /etc/ssh/sshd_config.d/*.conf\n";
        for (main, expected) in [
            (format!("{include}PasswordAuthentication yes\n"), "/etc/ssh/sshd_config.d/50-cloud-init.conf:2"),
            (format!("PasswordAuthentication yes\n{include}"), "/etc/ssh/sshd_config:1"),
            (
                format!("#PasswordAuthentication yes\n{include}"),
                "/etc/ssh/sshd_config.d/50-cloud-init.conf:2",
            ),
            (format!("Match User x\n{include}"), ""),
            (format!("{include}Match all\nPasswordAuthentication yes\n"), "/etc/ssh/sshd_config:3"),
            ("passwordauthentication=no\n".to_owned(), "/etc/ssh/sshd_config:1"),
        ] {
            let order = order(&[
                ("sshd_config", &main),
                ("sshd_config.d/50-cloud-init.conf", "\nPasswordAuthentication no # by the image\n"),
                ("sshd_config.d/99-wardkey.conf", "PasswordAuthentication no\n"),
                ("sshd_config.d/10-match.conf", "Match User y\nPasswordAuthentication yes\n"),
            ]);
            let first = order.first("passwordauthentication").map(|setting| setting.place.to_string());
            assert_eq!(first.unwrap_or_default(), expected, "{main}");
        }
    }

    #[test]
    fn files_that_include_their_own_directory_have_an_end() {
        let include = "Include /etc/ssh/sshd_config.d/*.conf\n";
        let names: Vec<String> = (0..9).map(|number| format!("sshd_config.d/{number}.conf")).collect();
        let own = names.iter().map(|name| (name.as_str(), include));
        let files: Vec<(&str, &str)> = own.chain([("sshd_config", include)]).collect();
        assert_eq!(order(&files).files.len(), MAX_FILES);
    }

    #[test]
    fn the_former_name_and_other_spellings_are_the_same_setting() {
        let order = order(&[("sshd_config", "ChallengeResponseAuthentication \"No\"\nUsePAM yes")]);
        let first = order.first("kbdinteractiveauthentication").unwrap();
        assert!(first.has_value("no") && !first.has_value("yes"));
        assert_eq!(first.written, "ChallengeResponseAuthentication");
    }
}
