//! How `doctor` sums up.

use super::messages;
use crate::doctor::finding::FindingSeverity;

messages! {
    doctor_sound(looked: &str): "Nothing to mend was found. Looked at: {looked}." | "Rien à corriger n'a été trouvé. Examiné : {looked}.";
    doctor_found(counts: &str): "Found: {counts}." | "Trouvé : {counts}.";
    looked_everywhere(services: usize): "{services} PAM services, sshd, sudo's rules, greeters, configuration, records, sealing key, clock, disks, helper, mail and audit file"
        | "{services} services PAM, sshd, les règles de sudo, les écrans d'accueil, la configuration, les enregistrements, la clé de scellement, l'horloge, les disques, l'assistant, la messagerie et le journal d'audit";
    one_way_in(): "1 way in" | "1 accès ouvert";
    ways_in(n: usize): "{n} ways in" | "{n} accès ouverts";
    one_lock_out(): "1 lock-out" | "1 accès bloqué";
    lock_outs(n: usize): "{n} lock-outs" | "{n} accès bloqués";
    one_warning(): "1 warning" | "1 avertissement";
    many_warnings(n: usize): "{n} warnings" | "{n} avertissements";
    one_note(): "1 note" | "1 note";
    notes(n: usize): "{n} notes" | "{n} notes";
}

impl super::Text {
    /// So many findings of this weight.
    pub(crate) fn counted(&self, severity: FindingSeverity, count: usize) -> String {
        match (severity, count) {
            (FindingSeverity::WayIn, 1) => self.one_way_in(),
            (FindingSeverity::WayIn, n) => self.ways_in(n),
            (FindingSeverity::LockOut, 1) => self.one_lock_out(),
            (FindingSeverity::LockOut, n) => self.lock_outs(n),
            (FindingSeverity::Warning, 1) => self.one_warning(),
            (FindingSeverity::Warning, n) => self.many_warnings(n),
            (FindingSeverity::Note, 1) => self.one_note(),
            (FindingSeverity::Note, n) => self.notes(n),
        }
    }
}
