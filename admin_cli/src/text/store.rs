//! What is wrong with records and keys, and what to do about it.

use super::{Text, messages, shell_word};
use nix::errno::Errno;
use std::ffi::OsStr;
use std::io;
use std::path::Path;
use wardkey_core::credential::single_use::{MakeError, NotRun};
use wardkey_core::policy::config::Language;
use wardkey_core::record::damage::{Damage, Flaw};
use wardkey_core::record::seal::SealError;
use wardkey_core::store::{Doing, Holder, StoreError};
use wardkey_core::system::trusted_file::{Readers, Reason, Untrusted};
use wardkey_core::user::UserName;

messages! {
    nothing_changed(): "Nothing was changed." | "Rien n'a été modifié.";
    made_so_far(paths: &str): "Made before that, and may stay: {paths}." | "Créé avant cela, et peut rester : {paths}.";
    no_store(): "Make the state directories with: wardkey init"
        | "Créez les répertoires d'état avec : wardkey init";
    mend_owner(path: &str): "Find out who changed it, then: chown root: {path}" | "Cherchez qui l'a changé, puis : chown root: {path}";
    mend_mode(path: &str): "Find out who changed it, then: chmod go= {path}" | "Cherchez qui l'a changé, puis : chmod go= {path}";
    mend_write(path: &str): "Find out who changed it, then: chmod go-w {path}" | "Cherchez qui l'a changé, puis : chmod go-w {path}";
    name_own_place(path: &str): "Others make files in {path}, and must: name a directory of wardkey's own in the configuration."
        | "D'autres créent des fichiers dans {path}, et doivent le pouvoir : indiquez dans la configuration un répertoire propre à wardkey.";
    mend_second_link(path: &str): "Find out who made the other name, then: cp -p {path} {path}.new && mv {path}.new {path}"
        | "Cherchez qui a créé l'autre nom, puis : cp -p {path} {path}.new && mv {path}.new {path}";
    mend_link(path: &str): "Name in the configuration the place itself, to which it leads: readlink -f {path}"
        | "Indiquez dans la configuration l'endroit même où il mène : readlink -f {path}";
    mend_kind(path: &str): "Find out who put it there, and move it away: mv {path} {path}.old" | "Cherchez qui l'y a mis, et déplacez-le : mv {path} {path}.old";
    restore_record(user: &str): "Restore enrolment and ledger together from a backup, or start over: wardkey remove {user} --reason TEXT"
        | "Restaurez enrolment et ledger ensemble d'une sauvegarde, ou recommencez : wardkey remove {user} --reason TEXTE";
    update_wardkey(): "Install the version of wardkey that wrote it, or a newer one."
        | "Installez la version de wardkey qui l'a écrit, ou une plus récente.";
    check_disk(): "Check the disk: full, read-only or failing?"
        | "Vérifiez le disque : plein, en lecture seule ou défaillant ?";
    make_room(): "Make room on that disk." | "Faites de la place sur ce disque.";
    mount_writable(): "That file system is read-only: mount it writable, or name another place in the configuration."
        | "Ce système de fichiers est en lecture seule : montez-le en écriture, ou indiquez un autre endroit dans la configuration.";
    may_not_write(): "Not even root may write there: look at the attributes (lsattr), and at what confines this process (AppArmor, SELinux, a container)."
        | "Même root ne peut pas y écrire : regardez les attributs (lsattr) et ce qui confine ce processus (AppArmor, SELinux, un conteneur).";
    other_file_system(): "That file system lacks a call that is needed (rename without replacing, links or locks): name a place on another, such as ext4, xfs, btrfs or tmpfs."
        | "Il manque à ce système de fichiers un appel nécessaire (renommer sans remplacer, liens ou verrous) : indiquez un endroit sur un autre, comme ext4, xfs, btrfs ou tmpfs.";
    raise_limit(): "Raise the limit (ulimit -f unlimited) and try again."
        | "Relevez la limite (ulimit -f unlimited) et réessayez.";
    restore_key(): "Restore the key from its copy; recovery codes work meanwhile. Only on a new machine, where nobody is enrolled yet: wardkey init"
        | "Restaurez la clé de sa copie ; en attendant, les codes de secours fonctionnent. Seulement sur une machine neuve, où nul n'est encore inscrit : wardkey init";
    restore_right_key(): "Put the right key back from its copy; recovery codes work meanwhile. If there is no copy, reset and enrol each person (wardkey reset USER --verified-by TEXT)."
        | "Remettez la bonne clé de sa copie ; en attendant, les codes de secours fonctionnent. Sans copie, réinitialisez et réinscrivez chaque personne (wardkey reset UTILISATEUR --verified-by TEXTE).";
    short_keys(count: usize, names: &str): "People whose authenticator has a key of under 128 bits: {count} ({names}). Give each a new one: wardkey replace USER"
        | "Personnes dont l'application a une clé de moins de 128 bits : {count} ({names}). Donnez-en une nouvelle à chacune : wardkey replace UTILISATEUR";
    key_opens_not(count: usize): "The sealing key does not open every authenticator (people concerned: {count})." | "La clé de scellement n'ouvre pas toutes les applications (personnes concernées : {count}).";
    locked_too_long(path: &str): "{path}: another process has held it for too long"
        | "{path} : un autre processus le tient depuis trop longtemps";
    locked_by(path: &str, pid: u32, program: &str): "{path}: process {pid} ({program}) has held it for too long"
        | "{path} : le processus {pid} ({program}) le tient depuis trop longtemps";
    end_holder(pid: u32): "Try again in a moment. If that process does not go on, end it: kill -KILL {pid}"
        | "Réessayez dans un instant. Si ce processus ne reprend pas, terminez-le : kill -KILL {pid}";
    size_limit(): "the file size limit (ulimit -f) forbids writing the record"
        | "la limite de taille des fichiers (ulimit -f) interdit d'écrire l'enregistrement";
    foreign_key(): "the sealing key is not the one these secrets were sealed with"
        | "la clé de scellement n'est pas celle qui a scellé ces secrets";
    not_a_key(path: &str): "{path} does not hold a sealing key" | "{path} ne contient pas de clé de scellement";
    key_file(what: &str): "sealing key {what}" | "clé de scellement {what}";
    no_entropy(): "the system's random number generator failed" | "le générateur de nombres aléatoires du système a échoué";
    newer(path: &str): "{path} was written by a newer version of wardkey"
        | "{path} a été écrit par une version plus récente de wardkey";
    damaged(path: &str, what: &str): "{path} is damaged: {what}" | "{path} est endommagé : {what}";
    is_missing(path: &str): "{path} is missing" | "{path} n'existe pas";
    io_failed(path: &str, doing: &str, what: &str): "{path}: {doing}: {what}" | "{path} : {doing} : {what}";
    no_memory(): "not enough memory for a single-use code" | "mémoire insuffisante pour un code à usage unique";
    no_turn(why: &str): "no turn to make a single-use code: {why}" | "pas de tour pour créer un code à usage unique : {why}";
}

