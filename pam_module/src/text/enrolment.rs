//! What a person reads while they enrol in a login.

use super::{Texts, messages};
use wardkey_core::credential::totp::{Digits, Parameters, Period};

messages! {
    /// Why this login is different.
    enrol_heading(): "From now on a login here needs a second factor: a code from an authenticator app on your phone."
        | "Désormais, il faut un second facteur pour se connecter ici : un code d'une application d'authentification sur votre téléphone.";
    /// Before the values to type.
    enrol_by_key(): "In the app choose \"add account\", and type these in:"
        | "Dans l'application, choisissez « ajouter un compte » et saisissez :";
    /// Before the QR code.
    enrol_by_qr(): "Or scan this:" | "Ou scannez ceci :";
    /// The site's name in the app.
    issuer_line(issuer: &str): "  Issuer: {issuer}" | "  Émetteur : {issuer}";
    /// The account's name in the app.
    account_line(account: &str): "  Account: {account}" | "  Compte : {account}";
    /// The key.
    key_line(key: &str): "  Key: {key}" | "  Clé : {key}";
    /// Asks for the first code.
    first_code_prompt(): "Code from the app: " | "Code de l'application : ";
    /// The same where the QR code has left no room for the key.
    first_code_or_key_prompt(): "Code from the app (Return shows the key): " | "Code de l'application (Entrée affiche la clé) : ";
    /// The same where there is no QR code yet.
    first_code_or_picture_prompt(): "Code from the app (Return shows a QR code): " | "Code de l'application (Entrée affiche un code QR) : ";
    /// Where the QR code would not stand on the screen whole.
    larger_window(lines: usize, columns: usize): "(The QR code needs {lines} lines of {columns} columns. Enlarge the window and press Return, or type the key.)"
        | "(Le code QR demande {lines} lignes de {columns} colonnes. Agrandissez la fenêtre et appuyez sur Entrée, ou tapez la clé.)";
    /// Shows the key where only prompts are seen: in short lines, since such a place does not wrap them.
    key_in_prompt(key: &str): "Second factor needed. Add this key to an authenticator app:\n{key}\n(For a QR code instead, log in by SSH or at a text console.)"
        | "Second facteur exigé. Ajoutez cette clé à une application d'authentification :\n{key}\n(Pour un code QR, connectez-vous par SSH ou en console texte.)";
    /// After a wrong first code.
    first_code_wrong(): "That code is not right. Try the next one." | "Ce code n'est pas le bon. Essayez le suivant.";
    /// After several.
    check_clocks(): "That code is not right. Check the clock of the phone and of this workstation."
        | "Ce code n'est pas le bon. Vérifiez l'heure du téléphone et de ce poste.";
    /// Above the recovery codes.
    codes_heading(count: usize): "{count} recovery codes. Each opens one login without the phone. They are shown only now:"
        | "{count} codes de secours. Chacun ouvre une session sans le téléphone. Ils ne s'affichent que maintenant :";
    /// Where to keep them.
    codes_good_places(): "Keep them in a password manager, in a locked drawer or on a second device."
        | "Gardez-les dans un gestionnaire de mots de passe, un tiroir fermé à clé ou un second appareil.";
    /// Where not.
    codes_bad_places(): "Not on a sticky note, in an e-mail to yourself or in a shared document."
        | "Pas sur un pense-bête, ni dans un courriel à vous-même, ni dans un document partagé.";
    /// Asks whether they are kept.
    kept_prompt(): "Type \"saved\" once you have kept them: " | "Tapez « noté » quand ils sont en lieu sûr : ";
    /// Before the prompt after which nothing can be told.
    on_once_kept(): "After that the second factor is on. The next login asks for a code from the app."
        | "Après cela, le second facteur est activé. La prochaine connexion demandera un code de l'application.";
    /// At the end.
    enrolled(): "The second factor is on. The next login asks for a code from the app."
        | "Le second facteur est activé. La prochaine connexion demandera un code de l'application.";
    /// When it came to nothing.
    not_enrolled() with support: "The second factor was not set up, and nothing has changed. Log in again. Help: {support}."
        | "Le second facteur n'a pas été activé, rien n'a changé. Reconnectez-vous. Aide : {support}.";
    time_based(algorithm: &str, digits: Digits, period: Period): "  Time-based, {algorithm}, {digits} digits, {period} seconds"
        | "  Basé sur l'heure, {algorithm}, {digits} chiffres, {period} secondes";
    /// The recovery codes, where only prompts are seen.
    codes_in_prompt(codes: &str): "Recovery codes, shown only now:\n{codes}" | "Codes de secours, affichés une fois :\n{codes}";
}

impl Texts {
    /// What the app must be set to.
    pub(crate) fn parameters_line(&self, parameters: &Parameters) -> String {
        self.time_based(parameters.algorithm.name(), parameters.digits, parameters.period)
    }

    /// Whether a reply says so. The English word always does: not every keyboard has an é.
    pub(crate) fn is_kept(&self, reply: &[u8]) -> bool {
        let word = String::from_utf8_lossy(reply).trim().to_lowercase();
        ["saved", "noté", "note"].contains(&word.as_str())
    }
}

#[cfg(test)]
#[path = "enrolment_tests.rs"]
mod tests;
