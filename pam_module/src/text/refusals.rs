//! Why a login is refused, each with what to do.

use super::{Texts, messages};
use std::time::Duration;
use wardkey_core::login::NoPlace;

messages! {
    /// After a wrong code, and just so for someone who has none.
    wrong() with support: "That code was not accepted. Help: {support}."
        | "Ce code n'a pas été accepté. Aide : {support}.";
    /// Through sshd, after any code that opens nothing: wrong, or used before.
    next_code() with support: "Wait for the app's next code and try again. Help: {support}."
        | "Attendez le prochain code de l'application et recommencez. Aide : {support}.";
    /// As [`Texts::wrong`], in the prompt for the next code.
    last_wrong() with support: "The last code was not accepted. Help: {support}."
        | "Le dernier code n'a pas été accepté. Aide : {support}.";
    /// After a right code that was used before.
    already_used(): "That code was already used. Wait for the next one." | "Ce code a déjà servi. Attendez le suivant.";
    /// The same in the prompt for the next code.
    last_already_used(): "The last code was already used. Wait for the next one." | "Le dernier code avait déjà servi. Attendez le suivant.";
    /// After a single-use code that was used before.
    single_use_used(): "That code was already used. Take another from your list, or a code from the app."
        | "Ce code a déjà servi. Prenez-en un autre de votre liste, ou un code de l'application.";
    /// The same in the prompt for the next code.
    last_single_use_used(): "The last code was already used. Take another from your list, or a code from the app."
        | "Le dernier code avait déjà servi. Prenez-en un autre de votre liste, ou un code de l'application.";
    /// After so many wrong pairs that only one code may open.
    one_code_only() with support: "Type a single code: two codes in one entry were wrong too often. Help: {support}."
        | "Tapez un seul code : il y a eu trop d'erreurs avec deux codes à la suite. Aide : {support}.";
    /// After far too many.
    disabled() with support: "Authenticator codes are disabled after too many wrong ones. Use a recovery code. Help: {support}."
        | "Les codes de l'application sont désactivés après trop d'erreurs. Utilisez un code de secours. Aide : {support}.";
    /// To someone whose second factor was reset.
    must_enroll() with support: "Your second factor was reset. Ask for a one-time pass: {support}."
        | "Votre second facteur a été réinitialisé. Demandez un laissez-passer : {support}.";
    /// When nothing can be checked.
    unavailable() with support: "Cannot check codes now. Help: {support}."
        | "Vérification impossible pour l'instant. Aide : {support}.";
    minutes_off(minutes: u64): "Codes are about {minutes} min off: check the clock of the phone and of this workstation."
        | "Les codes sont décalés d'environ {minutes} min : vérifiez l'heure du téléphone et de ce poste.";
    wait(left: &str) with support: "Too many wrong codes. Try again in {left}, or use a recovery code. Help: {support}."
        | "Trop de codes erronés. Réessayez dans {left} ou utilisez un code de secours. Aide : {support}.";
    wait_or_two(left: &str): "Too many wrong codes. Try again in {left}, or use a recovery code, or: note this code, wait for the next, and type both, one behind the other."
        | "Trop de codes erronés. Réessayez dans {left}, ou utilisez un code de secours, ou notez ce code, attendez le suivant et tapez les deux à la suite.";
    wait_or_two_behind_password(left: &str): "Too many wrong codes. Try again in {left}, or use a recovery code, or: note this code, wait for the next, and type both, one behind the other, after the password."
        | "Trop de codes erronés. Réessayez dans {left}, ou utilisez un code de secours, ou notez ce code, attendez le suivant et tapez les deux à la suite, après le mot de passe.";
    /// The same in the prompt for the next code, which xsecurelock cuts after some ninety letters.
    last_wait_or_two(left: &str): "Too many wrong codes. Wait {left}, type a recovery code, or this code and the next."
        | "Trop d'erreurs. Attendez {left}, tapez un code de secours, ou ce code et le suivant.";
    last_wait_or_two_behind_password(left: &str): "Too many wrong codes. Wait {left}, type a recovery code, or this code and the next, after the password."
        | "Trop d'erreurs. Attendez {left}, tapez un code de secours, ou ce code et le suivant, après le mot de passe.";
    enroll_at_a_login() with support: "Set up your second factor first: ask for a pass, and log in on a text console (Ctrl+Alt+F3) or another computer. Help: {support}."
        | "Activez d'abord votre second facteur : demandez un laissez-passer, puis connectez-vous en console (Ctrl+Alt+F3) ou sur un autre poste. Aide : {support}.";
}

impl Texts {
    /// After two codes of the same other time; `seconds` is how far the authenticator is ahead.
    pub(crate) fn clock_off(&self, seconds: i64) -> String {
        self.minutes_off((seconds.unsigned_abs() / 60).max(1))
    }

    /// After too many wrong codes.
    pub(crate) fn waiting(&self, left: Duration) -> String {
        self.wait(&self.duration(left))
    }

    /// The same, where two codes in one entry open meanwhile: behind the password, where that is in the same entry.
    pub(crate) fn waiting_for_two(&self, left: Duration, combined: bool) -> String {
        let left = self.duration(left);
        if combined { self.wait_or_two_behind_password(&left) } else { self.wait_or_two(&left) }
    }

    /// That, in the prompt for the next code.
    pub(crate) fn last_waiting_for_two(&self, left: Duration, combined: bool) -> String {
        let left = self.duration(left);
        if combined { self.last_wait_or_two_behind_password(&left) } else { self.last_wait_or_two(&left) }
    }

    /// To someone who must enrol where nobody does.
    pub(crate) fn enroll_elsewhere(&self, why: NoPlace) -> String {
        match why {
            NoPlace::Unlock => self.enroll_at_a_login(),
            NoPlace::Untold => self.cannot_enroll_here(),
            NoPlace::Seat => self.enroll_at_the_desk(),
        }
    }
}
