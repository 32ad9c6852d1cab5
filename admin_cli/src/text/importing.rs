//! What is said about authenticators of other verifiers.

use super::{Text, messages};
use wardkey_core::credential::totp::{KEY_MIN, KEY_SHORTEST};
use wardkey_core::desk::importing::{NotTaken, ShortKeys, Wrong};

messages! {
    give_source(): "Nothing was changed. Name the file itself: a regular file, no link, of at most 16 MiB."
        | "Rien n'a été modifié. Indiquez le fichier lui-même : un fichier ordinaire, pas un lien, de 16 Mio au plus.";
    look_at_source(): "Nothing was changed. With this file that module lets nobody in either: correct the line, or enrol the person: wardkey enroll USER"
        | "Rien n'a été modifié. Avec ce fichier, ce module ne laisse entrer personne non plus : corrigez la ligne, ou inscrivez la personne : wardkey enroll UTILISATEUR";
    foreign_source(file: &str, owner: &str, user: &str): "{file} belongs to {owner}, not to {user} or root: the keys in it may be {owner}'s."
        | "{file} appartient à {owner}, et non à {user} ou à root : les clés qu'il contient peuvent être celles de {owner}.";
    copy_source(user: &str, file: &str): "Name {user}'s own file. If this one is right all the same, import a copy of root's: install -m 600 {file} /root/"
        | "Indiquez le fichier de {user}. Si celui-ci est tout de même le bon, importez une copie appartenant à root : install -m 600 {file} /root/";
    not_oath(file: &str): "{file} has no line that begins with HOTP: it does not look like pam_oath's users file."
        | "{file} n'a aucune ligne qui commence par HOTP : il ne ressemble pas au fichier des utilisateurs de pam_oath.";
    name_oath(): "Nothing was changed. Name the file that usersfile= names in the PAM line of pam_oath."
        | "Rien n'a été modifié. Indiquez le fichier que nomme usersfile= dans la ligne PAM de pam_oath.";
    left_out_besides(count: usize): "and {count} more" | "et {count} de plus";
    broken_line(place: &str, what: &str): "{place}: {what}" | "{place} : {what}";
    not_text(): "is not text" | "n'est pas du texte";
    no_key_there(): "holds no key in base32" | "ne contient pas de clé en base32";
    bad_number(): "has a number missing or out of range" | "a un nombre qui manque ou hors limites";
    taken_over(user: &str, labels: &str): "{user} is enrolled, with the same authenticator as before ({labels})."
        | "L'inscription de {user} est reprise, avec la même application qu'avant ({labels}).";
    people_imported(count: usize): "Taken over: {count}" | "Repris : {count}";
    left_out_heading(): "Left out:" | "Non repris :";
    left_window(steps: u64): "its window of {steps} codes; here the window is the site's ([totp] window)"
        | "sa fenêtre de {steps} codes ; ici la fenêtre est celle du site ([totp] window)";
    left_rate_limit(): "its limit of logins; here waiting follows wrong codes ([throttle])"
        | "sa limite de connexions ; ici l'attente suit les codes erronés ([throttle])";
    left_one_scratch(): "1 scratch code, which was kept readable; new recovery codes were made instead"
        | "1 code de secours, gardé lisible ; de nouveaux codes de secours ont été créés à la place";
    left_scratch(count: usize): "{count} scratch codes, which were kept readable; new recovery codes were made instead"
        | "{count} codes de secours, gardés lisibles ; de nouveaux codes de secours ont été créés à la place";
    left_pin(): "its PIN; here the password is asked for by PAM" | "son PIN ; ici le mot de passe est demandé par PAM";
    left_skew(found: i64, held: i64): "its clock is off by {found} steps, of which {held} are held ([totp] drift_limit); set the phone's time to automatic"
        | "son horloge est décalée de {found} pas, dont {held} sont retenus ([totp] drift_limit) ; réglez l'heure du téléphone sur automatique";
    left_remark(): "a line without a meaning for that module" | "une ligne sans signification pour ce module";
    left_setting(name: &str): "{name}, which has no counterpart here" | "{name}, qui n'a pas d'équivalent ici";
    left_counter(): "not taken over: its codes follow a counter (HOTP); only time-based ones are known here. Enrol the person again"
        | "non repris : ses codes suivent un compteur (HOTP) ; seuls ceux basés sur l'heure sont connus ici. Inscrivez à nouveau";
    left_no_mode(): "not taken over: it says neither TOTP_AUTH nor HOTP_COUNTER" | "non repris : il n'indique ni TOTP_AUTH ni HOTP_COUNTER";
    left_digits(digits: u64): "not taken over: codes of {digits} digits; 6 and 8 are known here. Enrol the person again"
        | "non repris : codes de {digits} chiffres ; 6 et 8 sont connus ici. Inscrivez à nouveau";
    left_period(seconds: u64): "not taken over: codes of {seconds} seconds; 30 and 60 are known here. Enrol the person again"
        | "non repris : codes de {seconds} secondes ; 30 et 60 sont connus ici. Inscrivez à nouveau";
    left_key_length(bytes: usize): "not taken over: a key of {bytes} bytes; 16 (RFC 4226) to 128 are allowed. Enrol the person again"
        | "non repris : une clé de {bytes} octets ; de 16 (RFC 4226) à 128 sont permis. Inscrivez à nouveau";
    left_shortest_key(bytes: usize): "not taken over: a key of {bytes} bytes; 10 to 128 are allowed with --allow-short-keys. Enrol the person again"
        | "non repris : une clé de {bytes} octets ; de 10 à 128 sont permis avec --allow-short-keys. Inscrivez à nouveau";
    left_short_key(bits: usize): "not taken over: a key of {bits} bits, of the 128 that RFC 4226 wants; --allow-short-keys takes it over"
        | "non repris : une clé de {bits} bits, au lieu des 128 que demande la RFC 4226 ; --allow-short-keys la reprend";
    short_keys_left(count: usize): "People whose key has under 128 bits, and who are left out: {count}. To take them over until they have new keys, run the command again with --allow-short-keys."
        | "Personnes dont la clé a moins de 128 bits, et qui ne sont pas reprises : {count}. Pour les reprendre en attendant de nouvelles clés, relancez la commande avec --allow-short-keys.";
    short_keys_taken(count: usize): "People whose key has under 128 bits: {count}. They are taken over, and status and config check name them until they have new keys: wardkey replace USER"
        | "Personnes dont la clé a moins de 128 bits : {count}. Elles sont reprises, et status et config check les nomment jusqu'à ce qu'elles aient de nouvelles clés : wardkey replace UTILISATEUR";
    left_same_key(): "not taken over: another authenticator of this person has the same key; that one was taken over, and codes used with either count as used"
        | "non repris : une autre application de cette personne a la même clé ; celle-là a été reprise, et les codes utilisés avec l'une ou l'autre comptent comme utilisés";
    left_spent_ahead(): "not taken over: codes of the future were used; check this machine's clock (timedatectl)"
        | "non repris : des codes du futur ont servi ; vérifiez l'horloge de cette machine (timedatectl)";
    left_bad_key(): "not taken over: its key is not hexadecimal" | "non repris : sa clé n'est pas en hexadécimal";
    left_unknown_type(): "not taken over: an unknown type of token" | "non repris : un type de jeton inconnu";
    left_bad_line(): "not taken over: fields are missing or wrong" | "non repris : des champs manquent ou ne conviennent pas";
}

