//! What is said about new phones, further authenticators and accounts under another uid.

use super::messages;

messages! {
    old_one_works(): "The old authenticator keeps working until the new one is confirmed." | "L'ancienne application fonctionne jusqu'à ce que la nouvelle soit confirmée.";
    still_pending_beside(user: &str): "Nothing else has changed; the new authenticator stays pending for 24 hours. Go on with wardkey confirm {user}, or start over with the same command."
        | "Rien d'autre n'a changé ; la nouvelle application reste en attente 24 heures. Continuez avec wardkey confirm {user}, ou recommencez avec la même commande.";
    new_one_works(user: &str, old: &str): "The new authenticator of {user} works; the old one ({old}) no longer does." | "La nouvelle application de {user} fonctionne ; l'ancienne ({old}) n'ouvre plus rien.";
    one_more_works(user: &str): "The new authenticator of {user} works; the others keep working." | "La nouvelle application de {user} fonctionne ; les autres continuent de fonctionner.";
    authenticator_removed(label: &str, user: &str): "The authenticator {label} of {user} no longer works." | "L'application {label} de {user} n'ouvre plus rien.";
    no_authenticators(user: &str): "{user} has no authenticator." | "{user} n'a aucune application.";
    which_authenticator(user: &str): "{user} has several authenticators." | "{user} a plusieurs applications.";
    name_authenticator(user: &str): "Name one by its label: wardkey authenticator list {user}" | "Indiquez-en une par son nom : wardkey authenticator list {user}";
    no_such_authenticator(user: &str): "{user} has no authenticator with that label." | "{user} n'a pas d'application de ce nom.";
    label_taken(user: &str): "{user} already has an authenticator with that label." | "{user} a déjà une application de ce nom.";
    other_label(): "Choose another label." | "Choisissez un autre nom.";
    too_many_authenticators(user: &str): "{user} has eight authenticators, the most that one person can have." | "{user} a huit applications, le maximum.";
    remove_one_first(user: &str): "Remove or replace one: wardkey authenticator remove {user} LABEL" | "Retirez ou remplacez-en une : wardkey authenticator remove {user} NOM";
    last_authenticator(user: &str): "That is the last authenticator of {user}; nothing was changed." | "C'est la dernière application de {user} ; rien n'a été modifié.";
    never_the_last(user: &str): "A second factor is never switched off. New phone: wardkey replace {user}. Phone and codes lost: wardkey reset {user} --verified-by TEXT"
        | "Un second facteur ne se désactive jamais. Nouveau téléphone : wardkey replace {user}. Téléphone et codes perdus : wardkey reset {user} --verified-by TEXTE";
    same_uid(user: &str): "The account {user} still has the uid of its enrolment; there is nothing to take over."
        | "Le compte {user} a toujours l'uid de son inscription ; il n'y a rien à reprendre.";
    see_status(user: &str): "Check: wardkey status {user}" | "Vérifiez : wardkey status {user}";
    rebound(user: &str, was: u32, uid: u32): "{user} had uid {was}; from now on uid {uid} counts. Nothing else has changed."
        | "{user} avait l'uid {was} ; désormais l'uid {uid} compte. Rien d'autre n'a changé.";
}
