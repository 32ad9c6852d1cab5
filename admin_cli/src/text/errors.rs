//! What went wrong, and what to do: errors of the commands themselves.

use super::messages;
use wardkey_core::single_use::MakeError;

messages! {
    see_help(): "See wardkey --help." | "Voir wardkey --help.";
    no_command(): "No command was given." | "Aucune commande n'a été donnée.";
    correct_config(): "Correct the file, then run wardkey config check."
        | "Corrigez le fichier, puis lancez wardkey config check.";
    only_root(): "Only root may do this in this version." | "Dans cette version, seul root peut faire cela.";
    become_root(): "Run it as root, for example with sudo." | "Lancez la commande en tant que root, par exemple avec sudo.";
    nobody(): "You have no account on this machine." | "Vous n'avez pas de compte sur cette machine.";
    name_somebody(): "Say whom the command is about: wardkey COMMAND USER." | "Indiquez la personne concernée : wardkey COMMANDE UTILISATEUR.";
    unknown_user(user: &str): "There is no account {user} on this machine." | "Il n'y a pas de compte {user} sur cette machine.";
    check_name(user: &str): "Check the spelling: getent passwd {user}" | "Vérifiez l'orthographe : getent passwd {user}";
    lookup_failed(what: &str): "The account database did not answer: {what}" | "La base des comptes ne répond pas : {what}";
    check_accounts(): "Nothing was changed. Check the directory service (getent passwd), then try again."
        | "Rien n'a été modifié. Vérifiez l'annuaire (getent passwd), puis réessayez.";
    cannot_make_codes(error: &MakeError): "No codes can be made: {error}." | "Impossible de créer des codes : {error}.";
    try_again_later(): "Nothing was changed. Try again in a moment." | "Rien n'a été modifié. Réessayez dans un instant.";
    record_changing(user: &str): "The record of {user} keeps changing." | "L'enregistrement de {user} change sans cesse.";
    no_mail(): "This version sends no mail." | "Cette version n'envoie pas de courriel.";
    leave_out_email(): "Leave out --email; the authenticator app works without it."
        | "Omettez --email ; l'application d'authentification fonctionne sans.";
    no_code_given(): "No code was given." | "Aucun code n'a été donné.";
    give_code(): "Type the code at the terminal, or give it as a line of standard input."
        | "Tapez le code au terminal, ou donnez-le sur une ligne de l'entrée standard.";
    no_key_given(): "No key was given." | "Aucune clé n'a été donnée.";
    bad_key(): "The key is not base32 (letters A to Z and digits 2 to 7)." | "La clé n'est pas en base32 (lettres A à Z et chiffres 2 à 7).";
    give_key(): "Give it as the first line of standard input." | "Donnez-la sur la première ligne de l'entrée standard.";
    empty_text(option: &str): "{option} must not be empty." | "{option} ne doit pas être vide.";
    say_how_verified(): "Say how you recognised the person, for example: call-back to the ward."
        | "Dites comment la personne a été reconnue, par exemple : rappel du service.";
    say_why(): "Say why; it goes into the audit log." | "Dites pourquoi ; la raison va dans le journal d'audit.";
    audit_file_failed(why: &str): "the audit file could not be written ({why}); the line is in syslog only"
        | "le fichier d'audit n'a pas pu être écrit ({why}) ; la ligne n'est que dans syslog";
}
