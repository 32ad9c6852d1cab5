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
#[path = "text_tests.rs"]
mod tests;
