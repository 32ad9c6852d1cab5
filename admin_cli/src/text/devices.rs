//! What is said about new phones, further authenticators and accounts under another uid.

use super::messages;

messages! {
    old_one_works(): "The old authenticator works until a code of the new one was right." | "L'ancienne application fonctionne jusqu'à ce qu'un code de la nouvelle soit juste.";
    still_pending_beside(user: &str): "What there was keeps working; the new authenticator stays pending for 24 hours. Go on with wardkey confirm {user}, or start anew with the same command."
        | "Ce qui existait continue de fonctionner ; la nouvelle application reste en attente 24 heures. Continuez avec wardkey confirm {user}, ou recommencez avec la même commande.";
    new_one_works(user: &str, old: &str): "The new authenticator of {user} works; the old one ({old}) has ended." | "La nouvelle application de {user} fonctionne ; l'ancienne ({old}) n'ouvre plus rien.";
    one_more_works(user: &str): "The new authenticator of {user} works; the others go on working." | "La nouvelle application de {user} fonctionne ; les autres continuent de fonctionner.";
    authenticator_removed(label: &str, user: &str): "The authenticator {label} of {user} opens nothing any more." | "L'application {label} de {user} n'ouvre plus rien.";
    no_authenticators(user: &str): "{user} has no authenticator." | "{user} n'a aucune application.";
    which_authenticator(user: &str): "{user} has several authenticators." | "{user} a plusieurs applications.";
    name_authenticator(user: &str): "Name one by its label: wardkey authenticator list {user}" | "Indiquez-en une par son nom : wardkey authenticator list {user}";
    no_such_authenticator(user: &str): "{user} has no authenticator of that label." | "{user} n'a pas d'application de ce nom.";
    label_taken(user: &str): "{user} has an authenticator of that label already." | "{user} a déjà une application de ce nom.";
    other_label(): "Choose another label." | "Choisissez un autre nom.";
    too_many_authenticators(user: &str): "{user} has eight authenticators, as many as there can be." | "{user} a huit applications, le maximum.";
    remove_one_first(user: &str): "Remove or replace one: wardkey authenticator remove {user} LABEL" | "Retirez ou remplacez-en une : wardkey authenticator remove {user} NOM";
    last_authenticator(user: &str): "It is the last authenticator of {user}; nothing was changed." | "C'est la dernière application de {user} ; rien n'a été modifié.";
    never_the_last(user: &str): "A second factor is never switched off. New phone: wardkey replace {user}. Phone and codes lost: wardkey reset {user} --verified-by TEXT"
        | "Un second facteur ne se désactive jamais. Nouveau téléphone : wardkey replace {user}. Téléphone et codes perdus : wardkey reset {user} --verified-by TEXTE";
    same_uid(user: &str): "The account {user} has the uid that it had at its enrolment; there is nothing to take over."
        | "Le compte {user} a l'uid qu'il avait à son inscription ; il n'y a rien à reprendre.";
    see_status(user: &str): "See how it stands: wardkey status {user}" | "Voyez ce qu'il en est : wardkey status {user}";
    rebound(user: &str, was: u32, uid: u32): "{user} had uid {was} and has uid {uid}, which counts from now on. Nothing else has changed."
        | "{user} avait l'uid {was} et a l'uid {uid}, qui vaut désormais. Rien d'autre n'a changé.";
}
