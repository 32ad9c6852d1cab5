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

/// Defines one method a message: when it is said, its name, what goes into it, English, French. One `with support` says
/// where help is: in words that fit a name, a number and a place.
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

        /// Each message here, as long as it can be.
        #[cfg(test)]
        pub(in $crate::text) fn longest(texts: &$crate::text::Texts) -> Vec<String> {
            vec![$(texts.$name($($crate::text::longest::argument::<$type>(stringify!($arg))),*)),*]
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
    wrong_before(count: u64) with support: "{count} wrong codes were tried since your last login. If that was not you, report it: {support}."
        | "{count} codes erronés ont été essayés depuis votre dernière connexion. Si ce n'était pas vous, signalez-le : {support}.";
    /// To someone who came in by a pass after a reset.
    was_reset() with support: "Your second factor was reset. If you did not ask for that, report it: {support}."
        | "Votre second facteur a été réinitialisé. Si vous ne l'avez pas demandé, signalez-le : {support}.";
    /// To someone who must enrol here and cannot.
    cannot_enroll_here() with support: "You need a second factor first. To have one set up: {support}."
        | "Il vous faut d'abord un second facteur. Pour l'activer : {support}.";
    /// To someone who must enrol first, at a seat of a clinic.
    enroll_at_the_desk() with support: "You need a second factor first, and it is not set up at this screen. To have one set up: {support}."
        | "Il vous faut d'abord un second facteur, et ce n'est pas ici qu'il s'active. Pour l'activer : {support}.";
    last_day() with support: "From tomorrow you need a second factor to log in. To have it set up today: {support}." | "Dès demain, il faudra un second facteur pour se connecter. Pour l'activer aujourd'hui : {support}.";
    more_days(days: i64) with support: "In {days} days you will need a second factor to log in. To have it set up: {support}."
        | "Dans {days} jours, il faudra un second facteur pour se connecter. Pour l'activer : {support}.";
    recovery_spent(rest: &str): "Recovery code accepted; it will not work again. {rest}" | "Code de secours accepté ; il ne servira plus. {rest}";
    pass_spent(rest: &str): "Pass accepted. {rest}" | "Laissez-passer accepté. {rest}";
    emergency_spent(rest: &str): "Emergency code accepted; it will not work again. {rest}" | "Code d'urgence accepté ; il ne servira plus. {rest}";
    recovery_gone(rest: &str): "Recovery code spent, even if the password was wrong. {rest}" | "Code de secours consommé, même si le mot de passe était faux. {rest}";
    pass_gone(rest: &str): "Pass spent, even if the password was wrong. {rest}" | "Laissez-passer consommé, même si le mot de passe était faux. {rest}";
    emergency_gone(rest: &str): "Emergency code spent, even if the password was wrong. {rest}" | "Code d'urgence consommé, même si le mot de passe était faux. {rest}";
    no_codes_left() with support: "No recovery codes left. Ask for new ones: {support}." | "Plus aucun code de secours. Pour en avoir : {support}.";
    one_code_left() with support: "1 recovery code left. Ask for new ones: {support}." | "Plus qu'un code de secours. Pour en avoir d'autres : {support}.";
    two_codes_left() with support: "2 recovery codes left. Ask for new ones: {support}." | "Plus que 2 codes de secours. Pour en avoir d'autres : {support}.";
    many_codes_left(left: usize): "{left} recovery codes left." | "Il reste {left} codes de secours.";
    no_emergency_left() with support: "No emergency codes left. Ask for new ones: {support}." | "Plus aucun code d'urgence. Pour en avoir : {support}.";
    one_emergency_left(): "1 emergency code left." | "Il reste 1 code d'urgence.";
    many_emergency_left(left: usize): "{left} emergency codes left." | "Il reste {left} codes d'urgence.";
    help() with support: "Help: {support}." | "Aide : {support}.";
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

    /// Two texts in one message, which says once where help is: two might be longer than a message of PAM.
    pub(crate) fn with_help_once(&self, first: &str, last: &str) -> String {
        format!("{} {last}", first.strip_suffix(&self.help()).unwrap_or(first).trim_end())
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
#[path = "text/longest_tests.rs"]
mod longest;
#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
