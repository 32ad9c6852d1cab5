//! What libpam's header says, and the conversation as it calls it.
#![allow(unsafe_code, reason = "libpam is C; each block says why it is sound")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use wardkey_core::credential::secret::Secret;

const SUCCESS: c_int = 0;
const BUF_ERR: c_int = 5;
const CONV_ERR: c_int = 19;
const ECHO_OFF: c_int = 1;
const ECHO_ON: c_int = 2;
const ERROR_MSG: c_int = 3;

/// Most messages libpam sends at once (`PAM_MAX_NUM_MSG`).
const MOST: usize = 32;

/// Longest reply, its NUL included (`PAM_MAX_RESP_SIZE`).
const LONGEST: usize = 512;

/// What a program tells libpam of a login (`pam_set_item(3)`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum Item {
    /// The terminal.
    Tty = 3,
    /// Who asks.
    Ruser = 8,
    /// The X display.
    Xdisplay = 11,
}

/// How modules are asked (`pam_authenticate(3)`, `pam_acct_mgmt(3)`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum Flag {
    /// An empty password lets nobody in (`PAM_DISALLOW_NULL_AUTHTOK`).
    DisallowNullAuthtok = 1,
    /// Modules say nothing but their prompts (`PAM_SILENT`).
    Silent = 0x8000,
}

/// libpam's result, other than `PAM_SUCCESS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PamError(pub c_int);

#[repr(C)]
struct Message {
    style: c_int,
    text: *const c_char,
}

#[repr(C)]
struct Response {
    text: *mut c_char,
    unused: c_int,
}

#[repr(C)]
struct Conversation {
    function: unsafe extern "C" fn(c_int, *mut *const Message, *mut *mut Response, *mut c_void) -> c_int,
    data: *mut c_void,
}

#[link(name = "pam")]
unsafe extern "C" {
    fn pam_start(
        service: *const c_char,
        user: *const c_char,
        conv: *const Conversation,
        handle: *mut *mut c_void,
    ) -> c_int;
    fn pam_set_item(handle: *mut c_void, item: c_int, value: *const c_void) -> c_int;
    fn pam_authenticate(handle: *mut c_void, flags: c_int) -> c_int;
    fn pam_acct_mgmt(handle: *mut c_void, flags: c_int) -> c_int;
    fn pam_end(handle: *mut c_void, status: c_int) -> c_int;
}

/// The one who answers the prompts.
pub trait Answerer {
    /// A prompt, hidden or not, and its reply; `None`: they are gone.
    fn reply(&mut self, prompt: &str, is_hidden: bool) -> Option<Secret>;

    /// A text, or an error.
    fn told(&mut self, text: &str, is_error: bool);
}

/// A PAM transaction; ended when dropped.
pub struct PamHandle<'a> {
    handle: *mut c_void,
    last: c_int,
    flags: c_int,
    /// Made by `Box::into_raw`: libpam keeps the pointer as long as the handle.
    asked: *mut &'a mut dyn Answerer,
}

impl<'a> PamHandle<'a> {
    /// Starts one; its modules are asked by `flag`.
    ///
    /// # Errors
    /// [`PamError`]: `PAM_SYSTEM_ERR` where neither the service nor `other` can be read.
    pub fn start(
        service: &CStr,
        user: &CStr,
        flag: Option<Flag>,
        asked: &'a mut dyn Answerer,
    ) -> Result<Self, PamError> {
        let asked = Box::into_raw(Box::new(asked));
        let flags = flag.map_or(0, |flag| flag as c_int);
        let mut started = Self { handle: ptr::null_mut(), last: SUCCESS, flags, asked };
        let conversation = Conversation { function: converse, data: asked.cast() };
        // SAFETY: both strings end in NUL, and libpam copies them and the conversation; `asked` is freed in drop, after
        // pam_end.
        let result = unsafe {
            pam_start(service.as_ptr(), user.as_ptr(), &raw const conversation, &raw mut started.handle)
        };
        done(result).map(|()| started)
    }

