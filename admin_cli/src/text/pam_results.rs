//! What libpam's results mean, by their names in C (`security/_pam_types.h`).

use super::{Text, messages};
use crate::trial::wire::{CallStep, PamCall};
use pam_stack::PamResult;

messages! {
    call_start(): "pam_start" | "pam_start";
    call_auth(): "auth" | "auth";
    call_account(): "account" | "account";
    call_line(call: &str, name: &str, means: &str): "{call}: {name}: {means}" | "{call} : {name} : {means}";
    result_auth_success(): "what was asked is right" | "ce qui était demandé est juste";
    result_account_success(): "the account may be used" | "le compte peut être utilisé";
    result_success(): "done" | "fait";
    result_open_err(): "a module could not be loaded" | "un module n'a pas pu être chargé";
    result_symbol_err(): "a module lacks a function" | "il manque une fonction à un module";
    result_service_err(): "a module, or its configuration, is broken" | "un module, ou sa configuration, est en panne";
    result_system_err(): "the system did not give what a module needs" | "le système n'a pas donné ce qu'il faut à un module";
    result_buf_err(): "memory ran out" | "la mémoire manque";
    result_perm_denied(): "refused: not allowed" | "refusé : pas permis";
    result_auth_err(): "refused: password or code is wrong, or somebody must wait" | "refusé : mot de passe ou code incorrect, ou attente en cours";
    result_cred_insufficient(): "refused: the module may not look at what it needs" | "refusé : le module ne peut pas consulter ce qu'il lui faut";
    result_authinfo_unavail(): "refused: a module could not reach what it asks" | "refusé : un module n'a pas pu joindre ce qu'il interroge";
    result_user_unknown(): "refused: a module does not know this user" | "refusé : un module ne connaît pas cette personne";
    result_max_tries(): "refused: too many tries" | "refusé : trop d'essais";
    result_new_authtok_reqd(): "only after enrolling, or a new password: the program would ask for that now" | "seulement après une inscription, ou un nouveau mot de passe : le programme le demanderait maintenant";
    result_acct_expired(): "refused: the account has expired" | "refusé : le compte a expiré";
    result_session_err(): "a session could not be opened or closed" | "une session n'a pas pu être ouverte ou fermée";
    result_cred_unavail(): "refused: credentials cannot be had" | "refusé : les droits sont indisponibles";
    result_cred_expired(): "refused: credentials have expired" | "refusé : les droits ont expiré";
    result_cred_err(): "refused: credentials could not be set" | "refusé : les droits n'ont pas pu être établis";
    result_no_module_data(): "a module lost what it had kept" | "un module a perdu ce qu'il avait gardé";
    result_conv_err(): "refused: a question was not answered" | "refusé : une question est restée sans réponse";
    result_authtok_err(): "refused: the password could not be changed" | "refusé : le mot de passe n'a pas pu être changé";
    result_authtok_recover_err(): "refused: the password typed before could not be had" | "refusé : le mot de passe tapé avant n'a pas pu être repris";
    result_authtok_lock_busy(): "refused: the passwords are locked at present" | "refusé : les mots de passe sont verrouillés en ce moment";
    result_authtok_disable_aging(): "refused: passwords do not age here" | "refusé : les mots de passe n'expirent pas ici";
    result_try_again(): "refused for now: try again" | "refusé pour l'instant : réessayez";
    result_ignore(): "no module had anything to say" | "aucun module n'avait quoi que ce soit à dire";
    result_abort(): "libpam gave up" | "libpam a renoncé";
    result_authtok_expired(): "refused: the password has expired" | "refusé : le mot de passe a expiré";
    result_module_unknown(): "a module is missing" | "un module manque";
    result_bad_item(): "a module asked for something that there is not" | "un module a demandé quelque chose qui n'existe pas";
    result_conv_again(): "a module waits for the program" | "un module attend le programme";
    result_incomplete(): "libpam waits for the program" | "libpam attend le programme";
}

