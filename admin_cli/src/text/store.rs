//! What is wrong with records and keys, and what to do about it.

use super::{Text, messages};
use crate::failure::is_of_the_disk;
use wardkey_core::config::Language;
use wardkey_core::enrolment::Damage;
use wardkey_core::seal::SealError;
use wardkey_core::store::StoreError;
use wardkey_core::trusted_file::{Reason, Untrusted};

messages! {
    no_store(): "Nothing was changed. Make the state directories with: wardkey init"
        | "Rien n'a été modifié. Créez les répertoires d'état avec : wardkey init";
    mend_file(): "Nothing was changed. Find out who changed it; it must be root's alone (files 0600, directories 0700)."
        | "Rien n'a été modifié. Cherchez qui l'a changé ; il doit n'appartenir qu'à root (fichiers 0600, répertoires 0700).";
    restore_record(): "Nothing was changed. Restore enrolment.toml and ledger together from a backup, or start over: wardkey remove USER --reason TEXT"
        | "Rien n'a été modifié. Restaurez enrolment.toml et ledger ensemble d'une sauvegarde, ou recommencez : wardkey remove UTILISATEUR --reason TEXTE";
    update_wardkey(): "Nothing was changed. Install the version of wardkey that wrote it, or a newer one."
        | "Rien n'a été modifié. Installez la version de wardkey qui l'a écrit, ou une plus récente.";
    check_disk(): "Nothing was changed. Check the disk: full, read-only or failing?"
        | "Rien n'a été modifié. Vérifiez le disque : plein, en lecture seule ou défaillant ?";
    raise_limit(): "Nothing was changed. Raise the limit (ulimit -f unlimited) and try again."
        | "Rien n'a été modifié. Relevez la limite (ulimit -f unlimited) et réessayez.";
    restore_key(): "Nothing was changed. Restore the key from its backup. Recovery codes work meanwhile. Is this a new machine? Then: wardkey init"
        | "Rien n'a été modifié. Restaurez la clé de sa sauvegarde. Les codes de secours marchent entre-temps. Machine neuve ? Alors : wardkey init";
    locked_too_long(path: &str): "{path}: another process has held it for too long"
        | "{path} : un autre processus le tient depuis trop longtemps";
    size_limit(): "the file size limit (ulimit -f) forbids writing the record"
        | "la limite de taille des fichiers (ulimit -f) interdit d'écrire l'enregistrement";
    foreign_key(): "the sealing key is not the one these secrets were sealed with"
        | "la clé de scellement n'est pas celle qui a scellé ces secrets";
    not_a_key(path: &str): "{path} does not hold a sealing key" | "{path} ne contient pas de clé de scellement";
    key_file(what: &str): "sealing key {what}" | "clé de scellement {what}";
    no_entropy(): "the system gives no random numbers" | "le système ne donne pas de nombres aléatoires";
    newer(path: &str): "{path} was written by a newer version of wardkey"
        | "{path} a été écrit par une version plus récente de wardkey";
    damaged(path: &str, what: &str): "{path} is damaged: {what}" | "{path} est endommagé : {what}";
    is_missing(path: &str): "{path} is missing" | "{path} n'existe pas";
}

impl Text {
    /// What is wrong with the store.
    pub(crate) fn store_error(&self, error: &StoreError) -> String {
        match error {
            StoreError::Untrusted(untrusted) => self.untrusted(untrusted),
            StoreError::Damaged(path, Damage::Newer) => self.newer(&path.display().to_string()),
            StoreError::Damaged(path, Damage::Unreadable(what)) => {
                self.damaged(&path.display().to_string(), what)
            }
            StoreError::Io(..) => error.to_string(),
            StoreError::Busy(path) => self.locked_too_long(&path.display().to_string()),
            StoreError::FileSizeLimit => self.size_limit(),
        }
    }

    /// What to do about it.
    pub(crate) fn store_remedy(&self, error: &StoreError) -> String {
        match error {
            StoreError::Untrusted(untrusted) if untrusted.is_missing() => self.no_store(),
            StoreError::Untrusted(untrusted) if is_of_the_disk(untrusted) => self.check_disk(),
            StoreError::Untrusted(_) => self.mend_file(),
            StoreError::Damaged(_, Damage::Newer) => self.update_wardkey(),
            StoreError::Damaged(..) => self.restore_record(),
            StoreError::Io(..) => self.check_disk(),
            StoreError::Busy(_) => self.try_again_later(),
            StoreError::FileSizeLimit => self.raise_limit(),
        }
    }

    /// What is wrong with the sealing key.
    pub(crate) fn key_error(&self, error: &SealError) -> String {
        match error {
            SealError::File(untrusted) => self.key_file(&self.untrusted(untrusted)),
            SealError::NotAKey(path) => self.not_a_key(&path.display().to_string()),
            SealError::Foreign => self.foreign_key(),
            SealError::NoEntropy(_) => self.no_entropy(),
        }
    }

    /// What to do about it.
    pub(crate) fn key_remedy(&self, error: &SealError) -> String {
        match error {
            SealError::File(untrusted) if is_of_the_disk(untrusted) => self.check_disk(),
            SealError::File(untrusted) if !untrusted.is_missing() => self.mend_file(),
            SealError::NoEntropy(_) => self.try_again_later(),
            _ => self.restore_key(),
        }
    }

    /// Why a file or directory is not believed.
    pub(crate) fn untrusted(&self, untrusted: &Untrusted) -> String {
        if untrusted.is_missing() {
            return self.is_missing(&untrusted.path.display().to_string());
        }
        if self.language == Language::English {
            return untrusted.to_string();
        }
        let what = match &untrusted.reason {
            Reason::Io(e) => e.to_string(),
            Reason::SymbolicLink => "est un lien symbolique".to_owned(),
            Reason::NotRegular => "n'est pas un fichier ordinaire".to_owned(),
            Reason::NotDirectory => "n'est pas un répertoire".to_owned(),
            Reason::Owner(uid) => format!("appartient à l'uid {uid} et non à root"),
            Reason::Mode(mode) => format!("a le mode {mode:04o}, qui laisse entrer d'autres"),
            Reason::HardLinked => "a un second lien dur".to_owned(),
            Reason::TooLarge => "est trop gros".to_owned(),
        };
        format!("{} : {what}", untrusted.path.display())
    }
}
