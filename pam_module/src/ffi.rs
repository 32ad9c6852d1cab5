//! The module's one file with unsafe code: the C doors, and PAM's items, data and calls that `pam-bindings` lacks.
#![allow(unsafe_code, reason = "the boundary to C; each block says why it is sound")]

use crate::answer::PasswordAnswer;
use crate::hooks::Wardkey;
use crate::kept::{Kept, Word, standing};
use crate::mark::Left;
use crate::screen::{Look, Screen, Window, shows_texts_on};
use crate::shadow::Ageing;
use crate::transaction::{Broken, Caller, Note, Priority, Tone, Transaction};
use libc::{c_char, c_int, c_uint, c_void};
use pam::constants::PamResultCode;
use pam::constants::{PAM_ERROR_MSG, PAM_PROMPT_ECHO_OFF, PAM_PROMPT_ECHO_ON, PAM_TEXT_INFO};
use pam::conv::Conv;
use pam::items::{AuthTok, RHost, Service, Tty, User};
use pam::module::PamHandle;
use std::ffi::{CStr, CString};
use std::panic::{AssertUnwindSafe, catch_unwind};
use wardkey_core::credential::secret::Secret;
use wardkey_core::grace::Ticket;
use wardkey_core::printable::is_unprintable;
use wardkey_core::user::UserName;
use zeroize::Zeroize;

const PAM_AUTHTOK: c_int = 6;
const PAM_SUCCESS: c_int = PamResultCode::PAM_SUCCESS as c_int;

/// A name in libpam's data. It has the build in it: another version of the module in the same stack keeps other types.
macro_rules! data_name {
    ($what:literal) => {
        concat!("pam_wardkey_", $what, " ", env!("CARGO_PKG_VERSION"), " ", env!("WARDKEY_BUILD"))
    };
}

const MARK: &str = data_name!("mark");
const NOTE: &str = data_name!("note");
const FIRST_ANSWER: &str = data_name!("first_answer");

/// The name of the word in PAM's environment, and how one is set. It is the same in all versions: a refusal by one
/// holds in another.
const WORD: &CStr = c"WARDKEY_AUTH";

/// What a session is to begin with, and which login it is of, in PAM's environment: sshd asks in another process.
const NOTICE: &CStr = c"WARDKEY_NOTICE";
const TICKET: &CStr = c"WARDKEY_TICKET";

/// Longest notice that is shown, in characters: longer than any of ours.
const MOST_OF_A_NOTICE: usize = 1000;

/// Largest shadow entry, in bytes.
const MAX_SHADOW: usize = 64 * 1024;

#[link(name = "pam")]
unsafe extern "C" {
    fn pam_set_item(pamh: *mut PamHandle, item_type: c_int, item: *const c_void) -> c_int;
    fn pam_set_data(pamh: *mut PamHandle, name: *const c_char, data: *mut c_void, cleanup: Cleanup) -> c_int;
    fn pam_getenv(pamh: *mut PamHandle, name: *const c_char) -> *const c_char;
    fn pam_putenv(pamh: *mut PamHandle, name_value: *const c_char) -> c_int;
    fn pam_fail_delay(pamh: *mut PamHandle, microseconds: c_uint) -> c_int;
    fn pam_syslog(pamh: *const PamHandle, priority: c_int, format: *const c_char, ...);
}

type Cleanup = extern "C" fn(*mut PamHandle, *mut c_void, c_int);

/// One PAM transaction.
pub(crate) struct LibpamTransaction<'a> {
    pub(crate) pamh: &'a mut PamHandle,
}

impl LibpamTransaction<'_> {
    fn send(&self, style: c_int, text: &str) -> Result<Option<Secret>, Broken> {
        let conv = self.pamh.get_item::<Conv<'_>>().ok().flatten().ok_or(Broken)?;
        let reply = conv.send(style, text).map_err(|_| Broken)?;
        Ok(reply.map(|bytes| Secret::new(bytes.as_bytes().to_vec())))
    }

    fn kept(&self) -> Option<&Kept> {
        // SAFETY: only `keep` of this build stores under this name, and only a Kept.
        unsafe { self.pamh.get_data::<Kept>(MARK) }.ok()
    }

    fn keep(&mut self, kept: Kept) -> Result<(), Broken> {
        let name = CString::new(MARK).map_err(|_| Broken)?;
        let kept = Box::into_raw(Box::new(kept));
        // SAFETY: the handle is live and the name ends in NUL; libpam gives the box to `forget`, once.
        let result = unsafe { pam_set_data(self.pamh, name.as_ptr(), kept.cast(), forget) };
        if result != PAM_SUCCESS {
            // SAFETY: libpam has not taken it.
            drop(unsafe { Box::from_raw(kept) });
            return Err(Broken);
        }
        Ok(())
    }

    /// What PAM's environment says.
    fn variable(&self, name: &CStr) -> Option<String> {
        let pamh = std::ptr::from_ref::<PamHandle>(self.pamh).cast_mut();
        // SAFETY: the handle is live, and the call only reads it; the name ends in NUL.
        let text = unsafe { pam_getenv(pamh, name.as_ptr()) };
        // SAFETY: what is not null is a C string, which stays until the variable is set or taken away.
        (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
    }

    fn set_variable(&mut self, text: &CStr) -> Result<(), Broken> {
        // SAFETY: the handle is live; libpam copies the string, and one without `=` takes the variable away.
        let result = unsafe { pam_putenv(self.pamh, text.as_ptr()) };
        if result == PAM_SUCCESS { Ok(()) } else { Err(Broken) }
    }

    fn set_text(&mut self, name: &CStr, text: &str) -> Result<(), Broken> {
        let whole = [name.to_bytes(), b"=", text.as_bytes()].concat();
        self.set_variable(&CString::new(whole).map_err(|_| Broken)?)
    }

    fn word(&self) -> Option<Word> {
        self.variable(WORD).map(|text| Word::from_text(&text))
    }

    fn set_word(&mut self, word: Option<Word>) -> Result<(), Broken> {
        match word {
            Some(word) => self.set_text(WORD, &word.to_text()),
            None if self.word().is_none() => Ok(()),
            None => self.set_variable(WORD),
        }
    }
}

