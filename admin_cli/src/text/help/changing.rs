//! What helps people who are stuck, and what is done when they leave.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        command: "reset",
        about: "Annule tout pour une personne qui a perdu téléphone et codes ; elle doit s'inscrire à nouveau",
        more: "",
        arguments: &[
            ("user", "La personne"),
            ("verified_by", "Comment la personne a été reconnue ; va dans le journal d'audit"),
            ("reason", "Pourquoi"),
        ],
    },
    Entry {
        command: "pass",
        about: "Crée un code qui ouvre une connexion, à dicter à la personne lors du rappel",
        more: "Un laissez-passer antérieur est nul. Pour une personne réinitialisée, c'est le seul code qui ouvre.",
        arguments: &[
            ("user", "Pour qui"),
            ("lasts", "Sa durée de validité, comme 30m ou 12h, au plus 24h"),
            ("verified_by", "Comment la personne a été reconnue ; va dans le journal d'audit"),
        ],
    },
    Entry {
        command: "emergency",
        about: "Crée des codes pour une enveloppe scellée ; chacun ouvre une connexion, et son usage est signalé comme une alerte",
        more: "Dans un terminal, ils n'ouvrent rien avant que vous ayez tapé qu'ils sont en lieu sûr.",
        arguments: &[
            ("user", "Pour qui"),
            ("count", "Combien de codes"),
            ("reason", "Pourquoi, et où se trouve l'enveloppe ; va dans le journal d'audit"),
            ("sheet", "Les écrit sur une feuille à imprimer ; ils ne figurent alors nulle part ailleurs"),
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
        about: "Supprime tout ce qui est conservé d'une personne qui part, même un enregistrement endommagé ou sans compte",
        more: "",
        arguments: &[("user", "La personne"), ("reason", "Pourquoi ; va dans le journal d'audit")],
    },
];
