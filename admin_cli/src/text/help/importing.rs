//! What takes over the enrolments of other programs.

use super::Entry;

const READ_ONLY: &str = "Le fichier est seulement lu. Les codes utilisés là-bas restent utilisés ; ce qui ne peut être repris est énuméré.";

const SHORT_KEYS: &str =
    "Reprend aussi les clés de 80 à 120 bits, en attendant de nouvelles clés ; leur nombre est affiché";

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        command: "import",
        about: "Reprend les inscriptions d'autres programmes",
        more: "",
        arguments: &[],
    },
    Entry {
        command: "import google-authenticator",
        about: "Reprend le fichier `~/.google_authenticator` d'une personne, actif aussitôt, avec de nouveaux codes de secours",
        more: READ_ONLY,
        arguments: &[
            ("file", "Le fichier de pam_google_authenticator"),
            ("user", "La personne à qui il appartient"),
            ("allow_short_keys", SHORT_KEYS),
        ],
    },
    Entry {
        command: "import oath",
        about: "Reprend les personnes du fichier d'utilisateurs de pam_oath, actives aussitôt, avec de nouveaux codes de secours",
        more: READ_ONLY,
        arguments: &[("file", "Le fichier d'utilisateurs de pam_oath"), ("allow_short_keys", SHORT_KEYS)],
    },
];
