//! What gives people a second factor.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        command: "enroll",
        about: "Inscrit une personne : code QR et clé, un code de l'application, puis les codes de secours, affichés une seule fois",
        more: "Rien ne compte avant un code juste de l'application. Une inscription interrompue laisse l'application en attente \
               24 heures et ne change rien d'autre ; `confirm` la termine, `enroll` recommence. Avec --json, elle s'arrête là.",
        arguments: &[
            (
                "user",
                "La personne [par défaut : le compte qui lance la commande ; sous sudo, la question est posée dans un terminal]",
            ),
            (
                "email",
                "Enregistre une adresse pour les codes par courriel, confirmée par l'un d'eux ; si la personne est déjà inscrite, ne change que cela",
            ),
            ("secret_stdin", "Prend la clé (base32) sur la première ligne de l'entrée standard"),
            ("algorithm", "SHA1, SHA256 ou SHA512 [par défaut : selon la configuration]"),
            ("digits", "Chiffres d'un code, 6 ou 8 [par défaut : selon la configuration]"),
            ("period", "Durée d'un code en secondes, 30 ou 60 [par défaut : selon la configuration]"),
            ("label", "Le nom que la personne donne à cette application"),
            (
                "sheet",
                "Écrit une feuille à imprimer avec code QR et clé ; après un code juste, les codes de secours les y remplacent et ne sont affichés nulle part ailleurs",
            ),
        ],
    },
    Entry {
        command: "confirm",
        about: "Lit un code et, s'il est juste, active l'application en attente (d'enroll, replace ou authenticator add)",
        more: "Une adresse en attente est confirmée par les huit chiffres qui y ont été envoyés. Après une inscription, les codes \
               de secours s'affichent une seule fois ; une application de plus n'y change rien.",
        arguments: &[
            ("user", "La personne [par défaut : le compte qui lance la commande ; root sous sudo]"),
            (
                "sheet",
                "Écrit les codes de secours sur une feuille à imprimer, et ne les affiche nulle part ailleurs",
            ),
        ],
    },
    Entry {
        command: "recovery-codes",
        about: "Crée un nouveau jeu de codes de secours et l'affiche une seule fois",
        more: "Dans un terminal, l'ancien jeu reste valable jusqu'à ce que vous ayez tapé que le nouveau est en lieu sûr. Avec \
               --json, --sheet ou un tube, il est nul aussitôt.",
        arguments: &[
            ("user", "La personne [par défaut : le compte qui lance la commande ; root sous sudo]"),
            ("sheet", "Les écrit sur une feuille à imprimer, et ne les affiche nulle part ailleurs"),
        ],
    },
];
