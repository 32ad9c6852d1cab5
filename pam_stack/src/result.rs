//! What a module may answer.

use std::fmt;

macro_rules! results {
    ($($variant:ident $name:literal)*) => {
        /// A PAM result, in libpam's order (`security/_pam_types.h`).
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[allow(missing_docs)]
        #[repr(u8)]
        pub enum PamResult { $($variant),* }

        impl PamResult {
            /// Every result, in libpam's order.
            pub const ALL: [Self; 32] = [$(Self::$variant),*];

            /// Its name in a control (pam.conf(5)).
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

results! {
    Success "success"
    OpenErr "open_err"
    SymbolErr "symbol_err"
    ServiceErr "service_err"
    SystemErr "system_err"
    BufErr "buf_err"
    PermDenied "perm_denied"
    AuthErr "auth_err"
    CredInsufficient "cred_insufficient"
    AuthinfoUnavail "authinfo_unavail"
    UserUnknown "user_unknown"
    MaxTries "maxtries"
    NewAuthtokReqd "new_authtok_reqd"
    AcctExpired "acct_expired"
    SessionErr "session_err"
    CredUnavail "cred_unavail"
    CredExpired "cred_expired"
    CredErr "cred_err"
    NoModuleData "no_module_data"
    ConvErr "conv_err"
    AuthtokErr "authtok_err"
    AuthtokRecoverErr "authtok_recover_err"
    AuthtokLockBusy "authtok_lock_busy"
    AuthtokDisableAging "authtok_disable_aging"
    TryAgain "try_again"
    Ignore "ignore"
    Abort "abort"
    AuthtokExpired "authtok_expired"
    ModuleUnknown "module_unknown"
    BadItem "bad_item"
    ConvAgain "conv_again"
    Incomplete "incomplete"
}

impl PamResult {
    /// Its number in libpam.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }
}

impl fmt::Display for PamResult {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_stands_at_its_number() {
        for (number, result) in PamResult::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(result.number()), number, "{result}");
        }
        assert_eq!((PamResult::AuthErr.number(), PamResult::Ignore.number()), (7, 25));
    }
}
