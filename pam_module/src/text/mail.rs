//! What a person reads about codes by mail. Each stands before the second prompt.

use super::{Texts, messages};
use std::time::Duration;

messages! {
    /// The one prompt of separate entry, where codes can be mailed.
    prompt_with_mail(): "Code (app or recovery; type email to have one mailed): "
        | "Code (appli ou secours ; tapez email pour en recevoir un) : ";
    /// The prompt after the word `email`.
    second_prompt(): "Code: " | "Code : ";
    /// A code is on its way.
    mailed_to(masked: &str): "A code was mailed to {masked}. Nobody of the clinic asks for it."
        | "Un code a été envoyé à {masked}. Personne de la clinique ne le demande.";
    /// There is nowhere to send one; the same for someone who does not exist.
    not_mailed() with support: "No code can be mailed to you. Type another one, or call {support}."
        | "Aucun code ne peut vous être envoyé. Tapez-en un autre, ou appelez {support}.";
    /// The mail system did not take it in time.
    mail_failed() with support: "The code could not be mailed. Type another one, or call {support}."
        | "Le code n'a pas pu être envoyé. Tapez-en un autre, ou appelez {support}.";
    no_mail_for(left: &str): "No code was mailed: too many were, or wrong ones were typed; again in {left}. The newest still works."
        | "Aucun code n'a été envoyé : trop l'ont été, ou étaient erronés ; à nouveau dans {left}. Le dernier reste valable.";
}

impl Texts {
    /// As many were mailed as may be, or mailed codes wait.
    pub(crate) fn no_more_mail(&self, left: Duration) -> String {
        self.no_mail_for(&self.duration(left))
    }
}
