//! What is said of wardkey's profile of pam-auth-update.

use super::messages;

messages! {
    named_nowhere_else(): "Outside pam-auth-update's own blocks no file of PAM names pam_wardkey.so, and sshd has no settings for it." | "Hors des blocs de pam-auth-update, aucun fichier de PAM ne nomme pam_wardkey.so, et sshd n'a pas de réglages pour lui.";
    kept_by_profile(): "pam-auth-update keeps these lines that need pam_wardkey.so, for the profile `wardkey`:" | "pam-auth-update tient ces lignes qui ont besoin de pam_wardkey.so, pour le profil `wardkey` :";
    ask_by_profile(services: &str): "Asked for already by lines that pam-auth-update keeps, and left to it: {services}. See all of it: wardkey doctor" | "Demandés déjà par des lignes que tient pam-auth-update, et laissés à lui : {services}. Pour tout voir : wardkey doctor";
    profile_enrols_what(): "by pam-auth-update's profile nobody enrols in their own login" | "par le profil de pam-auth-update, personne ne s'inscrit pendant sa propre connexion";
    profile_enrols_why(): "It has no password line. Somebody who must enrol is asked for a new password instead, and then refused." | "Il n'a pas de ligne password. Qui doit s'inscrire doit changer de mot de passe à la place, puis est refusé.";
    profile_enrols_remedy(): "Enrol people at the desk (wardkey enroll). Where a login is to do it, write `password [success=done ignore=ignore default=die] pam_wardkey.so` into that service's file, ahead of @include common-password." | "Inscrivez les gens au bureau (wardkey enroll). Là où une connexion doit le faire, écrivez `password [success=done ignore=ignore default=die] pam_wardkey.so` dans le fichier de ce service, avant @include common-password.";
    unattended_what(service: &str): "{service}: its program asks nobody, and answers the question for a code with the password" | "{service} : son programme ne demande à personne, et répond à la question du code par le mot de passe";
    unattended_why(): "It refuses everybody who is asked for a code." | "Il refuse tous ceux à qui un code est demandé.";
    unattended_remedy(service: &str): "Leave it out in wardkey.toml: [[exempt]] with service = [\"{service}\"], reason, approved_by and until." | "Exceptez-le dans wardkey.toml : [[exempt]] avec service = [\"{service}\"], reason, approved_by et until.";
    faulty_by_profile(what: &str): "it asks by lines that pam-auth-update keeps: {what}" | "il demande par des lignes que tient pam-auth-update : {what}";
    one_field_stays(services: &str): "These stay as they are while pam-auth-update's profile is on: their programs have one field, and without lines of their own would be asked twice, and let nobody in: {services}." | "Ceux-ci restent tels quels tant que le profil de pam-auth-update est actif : leurs programmes n'ont qu'un champ et, sans lignes propres, seraient interrogés deux fois et ne laisseraient entrer personne : {services}.";
    left_to_profile(services: &str): "These services go on to ask, by lines that pam-auth-update keeps: {services}." | "Ces services continuent de demander, par des lignes que tient pam-auth-update : {services}.";
    put_back_by_profile(services: &str, why: &str): "Put back, {why}: {services}. They still ask for a code, since pam-auth-update's profile is on." | "Remis en place, {why} : {services}. Ils demandent encore un code, car le profil de pam-auth-update est actif.";
    needed_by_profile(): "What sshd and programs with one field need for that stays: without it they would let nobody in." | "Ce qu'il faut pour cela à sshd et aux programmes à un seul champ reste : sans cela, ils ne laisseraient entrer personne.";
    stays_by_profile(services: &str): "Not put back, since pam-auth-update's profile asks there, and without what wardkey enable gave them they would let nobody in: {services}." | "Pas remis en place, car le profil de pam-auth-update y demande un code et, sans ce que wardkey enable leur a donné, ils ne laisseraient entrer personne : {services}.";
    profile_off(): "Switch the profile off, from a root shell that stays open: pam-auth-update --disable wardkey. Removing the Debian package does that too." | "Désactivez le profil, depuis un shell root qui reste ouvert : pam-auth-update --disable wardkey. La suppression du paquet Debian le fait aussi.";
}
