//! What `try` says before and after.

use super::{Text, messages};
use crate::console::{bad, careful, good};
use crate::doctor::Sort;
use crate::trial::acting::{Act, Acting};
use crate::trial::outcome::{Tried, TryEnd};
use crate::trial::scene::Scene;
use crate::trial::spending::TryCost;
use crate::trial::wire::Identity;
use wardkey_core::credential::single_use::Kind;

messages! {
    try_no_service(name: &str): "No PAM service is called {name}: libpam would take `other` in its place."
        | "Aucun service PAM ne s'appelle {name} : libpam prendrait « other » à sa place.";
    try_not_a_file(place: &str): "{place} is not a plain file: libpam would wait at it." | "{place} n'est pas un fichier ordinaire : libpam y attendrait.";
    see_doctor(service: &str): "See: wardkey doctor {service}" | "Voir : wardkey doctor {service}";
    try_not_run(why: &str): "The try could not be run: {why}" | "L'essai n'a pas pu être lancé : {why}";
    scene_root(user: &str, service: &str): "{service} for {user}, run as root: auth and account, no session." | "{service} pour {user}, lancé en tant que root : auth et account, sans session.";
    scene_started(user: &str, service: &str, by: &str): "{service} for {user}, as a set-user-ID program that {by} runs: auth and account, no session."
        | "{service} pour {user}, comme un programme set-user-ID lancé par {by} : auth et account, sans session.";
    scene_wholly(user: &str, service: &str): "{service} for {user}, with the rights of {user} alone: auth and account, no session."
        | "{service} pour {user}, avec les seuls droits de {user} : auth et account, sans session.";
    scene_unknown(service: &str): "wardkey does not know the program of {service}: it is taken to run as root and to heed account."
        | "wardkey ne connaît pas le programme de {service} : on suppose qu'il tourne en root et tient compte de account.";
    scene_locker(): "A locked screen opens by auth alone: what account says does not count." | "Un écran verrouillé s'ouvre par auth seul : ce que dit account ne compte pas.";
    scene_one_field(): "Its program has one field: what you type first answers every question." | "Son programme n'a qu'un champ : ce que vous tapez d'abord répond à toutes les questions.";
    one_field_repeats(prompt: &str): "{prompt} (the same again)" | "{prompt} (le même texte)";
    try_by_other(service: &str): "{service} has no auth lines of its own: libpam takes those of `other`." | "{service} n'a pas de lignes auth à lui : libpam prend celles de « other ».";
    nothing_acts(): "Nothing in this stack counts or spends anything." | "Rien dans cette pile ne compte ni ne consomme quoi que ce soit.";
    act_line(module: &str, does: &str): "  {module} {does}" | "  {module} {does}";
    act_asks_for_code(): "asks for a code: a right one is spent, a wrong one counts" | "demande un code : un code juste est consommé, un code erroné est compté";
    act_asks_for_other_code(): "asks for a code of its own, which it may spend or count" | "demande un code à lui, qu'il peut consommer ou compter";
    act_counts_tries(): "counts failed tries" | "compte les essais manqués";
    act_asks_a_server(): "may ask a server, which may count the try, send something, or give a ticket" | "peut interroger un serveur, qui peut compter l'essai, envoyer quelque chose ou donner un ticket";
    act_opens_keyring(): "takes the password to a keyring" | "transmet le mot de passe à un trousseau";
    act_opens_directory(): "takes the password to a directory that it may mount or decrypt" | "transmet le mot de passe pour un répertoire, qu'il peut monter ou déchiffrer";
    act_runs_program(): "runs a program of this site" | "lance un programme de ce site";
    try_in(user: &str, service: &str): "{user} gets in through {service}." | "Accès accordé à {user} par {service}.";
    try_refused(user: &str, service: &str): "{user} does not get in through {service}." | "Accès refusé à {user} par {service}.";
    try_must_change(user: &str, service: &str): "{user} gets in through {service} only after enrolling or changing the password, which a try does not do."
        | "Accès accordé à {user} par {service} seulement après une inscription ou un changement de mot de passe, que l'essai ne fait pas.";
    try_broken(user: &str, service: &str): "{service} is broken: nobody can tell whether {user} would get in." | "{service} est en panne : nul ne peut dire si {user} entrerait.";
    try_no_code(): "No code was accepted: this proves nothing of the second factor. (An exemption, unlock grace, or no line of wardkey.)"
        | "Aucun code n'a été accepté : cela ne prouve rien du second facteur. (Exemption, déverrouillage de faveur, ou pas de ligne de wardkey.)";
    cost_line(what: &str): "Cost: {what}" | "Coût : {what}";
    cost_and(): "; " | " ; ";
    cost_nothing(): "nothing" | "rien";
    cost_code(label: &str): "one code of {label}" | "un code de {label}";
    cost_codes(count: usize, label: &str): "{count} codes of {label}" | "{count} codes de {label}";
    cost_mail(): "one of the mails that are sent in a quarter of an hour" | "un des courriels envoyés par quart d'heure";
    cost_wrong(): "a wrong code was counted" | "un code erroné a été compté";
    cost_wrongs(count: u64): "{count} wrong codes were counted" | "{count} codes erronés ont été comptés";
    no_sshd(): "There is no sshd on this machine." | "Il n'y a pas de sshd sur cette machine.";
    install_sshd(): "Install it first (Debian: openssh-server)." | "Installez-le d'abord (Debian : openssh-server).";
    no_ssh(): "There is no ssh client on this machine, and only a real one tells what sshd does." | "Il n'y a pas de client ssh sur cette machine, et seul un vrai client dit ce que fait sshd.";
    install_ssh(): "Install it (Debian: openssh-client). Or log in from another machine, and keep a session open meanwhile." | "Installez-le (Debian : openssh-client). Ou connectez-vous depuis une autre machine, en gardant une session ouverte.";
    ssh_needs_terminal(): "ssh asks at a terminal, and there is none." | "ssh pose ses questions à un terminal, et il n'y en a pas.";
    run_at_terminal(): "Run the command at a terminal." | "Lancez la commande dans un terminal.";
    key_comes_first(): "sshd asks for a key before it asks PAM, and only the person has it." | "sshd demande une clé avant d'interroger PAM, et seule la personne la possède.";
    try_with_key(): "Log in from the person's own machine, and keep a session open meanwhile." | "Connectez-vous depuis la machine de la personne, en gardant une session ouverte.";
    sshd_scene(user: &str): "sshd for {user}: a real sshd with this machine's settings, from 127.0.0.1. After the login it sets credentials and opens a session, in which only /bin/true runs. Keys are not offered."
        | "sshd pour {user} : un vrai sshd avec les réglages de cette machine, depuis 127.0.0.1. Après la connexion il établit les droits et ouvre une session, où seul /bin/true s'exécute. Aucune clé n'est présentée.";
    sshd_without_pam(): "sshd does not use PAM: nothing of the stack is asked." | "sshd n'utilise pas PAM : rien de la pile n'est interrogé.";
    only_elsewhere(line: &str): "Not tried: Match {line}. It depends on the address, and this comes from 127.0.0.1." | "Non essayé : Match {line}. Cela dépend de l'adresse, et l'essai vient de 127.0.0.1.";
    exempt_elsewhere(network: &str): "Not tried: the exemption of {network}. It depends on the address, and this comes from 127.0.0.1." | "Non essayé : l'exemption de {network}. Elle dépend de l'adresse, et l'essai vient de 127.0.0.1.";
    session_ended(user: &str, status: i32): "sshd let {user} in, but the session ended with status {status}: there is no shell to log in to, or something must be changed first." | "sshd a laissé entrer {user}, mais la session s'est terminée avec le code {status} : il n'y a pas de shell, ou quelque chose doit d'abord être changé.";
}

