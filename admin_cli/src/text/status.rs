//! What `status` and `list` say.

use super::messages;

messages! {
    status_on(user: &str, since: &str): "{user}: MFA: ON since {since}" | "{user} : MFA : ACTIVÉ depuis le {since}";
    status_off(user: &str): "{user}: MFA: OFF, not enrolled" | "{user} : MFA : INACTIF, aucune inscription";
    status_pending(user: &str): "{user}: MFA: OFF, an authenticator waits for its first code" | "{user} : MFA : INACTIF, une application attend son premier code";
    status_must_enroll(user: &str): "{user}: was reset, must enrol again, and needs a pass from the desk" | "{user} : réinitialisation faite, doit s'inscrire à nouveau, avec un laissez-passer";
    status_disabled(user: &str, since: &str): "{user}: MFA: ON since {since}, authenticator DISABLED after too many wrong codes"
        | "{user} : MFA : ACTIVÉ depuis le {since}, application DÉSACTIVÉE après trop de codes erronés";
    authenticator_line(label: &str, added: &str, used: &str): "authenticator: {label}, since {added}, last used {used}" | "application : {label}, depuis le {added}, dernier usage : {used}";
    short_key(bits: usize): "Its key has only {bits} bits; it should have 128" | "Sa clé n'a que {bits} bits ; elle devrait en avoir 128";
    codes_line(left: usize, of: usize, made: &str): "recovery codes: {left} of {of} left, made {made}" | "codes de secours : {left} sur {of} restants, créés le {made}";
    services_ask_line(services: &str): "services that ask for the password and for a code: {services}" | "services qui demandent le mot de passe et un code : {services}";
    no_service_asks_line(): "no service asks for a code yet: no file in /etc/pam.d has the wardkey line" | "aucun service ne demande encore de code : aucun fichier de /etc/pam.d n'a la ligne wardkey";
    not_concerned_line(): "not in the groups of the configuration ([policy] groups): no login asks for a code" | "dans aucun des groupes de la configuration ([policy] groups) : aucune connexion ne demande de code";
    pending_line(label: &str, until: &str): "waits for its first code: {label}, until {until}" | "attend son premier code : {label}, jusqu'au {until}";
    pending_replacement_line(label: &str, old: &str, until: &str): "waits for its first code: {label}, until {until}; then {old} ends" | "attend son premier code : {label}, jusqu'au {until} ; {old} prend alors fin";
    emergency_line(left: usize, of: usize): "emergency codes: {left} of {of} left" | "codes d'urgence : {left} sur {of} restants";
    no_emergency_line(word: &str): "emergency codes: none left. For a new envelope: wardkey emergency {word} --count N --reason TEXT"
        | "codes d'urgence : aucun. Pour une nouvelle enveloppe : wardkey emergency {word} --count N --reason TEXTE";
    and_emergency(left: usize, emergency: usize): "{left} + {emergency} emergency" | "{left} + {emergency} d'urgence";
    pass_line(until: &str): "pass: opens until {until}" | "laissez-passer : valable jusqu'au {until}";
    no_codes_line(): "recovery codes: none" | "codes de secours : aucun";
    last_login_line(when: &str): "last success: {when}" | "dernier succès : {when}";
    waiting_line(kind: &str, until: &str): "{kind}: waiting until {until}" | "{kind} : attente jusqu'au {until}";
    kind_authenticator(): "authenticator codes" | "codes de l'application";
    kind_combined(): "password and code in one entry" | "mot de passe et code en une saisie";
    kind_single_use(): "single-use codes" | "codes à usage unique";
    kind_mailed(): "mailed codes" | "codes par courriel";
    kind_pair(): "two codes in one entry" | "deux codes en une saisie";
    kind_combined_pair(): "password and two codes in one entry" | "mot de passe et deux codes en une saisie";
    pairs_closed_line(): "two codes in one entry: closed after too many wrong ones, until another code is right or wardkey unlock" | "deux codes en une saisie : fermé après trop d'erreurs, jusqu'à un autre code juste ou wardkey unlock";
    exempt_line(reason: &str, by: &str, until: &str): "exempt until {until}: {reason} (approved by {by})" | "exempté jusqu'au {until} : {reason} (approuvé par {by})";
    exempt_in_line(places: &str, reason: &str, by: &str, until: &str): "exempt {places} until {until}: {reason} (approved by {by})" | "exempté {places} jusqu'au {until} : {reason} (approuvé par {by})";
    exempt_on(services: &str): "on {services}" | "pour {services}";
    exempt_from(network: &str): "from {network}" | "depuis {network}";
    clock_behind(span: &str): "this machine's clock is {span} behind the last success; check it (timedatectl)" | "l'horloge de cette machine retarde de {span} sur le dernier succès ; vérifiez-la (timedatectl)";
    other_uid_line(user: &str): "the account has another uid than at enrolment: logins are refused until wardkey rebind {user} --verified-by TEXT"
        | "le compte a un autre uid qu'à l'inscription : les connexions sont refusées jusqu'à wardkey rebind {user} --verified-by TEXTE";
    no_account_line(user: &str): "account: not found at present (deleted, renamed, or a directory does not answer): getent passwd {user}. Where it was renamed: wardkey rename {user} NEW --verified-by TEXT"
        | "compte : introuvable pour le moment (supprimé, renommé, ou un annuaire ne répond pas) : getent passwd {user}. S'il a été renommé : wardkey rename {user} NOUVEAU --verified-by TEXTE";
    record_of_old_name(old: &str, user: &str): "a record stands under the name {old}; let it follow the account: wardkey rename {old} {user} --verified-by TEXT"
        | "un enregistrement existe sous le nom {old} ; faites-lui suivre le compte : wardkey rename {old} {user} --verified-by TEXTE";
    column_account(): "ACCOUNT" | "COMPTE";
    account_not_found_at_present(): "not found at present" | "introuvable pour le moment";
    account_is_now(user: &str): "is {user} now" | "s'appelle {user}";
    account_has_other_uid(): "has another uid now" | "a maintenant un autre uid";
    account_not_looked_up(): "no answer" | "sans réponse";
    look_before_removing(): "accounts that are not found at present may be those of a directory that does not answer: look with getent passwd before you remove a record. Where an account was renamed: wardkey rename OLD NEW --verified-by TEXT"
        | "les comptes introuvables pour le moment peuvent être ceux d'un annuaire qui ne répond pas : vérifiez avec getent passwd avant de retirer un enregistrement. Si un compte a été renommé : wardkey rename ANCIEN NOUVEAU --verified-by TEXTE";
    rebind_moved(): "logins of accounts that have another uid than at enrolment are refused, since it may be another person: look, then wardkey rebind USER --verified-by TEXT"
        | "les connexions des comptes qui ont un autre uid qu'à l'inscription sont refusées, car il peut s'agir d'une autre personne : vérifiez, puis wardkey rebind UTILISATEUR --verified-by TEXTE";
    column_user(): "USER" | "UTILISATEUR";
    column_state(): "STATE" | "ÉTAT";
    column_since(): "SINCE" | "DEPUIS";
    column_codes(): "CODES LEFT" | "CODES RESTANTS";
    column_last(): "LAST SUCCESS" | "DERNIER SUCCÈS";
    state_not_enrolled(): "not enrolled" | "non inscrit";
    state_pending(): "pending" | "en attente";
    state_enrolled(): "enrolled" | "inscrit";
    state_must_enroll(): "must enrol" | "doit s'inscrire";
    state_disabled(): "disabled" | "désactivé";
    state_damaged(): "damaged" | "endommagé";
    nobody_listed(): "Nobody." | "Personne.";
}