impl Text {
    /// What is wrong with a line.
    pub(crate) fn wrong_line(&self, what: Wrong) -> String {
        match what {
            Wrong::NotText => self.not_text(),
            Wrong::NoKey => self.no_key_there(),
            Wrong::Number => self.bad_number(),
        }
    }

    /// What is not carried over, and why.
    pub(crate) fn left(&self, left: &NotTaken, short_keys: ShortKeys) -> String {
        match left {
            NotTaken::Window(steps) => self.left_window(*steps),
            NotTaken::RateLimit => self.left_rate_limit(),
            NotTaken::ScratchCodes(1) => self.left_one_scratch(),
            NotTaken::ScratchCodes(count) => self.left_scratch(*count),
            NotTaken::Pin => self.left_pin(),
            NotTaken::Skew { found, held } => self.left_skew(*found, *held),
            NotTaken::Setting(name) => self.left_setting(name),
            NotTaken::Remark => self.left_remark(),
            NotTaken::CounterBased => self.left_counter(),
            NotTaken::NoMode => self.left_no_mode(),
            NotTaken::Digits(digits) => self.left_digits(*digits),
            NotTaken::Period(seconds) => self.left_period(*seconds),
            NotTaken::KeyLength(bytes) if (KEY_SHORTEST..KEY_MIN).contains(bytes) => {
                self.left_short_key(8 * bytes)
            }
            NotTaken::KeyLength(bytes) if short_keys == ShortKeys::TakenOver => {
                self.left_shortest_key(*bytes)
            }
            NotTaken::KeyLength(bytes) => self.left_key_length(*bytes),
            NotTaken::SameKey => self.left_same_key(),
            NotTaken::SpentAhead => self.left_spent_ahead(),
            NotTaken::BadKey => self.left_bad_key(),
            NotTaken::UnknownType => self.left_unknown_type(),
            NotTaken::BadLine => self.left_bad_line(),
        }
    }
}
