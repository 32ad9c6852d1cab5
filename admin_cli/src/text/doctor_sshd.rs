//! What `doctor` says of sshd.

use super::doctor::Words;
use super::messages;
use crate::doctor::sshd::{Scope, SshdFault};

messages! {
    sshd_everybody(): "sshd" | "sshd";
    sshd_match(written: &str): "sshd, Match {written}" | "sshd, Match {written}";
    sshd_unreadable_what(scope: &str, why: &str): "{scope}: sshd does not say what is in force: {why}" | "{scope} : sshd ne dit pas ce qui est en vigueur : {why}";
    sshd_silent_what(scope: &str): "{scope}: sshd -T does not answer within 10 seconds" | "{scope} : sshd -T ne répond pas en 10 secondes";
    sshd_silent_remedy(): "Run sshd -T as root and see what it waits for." | "Lancez sshd -T en tant que root et voyez ce qu'il attend.";
    sshd_unreadable_why(): "Without that nobody can tell whether it asks for a code." | "Sans cela, nul ne peut dire s'il demande un code.";
    sshd_unreadable_remedy(): "Run sshd -t as root and mend what it names." | "Lancez sshd -t en tant que root et corrigez ce qu'il indique.";
    sshd_no_pam_what(scope: &str): "{scope}: sshd does not use PAM" | "{scope} : sshd n'utilise pas PAM";
    sshd_no_pam_why(): "The password alone opens, and no code is asked." | "Le mot de passe seul ouvre, et aucun code n'est demandé.";
    sshd_no_pam_remedy(): "Set UsePAM yes, as the example 00-wardkey.conf does." | "Écrivez UsePAM yes, comme dans l'exemple 00-wardkey.conf.";
    sshd_cannot_ask_what(scope: &str): "{scope}: sshd shows nobody the question for a code" | "{scope} : sshd ne montre à personne la question du code";
    sshd_cannot_ask_why(): "It answers every question with the password, also the one for a code: everybody without a key is refused." | "Il répond à chaque question par le mot de passe, même à celle du code : toute personne sans clé est refusée.";
    sshd_cannot_ask_remedy(): "Set KbdInteractiveAuthentication yes in /etc/ssh/sshd_config.d/00-wardkey.conf, as the example does."
        | "Écrivez KbdInteractiveAuthentication yes dans /etc/ssh/sshd_config.d/00-wardkey.conf, comme dans l'exemple.";
    sshd_password_what(scope: &str): "{scope}: sshd's password method is on" | "{scope} : la méthode password de sshd est active";
    sshd_password_why(): "Clients that try it are refused each time, and their log lines read like wrong codes." | "Les clients qui l'essaient sont refusés chaque fois, et leurs lignes de journal ressemblent à de faux codes.";
    sshd_password_remedy(): "Set PasswordAuthentication no." | "Écrivez PasswordAuthentication no.";
    sshd_keys_what(scope: &str): "{scope}: a key opens without a code" | "{scope} : une clé ouvre sans code";
    sshd_keys_why(): "sshd asks PAM nothing of somebody whose key it knows." | "sshd ne demande rien à PAM pour qui présente une clé connue.";
    sshd_keys_remedy(): "Leave it if that is meant; else set AuthenticationMethods publickey,keyboard-interactive." | "Laissez-le si c'est voulu ; sinon, écrivez AuthenticationMethods publickey,keyboard-interactive.";
    sshd_others_what(scope: &str): "{scope}: another host's word or a Kerberos ticket opens without a code" | "{scope} : la parole d'un autre hôte ou un ticket Kerberos ouvre sans code";
    sshd_others_remedy(): "Set AuthenticationMethods, or turn HostbasedAuthentication and GSSAPIAuthentication off." | "Définissez AuthenticationMethods, ou désactivez HostbasedAuthentication et GSSAPIAuthentication.";
    autologin_what(user: &str): "a session of {user} opens without password and code" | "une session de {user} s'ouvre sans mot de passe ni code";
    autologin_why(): "The greeter is told to log in by itself." | "L'écran d'accueil est réglé pour ouvrir la session de lui-même.";
    autologin_remedy(key: &str): "Take `{key}` out of this file, or leave it if that is meant." | "Retirez « {key} » de ce fichier, ou laissez-le si c'est voulu.";
    helper_silent_what(why: &str): "the helper does not answer: {why}" | "l'assistant ne répond pas : {why}";
    helper_slow(): "it takes no connection" | "il n'accepte aucune connexion";
    helper_not_root(): "its socket is not root's" | "son socket n'appartient pas à root";
    helper_stuck_remedy(): "Run systemctl restart wardkey-helper.socket wardkey-helper.service." | "Lancez systemctl restart wardkey-helper.socket wardkey-helper.service.";
    helper_silent_why(): "Screen lockers run as the person and ask the helper: they refuse everybody." | "Les verrouilleurs d'écran s'exécutent sous l'identité de la personne et passent par l'assistant : ils refusent tout le monde.";
    helper_silent_remedy(): "Run systemctl enable --now wardkey-helper.socket." | "Lancez systemctl enable --now wardkey-helper.socket.";
    exemption_ends_what(reason: &str, until: &str): "the exemption \"{reason}\" ends on {until}" | "l'exemption « {reason} » prend fin le {until}";
    exemption_ends_why(): "From the day after, a code is asked." | "Dès le lendemain, un code est demandé.";
    exemption_ends_remedy(): "Enrol whom it concerns, or give it another end." | "Inscrivez les personnes concernées, ou repoussez sa fin.";
    sshd_empty_what(scope: &str): "{scope}: an empty password is taken" | "{scope} : un mot de passe vide est accepté";
    sshd_empty_why(): "An account without a password opens by the code alone." | "Un compte sans mot de passe s'ouvre par le code seul.";
    sshd_empty_remedy(): "Set PermitEmptyPasswords no." | "Écrivez PermitEmptyPasswords no.";
}

impl super::Text {
    /// A fault of sshd's settings.
    pub(crate) fn sshd_fault(&self, scope: &Scope, fault: &SshdFault) -> Words {
        let scope = &match scope {
            Scope::Everybody => self.sshd_everybody(),
            Scope::Match(written) => self.sshd_match(written),
        };
        match fault {
            SshdFault::Unreadable(why) => (
                self.sshd_unreadable_what(scope, why),
                self.sshd_unreadable_why(),
                self.sshd_unreadable_remedy(),
            ),
            SshdFault::Silent => {
                (self.sshd_silent_what(scope), self.sshd_unreadable_why(), self.sshd_silent_remedy())
            }
            SshdFault::NoPam => {
                (self.sshd_no_pam_what(scope), self.sshd_no_pam_why(), self.sshd_no_pam_remedy())
            }
            SshdFault::CannotAsk => {
                (self.sshd_cannot_ask_what(scope), self.sshd_cannot_ask_why(), self.sshd_cannot_ask_remedy())
            }
            SshdFault::PasswordOn => {
                (self.sshd_password_what(scope), self.sshd_password_why(), self.sshd_password_remedy())
            }
            SshdFault::KeysAlone => {
                (self.sshd_keys_what(scope), self.sshd_keys_why(), self.sshd_keys_remedy())
            }
            SshdFault::OthersAlone => {
                (self.sshd_others_what(scope), self.sshd_keys_why(), self.sshd_others_remedy())
            }
            SshdFault::EmptyPasswords => {
                (self.sshd_empty_what(scope), self.sshd_empty_why(), self.sshd_empty_remedy())
            }
        }
    }
}
