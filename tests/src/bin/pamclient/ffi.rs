//! libpam's C interface: the only unsafe code of the tests.
#![allow(unsafe_code, reason = "libpam is C")]

use std::ffi::{CStr, CString, c_char, c_int, c_uint, c_void};
use std::ptr;

use wardkey_tests::programs::pam::{Door, Event, Script};

use crate::conversation::{Conversation, Response, tell};

const PAM_SUCCESS: c_int = 0;
const PAM_BUF_ERR: c_int = 5;
const PAM_CONV_ERR: c_int = 19;
const PAM_TTY: c_int = 3;
const PAM_RHOST: c_int = 4;
const PAM_FAIL_DELAY: c_int = 10;
const PAM_PROMPT_ECHO_OFF: c_int = 1;
const PAM_PROMPT_ECHO_ON: c_int = 2;
const PAM_ERROR_MSG: c_int = 3;
const PAM_TEXT_INFO: c_int = 4;
const PAM_SILENT: c_int = 0x8000;
const PAM_ESTABLISH_CRED: c_int = 0x2;
const PAM_CHANGE_EXPIRED_AUTHTOK: c_int = 0x20;

#[repr(C)]
struct Message {
    style: c_int,
    text: *const c_char,
}

#[repr(C)]
struct RawResponse {
    text: *mut c_char,
    retcode: c_int,
}

#[repr(C)]
struct RawConversation {
    function: unsafe extern "C" fn(c_int, *mut *const Message, *mut *mut RawResponse, *mut c_void) -> c_int,
    data: *mut c_void,
}

type RawHandle = *mut c_void;

#[link(name = "pam")]
unsafe extern "C" {
    fn pam_start(
        service: *const c_char,
        user: *const c_char,
        conv: *const RawConversation,
        handle: *mut RawHandle,
    ) -> c_int;
    fn pam_start_confdir(
        service: *const c_char,
        user: *const c_char,
        conv: *const RawConversation,
        confdir: *const c_char,
        handle: *mut RawHandle,
    ) -> c_int;
    fn pam_end(handle: RawHandle, status: c_int) -> c_int;
    fn pam_set_item(handle: RawHandle, item: c_int, value: *const c_void) -> c_int;
    fn pam_authenticate(handle: RawHandle, flags: c_int) -> c_int;
    fn pam_acct_mgmt(handle: RawHandle, flags: c_int) -> c_int;
    fn pam_setcred(handle: RawHandle, flags: c_int) -> c_int;
    fn pam_open_session(handle: RawHandle, flags: c_int) -> c_int;
    fn pam_close_session(handle: RawHandle, flags: c_int) -> c_int;
    fn pam_chauthtok(handle: RawHandle, flags: c_int) -> c_int;
}

/// Takes over the locale of the environment, as login, sudo and many lockers do; one that there is not changes nothing.
pub(crate) fn follow_the_locale() {
    // SAFETY: called at the start, before there is another thread; the name ends in NUL.
    unsafe { libc::setlocale(libc::LC_ALL, c"".as_ptr()) };
}

/// The locale in force.
pub(crate) fn locale() -> String {
    // SAFETY: only asks; the answer is a C string, which stays as it is until the locale is changed.
    unsafe { CStr::from_ptr(libc::setlocale(libc::LC_ALL, ptr::null())) }.to_string_lossy().into_owned()
}

/// A PAM handle; ended when dropped.
pub(crate) struct Handle {
    raw: RawHandle,
    last: c_int,
    /// Made by `Box::into_raw`: libpam keeps the pointer for the handle's life.
    conversation: *mut Conversation,
}

impl Handle {
    /// Starts a handle; the error is libpam's number.
    pub(crate) fn start(script: &Script, conversation: Conversation) -> Result<Self, c_int> {
        let conversation = Box::into_raw(Box::new(conversation));
        let mut handle = Self { raw: ptr::null_mut(), last: PAM_SUCCESS, conversation };
        let conv = RawConversation { function: converse, data: conversation.cast() };
        let (service, user) = (c_string(script.service.as_bytes()), c_string(&script.user));
        // SAFETY: all strings live until the call returns and libpam copies them and `conv`; `conv.data` is
        // freed in drop, after pam_end.
        let status = unsafe {
            match script.confdir.as_deref().map(|path| c_string(path.as_bytes())) {
                Some(path) => pam_start_confdir(
                    service.as_ptr(),
                    user.as_ptr(),
                    &raw const conv,
                    path.as_ptr(),
                    &raw mut handle.raw,
                ),
                None => pam_start(service.as_ptr(), user.as_ptr(), &raw const conv, &raw mut handle.raw),
            }
        };
        if status != PAM_SUCCESS {
            return Err(status);
        }
        handle.set_text(PAM_RHOST, script.rhost.as_deref());
        handle.set_text(PAM_TTY, script.tty.as_deref());
        let delay: unsafe extern "C" fn(c_int, c_uint, *mut c_void) = note_delay;
        // SAFETY: a live handle; PAM_FAIL_DELAY takes a function of this type by value.
        unsafe { pam_set_item(handle.raw, PAM_FAIL_DELAY, delay as *const c_void) };
        Ok(handle)
    }

