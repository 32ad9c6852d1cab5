//! Why a code or a wish is refused, and what to do instead.

use super::{Text, messages};
use wardkey_core::verify::Refusal;

messages! {
    already_enrolled(user: &str): "{user} is enrolled already; nothing was changed." | "{user} est déjà inscrit ; rien n'a été modifié.";
    replace_instead(user: &str): "New phone: use replace, so that the old one works until the new one does (not in this version; until then: wardkey reset {user})."
        | "Nouveau téléphone : utilisez replace, pour que l'ancien marche jusqu'à ce que le nouveau marche (pas dans cette version ; d'ici là : wardkey reset {user}).";
    not_enrolled(user: &str): "{user} is not enrolled." | "{user} n'est pas inscrit.";
    enrol_first(user: &str): "Enrol first: wardkey enroll {user}" | "Inscrivez d'abord : wardkey enroll {user}";
    nothing_pending(user: &str): "No authenticator of {user} waits for its first code; after 24 hours it must be shown anew."
        | "Aucune application de {user} n'attend son premier code ; après 24 heures il faut recommencer.";
    must_enroll(user: &str): "{user} was reset and must enrol anew first." | "{user} a été réinitialisé et doit d'abord s'inscrire à nouveau.";
    enrol_or_pass(user: &str): "Enrol: wardkey enroll {user}" | "Inscrivez : wardkey enroll {user}";
    other_uid(user: &str): "The account {user} has another uid than at its enrolment: it may be another person."
        | "Le compte {user} a un autre uid qu'à son inscription : c'est peut-être une autre personne.";
    reset_or_remove(user: &str): "Find out who it is, then: wardkey reset {user} or wardkey remove {user}"
        | "Vérifiez de qui il s'agit, puis : wardkey reset {user} ou wardkey remove {user}";
    key_too_short(): "The key is shorter than 16 bytes (26 base32 characters)." | "La clé fait moins de 16 octets (26 caractères base32).";
    give_longer_key(): "Use a longer key, or leave out --secret-stdin to have one made."
        | "Prenez une clé plus longue, ou omettez --secret-stdin pour en faire créer une.";
    key_too_long(): "The key is longer than 128 bytes." | "La clé fait plus de 128 octets.";
    give_shorter_key(): "Use a shorter key, or leave out --secret-stdin to have one made."
        | "Prenez une clé plus courte, ou omettez --secret-stdin pour en faire créer une.";
    bad_label(): "The label must be one line of 1 to 60 characters." | "Le nom doit tenir sur une ligne de 1 à 60 caractères.";
    give_label(): "Choose another --label." | "Choisissez un autre --label.";
    no_room(free: usize): "Only {free} of the 32 places for single-use codes are free." | "Seulement {free} des 32 places pour codes à usage unique sont libres.";
    fewer_codes(): "Ask for fewer codes; a new recovery set clears spent ones." | "Demandez moins de codes ; un nouveau jeu de secours efface les codes utilisés.";
    malformed(): "That is no code by its form." | "Cela n'a pas la forme d'un code.";
    code_forms(): "A code has 6 or 8 digits; a recovery code has 16 characters, XXXX-XXXX-XXXX-XXXX."
        | "Un code a 6 ou 8 chiffres ; un code de secours a 16 caractères, XXXX-XXXX-XXXX-XXXX.";
    wrong(): "The code is wrong." | "Le code est faux.";
    take_present_code(): "Take the code the app shows now, of the right entry." | "Prenez le code que l'application affiche maintenant, pour la bonne entrée.";
    wrong_time(apart: &str): "The code would be right at another time: the clocks are about {apart} apart."
        | "Le code serait juste à un autre moment : les horloges diffèrent d'environ {apart}.";
    check_clocks(): "Set the phone's time to automatic, and check this machine's clock too (timedatectl); then take the next code."
        | "Réglez l'heure du téléphone sur automatique et vérifiez aussi l'horloge de cette machine (timedatectl) ; puis prenez le code suivant.";
    already_used(): "The code was used already; each works once." | "Le code a déjà servi ; chacun ne marche qu'une fois.";
    wait_for_next(): "Wait for the app's next code, or take another recovery code." | "Attendez le code suivant de l'application, ou prenez un autre code de secours.";
    expired(): "The code has expired." | "Le code a expiré.";
    new_pass(): "Issue a new one: wardkey pass USER --verified-by TEXT" | "Émettez-en un nouveau : wardkey pass UTILISATEUR --verified-by TEXTE";
    waiting(until: &str): "Too many wrong codes: codes are looked at again from {until} on." | "Trop de codes faux : les codes sont de nouveau examinés à partir de {until}.";
    wait_or_unlock(): "Wait, use a recovery code, or end it: wardkey unlock USER" | "Attendez, prenez un code de secours, ou mettez-y fin : wardkey unlock UTILISATEUR";
    disabled(): "Too many wrong codes: the authenticator is disabled." | "Trop de codes faux : l'application est désactivée.";
    unlock_or_reset(): "Use a recovery code, or ask who tried, then: wardkey unlock USER or wardkey reset USER"
        | "Prenez un code de secours, ou demandez qui a essayé, puis : wardkey unlock UTILISATEUR ou wardkey reset UTILISATEUR";
    no_second_factor(): "There is no second factor to compare with." | "Il n'y a pas de second facteur auquel comparer.";
    enrol_somebody(): "Enrol first: wardkey enroll USER" | "Inscrivez d'abord : wardkey enroll UTILISATEUR";
    only_a_pass(): "After a reset only a pass opens." | "Après une réinitialisation, seul un laissez-passer ouvre.";
    enrol_or_issue_pass(): "Enrol (wardkey enroll USER) or issue one (wardkey pass USER --verified-by TEXT)."
        | "Inscrivez (wardkey enroll UTILISATEUR) ou émettez-en un (wardkey pass UTILISATEUR --verified-by TEXTE).";
    other_account(): "The account has another uid than at its enrolment." | "Le compte a un autre uid qu'à son inscription.";
    reset_somebody(): "Find out who it is, then: wardkey reset USER or wardkey remove USER"
        | "Vérifiez de qui il s'agit, puis : wardkey reset UTILISATEUR ou wardkey remove UTILISATEUR";
}

impl Text {
    /// Why a code is refused, and what to do.
    pub(crate) fn refusal(&self, refusal: &Refusal) -> (String, String) {
        match refusal {
            Refusal::Malformed => (self.malformed(), self.code_forms()),
            Refusal::Wrong => (self.wrong(), self.take_present_code()),
            Refusal::WrongTime { seconds, .. } => {
                let apart = self.span(std::time::Duration::from_secs(seconds.unsigned_abs()));
                (self.wrong_time(&apart), self.check_clocks())
            }
            Refusal::AlreadyUsed => (self.already_used(), self.wait_for_next()),
            Refusal::Expired => (self.expired(), self.new_pass()),
            Refusal::Waiting(until) => (self.waiting(&super::local(*until)), self.wait_or_unlock()),
            Refusal::Disabled => (self.disabled(), self.unlock_or_reset()),
            Refusal::NotEnrolled => (self.no_second_factor(), self.enrol_somebody()),
            Refusal::MustEnroll => (self.only_a_pass(), self.enrol_or_issue_pass()),
            Refusal::OtherUid => (self.other_account(), self.reset_somebody()),
        }
    }
}
