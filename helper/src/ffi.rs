//! What safe Rust has no word for: the login password asked through libpam, a copy of this process, and descriptors that
//! outlive an exec.
#![allow(unsafe_code, reason = "libpam is C, and fork has a condition; each block says why it is sound")]

use crate::sanitize::{Single, end_with};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::socket::{
    AddressFamily, SockType, SockaddrLike, SockaddrStorage, getsockname, getsockopt, sockopt,
};
use nix::unistd::{ForkResult, getpid};
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::io;
use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixListener;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use wardkey_core::credential::secret::Secret;

const SUCCESS: c_int = 0;
const BUF_ERR: c_int = 5;
const CONV_ERR: c_int = 19;
const RUSER: c_int = 8;
const DISALLOW_NULL_AUTHTOK: c_int = 1;
const ECHO_OFF: c_int = 1;
const ECHO_ON: c_int = 2;

/// Most messages libpam sends at once (`PAM_MAX_NUM_MSG`).
const MOST: usize = 32;

/// Longest reply, its NUL included (`PAM_MAX_RESP_SIZE`).
const LONGEST: usize = 512;

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

type Handle = *mut c_void;

#[link(name = "pam")]
unsafe extern "C" {
    fn pam_start(
        service: *const c_char,
        user: *const c_char,
        conv: *const Conversation,
        handle: *mut Handle,
    ) -> c_int;
    fn pam_set_item(handle: Handle, item: c_int, value: *const c_void) -> c_int;
    fn pam_authenticate(handle: Handle, flags: c_int) -> c_int;
    fn pam_acct_mgmt(handle: Handle, flags: c_int) -> c_int;
    fn pam_end(handle: Handle, status: c_int) -> c_int;
}

/// The one who answers the prompts.
pub(crate) trait Asked {
    /// A prompt, hidden or not, and its reply; `None`: they are gone.
    fn reply(&mut self, prompt: &str, hidden: bool) -> Option<Secret>;

    /// A text.
    fn told(&mut self, text: &str);
}

/// Why someone has not shown the login password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotShown(pub(crate) c_int);

/// Whether PAM's `service` says that the one who answers knows `user`'s password and that the account may be used.
///
/// # Errors
/// [`NotShown`] with libpam's result.
pub(crate) fn show_password(service: &CStr, user: &CStr, asked: &mut dyn Asked) -> Result<(), NotShown> {
    let mut asked: &mut dyn Asked = asked;
    let conversation = Conversation { function: converse, data: (&raw mut asked).cast() };
    let mut handle = ptr::null_mut();
    // SAFETY: both strings end in NUL, and libpam copies them and the conversation; `asked`, to which that points,
    // outlives the handle, which ends below.
    let started =
        unsafe { pam_start(service.as_ptr(), user.as_ptr(), &raw const conversation, &raw mut handle) };
    if started != SUCCESS {
        return Err(NotShown(started));
    }
    // SAFETY: the handle was started and is ended once, last; libpam copies the name.
    let result = unsafe {
        pam_set_item(handle, RUSER, user.as_ptr().cast());
        let result = match pam_authenticate(handle, DISALLOW_NULL_AUTHTOK) {
            SUCCESS => pam_acct_mgmt(handle, DISALLOW_NULL_AUTHTOK),
            refused => refused,
        };
        pam_end(handle, result);
        result
    };
    if result == SUCCESS { Ok(()) } else { Err(NotShown(result)) }
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
    // SAFETY: `data` is what show_password gave, alive while the handle is; libpam calls from that one thread.
    let asked = unsafe { &mut **data.cast::<&mut dyn Asked>() };
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
            // SAFETY: `number` responses were filled, all from malloc or null.
            unsafe { forget(answers, number) };
            return CONV_ERR;
        };
        // SAFETY: within the array.
        unsafe { (*answers.add(number)).text = text };
    }
    // SAFETY: libpam's own variable; it frees the array and its texts.
    unsafe { *replies = answers };
    SUCCESS
}