impl Text {
    /// How the program would go about it.
    pub(crate) fn try_scene(&self, scene: &Scene) -> String {
        let (user, service) = (&scene.job.user, &scene.job.service);
        let first = match &scene.job.identity {
            Identity::Root => self.scene_root(user, service),
            Identity::StartedBy(by) => self.scene_started(user, service, &by.name),
            Identity::Wholly(_) => self.scene_wholly(user, service),
        };
        let more = [
            scene.sort.is_none().then(|| self.scene_unknown(service)),
            (scene.sort == Some(Sort::Locker)).then(|| self.scene_locker()),
            scene.has_one_field.then(|| self.scene_one_field()),
        ];
        [Some(first)].into_iter().chain(more).flatten().collect::<Vec<_>>().join("\n")
    }

    /// What a module does besides.
    pub(crate) fn acts(&self, acting: &Acting) -> String {
        let does = match acting.act {
            Act::AsksForCode => self.act_asks_for_code(),
            Act::AsksForOtherCode => self.act_asks_for_other_code(),
            Act::CountsTries => self.act_counts_tries(),
            Act::AsksAServer => self.act_asks_a_server(),
            Act::OpensKeyring => self.act_opens_keyring(),
            Act::OpensDirectory => self.act_opens_directory(),
            Act::RunsProgram => self.act_runs_program(),
        };
        self.act_line(&acting.module, &does)
    }