    /// Tells libpam one thing; what it does not take it does without.
    pub fn set(&mut self, item: Item, value: &CStr) {
        // SAFETY: the handle was started and not ended; libpam copies the string.
        unsafe { pam_set_item(self.handle, item as c_int, value.as_ptr().cast()) };
    }

    /// Asks the service's `auth` modules who this is.
    ///
    /// # Errors
    /// [`PamError`].
    pub fn authenticate(&mut self) -> Result<(), PamError> {
        // SAFETY: the handle was started and not ended.
        self.last = unsafe { pam_authenticate(self.handle, self.flags) };
        done(self.last)
    }

    /// Asks its `account` modules whether the account may be used now.
    ///
    /// # Errors
    /// [`PamError`].
    pub fn account(&mut self) -> Result<(), PamError> {
        // SAFETY: the handle was started and not ended.
        self.last = unsafe { pam_acct_mgmt(self.handle, self.flags) };
        done(self.last)
    }
}

fn done(result: c_int) -> Result<(), PamError> {
    if result == SUCCESS { Ok(()) } else { Err(PamError(result)) }
}

impl Drop for PamHandle<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle is null or was started, and is ended once; after that nobody has `asked`.
        unsafe {
            if !self.handle.is_null() {
                pam_end(self.handle, self.last);
            }
            drop(Box::from_raw(self.asked));
        }
    }
}

/// libpam's messages, to the one who answers.
unsafe extern "C" fn converse(
    count: c_int,
    messages: *mut *const Message,
    replies: *mut *mut Response,
    data: *mut c_void,
) -> c_int {
    let Some(count) = usize::try_from(count).ok().filter(|count| (1..=MOST).contains(count)) else {
        return CONV_ERR;
    };
    if messages.is_null() || replies.is_null() || data.is_null() {
        return CONV_ERR;
    }
    // SAFETY: `data` is what `start` gave, alive while the handle is; libpam calls from that one thread.
    let asked = unsafe { &mut **data.cast::<&mut dyn Answerer>() };
    // SAFETY: Linux-PAM gives an array of so many pointers to messages.
    let messages = unsafe { std::slice::from_raw_parts(messages, count) };
    // SAFETY: calloc has no conditions; zeros are responses without text.
    let answers = unsafe { libc::calloc(count, size_of::<Response>()) }.cast::<Response>();
    if answers.is_null() {
        return BUF_ERR;
    }
    for (number, message) in messages.iter().enumerate() {
        // SAFETY: each pointer is to a message with a text that ends in NUL, or null.
        let answered = catch_unwind(AssertUnwindSafe(|| unsafe { answer(*message, asked) }));
        let Ok(Some(text)) = answered else {
            // SAFETY: `number` responses were filled, all from calloc or null.
            unsafe { forget(answers, number) };
            return CONV_ERR;
        };
        // SAFETY: within the array.
        unsafe { (*answers.add(number)).text = text };
    }
    // SAFETY: libpam's own variable; the module frees the array and its texts.
    unsafe { *replies = answers };
    SUCCESS
}

/// The reply to one message, from calloc; null for a text, `None` when nobody answers.
unsafe fn answer(message: *const Message, asked: &mut dyn Answerer) -> Option<*mut c_char> {
    // SAFETY: the caller's word.
    let Message { style, text } = unsafe { message.as_ref() }?;
    // SAFETY: the same; null was looked for.
    let text = if text.is_null() { c"" } else { unsafe { CStr::from_ptr(*text) } }.to_string_lossy();
    if *style != ECHO_OFF && *style != ECHO_ON {
        asked.told(&text, *style == ERROR_MSG);
        return Some(ptr::null_mut());
    }
    let reply = asked.reply(&text, *style == ECHO_OFF)?;
    let bytes = reply.expose();
    if bytes.contains(&0) || bytes.len() >= LONGEST {
        return None;
    }
    // SAFETY: one byte more than is copied, and calloc's zero ends it; the two do not overlap.
    unsafe {
        let copy = libc::calloc(bytes.len() + 1, 1).cast::<u8>();
        if copy.is_null() {
            return None;
        }
        ptr::copy_nonoverlapping(bytes.as_ptr(), copy, bytes.len());
        Some(copy.cast())
    }
}

