//! What went wrong, and what to do: errors of the commands themselves.

use super::messages;

messages! {
    see_help(): "See wardkey --help." | "Voir wardkey --help.";
    usage_lead(): "error:" | "erreur :";
    more_in_help(): "For more information, try '--help'." | "Pour en savoir plus : --help";
    no_command(): "No command was given." | "Aucune commande n'a été donnée.";
    correct_config(): "Correct the file, then run wardkey config check."
        | "Corrigez le fichier, puis lancez wardkey config check.";
    name_config(): "Create it (wardkey.toml(5)), or name another with --config." | "Créez-le (wardkey.toml(5)), ou indiquez-en un autre avec --config.";
    name_config_itself(path: &str): "Change it where it is made (on NixOS: environment.etc), or name the file itself: readlink -f {path}"
        | "Modifiez-le là où il est produit (sous NixOS : environment.etc), ou indiquez le fichier lui-même : readlink -f {path}";
    let_everybody_read(path: &str): "Everybody must be able to read it and to enter its directories: namei -m {path}; then chmod a+r the file, chmod a+rx a directory"
        | "Chacun doit pouvoir le lire et entrer dans ses répertoires : namei -m {path} ; puis chmod a+r pour le fichier, chmod a+rx pour un répertoire";
    lead_link_elsewhere(path: &str): "Others can create files in {path}: name the file itself (readlink -f), or let the link avoid that directory."
        | "D'autres peuvent créer des fichiers dans {path} : indiquez le fichier lui-même (readlink -f), ou faites passer le lien ailleurs.";
    make_way_for_config(path: &str): "Move it out of the way, and put a file in its place (wardkey.toml(5)): mv {path} {path}.old"
        | "Déplacez-le et mettez un fichier à sa place (wardkey.toml(5)) : mv {path} {path}.old";
    shorten_config(): "All files of the configuration together may be at most 256 KiB long (wardkey.toml(5))." | "Tous les fichiers de la configuration réunis peuvent faire 256 Kio au plus (wardkey.toml(5)).";
    too_many_files(path: &str, most: usize): "{path}: holds more than {most} files *.toml" | "{path} : contient plus de {most} fichiers *.toml";
    join_files(): "Put several into one, or rename those that are not to count, so that their names do not end in .toml."
        | "Réunissez-en plusieurs, ou renommez ceux qui ne doivent pas compter, pour que leur nom ne finisse pas par .toml.";
    mend_further_link(path: &str): "{path} leads there: make the file, or remove the link: rm {path}"
        | "{path} y mène : créez le fichier, ou supprimez le lien : rm {path}";
    make_way_for_directory(path: &str): "Move it out of the way: mv {path} {path}.old. A directory may take its place (wardkey.toml(5))."
        | "Déplacez-le : mv {path} {path}.old. Un répertoire peut prendre sa place (wardkey.toml(5)).";
    mend_config_link_owner(path: &str): "Nobody but root may change it: chown -h root {path}" | "Nul autre que root ne doit pouvoir le modifier : chown -h root {path}";
    mend_config_owner(path: &str): "Nobody but root may change it: chown root {path}" | "Nul autre que root ne doit pouvoir le modifier : chown root {path}";
    mend_config_mode(path: &str): "Nobody but root may change it: chmod go-w {path}" | "Nul autre que root ne doit pouvoir le modifier : chmod go-w {path}";
    mend_config_link(path: &str): "Nobody but root may change it, under any name: cp {path} {path}.new && mv {path}.new {path}"
        | "Nul autre que root ne doit pouvoir le modifier, sous quelque nom que ce soit : cp {path} {path}.new && mv {path}.new {path}";
    empty_name(): "The user name is empty." | "Le nom d'utilisateur est vide.";
    code_as_name(): "That looks like a code. Give the user's name; codes are asked for, and never given on the command line."
        | "Cela ressemble à un code. Donnez le nom de la personne ; les codes sont demandés, et jamais donnés sur la ligne de commande.";
    only_root(): "Only root may do this." | "Seul root peut faire cela.";
    become_root(): "Run it as root, for example with sudo." | "Lancez la commande en tant que root, par exemple avec sudo.";
    nobody(): "You have no account on this machine." | "Vous n'avez pas de compte sur cette machine.";
    name_somebody(): "Name the user: wardkey COMMAND USER." | "Indiquez la personne : wardkey COMMANDE UTILISATEUR.";
    unknown_user(user: &str): "There is no account {user} on this machine." | "Il n'y a pas de compte {user} sur cette machine.";
    check_name(user: &str): "Check the spelling: getent passwd {user}" | "Vérifiez l'orthographe : getent passwd {user}";
    lookup_failed(what: &str): "The account database did not answer: {what}" | "La base des comptes ne répond pas : {what}";
    check_accounts(): "Check the directory service (getent passwd), then try again." | "Vérifiez l'annuaire (getent passwd), puis réessayez.";
    cannot_make_codes(why: &str): "No codes can be made: {why}." | "Impossible de créer des codes : {why}.";
    try_again_later(): "Try again in a moment." | "Réessayez dans un instant.";
    record_changing(user: &str): "The record of {user} keeps changing." | "L'enregistrement de {user} change sans cesse.";
    no_code_given(): "No code was given." | "Aucun code n'a été donné.";
    give_code(): "Type the code at the terminal, or give it on standard input, as one line of at most 1024 bytes."
        | "Tapez le code au terminal, ou donnez-le sur une ligne de l'entrée standard, de 1024 octets au plus.";
    no_key_given(): "No key was given." | "Aucune clé n'a été donnée.";
    bad_key(): "The key is not base32 (letters A to Z and digits 2 to 7)." | "La clé n'est pas en base32 (lettres A à Z et chiffres 2 à 7).";
    give_key(): "Give it as the first line of standard input." | "Donnez-la sur la première ligne de l'entrée standard.";
    empty_text(option: &str): "{option} must not be empty." | "{option} ne doit pas être vide.";
    say_how_verified(): "Say how you verified who it is, for example: call-back to the ward."
        | "Indiquez comment vous avez vérifié l'identité, par exemple : rappel du service.";
    say_why(): "Say why; it goes into the audit log." | "Indiquez pourquoi ; la raison va dans le journal d'audit.";
    nothing_logged(why: &str): "the audit file could not be written ({why}), and syslog did not take the line either: it is written down nowhere"
        | "le fichier d'audit n'a pas pu être écrit ({why}), et syslog n'a pas pris la ligne non plus : elle n'est écrite nulle part";
    not_shown(why: &str): "The command was carried out, but what it shows only once could not be shown: {why}."
        | "La commande a été exécutée, mais ce qu'elle n'affiche qu'une fois n'a pas pu être affiché : {why}.";
    make_again(command: &str): "Make it again: {command}" | "Recréez-le : {command}";
    stdout_closed(): "Standard output is closed; what the command shows only once would be lost." | "La sortie standard est fermée ; ce que la commande n'affiche qu'une fois serait perdu.";
    open_stdout(): "Run it at a terminal, or with a file or a pipe as standard output."
        | "Lancez-la dans un terminal, ou avec un fichier ou un tube comme sortie standard.";
    not_printed(why: &str): "The answer could not be written: {why}." | "La réponse n'a pas pu être écrite : {why}.";
    look_again(): "Check where standard output goes (a full disk?), then look again." | "Vérifiez où va la sortie standard (disque plein ?), puis regardez à nouveau.";
    text_too_long(option: &str, longest: usize): "{option} is longer than {longest} characters." | "{option} dépasse {longest} caractères.";
    audit_file_failed(why: &str): "the audit file could not be written ({why}); the line is in syslog only"
        | "le fichier d'audit n'a pas pu être écrit ({why}) ; la ligne n'est que dans syslog";
}
