//! What `doctor` says of the machine and of wardkey's own files.

use super::doctor::Words;
use super::{messages, shell_word};
use crate::doctor::machine::fault::{InstalledFile, MachineFault, Scarce};
use std::path::Path;

messages! {
    configuration_unread_why(): "Until it loads, every login that asks for a code is refused." | "Tant qu'elle n'est pas lue, toute connexion qui demande un code est refusée.";
    configuration_refused_why(): "What it says cannot be kept, and people are asked or refused otherwise than it says." | "Ce qu'elle dit ne peut être tenu : on interroge ou on refuse autrement qu'elle ne le dit.";
    clock_before_what(now: &str): "the clock says {now}" | "l'horloge indique {now}";
    clock_before_why(): "App codes depend on the time, so everybody's are refused. A machine whose battery is empty begins so." | "Les codes de l'application dépendent de l'heure : ceux de tous sont refusés. Une machine dont la pile est vide démarre ainsi.";
    clock_before_remedy(): "Run timedatectl set-ntp true, or set the time (timedatectl set-time), and replace the battery." | "Lancez timedatectl set-ntp true, ou réglez l'heure (timedatectl set-time), et remplacez la pile.";
    clock_behind_what(span: &str): "the clock stands {span} before somebody's last login" | "l'horloge est en retard de {span} sur la dernière connexion de quelqu'un";
    clock_behind_why(): "No code before the last one opens, and app codes of another time are wrong." | "Aucun code antérieur au dernier n'ouvre, et les codes de l'application d'une autre heure sont faux.";
    clock_behind_remedy(): "Set the clock: timedatectl set-ntp true." | "Réglez l'horloge : timedatectl set-ntp true.";
    clock_not_set_what(): "no time server has set the clock" | "aucun serveur de temps n'a réglé l'horloge";
    clock_not_set_why(): "It drifts, and when it is a minute off, app codes are refused." | "Elle dérive, et à une minute d'écart les codes de l'application sont refusés.";
    clock_not_set_remedy(): "Run timedatectl set-ntp true, or set up chrony; timedatectl timesync-status shows whether a server answers." | "Lancez timedatectl set-ntp true, ou configurez chrony ; timedatectl timesync-status montre si un serveur répond.";

    in_memory_what(state: &str, kind: &str): "{state} is kept in memory ({kind})" | "{state} est gardé en mémoire ({kind})";
    in_memory_why(): "After the next boot nobody is enrolled, and spent codes are forgotten." | "Après le prochain démarrage personne n'est inscrit, et les codes utilisés sont oubliés.";
    in_memory_remedy(): "Mount a disk there, or name another directory in [store] path." | "Montez un disque à cet endroit, ou indiquez un autre répertoire dans [store] path.";
    read_only_what(state: &str): "{state} is mounted read-only" | "{state} est monté en lecture seule";
    read_only_why(): "No code can be recorded as spent, so every login is refused." | "Aucun code ne peut être noté comme utilisé : toute connexion est refusée.";
    shared_what(state: &str, kind: &str): "{state} is on a file system of several machines ({kind})" | "{state} est sur un système de fichiers partagé entre machines ({kind})";
    shared_why(): "wardkey keeps the state of one machine: without that server nobody gets in, and its locks are not held against two machines." | "wardkey garde l'état d'une seule machine : sans ce serveur personne n'entre, et ses verrous ne sont pas éprouvés entre deux machines.";
    shared_remedy(): "Move the state to a disk of this machine (\"Restore\" in docs/operations.md)." | "Déplacez l'état sur un disque de cette machine (« Restore » dans docs/operations.md).";
    another_what(): "the state was made on another machine" | "l'état a été créé sur une autre machine";
    another_why(): "A copy accepts again what was spent since it was made, and two machines with one state accept each code once each." | "Une copie accepte de nouveau ce qui a été utilisé depuis, et deux machines qui partagent un état acceptent chacune chaque code une fois.";
    another_remedy(file: &str): "If this machine replaces the other: rm {file} && wardkey init, and new recovery codes for everybody. If both run: take the state away here, run wardkey init, and enrol people again." | "Si cette machine remplace l'autre : rm {file} && wardkey init, et de nouveaux codes de secours pour tous. Si les deux fonctionnent : retirez l'état ici, lancez wardkey init, et réinscrivez les personnes.";

    not_run_what(part: &str, file: &str): "{part} lies where nothing may be run: {file} is mounted noexec" | "{part} se trouve là où rien ne s'exécute : {file} est monté noexec";
    not_run_module_why(): "libpam cannot load it, so everybody is refused." | "libpam ne peut pas le charger : tout le monde est refusé.";
    not_run_helper_why(): "It does not start: screen lockers refuse everybody, and no mail is sent." | "Il ne démarre pas : les verrouilleurs d'écran refusent tout le monde, et aucun message n'est envoyé.";
    not_run_remedy(): "Mount that file system without noexec." | "Montez ce système de fichiers sans noexec.";
    the_module(): "the module" | "le module";
    the_helper(): "the helper" | "l'assistant";

    bytes_left_what(directory: &str, mebibytes: u64): "the disk of {directory} has {mebibytes} MiB left" | "il reste {mebibytes} Mio sur le disque de {directory}";
    files_left_what(directory: &str, files: u64): "the disk of {directory} has room for {files} more files" | "il reste de la place pour {files} fichiers sur le disque de {directory}";
    nearly_full_why(): "When it is full nobody can be enrolled, the audit file takes no line, and where files are not written in place (btrfs, ZFS) codes cannot be recorded: logins are refused." | "Une fois plein, personne ne peut être inscrit, le journal d'audit ne prend plus de ligne, et là où les fichiers ne sont pas réécrits sur place (btrfs, ZFS) les codes ne peuvent être notés : les connexions sont refusées.";
    nearly_full_remedy(): "Make room, or enlarge the disk." | "Faites de la place, ou agrandissez le disque.";
    key_with_state_what(key: &str): "{key} lies in the directory of the records" | "{key} se trouve dans le répertoire des enregistrements";
    key_with_state_why(): "A backup of that directory has key and records: with it a thief computes everybody's codes." | "Une sauvegarde de ce répertoire contient la clé et les enregistrements : avec elle, un voleur calcule les codes de tous.";
    key_with_state_remedy(): "Keep the key in /etc/wardkey ([seal] key) and its copy on another medium (\"Backup\" in docs/operations.md)." | "Gardez la clé dans /etc/wardkey ([seal] key) et sa copie sur un autre support (« Backup » dans docs/operations.md).";

    helper_fails_what(why: &str): "the helper cannot answer: {why}" | "l'assistant ne peut pas répondre : {why}";
    helper_fails_remedy(): "Look into its log (journalctl -u wardkey-helper), then run systemctl restart wardkey-helper.socket." | "Lisez son journal (journalctl -u wardkey-helper), puis lancez systemctl restart wardkey-helper.socket.";
    helper_words_what(): "the helper that runs is of another version than this command" | "l'assistant qui tourne est d'une autre version que cette commande";
    helper_words_why(): "They do not understand each other: screen lockers with the new module are refused." | "Ils ne se comprennent pas : les verrouilleurs d'écran qui ont le nouveau module sont refusés.";
    helper_restart(): "Run systemctl try-reload-or-restart wardkey-helper; without systemd, send it SIGHUP." | "Lancez systemctl try-reload-or-restart wardkey-helper ; sans systemd, envoyez-lui SIGHUP.";
    helper_config_what(own: &str): "the helper works by {own}, and this command by another file" | "l'assistant suit {own}, et cette commande un autre fichier";
    helper_config_why(): "It refuses screen lockers and people whose module or command works by another file." | "Il refuse les verrouilleurs d'écran et les personnes dont le module ou la commande suit un autre fichier.";
    helper_config_remedy(): "Give both the same file (--config), or each file a [helper] socket of its own." | "Donnez le même fichier aux deux (--config), ou à chaque fichier son propre [helper] socket.";
    helper_old_what(): "the helper that runs is older than the installed file" | "l'assistant qui tourne est plus ancien que le fichier installé";
    helper_old_why(): "An upgrade replaced the file, and what it mends is not in force." | "Une mise à jour a remplacé le fichier, et ce qu'elle corrige n'est pas en vigueur.";
    helper_not_enabled_what(): "nothing starts the helper's socket at the next boot" | "rien ne démarre la socket de l'assistant au prochain démarrage";
    helper_not_enabled_why(): "Screen lockers ask the helper: from then on they refuse everybody." | "Les verrouilleurs d'écran passent par l'assistant : dès lors ils refusent tout le monde.";
    helper_enable(): "Run systemctl enable --now wardkey-helper.socket." | "Lancez systemctl enable --now wardkey-helper.socket.";
    other_version_what(part: &str, theirs: &str, ours: &str): "{part} is of version {theirs}, and this command of {ours}" | "{part} est en version {theirs}, et cette commande en {ours}";
    other_version_why(): "An installation was left half done, or a file was taken from another build." | "Une installation est restée à moitié faite, ou un fichier vient d'une autre construction.";
    other_version_remedy(): "Install all three from one build (\"Upgrade\" in docs/operations.md)." | "Installez les trois depuis une même construction (« Upgrade » dans docs/operations.md).";

    no_sendmail_what(program: &str): "mail is to go by {program}, which is missing" | "les messages passent par {program}, qui manque";
    no_mail_server_what(server: &str): "mail is to go to {server}, where nothing listens" | "les messages vont à {server}, où rien n'écoute";
    mail_why(): "No code is mailed, and nobody is told of a change." | "Aucun code n'est envoyé, et personne n'est averti d'un changement.";
    mail_remedy(): "Start the mail server, or correct [email] in the configuration." | "Démarrez le serveur de messagerie, ou corrigez [email] dans la configuration.";
    mail_password_what(why: &str): "the password for the mail server is not used: {why}" | "le mot de passe du serveur de messagerie n'est pas utilisé : {why}";

    audit_grows_what(mebibytes: u64): "the audit file has {mebibytes} MiB, and nothing rotates it" | "le journal d'audit fait {mebibytes} Mio, et rien ne l'archive";
    audit_grows_why(): "wardkey does not rotate it: it grows until the disk is full." | "wardkey ne l'archive pas : il grossit jusqu'à remplir le disque.";
    audit_grows_remedy(): "Write /etc/logrotate.d/wardkey as \"Backup\" in docs/operations.md has it." | "Écrivez /etc/logrotate.d/wardkey comme le montre « Backup » dans docs/operations.md.";
    audit_loses_what(): "the audit file is rotated by copytruncate" | "le journal d'audit est archivé par copytruncate";
    audit_loses_why(): "Lines that are written between the copy and the cut are lost." | "Les lignes écrites entre la copie et la coupe sont perdues.";
    audit_loses_remedy(): "Write nocopytruncate and nocreate in its block: wardkey makes a new file by itself." | "Écrivez nocopytruncate et nocreate dans son bloc : wardkey crée lui-même un nouveau fichier.";
}

