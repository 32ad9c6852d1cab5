//! What a person reads while they enrol, and about their recovery codes.

use super::messages;

messages! {
    enroll_heading(user: &str, issuer: &str): "Second factor for {user} ({issuer})" | "Second facteur pour {user} ({issuer})";
    step_app(): "1. Install an authenticator app on the phone: Google Authenticator, Microsoft Authenticator, Authy, Duo Mobile, 1Password or LastPass. Take it from the phone's own store."
        | "1. Installez une application d'authentification sur le téléphone : Google Authenticator, Microsoft Authenticator, Authy, Duo Mobile, 1Password ou LastPass. Prenez-la dans la boutique du téléphone.";
    beware_lookalikes(): "   Beware of lookalikes: check the publisher (Google LLC, Microsoft Corporation, Twilio, Duo Security, AgileBits, LastPass). All but 1Password cost nothing; an app that asks for money to show a code is a lookalike."
        | "   Attention aux imitations : vérifiez l'éditeur (Google LLC, Microsoft Corporation, Twilio, Duo Security, AgileBits, LastPass). Toutes sont gratuites, sauf 1Password ; une autre qui demande de l'argent est une imitation.";
    unusual_parameters(): "   Some apps silently ignore these settings and show wrong codes."
        | "   Certaines applications ignorent ces réglages sans le dire et affichent des codes erronés.";
    step_scan(): "2. In the app choose \"add account\" and scan this:" | "2. Dans l'application, choisissez « ajouter un compte » et scannez ceci :";
    step_key(): "2. In the app choose \"add account\" and \"enter a setup key\"." | "2. Dans l'application, choisissez « ajouter un compte » et « saisir une clé ».";
    step_key_or_scan(): "2. In the app choose \"add account\" and scan the QR code below, or choose \"enter a setup key\" and type these in:"
        | "2. Dans l'application, choisissez « ajouter un compte » et scannez le code QR ci-dessous, ou choisissez « saisir une clé » et tapez :";
    scans_on_dark(): "   (Drawn without colours: it scans on a dark screen. On a light one type the key.)"
        | "   (Dessiné sans couleurs : il se scanne sur un écran sombre. Sur un écran clair, tapez la clé.)";
    no_qr_unseen(): "   (No QR code, because this output is not a terminal. To have one all the same: --color always, or --sheet FILE with enroll.)"
        | "   (Pas de code QR, car cette sortie n'est pas un terminal. Pour en avoir un quand même : --color always, ou --sheet FICHIER avec enroll.)";
    enlarge_window(lines: usize, columns: usize): "   (The QR code needs {lines} lines of {columns} columns. Enlarge the window and press Return, or type the key:)"
        | "   (Le code QR demande {lines} lignes de {columns} colonnes. Agrandissez la fenêtre et appuyez sur Entrée, ou tapez la clé :)";
    or_type_key(): "   No camera? Type these in instead:" | "   Pas d'appareil photo ? Saisissez plutôt :";
    issuer_line(issuer: &str): "   Issuer: {issuer}" | "   Émetteur : {issuer}";
    account_line(account: &str): "   Account: {account}" | "   Compte : {account}";
    key_line(key: &str): "   Key: {key}" | "   Clé : {key}";
    parameters_line(algorithm: &str, digits: u32, period: u32): "   Time-based, {algorithm}, {digits} digits, {period} seconds"
        | "   Basé sur l'heure, {algorithm}, {digits} chiffres, {period} secondes";
    step_code(): "3. Type the code that the app shows now." | "3. Tapez le code que l'application affiche maintenant.";
    code_prompt(): "Code from the app:" | "Code de l'application :";
    code_prompt_or_key(): "Code from the app (Return shows the key):" | "Code de l'application (Entrée affiche la clé) :";
    code_prompt_or_picture(): "Code from the app (Return shows the QR code):" | "Code de l'application (Entrée affiche le code QR) :";
    key_prompt(): "Key (base32):" | "Clé (base32) :";
    try_again(): "Nothing has changed: try again with the next code." | "Rien n'a changé : réessayez avec le code suivant.";
    still_pending(user: &str): "The authenticator stays pending for 24 hours. Go on with wardkey confirm {user}, or start over with wardkey enroll {user}."
        | "L'application reste en attente 24 heures. Continuez avec wardkey confirm {user}, ou recommencez avec wardkey enroll {user}.";
    codes_heading(count: usize): "{count} recovery codes. Each opens one login when the phone is not at hand. They are shown only now:"
        | "{count} codes de secours. Chacun ouvre une session quand le téléphone n'est pas là. Ils ne s'affichent qu'une fois :";
    codes_good_places(): "Keep them in a password manager, in a locked drawer or on a second device."
        | "Gardez-les dans un gestionnaire de mots de passe, un tiroir fermé à clé ou un second appareil.";
    codes_bad_places(): "Not on a sticky note, in an e-mail to yourself or in a shared document."
        | "Pas sur un pense-bête, ni dans un courriel à vous-même, ni dans un document partagé.";
    saved_prompt(): "Type \"saved\" once you have kept them; the screen is then cleared:"
        | "Tapez « noté » quand ils sont en lieu sûr ; l'écran sera ensuite effacé :";
    saved_prompt_uncleared(): "Type \"saved\" once you have kept them. This terminal cannot be cleared; close it then:"
        | "Tapez « noté » quand ils sont en lieu sûr. Ce terminal ne s'efface pas ; fermez-le ensuite :";
    saved_word(): "saved" | "noté";
    mfa_on(user: &str, since: &str): "MFA: ON for {user} since {since}" | "MFA : ACTIVÉ pour {user} depuis le {since}";
    each_login(services: &str): "These services now ask for the password and for a code from the app: {services}."
        | "Ces services demandent maintenant le mot de passe et un code de l'application : {services}.";
    no_login_yet(): "No service asks for a code yet: no file in /etc/pam.d has the wardkey line. To switch services on: wardkey enable"
        | "Aucun service ne demande encore de code : aucun fichier de /etc/pam.d n'a la ligne wardkey. Pour activer des services : wardkey enable";
    not_asked_yet(user: &str): "{user} is not in the groups of the configuration ([policy] groups): no login asks for a code."
        | "{user} n'est dans aucun des groupes de la configuration ([policy] groups) : aucune connexion ne demande de code.";
    exempt_for_now(user: &str, until: &str, reason: &str): "{user} is exempt until {until} ({reason}): until then no login asks for a code."
        | "{user} est exempté jusqu'au {until} ({reason}) : d'ici là, aucune connexion ne demande de code.";
    codes_not_again(): "The recovery codes are now where you have put them; they are not shown again." | "Les codes de secours sont là où vous venez de les ranger ; ils ne s'affichent plus.";
    codes_left_now(left: usize, user: &str): "Recovery codes: {left} left. A new set: wardkey recovery-codes {user}"
        | "Codes de secours : {left} restants. Un nouveau jeu : wardkey recovery-codes {user}";
    when_stuck(support: &str): "Phone and codes lost? Help: {support}." | "Téléphone et codes perdus ? Aide : {support}.";
    old_set_void(user: &str): "A new set for {user}; the old codes are void." | "Un nouveau jeu pour {user} ; les anciens codes sont annulés.";
    new_set_on_saved(): "They open nothing yet, and the old codes still work. That changes when you have typed \"saved\"."
        | "Ils n'ouvrent encore rien, et les anciens codes sont toujours valables. Cela change quand vous aurez tapé « noté ».";
    old_codes_still_work(): "Your old codes still work; the new ones open nothing." | "Vos anciens codes sont toujours valables ; les nouveaux n'ouvrent rien.";
    old_codes_of_still_work(user: &str): "The old codes of {user} still work; the new ones open nothing." | "Les anciens codes de {user} sont toujours valables ; les nouveaux n'ouvrent rien.";
    not_said_saved(): "The new codes were not kept." | "Les nouveaux codes n'ont pas été gardés.";
    either_set(word: &str): "It is not certain which set of codes works: keep both, and run wardkey recovery-codes {word} again." | "On ne sait pas quel jeu de codes fonctionne : gardez les deux, et relancez wardkey recovery-codes {word}.";
    new_set_again(word: &str): "For a new set: wardkey recovery-codes {word}" | "Pour un nouveau jeu : wardkey recovery-codes {word}";
    shown_are_void(): "The record changed meanwhile, so the codes shown before are void. Keep these instead."
        | "L'enregistrement a changé entre-temps ; les codes affichés avant sont annulés. Gardez ceux-ci à la place.";
    replaced_meanwhile(user: &str): "{user} was reset or enrolled again meanwhile: the codes you were shown are void." | "{user} a été réinitialisé ou inscrit à nouveau entre-temps : les codes affichés sont annulés.";
    codes_of_the_new(word: &str): "Destroy what you wrote down, and see how things stand: wardkey status {word}" | "Détruisez ce que vous avez noté, et voyez où en sont les choses : wardkey status {word}";
    on_without_codes(user: &str, word: &str): "MFA is ON for {user}. If the recovery codes were not kept, make a new set: wardkey recovery-codes {word}"
        | "MFA est ACTIVÉ pour {user}. Si les codes de secours n'ont pas été gardés, créez un nouveau jeu : wardkey recovery-codes {word}";
}
