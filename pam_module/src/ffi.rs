//! The C doors, and the module's one file with unsafe code: PAM's items, data and calls that `pam-bindings` lacks.
#![allow(unsafe_code, reason = "the boundary to C; each block says why it is sound")]

use crate::auth::{self, Answer, Machine};
use crate::doors::{self, Account, Session};
use crate::host::{Broken, Caller, Host, Mark, Note, Priority, Tone};
use crate::passage::{self, Moment};
use crate::password::{self, Call, Password, Phase};
use crate::screen::Screen;
use crate::shadow::Ageing;
use libc::{c_char, c_int, c_uint, c_void};
use pam::constants::{PAM_CHANGE_EXPIRED_AUTHTOK, PAM_SILENT, PamFlag, PamResultCode};
use pam::constants::{PAM_ERROR_MSG, PAM_PROMPT_ECHO_OFF, PAM_PROMPT_ECHO_ON, PAM_TEXT_INFO};
use pam::conv::Conv;
use pam::items::{AuthTok, RHost, Service, Tty, User};
use pam::module::{PamHandle, PamHooks};
use std::ffi::{CStr, CString};
use std::os::fd::AsFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use wardkey_core::account::SystemAccounts;
use wardkey_core::clock::SystemClock;
use wardkey_core::secret::Secret;
use wardkey_core::user::UserName;
use zeroize::Zeroize;

const PAM_AUTHTOK: c_int = 6;
/// `PAM_PRELIM_CHECK` of `<security/pam_modules.h>`.
const PAM_PRELIM_CHECK: PamFlag = 0x4000;
/// `PAM_DELETE_CRED` of `<security/_pam_types.h>`.
const PAM_DELETE_CRED: PamFlag = 0x4;
const MARK: &str = "pam_wardkey_mark";
const NOTE: &str = "pam_wardkey_note";
const FIRST_ANSWER: &str = "pam_wardkey_first_answer";

/// sshd asks for codes in one process and opens the session in another: of all that a module leaves in the first,
/// only PAM's environment comes to the second.
const STILL_DUE: &CStr = c"WARDKEY_MUST_ENROLL";
const STILL_DUE_SET: &CStr = c"WARDKEY_MUST_ENROLL=1";

/// Largest shadow entry, in bytes.
const MAX_SHADOW: usize = 64 * 1024;

#[link(name = "pam")]
unsafe extern "C" {
    fn pam_set_item(pamh: *mut PamHandle, item_type: c_int, item: *const c_void) -> c_int;
    fn pam_getenv(pamh: *mut PamHandle, name: *const c_char) -> *const c_char;
    fn pam_putenv(pamh: *mut PamHandle, name_value: *const c_char) -> c_int;
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

    fn is_still_due(&self) -> bool {
        let pamh = std::ptr::from_ref::<PamHandle>(self.pamh).cast_mut();
        // SAFETY: the handle is live, and the call only reads it; the name ends in NUL.
        !unsafe { pam_getenv(pamh, STILL_DUE.as_ptr()) }.is_null()
    }

    fn set_still_due(&mut self, due: bool) -> Result<(), Broken> {
        if self.is_still_due() == due {
            return Ok(());
        }
        let word = if due { STILL_DUE_SET } else { STILL_DUE };
        // SAFETY: the handle is live; libpam copies the string, and one without `=` takes the variable away.
        let result = unsafe { pam_putenv(self.pamh, word.as_ptr()) };
        if result == PamResultCode::PAM_SUCCESS as c_int { Ok(()) } else { Err(Broken) }
    }
}

/// Whether one of the standard streams is this terminal: greeters name one that they do not sit at.
fn sits_at(tty: &str) -> bool {
    let path = std::path::Path::new("/dev").join(tty);
    let Ok(named) = nix::sys::stat::stat(&path) else { return false };
    let is_named = |stream: std::os::fd::BorrowedFd<'_>| {
        nix::unistd::isatty(stream).unwrap_or(false)
            && nix::sys::stat::fstat(stream).is_ok_and(|own| own.st_rdev == named.st_rdev)
    };
    is_named(std::io::stdin().as_fd())
        || is_named(std::io::stdout().as_fd())
        || is_named(std::io::stderr().as_fd())
}

