//! What a person reads while they enrol in a login.

use super::{Language, Texts};
use wardkey_core::credential::totp::Parameters;

impl Texts {
    /// Why this login is different.
    #[must_use]
    pub fn enrol_heading(&self) -> String {
        say!(
            self,
            "From now on a login here needs a second factor: a code from an authenticator app on your phone.",
            "Désormais, une connexion ici exige un second facteur : un code d'une application du téléphone."
        )
    }

    /// Before the values to type.
    #[must_use]
    pub fn enrol_by_key(&self) -> String {
        say!(
            self,
            "In the app choose \"add account\", and type these in:",
            "Dans l'application, choisissez « ajouter un compte » et saisissez :"
        )
    }

    /// Before the QR code.
    #[must_use]
    pub fn enrol_by_qr(&self) -> String {
        say!(self, "Or scan this:", "Ou scannez ceci :")
    }

    /// The site's name in the app.
    #[must_use]
    pub fn issuer_line(&self, issuer: &str) -> String {
        say!(self, "  Issuer: {issuer}", "  Émetteur : {issuer}")
    }

    /// The account's name in the app.
    #[must_use]
    pub fn account_line(&self, account: &str) -> String {
        say!(self, "  Account: {account}", "  Compte : {account}")
    }

    /// The key.
    #[must_use]
    pub fn key_line(&self, key: &str) -> String {
        say!(self, "  Key: {key}", "  Clé : {key}")
    }

    /// What the app must be set to.
    #[must_use]
    pub fn parameters_line(&self, parameters: &Parameters) -> String {
        let Parameters { algorithm, digits, period } = parameters;
        let algorithm = algorithm.name();
        say!(
            self,
            "  Time-based, {algorithm}, {digits} digits, {period} seconds",
            "  Basé sur l'heure, {algorithm}, {digits} chiffres, {period} secondes"
        )
    }

    /// Asks for the first code.
    #[must_use]
    pub fn first_code_prompt(&self) -> String {
        say!(self, "Code from the app: ", "Code de l'application : ")
    }

    /// Shows the key and asks for the first code, where only prompts are seen: in short lines, since such a place does
    /// not wrap them.
    #[must_use]
    pub fn key_and_code_prompt(&self, key: &str) -> String {
        say!(
            self,
            "Second factor needed. Add this key to an authenticator app:\n{key}\n(For a QR code instead, log in by SSH or at a text console.)\nCode from the app: ",
            "Second facteur exigé. Ajoutez cette clé à une application d'authentification :\n{key}\n(Pour un code QR, connectez-vous par SSH ou en console texte.)\nCode de l'application : "
        )
    }

    /// After a wrong first code.
    #[must_use]
    pub fn first_code_wrong(&self) -> String {
        say!(
            self,
            "That code is not right. Try the next one.",
            "Ce code n'est pas le bon. Essayez le suivant."
        )
    }

    /// After several.
    #[must_use]
    pub fn check_clocks(&self) -> String {
        say!(
            self,
            "That code is not right. Check the clock of the phone and of this workstation.",
            "Ce code n'est pas le bon. Vérifiez l'heure du téléphone et de ce poste."
        )
    }

    /// Above the recovery codes.
    #[must_use]
    pub fn codes_heading(&self, count: usize) -> String {
        say!(
            self,
            "{count} recovery codes. Each opens one login without the phone. They are shown only now:",
            "{count} codes de secours. Chacun ouvre une session sans le téléphone. Ils ne s'affichent que maintenant :"
        )
    }

    /// Where to keep them.
    #[must_use]
    pub fn codes_good_places(&self) -> String {
        say!(
            self,
            "Keep them in a password manager, in a locked drawer or on a second device.",
            "Gardez-les dans un gestionnaire de mots de passe, un tiroir fermé à clé ou un second appareil."
        )
    }

    /// Where not.
    #[must_use]
    pub fn codes_bad_places(&self) -> String {
        say!(
            self,
            "Not on a sticky note, in an e-mail to yourself or in a shared document.",
            "Pas sur un pense-bête, ni dans un courriel à vous-même, ni dans un document partagé."
        )
    }

    /// Asks whether they are kept.
    #[must_use]
    pub fn kept_prompt(&self) -> String {
        say!(self, "Type \"saved\" once you have kept them: ", "Tapez « noté » quand ils sont en lieu sûr : ")
    }

    /// Shows the recovery codes and asks whether they are kept, where only prompts are seen.
    #[must_use]
    pub fn codes_prompt(&self, codes: &str) -> String {
        let prompt = self.kept_prompt();
        say!(
            self,
            "Recovery codes, shown only now:\n{codes}\n{prompt}",
            "Codes de secours, affichés une fois :\n{codes}\n{prompt}"
        )
    }

    /// Whether a reply says so. The English word always does: not every keyboard has an é.
    #[must_use]
    pub fn is_kept(&self, reply: &[u8]) -> bool {
        let word = String::from_utf8_lossy(reply).trim().to_lowercase();
        ["saved", "noté", "note"].contains(&word.as_str())
    }

    /// Before the prompt after which nothing can be told.
    #[must_use]
    pub fn on_once_kept(&self) -> String {
        say!(
            self,
            "After that the second factor is on. The next login asks for a code from the app.",
            "Après cela, le second facteur est activé. La prochaine connexion demandera un code de l'application."
        )
    }

    /// At the end.
    #[must_use]
    pub fn enrolled(&self) -> String {
        say!(
            self,
            "The second factor is on. The next login asks for a code from the app.",
            "Le second facteur est activé. La prochaine connexion demandera un code de l'application."
        )
    }

    /// When it came to nothing.
    #[must_use]
    pub fn not_enrolled(&self) -> String {
        let support = &self.support;
        say!(
            self,
            "The second factor was not set up, and nothing has changed. Log in again, or call {support}.",
            "Le second facteur n'a pas été activé, rien n'a changé. Reconnectez-vous ou appelez {support}."
        )
    }
}

#[cfg(test)]
#[path = "enrolment_tests.rs"]
mod tests;
