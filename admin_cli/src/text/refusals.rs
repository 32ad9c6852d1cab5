//! Why a code or a wish is refused, and what to do instead.

use super::{Text, messages};
use wardkey_core::verify::Refusal;

messages! {
    already_enrolled(user: &str): "{user} is already enrolled; nothing was changed." | "{user} a déjà un second facteur ; rien n'a été modifié.";
    replace_instead(user: &str): "New phone: wardkey replace {user}; the old one works until the new one does. One more: wardkey authenticator add {user} LABEL"
        | "Nouveau téléphone : wardkey replace {user} ; l'ancien fonctionne jusqu'à ce que le nouveau fonctionne. Une application de plus : wardkey authenticator add {user} NOM";
    not_enrolled(user: &str): "{user} is not enrolled." | "{user} n'a pas de second facteur.";
    enrol_first(user: &str): "Enrol first: wardkey enroll {user}" | "Inscrivez d'abord la personne : wardkey enroll {user}";
    nothing_pending(user: &str): "{user} has no pending authenticator. A pending one expires after 24 hours."
        | "{user} n'a aucune application en attente. Une application en attente expire après 24 heures.";
    must_enroll(user: &str): "{user} was reset and must enrol again first." | "Après sa réinitialisation, {user} doit d'abord s'inscrire à nouveau.";
    enrol_or_pass(user: &str): "Enrol: wardkey enroll {user}" | "Inscrivez la personne : wardkey enroll {user}";
    other_uid(user: &str): "The account {user} has another uid than at its enrolment: it may be another person."
        | "Le compte {user} a un autre uid qu'à son inscription : c'est peut-être une autre personne.";
    reset_or_remove(user: &str): "Find out who it is. The same person after a directory move: wardkey rebind {user} --verified-by TEXT; else wardkey reset {user} --verified-by TEXT or wardkey remove {user} --reason TEXT"
        | "Vérifiez de qui il s'agit. La même personne après un changement d'annuaire : wardkey rebind {user} --verified-by TEXTE ; sinon wardkey reset {user} --verified-by TEXTE ou wardkey remove {user} --reason TEXTE";
    key_too_short(): "The key is shorter than 16 bytes (26 base32 characters)." | "La clé fait moins de 16 octets (26 caractères base32).";
    give_longer_key(): "Use a longer key, or leave out --secret-stdin to have one made."
        | "Prenez une clé plus longue, ou omettez --secret-stdin pour en faire créer une.";
    key_too_long(): "The key is longer than 128 bytes." | "La clé fait plus de 128 octets.";
    give_shorter_key(): "Use a shorter key, or leave out --secret-stdin to have one made."
        | "Prenez une clé plus courte, ou omettez --secret-stdin pour en faire créer une.";
    key_taken(user: &str): "{user} already has an authenticator with this key; nothing was changed." | "{user} a déjà une application avec cette clé ; rien n'a été modifié.";
    give_other_key(user: &str): "Several phones may share one key; nothing has to be added here for that. To have a new key made, leave out --secret-stdin. See: wardkey authenticator list {user}"
        | "Plusieurs téléphones peuvent avoir la même clé ; il n'y a rien à ajouter ici pour cela. Pour faire créer une nouvelle clé, omettez --secret-stdin. Voir : wardkey authenticator list {user}";
    bad_label(): "The label must be one line of 1 to 60 characters." | "Le nom doit tenir sur une ligne de 1 à 60 caractères.";
    give_label(): "Choose another --label." | "Choisissez un autre --label.";
    no_room(user: &str, free: usize): "{user} has room for {free} more codes. (Each person has 32 places; some are reserved for recovery codes and a pass.)"
        | "Il reste de la place pour {free} codes de {user}. (Chaque personne a 32 places, dont certaines sont réservées aux codes de secours et à un laissez-passer.)";
    fewer_codes(user: &str): "Ask for fewer. Codes of an old envelope make room once they are spent (wardkey check {user}), and so does a smaller [recovery] codes; only a reset voids them all (wardkey reset {user} --verified-by TEXT)."
        | "Demandez-en moins. Les codes d'une ancienne enveloppe font de la place une fois utilisés (wardkey check {user}), de même qu'un [recovery] codes plus petit ; seule une réinitialisation les annule tous (wardkey reset {user} --verified-by TEXTE).";
    mail_is_off(user: &str): "Codes by mail are off, or not allowed for {user}: without an authenticator they open only in mode \"factor\"."
        | "Les codes par courriel sont désactivés, ou pas permis pour {user} : sans application, ils n'ouvrent qu'en mode « factor ».";
    switch_mail_on(): "[email] mode in the configuration says what mail may do: wardkey.toml(5)."
        | "[email] mode dans la configuration dit ce que le courriel peut faire : wardkey.toml(5).";
    no_address(user: &str): "{user} has no registered address." | "{user} n'a pas d'adresse enregistrée.";
    set_address(user: &str): "Register one: wardkey enroll {user} --email ADDR" | "Enregistrez-en une : wardkey enroll {user} --email ADRESSE";
    too_many_mails(user: &str, until: &str): "Three codes were mailed to {user} within 15 minutes. The next one can be sent after {until}."
        | "Trois codes ont été envoyés à {user} en 15 minutes. Le prochain pourra l'être après le {until}.";
    take_newest_mail(): "Take the code of the newest message (look among junk mail too), or a recovery code."
        | "Prenez le code du dernier message (regardez aussi parmi les indésirables), ou un code de secours.";
    malformed(): "That doesn't look like a code." | "Cela ne ressemble pas à un code.";
    code_forms(): "A code has 6 or 8 digits; a recovery code has 16 characters, XXXX-XXXX-XXXX-XXXX."
        | "Un code a 6 ou 8 chiffres ; un code de secours a 16 caractères, XXXX-XXXX-XXXX-XXXX.";
    wrong(): "The code is wrong." | "Ce code est incorrect.";
    take_present_code(): "Use the code that the app shows now, from the right entry." | "Prenez le code que l'application affiche maintenant, pour la bonne entrée.";
    wrong_time(apart: &str): "The code would be right at another time: the clocks are about {apart} apart."
        | "Ce code serait juste à un autre moment : les horloges diffèrent d'environ {apart}.";
    check_clocks(): "Set the phone's time to automatic, and check this machine's clock too (timedatectl); then take the next code."
        | "Réglez l'heure du téléphone sur automatique et vérifiez aussi l'horloge de cette machine (timedatectl) ; puis prenez le code suivant.";
    already_used(): "The code was already used; each works once." | "Ce code a déjà servi ; chacun ne sert qu'une fois.";
    wait_for_next(): "Wait for the app's next code, or take another recovery code." | "Attendez le code suivant de l'application, ou prenez un autre code de secours.";
    expired(): "The code has expired." | "Ce code a expiré.";
    new_pass(user: &str): "Issue a new one: wardkey pass {user} --verified-by TEXT" | "Émettez-en un nouveau : wardkey pass {user} --verified-by TEXTE";
    waiting(until: &str): "Too many wrong codes. Try again after {until}." | "Trop de codes erronés. Réessayez après le {until}.";
    wait_or_two_codes(user: &str): "Type a code and the next one of the same app, one behind the other; or use a recovery code; or end the waiting: wardkey unlock {user}"
        | "Tapez à la suite un code et le suivant de la même application ; ou utilisez un code de secours ; ou mettez fin à l'attente : wardkey unlock {user}";
    one_code_only(): "Two codes in one entry were wrong too often." | "Deux codes en une saisie ont été erronés trop souvent.";
    type_one_code(user: &str): "Type a single code, or allow two codes again: wardkey unlock {user}" | "Tapez un seul code, ou permettez de nouveau deux codes : wardkey unlock {user}";
    wait_or_unlock(user: &str): "Wait, use a recovery code, or end it: wardkey unlock {user}" | "Attendez, prenez un code de secours, ou mettez-y fin : wardkey unlock {user}";
    disabled(): "Too many wrong codes: the authenticator is disabled." | "Trop de codes erronés : l'application est désactivée.";
    unlock_or_reset(user: &str): "Use a recovery code. Or find out who typed them, then: wardkey unlock {user} or wardkey reset {user} --verified-by TEXT"
        | "Prenez un code de secours. Ou cherchez qui les a tapés, puis : wardkey unlock {user} ou wardkey reset {user} --verified-by TEXTE";
    no_second_factor(): "There is no second factor to compare with." | "Il n'y a pas de second facteur auquel comparer.";
    only_a_pass(): "After a reset only a pass is accepted." | "Après une réinitialisation, seul un laissez-passer est accepté.";
    enrol_or_issue_pass(user: &str): "Enrol (wardkey enroll {user}) or issue one (wardkey pass {user} --verified-by TEXT)."
        | "Inscrivez la personne (wardkey enroll {user}) ou émettez-en un (wardkey pass {user} --verified-by TEXTE).";
    other_account(): "The account has another uid than at its enrolment." | "Le compte a un autre uid qu'à son inscription.";
}

