//! What the watch over the services that are on says.

use super::messages;
use crate::enable::watch::WatchTrouble;

messages! {
    watch_unasked(service: &str, file: &str): "{service} no longer asks for a code: wardkey's lines in {file} are gone" | "{service} ne demande plus de code : les lignes de wardkey dans {file} ont disparu";
    watch_asked_no_more(service: &str): "{service} no longer asks for a code: the lines by which it did, such as those of pam-auth-update's profile, are gone" | "{service} ne demande plus de code : les lignes par lesquelles il le faisait, comme celles du profil de pam-auth-update, ont disparu";
    watch_lines(service: &str, file: &str): "{service}: wardkey's lines in {file} are not as wardkey enable wrote them" | "{service} : les lignes de wardkey dans {file} ne sont plus celles que wardkey enable a écrites";
    watch_drop_in(file: &str): "sshd: {file} is not as wardkey enable wrote it" | "sshd : {file} n'est plus tel que wardkey enable l'a écrit";
    watch_because(what: &str, why: &str): "{what}. {why}" | "{what}. {why}";
    watch_remedy(): "See wardkey doctor. To write wardkey's lines once more: wardkey disable SERVICE, then wardkey enable SERVICE." | "Voyez wardkey doctor. Pour réécrire les lignes de wardkey : wardkey disable SERVICE, puis wardkey enable SERVICE.";
    asks_no_more_remedy(service: &str): "Run wardkey disable {service}, then wardkey enable {service}; if that is meant, wardkey disable {service} alone." | "Lancez wardkey disable {service}, puis wardkey enable {service} ; si c'est voulu, seulement wardkey disable {service}.";
    watch_sound_again(): "asks for a code again" | "demande de nouveau un code";
    watch_found(): "The watch found:" | "La surveillance a constaté :";
    watch_line(what: &str): "  {what}" | "  {what}";
    not_watched(why: &str): "systemd does not watch over these services: {why}" | "systemd ne surveille pas ces services : {why}";
}

impl super::Text {
    /// What is wrong with a service that was switched on.
    pub(crate) fn watch_trouble(&self, service: &str, trouble: &WatchTrouble) -> String {
        let (what, why) = match trouble {
            WatchTrouble::Unasked(Some(file)) => {
                return self.watch_unasked(service, &file.display().to_string());
            }
            WatchTrouble::Unasked(None) => return self.watch_asked_no_more(service),
            WatchTrouble::Lines(file) => return self.watch_lines(service, &file.display().to_string()),
            WatchTrouble::DropIn(file) => return self.watch_drop_in(&file.display().to_string()),
            WatchTrouble::Stack(fault) => {
                let (what, why, _) = self.stack_fault(service, fault);
                (what, why)
            }
            WatchTrouble::Sshd(scope, fault) => {
                let (what, why, _) = self.sshd_fault(scope, fault);
                (what, why)
            }
        };
        self.watch_because(&what, &why)
    }
}
