//! The settings that decide how sshd lets people in.

use std::collections::BTreeMap;

/// What `sshd -T` prints: a name in small letters, a blank, a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// It asks PAM.
    pub(crate) uses_pam: bool,
    /// It shows PAM's questions.
    pub(crate) asks: bool,
    /// It answers PAM's questions with the password.
    pub(crate) takes_password: bool,
    /// It takes keys.
    pub(crate) takes_keys: bool,
    /// Other ways that ask PAM for nothing: hosts, Kerberos.
    pub(crate) takes_others: bool,
    /// An empty password opens.
    pub(crate) takes_empty: bool,
    /// Lists of methods, one of which must be gone through; empty: any one method.
    pub(crate) methods: Vec<Vec<String>>,
    /// Every setting that has one value, as it is printed.
    values: BTreeMap<String, String>,
}

impl Settings {
    /// Reads what `sshd -T` prints.
    pub(crate) fn parse(text: &str) -> Self {
        let mut settings = Self::default();
        for (name, value) in text.lines().filter_map(|line| line.trim().split_once(' ')) {
            let is_yes = value == "yes";
            settings.values.insert(name.to_ascii_lowercase(), value.to_owned());
            match name.to_ascii_lowercase().as_str() {
                "usepam" => settings.uses_pam = is_yes,
                "kbdinteractiveauthentication" => settings.asks = is_yes,
                "passwordauthentication" => settings.takes_password = is_yes,
                "pubkeyauthentication" => settings.takes_keys = is_yes,
                "hostbasedauthentication" | "gssapiauthentication" | "kerberosauthentication" => {
                    settings.takes_others |= is_yes;
                }
                "permitemptypasswords" => settings.takes_empty = is_yes,
                "authenticationmethods" if value != "any" => {
                    let list = |list: &str| list.split(',').map(method).collect();
                    settings.methods = value.split_whitespace().map(list).collect();
                }
                _ => {}
            }
        }
        settings
    }

    /// What is in force for this setting, whose name is in small letters.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Whether this method alone, or with others, lets people in without PAM's questions.
    pub(crate) fn opens_without_questions(&self, name: &str) -> bool {
        let without =
            |list: &Vec<String>| list.iter().any(|m| m == name) && !list.iter().any(|m| is_question(m));
        self.methods.is_empty() || self.methods.iter().any(without)
    }

    /// Whether somebody can be asked for a code at all.
    pub(crate) fn can_ask(&self) -> bool {
        let asks = |list: &Vec<String>| list.iter().any(|m| m == "keyboard-interactive");
        self.asks && (self.methods.is_empty() || self.methods.iter().any(asks))
    }

    /// Whether every list of methods leaves questions out.
    pub(crate) fn never_means_to_ask(&self) -> bool {
        !self.methods.is_empty() && !self.methods.iter().flatten().any(|method| is_question(method))
    }

    /// Whether the password method is open.
    pub(crate) fn opens_by_password(&self) -> bool {
        let takes = |list: &Vec<String>| list.iter().any(|m| m == "password");
        self.takes_password && (self.methods.is_empty() || self.methods.iter().any(takes))
    }

    /// Whether a key comes before every question.
    pub(crate) fn key_comes_first(&self) -> bool {
        !self.methods.is_empty()
            && self.methods.iter().all(|list| {
                list.iter()
                    .position(|m| is_question(m))
                    .is_none_or(|at| list.iter().take(at).any(|m| m == "publickey"))
            })
    }
}

/// A method without its device: `keyboard-interactive:pam`.
fn method(written: &str) -> String {
    written.split(':').next().unwrap_or_default().to_owned()
}

fn is_question(method: &str) -> bool {
    matches!(method, "keyboard-interactive" | "password")
}