/// What shadow(5) says of an account; the hash that comes with it is wiped.
fn read_shadow(user: &UserName) -> Option<Ageing> {
    let name = CString::new(user.as_bytes()).ok()?;
    let mut buffer = vec![0; MAX_SHADOW];
    let mut found = std::ptr::null_mut();
    // SAFETY: an entry of zeros is a valid value of this plain C struct.
    let mut entry: libc::spwd = unsafe { std::mem::zeroed() };
    // SAFETY: the name ends in NUL; entry, buffer and result pointer outlive the call, the length is the buffer's.
    let status = unsafe {
        libc::getspnam_r(name.as_ptr(), &raw mut entry, buffer.as_mut_ptr(), buffer.len(), &raw mut found)
    };
    buffer.zeroize();
    let days = |value: libc::c_long| (value >= 0).then_some(value);
    let is_found = status == 0 && !found.is_null();
    is_found.then(|| Ageing { changed: days(entry.sp_lstchg), max_days: days(entry.sp_max) })
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

    fn ask_shown(&mut self, prompt: &str) -> Result<Secret, Broken> {
        self.send(PAM_PROMPT_ECHO_ON, prompt)?.ok_or(Broken)
    }

    fn screen(&self) -> Screen {
        match self.tty().as_deref() {
            Some("ssh") => Screen::Ssh,
            Some(tty) if sits_at(tty) => Screen::Terminal,
            _ => Screen::Prompt,
        }
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
        let own = unsafe { self.pamh.get_data::<Mark>(MARK) }.ok().copied();
        own.or_else(|| self.is_still_due().then_some(Mark::MustEnrollElsewhere))
    }

    fn set_mark(&mut self, mark: Mark) -> Result<(), Broken> {
        self.set_still_due(matches!(mark, Mark::MustEnroll(_) | Mark::MustEnrollElsewhere))?;
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

    fn first_answer(&self) -> Option<Password> {
        // SAFETY: only `set_first_answer` stores under this name, and only a Password.
        unsafe { self.pamh.get_data::<Password>(FIRST_ANSWER) }.ok().copied()
    }

    fn set_first_answer(&mut self, answer: Password) -> Result<(), Broken> {
        self.pamh.set_data(FIRST_ANSWER, Box::new(answer)).map_err(|_| Broken)
    }

    fn ageing(&self, user: &UserName) -> Option<Ageing> {
        read_shadow(user)
    }

    fn caller(&self) -> Caller {
        match (nix::unistd::getuid().is_root(), nix::unistd::geteuid().is_root()) {
            (true, true) => Caller::Root,
            (false, true) => Caller::SetUid,
            (_, false) => Caller::Ordinary,
        }
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

/// Doors that never refuse: the stack's `setcred` acts as `required`, and a session that ends has ended.
fn follow(pamh: &mut PamHandle, words: &[&CStr], moment: Moment) -> PamResultCode {
    let machine = Machine { accounts: &SystemAccounts, clock: &SystemClock };
    door(pamh, words, |host, words| {
        passage::follow(host, &machine, words, moment);
        PamResultCode::PAM_SUCCESS
    });
    PamResultCode::PAM_SUCCESS
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

    fn acct_mgmt(pamh: &mut PamHandle, words: Vec<&CStr>, flags: PamFlag) -> PamResultCode {
        let silent = flags & PAM_SILENT != 0;
        door(pamh, &words, |host, words| match doors::account(host, words, silent) {
            Account::Success => PamResultCode::PAM_SUCCESS,
            Account::NewAuthtokReqd => PamResultCode::PAM_NEW_AUTHTOK_REQD,
            Account::Ignore => PamResultCode::PAM_IGNORE,
            Account::ServiceErr => PamResultCode::PAM_SERVICE_ERR,
        })
    }

    fn sm_chauthtok(pamh: &mut PamHandle, words: Vec<&CStr>, flags: PamFlag) -> PamResultCode {
        let machine = Machine { accounts: &SystemAccounts, clock: &SystemClock };
        let phase = if flags & PAM_PRELIM_CHECK != 0 { Phase::Check } else { Phase::Update };
        let (silent, expired) = (flags & PAM_SILENT != 0, flags & PAM_CHANGE_EXPIRED_AUTHTOK != 0);
        let call = Call { phase, silent, expired };
        door(pamh, &words, |host, words| match password::password(host, &machine, words, call) {
            Password::Success => PamResultCode::PAM_SUCCESS,
            Password::Ignore => PamResultCode::PAM_IGNORE,
            Password::AuthtokErr => PamResultCode::PAM_AUTHTOK_ERR,
            Password::ServiceErr => PamResultCode::PAM_SERVICE_ERR,
        })
    }

    fn sm_open_session(pamh: &mut PamHandle, words: Vec<&CStr>, flags: PamFlag) -> PamResultCode {
        let silent = flags & PAM_SILENT != 0;
        let machine = Machine { accounts: &SystemAccounts, clock: &SystemClock };
        door(pamh, &words, |host, words| match doors::open_session(host, words, silent) {
            Session::Success => {
                passage::follow(host, &machine, words, Moment::Opened);
                PamResultCode::PAM_SUCCESS
            }
            Session::SessionErr => PamResultCode::PAM_SESSION_ERR,
            Session::PermDenied => PamResultCode::PAM_PERM_DENIED,
            Session::ServiceErr => PamResultCode::PAM_SERVICE_ERR,
        })
    }

    fn sm_close_session(pamh: &mut PamHandle, words: Vec<&CStr>, _flags: PamFlag) -> PamResultCode {
        follow(pamh, &words, Moment::Closed)
    }

    fn sm_setcred(pamh: &mut PamHandle, words: Vec<&CStr>, flags: PamFlag) -> PamResultCode {
        if flags & PAM_DELETE_CRED != 0 {
            return PamResultCode::PAM_SUCCESS;
        }
        follow(pamh, &words, Moment::Succeeded)
    }
}