    /// How it ended, and what it cost.
    pub(crate) fn tried(&self, user: &str, service: &str, tried: &Tried) -> String {
        let end = match tried.end {
            TryEnd::Accepted => good(&self.try_in(user, service)),
            TryEnd::MustChange => careful(&self.try_must_change(user, service)),
            TryEnd::Refused => bad(&self.try_refused(user, service)),
            TryEnd::Broken => bad(&self.try_broken(user, service)),
        };
        let costs: Vec<String> = tried.spent.iter().map(|cost| self.cost(cost)).collect();
        let costs = if costs.is_empty() { self.cost_nothing() } else { costs.join(&self.cost_and()) };
        let proof = (tried.end == TryEnd::Accepted && !tried.is_proof()).then(|| self.try_no_code());
        [Some(end), proof, Some(self.cost_line(&costs))].into_iter().flatten().collect::<Vec<_>>().join("\n")
    }

    fn cost(&self, cost: &TryCost) -> String {
        match cost {
            TryCost::Codes { label, count: 1 } => self.cost_code(label),
            TryCost::Codes { label, count } => self.cost_codes(*count, label),
            TryCost::SingleUse { kind: Kind::Recovery, left } => self.by_recovery(*left),
            TryCost::SingleUse { kind: Kind::Emergency, left } => self.by_emergency(*left),
            TryCost::SingleUse { kind: Kind::Pass, .. } => self.by_pass(),
            TryCost::MailedCode => self.by_mail(),
            TryCost::Mail => self.cost_mail(),
            TryCost::WrongCodes { count: 1 } => self.cost_wrong(),
            TryCost::WrongCodes { count } => self.cost_wrongs(*count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wardkey_core::policy::config::Language;

    #[test]
    fn an_end_and_its_cost_are_told_in_both_languages() {
        let label = || "phone".to_owned();
        let code = || TryCost::Codes { label: label(), count: 1 };
        for (end, spent, english, french) in [
            (
                TryEnd::Accepted,
                vec![code()],
                "roy gets in through su.\nCost: one code of phone",
                "Accès accordé à roy par su.\nCoût : un code de phone",
            ),
            (
                TryEnd::Accepted,
                vec![TryCost::SingleUse { kind: Kind::Recovery, left: 4 }, TryCost::WrongCodes { count: 2 }],
                "roy gets in through su.\nCost: recovery code, 4 left; 2 wrong codes were counted",
                "Accès accordé à roy par su.\nCoût : code de secours, il en reste 4 ; 2 codes erronés ont été comptés",
            ),
            (
                TryEnd::Refused,
                vec![TryCost::WrongCodes { count: 1 }],
                "roy does not get in through su.\nCost: a wrong code was counted",
                "Accès refusé à roy par su.\nCoût : un code erroné a été compté",
            ),
            (
                TryEnd::Broken,
                vec![],
                "su is broken: nobody can tell whether roy would get in.\nCost: nothing",
                "su est en panne : nul ne peut dire si roy entrerait.\nCoût : rien",
            ),
        ] {
            let tried = Tried { steps: Vec::new(), end, spent };
            let told =
                |text: &Text| anstream::adapter::strip_str(&text.tried("roy", "su", &tried)).to_string();
            assert_eq!(told(&Text::default()), english);
            assert_eq!(told(&Text::new(Language::French, "")), french);
        }
        let unproven = Tried { steps: Vec::new(), end: TryEnd::Accepted, spent: Vec::new() };
        assert!(Text::default().tried("roy", "su", &unproven).contains("No code was accepted"));
    }
}
