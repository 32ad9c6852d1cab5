//! What `doctor` says of people, their records and their way back in.

use super::messages;

messages! {
    uid_now(user: &str, now: u32, was: u32): "{user} ({now}, was {was})" | "{user} ({now}, était {was})";
    other_uid_what(names: &str): "accounts with another uid than at enrolment: {names}" | "comptes dont l'uid n'est plus celui de l'inscription : {names}";
    other_uid_why(): "It may be somebody else who got the name, so every code is refused." | "Le nom peut être passé à une autre personne ; tout code est donc refusé.";
    other_uid_remedy(): "If it is the same person: wardkey rebind USER --verified-by TEXT. If not: wardkey remove USER --reason TEXT" | "S'il s'agit de la même personne : wardkey rebind UTILISATEUR --verified-by TEXTE. Sinon : wardkey remove UTILISATEUR --reason TEXTE";
    gone_what(names: &str): "records without an account: {names}" | "enregistrements sans compte : {names}";
    gone_why(): "The account was removed or renamed, or a directory does not answer." | "Le compte a été supprimé ou renommé, ou un annuaire ne répond pas.";
    gone_remedy(): "Look with getent passwd USER, then run wardkey remove USER --reason TEXT, or wardkey rename OLD NEW --verified-by TEXT." | "Vérifiez avec getent passwd UTILISATEUR, puis lancez wardkey remove UTILISATEUR --reason TEXTE, ou wardkey rename ANCIEN NOUVEAU --verified-by TEXTE.";
    short_what(names: &str): "people whose authenticator has a key of under 128 bits: {names}" | "personnes dont l'application a une clé de moins de 128 bits : {names}";
    short_why(): "The key came from another program; RFC 4226 asks for 128 bits." | "La clé vient d'un autre programme ; la RFC 4226 demande 128 bits.";
    short_remedy(): "Give each a new one: wardkey replace USER" | "Donnez à chacune une nouvelle clé : wardkey replace UTILISATEUR";

    nobody_root_what(): "nobody who can become root is enrolled" | "aucune personne pouvant devenir root n'est inscrite";
    nobody_root_why(): "Where a code is asked, nobody becomes root by sudo, su or login to mend this machine." | "Là où un code est demandé, personne ne devient root par sudo, su ou login pour réparer cette machine.";
    nobody_root_remedy(): "Keep a root shell open, and run wardkey enroll USER for a member of sudo, wheel or admin (sudo asks for its caller's code), or for root (su and login ask for root's own)."
        | "Gardez un shell root ouvert et lancez wardkey enroll UTILISATEUR pour un membre de sudo, wheel ou admin (sudo demande le code de l'appelant), ou pour root (su et login demandent celui de root).";
    no_way_back_what(): "nobody who can become root has an emergency code left" | "aucune personne pouvant devenir root n'a encore de code d'urgence";
    no_way_back_why(): "Root opens no text console by the password alone either: when phone and recovery codes are lost, only a rescue system helps." | "Root n'ouvre pas non plus de console par le seul mot de passe : si le téléphone et les codes de récupération sont perdus, seul un système de secours aide.";
    no_way_back_remedy(user: &str): "Run wardkey emergency {user} --count 2 --reason TEXT, and lock the codes away." | "Lancez wardkey emergency {user} --count 2 --reason TEXTE, et mettez les codes sous clé.";

    automation_what(user: &str): "{user}: a shell and keys, no password and no second factor" | "{user} : un shell et des clés, ni mot de passe ni second facteur";
    automation_later(): "It logs in by key alone, and would be refused with the example 00-wardkey.conf." | "Ce compte se connecte par clé seule, et serait refusé avec l'exemple 00-wardkey.conf.";
    automation_stopped_what(user: &str): "{user}: sshd asks for more than a key, and this account has no password and no second factor" | "{user} : sshd demande plus qu'une clé, et ce compte n'a ni mot de passe ni second facteur";
    automation_stopped_why(): "Nobody logs in to it by sshd any more: no backup, no Ansible." | "Plus personne ne s'y connecte par sshd : ni sauvegarde, ni Ansible.";
    automation_match(user: &str): "If it is a program's, write at the end of 00-wardkey.conf: Match User {user} Address WHERE-IT-COMES-FROM, and below it AuthenticationMethods publickey. If it is a person's, enrol them."
        | "Si c'est celui d'un programme, écrivez à la fin de 00-wardkey.conf : Match User {user} Address SON-ADRESSE, et au-dessous AuthenticationMethods publickey. Si c'est celui d'une personne, inscrivez-la.";
    automation_exempt(user: &str, service: &str): "If it is a program's, add [[exempt]] with user = \"{user}\", service = [\"{service}\"], and its reason, approved_by and until to wardkey.toml. If it is a person's, enrol them."
        | "Si c'est celui d'un programme, ajoutez [[exempt]] avec user = \"{user}\", service = [\"{service}\"], ainsi que reason, approved_by et until à wardkey.toml. Si c'est celui d'une personne, inscrivez-la.";
    become_stopped_what(user: &str): "{user}: Ansible has worked here by this account, and sudo asks it for a code" | "{user} : Ansible a travaillé ici avec ce compte, et sudo lui demande un code";
    become_stopped_why(): "Ansible's become gives sudo a password, and has no code to give." | "Le « become » d'Ansible donne un mot de passe à sudo, et n'a pas de code à donner.";
}
