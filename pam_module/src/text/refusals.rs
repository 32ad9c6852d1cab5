//! What somebody reads who is refused, each with what to do.

use super::Texts;
use std::time::Duration;
use wardkey_core::login::NoPlace;
use wardkey_core::policy::config::Language;

impl Texts {
    /// After a wrong code, and just so for someone who has none.
    #[must_use]
    pub fn wrong(&self) -> String {
        let support = &self.support;
        say!(
            self,
            "That code was not accepted. If you are stuck, call {support}.",
            "Ce code n'a pas été accepté. En cas de blocage, appelez {support}."
        )
    }

    /// After a right code that was used before.
    #[must_use]
    pub fn already_used(&self) -> String {
        say!(
            self,
            "That code was already used. Wait for the next one.",
            "Ce code a déjà servi. Attendez le suivant."
        )
    }

    /// After a single-use code that was used before.
    #[must_use]
    pub fn single_use_used(&self) -> String {
        say!(
            self,
            "That code was already used. Take another from your list, or a code from the app.",
            "Ce code a déjà servi. Prenez-en un autre de votre liste, ou un code de l'application."
        )
    }

    /// After two codes of the same other time; `seconds` is how far the authenticator is ahead.
    #[must_use]
    pub fn clock_off(&self, seconds: i64) -> String {
        let minutes = (seconds.unsigned_abs() / 60).max(1);
        say!(
            self,
            "Codes are about {minutes} min off: check the clock of the phone and of this workstation.",
            "Les codes sont décalés d'environ {minutes} min : vérifiez l'heure du téléphone et de ce poste."
        )
    }

    /// After too many wrong codes, where two codes in one entry open meanwhile: behind the password, where that is in
    /// the same entry.
    #[must_use]
    pub fn waiting_for_two(&self, left: Duration, combined: bool) -> String {
        let left = self.duration(left);
        if combined {
            return say!(
                self,
                "Too many wrong codes. Try again in {left}, or use a recovery code, or: note this code, wait for the next, and type both, one behind the other, after the password.",
                "Trop de codes erronés. Réessayez dans {left}, ou utilisez un code de secours, ou notez ce code, attendez le suivant et tapez les deux à la suite, après le mot de passe."
            );
        }
        say!(
            self,
            "Too many wrong codes. Try again in {left}, or use a recovery code, or: note this code, wait for the next, and type both, one behind the other.",
            "Trop de codes erronés. Réessayez dans {left}, ou utilisez un code de secours, ou notez ce code, attendez le suivant et tapez les deux à la suite."
        )
    }

    /// After so many wrong pairs that only one code may open.
    #[must_use]
    pub fn one_code_only(&self) -> String {
        let support = &self.support;
        say!(
            self,
            "Type one code alone: two codes in one entry were wrong too often. If you are stuck, call {support}.",
            "Tapez un seul code : deux codes à la suite ont été erronés trop souvent. En cas de blocage, appelez {support}."
        )
    }

    /// After too many wrong codes.
    #[must_use]
    pub fn waiting(&self, left: Duration) -> String {
        let (support, left) = (&self.support, self.duration(left));
        say!(
            self,
            "Too many wrong codes. Try again in {left}, or use a recovery code. Help: {support}.",
            "Trop de codes erronés. Réessayez dans {left} ou utilisez un code de secours. Aide : {support}."
        )
    }

    /// After far too many.
    #[must_use]
    pub fn disabled(&self) -> String {
        let support = &self.support;
        say!(
            self,
            "Authenticator codes are disabled after too many wrong ones. Use a recovery code or call {support}.",
            "Les codes de l'application sont désactivés après trop d'erreurs. Utilisez un code de secours ou appelez {support}."
        )
    }

    /// To someone whose second factor was reset.
    #[must_use]
    pub fn must_enroll(&self) -> String {
        let support = &self.support;
        say!(
            self,
            "Your second factor was reset. Call {support} for a one-time pass.",
            "Votre second facteur a été réinitialisé. Appelez {support} pour obtenir un laissez-passer."
        )
    }

    /// To someone who must enrol where nobody does.
    #[must_use]
    pub fn enroll_elsewhere(&self, why: NoPlace) -> String {
        let support = &self.support;
        match why {
            NoPlace::Unlock => say!(
                self,
                "Set up your second factor first: ask {support} for a pass, and log in on a text console (Ctrl+Alt+F3) or another computer.",
                "Activez d'abord votre second facteur : demandez un laissez-passer à {support}, puis connectez-vous en console (Ctrl+Alt+F3) ou sur un autre poste."
            ),
            NoPlace::Untold => self.cannot_enroll_here(),
        }
    }

    /// When nothing can be checked.
    #[must_use]
    pub fn unavailable(&self) -> String {
        let support = &self.support;
        say!(
            self,
            "Cannot check codes now. Call {support}.",
            "Vérification impossible pour l'instant. Appelez {support}."
        )
    }
}
