//! The doors as libpam calls them: words and flags in, one of PAM's results out; a panic refuses.

use crate::answer::{AccountAnswer, AuthAnswer, PasswordAnswer, SessionAnswer};
use crate::by_sshd::tell_notice;
use crate::doors::grace::Moment;
use crate::doors::password::{self, Call, Phase};
use crate::doors::{account, auth, grace, lost_phone, session};
use crate::ffi::LibpamTransaction;
use crate::transaction::Machine;
use crate::transaction::{Priority, Transaction};
use pam::constants::{PAM_CHANGE_EXPIRED_AUTHTOK, PAM_SILENT, PamFlag, PamResultCode};
use pam::module::{PamHandle, PamHooks};
use std::ffi::CStr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use wardkey_core::policy::account::SystemAccounts;
use wardkey_core::system::clock::SystemClock;

/// `PAM_PRELIM_CHECK` of `<security/pam_modules.h>`.
const PAM_PRELIM_CHECK: PamFlag = 0x4000;
/// `PAM_DELETE_CRED` of `<security/_pam_types.h>`.
const PAM_DELETE_CRED: PamFlag = 0x4;

/// No argument of ours: stands for one that is not UTF-8, so that it refuses as any unknown one does.
const NO_TEXT: &str = "\u{fffd}";

/// Runs a door; nothing comes of a panic but a line in the log.
fn door<T>(
    pam: &mut dyn Transaction,
    words: &[&CStr],
    run: impl FnOnce(&mut dyn Transaction, &[&str]) -> T,
) -> Option<T> {
    static QUIET: Once = Once::new();
    // The default hook writes to the application's standard error; this one is of our copy of std alone.
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    let words: Vec<&str> = words.iter().map(|word| word.to_str().unwrap_or(NO_TEXT)).collect();
    let ran = catch_unwind(AssertUnwindSafe(|| run(pam, &words)));
    if ran.is_err() {
        pam.log(Priority::Critical, "internal error (panic): refused");
    }
    ran.ok()
}

fn authenticate(
    pam: &mut dyn Transaction,
    machine: &Machine<'_>,
    words: &[&CStr],
    flags: PamFlag,
) -> PamResultCode {
    let silent = flags & PAM_SILENT != 0;
    let answer = door(pam, words, |pam, words| auth::authenticate(pam, machine, words, silent));
    match answer {
        Some(AuthAnswer::Success) => PamResultCode::PAM_SUCCESS,
        Some(AuthAnswer::Ignore) => PamResultCode::PAM_IGNORE,
        Some(AuthAnswer::AuthErr) => PamResultCode::PAM_AUTH_ERR,
        Some(AuthAnswer::ServiceErr) => PamResultCode::PAM_SERVICE_ERR,
        Some(AuthAnswer::ConvErr) => PamResultCode::PAM_CONV_ERR,
        None => {
            // It may have come after a mark that lets somebody in.
            door(pam, &[], |pam, _| auth::refuse_every_name(pam));
            PamResultCode::PAM_AUTH_ERR
        }
    }
}

/// Doors that never refuse: the stack's `setcred` acts as `required`, and a session that ends has ended.
fn follow(pamh: &mut PamHandle, words: &[&CStr], moment: Moment) -> PamResultCode {
    let _ = door(&mut LibpamTransaction { pamh }, words, |pam, words| {
        grace::follow(pam, &machine(), words, moment);
    });
    PamResultCode::PAM_SUCCESS
}

const fn machine() -> Machine<'static> {
    Machine { accounts: &SystemAccounts, clock: &SystemClock }
}

/// Receives libpam's calls.
pub(crate) struct Wardkey;

impl PamHooks for Wardkey {
    fn sm_authenticate(pamh: &mut PamHandle, words: Vec<&CStr>, flags: PamFlag) -> PamResultCode {
        authenticate(&mut LibpamTransaction { pamh }, &machine(), &words, flags)
    }

    fn acct_mgmt(pamh: &mut PamHandle, words: Vec<&CStr>, flags: PamFlag) -> PamResultCode {
        let silent = flags & PAM_SILENT != 0;
        let run =
            |pam: &mut dyn Transaction, words: &[&str]| account::account(pam, &SystemAccounts, words, silent);
        match door(&mut LibpamTransaction { pamh }, &words, run) {
            Some(AccountAnswer::Success) => PamResultCode::PAM_SUCCESS,
            Some(AccountAnswer::NewAuthtokReqd) => PamResultCode::PAM_NEW_AUTHTOK_REQD,
            Some(AccountAnswer::PermDenied) => PamResultCode::PAM_PERM_DENIED,
            Some(AccountAnswer::Ignore) => PamResultCode::PAM_IGNORE,
            Some(AccountAnswer::ServiceErr) => PamResultCode::PAM_SERVICE_ERR,
            None => PamResultCode::PAM_ABORT,
        }
    }

