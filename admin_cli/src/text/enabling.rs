//! What `enable` and `disable` say.

use super::messages;
use crate::enable::sshd::Unfit;

messages! {
    will_ask(): "These services will ask for a code:" | "Ces services demanderont un code :";
    will_not_ask(): "These services will no longer ask for a code:" | "Ces services ne demanderont plus de code :";
    in_file(service: &str, file: &str): "  {service}: {file}" | "  {service} : {file}";
    in_one_entry(line: &str): "{line} (password and code in one entry)" | "{line} (mot de passe et code en une saisie)";
    ask_too(services: &str): "These ask for a code, and their files stay as they are: {services}" | "Ceux-ci demandent un code, et leurs fichiers restent tels quels : {services}";
    left_as_they_are(): "Left as they are:" | "Laissés tels quels :";
    left_alone(service: &str, why: &str): "  {service}: {why}" | "  {service} : {why}";
    no_such_file(): "no such service" | "aucun service de ce nom";
    not_plain(file: &str): "{file} is a link, no UTF-8 text, or has no newline at the end of a line, and is not edited" | "{file} est un lien, n'est pas du texte UTF-8 ou n'a pas de saut de ligne en fin de ligne, et n'est pas modifié";
    half_a_mark(file: &str): "a comment that marks wardkey's lines in {file} has lost the other one" | "un commentaire qui délimite les lignes de wardkey dans {file} a perdu l'autre";
    not_proven(what: &str): "no place for wardkey's line is proven to hold. At the best one this would be left: {what}" | "aucun emplacement de la ligne de wardkey n'est prouvé. Au meilleur, il resterait : {what}";
    authselects(files: &str): "authselect writes {files}, which is left alone, and behind it no place for wardkey's line is proven to hold" | "authselect écrit {files}, qui reste tel quel, et aucun emplacement de la ligne de wardkey n'est prouvé derrière";
    authselect_needs(): "With these auth lines a place is proven. authselect keeps them if they stand in a profile of your own (authselect create-profile); then run wardkey enable again:" | "Avec ces lignes auth, un emplacement est prouvé. authselect les garde si elles figurent dans un profil à vous (authselect create-profile) ; relancez ensuite wardkey enable :";
    asks_by_hand(what: &str): "its lines were written by hand: {what}" | "ses lignes ont été écrites à la main : {what}";
    not_enrolled_yet(people: &str): "Not enrolled yet, and refused there until they are: {people}" | "Pas encore inscrits, et refusés là jusqu'à leur inscription : {people}";
    programs_stopped(accounts: &str): "Accounts of programs that can type no code, and would be stopped: {accounts}. First name them in [[exempt]] for sudo, and give them a Match block for ssh (docs/automation.md)." | "Comptes de programmes qui ne peuvent saisir de code et seraient arrêtés : {accounts}. D'abord, nommez-les dans [[exempt]] pour sudo, et donnez-leur un bloc Match pour ssh (docs/automation.md).";
    keys_go_on(accounts: &str): "SSH keys go on to open without a code for: {accounts}" | "Les clés SSH continuent d'ouvrir sans code pour : {accounts}";
    ask_keys_too(): "To ask there too: --keys-too" | "Pour demander là aussi : --keys-too";
    keys_ask_too(accounts: &str): "SSH keys open only together with password and code for: {accounts}. What programs do with such a key is stopped: first give these accounts a Match block (docs/automation.md)." | "Les clés SSH n'ouvrent plus qu'avec mot de passe et code pour : {accounts}. Ce que des programmes font avec une telle clé est arrêté : d'abord, donnez à ces comptes un bloc Match (docs/automation.md).";
    method_goes(): "sshd's password method goes off: a program that logs in by password and knows no keyboard-interactive is stopped." | "La méthode password de sshd est coupée : un programme qui se connecte par mot de passe sans connaître keyboard-interactive est arrêté.";
    dpkg_will_ask(packages: &str): "dpkg will ask about these files once it upgrades {packages} to a version that changes them: keep your own (N)." | "dpkg posera une question sur ces fichiers dès qu'une mise à jour de {packages} les modifie : gardez les vôtres (N).";
    dpkg_asks_no_more(packages: &str): "dpkg has nothing more to ask about these files: they are again as {packages} brought them." | "dpkg n'a plus rien à demander sur ces fichiers : ils sont de nouveau tels que {packages} les a apportés.";
    switch_on_question(): "Switch them on?" | "Les activer ?";
    switch_off_question(): "Switch them off?" | "Les désactiver ?";
    switched_on_until(services: &str, until: &str): "{services}: on until {until}. Until then log in through each once, from another window, and run: wardkey enable --confirm" | "{services} : activés jusqu'à {until}. D'ici là, connectez-vous une fois par chacun depuis une autre fenêtre, puis lancez : wardkey enable --confirm";
    put_back_otherwise(): "Otherwise the files are put back as they were, at that time or at a restart. What was proven so far: wardkey enable --status" | "Sinon, les fichiers sont remis comme ils étaient, à cette heure ou au redémarrage. Ce qui est déjà prouvé : wardkey enable --status";
    switched_on_for_good(services: &str): "{services}: on. Nothing puts them back: keep this root shell until each has let somebody in." | "{services} : activés. Rien ne les remettra en place : gardez ce shell root jusqu'à ce que chacun ait laissé entrer quelqu'un.";
    nothing_to_switch(): "Nothing to change: these services ask already." | "Rien à changer : ces services demandent déjà.";
    nothing_to_switch_off(): "Nothing to change: none of these was switched on." | "Rien à changer : aucun de ceux-ci n'était activé.";
    kept(services: &str): "Confirmed: {services}" | "Confirmés : {services}";
    put_back_unproven(services: &str): "Put back, since no code was accepted through them: {services}" | "Remis en place, car aucun code n'y a été accepté : {services}";
    name_to_keep(): "To keep one that nobody logs in through now, switch it on again and name it: wardkey enable --confirm SERVICE" | "Pour en garder un par lequel personne ne se connecte maintenant, réactivez-le et nommez-le : wardkey enable --confirm SERVICE";
    nothing_to_confirm(): "Nothing waits for a confirmation." | "Rien n'attend de confirmation.";
    switch_on_first(): "See what is on: wardkey enable --status" | "Voyez ce qui est activé : wardkey enable --status";
    none_proven(): "no code was accepted through any of these services yet" | "aucun code n'a encore été accepté par aucun de ces services";
    log_in_first(): "Log in through one of them, or name those to keep: wardkey enable --confirm SERVICE" | "Connectez-vous par l'un d'eux, ou nommez ceux à garder : wardkey enable --confirm SERVICE";
    not_tried(service: &str): "{service} is not among the services that wait for a confirmation" | "{service} n'est pas parmi les services qui attendent une confirmation";
    switched_off(services: &str): "{services}: off. The files hold what they held before." | "{services} : désactivés. Les fichiers contiennent ce qu'ils contenaient avant.";
    something_left(files: &str): "Something of wardkey is left in {files}: somebody edited it. Look at the file now: until that is taken out, it may refuse everybody or ask for no code." | "Il reste quelque chose de wardkey dans {files} : quelqu'un l'a modifié. Examinez ce fichier maintenant : tant que cela n'est pas retiré, il peut refuser tout le monde ou ne demander aucun code.";
    waits_already(services: &str): "not confirmed yet: {services}" | "pas encore confirmés : {services}";
    confirm_or_disable(): "Confirm them first (wardkey enable --confirm), or take them back (wardkey disable --all)." | "Confirmez-les d'abord (wardkey enable --confirm), ou retirez-les (wardkey disable --all).";
    no_systemd(): "systemd does not run this machine, so nothing would put the services back" | "systemd ne gère pas cette machine, donc rien ne remettrait les services en place";
    do_without_revert(): "Run it with --no-revert, from a root shell that stays open." | "Lancez-la avec --no-revert, depuis un shell root qui reste ouvert.";
    systemd_unwilling(why: &str): "systemd did not set the timer that would put the services back: {why}" | "systemd n'a pas armé la minuterie qui remettrait les services en place : {why}";
    own_config_only(path: &str): "services are switched on for the configuration {path} alone" | "les services ne s'activent que pour la configuration {path}";
    leave_out_config(): "Leave --config out." | "Omettez --config.";
    locks_out(): "somebody would be locked out, or nobody could get back in:" | "quelqu'un serait bloqué, ou personne ne pourrait revenir :";
    mend_first(): "Mend this first; wardkey doctor says more." | "Corrigez d'abord cela ; wardkey doctor en dit plus.";
    somebody_switches(): "another command switches services on or off" | "une autre commande active ou désactive des services";
    journal_damaged(path: &str): "{path} does not read as wardkey's journal of what is switched on" | "{path} ne se lit pas comme le journal de wardkey de ce qui est activé";
    compare_with_originals(): "Remove that file, then run wardkey disable --all: it finds wardkey's lines by their comments." | "Supprimez ce fichier, puis lancez wardkey disable --all : les lignes de wardkey se trouvent par leurs commentaires.";
    newer_journal(): "Install the version of wardkey that wrote it, or a newer one. If it came out of a backup: move it aside, run wardkey disable --all, and look at /etc/ssh/sshd_config.d/00-wardkey.conf." | "Installez la version de wardkey qui l'a écrit, ou une plus récente. S'il vient d'une sauvegarde : déplacez-le, lancez wardkey disable --all, et regardez /etc/ssh/sshd_config.d/00-wardkey.conf.";
    edited_meanwhile(path: &str): "{path} was changed while services were switched on, so all of it was put back" | "{path} a changé pendant l'activation, donc tout a été remis en place";
    changed_since_shown(): "something changed since this was shown" | "quelque chose a changé depuis cet affichage";
    run_and_look_again(): "Run it again, and look at what it shows now." | "Relancez la commande, et regardez ce qu'elle affiche alors.";
    services_on(services: &str): "On: {services}" | "Activés : {services}";
    status_nothing(): "Nothing was switched on by wardkey enable." | "Rien n'a été activé par wardkey enable.";
    status_until(until: &str): "Until {until}, unless confirmed:" | "Jusqu'à {until}, sauf confirmation :";
    status_proven(service: &str): "  {service}: proven" | "  {service} : prouvé";
    status_unproven(service: &str): "  {service}: no code accepted yet" | "  {service} : aucun code accepté encore";
    status_stopped(): "A change was stopped half way. The next wardkey enable or wardkey disable finishes it, and so does a restart." | "Un changement s'est arrêté à mi-chemin. Le prochain wardkey enable ou wardkey disable l'achève, de même qu'un redémarrage.";
    status_put_back(services: &str, why: &str): "Put back, {why}: {services}. They ask for no code now." | "Remis en place, {why} : {services}. Ils ne demandent plus de code.";
    not_switched(): "You did not confirm it." | "Vous ne l'avez pas confirmé.";
    name_services(): "no service is named; name some, such as sshd or sudo, or give --all" | "aucun service n'est nommé ; nommez-en, comme sshd ou sudo, ou donnez --all";
    not_switched_on(service: &str): "{service} was not switched on by wardkey enable" | "{service} n'a pas été activé par wardkey enable";
    sshd_not_reloaded(why: &str): "sshd did not read its configuration again: {why}" | "sshd n'a pas relu sa configuration : {why}";
    reload_sshd(): "Run systemctl reload ssh (sshd on RHEL and Arch), from a root shell that stays open." | "Lancez systemctl reload ssh (sshd sous RHEL et Arch), depuis un shell root qui reste ouvert.";
    sshd_not_told(): "sshd goes on by its old settings until it is told: kill -HUP \"$(cat /run/sshd.pid)\". Until then nobody may get in there by a password." | "sshd garde ses anciens réglages jusqu'à un signal : kill -HUP \"$(cat /run/sshd.pid)\". D'ici là, personne n'y entre peut-être par mot de passe.";
    sshd_not_included(): "/etc/ssh/sshd_config does not include /etc/ssh/sshd_config.d" | "/etc/ssh/sshd_config n'inclut pas /etc/ssh/sshd_config.d";
    include_it(): "Put `Include /etc/ssh/sshd_config.d/*.conf` at its top." | "Placez `Include /etc/ssh/sshd_config.d/*.conf` à son début.";
    sshd_copy(why: &str): "sshd's configuration could not be copied, to try the change on it: {why}" | "la configuration de sshd n'a pas pu être copiée pour y essayer le changement : {why}";
    because_time(): "since nobody confirmed in time" | "faute de confirmation à temps";
    because_boot(): "since the machine was restarted before a confirmation" | "car la machine a redémarré avant une confirmation";
    because_failed(): "since not all of it could be switched on" | "car tout n'a pas pu être activé";
}

impl super::Text {
    /// Why sshd does not get its drop-in, and what to do.
    pub(crate) fn sshd_unfit(&self, why: &Unfit) -> (String, String) {
        match why {
            Unfit::NotIncluded => (self.sshd_not_included(), self.include_it()),
            Unfit::Copy(error) => (self.sshd_copy(&self.system_error(error)), self.try_again_later()),
            Unfit::Faults(faults) => {
                let words = faults.first().map(|(scope, fault, _)| self.sshd_fault(scope, fault));
                words.map(|(what, why, remedy)| (format!("{what}. {why}"), remedy)).unwrap_or_default()
            }
        }
    }
}
