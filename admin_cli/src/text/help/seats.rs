//! A clinic's seats.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[Entry {
    command: "fleet join",
    about: "Fait de cette machine un poste de la clinique, avec un jeton d'adhésion que la commande lit",
    more: "Le jeton est celui qu'a affiché `wardkey fleet token` sur le vérificateur ; on le tape, ou on le transmet par un \
               tube. Les serveurs sont ceux de la configuration (`[store] servers`).",
    arguments: &[],
}];
