//! What `disable` says of lines that were written by hand.

use super::messages;

messages! {
    by_hand_left(): "Left as they are, since it is not proven that they let the right people in without wardkey's lines:" | "Laissés tels quels, faute de preuve qu'ils laissent entrer les bonnes personnes sans les lignes de wardkey :";
    by_hand_in(service: &str, file: &str): "  {service}: lines written by hand in {file}" | "  {service} : lignes écrites à la main dans {file}";
    by_hand_remedy(): "Take the lines that name pam_wardkey.so out of these files yourself, from a root shell that stays open, and try a login; of a file that others include, all services at once: wardkey disable --all." | "Retirez vous-même de ces fichiers les lignes qui nomment pam_wardkey.so, depuis un shell root qui reste ouvert, et essayez une connexion ; pour un fichier que d'autres incluent, tous les services à la fois : wardkey disable --all.";
    by_hand_off(services: &str): "{services}: off. wardkey's lines are taken out, also those that were written by hand." | "{services} : désactivés. Les lignes de wardkey sont retirées, y compris celles écrites à la main.";
    named_nowhere(): "No file of PAM names pam_wardkey.so, and sshd has no settings for it." | "Aucun fichier de PAM ne nomme pam_wardkey.so, et sshd n'a pas de réglages pour lui.";
    still_named(): "These lines still need pam_wardkey.so. Without it their logins are refused:" | "Ces lignes ont encore besoin de pam_wardkey.so. Sans lui, leurs connexions sont refusées :";
    take_all_out(): "Switch everything off first: wardkey disable --all. Lines that it leaves you take out yourself, from a root shell that stays open." | "Désactivez d'abord tout : wardkey disable --all. Les lignes qu'il laisse, retirez-les vous-même, depuis un shell root qui reste ouvert.";
    lines_went(): "wardkey's lines are taken out." | "Les lignes de wardkey sont retirées.";
    nothing_goes(): "Nothing was changed: the files above must be mended first." | "Rien n'a été modifié : les fichiers ci-dessus doivent d'abord être réparés.";
    drop_in_needed(file: &str): "{file} stays: sshd still asks for a code by those lines, and without its settings would refuse every password." | "{file} reste : sshd demande encore un code par ces lignes et, sans ses réglages, refuserait tout mot de passe.";
    drop_in_by_hand(file: &str): "{file} was not made by wardkey enable, and stays. If you no longer want it, remove it, run sshd -t, and then systemctl reload ssh (sshd on RHEL and Arch)." | "{file} n'a pas été créé par wardkey enable, et reste. Si vous n'en voulez plus, supprimez-le, lancez sshd -t, puis systemctl reload ssh (sshd sous RHEL et Arch).";
}
