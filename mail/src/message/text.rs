//! The words of messages, in English and French.

use super::{LetterPurpose, Occasion, is_french};
use std::time::Duration;
use wardkey_core::credential::mailed::Notice;
use zeroize::Zeroizing;

/// The words for one occasion.
pub(super) struct Words {
    french: bool,
    user: String,
    host: String,
    when: String,
    support: String,
}

impl Words {
    pub(super) fn of(occasion: &Occasion<'_>) -> Self {
        let french = is_french(occasion.config.language);
        let named = occasion.config.support.as_str();
        let support = match (named.is_empty(), french) {
            (false, _) => named,
            (true, false) => "your system administrator",
            (true, true) => "votre administrateur système",
        };
        Self {
            french,
            user: occasion.user.to_string(),
            host: occasion.host.to_owned(),
            when: occasion.now.local().strftime("%Y-%m-%d %H:%M").to_string(),
            support: support.to_owned(),
        }
    }

    const fn pick<'t>(&self, english: &'t str, french: &'t str) -> &'t str {
        if self.french { french } else { english }
    }

    /// Subject and text of a code.
    pub(super) fn code(
        &self,
        purpose: LetterPurpose,
        code: &str,
        lifetime: Duration,
    ) -> (String, Zeroizing<String>) {
        let Self { user, host, when, support, .. } = self;
        let time = self.time(lifetime);
        let (subject, body) = match (purpose, self.french) {
            (LetterPurpose::Login, false) => (
                format!("Code for your login to {host}"),
                format!(
                    "A login of {user} to {host} asked for a code by mail ({when}).\n\n    {code}\n\n\
                     It opens one login within {time}, and only while no newer one was sent. Type it at that login, \
                     and nowhere else.\nClinic staff will never ask you for it: tell it to no one.\n\n\
                     If that was not you, somebody else may know your password. Report it: {support}.\n"
                ),
            ),
            (LetterPurpose::Login, true) => (
                format!("Code pour votre connexion à {host}"),
                format!(
                    "Une connexion de {user} à {host} a demandé un code par courriel ({when}).\n\n    {code}\n\n\
                     Il ouvre une seule connexion, pendant {time}, tant qu'aucun plus récent n'a été envoyé. Tapez-le \
                     lors de cette connexion, et nulle part ailleurs.\nLe personnel ne vous le demandera jamais : ne le \
                     dites à personne.\n\nSi ce n'était pas vous, quelqu'un connaît peut-être votre mot de passe. \
                     Signalez-le : {support}.\n"
                ),
            ),
            (LetterPurpose::Address, false) => (
                format!("Confirm this address for {host}"),
                format!(
                    "Login codes for {user} on {host} are to be sent to this address ({when}).\n\n    {code}\n\n\
                     Type this code within {time} where your second factor is being set up; it opens no login.\n\n\
                     If you did not expect this, ignore the message. Help: {support}.\n"
                ),
            ),
            (LetterPurpose::Address, true) => (
                format!("Confirmez cette adresse pour {host}"),
                format!(
                    "Les codes pour les connexions de {user} à {host} doivent être envoyés à cette adresse \
                     ({when}).\n\n    {code}\n\nTapez ce code dans les {time} là où votre second facteur est mis en \
                     place ; il n'ouvre aucune connexion.\n\nSi vous n'attendiez pas ce message, ignorez-le. Aide : \
                     {support}.\n"
                ),
            ),
        };
        (subject, body.into())
    }

    /// Subject and text of a notice.
    pub(super) fn notice(&self, notice: Notice) -> (String, String) {
        let Self { user, host, when, support, .. } = self;
        let what = match notice {
            Notice::Watch => return self.watch(),
            Notice::Enrolled => self.pick("It was switched on.", "Il a été activé."),
            Notice::Replaced => self.pick(
                "A new authenticator took the place of the old one.",
                "Une nouvelle application a remplacé l'ancienne.",
            ),
            Notice::AuthenticatorAdded => {
                self.pick("One more authenticator was added.", "Une application a été ajoutée.")
            }
            Notice::AuthenticatorRemoved => {
                self.pick("An authenticator was removed.", "Une application a été retirée.")
            }
            Notice::RecoveryCodes => self.pick(
                "New recovery codes were made; the old ones are void.",
                "De nouveaux codes de secours ont été créés ; les anciens sont annulés.",
            ),
            Notice::Address => self.pick(
                "Codes by mail no longer go to this address.",
                "Les codes par courriel ne sont plus envoyés à cette adresse.",
            ),
            Notice::Reset => self.pick(
                "It was reset: your authenticators and codes no longer work, and you must enrol again.",
                "Il a été réinitialisé : vos applications et vos codes ne fonctionnent plus, et vous devez vous inscrire à nouveau.",
            ),
        };
        if self.french {
            let subject = format!("Votre second facteur sur {host} a été modifié");
            let body = format!(
                "Le second facteur de {user} sur {host} a été modifié ({when}).\n\n{what}\n\n\
                 Si vous ne l'avez pas demandé, signalez-le tout de suite : {support}.\n"
            );
            (subject, body)
        } else {
            let subject = format!("Your second factor on {host} was changed");
            let body = format!(
                "The second factor of {user} on {host} was changed ({when}).\n\n{what}\n\n\
                 If you did not ask for this, report it at once: {support}.\n"
            );
            (subject, body)
        }
    }

    /// What the watch has found is not named: others may read a mail on its way.
    fn watch(&self) -> (String, String) {
        let Self { user, host, when, support, .. } = self;
        if self.french {
            let subject = format!("Des services sur {host} pourraient ne plus demander de code");
            let body = format!(
                "Sur {host}, des fichiers de services qui demandent un code ont changé ({when}). Ces services \
                 pourraient maintenant laisser entrer sans code, ou refuser tout le monde.\n\n\
                 Voyez lesquels, en tant que root :\n\n    wardkey enable --status\n\n\
                 Si aucun de ceux qui peuvent y devenir root, dont {user}, n'a fait ce changement, signalez-le tout de \
                 suite : {support}.\n"
            );
            (subject, body)
        } else {
            let subject = format!("Services on {host} may no longer ask for a code");
            let body = format!(
                "On {host}, files of services that ask for a code were changed ({when}). These services may now let \
                 people in without a code, or refuse everybody.\n\nSee which ones, as root:\n\n    \
                 wardkey enable --status\n\nIf none of those who may become root there, as {user} may, made this \
                 change, report it at once: {support}.\n"
            );
            (subject, body)
        }
    }

    fn time(&self, span: Duration) -> String {
        let (minutes, seconds) = (span.as_secs() / 60, span.as_secs() % 60);
        match (minutes, seconds) {
            (1, 0) => "1 minute".to_owned(),
            (minutes, 0) => format!("{minutes} minutes"),
            _ => format!("{} {}", span.as_secs(), self.pick("seconds", "secondes")),
        }
    }
}
