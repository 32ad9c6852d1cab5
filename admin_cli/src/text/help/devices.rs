//! New phones, further authenticators, and accounts that moved.

use super::Entry;

const KEY: (&str, &str) =
    ("secret_stdin", "Prend la clé (base32) sur la première ligne de l'entrée standard");
const ALGORITHM: (&str, &str) = ("algorithm", "SHA1, SHA256 ou SHA512 [par défaut : selon la configuration]");
const DIGITS: (&str, &str) = ("digits", "Chiffres d'un code, 6 ou 8 [par défaut : selon la configuration]");
const PERIOD: (&str, &str) =
    ("period", "Durée d'un code en secondes, 30 ou 60 [par défaut : selon la configuration]");
const WHOSE: (&str, &str) =
    ("user", "La personne [par défaut : le compte qui lance la commande ; root sous sudo]");

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        command: "replace",
        about: "Met en place un nouveau téléphone : l'ancien fonctionne jusqu'à ce que le nouveau soit confirmé",
        more: "Les codes de secours restent les mêmes. Avec --json, la nouvelle application reste en attente 24 heures, et \
               `confirm` termine le remplacement.",
        arguments: &[
            WHOSE,
            ("old", "L'application à remplacer ; à indiquer s'il y en a plusieurs"),
            KEY,
            ALGORITHM,
            DIGITS,
            PERIOD,
            ("label", "Le nom que la personne donne à la nouvelle [par défaut : celui de l'ancienne]"),
        ],
    },
    Entry {
        command: "authenticator",
        about: "Gère les applications d'une personne, huit au plus",
        more: "",
        arguments: &[],
    },
    Entry {
        command: "authenticator add",
        about: "Met en place une application de plus ; les autres restent comme elles sont",
        more: "Elle compte dès son premier code juste. Avec --json, elle reste en attente 24 heures, et `confirm` la met en \
               service.",
        arguments: &[WHOSE, ("label", "Le nom que la personne lui donne"), KEY, ALGORITHM, DIGITS, PERIOD],
    },
    Entry {
        command: "authenticator remove",
        about: "Retire une application parmi plusieurs ; la dernière ne peut pas être retirée",
        more: "",
        arguments: &[WHOSE, ("label", "Laquelle")],
    },
    Entry {
        command: "authenticator list",
        about: "Affiche les applications d'une personne, et le dernier usage de chacune",
        more: "",
        arguments: &[WHOSE],
    },
    Entry {
        command: "rebind",
        about: "Reprend le nouvel uid d'un compte après un changement d'annuaire ; tout le reste est conservé",
        more: "",
        arguments: &[
            ("user", "La personne"),
            ("verified_by", "Comment vous avez vérifié son identité ; va dans le journal d'audit"),
        ],
    },
    Entry {
        command: "rename",
        about: "Fait suivre l'enregistrement d'un compte qui a changé de nom ; tout le reste est conservé",
        more: "",
        arguments: &[
            ("old", "Le nom jusqu'à présent"),
            ("new", "Le nom que le compte porte maintenant"),
            ("rebind", "Reprend aussi l'uid du compte, quand un changement d'annuaire a changé les deux"),
            ("verified_by", "Comment vous avez vérifié son identité ; va dans le journal d'audit"),
        ],
    },
];
