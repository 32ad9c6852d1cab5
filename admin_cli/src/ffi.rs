//! libpam, as a program that logs somebody in calls it: the command's only unsafe code.
#![allow(unsafe_code, reason = "libpam is C; each block says why it is sound")]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use wardkey_core::credential::secret::Secret;

/// `PAM_SUCCESS`.
const SUCCESS: c_int = 0;
const BUF_ERR: c_int = 5;
const CONV_ERR: c_int = 19;
const SILENT: c_int = 0x8000;
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
pub(crate) enum Item {
    /// The terminal.
    Tty = 3,
    /// Who asks.
    Ruser = 8,
    /// The X display.
    Xdisplay = 11,
}

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
pub(crate) trait Answerer {
    /// A prompt, hidden or not, and its reply; `None`: they are gone.
    fn reply(&mut self, prompt: &str, is_hidden: bool) -> Option<Secret>;

    /// A text, or an error.
    fn told(&mut self, text: &str, is_error: bool);
}

/// A PAM transaction; ended when dropped.
pub(crate) struct PamHandle<'a> {
    handle: *mut c_void,
    last: c_int,
    flags: c_int,
    /// Made by `Box::into_raw`: libpam keeps the pointer as long as the handle.
    asked: *mut &'a mut dyn Answerer,
}

impl<'a> PamHandle<'a> {
    /// Starts one; `is_silent` asks modules to say nothing but their prompts.
    ///
    /// # Errors
    /// libpam's result.
    pub(crate) fn start(
        service: &CStr,
        user: &CStr,
        is_silent: bool,
        asked: &'a mut dyn Answerer,
    ) -> Result<Self, c_int> {
        let asked = Box::into_raw(Box::new(asked));
        let flags = if is_silent { SILENT } else { 0 };
        let mut started = Self { handle: ptr::null_mut(), last: SUCCESS, flags, asked };
        let conversation = Conversation { function: converse, data: asked.cast() };
        // SAFETY: both strings end in NUL, and libpam copies them and the conversation; `asked` is freed in drop, after
        // pam_end.
        let result = unsafe {
            pam_start(service.as_ptr(), user.as_ptr(), &raw const conversation, &raw mut started.handle)
        };
        if result == SUCCESS { Ok(started) } else { Err(result) }
    }

    /// Tells libpam one thing; what it does not take it does without.
    pub(crate) fn set(&mut self, item: Item, value: &str) {
        let Ok(value) = CString::new(value) else { return };
        // SAFETY: the handle was started and not ended; libpam copies the string.
        unsafe { pam_set_item(self.handle, item as c_int, value.as_ptr().cast()) };
    }

    /// Asks `auth`; libpam's result.
    pub(crate) fn authenticate(&mut self) -> c_int {
        // SAFETY: the handle was started and not ended.
        self.last = unsafe { pam_authenticate(self.handle, self.flags) };
        self.last
    }

    /// Asks `account`; libpam's result.
    pub(crate) fn account(&mut self) -> c_int {
        // SAFETY: the handle was started and not ended.
        self.last = unsafe { pam_acct_mgmt(self.handle, self.flags) };
        self.last
    }
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
mod tests {
    use super::*;

    /// Replies this to every prompt.
    struct Replies(Vec<u8>);

    impl Answerer for Replies {
        fn reply(&mut self, _prompt: &str, _is_hidden: bool) -> Option<Secret> {
            Some(Secret::new(self.0.clone()))
        }

        fn told(&mut self, _text: &str, _is_error: bool) {}
    }

    /// Has libpam's side put so many messages of this style: the result, and how many texts came back.
    fn put(reply: &[u8], style: c_int, count: usize) -> (c_int, usize) {
        let message = Message { style, text: c"text".as_ptr() };
        let mut pointers = vec![&raw const message; count];
        let mut replies = Replies(reply.to_vec());
        let mut asked: &mut dyn Answerer = &mut replies;
        let mut answers: *mut Response = ptr::null_mut();
        let number = c_int::try_from(count).unwrap();
        // SAFETY: so many pointers to messages, a place for the answers, and the data that `converse` expects.
        let result =
            unsafe { converse(number, pointers.as_mut_ptr(), &raw mut answers, (&raw mut asked).cast()) };
        if answers.is_null() {
            return (result, 0);
        }
        // SAFETY: `converse` filled so many.
        let texts = (0..count).filter(|number| unsafe { !(*answers.add(*number)).text.is_null() }).count();
        // SAFETY: as a module does; nothing of it is used again.
        unsafe { forget(answers, count) };
        (result, texts)
    }

    #[test]
    fn what_libpam_never_does_and_no_reply_may_be_is_refused() {
        let longest = vec![b'x'; LONGEST - 1];
        for (reply, style, count, expected) in [
            (&b"code"[..], ECHO_OFF, 2, (SUCCESS, 2)),
            (b"code", ECHO_ON, MOST, (SUCCESS, MOST)),
            (b"code", ERROR_MSG, 1, (SUCCESS, 0)),
            (&longest, ECHO_OFF, 1, (SUCCESS, 1)),
            (&[&longest[..], b"x"].concat(), ECHO_OFF, 1, (CONV_ERR, 0)),
            (b"co\0de", ECHO_OFF, 1, (CONV_ERR, 0)),
            (b"code", ECHO_OFF, MOST + 1, (CONV_ERR, 0)),
            (b"code", ECHO_OFF, 0, (CONV_ERR, 0)),
        ] {
            assert_eq!(put(reply, style, count), expected, "{count} of {style}, {} bytes", reply.len());
        }
    }
}
