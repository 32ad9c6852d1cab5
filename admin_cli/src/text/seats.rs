//! What people read who make a machine a seat of a clinic, or work at one.

use super::messages;

messages! {
    is_a_seat(): "This machine is a seat of a clinic: its verifier has the records and changes them." | "Cette machine est un poste d'une clinique : c'est le vérificateur qui a les enregistrements et les modifie.";
    run_at_verifier(servers: &str): "Run the command as root at the verifier ({servers})." | "Lancez la commande en tant que root sur le vérificateur ({servers}).";
    no_seat_here(): "The configuration does not make this machine a seat." | "La configuration ne fait pas de cette machine un poste.";
    name_servers(): "Set [store] kind = \"verifier\" and servers first: wardkey.toml(5)." | "Donnez d'abord [store] kind = \"verifier\" et servers : wardkey.toml(5).";
    joining_token_prompt(): "Joining token:" | "Jeton d'adhésion :";
    no_joining_token(): "That is no joining token." | "Ce n'est pas un jeton d'adhésion.";
    get_joining_token(): "Make a new one at the verifier: wardkey fleet token SEAT" | "Faites-en un nouveau sur le vérificateur : wardkey fleet token POSTE";
    token_unknown(): "The verifier does not know this joining token." | "Le vérificateur ne connaît pas ce jeton d'adhésion.";
    token_used(): "This joining token was used before." | "Ce jeton d'adhésion a déjà servi.";
    token_late(): "This joining token is past its end." | "Ce jeton d'adhésion a expiré.";
    not_understood_there(): "The verifier does not understand this machine." | "Le vérificateur ne comprend pas cette machine.";
    same_version_there(): "Install the same version of wardkey on both." | "Installez la même version de wardkey sur les deux.";
    broken_there(): "Something is broken at the verifier; its log says what." | "Quelque chose est en panne sur le vérificateur ; son journal dit quoi.";
    odd_certificate(): "What came is no certificate of the clinic that the token is of." | "Ce qui est arrivé n'est pas un certificat de la clinique du jeton.";
    no_verifier_answers(why: &str): "No verifier of the token's clinic answers: {why}" | "Aucun vérificateur de la clinique du jeton ne répond : {why}";
    look_at_servers(): "Look at [store] servers, and whether wardkey-verifier runs there." | "Examinez [store] servers, et si wardkey-verifier tourne là-bas.";
    no_system_user(name: &str): "There is no system user {name}." | "Il n'y a pas d'utilisateur système {name}.";
    make_system_user(name: &str): "Make it: useradd --system --user-group --shell /usr/sbin/nologin {name}" | "Créez-le : useradd --system --user-group --shell /usr/sbin/nologin {name}";
    no_seat_key(why: &str): "No key can be made for this seat: {why}" | "Aucune clé ne peut être créée pour ce poste : {why}";
    joined(seat: &str): "This machine is the seat {seat}. To begin: systemctl try-reload-or-restart wardkey-helper" | "Cette machine est le poste {seat}. Pour commencer : systemctl try-reload-or-restart wardkey-helper";
}