impl Text {
    /// Why a code of `user` is refused, and what to do; the name as a shell takes it.
    pub(crate) fn refusal(&self, user: &str, refusal: &Refusal) -> (String, String) {
        match refusal {
            Refusal::Malformed => (self.malformed(), self.code_forms()),
            Refusal::Wrong => (self.wrong(), self.take_present_code()),
            Refusal::LastWrong(hold) => self.refusal(user, &(*hold).into()),
            Refusal::WrongTime { seconds, .. } => {
                let apart = self.span(std::time::Duration::from_secs(seconds.unsigned_abs()));
                (self.wrong_time(&apart), self.check_clocks())
            }
            Refusal::AlreadyUsed => (self.already_used(), self.wait_for_next()),
            Refusal::Expired => (self.expired(), self.new_pass(user)),
            Refusal::Waiting { until, two_codes } => {
                let hint = if *two_codes { self.wait_or_two_codes(user) } else { self.wait_or_unlock(user) };
                (self.waiting(&super::local(*until)), hint)
            }
            Refusal::OneCodeOnly => (self.one_code_only(), self.type_one_code(user)),
            Refusal::Disabled => (self.disabled(), self.unlock_or_reset(user)),
            Refusal::NotEnrolled => (self.no_second_factor(), self.enrol_first(user)),
            Refusal::MustEnroll => (self.only_a_pass(), self.enrol_or_issue_pass(user)),
            Refusal::OtherUid => (self.other_account(), self.reset_or_remove(user)),
        }
    }
}