/// In whole MiB, what is begun left out.
const fn mebibytes(bytes: u64) -> u64 {
    bytes >> 20
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

impl super::Text {
    /// A fault of the machine or of wardkey's own files.
    pub(crate) fn machine_fault(&self, fault: &MachineFault) -> Words {
        match fault {
            MachineFault::ClockBeforeUs(now) => {
                (self.clock_before_what(now), self.clock_before_why(), self.clock_before_remedy())
            }
            MachineFault::ClockBehind(span) => (
                self.clock_behind_what(&self.span(*span)),
                self.clock_behind_why(),
                self.clock_behind_remedy(),
            ),
            MachineFault::ClockNotSet => {
                (self.clock_not_set_what(), self.clock_not_set_why(), self.clock_not_set_remedy())
            }
            MachineFault::MailPassword(fault) => {
                (self.mail_password_what(&self.untrusted(fault)), self.mail_why(), self.mend(fault))
            }
            MachineFault::NoSendmail(program) => {
                (self.no_sendmail_what(&shown(program)), self.mail_why(), self.mail_remedy())
            }
            MachineFault::NoMailServer(server) => {
                (self.no_mail_server_what(server), self.mail_why(), self.mail_remedy())
            }
            MachineFault::AuditGrows(_, size) => {
                (self.audit_grows_what(mebibytes(*size)), self.audit_grows_why(), self.audit_grows_remedy())
            }
            MachineFault::AuditLoses(_) => {
                (self.audit_loses_what(), self.audit_loses_why(), self.audit_loses_remedy())
            }
            other => self.disk_fault(other).unwrap_or_else(|| self.program_fault(other)),
        }
    }

    fn disk_fault(&self, fault: &MachineFault) -> Option<Words> {
        Some(match fault {
            MachineFault::StateInMemory(state, kind) => {
                (self.in_memory_what(&shown(state), kind), self.in_memory_why(), self.in_memory_remedy())
            }
            MachineFault::StateReadOnly(state) => {
                (self.read_only_what(&shown(state)), self.read_only_why(), self.mount_writable())
            }
            MachineFault::StateShared(state, kind) => {
                (self.shared_what(&shown(state), kind), self.shared_why(), self.shared_remedy())
            }
            MachineFault::StateOfAnother(file) => {
                let remedy = self.another_remedy(&shell_word(&shown(file)));
                (self.another_what(), self.another_why(), remedy)
            }
            MachineFault::NearlyFull(directory, scarce) => {
                let what = match scarce {
                    Scarce::Bytes(left) => self.bytes_left_what(&shown(directory), mebibytes(*left)),
                    Scarce::Files(left) => self.files_left_what(&shown(directory), *left),
                };
                (what, self.nearly_full_why(), self.nearly_full_remedy())
            }
            MachineFault::KeyWithState(key) => (
                self.key_with_state_what(&shown(key)),
                self.key_with_state_why(),
                self.key_with_state_remedy(),
            ),
            _ => return None,
        })
    }

    fn program_fault(&self, fault: &MachineFault) -> Words {
        match fault {
            MachineFault::NotRun(part, file) => {
                let why = if *part == InstalledFile::Module {
                    self.not_run_module_why()
                } else {
                    self.not_run_helper_why()
                };
                (self.not_run_what(&self.part(*part), &shown(file)), why, self.not_run_remedy())
            }
            MachineFault::OtherVersion(part, _, version) => {
                let what = self.other_version_what(&self.part(*part), version, env!("CARGO_PKG_VERSION"));
                (what, self.other_version_why(), self.other_version_remedy())
            }
            MachineFault::HelperFails(_, why) => {
                (self.helper_fails_what(why), self.helper_silent_why(), self.helper_fails_remedy())
            }
            MachineFault::HelperOtherWords(_) => {
                (self.helper_words_what(), self.helper_words_why(), self.helper_restart())
            }
            MachineFault::HelperOtherConfig(own) => {
                (self.helper_config_what(&shown(own)), self.helper_config_why(), self.helper_config_remedy())
            }
            MachineFault::HelperOld(_) => {
                (self.helper_old_what(), self.helper_old_why(), self.helper_restart())
            }
            _ => (self.helper_not_enabled_what(), self.helper_not_enabled_why(), self.helper_enable()),
        }
    }

    fn part(&self, part: InstalledFile) -> String {
        match part {
            InstalledFile::Module => self.the_module(),
            InstalledFile::Helper => self.the_helper(),
        }
    }
}