/// Whose directory under `users/` a file stands in, as a shell takes the name.
fn owner_of(file: &Path) -> String {
    let directory = file.parent().and_then(Path::file_name).and_then(OsStr::to_str);
    let name = directory.and_then(|directory| UserName::from_file_name(directory).ok());
    name.map_or_else(|| "USER".to_owned(), |name| shell_word(&name.to_string()))
}

impl Text {
    /// What is wrong with the store.
    pub(crate) fn store_error(&self, error: &StoreError) -> String {
        match error {
            StoreError::Untrusted(untrusted) => self.untrusted(untrusted),
            StoreError::Damaged(path, Damage::Newer) => self.newer(&path.display().to_string()),
            StoreError::Damaged(path, Damage::Unreadable(flaw)) => {
                self.damaged(&path.display().to_string(), &self.flaw(flaw))
            }
            StoreError::Io(path, doing, e) => {
                let (path, what) = (path.display().to_string(), self.system_error(e));
                self.io_failed(&path, &self.doing(*doing), &what)
            }
            StoreError::Busy(path, None) => self.locked_too_long(&path.display().to_string()),
            StoreError::Busy(path, Some(Holder { pid, program })) => {
                self.locked_by(&path.display().to_string(), *pid, program)
            }
            StoreError::FileSizeLimit => self.size_limit(),
        }
    }

    /// What to do about it.
    pub(crate) fn store_remedy(&self, error: &StoreError) -> String {
        match error {
            StoreError::Untrusted(untrusted) if untrusted.is_missing() => self.no_store(),
            StoreError::Untrusted(untrusted) => self.mend(untrusted),
            StoreError::Damaged(_, Damage::Newer) => self.update_wardkey(),
            StoreError::Damaged(path, _) => self.restore_record(&owner_of(path)),
            StoreError::Io(_, _, e) => self.mend_disk(e),
            StoreError::Busy(_, None) => self.try_again_later(),
            StoreError::Busy(_, Some(holder)) => self.end_holder(holder.pid),
            StoreError::FileSizeLimit => self.raise_limit(),
        }
    }