/// Wipes and frees responses that libpam will not see.
unsafe fn forget(answers: *mut Response, count: usize) {
    for number in 0..count {
        // SAFETY: within the array; each text is null or from calloc and ends in NUL.
        unsafe {
            let text = (*answers.add(number)).text;
            if !text.is_null() {
                libc::explicit_bzero(text.cast(), libc::strlen(text));
                libc::free(text.cast());
            }
        }
    }
    // SAFETY: from calloc, freed once.
    unsafe { libc::free(answers.cast()) };
}

#[cfg(test)]
#[path = "ffi_tests.rs"]
mod tests;

#[cfg(test)]
mod testing {
    use super::*;
    use std::ffi::CString;

    /// Answers each prompt with the next of these, and panics when there is none.
    pub(super) struct Replies(pub(super) Vec<Option<&'static [u8]>>, pub(super) Vec<String>);

    impl Answerer for Replies {
        fn reply(&mut self, prompt: &str, is_hidden: bool) -> Option<Secret> {
            self.1.push(format!("{prompt}{}", if is_hidden { "*" } else { "" }));
            self.0.remove(0).map(|bytes| Secret::new(bytes.to_vec()))
        }

        fn told(&mut self, text: &str, is_error: bool) {
            self.1.push(format!("{text}{}", if is_error { "!" } else { "" }));
        }
    }

    /// Has libpam's side put these messages: the result and the replies as libpam would find them.
    pub(super) fn put(
        replies: &mut Replies,
        messages: &[(c_int, Option<&CStr>)],
    ) -> (c_int, Vec<Option<CString>>) {
        let messages: Vec<Message> = messages
            .iter()
            .map(|(style, text)| Message { style: *style, text: text.map_or(ptr::null(), CStr::as_ptr) })
            .collect();
        let mut pointers: Vec<*const Message> = messages.iter().map(ptr::from_ref).collect();
        let mut asked: &mut dyn Answerer = replies;
        let mut answers: *mut Response = ptr::null_mut();
        let count = c_int::try_from(pointers.len()).unwrap();
        // SAFETY: so many pointers to messages, a place for the answers, and the data that `converse` expects.
        let result =
            unsafe { converse(count, pointers.as_mut_ptr(), &raw mut answers, (&raw mut asked).cast()) };
        let mut found = Vec::new();
        if !answers.is_null() {
            for number in 0..messages.len() {
                // SAFETY: `converse` filled so many; each text is null or ends in NUL.
                let text = unsafe { (*answers.add(number)).text };
                // SAFETY: the same.
                found.push((!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_owned()));
            }
            // SAFETY: as libpam does; nothing of it is used again.
            unsafe { forget(answers, messages.len()) };
        }
        (result, found)
    }

    #[test]
    fn what_libpam_never_does_is_refused() {
        let mut replies = Replies(Vec::new(), Vec::new());
        let message = (4, Some(c"text"));
        assert_eq!(put(&mut replies, &[message; MOST]).0, SUCCESS);
        assert_eq!(put(&mut replies, &[message; MOST + 1]).0, CONV_ERR);
        assert_eq!(put(&mut replies, &[]).0, CONV_ERR);
        let mut pointers = [ptr::null::<Message>()];
        let (mut asked, mut answers): (&mut dyn Answerer, *mut Response) = (&mut replies, ptr::null_mut());
        let (to, data) = (&raw mut answers, (&raw mut asked).cast());
        // SAFETY: `converse` looks whether a pointer is null before it follows it; the others are as it expects.
        let results = unsafe {
            [
                converse(1, ptr::null_mut(), to, data),
                converse(1, pointers.as_mut_ptr(), ptr::null_mut(), data),
                converse(1, pointers.as_mut_ptr(), to, ptr::null_mut()),
                converse(-1, pointers.as_mut_ptr(), to, data),
                converse(1, pointers.as_mut_ptr(), to, data),
            ]
        };
        assert_eq!(results, [CONV_ERR; 5]);
        assert!(answers.is_null());
    }
}