    fn sm_chauthtok(pamh: &mut PamHandle, words: Vec<&CStr>, flags: PamFlag) -> PamResultCode {
        let phase = if flags & PAM_PRELIM_CHECK != 0 { Phase::Check } else { Phase::Update };
        let (silent, expired) = (flags & PAM_SILENT != 0, flags & PAM_CHANGE_EXPIRED_AUTHTOK != 0);
        let call = Call { phase, silent, expired };
        let run =
            |pam: &mut dyn Transaction, words: &[&str]| password::password(pam, &machine(), words, call);
        match door(&mut LibpamTransaction { pamh }, &words, run) {
            Some(PasswordAnswer::Success) => PamResultCode::PAM_SUCCESS,
            Some(PasswordAnswer::Ignore) => PamResultCode::PAM_IGNORE,
            Some(PasswordAnswer::AuthtokErr) => PamResultCode::PAM_AUTHTOK_ERR,
            Some(PasswordAnswer::ServiceErr) => PamResultCode::PAM_SERVICE_ERR,
            None => PamResultCode::PAM_ABORT,
        }
    }

    fn sm_open_session(pamh: &mut PamHandle, words: Vec<&CStr>, flags: PamFlag) -> PamResultCode {
        let silent = flags & PAM_SILENT != 0;
        let run = |pam: &mut dyn Transaction, words: &[&str]| {
            let answer = session::open_session(pam, &SystemAccounts, words, silent);
            if answer == SessionAnswer::Success {
                grace::follow(pam, &machine(), words, Moment::Opened);
                lost_phone::open_session(pam, &machine(), words, silent);
            }
            answer
        };
        match door(&mut LibpamTransaction { pamh }, &words, run) {
            Some(SessionAnswer::Success) => PamResultCode::PAM_SUCCESS,
            Some(SessionAnswer::SessionErr) => PamResultCode::PAM_SESSION_ERR,
            Some(SessionAnswer::PermDenied) => PamResultCode::PAM_PERM_DENIED,
            Some(SessionAnswer::ServiceErr) => PamResultCode::PAM_SERVICE_ERR,
            None => PamResultCode::PAM_ABORT,
        }
    }

    fn sm_close_session(pamh: &mut PamHandle, words: Vec<&CStr>, _flags: PamFlag) -> PamResultCode {
        follow(pamh, &words, Moment::Closed)
    }

    fn sm_setcred(pamh: &mut PamHandle, words: Vec<&CStr>, flags: PamFlag) -> PamResultCode {
        if flags & PAM_DELETE_CRED != 0 {
            return PamResultCode::PAM_SUCCESS;
        }
        let silent = flags & PAM_SILENT != 0;
        let _ = door(&mut LibpamTransaction { pamh }, &[], |pam, _| tell_notice(pam, silent));
        follow(pamh, &words, Moment::Succeeded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mark::{Mark, Whose, of_anybody};
    use crate::testing::scripted::Scripted;
    use crate::transaction::Broken;
    use wardkey_core::policy::account::{Account, Accounts, LookupError};
    use wardkey_core::user::UserName;

    /// An account database that breaks down.
    struct Panics;

    impl Accounts for Panics {
        fn find(&self, _: &UserName) -> Result<Option<Account>, LookupError> {
            panic!("in the middle of a login")
        }

        fn is_member(&self, _: &Account, _: &str) -> Result<bool, LookupError> {
            panic!("in the middle of a login")
        }
    }

    #[test]
    fn a_panic_refuses_and_takes_back_an_earlier_yes() -> Result<(), Broken> {
        let mut pam = Scripted::new(b"roy");
        pam.set_mark(Mark::Passed(crate::mark::PassedBy::Alone), &Whose::Unsure)?;
        let machine = Machine { accounts: &Panics, clock: &SystemClock };
        assert_eq!(authenticate(&mut pam, &machine, &[], 0), PamResultCode::PAM_AUTH_ERR);
        assert_eq!(of_anybody(&pam.left()), Some(Mark::Refused));
        assert!(pam.log().contains("panic"));
        Ok(())
    }

    #[test]
    fn an_argument_that_is_not_text_refuses_and_leaves_the_mark() {
        let mut pam = Scripted::new(b"roy");
        let code = authenticate(&mut pam, &machine(), &[c"\xff"], 0);
        assert_eq!(code, PamResultCode::PAM_SERVICE_ERR);
        assert_eq!(of_anybody(&pam.left()), Some(Mark::Refused));
    }
}