    /// What makes a file or directory of root's alone what it must be.
    pub(crate) fn mend(&self, untrusted: &Untrusted) -> String {
        let path = shell_word(&untrusted.path.display().to_string());
        match &untrusted.reason {
            Reason::Io(e) => self.mend_disk(e),
            Reason::Owner(_) | Reason::LinkOwner(_) => self.mend_owner(&path),
            // Such as /tmp, which must stay as it is.
            Reason::Mode(mode, _) if mode & 0o1000 != 0 => self.name_own_place(&path),
            Reason::Mode(_, Readers::Anyone) => self.mend_write(&path),
            Reason::Mode(_, Readers::RootOnly) => self.mend_mode(&path),
            Reason::HardLinked => self.mend_second_link(&path),
            Reason::SymbolicLink => self.mend_link(&path),
            Reason::NotRegular | Reason::NotDirectory | Reason::TooLarge => self.mend_kind(&path),
        }
    }

    /// What to do where the system refused.
    pub(crate) fn mend_disk(&self, error: &io::Error) -> String {
        match error.raw_os_error().map(Errno::from_raw) {
            Some(Errno::ENOSPC | Errno::EDQUOT) => self.make_room(),
            Some(Errno::EROFS) => self.mount_writable(),
            Some(Errno::EACCES | Errno::EPERM) => self.may_not_write(),
            Some(Errno::EOPNOTSUPP | Errno::EINVAL | Errno::ENOSYS | Errno::ENOLCK | Errno::EXDEV) => {
                self.other_file_system()
            }
            _ => self.check_disk(),
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
            SealError::File(untrusted) if !untrusted.is_missing() => self.mend(untrusted),
            SealError::NoEntropy(_) => self.try_again_later(),
            SealError::File(_) => self.restore_key(),
            SealError::NotAKey(_) | SealError::Foreign => self.restore_right_key(),
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
            Reason::Io(e) => self.system_error(e),
            Reason::SymbolicLink => "est un lien symbolique".to_owned(),
            Reason::LinkOwner(uid) => {
                format!("est un lien symbolique qui appartient à l'uid {uid} et non à root")
            }
            Reason::NotRegular => "n'est pas un fichier ordinaire".to_owned(),
            Reason::NotDirectory => "n'est pas un répertoire".to_owned(),
            Reason::Owner(uid) => format!("appartient à l'uid {uid} et non à root"),
            Reason::Mode(mode, Readers::Anyone) => {
                format!("a le mode {mode:04o}, qui laisse d'autres y écrire")
            }
            Reason::Mode(mode, Readers::RootOnly) => {
                format!("a le mode {mode:04o}, qui laisse entrer d'autres")
            }
            Reason::HardLinked => "a un second lien dur".to_owned(),
            Reason::TooLarge => "est trop gros".to_owned(),
        };
        format!("{} : {what}", untrusted.path.display())
    }

    /// Why no code could be made.
    pub(crate) fn make_error(&self, error: &MakeError) -> String {
        match error {
            MakeError::NoEntropy(_) => self.no_entropy(),
            MakeError::NotRun(NotRun::NoMemory) => self.no_memory(),
            MakeError::NotRun(NotRun::NoTurn(why)) => self.no_turn(why),
        }
    }

    /// What was seen first of a damage.
    fn flaw(&self, flaw: &Flaw) -> String {
        if self.language == Language::English {
            return flaw.to_string();
        }
        match flaw {
            Flaw::Checksum => "son contenu ne correspond pas à sa somme de contrôle",
            Flaw::Content => "son contenu ne peut pas être lu, bien qu'il corresponde à sa somme de contrôle",
            Flaw::Version => "sa version est inconnue",
            Flaw::OtherPerson => "il appartient à une autre personne",
            Flaw::Slots => "emplacements des applications",
            Flaw::Places => "places des codes",
            Flaw::Serials => "numéros de série",
            Flaw::Hashes => "empreintes des codes",
            Flaw::State => "l'état et les applications se contredisent",
            Flaw::Blocks => "aucun des deux blocs n'a une somme de contrôle juste",
            Flaw::Size => "il n'a pas sa taille entière",
            Flaw::NoLedger => "il manque à côté de son inscription",
            Flaw::Restored => "il est plus ancien que son registre ; vient-il d'une sauvegarde ?",
        }
        .to_owned()
    }

    /// What was being done to a file.
    fn doing(&self, doing: Doing) -> String {
        if self.language == Language::English {
            return doing.to_string();
        }
        match doing {
            Doing::Creating => "création",
            Doing::SettingMode => "réglage du mode",
            Doing::Naming => "nommage",
            Doing::Replacing => "remplacement",
            Doing::Removing => "suppression",
            Doing::Locking => "verrouillage",
            Doing::Looking => "examen",
            Doing::Reading => "lecture",
            Doing::Writing => "écriture",
            Doing::Syncing => "écriture sur le disque",
            Doing::SyncingDirectory => "écriture du répertoire sur le disque",
        }
        .to_owned()
    }
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
