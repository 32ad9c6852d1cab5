//! The C doors, and the one file with unsafe code: PAM's items, data and calls that `pam-bindings` lacks.
#![allow(unsafe_code, reason = "the boundary to C; each block says why it is sound")]

use crate::auth::{self, Answer, Machine};
use crate::doors::{self, Account, Password, Session};
use crate::host::{Broken, Host, Mark, Note, Priority, Tone};
use libc::{c_char, c_int, c_uint, c_void};
use pam::constants::{PAM_CHANGE_EXPIRED_AUTHTOK, PAM_SILENT, PamFlag, PamResultCode};
use pam::constants::{PAM_ERROR_MSG, PAM_PROMPT_ECHO_OFF, PAM_TEXT_INFO};
use pam::conv::Conv;
use pam::items::{AuthTok, RHost, Service, Tty, User};
use pam::module::{PamHandle, PamHooks};
use std::ffi::{CStr, CString};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use wardkey_core::account::SystemAccounts;
use wardkey_core::clock::SystemClock;
use wardkey_core::secret::Secret;
use zeroize::Zeroize;

const PAM_AUTHTOK: c_int = 6;
const MARK: &str = "pam_wardkey_mark";
const NOTE: &str = "pam_wardkey_note";

#[link(name = "pam")]
unsafe extern "C" {
    fn pam_set_item(pamh: *mut PamHandle, item_type: c_int, item: *const c_void) -> c_int;
    fn pam_fail_delay(pamh: *mut PamHandle, microseconds: c_uint) -> c_int;
    fn pam_syslog(pamh: *const PamHandle, priority: c_int, format: *const c_char, ...);
}

struct Transaction<'a> {
    pamh: &'a mut PamHandle,
}

impl Transaction<'_> {
    fn send(&self, style: c_int, text: &str) -> Result<Option<Secret>, Broken> {
        let conv = self.pamh.get_item::<Conv<'_>>().ok().flatten().ok_or(Broken)?;
        let reply = conv.send(style, text).map_err(|_| Broken)?;
        Ok(reply.map(|bytes| Secret::new(bytes.as_bytes().to_vec())))
    }
}

fn text(item: Option<&CStr>) -> Option<String> {
    item.map(|s| s.to_string_lossy().into_owned()).filter(|s| !s.is_empty())
}

