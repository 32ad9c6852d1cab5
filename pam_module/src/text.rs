//! Everything a person reads in a login, in each language.

mod enrolment;
mod lost_phone;
mod mail;
mod plain;
mod refusals;

pub(crate) use plain::in_ascii;

use std::time::Duration;
use wardkey_core::credential::single_use::Kind;
use wardkey_core::policy::config::{Config, Language};

/// The texts of one site.
#[derive(Debug, Clone)]
pub(crate) struct Texts {
    language: Language,
    support: String,
}

/// Defines one method a message: when it is said, its name, what goes into it, English, French. One `with support` names
/// whom to call.
macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*) $(with $field:ident)?: $english:literal | $french:literal;)*) => {
        impl $crate::text::Texts {
            $(
                $(#[$doc])*
                pub(crate) fn $name(&self $(, $arg: $type)*) -> String {
                    $(let $field = &self.$field;)?
                    match self.language {
                        wardkey_core::policy::config::Language::English => format!($english),
                        wardkey_core::policy::config::Language::French => format!($french),
                    }
                }
            )*
        }
    };
}
use messages;

messages! {
    /// The one prompt of separate entry.
    prompt(): "Code (app or recovery): "
        | "Code (appli ou secours) : ";
    /// The one prompt of combined entry.
    combined_prompt(): "Password, then your code, in one entry: " | "Mot de passe suivi du code, sans espace : ";
    /// After a right code that followed many wrong ones.
    wrong_before(count: u64) with support: "{count} wrong codes were tried since your last login. If they were not yours, call {support}."
        | "{count} codes erronés ont été essayés depuis votre dernière connexion. S'ils n'étaient pas de vous, appelez {support}.";
    /// To someone who came in by a pass after a reset.
    was_reset() with support: "Your second factor was reset. If you did not ask for that, call {support}."
        | "Votre second facteur a été réinitialisé. Si vous ne l'avez pas demandé, appelez {support}.";
    /// To someone who must enrol here and cannot.
    cannot_enroll_here() with support: "You need a second factor first. Call {support} to set one up."
        | "Il vous faut d'abord un second facteur. Appelez {support} pour l'activer.";
    last_day() with support: "From tomorrow you need a second factor to log in. Call {support} today." | "Dès demain, un second facteur sera exigé. Appelez {support} aujourd'hui.";
    more_days(days: i64) with support: "In {days} days you will need a second factor to log in. Call {support} to set it up."
        | "Dans {days} jours, un second facteur sera exigé. Appelez {support} pour l'activer.";
    recovery_spent(left: &str): "Recovery code accepted; it will not work again. {left}" | "Code de secours accepté ; il ne servira plus. {left}";
    pass_spent(left: &str): "Pass accepted. {left}" | "Laissez-passer accepté. {left}";
    emergency_spent(left: &str): "Emergency code accepted; it will not work again. {left}" | "Code d'urgence accepté ; il ne servira plus. {left}";
    recovery_gone(left: &str): "Recovery code spent, even if the password was wrong. {left}" | "Code de secours consommé, même si le mot de passe était faux. {left}";
    pass_gone(left: &str): "Pass spent, even if the password was wrong. {left}" | "Laissez-passer consommé, même si le mot de passe était faux. {left}";
    emergency_gone(left: &str): "Emergency code spent, even if the password was wrong. {left}" | "Code d'urgence consommé, même si le mot de passe était faux. {left}";
    no_codes_left() with support: "No recovery codes left: call {support}." | "Plus aucun code de secours : appelez {support}.";
    one_code_left() with support: "1 recovery code left: ask {support} for new ones." | "1 code de secours restant : demandez-en à {support}.";
    two_codes_left() with support: "2 recovery codes left: ask {support} for new ones." | "2 codes de secours restants : demandez-en à {support}.";
    many_codes_left(left: usize): "{left} recovery codes left." | "{left} codes de secours restants.";
    no_emergency_left() with support: "No emergency codes left: call {support}." | "Plus aucun code d'urgence : appelez {support}.";
    one_emergency_left(): "1 emergency code left." | "1 code d'urgence restant.";
    many_emergency_left(left: usize): "{left} emergency codes left." | "{left} codes d'urgence restants.";
    one_second(): "1 second" | "1 seconde";
    seconds(n: u64): "{n} seconds" | "{n} secondes";
    minutes(n: u64): "{n} minutes" | "{n} minutes";
}

impl Texts {
    /// The texts as the configuration wants them.
    pub(crate) fn new(config: &Config) -> Self {
        let support = match (config.support.as_str(), config.language) {
            ("", Language::English) => "your system administrator",
            ("", Language::French) => "votre administrateur système",
            (named, _) => named,
        };
        Self { language: config.language, support: support.to_owned() }
    }

    /// Days left of a dated rollout, today included.
    pub(crate) fn days_left(&self, days: i64) -> String {
        if days == 1 { self.last_day() } else { self.more_days(days) }
    }

    /// After a single-use code; `left` are emergency codes after one of those, and else recovery codes.
    pub(crate) fn spent(&self, kind: Kind, left: usize) -> String {
        let left = self.codes_left(kind, left);
        match kind {
            Kind::Recovery => self.recovery_spent(&left),
            Kind::Pass => self.pass_spent(&left),
            Kind::Emergency => self.emergency_spent(&left),
        }
    }

    /// The same in combined entry: the code is looked at before the password.
    pub(crate) fn spent_in_one_entry(&self, kind: Kind, left: usize) -> String {
        let left = self.codes_left(kind, left);
        match kind {
            Kind::Recovery => self.recovery_gone(&left),
            Kind::Pass => self.pass_gone(&left),
            Kind::Emergency => self.emergency_gone(&left),
        }
    }

    fn codes_left(&self, kind: Kind, left: usize) -> String {
        match (kind, left) {
            (Kind::Emergency, 0) => self.no_emergency_left(),
            (Kind::Emergency, 1) => self.one_emergency_left(),
            (Kind::Emergency, _) => self.many_emergency_left(left),
            (_, 0) => self.no_codes_left(),
            (_, 1) => self.one_code_left(),
            (_, 2) => self.two_codes_left(),
            _ => self.many_codes_left(left),
        }
    }

    fn duration(&self, span: Duration) -> String {
        match span.as_secs().max(1) {
            1 => self.one_second(),
            seconds @ 2..=90 => self.seconds(seconds),
            seconds => self.minutes(seconds.div_ceil(60)),
        }
    }
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
