//! What `doctor` says of ways to root that no PAM line guards, and of where sshd's settings stand.

use super::doctor::Words;
use super::messages;
use crate::doctor::polkit::{Whom, Yes};
use crate::doctor::sshd::{PlaceFault, Unit};
use crate::doctor::sudoers::{Extent, Unasked};

messages! {
    misspelt_remedy(): "Write pam_wardkey.so." | "Écrivez pam_wardkey.so.";
    other_answers_what(service: &str): "{service}: its file has no auth line" | "{service} : son fichier n'a pas de ligne auth";
    other_answers_remedy(service: &str): "Put its lines back, as the package or the example {service} has them." | "Remettez ses lignes, comme dans le paquet ou dans l'exemple {service}.";

    sudo_everything(program: &str, whom: &str): "{program} asks {whom} for neither password nor code" | "{program} ne demande à {whom} ni mot de passe ni code";
    sudo_commands(program: &str, whom: &str): "{program} lets {whom} run single commands without password and code" | "{program} laisse {whom} lancer certaines commandes sans mot de passe ni code";
    sudo_after_once(program: &str, whom: &str): "{program} asks {whom} once, and then not until the machine starts again" | "{program} interroge {whom} une fois, puis plus jusqu'au redémarrage de la machine";
    sudo_unasked_why(program: &str): "{program} does not ask PAM there." | "Là, {program} n'interroge pas PAM.";
    sudo_unasked_remedy(): "Take NOPASSWD, !authenticate or exempt_group out with visudo, or name the single commands that need it." | "Retirez NOPASSWD, !authenticate ou exempt_group avec visudo, ou nommez les seules commandes qui en ont besoin.";
    sudo_commands_remedy(): "Leave it if none of them can be made to run others." | "Laissez-le si aucune d'elles ne peut en lancer d'autres.";
    sudo_after_once_remedy(): "Take timestamp_timeout out with visudo: sudo then asks again after 15 minutes or less." | "Retirez timestamp_timeout avec visudo : sudo redemande alors après 15 minutes au plus.";
    doas_unasked_remedy(): "Take nopass out of this line, or name the single commands that need it." | "Retirez nopass de cette ligne, ou nommez les seules commandes qui en ont besoin.";

    polkit_all(): "everybody" | "tout le monde";
    polkit_user(name: &str): "{name}" | "{name}";
    polkit_group(name: &str): "members of {name}" | "les membres de {name}";
    polkit_everything(): "everything" | "tout";
    polkit_yes_what(whom: &str, action: &str): "polkit lets {whom} do this without password and code: {action}" | "polkit accorde sans mot de passe ni code : {action} ({whom})";
    polkit_yes_why(): "Where a rule says yes, polkit does not ask PAM, and this action makes people root." | "Là où une règle dit oui, polkit n'interroge pas PAM, et cette action rend root.";
    polkit_yes_remedy(): "Take the rule out, or let it return polkit.Result.AUTH_ADMIN." | "Retirez la règle, ou faites-lui rendre polkit.Result.AUTH_ADMIN.";
    polkit_local_remedy(): "Take the section out, or write auth_admin in place of yes." | "Retirez la section, ou écrivez auth_admin à la place de yes.";

    sshd_overruled_what(first: &str, place: &str, ours: &str): "sshd: {first} in {place} is in force, and not {ours}" | "sshd : {first} dans {place} est en vigueur, et non {ours}";
    sshd_overruled_why(): "sshd takes the first value that it meets." | "sshd retient la première valeur qu'il rencontre.";
    sshd_overruled_remedy(place: &str): "Take the line out of {place}, or give the example the name /etc/ssh/sshd_config.d/00-wardkey.conf, and put the Include of sshd_config above its settings."
        | "Retirez la ligne de {place}, ou donnez à l'exemple le nom /etc/ssh/sshd_config.d/00-wardkey.conf et placez l'Include de sshd_config avant ses réglages.";
    sshd_not_included_what(file: &str): "sshd: {file} is not read" | "sshd : {file} n'est pas lu";
    sshd_not_included_why(): "sshd_config has no Include that names it." | "Aucun Include de sshd_config ne le nomme.";
    sshd_not_included_remedy(): "Make `Include /etc/ssh/sshd_config.d/*.conf` the first line of /etc/ssh/sshd_config." | "Faites de `Include /etc/ssh/sshd_config.d/*.conf` la première ligne de /etc/ssh/sshd_config.";
    sshd_under_match_what(file: &str, place: &str): "sshd: {file} is included under the Match line of {place}" | "sshd : {file} est inclus sous la ligne Match de {place}";
    sshd_under_match_why(): "Its settings hold only for the connections that this line means." | "Ses réglages ne valent que pour les connexions que cette ligne désigne.";
    sshd_not_read_yet_what(file: &str): "sshd: {file} was changed after sshd had read its settings" | "sshd : {file} a été modifié après que sshd a lu ses réglages";
    sshd_not_read_yet_why(): "What is said here of sshd is what it does after the next start." | "Ce qui est dit ici de sshd est ce qu'il fera après son prochain démarrage.";
    sshd_not_read_yet_remedy(): "See that the change was meant." | "Vérifiez que cette modification était voulue.";
    sshd_socket_what(setting: &str): "sshd: {setting} has no effect" | "sshd : {setting} est sans effet";
    sshd_socket_why(unit: &str): "systemd starts sshd by {unit}.socket, which listens elsewhere." | "systemd démarre sshd par {unit}.socket, qui écoute ailleurs.";
    sshd_socket_remedy(unit: &str): "Write ListenStream= with systemctl edit {unit}.socket, or run systemctl disable --now {unit}.socket && systemctl enable --now {unit}.service." | "Écrivez ListenStream= avec systemctl edit {unit}.socket, ou lancez systemctl disable --now {unit}.socket && systemctl enable --now {unit}.service.";
    sshd_check_and(reload: &str): "Then: sshd -t && {reload}" | "Ensuite : sshd -t && {reload}";
    sshd_next_takes_it(): "Then run sshd -t; the next connection takes the new settings." | "Lancez ensuite sshd -t ; la prochaine connexion prend les nouveaux réglages.";
    sshd_reread(): "Then run sshd -t, and let sshd read its settings again." | "Lancez ensuite sshd -t, et faites relire ses réglages à sshd.";
}

