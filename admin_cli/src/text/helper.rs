//! What people read who help themselves, through the helper.

use super::messages;

messages! {
    own_code_prompt(): "Code from your app, or a recovery code:" | "Code de votre application, ou code de secours :";
    no_self_service(): "This site's people do not change their own second factor." | "Sur ce site, on ne change pas soi-même son second facteur.";
    call_support(support: &str): "Get help: {support}." | "Aide : {support}.";
    password_wrong(): "The login password was not right, or this account may not be used." | "Le mot de passe n'est pas le bon, ou ce compte ne peut être utilisé.";
    try_password_again(): "Run the command again, and type the password you log in with." | "Relancez la commande, et tapez le mot de passe de votre connexion.";
    no_helper(): "The helper does not run, and without it only root can do this." | "L'assistant ne tourne pas, et sans lui seul root peut faire cela.";
    start_helper(): "Ask for: systemctl enable --now wardkey-helper.socket. Or run the command as root." | "Demandez : systemctl enable --now wardkey-helper.socket. Ou lancez la commande en tant que root.";
    helper_busy(): "Too many of your commands and screens ask the helper at once." | "Trop de vos commandes et écrans interrogent l'assistant à la fois.";
    helper_of_another_config(asked: &str, own: &str): "The helper works by {own}, and this command by {asked}." | "L'assistant utilise {own}, et cette commande utilise {asked}.";
    helper_of_some_other_config(asked: &str): "The helper works by another configuration than {asked}." | "L'assistant utilise une autre configuration que {asked}.";
    helper_broken(): "The helper cannot do it now. The log of this machine says why." | "L'assistant ne peut le faire à présent. Le journal de cette machine dit pourquoi.";
    one_helper_each(): "Give both the same file (--config), or give each file a [helper] socket of its own." | "Donnez le même fichier aux deux (--config), ou donnez à chaque fichier son propre [helper] socket.";
    helper_failed(why: &str): "The helper could not do it: {why}" | "L'assistant n'a pas pu le faire : {why}";
    nothing_typed(): "Nothing was typed, and nothing was changed." | "Rien n'a été tapé, et rien n'a changé.";
    type_it_again(): "Run the command again where you can type." | "Relancez la commande là où vous pouvez taper.";
    only_oneself(user: &str): "Only root may do this for {user}; without root it is for oneself." | "Seul root peut le faire pour {user} ; sans root, on le fait pour soi-même.";
    leave_out_user(): "Leave out the name, or run it as root." | "Omettez le nom, ou lancez la commande en tant que root.";
}
