//! What `enable` and `disable` refuse, so that nothing is half on.

use super::messages;

messages! {
    half_switched(): "switching these services on was stopped half way" | "l'activation de ces services s'est arrêtée à mi-chemin";
    take_all_back(): "Take them back (wardkey disable --all), and switch them on again." | "Retirez-les (wardkey disable --all), puis activez-les de nouveau.";
    on_and_unproven(): "wardkey can no longer prove its lines in services that would stay on:" | "wardkey ne peut plus prouver ses lignes dans des services qui resteraient activés :";
    mend_or_all_off(): "Mend this first, name these services too, or switch all off: wardkey disable --all" | "Corrigez d'abord cela, nommez aussi ces services, ou désactivez tout : wardkey disable --all";
    again_unproven(services: &str): "no code was accepted through {services} since it was switched on again" | "aucun code n'a été accepté par {services} depuis sa nouvelle activation";
    strange_program(service: &str): "wardkey does not know a program of the service {service} by which people log in" | "wardkey ne connaît pour le service {service} aucun programme par lequel on se connecte";
    add_by_hand(): "Where there is one, add wardkey's lines to its file by hand (pam_wardkey(8)); wardkey doctor proves them." | "S'il en existe un, ajoutez les lignes de wardkey à son fichier à la main (pam_wardkey(8)) ; wardkey doctor les prouve.";
    sshd_put_back(why: &str): "sshd did not read its configuration again, so all of it was put back: {why}" | "sshd n'a pas relu sa configuration, donc tout a été remis en place : {why}";
}