impl super::Text {
    /// A line by which sudo or doas asks nothing.
    pub(crate) fn unasked(&self, found: &Unasked) -> Words {
        let program = if found.is_doas { "doas" } else { "sudo" };
        let whom = found.whom.as_str();
        let (what, remedy) = match found.extent {
            Extent::Everything if found.is_doas => {
                (self.sudo_everything(program, whom), self.doas_unasked_remedy())
            }
            Extent::Everything => (self.sudo_everything(program, whom), self.sudo_unasked_remedy()),
            Extent::Commands => (self.sudo_commands(program, whom), self.sudo_commands_remedy()),
            Extent::AfterOnce => (self.sudo_after_once(program, whom), self.sudo_after_once_remedy()),
        };
        (what, self.sudo_unasked_why(program), remedy)
    }

    /// A rule by which polkit asks nothing.
    pub(crate) fn polkit_yes(&self, yes: &Yes) -> Words {
        let name = |whom: &Whom| match whom {
            Whom::All => self.polkit_all(),
            Whom::User(name) => self.polkit_user(name),
            Whom::Group(name) => self.polkit_group(name),
        };
        let whom = yes.whom.iter().map(name).collect::<Vec<_>>().join(", ");
        let action = yes.action.map_or_else(|| self.polkit_everything(), str::to_owned);
        let is_rule = yes.place.file.extension().is_some_and(|end| end == "rules");
        let remedy = if is_rule { self.polkit_yes_remedy() } else { self.polkit_local_remedy() };
        (self.polkit_yes_what(&whom, &action), self.polkit_yes_why(), remedy)
    }

    /// A setting of sshd that stands where it has no effect.
    pub(crate) fn sshd_place_fault(&self, fault: &PlaceFault, unit: &str) -> Words {
        match fault {
            PlaceFault::Overruled(first, ours) => (
                self.sshd_overruled_what(
                    &format!("{} {}", first.written, first.value),
                    &first.place.to_string(),
                    &format!("{} {} ({})", ours.written, ours.value, ours.place),
                ),
                self.sshd_overruled_why(),
                self.sshd_overruled_remedy(&first.place.file.display().to_string()),
            ),
            PlaceFault::NotIncluded(file) => (
                self.sshd_not_included_what(&file.display().to_string()),
                self.sshd_not_included_why(),
                self.sshd_not_included_remedy(),
            ),
            PlaceFault::UnderMatch(file, place) => (
                self.sshd_under_match_what(&file.display().to_string(), &place.to_string()),
                self.sshd_under_match_why(),
                self.sshd_not_included_remedy(),
            ),
            PlaceFault::NotReadYet(file) => (
                self.sshd_not_read_yet_what(&file.display().to_string()),
                self.sshd_not_read_yet_why(),
                self.sshd_not_read_yet_remedy(),
            ),
            PlaceFault::SocketListens(setting) => (
                self.sshd_socket_what(&format!("{} {}", setting.written, setting.value)),
                self.sshd_socket_why(unit),
                self.sshd_socket_remedy(unit),
            ),
        }
    }

    /// How sshd takes new settings on this machine.
    pub(crate) fn sshd_then(&self, unit: Option<&Unit>) -> String {
        match unit.map(Unit::reload) {
            Some(Some(reload)) => self.sshd_check_and(&reload),
            Some(None) => self.sshd_next_takes_it(),
            None => self.sshd_reread(),
        }
    }
}
