//! What `doctor` says of what a stack leans on: another configuration, a module that is not known, the service `other`.

use super::doctor::Words;
use super::messages;
use crate::doctor::fault::StackFault;

messages! {
    never_read_why(): "libpam looks for services by names in small letters, and not in every directory that others use." | "libpam cherche les services par des noms en minuscules, et pas dans tous les répertoires que d'autres utilisent.";
    never_read_remedy(service: &str): "Move its lines into /etc/pam.d/{service}." | "Déplacez ses lignes dans /etc/pam.d/{service}.";
    unknown_check_what(service: &str): "{service}: whether a password is asked besides the code cannot be told" | "{service} : on ne peut pas dire si un mot de passe est demandé en plus du code";
    unknown_check_why(module: &str): "The doctor does not know what {module} asks." | "Le docteur ne sait pas ce que demande {module}.";
    unknown_check_remedy(): "Log in once, and see whether the password is asked." | "Connectez-vous une fois, et voyez si le mot de passe est demandé.";
    other_config_what(service: &str, path: &str): "{service}: its line reads {path}, which the doctor did not look at" | "{service} : sa ligne lit {path}, que le docteur n'a pas examiné";
    other_config_why(): "That file may ask other people for a code, or nobody." | "Ce fichier peut demander un code à d'autres personnes, ou à personne.";
    other_config_remedy(path: &str): "Take `config=` out, or run `wardkey --config {path} doctor` too." | "Retirez `config=`, ou lancez aussi `wardkey --config {path} doctor`.";
    no_config_what(service: &str, path: &str): "{service}: its line reads {path}, which does not exist" | "{service} : sa ligne lit {path}, qui n'existe pas";
    no_config_remedy(): "Correct the path, or take `config=` out." | "Corrigez le chemin, ou retirez `config=`.";
    no_file_why(service: &str): "There is no file {service}, so the service `other` answers for it, and asks for no code." | "Il n'y a pas de fichier {service} : le service `other` répond à sa place, sans demander de code.";
    no_file_remedy(): "Put its file back, with wardkey's lines." | "Remettez son fichier, avec les lignes de wardkey.";
}

impl super::Text {
    /// A fault of what a line leans on.
    pub(crate) fn setting_fault(&self, service: &str, fault: &StackFault) -> Words {
        match fault {
            StackFault::UnknownCheck(_, module) => (
                self.unknown_check_what(service),
                self.unknown_check_why(module),
                self.unknown_check_remedy(),
            ),
            StackFault::OtherConfig(_, path) => (
                self.other_config_what(service, path),
                self.other_config_why(),
                self.other_config_remedy(path),
            ),
            StackFault::NoConfig(_, path) => {
                (self.no_config_what(service, path), self.argument_why(), self.no_config_remedy())
            }
            StackFault::NeverRead(file) => (
                self.shadowed_what(service, &file.display().to_string()),
                self.never_read_why(),
                self.never_read_remedy(service),
            ),
            _ => (self.not_asked_what(service), self.no_file_why(service), self.no_file_remedy()),
        }
    }
}
