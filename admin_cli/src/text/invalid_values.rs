//! What is wrong with a value or with a configuration. English has the error's own words.

use super::config_faults::fault_in_french;
use super::{Text, shell_word};
use std::io::ErrorKind;
use wardkey_core::invalid_value::{InvalidValue, in_units};
use wardkey_core::policy::config::{ConfigError, Invalid, Language, MOST_FILES};
use wardkey_core::system::trusted_file::{Reason, Untrusted};

impl Text {
    /// A configuration that does not load: file, line, key and what is wrong.
    pub(crate) fn config_error(&self, error: &ConfigError) -> String {
        match error {
            ConfigError::File(fault)
            | ConfigError::Directory(fault, _)
            | ConfigError::Layer { fault, .. } => self.untrusted(fault),
            ConfigError::TooMany(dir, _) => self.too_many_files(&dir.display().to_string(), MOST_FILES),
            ConfigError::Content { .. } if self.language == Language::English => error.to_string(),
            ConfigError::Content { path, line, key, invalid, .. } => {
                let key = if key.is_empty() { String::new() } else { format!(", clé « {key} »") };
                format!("{}, ligne {line}{key} : {}", path.display(), in_french(invalid))
            }
        }
    }

    /// What to do about it.
    pub(crate) fn config_remedy(&self, error: &ConfigError) -> String {
        match error {
            ConfigError::Content { .. } => self.correct_config(),
            ConfigError::TooMany(..) => self.join_files(),
            ConfigError::File(fault) if fault.is_missing() => self.name_config(),
            ConfigError::Layer { path, fault, .. } if fault.is_missing() => {
                self.mend_further_link(&shell_word(&path.display().to_string()))
            }
            ConfigError::Directory(fault, _)
                if matches!(fault.reason, Reason::SymbolicLink | Reason::NotDirectory) =>
            {
                self.make_way_for_directory(&shell_word(&fault.path.display().to_string()))
            }
            ConfigError::File(fault)
            | ConfigError::Directory(fault, _)
            | ConfigError::Layer { fault, .. } => self.mend_config(fault),
        }
    }

    fn mend_config(&self, fault: &Untrusted) -> String {
        let path = shell_word(&fault.path.display().to_string());
        match &fault.reason {
            Reason::SymbolicLink => self.name_config_itself(&path),
            Reason::LinkOwner(_) => self.mend_config_link_owner(&path),
            Reason::Owner(_) => self.mend_config_owner(&path),
            // Such as /tmp, which must stay as it is.
            Reason::Mode(mode, _) if mode & 0o1000 != 0 => self.lead_link_elsewhere(&path),
            Reason::Mode(..) => self.mend_config_mode(&path),
            Reason::HardLinked => self.mend_config_link(&path),
            Reason::Io(e) if e.kind() == ErrorKind::PermissionDenied => self.let_everybody_read(&path),
            Reason::Io(e) => self.mend_disk(e),
            Reason::NotRegular => self.make_way_for_config(&path),
            Reason::NotDirectory => self.name_config(),
            Reason::TooLarge => self.shorten_config(),
        }
    }

    /// What is wrong with a value.
    pub(crate) fn invalid_value(&self, value: InvalidValue) -> String {
        match self.language {
            Language::English => value.to_string(),
            Language::French => value_in_french(value),
        }
    }
}

fn value_in_french(value: InvalidValue) -> String {
    match value {
        InvalidValue::Range { min, max, given } => {
            format!("doit être compris entre {min} et {max}, et non {given}")
        }
        InvalidValue::NeitherOf(a, b) => format!("doit être {a} ou {b}"),
        InvalidValue::Span(max) => {
            let max = in_units(max);
            format!("doit être une durée comme 90s ou 5m, au plus {max}")
        }
        InvalidValue::NoNumber => "doit être un nombre entier".to_owned(),
        InvalidValue::NoAlgorithm => "doit être SHA1, SHA256 ou SHA512".to_owned(),
        InvalidValue::NoDay => "doit être un jour comme 2027-03-31, sans guillemets".to_owned(),
        InvalidValue::NoNetwork => "doit être un réseau comme 10.1.0.0/16 ou 2001:db8::/32".to_owned(),
        InvalidValue::RelativePath => "doit être un chemin absolu".to_owned(),
        InvalidValue::NoKeyPlace => "doit être un chemin absolu ou credential:NOM".to_owned(),
        InvalidValue::NoLine => "doit tenir sur une ligne de 200 octets au plus".to_owned(),
        InvalidValue::NoIssuer => "doit être un nom sans deux-points".to_owned(),
        InvalidValue::NotUtf8 => "n'est pas en UTF-8".to_owned(),
        InvalidValue::ServiceTwins => {
            "deux services du même nom : majuscules et minuscules ne comptent pas".to_owned()
        }
        InvalidValue::GraceForSsh => {
            "pas pour sshd : elle ne rouvre une session qu'à l'écran de ce poste".to_owned()
        }
        InvalidValue::FirstWait => "ne doit pas dépasser longest_wait".to_owned(),
        InvalidValue::ExemptsNobody => {
            "une exemption doit nommer un groupe, un utilisateur, un service ou un réseau".to_owned()
        }
        InvalidValue::NoSharedStore => {
            "cette version ne connaît pas ce stockage : files ou verifier".to_owned()
        }
        InvalidValue::NoServer => {
            "doit être un hôte et un port, comme verifier1.clinic:7443".to_owned()
        }
        InvalidValue::NoServers => {
            "un poste doit nommer de 1 à 9 serveurs, chacun une fois, comme servers = [\"verifier1.clinic:7443\"]"
                .to_owned()
        }
        InvalidValue::OfASeat => "seulement avec kind = \"verifier\"".to_owned(),
        InvalidValue::OfAVerifier => {
            "c'est le vérificateur qui en décide pour un poste : cette section va dans la configuration du vérificateur"
                .to_owned()
        }
        InvalidValue::PlainMail => "none ne vaut que pour une adresse de bouclage".to_owned(),
        InvalidValue::NoHost => "doit être le nom ou l'adresse d'un serveur de courriel".to_owned(),
        InvalidValue::HalfLogin => "user et password_file vont ensemble".to_owned(),
        InvalidValue::NoListenAddress => "doit être une adresse et un port, comme 0.0.0.0:7443".to_owned(),
        InvalidValue::NoServiceAccount => {
            "doit être le nom d'un compte qui n'est pas celui de root".to_owned()
        }
        InvalidValue::VerifierWithoutFiles => {
            "un vérificateur garde ses enregistrements dans des fichiers : kind = \"files\" sous [store]"
                .to_owned()
        }
        InvalidValue::NoSender => {
            "le courriel demande `from`, une adresse comme wardkey@clinic.example".to_owned()
        }
    }
}

fn in_french(invalid: &Invalid) -> String {
    match invalid {
        Invalid::Value(value) => value_in_french(*value),
        Invalid::Toml(fault) => fault_in_french(fault),
    }
}

#[cfg(test)]
#[path = "invalid_values_tests.rs"]
mod tests;
