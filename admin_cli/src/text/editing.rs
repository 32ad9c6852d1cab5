//! What is said while the configuration is edited.

use super::messages;

messages! {
    config_replaced(path: &str): "{path} is replaced and in force." | "{path} est remplacé et en vigueur.";
    config_unchanged(path: &str): "{path} is unchanged." | "{path} est inchangé.";
    bad_file_name(name: &str): "A file of the configuration cannot be called \"{name}\"." | "Un fichier de configuration ne peut pas s'appeler « {name} ».";
    good_file_name(longest: usize): "Give a name such as 50-clinic: letters, digits, - _ and ., at most {longest}, the first one no dot."
        | "Donnez un nom comme 50-clinique : lettres, chiffres, - _ et ., {longest} au plus, sans point au début.";
    edit_or_give_up(): "Edit again (e), or give up (g)?" | "Modifier encore (m), ou abandonner (a) ?";
    nothing_replaced(path: &str): "Nothing was replaced: {path} is unchanged." | "Rien n'a été remplacé : {path} est inchangé.";
    somebody_edits(path: &str): "Somebody else is editing {path}." | "Quelqu'un d'autre modifie {path}.";
    changed_meanwhile(path: &str): "Something else changed {path} meanwhile, so it was not replaced."
        | "{path} a été modifié entre-temps par autre chose, et n'a donc pas été remplacé.";
    draft_is_kept(path: &str): "Your version is kept in {path} until the next edit: compare the two."
        | "Votre version est gardée dans {path} jusqu'à la prochaine modification : comparez les deux.";
    no_editor(why: &str): "No editor could be started: {why}" | "Aucun éditeur n'a pu être lancé : {why}";
    name_editor(): "Name one in the environment, for example: EDITOR=nano wardkey config edit"
        | "Indiquez-en un dans l'environnement, par exemple : EDITOR=nano wardkey config edit";
    editor_failed(): "The editor ended with an error." | "L'éditeur s'est terminé par une erreur.";
}
