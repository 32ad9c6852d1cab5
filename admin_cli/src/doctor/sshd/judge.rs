//! What is wrong with sshd's settings, where its PAM service asks for a code.

use super::settings::Settings;

/// For whom a setting holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scope {
    /// For all who meet no Match block.
    Everybody,
    /// For those of this Match line.
    Match(String),
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SshdFault {
    /// sshd does not say what is in force; why.
    Unreadable(String),
    /// It does not answer.
    Silent,
    /// It asks PAM for nothing.
    NoPam,
    /// It shows nobody PAM's questions.
    CannotAsk,
    /// The password method is on, and answers every question with the password.
    PasswordOn,
    /// A key opens without a code.
    KeysAlone,
    /// Another host's word, or a Kerberos ticket, opens without a code.
    OthersAlone,
    /// An empty password opens.
    EmptyPasswords,
}

impl SshdFault {
    /// The setting that makes it so, as `sshd -T` calls it.
    pub(super) fn key(&self, settings: &Settings) -> Option<&'static str> {
        match self {
            Self::Unreadable(_) | Self::Silent => None,
            Self::NoPam => Some("usepam"),
            Self::CannotAsk if settings.asks => Some("authenticationmethods"),
            Self::CannotAsk => Some("kbdinteractiveauthentication"),
            Self::PasswordOn => Some("passwordauthentication"),
            Self::KeysAlone | Self::OthersAlone => Some("authenticationmethods"),
            Self::EmptyPasswords => Some("permitemptypasswords"),
        }
    }
}

/// What is wrong with `settings`; of a Match block only what is not so for everybody.
pub(super) fn judge(
    settings: &Settings,
    scope: Scope,
    everybody: Option<&Settings>,
) -> Vec<(Scope, SshdFault)> {
    let known = everybody.map(faults).unwrap_or_default();
    let new = faults(settings).into_iter().filter(|fault| !known.contains(fault));
    new.map(|fault| (scope.clone(), fault)).collect()
}

fn faults(settings: &Settings) -> Vec<SshdFault> {
    if !settings.uses_pam {
        return vec![SshdFault::NoPam];
    }
    let mut faults = Vec::new();
    let by_key = settings.takes_keys && settings.opens_without_questions("publickey");
    if !settings.can_ask() {
        // Where every list is of keys alone, nobody is meant to be asked.
        let is_keys_alone = settings.never_means_to_ask();
        faults.extend((!is_keys_alone).then_some(SshdFault::CannotAsk));
    } else if settings.opens_by_password() {
        faults.push(SshdFault::PasswordOn);
    }
    if by_key {
        faults.push(SshdFault::KeysAlone);
    }
    let others = ["hostbased", "gssapi-with-mic"];
    if settings.takes_others && others.iter().any(|method| settings.opens_without_questions(method)) {
        faults.push(SshdFault::OthersAlone);
    }
    if settings.takes_empty && (settings.can_ask() || settings.opens_by_password()) {
        faults.push(SshdFault::EmptyPasswords);
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use SshdFault::{CannotAsk, EmptyPasswords, KeysAlone, NoPam, OthersAlone, PasswordOn};

    const OURS: &str = "usepam yes\nkbdinteractiveauthentication yes\npasswordauthentication no\npubkeyauthentication yes\n\
                        authenticationmethods keyboard-interactive\n";

    fn found(text: &str) -> Vec<SshdFault> {
        faults(&Settings::parse(text))
    }

    #[test]
    fn the_shipped_settings_are_sound() {
        assert_eq!(found(OURS), []);
        assert_eq!(found(&OURS.replace("methods key", "methods publickey,key")), []);
        assert_eq!(
            found(
                &OURS.replace("methods keyboard-interactive", "methods publickey,keyboard-interactive:pam")
            ),
            []
        );
    }

    #[test]
    fn each_setting_that_opens_or_shuts_is_found() {
        for (from, to, expected) in [
            ("usepam yes", "usepam no", &[NoPam] as &[_]),
            ("kbdinteractiveauthentication yes", "kbdinteractiveauthentication no", &[CannotAsk]),
            ("methods keyboard-interactive", "methods any", &[KeysAlone]),
            ("methods keyboard-interactive", "methods publickey keyboard-interactive", &[KeysAlone]),
            ("methods keyboard-interactive", "methods publickey", &[KeysAlone]),
            ("passwordauthentication no", "passwordauthentication yes", &[]),
            ("passwordauthentication no\n", "passwordauthentication yes\nhostbasedauthentication yes\n", &[]),
            (
                "methods keyboard-interactive",
                "methods keyboard-interactive\npermitemptypasswords yes",
                &[EmptyPasswords],
            ),
        ] {
            assert_eq!(found(&OURS.replace(from, to)), expected, "{to}");
        }
        let stock = "usepam yes\nkbdinteractiveauthentication no\npasswordauthentication yes\npubkeyauthentication yes\n\
                     gssapiauthentication yes\nauthenticationmethods any\n";
        assert_eq!(found(stock), [CannotAsk, KeysAlone, OthersAlone]);
        let both = stock.replace("kbdinteractiveauthentication no", "kbdinteractiveauthentication yes");
        assert_eq!(found(&both), [PasswordOn, KeysAlone, OthersAlone]);
    }

    #[test]
    fn a_match_block_is_told_what_differs_alone() {
        let everybody = Settings::parse(&OURS.replace("methods keyboard-interactive", "methods any"));
        let backup = Settings::parse(&OURS.replace("usepam yes", "usepam no"));
        assert_eq!(judge(&everybody, Scope::Match("User x".into()), Some(&everybody)), []);
        let told = judge(&backup, Scope::Match("User backup".into()), Some(&everybody));
        assert_eq!(told, [(Scope::Match("User backup".into()), NoPam)]);
    }

    #[test]
    fn a_key_first_is_seen() {
        for (methods, first) in [
            ("publickey,keyboard-interactive", true),
            ("publickey", true),
            ("keyboard-interactive,publickey", false),
            ("publickey,keyboard-interactive keyboard-interactive", false),
            ("any", false),
        ] {
            let text = OURS.replace("methods keyboard-interactive", &format!("methods {methods}"));
            assert_eq!(Settings::parse(&text).key_comes_first(), first, "{methods}");
        }
    }
}
