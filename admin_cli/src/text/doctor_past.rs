//! What `doctor` says of a state that is older than the audit file.

use super::doctor::Words;
use super::{local, messages};
use crate::doctor::went_back::Forgotten;

messages! {
    went_back_what(people: &str): "the audit file tells of more than the state knows: {people}" | "le journal d'audit en sait plus que l'état : {people}";
    went_back_why(): "The state is an older one, from a backup or a snapshot. Single-use codes that were used since then open once more, and what was voided since then is in force again. Used app codes open again only within 90 seconds of their time."
        | "L'état est plus ancien : il vient d'une sauvegarde ou d'un instantané. Les codes à usage unique utilisés depuis ouvrent encore une fois, et ce qui a été annulé depuis est de nouveau en vigueur. Les codes d'application utilisés n'ouvrent de nouveau que dans les 90 secondes de leur heure.";

    forgot_accepted(user: &str, when: &str): "{user} (code accepted {when})" | "{user} (code accepté le {when})";
    forgot_recovery(user: &str, when: &str): "{user} (recovery code accepted {when})" | "{user} (code de secours accepté le {when})";
    forgot_codes(user: &str, when: &str): "{user} (new recovery codes {when})" | "{user} (nouveaux codes de secours le {when})";
    forgot_replaced(user: &str, when: &str): "{user} (authenticator replaced {when})" | "{user} (application remplacée le {when})";
    forgot_enrolled(user: &str, when: &str): "{user} (enrolled {when})" | "{user} (inscription le {when})";
    forgot_reset(user: &str, when: &str): "{user} (reset {when})" | "{user} (réinitialisation le {when})";
    forgot_removed(user: &str, when: &str): "{user} (removed {when})" | "{user} (retrait le {when})";

    new_codes_again(): "Give new recovery codes to everybody who logged in since: wardkey recovery-codes USER. Used emergency codes end by a reset alone."
        | "Donnez de nouveaux codes de secours à toute personne qui s'est connectée depuis : wardkey recovery-codes UTILISATEUR. Les codes d'urgence utilisés ne prennent fin que par une réinitialisation.";
    reset_again(): "People who were reset or got another phone: wardkey reset USER --verified-by TEXT, then enrol them again."
        | "Personnes réinitialisées ou qui ont changé de téléphone : wardkey reset UTILISATEUR --verified-by TEXTE, puis une nouvelle inscription.";
    enrol_again(): "People who were enrolled: wardkey enroll USER; wardkey pass USER --verified-by TEXT where a reset came before."
        | "Personnes inscrites depuis : wardkey enroll UTILISATEUR ; wardkey pass UTILISATEUR --verified-by TEXTE si une réinitialisation a précédé.";
    remove_again(): "People who were removed: wardkey remove USER --reason TEXT." | "Personnes retirées : wardkey remove UTILISATEUR --reason TEXTE.";
    more_on_restore(): "More: \"Restore\" in docs/operations.md." | "Voir aussi « Restore » dans docs/operations.md.";
}

impl super::Text {
    /// Somebody, and what their record does not know of.
    pub(crate) fn forgetting(&self, user: &str, forgotten: Forgotten) -> String {
        match forgotten {
            Forgotten::Accepted(time) => self.forgot_accepted(user, &local(time)),
            Forgotten::RecoveryCode(time) => self.forgot_recovery(user, &local(time)),
            Forgotten::Codes(time) => self.forgot_codes(user, &local(time)),
            Forgotten::Replaced(time) => self.forgot_replaced(user, &local(time)),
            Forgotten::Enrolled(time) => self.forgot_enrolled(user, &local(time)),
            Forgotten::Reset(time) => self.forgot_reset(user, &local(time)),
            Forgotten::Removed(time) => self.forgot_removed(user, &local(time)),
        }
    }

    /// A state that went back, with a remedy for each kind of thing that it does not know of.
    pub(crate) fn went_back(&self, people: &str, forgotten: &[Forgotten]) -> Words {
        let has = |is: fn(&Forgotten) -> bool| forgotten.iter().any(is);
        let remedies = [
            has(|one| matches!(one, Forgotten::Removed(_))).then(|| self.remove_again()),
            has(|one| matches!(one, Forgotten::Reset(_) | Forgotten::Replaced(_)))
                .then(|| self.reset_again()),
            has(|one| matches!(one, Forgotten::Enrolled(_))).then(|| self.enrol_again()),
            Some(self.new_codes_again()),
            Some(self.more_on_restore()),
        ];
        let remedy = remedies.into_iter().flatten().collect::<Vec<_>>().join(" ");
        (self.went_back_what(people), self.went_back_why(), remedy)
    }
}
