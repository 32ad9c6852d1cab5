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
    mailed_to(masked: &str): "A code was sent to {masked}. Clinic staff will never ask you for it."
        | "Un code a été envoyé à {masked}. Le personnel ne vous le demandera jamais.";
    /// There is nowhere to send one; the same for someone who does not exist.
    not_mailed() with support: "No code can be mailed to you. Type another one. Help: {support}."
        | "Aucun code ne peut vous être envoyé. Tapez-en un autre. Aide : {support}.";
    /// The mail system did not take it in time.
    mail_failed() with support: "The code could not be mailed. Type another one. Help: {support}."
        | "Le code n'a pas pu être envoyé. Tapez-en un autre. Aide : {support}.";
    no_mail_for(left: &str): "No code sent: too many requests or wrong codes. Try again in {left}; your latest code still works."
        | "Aucun code envoyé : trop de demandes ou de codes erronés. Réessayez dans {left} ; votre dernier code reste valable.";
}

impl Texts {
    /// As many were mailed as may be, or mailed codes wait.
    pub(crate) fn no_more_mail(&self, left: Duration) -> String {
        self.no_mail_for(&self.duration(left))
    }
}