    /// Calls one door.
    pub(crate) fn call(&mut self, door: Door, silent: bool) -> c_int {
        let flags = if silent { PAM_SILENT } else { 0 };
        // SAFETY: the handle was started and not ended; the conversation is not borrowed here.
        self.last = unsafe {
            match door {
                Door::Auth => pam_authenticate(self.raw, flags),
                Door::Account => pam_acct_mgmt(self.raw, flags),
                Door::SetCred => pam_setcred(self.raw, flags | PAM_ESTABLISH_CRED),
                Door::OpenSession => pam_open_session(self.raw, flags),
                Door::CloseSession => pam_close_session(self.raw, flags),
                Door::Password => pam_chauthtok(self.raw, flags),
                Door::ExpiredPassword => pam_chauthtok(self.raw, flags | PAM_CHANGE_EXPIRED_AUTHTOK),
            }
        };
        self.last
    }

    /// The conversation, between two calls.
    pub(crate) fn conversation(&mut self) -> &mut Conversation {
        // SAFETY: made by Box::into_raw in `start`, freed only in `drop`; libpam uses it only during a call.
        unsafe { &mut *self.conversation }
    }

    fn set_text(&mut self, item: c_int, value: Option<&str>) {
        if let Some(value) = value.map(|text| c_string(text.as_bytes())) {
            // SAFETY: a live handle; libpam copies the string.
            unsafe { pam_set_item(self.raw, item, value.as_ptr().cast()) };
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the handle is null or was started once and is ended once; then nobody has the conversation.
        unsafe {
            if !self.raw.is_null() {
                pam_end(self.raw, self.last);
            }
            drop(Box::from_raw(self.conversation));
        }
    }
}

fn c_string(bytes: &[u8]) -> CString {
    CString::new(bytes).expect("no NUL in names")
}

/// Tells of the delay instead of waiting; libpam calls it after every failure.
unsafe extern "C" fn note_delay(_status: c_int, microseconds: c_uint, _data: *mut c_void) {
    if microseconds > 0 {
        tell(&Event::Delay { microseconds });
    }
}

unsafe extern "C" fn converse(
    count: c_int,
    messages: *mut *const Message,
    responses: *mut *mut RawResponse,
    data: *mut c_void,
) -> c_int {
    let count = usize::try_from(count).unwrap_or(0);
    // SAFETY: `data` is the conversation given to pam_start, which no one else uses during a call.
    let conversation = unsafe { &mut *data.cast::<Conversation>() };
    // SAFETY: calloc; zeroed memory is a valid array of RawResponse, which the module frees.
    let answers = unsafe { libc::calloc(count.max(1), size_of::<RawResponse>()) }.cast::<RawResponse>();
    if answers.is_null() {
        return PAM_BUF_ERR;
    }
    for index in 0..count {
        // SAFETY: libpam passes `count` pointers to messages whose texts end in NUL.
        let (style, text) = unsafe {
            let message = &**messages.add(index);
            (message.style, CStr::from_ptr(message.text).to_string_lossy().into_owned())
        };
        match respond(conversation, style, text) {
            // SAFETY: `index` is inside the array; strndup copies as many bytes as there are, and ends them.
            Response::Text(text) => unsafe {
                (*answers.add(index)).text = libc::strndup(text.as_ptr().cast(), text.len());
            },
            Response::Null => {}
            Response::Failure => {
                // SAFETY: allocated above, and handed to nobody.
                unsafe { release(answers, index) };
                return PAM_CONV_ERR;
            }
        }
    }
    // SAFETY: libpam's out pointer; the module frees what it holds.
    unsafe { *responses = answers };
    PAM_SUCCESS
}

fn respond(conversation: &mut Conversation, style: c_int, text: String) -> Response {
    match style {
        PAM_PROMPT_ECHO_OFF => conversation.prompt(text, false),
        PAM_PROMPT_ECHO_ON => conversation.prompt(text, true),
        PAM_TEXT_INFO => {
            tell(&Event::Info { text });
            Response::Null
        }
        PAM_ERROR_MSG => {
            tell(&Event::Error { text });
            Response::Null
        }
        other => {
            tell(&Event::Unscripted { what: format!("message of style {other}: {text:?}") });
            Response::Failure
        }
    }
}

/// Frees the first `used` answers and their array.
///
/// # Safety
/// `answers` is an array of at least `used` answers from calloc, each null or from malloc.
unsafe fn release(answers: *mut RawResponse, used: usize) {
    for index in 0..used {
        // SAFETY: as the caller says.
        unsafe { libc::free((*answers.add(index)).text.cast()) };
    }
    // SAFETY: as the caller says.
    unsafe { libc::free(answers.cast()) };
}
