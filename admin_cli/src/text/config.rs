//! What `config check` and `init` warn of.

use super::messages;

messages! {
    config_sound(): "The configuration is sound. In force:" | "La configuration est correcte. En vigueur :";
    nobody_becomes_root(): "nobody who can become root is enrolled: enrol root or a member of sudo, wheel or admin before you add the PAM lines"
        | "personne pouvant devenir root n'est inscrit : inscrivez root ou un membre de sudo, wheel ou admin avant d'ajouter les lignes PAM";
    exemption_past(reason: &str, until: &str): "the exemption \"{reason}\" ended on {until} and is void" | "l'exemption « {reason} » a pris fin le {until} et est nulle";
    enroll_not_yet(service: &str): "[service.{service}] enroll: nobody can enrol at the login in this version; such a login is refused"
        | "[service.{service}] enroll : nul ne peut s'inscrire à la connexion dans cette version ; une telle connexion est refusée";
    grace_not_yet(service: &str): "[service.{service}] unlock_grace has no effect in this version" | "[service.{service}] unlock_grace est sans effet dans cette version";
    rollout_over(day: &str): "enroll_by = {day} is past and has no effect any more" | "enroll_by = {day} est passé et n'a plus d'effet";
    unknown_group(key: &str, what: &str): "{key}: {what}" | "{key} : {what}";
    name_real_group(): "Name a group that getent group finds; until then everybody concerned by that line needs a code."
        | "Nommez un groupe que getent group trouve ; d'ici là, un code est demandé à toutes les personnes concernées.";
}
