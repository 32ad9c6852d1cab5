//! The clinic's verifier and its seats.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        command: "fleet",
        about: "S'occupe du vérificateur de l'établissement et de ses postes",
        more: "",
        arguments: &[],
    },
    Entry {
        command: "fleet init",
        about: "Fait de cette machine le vérificateur de l'établissement : son autorité, ses clés et la liste des postes ; ne remplace jamais rien",
        more: "Il faut [verifier] dans la configuration, et le compte qu'y nomme user. L'état appartient ensuite à ce compte.",
        arguments: &[],
    },
    Entry {
        command: "fleet token",
        about: "Crée un jeton avec lequel une machine devient ce poste, une seule fois",
        more: "Un jeton antérieur pour le même poste devient caduc. Un poste qui existe déjà garde son numéro, et la machine qui l'était \
               ne reçoit plus de réponse une fois le jeton utilisé.",
        arguments: &[
            ("seat", "Le poste : lettres minuscules, chiffres et tirets"),
            ("lasts", "Pendant combien de temps il ouvre, comme 30m ou 2d, 7d au plus"),
        ],
    },
    Entry {
        command: "fleet remove",
        about: "Retire un poste : sa prochaine question reste sans réponse",
        more: "Un jeton pour lui qui n'a pas servi devient caduc. Son numéro n'est jamais donné à un autre.",
        arguments: &[("seat", "Le poste")],
    },
    Entry {
        command: "fleet status",
        about: "Affiche le vérificateur et ses postes : version, dernier contact, horloge, fin du certificat, et ce qui a été remarqué",
        more: "",
        arguments: &[],
    },
];
