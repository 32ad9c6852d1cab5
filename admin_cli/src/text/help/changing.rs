//! What helps people who are stuck, and what is done when they leave.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        command: "reset",
        about: "Annule tout pour une personne qui a perdu téléphone et codes ; elle doit s'inscrire à nouveau",
        more: "",
        arguments: &[
            ("user", "La personne"),
            ("verified_by", "Comment vous avez vérifié son identité ; va dans le journal d'audit"),
            ("reason", "Pourquoi"),
        ],
    },
    Entry {
        command: "pass",
        about: "Crée un code pour une connexion, à dicter à la personne lors du rappel",
        more: "Un laissez-passer antérieur est annulé. Après une réinitialisation, c'est le seul code accepté.",
        arguments: &[
            ("user", "La personne"),
            ("lasts", "Sa durée de validité, comme 30m ou 12h, au plus 24h"),
            ("verified_by", "Comment vous avez vérifié son identité ; va dans le journal d'audit"),
        ],
    },
    Entry {
        command: "emergency",
        about: "Crée des codes pour une enveloppe scellée ; chacun ouvre une connexion, et son usage est signalé comme une alerte",
        more: "Dans un terminal, ils n'ouvrent rien avant que vous ayez tapé qu'ils sont en lieu sûr.",
        arguments: &[
            ("user", "La personne"),
            ("count", "Combien de codes"),
            ("reason", "Pourquoi, et où se trouve l'enveloppe ; va dans le journal d'audit"),
            ("sheet", "Les écrit sur une feuille à imprimer, et ne les affiche nulle part ailleurs"),
        ],
    },
    Entry {
        command: "unlock",
        about: "Met fin à l'attente d'une personne, ou réactive une application désactivée par des codes erronés",
        more: "",
        arguments: &[("user", "La personne"), ("reason", "Pourquoi ; va dans le journal d'audit")],
    },
    Entry {
        command: "remove",
        about: "Supprime l'enregistrement d'une personne qui part, même s'il est endommagé ou si le compte n'existe plus",
        more: "",
        arguments: &[("user", "La personne"), ("reason", "Pourquoi ; va dans le journal d'audit")],
    },
];
