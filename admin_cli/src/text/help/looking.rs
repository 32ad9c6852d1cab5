//! What shows how people stand.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        command: "status",
        about: "Indique si le second facteur d'une personne est actif, ce qu'il lui reste et si elle doit attendre",
        more: "",
        arguments: &[("user", "La personne [par défaut : le compte qui lance la commande ; root sous sudo]")],
    },
    Entry {
        command: "list",
        about: "Affiche toutes les personnes qui ont un enregistrement",
        more: "",
        arguments: &[
            ("state", "Seulement les personnes dans cet état"),
            ("state=not-enrolled", "aucun second facteur"),
            ("state=pending", "une application attend son premier code"),
            ("state=enrolled", "un second facteur est actif"),
            ("state=must-enroll", "après une réinitialisation"),
            ("state=disabled", "trop de codes erronés de l'application"),
        ],
    },
    Entry {
        command: "check",
        about: "Essaie un code et le consomme, comme le ferait une connexion",
        more: "",
        arguments: &[("user", "La personne [par défaut : le compte qui lance la commande ; root sous sudo]")],
    },
];
