//! What the system and the account database said. English has the system's own words.

use super::Text;
use nix::errno::Errno;
use std::io;
use wardkey_core::policy::account::LookupError;
use wardkey_core::policy::config::Language;
use wardkey_core::user::BadUserName;

impl Text {
    /// An error of the system, with its number.
    pub(crate) fn system_error(&self, error: &io::Error) -> String {
        let number = error.raw_os_error();
        match (self.language, number.map(Errno::from_raw)) {
            (Language::English, _) => error.to_string(),
            (Language::French, Some(errno)) => self.errno(errno),
            (Language::French, None) => match error.kind() {
                io::ErrorKind::StorageFull => self.errno(Errno::ENOSPC),
                io::ErrorKind::FileTooLarge => self.errno(Errno::EFBIG),
                io::ErrorKind::UnexpectedEof => "le fichier est plus court que prévu".to_owned(),
                _ => foreign(error),
            },
        }
    }

    /// The same, of a call that gives the number alone.
    fn errno(&self, errno: Errno) -> String {
        match (self.language, in_french(errno)) {
            (Language::English, _) => errno.to_string(),
            (Language::French, Some(words)) => format!("{words} (erreur système {})", errno as i32),
            (Language::French, None) => foreign(&errno),
        }
    }

    /// What the account database did not answer.
    pub(crate) fn lookup_error(&self, error: &LookupError) -> String {
        if self.language == Language::English {
            return error.to_string();
        }
        match error {
            LookupError::Account(name, errno) => format!("compte {name:?} : {}", self.errno(*errno)),
            LookupError::BadName(name, bad) => format!("compte {name:?} : {}", bad_name(*bad)),
            LookupError::Group(name, errno) => format!("groupe {name:?} : {}", self.errno(*errno)),
            LookupError::NoSuchGroup(name) => format!("groupe {name:?} : ce groupe n'existe pas"),
        }
    }
}

/// Somebody else's words, which nobody here has translated.
pub(super) fn foreign(words: &dyn std::fmt::Display) -> String {
    format!("message d'origine, en anglais : {words}")
}

fn bad_name(bad: BadUserName) -> &'static str {
    match bad {
        BadUserName::Empty => "le nom d'utilisateur est vide",
        BadUserName::TooLong => "le nom d'utilisateur dépasse 255 octets",
        BadUserName::Unreadable => "le nom d'utilisateur est illisible",
    }
}

/// The errors that disks, directories and limits give.
fn in_french(errno: Errno) -> Option<&'static str> {
    Some(match errno {
        Errno::ENOSPC => "plus de place sur le disque",
        Errno::EDQUOT => "quota de disque dépassé",
        Errno::EROFS => "système de fichiers en lecture seule",
        Errno::EIO => "erreur d'entrée-sortie",
        Errno::EFBIG => "fichier trop gros",
        Errno::EACCES => "accès refusé",
        Errno::EPERM => "opération non permise",
        Errno::ENOENT => "fichier ou répertoire introuvable",
        Errno::EEXIST => "le fichier existe déjà",
        Errno::ENOTDIR => "n'est pas un répertoire",
        Errno::EISDIR => "est un répertoire",
        Errno::ENOTEMPTY => "le répertoire n'est pas vide",
        Errno::ENAMETOOLONG => "nom de fichier trop long",
        Errno::EBUSY => "ressource occupée",
        Errno::EAGAIN => "ressource momentanément indisponible",
        Errno::EOPNOTSUPP => "opération non prise en charge par ce système de fichiers",
        Errno::EINVAL => "argument invalide",
        Errno::EMFILE | Errno::ENFILE => "trop de fichiers ouverts",
        Errno::ENOMEM => "mémoire insuffisante",
        Errno::ESTALE => "le fichier distant n'est plus valable",
        Errno::ETIMEDOUT => "délai d'attente dépassé",
        Errno::ECONNREFUSED => "connexion refusée",
        Errno::ECONNRESET => "connexion interrompue",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_speaks_french_where_its_words_are_known() {
        let (english, french) = (Text::default(), Text::new(Language::French, ""));
        let full = io::Error::from_raw_os_error(Errno::ENOSPC as i32);
        assert_eq!(english.system_error(&full), "No space left on device (os error 28)");
        assert_eq!(french.system_error(&full), "plus de place sur le disque (erreur système 28)");
        let rare = io::Error::from_raw_os_error(Errno::EUCLEAN as i32);
        assert!(french.system_error(&rare).starts_with("message d'origine, en anglais : EUCLEAN"));
        let short = io::Error::from(io::ErrorKind::UnexpectedEof);
        assert_eq!(french.system_error(&short), "le fichier est plus court que prévu");
    }

    #[test]
    fn every_failed_look_up_is_said_in_both_languages() {
        let (english, french) = (Text::default(), Text::new(Language::French, ""));
        for error in [
            LookupError::Account("roy".into(), Errno::ETIMEDOUT),
            LookupError::BadName("roy".into(), BadUserName::Empty),
            LookupError::BadName("roy".into(), BadUserName::TooLong),
            LookupError::BadName("roy".into(), BadUserName::Unreadable),
            LookupError::Group("staff".into(), Errno::EMFILE),
            LookupError::NoSuchGroup("staff".into()),
        ] {
            let (english, french) = (english.lookup_error(&error), french.lookup_error(&error));
            assert_ne!(english, french);
            assert!(english == error.to_string() && !french.contains("anglais"), "{french}");
        }
    }
}
