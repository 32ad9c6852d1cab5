//! Everything a person reads in a login, in each language.

use std::time::Duration;
use wardkey_core::credential::single_use::Kind;
use wardkey_core::policy::config::{Config, Language};

/// The texts of one site.
#[derive(Debug, Clone)]
pub struct Texts {
    language: Language,
    support: String,
}

macro_rules! say {
    ($self:ident, $en:literal, $fr:literal) => {
        match $self.language {
            Language::English => format!($en),
            Language::French => format!($fr),
        }
    };
}

mod enrolment;
mod mail;
mod refusals;

impl Texts {
    /// The texts as the configuration wants them.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let support = match (config.support.as_str(), config.language) {
            ("", Language::English) => "your system administrator",
            ("", Language::French) => "votre administrateur système",
            (named, _) => named,
        };
        Self { language: config.language, support: support.to_owned() }
    }

    /// The one prompt of separate entry.
    #[must_use]
    pub fn prompt(&self) -> String {
        say!(
            self,
            "Code from your authenticator app (or a recovery code): ",
            "Code de votre application d'authentification (ou un code de secours) : "
        )
    }

    /// The one prompt of combined entry.
    #[must_use]
    pub fn combined_prompt(&self) -> String {
        say!(self, "Password, then your code, in one entry: ", "Mot de passe suivi du code, sans espace : ")
    }

    /// After a right code that followed many wrong ones.
    #[must_use]
    pub fn wrong_before(&self, count: u64) -> String {
        let support = &self.support;
        say!(
            self,
            "{count} wrong codes were tried since your last login. If they were not yours, call {support}.",
            "{count} codes erronés ont été essayés depuis votre dernière connexion. S'ils n'étaient pas de vous, appelez {support}."
        )
    }

    /// To someone who came in by a pass after a reset.
    #[must_use]
    pub fn was_reset(&self) -> String {
        let support = &self.support;
        say!(
            self,
            "Your second factor was reset. If you did not ask for that, call {support}.",
            "Votre second facteur a été réinitialisé. Si vous ne l'avez pas demandé, appelez {support}."
        )
    }

    /// To someone who must enrol here and cannot.
    #[must_use]
    pub fn cannot_enroll_here(&self) -> String {
        let support = &self.support;
        say!(
            self,
            "You need a second factor first. Call {support} to set one up.",
            "Il vous faut d'abord un second facteur. Appelez {support} pour l'activer."
        )
    }

    /// Days left of a dated rollout, today included.
    #[must_use]
    pub fn days_left(&self, days: i64) -> String {
        let support = &self.support;
        if days == 1 {
            return say!(
                self,
                "From tomorrow you need a second factor to log in. Call {support} today.",
                "Dès demain, un second facteur sera exigé. Appelez {support} aujourd'hui."
            );
        }
        say!(
            self,
            "In {days} days you will need a second factor to log in. Call {support} to set it up.",
            "Dans {days} jours, un second facteur sera exigé. Appelez {support} pour l'activer."
        )
    }

    /// After a single-use code.
    #[must_use]
    pub fn spent(&self, kind: Kind, recovery_left: usize) -> String {
        let left = self.codes_left(recovery_left);
        match kind {
            Kind::Recovery => say!(
                self,
                "Recovery code accepted; it will not work again. {left}",
                "Code de secours accepté ; il ne servira plus. {left}"
            ),
            Kind::Pass => say!(self, "Pass accepted. {left}", "Laissez-passer accepté. {left}"),
            Kind::Emergency => say!(
                self,
                "Emergency code accepted; it will not work again. {left}",
                "Code d'urgence accepté ; il ne servira plus. {left}"
            ),
        }
    }

    /// The same in combined entry: the code is looked at before the password.
    #[must_use]
    pub fn spent_in_one_entry(&self, kind: Kind, recovery_left: usize) -> String {
        let left = self.codes_left(recovery_left);
        match kind {
            Kind::Recovery => say!(
                self,
                "Recovery code spent, even if the password was wrong. {left}",
                "Code de secours consommé, même si le mot de passe était faux. {left}"
            ),
            Kind::Pass => say!(
                self,
                "Pass spent, even if the password was wrong. {left}",
                "Laissez-passer consommé, même si le mot de passe était faux. {left}"
            ),
            Kind::Emergency => say!(
                self,
                "Emergency code spent, even if the password was wrong. {left}",
                "Code d'urgence consommé, même si le mot de passe était faux. {left}"
            ),
        }
    }

    fn codes_left(&self, left: usize) -> String {
        let support = &self.support;
        match left {
            0 => say!(
                self,
                "No recovery codes left: call {support}.",
                "Plus aucun code de secours : appelez {support}."
            ),
            1 => say!(
                self,
                "1 recovery code left: ask {support} for new ones.",
                "1 code de secours restant : demandez-en à {support}."
            ),
            2 => say!(
                self,
                "2 recovery codes left: ask {support} for new ones.",
                "2 codes de secours restants : demandez-en à {support}."
            ),
            _ => say!(self, "{left} recovery codes left.", "{left} codes de secours restants."),
        }
    }

    fn duration(&self, span: Duration) -> String {
        let seconds = span.as_secs().max(1);
        let minutes = seconds.div_ceil(60);
        match seconds {
            1 => say!(self, "1 second", "1 seconde"),
            2..=90 => say!(self, "{seconds} seconds", "{seconds} secondes"),
            _ => say!(self, "{minutes} minutes", "{minutes} minutes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use wardkey_core::login::NoPlace;

    pub(super) fn texts(config: &str) -> Texts {
        Texts::new(&Config::parse(config.as_bytes(), Path::new("w.toml")).unwrap())
    }

    fn all(t: &Texts) -> Vec<String> {
        let wait = Duration::from_secs;
        vec![
            t.prompt(),
            t.combined_prompt(),
            t.wrong(),
            t.already_used(),
            t.single_use_used(),
            t.clock_off(-150),
            t.waiting(wait(1)),
            t.waiting(wait(30)),
            t.waiting(wait(3600)),
            t.waiting_for_two(wait(1), false),
            t.waiting_for_two(wait(1), true),
            t.waiting_for_two(wait(30), false),
            t.waiting_for_two(wait(30), true),
            t.waiting_for_two(wait(3600), false),
            t.waiting_for_two(wait(3600), true),
            t.one_code_only(),
            t.disabled(),
            t.must_enroll(),
            t.unavailable(),
            t.cannot_enroll_here(),
            t.enroll_elsewhere(NoPlace::Unlock),
            t.days_left(1),
            t.days_left(9),
            t.spent(Kind::Recovery, 4),
            t.spent(Kind::Pass, 1),
            t.spent(Kind::Emergency, 0),
            t.spent_in_one_entry(Kind::Recovery, 2),
            t.spent_in_one_entry(Kind::Pass, 1),
            t.spent_in_one_entry(Kind::Emergency, 0),
        ]
    }

    #[test]
    fn every_text_is_one_short_line_and_differs_between_the_languages() {
        let (en, fr) =
            (texts("support = \"IT, ext. 204\""), texts("support = \"IT, ext. 204\"\nlanguage = \"fr\""));
        for (en, fr) in all(&en).into_iter().zip(all(&fr)) {
            assert_ne!(en, fr);
            for text in [en, fr] {
                // PAM_MAX_MSG_SIZE is 512; a locker shows far less.
                assert!(text.len() <= 180 && !text.contains('\n'), "{text}");
            }
        }
    }

    #[test]
    fn a_dead_end_names_whom_to_call() {
        let t = texts("support = \"IT, ext. 204\"");
        for text in
            [t.wrong(), t.waiting(Duration::from_secs(9)), t.disabled(), t.must_enroll(), t.unavailable()]
                .into_iter()
                .chain([NoPlace::Unlock, NoPlace::Untold].map(|why| t.enroll_elsewhere(why)))
        {
            assert!(text.contains("IT, ext. 204"), "{text}");
        }
        assert!(texts("").wrong().contains("your system administrator"));
        assert!(texts("language = \"fr\"").wrong().contains("votre administrateur système"));
    }

    #[test]
    fn two_codes_are_offered_in_the_promised_words() {
        assert_eq!(
            texts("").waiting_for_two(Duration::from_secs(27), false),
            "Too many wrong codes. Try again in 27 seconds, or use a recovery code, or: note this code, wait for the next, and type both, one behind the other."
        );
    }

    #[test]
    fn the_prompt_is_the_one_that_was_promised() {
        assert_eq!(texts("").prompt(), "Code from your authenticator app (or a recovery code): ");
    }
}
