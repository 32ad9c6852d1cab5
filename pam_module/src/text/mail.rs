//! What a person reads about codes by mail. Each stands before the second prompt.

use super::Texts;
use std::time::Duration;
use wardkey_core::policy::config::Language;

impl Texts {
    /// The one prompt of separate entry, where codes can be mailed.
    #[must_use]
    pub fn prompt_with_mail(&self) -> String {
        say!(
            self,
            "Code from your authenticator app (or a recovery code; type email to have one mailed): ",
            "Code de votre application d'authentification (ou un code de secours ; tapez email pour en recevoir un) : "
        )
    }

    /// The prompt after the word `email`.
    #[must_use]
    pub fn second_prompt(&self) -> String {
        say!(self, "Code: ", "Code : ")
    }

    /// A code is on its way.
    #[must_use]
    pub fn mailed_to(&self, masked: &str) -> String {
        say!(
            self,
            "A code was mailed to {masked}. Nobody of the clinic asks for it.",
            "Un code a été envoyé à {masked}. Personne de la clinique ne le demande."
        )
    }

    /// As many were mailed as may be, or mailed codes wait.
    #[must_use]
    pub fn no_more_mail(&self, left: Duration) -> String {
        let left = self.duration(left);
        say!(
            self,
            "No code was mailed: too many were, or wrong ones were typed; again in {left}. The newest still works.",
            "Aucun code n'a été envoyé : trop l'ont été, ou étaient erronés ; à nouveau dans {left}. Le dernier reste valable."
        )
    }

    /// There is nowhere to send one; the same for someone who does not exist.
    #[must_use]
    pub fn not_mailed(&self) -> String {
        let support = &self.support;
        say!(
            self,
            "No code can be mailed to you. Type another one, or call {support}.",
            "Aucun code ne peut vous être envoyé. Tapez-en un autre, ou appelez {support}."
        )
    }

    /// The mail system did not take it in time.
    #[must_use]
    pub fn mail_failed(&self) -> String {
        let support = &self.support;
        say!(
            self,
            "The code could not be mailed. Type another one, or call {support}.",
            "Le code n'a pas pu être envoyé. Tapez-en un autre, ou appelez {support}."
        )
    }
}
