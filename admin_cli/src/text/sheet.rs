//! What stands on the enrolment sheet, and why one is not written.

use super::messages;

/// Apps that take what we issue, and who publishes them in the App Store and on Google Play.
pub(crate) const APPS: [(&str, &str); 6] = [
    ("Google Authenticator", "Google LLC"),
    ("Microsoft Authenticator", "Microsoft Corporation"),
    ("Twilio Authy", "Authy Inc. (Twilio)"),
    ("Duo Mobile", "Duo Security LLC (Cisco)"),
    ("1Password", "AgileBits Inc."),
    ("LastPass Authenticator", "LastPass US LP"),
];

messages! {
    sheet_pending(until: &str, user: &str): "This key opens nothing yet: it becomes active when one of its codes is typed, at the latest on {until}. If that does not happen, destroy this sheet and ask for a new one. To check: wardkey status {user}"
        | "Cette clé n'ouvre encore rien : elle devient active quand un de ses codes est tapé, au plus tard le {until}. Si ce n'est pas le cas, détruisez cette feuille et demandez-en une nouvelle. Pour vérifier : wardkey status {user}";
    sheet_app_heading(): "1. Install an authenticator app on the phone" | "1. Installez une application d'authentification sur le téléphone";
    sheet_stores(): "Any one of these. Take it from the App Store (iPhone) or Google Play (Android) and nowhere else. All but 1Password cost nothing."
        | "Une de celles-ci. Prenez-la dans l'App Store (iPhone) ou sur Google Play (Android), et nulle part ailleurs. Toutes sont gratuites, sauf 1Password.";
    sheet_app_column(): "App" | "Application";
    sheet_publisher_column(): "Publisher" | "Éditeur";
    sheet_lookalikes(): "Beware of lookalikes: name and publisher must both be right. An app that asks for money to show a code is a lookalike."
        | "Attention aux imitations : le nom et l'éditeur doivent être justes tous les deux ; une application qui demande de l'argent pour afficher un code en est une.";
    sheet_no_phone(support: &str): "No phone? A hardware token shows the same codes, and printed codes work too. Ask for one: {support}."
        | "Pas de téléphone ? Un jeton matériel affiche les mêmes codes, et des codes imprimés marchent aussi. Pour en avoir : {support}.";
    sheet_scan_heading(): "2. In the app choose \"add account\" and scan this" | "2. Dans l'application, choisissez « ajouter un compte » et scannez ceci";
    sheet_or_type(): "No camera? Choose \"enter a setup key\" and type these in:" | "Pas d'appareil photo ? Choisissez « saisir une clé » et tapez :";
    sheet_issuer(): "Issuer" | "Émetteur";
    sheet_account(): "Account" | "Compte";
    sheet_key(): "Key" | "Clé";
    sheet_kind_word(): "Kind" | "Type";
    sheet_kind(algorithm: &str, digits: u32, period: u32): "time-based, {algorithm}, {digits} digits, {period} seconds" | "basé sur l'heure, {algorithm}, {digits} chiffres, {period} secondes";
    sheet_then_code(): "3. Type the code that the app then shows where you are asked for it."
        | "3. Tapez le code que l'application affiche alors là où on vous le demande.";
    sheet_login_heading(): "At a login" | "Lors d'une connexion";
    sheet_login(digits: u32): "First your password, as always. Then you are asked for a code: type the {digits} digits that the app shows under the issuer of your account there. Each code works once; after a mistake wait for the next one. Nobody else ever needs your code: never tell it to a caller."
        | "D'abord votre mot de passe, comme toujours. Puis on vous demande un code : tapez les {digits} chiffres que l'application affiche sous l'émetteur de votre compte. Chaque code ne sert qu'une fois ; après une erreur, attendez le suivant. Personne d'autre n'a jamais besoin de votre code : ne le donnez jamais au téléphone.";
    sheet_rejected(): "Codes are rejected? Let the phone set its clock by itself (automatic date and time), and try the next code. It may also be the clock of the workstation: say so when you call."
        | "Les codes sont refusés ? Laissez le téléphone régler son horloge (date et heure automatiques) et essayez le code suivant. Cela peut aussi être l'horloge du poste : dites-le en appelant.";
    sheet_lost_heading(): "Without the phone" | "Sans le téléphone";
    sheet_not_at_hand(): "Not at hand: type one of your recovery codes where the code is asked for." | "Pas sous la main : tapez un de vos codes de secours là où le code est demandé.";
    sheet_lost_phone(support: &str): "Lost, broken or new: log in with a recovery code and set up the new phone at once (wardkey replace; help: {support}). The old one then stops working."
        | "Perdu, cassé ou nouveau : connectez-vous avec un code de secours et mettez aussitôt en place le nouveau téléphone (wardkey replace ; aide : {support}). L'ancien n'ouvre alors plus rien.";
    sheet_nothing_left(support: &str): "No code left either? Help: {support}. You will be called back and asked to prove who you are; your name alone is not enough. Then you enrol again."
        | "Plus de code non plus ? Aide : {support}. On vous rappellera et vérifiera qui vous êtes ; votre nom seul ne suffit pas. Puis vous vous inscrivez à nouveau.";
    sheet_call(support: &str): "Questions, or stuck? Help: {support}." | "Une question, un blocage ? Aide : {support}.";
    sheet_codes_heading(user: &str, issuer: &str): "Recovery codes of {user} ({issuer})" | "Codes de secours de {user} ({issuer})";
    sheet_codes_use(): "Each opens one login when the phone is not at hand: type it where the code is asked for, with or without hyphens. Cross it out then."
        | "Chacun ouvre une connexion quand le téléphone n'est pas là : tapez-le là où le code est demandé, avec ou sans tirets. Puis barrez-le.";
    sheet_codes_apart(): "Never together with the page of the key. When few are left, ask for a new set: it voids these."
        | "Jamais avec la page de la clé. Quand il en reste peu, demandez un nouveau jeu : il annule ceux-ci.";
    sheet_codes_made(made: &str, user: &str): "Made on {made}. They are valid if the command that made them said that it was done; wardkey status {user} shows the date of the valid set."
        | "Créés le {made}. Ils sont valables si la commande qui les a créés a dit avoir abouti ; wardkey status {user} affiche la date du jeu valable.";
    sheet_envelope_heading(user: &str, issuer: &str): "Emergency codes of {user} ({issuer})" | "Codes d'urgence de {user} ({issuer})";
    sheet_envelope_use(user: &str): "Each opens one login of {user} when neither phone nor recovery codes are at hand: type it where the code is asked for, after the password. Cross it out then."
        | "Chacun ouvre une connexion de {user} quand le téléphone et les codes de secours manquent : tapez-le là où le code est demandé, après le mot de passe. Puis barrez-le.";
    sheet_envelope_seal(): "Keep this sheet in a sealed envelope, locked away. Each use is logged as an alert. After a use make a new envelope."
        | "Gardez cette feuille dans une enveloppe scellée, sous clé. Chaque usage est signalé comme une alerte. Après un usage, préparez une nouvelle enveloppe.";
    sheet_envelope_made(made: &str, user: &str): "Made on {made}. A reset makes them void. How many are left: wardkey status {user}"
        | "Créés le {made}. Une réinitialisation les annule. Combien il en reste : wardkey status {user}";
    sheet_written(path: &str): "The sheet to print: {path}" | "La feuille à imprimer : {path}";
    sheet_has_codes(count: usize, path: &str): "{count} recovery codes are in {path}, and nowhere else. The key is not on that sheet." | "{count} codes de secours figurent dans {path}, et nulle part ailleurs. La clé n'y figure pas.";
    sheet_delete(word: &str): "Print it, hand it over, then delete it: shred -u {word}" | "Imprimez-la, remettez-la, puis effacez-la : shred -u {word}";
    sheet_unchanged(): "There are no new recovery codes, so no sheet was written." | "Il n'y a pas de nouveaux codes de secours ; aucune feuille n'a été écrite.";
    sheet_needs_a_name(path: &str): "{path} does not name a file." | "{path} ne désigne pas un fichier.";
    sheet_example(): "Name a new file: --sheet /root/roy.html" | "Indiquez un nouveau fichier : --sheet /root/roy.html";
    sheet_exists(path: &str): "{path} already exists; a sheet never overwrites anything." | "{path} existe déjà ; une feuille n'écrase jamais rien.";
    sheet_other_name(): "Name a file that does not exist yet." | "Indiquez un fichier qui n'existe pas encore.";
    sheet_elsewhere(): "Name a file in a directory that is yours alone, on this machine: mkdir -m 700 /root/sheets"
        | "Indiquez un fichier dans un répertoire à vous seul, sur cette machine : mkdir -m 700 /root/sheets";
    sheet_writable(dir: &str): "Others can write into {dir}, and a sheet with a key or codes must not lie there." | "D'autres peuvent écrire dans {dir} ; une feuille avec une clé ou des codes n'y a pas sa place.";
    sheet_sticky(dir: &str): "Everybody can write into {dir} and sees what lies there; a sheet with a key or codes must not." | "Tout le monde peut écrire dans {dir} et voit ce qui s'y trouve ; une feuille avec une clé ou des codes n'y a pas sa place.";
    sheet_readable(dir: &str, mode: u32): "Others can look into {dir} (mode {mode:04o}), and a sheet with a key or codes must not lie there." | "D'autres peuvent voir dans {dir} (mode {mode:04o}) ; une feuille avec une clé ou des codes n'y a pas sa place.";
    sheet_others(dir: &str, uid: u32): "{dir} belongs to uid {uid}, not to the account running the command (root under sudo)." | "{dir} appartient à l'uid {uid}, et non au compte qui lance la commande (root sous sudo).";
    sheet_on_network(dir: &str, kind: &str): "{dir} lies on a network file system or one that leads elsewhere ({kind}); a key or codes must not leave this machine." | "{dir} se trouve sur un système de fichiers en réseau ou menant ailleurs ({kind}) ; une clé ou des codes ne doivent pas quitter cette machine.";
    sheet_on_unknown(dir: &str): "{dir} lies on a file system that is not known to stay on this machine; a key or codes must not leave it." | "{dir} se trouve sur un système de fichiers dont rien ne dit qu'il reste sur cette machine ; une clé ou des codes ne doivent pas la quitter.";
}