/// The name of a result in C.
pub(crate) fn constant(result: PamResult) -> String {
    match result {
        PamResult::AuthtokRecoverErr => "PAM_AUTHTOK_RECOVERY_ERR".to_owned(),
        _ => format!("PAM_{}", result.name().to_ascii_uppercase()),
    }
}

impl Text {
    /// A call, libpam's answer by name, and what it means.
    pub(crate) fn call_ended(&self, step: CallStep) -> String {
        let call = match step.call {
            PamCall::Start => self.call_start(),
            PamCall::Auth => self.call_auth(),
            PamCall::Account => self.call_account(),
        };
        self.call_line(&call, &constant(step.result), &self.result_means(step))
    }

    fn result_means(&self, step: CallStep) -> String {
        match step.result {
            PamResult::Success => match step.call {
                PamCall::Auth => self.result_auth_success(),
                PamCall::Account => self.result_account_success(),
                PamCall::Start => self.result_success(),
            },
            PamResult::OpenErr => self.result_open_err(),
            PamResult::SymbolErr => self.result_symbol_err(),
            PamResult::ServiceErr => self.result_service_err(),
            PamResult::SystemErr => self.result_system_err(),
            PamResult::BufErr => self.result_buf_err(),
            PamResult::PermDenied => self.result_perm_denied(),
            PamResult::AuthErr => self.result_auth_err(),
            PamResult::CredInsufficient => self.result_cred_insufficient(),
            PamResult::AuthinfoUnavail => self.result_authinfo_unavail(),
            PamResult::UserUnknown => self.result_user_unknown(),
            PamResult::MaxTries => self.result_max_tries(),
            PamResult::NewAuthtokReqd => self.result_new_authtok_reqd(),
            PamResult::AcctExpired => self.result_acct_expired(),
            PamResult::SessionErr => self.result_session_err(),
            PamResult::CredUnavail => self.result_cred_unavail(),
            PamResult::CredExpired => self.result_cred_expired(),
            PamResult::CredErr => self.result_cred_err(),
            PamResult::NoModuleData => self.result_no_module_data(),
            PamResult::ConvErr => self.result_conv_err(),
            PamResult::AuthtokErr => self.result_authtok_err(),
            PamResult::AuthtokRecoverErr => self.result_authtok_recover_err(),
            PamResult::AuthtokLockBusy => self.result_authtok_lock_busy(),
            PamResult::AuthtokDisableAging => self.result_authtok_disable_aging(),
            PamResult::TryAgain => self.result_try_again(),
            PamResult::Ignore => self.result_ignore(),
            PamResult::Abort => self.result_abort(),
            PamResult::AuthtokExpired => self.result_authtok_expired(),
            PamResult::ModuleUnknown => self.result_module_unknown(),
            PamResult::BadItem => self.result_bad_item(),
            PamResult::ConvAgain => self.result_conv_again(),
            PamResult::Incomplete => self.result_incomplete(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wardkey_core::policy::config::Language;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a header of the system's")]
    fn every_result_has_a_name_of_libpam_and_words_in_two_languages() {
        let english = Text::default();
        let french = Text::new(Language::French, "");
        let header = std::fs::read_to_string("/usr/include/security/_pam_types.h").unwrap();
        for result in PamResult::ALL {
            let name = constant(result);
            let defined = header.lines().find(|line| line.starts_with(&format!("#define {name} ")));
            let number =
                defined.and_then(|line| line.split_whitespace().nth(2)).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(number, result.number().to_string(), "{name}");
            let step = CallStep { call: PamCall::Account, result };
            let (english, french) = (english.call_ended(step), french.call_ended(step));
            assert!(english.contains(&name) && french.contains(&name), "{english} {french}");
            assert_ne!(english, french.replace(" : ", ": "), "{name}");
        }
    }
}
