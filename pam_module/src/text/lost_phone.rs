//! What a person reads about a lost phone and a new one.

use super::messages;

messages! {
    /// In a session that a recovery code opened.
    lost_your_phone(): "Lost your phone? Run wardkey replace." | "Téléphone perdu ? Lancez wardkey replace.";
    /// At the first login after an authenticator took another's place.
    phone_replaced() with support: "Your phone was replaced since your last login. If you did not do that, report it: {support}."
        | "Votre téléphone a été remplacé depuis votre dernière connexion. Si ce n'était pas vous, signalez-le : {support}.";
}