/// Takes back what [`LibpamTransaction::keep`] gave, when something takes its place or the transaction ends.
extern "C" fn forget(pamh: *mut PamHandle, kept: *mut c_void, status: c_int) {
    // SAFETY: libpam hands over, once, what `keep` gave it.
    let kept = unsafe { Box::from_raw(kept.cast::<Kept>()) };
    // Any other status, a replacement and a child that shall be silent (PAM_DATA_SILENT) have nothing to tell.
    if status != PAM_SUCCESS || pamh.is_null() {
        return;
    }
    let tell = || {
        if let Some(line) = kept.last_word(std::process::id()) {
            // SAFETY: the handle is live until all that is kept in it has been given back.
            LibpamTransaction { pamh: unsafe { &mut *pamh } }.log(Priority::Error, &line);
        }
    };
    let _ = catch_unwind(AssertUnwindSafe(tell));
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

/// The size of the terminal at standard output; a console at a serial line has none.
fn window() -> Option<Window> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: the call fills the plain C struct that it is given.
    let status = unsafe { libc::ioctl(libc::STDOUT_FILENO, libc::TIOCGWINSZ, &raw mut size) };
    let window = Window { rows: size.ws_row.into(), columns: size.ws_col.into() };
    (status == 0 && window.rows > 0 && window.columns > 0).then_some(window)
}

fn text(item: Option<&CStr>) -> Option<String> {
    item.map(|s| s.to_string_lossy().into_owned()).filter(|s| !s.is_empty())
}

impl Transaction for LibpamTransaction<'_> {
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
            Some(tty) if shows_texts_on(tty) => Screen::Terminal(Look::of_environment(window())),
            _ => Screen::Prompt,
        }
    }

    fn tell(&mut self, tone: Tone, text: &str) {
        let style = match tone {
            Tone::Info => PAM_TEXT_INFO,
            Tone::Error => PAM_ERROR_MSG,
        };
        // The decision stands even where an application cannot show a text.
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

    fn left(&self) -> Vec<Left> {
        standing(self.kept(), self.word().as_ref())
    }

    fn has_begun(&self) -> bool {
        self.kept().is_some() || self.word().is_some()
    }

    fn leave(&mut self, left: Option<Left>) -> Result<(), Broken> {
        let kept = Kept::after(self.kept(), left, std::process::id());
        let in_environment = self.set_word(kept.word());
        // What lets somebody in is kept nowhere unless it is known everywhere.
        if in_environment.is_err() && !kept.is_refusing() {
            return Err(Broken);
        }
        self.keep(kept).and(in_environment)
    }

    fn account_is_called(&mut self) {
        if let Some(kept) = self.kept() {
            kept.account_is_called();
        }
    }

    fn was_account_called(&self) -> Option<bool> {
        self.kept().and_then(Kept::was_account_called)
    }

    fn settle(&mut self) {
        let Some(word) = self.word() else { return };
        let kept = Kept::settled(self.kept(), Some(&word), std::process::id());
        // In this order: what a child made void must not stand again.
        if self.keep(kept).is_ok() {
            let _ = self.set_word(None);
        }
    }

    fn take_note(&mut self) -> Option<Note> {
        // SAFETY: only this function and `set_note` of this build store under this name, and only an Option<Note>.
        let note = unsafe { self.pamh.get_data::<Option<Note>>(NOTE) }.ok().cloned().flatten()?;
        let _ = self.pamh.set_data(NOTE, Box::new(None::<Note>));
        Some(note)
    }

    fn set_note(&mut self, note: Note) {
        let _ = self.pamh.set_data(NOTE, Box::new(Some(note)));
    }

    fn take_notice(&mut self) -> Option<String> {
        let text = self.variable(NOTICE)?;
        let _ = self.set_variable(NOTICE);
        // A person's own file may have set it.
        Some(text.chars().filter(|c| !is_unprintable(*c)).take(MOST_OF_A_NOTICE).collect())
    }

    fn add_notice(&mut self, text: &str) {
        let before = self.variable(NOTICE).map(|before| before + " ").unwrap_or_default();
        let _ = self.set_text(NOTICE, &(before + text));
    }

    fn leave_ticket(&mut self, ticket: &Ticket) {
        let _ = self.set_text(TICKET, &ticket.to_text());
    }

    fn take_ticket(&mut self) -> Option<Ticket> {
        let text = self.variable(TICKET)?;
        let _ = self.set_variable(TICKET);
        Ticket::from_text(&text)
    }

    fn first_answer(&self) -> Option<PasswordAnswer> {
        // SAFETY: only `set_first_answer` of this build stores under this name, and only a PasswordAnswer.
        unsafe { self.pamh.get_data::<PasswordAnswer>(FIRST_ANSWER) }.ok().copied()
    }

    fn set_first_answer(&mut self, answer: PasswordAnswer) -> Result<(), Broken> {
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

pam::pam_hooks!(Wardkey);
