//! What the help desk reads after a command.

use super::messages;

messages! {
    check_prompt(): "Code from the app, or a single-use code:" | "Code de l'application, ou code à usage unique :";
    accepted(method: &str): "Accepted: {method}" | "Accepté : {method}";
    by_authenticator(label: &str): "authenticator code ({label})" | "code de l'application ({label})";
    by_recovery(left: usize): "recovery code, {left} left" | "code de secours, il en reste {left}";
    by_pass(): "pass" | "laissez-passer";
    by_emergency(left: usize): "emergency code, {left} left" | "code d'urgence, il en reste {left}";
    refused_with(what: &str): "Refused: {what}" | "Refusé : {what}";
    few_codes_left(): "Few recovery codes are left; make a new set soon." | "Il reste peu de codes de secours ; créez bientôt un nouveau jeu.";
    ask_reset(whom: &str): "Reset {whom}? Their authenticators, recovery codes, emergency codes and passes become void."
        | "Réinitialiser {whom} ? Ses applications, codes de secours, codes d'urgence et laissez-passer seront annulés.";
    ask_new_codes(whom: &str): "New recovery codes for {whom}? The old set becomes void."
        | "De nouveaux codes de secours pour {whom} ? L'ancien jeu sera annulé.";
    yes_or_no(): "Type y or n [default: n]:" | "Tapez o ou n [par défaut : n] :";
    not_confirmed(user: &str): "You did not confirm that you mean {user}." | "Vous n'avez pas confirmé qu'il s'agit de {user}.";
    say_yes(): "Run the command again and type y." | "Relancez la commande et tapez o.";
    ask_whom(caller: &str, own: &str): "Whom do you want to enrol: {caller} (called sudo), {own}, or another user? Name:"
        | "Qui voulez-vous inscrire : {caller} (a appelé sudo), {own}, ou une autre personne ? Nom :";
    nobody_named(): "No name was given." | "Aucun nom n'a été donné.";
    name_in_enroll(word: &str): "Name the user: wardkey enroll {word}" | "Indiquez la personne : wardkey enroll {word}";
    reset_done(user: &str): "{user} is reset: authenticators, recovery codes, emergency codes and passes are void."
        | "Réinitialisation faite pour {user} : applications, codes de secours, codes d'urgence et laissez-passer sont annulés.";
    reset_next(user: &str, word: &str): "{user} now needs a pass to log in, and then enrols again: wardkey pass {word} --verified-by TEXT. Or enrol {user} here: wardkey enroll {word}"
        | "Pour se connecter puis s'inscrire à nouveau, {user} a besoin d'un laissez-passer : wardkey pass {word} --verified-by TEXTE. Ou inscrivez {user} ici : wardkey enroll {word}";
    new_envelope(word: &str): "The sealed envelope is void too. After the enrolment, make a new one: wardkey emergency {word} --count N --reason TEXT"
        | "L'enveloppe scellée est annulée elle aussi. Après l'inscription, refaites-en une : wardkey emergency {word} --count N --reason TEXTE";
    account_not_found(user: &str): "{user} has a record, but the account is not found at present." | "{user} a un enregistrement, mais le compte est introuvable pour le moment.";
    follow_or_remove(user: &str): "If a directory does not answer, try again when it does. If the account was renamed: wardkey rename {user} NEW --verified-by TEXT. If the person has left: wardkey remove {user} --reason TEXT"
        | "Si un annuaire ne répond pas, réessayez quand il répondra. Si le compte a changé de nom : wardkey rename {user} NOUVEAU --verified-by TEXTE. Si la personne est partie : wardkey remove {user} --reason TEXTE";
    renamed(was: &str, user: &str): "The record of {was} is {user}'s now. The app keeps showing the old name; its codes open as before."
        | "L'enregistrement de {was} est désormais celui de {user}. L'application affiche toujours l'ancien nom ; ses codes ouvrent comme avant.";
    same_name(user: &str): "{user} is already the account's name." | "{user} est déjà le nom du compte.";
    old_name_first(): "Give the old name first, then the new one. See: wardkey list" | "Donnez d'abord l'ancien nom, puis le nouveau. Voir : wardkey list";
    still_an_account(user: &str): "{user} is an account of its own, and keeps its record." | "{user} est un compte à part entière et garde son enregistrement.";
    look_for_account(user: &str): "Only a record whose account has another name now can follow it. Look: getent passwd {user}"
        | "Seul l'enregistrement d'un compte qui a changé de nom peut le suivre. Vérifiez : getent passwd {user}";
    name_taken(user: &str): "{user} already has a record; nothing was changed." | "{user} a déjà un enregistrement ; rien n'a été modifié.";
    look_at_record(user: &str): "Check it: wardkey status {user}. If nobody uses it: wardkey remove {user} --reason TEXT, then try again"
        | "Vérifiez-le : wardkey status {user}. S'il ne sert à personne : wardkey remove {user} --reason TEXTE, puis réessayez";
    renamed_to_other_uid(user: &str): "The account {user} has another uid than the one that was enrolled: it may be another person."
        | "Le compte {user} a un autre uid que celui qui a été inscrit : c'est peut-être une autre personne.";
    rename_and_rebind(was: &str, user: &str): "Find out who it is. The same person after a directory move: wardkey rename {was} {user} --rebind --verified-by TEXT"
        | "Vérifiez de qui il s'agit. La même personne après un changement d'annuaire : wardkey rename {was} {user} --rebind --verified-by TEXTE";
    see_list(): "Who has a record: wardkey list" | "Qui a un enregistrement : wardkey list";
    pass_heading(user: &str, until: &str): "Pass for {user}, good until {until}, for one login:" | "Laissez-passer pour {user}, valable jusqu'au {until}, pour une connexion :";
    read_out(): "Read it out when you call back, group by group; it is shown only now." | "Dictez-le lors du rappel, groupe par groupe ; il ne s'affiche qu'une fois.";
    emergency_heading(user: &str): "Emergency codes for {user}, shown only now. Each opens one login:" | "Codes d'urgence pour {user}, affichés une seule fois. Chacun ouvre une connexion :";
    seal_envelope(): "Print them, seal them in an envelope and lock it away. Using one is logged as an alert."
        | "Imprimez-les, scellez-les dans une enveloppe et enfermez-la. Leur usage est signalé comme une alerte.";
    no_envelope_made(): "Nothing was changed: the codes that were shown open nothing." | "Rien n'a été modifié : les codes affichés n'ouvrent rien.";
    envelope_made(count: usize, user: &str): "{count} new emergency codes now open logins of {user}." | "{count} nouveaux codes d'urgence ouvrent désormais des connexions de {user}.";
    envelope_on_sheet(count: usize, path: &str): "{count} emergency codes are in {path}, and nowhere else." | "{count} codes d'urgence figurent dans {path}, et nulle part ailleurs.";
    sheet_seal(word: &str): "Print it, seal it in an envelope and lock it away. Then delete the file: shred -u {word}"
        | "Imprimez-la, scellez-la dans une enveloppe et enfermez-la. Puis effacez le fichier : shred -u {word}";
    was_not_locked(user: &str): "{user} was neither waiting nor disabled. The count of wrong codes is cleared."
        | "Il n'y avait ni attente ni blocage pour {user}. Le compte des codes erronés est remis à zéro.";
    unlocked(user: &str): "{user} can use codes again." | "{user} peut de nouveau utiliser des codes.";
    removed(user: &str): "The record of {user} was removed." | "L'enregistrement de {user} a été supprimé.";
    nothing_kept(user: &str): "{user} has no record." | "{user} n'a pas d'enregistrement.";
    nothing_to_remove(): "There is nothing to remove." | "Il n'y a rien à retirer.";
    made(what: &str): "made     {what}" | "créé     {what}";
    present(what: &str): "present  {what}" | "présent  {what}";
    back_up_key(path: &str): "Keep a copy of {path} in a safe place, apart from backups of the state."
        | "Gardez une copie de {path} en lieu sûr, à part des sauvegardes de l'état.";
    new_key_over_old_records(count: usize): "the sealing key was missing and a new one was made, but {count} people have authenticators sealed with the old one: put it back, or reset them; their recovery codes work"
        | "la clé de scellement manquait et une nouvelle a été créée, mais {count} personnes ont des applications scellées avec l'ancienne : remettez-la, ou réinitialisez-les ; leurs codes de secours fonctionnent";
    cannot_make_credential(path: &str): "{path} is a systemd credential, which init cannot make" | "{path} est un « credential » systemd, qu'init ne peut pas créer";
    make_credential(): "Make it with systemd-creds, or name a file in [seal] key." | "Créez-le avec systemd-creds, ou indiquez un fichier dans [seal] key.";
    not_a_name(): "it is not a file name" | "ce n'est pas un nom de fichier";
    cannot_make(path: &str, why: &str): "{path} cannot be created: {why}" | "{path} ne peut être créé : {why}";
}
