//! What people read when they change their own second factor, through the helper.

use super::messages;

messages! {
    own_code_prompt(): "Code from your app, or a recovery code:" | "Code de votre application, ou code de secours :";
    no_self_service(): "Self-service is off here: you cannot change your second factor yourself." | "Le libre-service est désactivé ici : vous ne pouvez pas modifier vous-même votre second facteur.";
    call_support(support: &str): "Help: {support}." | "Aide : {support}.";
    password_wrong(): "The login password is wrong, or this account may not log in." | "Le mot de passe n'est pas le bon, ou ce compte ne peut pas se connecter.";
    try_password_again(): "Run the command again, and type the password you log in with." | "Relancez la commande, et tapez le mot de passe de votre connexion.";
    no_helper(): "The helper is not running, and without it only root can do this." | "L'assistant ne tourne pas, et sans lui seul root peut faire cela.";
    start_helper(): "Ask an administrator to run: systemctl enable --now wardkey-helper.socket. Or run the command as root." | "Demandez à l'administration système de lancer : systemctl enable --now wardkey-helper.socket. Ou lancez la commande en tant que root.";
    helper_busy(): "Too many of your commands and screens are asking the helper at once." | "Trop de vos commandes et écrans interrogent l'assistant à la fois.";
    helper_of_another_config(asked: &str, own: &str): "The helper uses {own}, but this command uses {asked}." | "L'assistant utilise {own}, mais cette commande utilise {asked}.";
    helper_of_some_other_config(asked: &str): "The helper uses another configuration than {asked}." | "L'assistant utilise une autre configuration que {asked}.";
    helper_broken(): "The helper cannot do it now. The log of this machine says why." | "L'assistant ne peut pas le faire pour l'instant. Le journal de cette machine dit pourquoi.";
    one_helper_each(): "Give both the same file (--config), or give each file a [helper] socket of its own." | "Donnez le même fichier aux deux (--config), ou donnez à chaque fichier son propre [helper] socket.";
    helper_failed(why: &str): "The helper could not do it: {why}" | "L'assistant n'a pas pu le faire : {why}";
    nothing_typed(): "Nothing was typed, and nothing was changed." | "Rien n'a été tapé, et rien n'a changé.";
    type_it_again(): "Run the command again where you can type." | "Relancez la commande là où vous pouvez taper.";
    only_oneself(user: &str): "Only root may do this for {user}; without root you can do it only for yourself." | "Seul root peut le faire pour {user} ; sans root, vous ne pouvez le faire que pour vous-même.";
    leave_out_user(): "Leave out the name, or run it as root." | "Omettez le nom, ou lancez la commande en tant que root.";
}
