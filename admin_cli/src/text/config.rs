//! What `config check` and `init` warn of.

use super::messages;
use crate::services::{BadLine, Unread};
use wardkey_core::printable::escaped;

messages! {
    config_sound(): "The configuration is sound. In force:" | "La configuration est correcte. En vigueur :";
    built_in(): "built in" | "valeur intégrée";
    key_retired(place: &str, instead: &str, version: &str): "{place}: this key has no effect any more, `{instead}` stands in its place; version {version} will refuse it"
        | "{place} : cette clé n'a plus d'effet, `{instead}` la remplace ; la version {version} la refusera";
    nobody_becomes_root(): "nobody who can become root is enrolled: before services ask for codes, enrol a member of sudo, wheel or admin (sudo asks for its caller's code), or root (su and login ask for root's own code)"
        | "aucune personne pouvant devenir root n'est inscrite : avant que des services demandent des codes, inscrivez un membre de sudo, wheel ou admin (sudo demande le code de qui l'appelle), ou root (su et login demandent le code de root)";
    nobody_becomes_root_now(): "now nobody who can become root is enrolled: keep a root shell open and enrol a member of sudo, wheel or admin (sudo asks for its caller's code), or root (su and login ask for root's own code)"
        | "désormais aucune personne pouvant devenir root n'est inscrite : gardez un shell root ouvert et inscrivez un membre de sudo, wheel ou admin (sudo demande le code de qui l'appelle), ou root (su et login demandent le code de root)";
    only_a_locked_root(): "the only accounts enrolled that can become root have a locked password: sudo asks for its caller's code, so enrol those who use sudo"
        | "parmi les personnes pouvant devenir root, seuls des comptes au mot de passe verrouillé sont inscrits : sudo demande le code de qui l'appelle, inscrivez donc ceux qui utilisent sudo";
    keep_a_root_shell(): "that was your own second factor: keep a root shell open until you are enrolled again"
        | "c'était votre propre second facteur : gardez un shell root ouvert jusqu'à votre nouvelle inscription";
    no_support(): "support is empty: people who are stuck are sent to \"your system administrator\"; write who helps, or where, such as \"the IT desk, ext. 4711\""
        | "support est vide : les personnes bloquées sont envoyées à « votre administrateur système » ; indiquez qui les aide, ou où, par exemple « le service informatique, poste 4711 »";
    default_issuer(): "issuer is \"wardkey\": set the name by which people will find the entry in their app"
        | "issuer vaut « wardkey » : indiquez le nom sous lequel chacun retrouvera l'entrée dans son application";
    no_audit_directory(path: &str): "{path} is missing: audit lines go to syslog only; make it with wardkey init"
        | "{path} n'existe pas : les lignes d'audit ne vont que dans syslog ; créez-le avec wardkey init";
    socket_too_long(place: &str, length: usize): "{place}: the path is {length} bytes long, too long for a socket: the helper cannot listen, and locked screens stay locked"
        | "{place} : le chemin fait {length} octets, trop pour une socket : l'assistant ne peut pas écouter, et les écrans verrouillés le restent";
    shorter_socket(longest: usize): "Name one of at most {longest} bytes, for example /run/wardkey/helper.sock."
        | "Indiquez-en un de {longest} octets au plus, par exemple /run/wardkey/helper.sock.";
    refuses_logins(what: &str): "logins are refused: {what}" | "des connexions sont refusées : {what}";
    no_such_service(service: &str, hint: &str): "[service.{service}]: no file in /etc/pam.d or /usr/lib/pam.d has that name, so this table has no effect. {hint}"
        | "[service.{service}] : aucun fichier de /etc/pam.d ou de /usr/lib/pam.d ne porte ce nom, cette table est donc sans effet. {hint}";
    did_you_mean(name: &str): "Did you mean {name}?" | "Vouliez-vous dire {name} ?";
    services_there_are(names: &str): "Services here: {names}" | "Services présents : {names}";
    audit_void(what: &str): "{what}: audit lines go to syslog only" | "{what} : les lignes d'audit ne vont que dans syslog";
    take_from_others(path: &str): "Let nobody but root write there (logrotate: create 0640 root adm): chmod go-w {path}"
        | "Ne laissez que root y écrire (logrotate : create 0640 root adm) : chmod go-w {path}";
    grace_void(what: &str): "{what}: unlock_grace has no effect, a code is asked for each time"
        | "{what} : unlock_grace n'a pas d'effet, un code est demandé à chaque fois";
    closed_to_others(path: &str): "{path} is closed to everybody but root: screen lockers refuse everybody, and people cannot use the wardkey command"
        | "{path} est fermé à tous sauf root : les verrouilleurs d'écran refusent tout le monde, et nul ne peut utiliser la commande wardkey";
    let_enter(path: &str): "Let everybody enter: chmod a+rx {path}" | "Laissez chacun y entrer : chmod a+rx {path}";
    let_read(path: &str): "Let everybody read it, it holds no secret: chmod a+r {path}" | "Laissez chacun le lire, il ne contient aucun secret : chmod a+r {path}";
    let_connect(path: &str): "Let everybody connect: chmod a+rw {path}" | "Laissez chacun s'y connecter : chmod a+rw {path}";
    refuses_login_of(user: &str, what: &str): "{user} cannot log in: {what}" | "{user} ne peut pas se connecter : {what}";
    exempts_no_service(service: &str, hint: &str): "[[exempt]] service = \"{service}\": no file in /etc/pam.d or /usr/lib/pam.d has that name, so this exempts nobody there. {hint}"
        | "[[exempt]] service = « {service} » : aucun fichier de /etc/pam.d ou de /usr/lib/pam.d ne porte ce nom, donc nul n'y est exempté. {hint}";
    exemption_past(reason: &str, until: &str): "the exemption \"{reason}\" ended on {until} and is void" | "l'exemption « {reason} » a pris fin le {until} et ne vaut plus";
    exempts_nobody_found(user: &str, word: &str): "[[exempt]] user = \"{user}\": no such account is found at present, so this exempts nobody: check the spelling (getent passwd {word})"
        | "[[exempt]] user = « {user} » : aucun compte de ce nom n'est trouvé pour le moment, donc personne n'est exempté : vérifiez l'orthographe (getent passwd {word})";
    enrols_nobody(service: &str): "[service.{service}] enroll: this program cannot enrol anybody, and refuses people who are not enrolled: remove this key"
        | "[service.{service}] enroll : ce programme ne peut inscrire personne et refuse les personnes non inscrites : retirez cette clé";
    grace_beyond_screens(service: &str): "[service.{service}] unlock_grace: meant for screen lockers; here, while it holds, the password alone is enough to become root: remove it"
        | "[service.{service}] unlock_grace : fait pour les verrouilleurs d'écran ; ici, pendant ce délai, le mot de passe suffit pour devenir root : retirez-le";
    two_prompts(service: &str): "/etc/pam.d/{service}: its program has one field and answers every prompt with it, so nobody gets in: ask for password and code in one entry, as the example {service} does"
        | "/etc/pam.d/{service} : ce programme n'a qu'un champ et répond par lui à chaque question, donc personne n'entre : demandez mot de passe et code en une saisie, comme l'exemple {service}";
    rollout_over(day: &str): "enroll_by = {day} is past and no longer has any effect" | "enroll_by = {day} est passé et n'a plus d'effet";
    start_not_of_auth(place: &str): "{place}: `start` is allowed in `auth` lines only" | "{place} : `start` n'est permis que dans les lignes `auth`";
    start_not_optional(place: &str): "{place}: the control of a line with `start` must be `optional`" | "{place} : le contrôle d'une ligne avec `start` doit être `optional`";
    start_not_alone(place: &str): "{place}: `start` must be the only argument" | "{place} : `start` doit être le seul argument";
    start_not_first(place: &str, service: &str): "{place}: `start` is not in the first `auth` line of the service {service}: after the line that asks for the code, it cancels a refusal"
        | "{place} : `start` n'est pas dans la première ligne `auth` du service {service} : placé après la ligne qui demande le code, il annule un refus";
    start_remedy(): "Make `auth optional pam_wardkey.so start` the first `auth` line, ahead of every @include, or take it out." | "Faites de `auth optional pam_wardkey.so start` la première ligne `auth`, avant tout @include, ou retirez-la.";
    file_and_line(file: &str, line: &str): "{file}, line {line}" | "{file}, ligne {line}";
    services_not_listed(why: &str): "the PAM service files cannot be listed: {why}" | "les fichiers de service PAM ne peuvent être listés : {why}";
    service_file_odd(file: &str): "{file} was not looked at: it is larger than 1 MiB, or not a plain file" | "{file} n'a pas été examiné : il dépasse 1 Mio, ou n'est pas un fichier ordinaire";
    sessions_unknown(service: &str): "[service.{service}] enroll: neither the kernel's audit nor systemd-logind knows sessions here, so wardkey cannot tell a login by this service from an unlock"
        | "[service.{service}] enroll : ni l'audit du noyau ni systemd-logind ne connaissent les sessions ici ; wardkey ne peut donc pas distinguer une connexion par ce service d'un déverrouillage";
    enroll_by_console(): "Remove it, and let people enrol at a text console, through sshd or with wardkey enroll."
        | "Retirez cette clé ; les personnes s'inscrivent en console, par sshd ou avec wardkey enroll.";
    unknown_group(place: &str, what: &str): "{place}: {what}" | "{place} : {what}";
    at_key(file: &str, key: &str): "{file}, key `{key}`" | "{file}, clé « {key} »";
    at_line(file: &str, line: usize, key: &str): "{file}, line {line}, key `{key}`" | "{file}, ligne {line}, clé « {key} »";
    name_real_group(): "Name a group that getent group finds; until then everybody concerned by that line needs a code."
        | "Indiquez un groupe que getent group trouve ; d'ici là, un code est demandé à toutes les personnes concernées.";
}

impl super::Text {
    /// What is wrong with a line `start`.
    pub(crate) fn start_line(&self, file: &str, line: &str, service: &str, wrong: BadLine) -> String {
        let place = self.file_and_line(file, line);
        match wrong {
            BadLine::Kind => self.start_not_of_auth(&place),
            BadLine::Control => self.start_not_optional(&place),
            BadLine::Arguments => self.start_not_alone(&place),
            BadLine::Place => self.start_not_first(&place, service),
        }
    }

    /// What could not be looked at.
    pub(crate) fn service_unread(&self, what: &Unread) -> String {
        match what {
            Unread::Directory(why) => self.services_not_listed(&self.system_error(why)),
            Unread::File(file) => self.service_file_odd(&escaped(&file.display().to_string())),
        }
    }
}
