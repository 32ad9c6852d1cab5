//! A transaction that is the input's, and the module's doors.
#![allow(unsafe_code, reason = "the C side of PAM; each block says why it is sound")]
#![allow(
    improper_ctypes,
    reason = "a transaction is only handed through: to C, and to the module, it is opaque"
)]

use super::calls::{Message, Response, talk};
use super::reached::note;
use libc::{c_char, c_int, c_void};
use std::collections::BTreeMap;
use std::ffi::CString;

pub(super) const SUCCESS: c_int = 0;

/// What becomes of one of the module's calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It works.
    None,
    /// It fails with this code.
    Code(c_int),
    /// It succeeds and gives nothing.
    Null,
}

/// What the application says to a prompt.
#[derive(Debug, Clone)]
pub(crate) enum Spoken {
    /// A reply.
    Text(Vec<u8>),
    /// A reply without a text.
    NoText,
    /// No reply, and no error either.
    Nothing,
    /// An error.
    Fails(c_int),
}

/// One transaction.
pub(crate) struct Fake<'a> {
    pub(super) conv: Conversation,
    pub(crate) items: BTreeMap<c_int, CString>,
    pub(super) data: BTreeMap<CString, (*mut c_void, Cleanup)>,
    /// The module's variables in PAM's environment.
    pub(super) variables: BTreeMap<CString, CString>,
    /// What becomes of the next call.
    pub(crate) fault: Box<dyn FnMut() -> Fault + 'a>,
    /// What is typed after all that was shown, at this prompt.
    pub(crate) person: Box<dyn FnMut(&str) -> Spoken + 'a>,
    /// All texts and prompts.
    pub(crate) shown: String,
    /// All lines for syslog.
    pub(crate) logged: String,
    /// How many calls went wrong.
    pub(crate) faults: usize,
    /// What was typed, in order.
    pub(crate) typed: Vec<Vec<u8>>,
}

pub(super) type Cleanup = extern "C" fn(*mut Fake<'static>, *mut c_void, c_int);

#[repr(C)]
pub(super) struct Conversation {
    talk: Option<extern "C" fn(c_int, *mut *const Message, *mut *mut Response, *mut c_void) -> c_int>,
    transaction: *mut c_void,
}

type Door = unsafe extern "C" fn(*mut Fake<'static>, c_int, c_int, *const *const c_char) -> c_int;

unsafe extern "C" {
    fn pam_sm_authenticate(h: *mut Fake<'static>, f: c_int, n: c_int, words: *const *const c_char) -> c_int;
    fn pam_sm_setcred(h: *mut Fake<'static>, f: c_int, n: c_int, words: *const *const c_char) -> c_int;
    fn pam_sm_acct_mgmt(h: *mut Fake<'static>, f: c_int, n: c_int, words: *const *const c_char) -> c_int;
    fn pam_sm_chauthtok(h: *mut Fake<'static>, f: c_int, n: c_int, words: *const *const c_char) -> c_int;
    fn pam_sm_open_session(h: *mut Fake<'static>, f: c_int, n: c_int, words: *const *const c_char) -> c_int;
    fn pam_sm_close_session(h: *mut Fake<'static>, f: c_int, n: c_int, words: *const *const c_char) -> c_int;
}

/// The doors, in this order: authenticate, setcred, account, password, open and close a session.
const DOORS: [Door; 6] = [
    pam_sm_authenticate,
    pam_sm_setcred,
    pam_sm_acct_mgmt,
    pam_sm_chauthtok,
    pam_sm_open_session,
    pam_sm_close_session,
];

impl<'a> Fake<'a> {
    /// A transaction of someone who types so, over a libpam that works so.
    pub(crate) fn new(
        fault: impl FnMut() -> Fault + 'a,
        person: impl FnMut(&str) -> Spoken + 'a,
    ) -> Box<Self> {
        Box::new(Self {
            conv: Conversation { talk: Some(talk), transaction: std::ptr::null_mut() },
            items: BTreeMap::new(),
            data: BTreeMap::new(),
            variables: BTreeMap::new(),
            fault: Box::new(fault),
            person: Box::new(person),
            shown: String::new(),
            logged: String::new(),
            faults: 0,
            typed: Vec::new(),
        })
    }

    /// Leaves the application without a conversation.
    pub(crate) fn silence(&mut self) {
        self.conv.talk = None;
    }

    /// Calls one door of the module as libpam does.
    pub(crate) fn call(self: &mut Box<Self>, door: usize, flags: c_int, words: &[CString]) -> c_int {
        let words: Vec<*const c_char> = words.iter().map(|word| word.as_ptr()).collect();
        let count = c_int::try_from(words.len()).expect("a few words");
        let handle: *mut Self = &raw mut **self;
        self.conv.transaction = handle.cast();
        // SAFETY: the handle stays live and in place for the call, and nothing here is touched meanwhile but by the
        // functions below, through that handle; the words are C strings that outlive the call.
        unsafe { DOORS[door](handle.cast(), flags, count, words.as_ptr()) }
    }

    /// Whether the next call, one of this name, goes wrong.
    pub(super) fn fails(&mut self, call: &'static str) -> Option<Fault> {
        let fault = (self.fault)();
        if fault == Fault::None {
            return None;
        }
        self.faults += 1;
        note(call);
        Some(fault)
    }
}

impl Drop for Fake<'_> {
    /// The end of a transaction frees what the module left in it.
    fn drop(&mut self) {
        let handle: *mut Self = &raw mut *self;
        for (_, (value, cleanup)) in std::mem::take(&mut self.data) {
            cleanup(handle.cast(), value, SUCCESS);
        }
    }
}
