//! What a person reads while they enrol, and about their recovery codes.

use super::messages;

messages! {
    enroll_heading(user: &str, issuer: &str): "Second factor for {user} ({issuer})" | "Second facteur pour {user} ({issuer})";
    step_app(): "1. On the phone, have an authenticator app: Google Authenticator, Microsoft Authenticator, Authy,\n   Duo Mobile, 1Password or LastPass. Any of them is free."
        | "1. Sur le téléphone, installez une application d'authentification : Google Authenticator,\n   Microsoft Authenticator, Authy, Duo Mobile, 1Password ou LastPass. Elles sont gratuites.";
    beware_lookalikes(): "   Beware of lookalikes: check the publisher (Google LLC, Microsoft Corporation, Twilio, Duo Security,\n   AgileBits, LastPass), and pay nothing."
        | "   Attention aux imitations : vérifiez l'éditeur (Google LLC, Microsoft Corporation, Twilio,\n   Duo Security, AgileBits, LastPass), et ne payez rien.";
    unusual_parameters(): "   Only some apps know these values; several ignore them without a word and show wrong codes."
        | "   Seules quelques applications connaissent ces valeurs ; plusieurs les ignorent sans un mot\n   et affichent des codes erronés.";
    step_scan(): "2. In the app choose \"add account\" and scan this:" | "2. Dans l'application, choisissez « ajouter un compte » et scannez ceci :";
    step_key(): "2. In the app choose \"add account\" and \"enter a setup key\"." | "2. Dans l'application, choisissez « ajouter un compte » et « saisir une clé ».";
    no_qr_without_colors(): "   (No QR code without colours: it would not scan on every screen.)"
        | "   (Pas de code QR sans couleurs : il ne serait pas lisible sur tous les écrans.)";
    enlarge_window(lines: usize, columns: usize): "   (This window is too small for the QR code. Enlarge it to {lines} lines of {columns} columns and run the command\n   again, or type the key:)"
        | "   (Cette fenêtre est trop petite pour le code QR. Agrandissez-la à {lines} lignes de {columns} colonnes et relancez\n   la commande, ou saisissez la clé :)";
    or_type_key(): "   No camera? Type these in instead:" | "   Pas d'appareil photo ? Saisissez plutôt :";
    issuer_line(issuer: &str): "   Issuer: {issuer}" | "   Émetteur : {issuer}";
    account_line(account: &str): "   Account: {account}" | "   Compte : {account}";
    key_line(key: &str): "   Key: {key}" | "   Clé : {key}";
    parameters_line(algorithm: &str, digits: u32, period: u32): "   Time-based, {algorithm}, {digits} digits, {period} seconds"
        | "   Basé sur l'heure, {algorithm}, {digits} chiffres, {period} secondes";
    step_code(): "3. Type the code that the app shows now." | "3. Tapez le code que l'application affiche maintenant.";
    code_prompt(): "Code from the app:" | "Code de l'application :";
    key_prompt(): "Key (base32):" | "Clé (base32) :";
    try_again(): "Nothing has changed: try again with the next code." | "Rien n'a changé : réessayez avec le code suivant.";
    still_pending(user: &str): "The authenticator stays pending for 24 hours. Go on with wardkey confirm {user}, or start anew with wardkey enroll {user}."
        | "L'application reste en attente 24 heures. Continuez avec wardkey confirm {user}, ou recommencez avec wardkey enroll {user}.";
    codes_heading(count: usize): "{count} recovery codes. Each opens one login when the phone is not at hand. They are shown only now:"
        | "{count} codes de secours. Chacun ouvre une session quand le téléphone n'est pas là. Ils ne s'affichent qu'une fois :";
    codes_good_places(): "Keep them in a password manager, in a locked drawer or on a second device."
        | "Gardez-les dans un gestionnaire de mots de passe, un tiroir fermé à clé ou un second appareil.";
    codes_bad_places(): "Not on a sticky note, in an e-mail to yourself or in a shared document."
        | "Pas sur un pense-bête, ni dans un courriel à vous-même, ni dans un document partagé.";
    saved_prompt(): "Type \"saved\" once you have kept them; the screen is then cleared:"
        | "Tapez « noté » quand ils sont en lieu sûr ; l'écran sera ensuite effacé :";
    saved_word(): "saved" | "noté";
    mfa_on(user: &str, since: &str): "MFA: ON for {user} since {since}" | "MFA : ACTIVÉ pour {user} depuis le {since}";
    each_login(): "Services with the wardkey line now ask for the password and for a code from the app."
        | "Les services qui ont la ligne wardkey demandent maintenant le mot de passe et un code de l'application.";
    not_asked_yet(user: &str): "{user} is not in the groups of the configuration ([policy] groups): no login asks for a code."
        | "{user} n'est dans aucun des groupes de la configuration ([policy] groups) : aucune connexion ne demande de code.";
    exempt_for_now(user: &str, until: &str, reason: &str): "{user} is exempt until {until} ({reason}): until then no login asks for a code."
        | "{user} est exempté jusqu'au {until} ({reason}) : d'ici là, aucune connexion ne demande de code.";
    codes_not_again(): "The recovery codes are where you have put them now; they are not shown again." | "Les codes de secours sont là où vous venez de les ranger ; ils ne s'affichent plus.";
    codes_left_now(left: usize, user: &str): "Recovery codes: {left} left. A new set: wardkey recovery-codes {user}"
        | "Codes de secours : {left} restants. Un nouveau jeu : wardkey recovery-codes {user}";
    when_stuck(support: &str): "Phone and codes lost? Call {support}." | "Téléphone et codes perdus ? Appelez {support}.";
    old_set_void(user: &str): "A new set for {user}; the old codes are void." | "Un nouveau jeu pour {user} ; les anciens codes sont annulés.";
}