impl Host for Transaction<'_> {
    fn user(&mut self) -> Result<Vec<u8>, Broken> {
        // The call asks for a name where none is set; its own result is UTF-8 only, the item is not.
        let asked = self.pamh.get_user(None);
        match self.pamh.get_item::<User<'_>>() {
            Ok(Some(user)) => Ok(user.to_bytes().to_vec()),
            _ => asked.map(String::into_bytes).map_err(|_| Broken),
        }
    }

    fn service(&self) -> String {
        self.pamh.get_item::<Service<'_>>().ok().flatten().and_then(|s| text(Some(*s))).unwrap_or_default()
    }

    fn rhost(&self) -> Option<String> {
        text(self.pamh.get_item::<RHost<'_>>().ok()?.map(|s| *s))
    }

    fn tty(&self) -> Option<String> {
        text(self.pamh.get_item::<Tty<'_>>().ok()?.map(|s| *s))
    }

    fn authtok(&self) -> Option<Secret> {
        Some(Secret::new(self.pamh.get_item::<AuthTok<'_>>().ok()??.as_bytes().to_vec()))
    }

    fn set_authtok(&mut self, password: &[u8]) -> Result<(), Broken> {
        let mut c_password = Vec::with_capacity(password.len() + 1);
        c_password.extend_from_slice(password);
        c_password.push(0);
        // SAFETY: the handle is libpam's own, live for this call; the item is a NUL-terminated string, which
        // libpam copies before it returns.
        let result = unsafe { pam_set_item(self.pamh, PAM_AUTHTOK, c_password.as_ptr().cast()) };
        c_password.zeroize();
        if result == PamResultCode::PAM_SUCCESS as c_int { Ok(()) } else { Err(Broken) }
    }

    fn ask(&mut self, prompt: &str) -> Result<Secret, Broken> {
        self.send(PAM_PROMPT_ECHO_OFF, prompt)?.ok_or(Broken)
    }

    fn tell(&mut self, tone: Tone, text: &str) {
        let style = match tone {
            Tone::Info => PAM_TEXT_INFO,
            Tone::Error => PAM_ERROR_MSG,
        };
        // An application that cannot show a text is no reason to decide otherwise.
        let _ = self.send(style, text);
    }

    fn log(&mut self, priority: Priority, line: &str) {
        let priority = match priority {
            Priority::Alert => libc::LOG_ALERT,
            Priority::Critical => libc::LOG_CRIT,
            Priority::Error => libc::LOG_ERR,
            Priority::Warning => libc::LOG_WARNING,
            Priority::Notice => libc::LOG_NOTICE,
            Priority::Info => libc::LOG_INFO,
            Priority::Debug => libc::LOG_DEBUG,
        };
        let line: Vec<u8> = line.bytes().map(|b| if b < b' ' { b'?' } else { b }).collect();
        let Ok(line) = CString::new(line) else { return };
        // SAFETY: the handle is live; the format takes exactly the one NUL-terminated string that is given.
        unsafe { pam_syslog(self.pamh, priority, c"%s".as_ptr(), line.as_ptr()) };
    }

    fn delay_failure(&mut self, microseconds: u32) {
        // SAFETY: the handle is live; the call only notes a number in it.
        unsafe { pam_fail_delay(self.pamh, microseconds) };
    }

    fn mark(&self) -> Option<Mark> {
        // SAFETY: only `set_mark` stores under this name, and only a Mark.
        unsafe { self.pamh.get_data::<Mark>(MARK) }.ok().copied()
    }

    fn set_mark(&mut self, mark: Mark) -> Result<(), Broken> {
        self.pamh.set_data(MARK, Box::new(mark)).map_err(|_| Broken)
    }

    fn take_note(&mut self) -> Option<Note> {
        // SAFETY: only this function and `set_note` store under this name, and only an Option<Note>.
        let note = unsafe { self.pamh.get_data::<Option<Note>>(NOTE) }.ok().cloned().flatten()?;
        let _ = self.pamh.set_data(NOTE, Box::new(None::<Note>));
        Some(note)
    }

    fn set_note(&mut self, note: Note) {
        let _ = self.pamh.set_data(NOTE, Box::new(Some(note)));
    }

    fn is_root(&self) -> bool {
        nix::unistd::geteuid().is_root()
    }
}

/// Runs a door; a panic is logged and becomes `PAM_ABORT`, which every control but `optional` refuses.
fn door(
    pamh: &mut PamHandle,
    words: &[&CStr],
    run: impl FnOnce(&mut dyn Host, &[&str]) -> PamResultCode,
) -> PamResultCode {
    static QUIET: Once = Once::new();
    // The default hook writes to the application's standard error; this one is of our copy of std alone.
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    let mut host = Transaction { pamh };
    let words: Option<Vec<&str>> = words.iter().map(|word| word.to_str().ok()).collect();
    let Some(words) = words else {
        host.log(Priority::Critical, "an argument is not UTF-8");
        return PamResultCode::PAM_SERVICE_ERR;
    };
    catch_unwind(AssertUnwindSafe(|| run(&mut host, &words))).unwrap_or_else(|_| {
        host.log(Priority::Critical, "internal error (panic): refused");
        PamResultCode::PAM_ABORT
    })
}

struct Wardkey;
pam::pam_hooks!(Wardkey);

impl PamHooks for Wardkey {
    fn sm_authenticate(pamh: &mut PamHandle, words: Vec<&CStr>, flags: PamFlag) -> PamResultCode {
        let machine = Machine { accounts: &SystemAccounts, clock: &SystemClock };
        door(pamh, &words, |host, words| {
            match auth::authenticate(host, &machine, words, flags & PAM_SILENT != 0) {
                Answer::Success => PamResultCode::PAM_SUCCESS,
                Answer::Ignore => PamResultCode::PAM_IGNORE,
                Answer::AuthErr => PamResultCode::PAM_AUTH_ERR,
                Answer::MaxTries => PamResultCode::PAM_MAXTRIES,
                Answer::Unavailable => PamResultCode::PAM_AUTHINFO_UNAVAIL,
                Answer::ServiceErr => PamResultCode::PAM_SERVICE_ERR,
                Answer::ConvErr => PamResultCode::PAM_CONV_ERR,
            }
        })
    }

    fn acct_mgmt(pamh: &mut PamHandle, words: Vec<&CStr>, _flags: PamFlag) -> PamResultCode {
        door(pamh, &words, |host, words| match doors::account(host, words) {
            Account::Success => PamResultCode::PAM_SUCCESS,
            Account::NewAuthtokReqd => PamResultCode::PAM_NEW_AUTHTOK_REQD,
            Account::Ignore => PamResultCode::PAM_IGNORE,
            Account::ServiceErr => PamResultCode::PAM_SERVICE_ERR,
        })
    }

    fn sm_chauthtok(pamh: &mut PamHandle, words: Vec<&CStr>, flags: PamFlag) -> PamResultCode {
        let (silent, expired) = (flags & PAM_SILENT != 0, flags & PAM_CHANGE_EXPIRED_AUTHTOK != 0);
        door(pamh, &words, |host, words| match doors::password(host, words, silent, expired) {
            Password::Ignore => PamResultCode::PAM_IGNORE,
            Password::AuthtokErr => PamResultCode::PAM_AUTHTOK_ERR,
            Password::ServiceErr => PamResultCode::PAM_SERVICE_ERR,
        })
    }

    fn sm_open_session(pamh: &mut PamHandle, words: Vec<&CStr>, _flags: PamFlag) -> PamResultCode {
        door(pamh, &words, |host, words| match doors::open_session(host, words) {
            Session::Success => PamResultCode::PAM_SUCCESS,
            Session::SessionErr => PamResultCode::PAM_SESSION_ERR,
            Session::ServiceErr => PamResultCode::PAM_SERVICE_ERR,
        })
    }

    fn sm_close_session(_pamh: &mut PamHandle, _words: Vec<&CStr>, _flags: PamFlag) -> PamResultCode {
        PamResultCode::PAM_SUCCESS
    }

    fn sm_setcred(_pamh: &mut PamHandle, _words: Vec<&CStr>, _flags: PamFlag) -> PamResultCode {
        PamResultCode::PAM_SUCCESS
    }
}
