//! What a person reads about codes by mail.

use super::messages;

messages! {
    confirming_mail_sent(address: &str): "A code was sent to {address}. Ask its owner for it."
        | "Un code a été envoyé à {address}. Demandez-le à la personne à qui appartient l'adresse.";
    mailed_code_prompt(): "Code from the message (8 digits):" | "Code du message (8 chiffres) :";
    address_pending(user: &str): "The address is not active yet. Enter its code with wardkey confirm {user} before it expires, or start over with wardkey enroll {user} --email ADDR."
        | "L'adresse n'est pas encore active. Donnez son code avec wardkey confirm {user} avant qu'il n'expire, ou recommencez avec wardkey enroll {user} --email ADRESSE.";
    address_registered(address: &str, user: &str): "{address} is the registered address of {user}." | "{address} est l'adresse enregistrée de {user}.";
    mail_is_for_recovery(): "At a login, type email to have a code sent there, instead of one from the app." | "Lors d'une connexion, tapez email pour y recevoir un code, à la place de celui de l'application.";
    mail_is_a_factor(): "At a login, type email to have a code sent there. (Mail as a second factor is this site's decision: NIST SP 800-63B-4 rules it out.)"
        | "Lors d'une connexion, tapez email pour y recevoir un code. (Le courriel comme second facteur est un choix de ce site : NIST SP 800-63B-4 l'exclut.)";
    mail_failed(why: &str): "The message was not sent: {why}." | "Le message n'a pas été envoyé : {why}.";
    check_mail_server(): "Check [email] in the configuration and the mail server, then run the command again. It counts as one of three sends in 15 minutes."
        | "Vérifiez [email] dans la configuration et le serveur de courriel, puis relancez la commande. Cela compte pour un des trois envois en 15 minutes.";
    helper_silent(why: &str): "The helper, which sends mail, did not answer: {why}." | "L'assistant, qui envoie le courriel, n'a pas répondu : {why}.";
    run_helper(): "Start it: systemctl enable --now wardkey-helper.socket, or without systemd wardkey-helper listen."
        | "Démarrez-le : systemctl enable --now wardkey-helper.socket, ou sans systemd wardkey-helper listen.";
    not_notified(address: &str, why: &str): "the notice to {address} was not sent: {why}" | "l'avis à {address} n'a pas été envoyé : {why}";
    bad_address(given: &str): "{given} is not a mail address like name@clinic.example." | "{given} n'est pas une adresse comme nom@clinic.example.";
    give_address(): "Give it without a name and without angle brackets." | "Donnez-la sans nom et sans chevrons.";
    by_mail(): "a code by mail" | "un code par courriel";
    email_line(address: &str): "registered address: {address}" | "adresse enregistrée : {address}";
    email_alone_line(address: &str): "registered address: {address}, the only second factor (codes by mail)" | "adresse enregistrée : {address}, seul second facteur (codes par courriel)";
    email_waits_line(address: &str): "an address is waiting for its code: {address}" | "une adresse attend son code : {address}";
}
