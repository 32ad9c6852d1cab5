//! What is said about the clinic's verifier and its seats.

use super::messages;

messages! {
    no_verifier(): "This machine is no verifier: its configuration has no [verifier]."
        | "Cette machine n'est pas un vérificateur : sa configuration n'a pas de [verifier].";
    add_verifier(): "To make it one, add [verifier] with listen = \"0.0.0.0:7443\" to the configuration (man wardkey.toml)."
        | "Pour qu'elle le devienne, ajoutez [verifier] avec listen = \"0.0.0.0:7443\" à la configuration (man wardkey.toml).";
    no_service_account(user: &str): "There is no account {user}, as which the verifier would run." | "Il n'existe pas de compte {user}, sous lequel le vérificateur tournerait.";
    make_account(user: &str): "Make it: useradd --system --shell /usr/sbin/nologin {user}" | "Créez-le : useradd --system --shell /usr/sbin/nologin {user}";
    no_fleet(): "This verifier has no authority yet." | "Ce vérificateur n'a pas encore d'autorité.";
    init_fleet(): "Make it with: wardkey fleet init" | "Créez-la avec : wardkey fleet init";
    fleet_damaged(path: &str): "{path} is damaged or missing." | "{path} est endommagé ou n'existe pas.";
    restore_fleet(path: &str): "Restore {path} from a backup of the state directory." | "Restaurez {path} d'une sauvegarde du répertoire d'état.";
    no_certificate(why: &str): "No certificate can be made: {why}" | "Aucun certificat ne peut être créé : {why}";
    fleet_made(user: &str): "This machine is the clinic's verifier now. Its state belongs to {user}." | "Cette machine est maintenant le vérificateur de l'établissement. Son état appartient à {user}.";
    fleet_is_there(): "This machine is the clinic's verifier already; nothing was replaced." | "Cette machine est déjà le vérificateur de l'établissement ; rien n'a été remplacé.";
    authority_is(fingerprint: &str): "Authority: {fingerprint}" | "Autorité : {fingerprint}";
    back_up_fleet(path: &str): "Back up the state directory with {path}: without the authority every seat must join again."
        | "Sauvegardez le répertoire d'état avec {path} : sans l'autorité, chaque poste doit se joindre de nouveau.";
    start_verifier(): "Next: systemctl enable --now wardkey-verifier.service. Then for each seat: wardkey fleet token SEAT"
        | "Ensuite : systemctl enable --now wardkey-verifier.service. Puis pour chaque poste : wardkey fleet token POSTE";
    bad_seat_name(name: &str): "{name:?} cannot be a seat's name." | "{name:?} ne peut pas être le nom d'un poste.";
    give_seat_name(): "Give 1 to 63 small letters, digits and hyphens, with no hyphen at either end."
        | "Donnez de 1 à 63 lettres minuscules, chiffres et tirets, sans tiret au début ni à la fin.";
    token_heading(seat: &str, until: &str): "Joining token for {seat}, once, until {until}:" | "Jeton d'entrée pour {seat}, une seule fois, jusqu'au {until} :";
    use_token(): "On that machine, as root: wardkey fleet join, then paste it. Who has it becomes this seat: send it as you would a password."
        | "Sur cette machine, en tant que root : wardkey fleet join, puis collez-le. Qui l'a devient ce poste : transmettez-le comme un mot de passe.";
    no_such_seat(seat: &str): "There is no seat {seat}." | "Il n'y a pas de poste {seat}.";
    look_at_seats(): "See which there are: wardkey fleet status" | "Voyez lesquels existent : wardkey fleet status";
    seat_removed(seat: &str): "{seat} is removed: its next question is not answered." | "{seat} est retiré : sa prochaine question reste sans réponse.";
    verifier_listens(address: &str): "Verifier: {address}" | "Vérificateur : {address}";
    no_seats(): "No seat has joined yet." | "Aucun poste ne s'est encore joint.";
    token_is_open(seat: &str, until: &str): "A token for {seat} is open until {until}." | "Un jeton pour {seat} est ouvert jusqu'au {until}.";
    column_seat(): "SEAT" | "POSTE";
    column_version(): "VERSION" | "VERSION";
    column_last_seen(): "LAST SEEN" | "VU";
    column_clock(): "CLOCK" | "HORLOGE";
    column_ends(): "CERTIFICATE ENDS" | "FIN DU CERTIFICAT";
    seat_state_joined(): "joined" | "joint";
    seat_state_removed(): "removed" | "retiré";
    seat_has_twins(seat: &str, one: &str, other: &str): "{seat}: two machines have its key, {one} and {other}. Neither is answered. Join each by a name of its own: wardkey fleet token"
        | "{seat} : deux machines ont sa clé, {one} et {other}. Aucune ne reçoit de réponse. Joignez chacune sous un nom à elle : wardkey fleet token";
    seat_is_hurried(seat: &str, at: &str): "{seat} asked about more than ten people within a minute ({at}), and was slowed. Look who uses it."
        | "{seat} a interrogé sur plus de dix personnes en une minute ({at}), et a été ralenti. Voyez qui s'en sert.";
    seat_clock_is_off(seat: &str): "{seat}: its clock is off. Codes are judged by the verifier's clock; its logs are dated by its own."
        | "{seat} : son horloge est décalée. Les codes sont jugés selon l'horloge du vérificateur ; ses journaux sont datés selon la sienne.";
    seat_is_past_its_end(seat: &str): "{seat}: its certificate is past its end. Join it again: wardkey fleet token {seat}"
        | "{seat} : son certificat est expiré. Joignez-le de nouveau : wardkey fleet token {seat}";
    seat_ends_soon(seat: &str): "{seat}: its certificate ends within two weeks and was not renewed. Is it switched on, and does it reach the verifier?"
        | "{seat} : son certificat expire dans moins de deux semaines et n'a pas été renouvelé. Est-il allumé, et joint-il le vérificateur ?";
}