/// The reply to one message, from malloc; null for a text, `None` when nobody answers.
unsafe fn answer(message: *const Message, asked: &mut dyn Asked) -> Option<*mut c_char> {
    // SAFETY: the caller's word.
    let Message { style, text } = unsafe { message.as_ref() }?;
    // SAFETY: the same; null was looked for.
    let text = if text.is_null() { c"" } else { unsafe { CStr::from_ptr(*text) } }.to_string_lossy();
    if *style != ECHO_OFF && *style != ECHO_ON {
        asked.told(&text);
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
        // SAFETY: within the array; each text is null or from malloc and ends in NUL.
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

/// The signals that the resident process listens for. They are held back from its start, also while it becomes another
/// version.
pub(crate) fn heard() -> SigSet {
    [Signal::SIGHUP, Signal::SIGCHLD].into_iter().collect()
}

/// Lets signals do what they do, and holds those back that are listened for, whatever the program that started this
/// had ignored or blocked: that survives an exec.
pub(crate) fn heed_signals() {
    for signal in [libc::SIGALRM, libc::SIGCHLD, libc::SIGHUP, libc::SIGTERM] {
        // SAFETY: the default action is no function of ours.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    let _ = heard().thread_set_mask();
}

/// Empties the environment, which PAM modules and look-ups read: the program that started this one made it.
pub(crate) fn clear_environment() {
    // SAFETY: the first that this process does: there is no other thread, and no pointer into the environment.
    unsafe { libc::clearenv() };
}

/// Makes a process that is a copy of this one, and ends with it.
///
/// # Errors
/// There is no room for another.
pub(crate) fn copy(_: &Single) -> io::Result<ForkResult> {
    let parent = getpid();
    // SAFETY: there was one thread, this one, when that was looked at, and the resident process starts none: the copy may do
    // what this process may.
    let made = unsafe { nix::unistd::fork() }?;
    if matches!(made, ForkResult::Child) {
        end_with(parent);
        // What tells the resident process to reload may reach all of its processes; a person may be typing to this one.
        let _ = SigSet::from(Signal::SIGHUP).thread_set_mask();
    }
    Ok(made)
}

/// Closes every descriptor but the first three and `but`: a process that serves strangers keeps nothing of who
/// started it.
pub(crate) fn close_all(but: Option<RawFd>) -> io::Result<()> {
    let but = but.and_then(|fd| c_uint::try_from(fd).ok());
    let ranges = match but {
        Some(but) => [(3, but.saturating_sub(1)), (but.saturating_add(1).max(3), c_uint::MAX)],
        None => [(3, c_uint::MAX); 2],
    };
    for (first, last) in ranges.into_iter().filter(|(first, last)| first <= last) {
        // SAFETY: called before this process has opened anything of its own, so that nothing refers to what is closed.
        if unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) } != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// The listening socket of this number, which was given to this process.
///
/// # Errors
/// It is nothing that was given, or no local socket that listens.
pub(crate) fn listener(number: RawFd) -> io::Result<UnixListener> {
    if number < 3 {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    // SAFETY: only system calls are made with it, and they refuse a number that is not open.
    let given = unsafe { BorrowedFd::borrow_raw(number) };
    let address: SockaddrStorage = getsockname(number)?;
    let listens = address.family() == Some(AddressFamily::Unix)
        && getsockopt(&given, sockopt::SockType)? == SockType::Stream
        && getsockopt(&given, sockopt::AcceptConn)?;
    if !listens {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    fcntl(given, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
    // SAFETY: it is open, it came with the start of this process, and this is called once: nobody else owns the number.
    Ok(unsafe { OwnedFd::from_raw_fd(number) }.into())
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

    impl Asked for Replies {
        fn reply(&mut self, prompt: &str, hidden: bool) -> Option<Secret> {
            self.1.push(format!("{prompt}{}", if hidden { "*" } else { "" }));
            self.0.remove(0).map(|bytes| Secret::new(bytes.to_vec()))
        }

        fn told(&mut self, text: &str) {
            self.1.push(text.to_owned());
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
        let mut asked: &mut dyn Asked = replies;
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
        let (mut asked, mut answers): (&mut dyn Asked, *mut Response) = (&mut replies, ptr::null_mut());
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
