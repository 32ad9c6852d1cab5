//! libpam's functions, as the module calls them.
#![allow(unsafe_code, reason = "the C side of PAM; each block says why it is sound")]

use super::fake::{Cleanup, Fake, Fault, SUCCESS, Spoken};
use super::memory::{note, on_the_c_heap};
use libc::{c_char, c_int, c_uint, c_void};
use std::ffi::{CStr, CString};

const NO_MODULE_DATA: c_int = 18;

#[repr(C)]
pub(super) struct Message {
    style: c_int,
    text: *const c_char,
}

#[repr(C)]
pub(super) struct Response {
    text: *mut c_char,
    unused: c_int,
}

/// The transaction behind a handle.
///
/// # Safety
/// The handle is one that [`Fake::call`] gave the module, within that call.
unsafe fn of<'h>(handle: *const Fake<'static>) -> &'h mut Fake<'static> {
    // SAFETY: as the caller promised; the module keeps no reference into it between its calls but to items and data,
    // which stay where they are until they are replaced.
    unsafe { &mut *handle.cast_mut() }
}

pub(super) extern "C" fn talk(
    count: c_int,
    messages: *mut *const Message,
    replies: *mut *mut Response,
    own: *mut c_void,
) -> c_int {
    assert_eq!(count, 1, "one message at a time: Linux-PAM and Solaris read more in different ways");
    // SAFETY: the module passes one message with a C string, room for one pointer, and what it was given.
    let (fake, message) = unsafe { (of(own.cast()), &**messages) };
    // SAFETY: as above.
    let text = unsafe { CStr::from_ptr(message.text) }.to_str().expect("a message is text").to_owned();
    let is_prompt = match message.style {
        1 | 2 => true,
        3 | 4 => false,
        other => panic!("a message of style {other}"),
    };
    assert!(text.len() < 512, "a message longer than PAM_MAX_MSG_SIZE: {text}");
    fake.shown.push_str(&text);
    fake.shown.push('\n');
    let spoken = match fake.fails("conversation") {
        Some(Fault::Code(code)) => Spoken::Fails(code),
        Some(_) => Spoken::Nothing,
        None if is_prompt => {
            let shown = fake.shown.clone();
            (fake.person)(&shown)
        }
        None => Spoken::NoText,
    };
    let text = match spoken {
        Spoken::Fails(code) => return code,
        Spoken::Nothing => return SUCCESS,
        Spoken::NoText => std::ptr::null_mut(),
        Spoken::Text(text) => {
            fake.typed.push(text.clone());
            on_the_c_heap(&text).cast()
        }
    };
    // SAFETY: calloc gives room for one response, or nothing, which is handed on as no response.
    unsafe {
        let reply: *mut Response = libc::calloc(1, size_of::<Response>()).cast();
        if !reply.is_null() {
            (*reply).text = text;
            note(reply.cast(), 0);
        }
        *replies = reply;
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pam_get_item(
    handle: *const Fake<'static>,
    item: c_int,
    out: *mut *const c_void,
) -> c_int {
    // SAFETY: the module's call, within a door; `out` is its own.
    let (fake, out) = unsafe { (of(handle), &mut *out) };
    match fake.fails("pam_get_item") {
        Some(Fault::Code(code)) => return code,
        Some(_) => *out = std::ptr::null(),
        None if item == 5 => *out = (&raw const fake.conv).cast(),
        None => *out = fake.items.get(&item).map_or(std::ptr::null(), |text| text.as_ptr().cast()),
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pam_set_item(handle: *mut Fake<'static>, item: c_int, value: *const c_void) -> c_int {
    // SAFETY: the module's call, within a door.
    let fake = unsafe { of(handle) };
    assert_eq!(item, 6, "the module sets the password and nothing else");
    if let Some(Fault::Code(code)) = fake.fails("pam_set_item") {
        return code;
    }
    // SAFETY: the item is a C string.
    fake.items.insert(item, unsafe { CStr::from_ptr(value.cast()) }.to_owned());
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pam_get_user(
    handle: *mut Fake<'static>,
    out: *mut *const c_char,
    _: *const c_char,
) -> c_int {
    // SAFETY: the module's call, within a door; `out` is its own.
    let (fake, out) = unsafe { (of(handle), &mut *out) };
    match (fake.fails("pam_get_user"), fake.items.get(&2)) {
        (Some(Fault::Code(code)), _) => return code,
        (None, Some(user)) => *out = user.as_ptr(),
        (None, None) => return 19,
        (Some(_), _) => *out = std::ptr::null(),
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pam_get_data(
    handle: *const Fake<'static>,
    name: *const c_char,
    out: *mut *const c_void,
) -> c_int {
    // SAFETY: the module's call, within a door; the name is a C string, `out` its own.
    let (fake, name, out) = unsafe { (of(handle), CStr::from_ptr(name), &mut *out) };
    match (fake.fails("pam_get_data"), fake.data.get(name)) {
        (Some(Fault::Code(code)), _) => return code,
        (None, Some((value, _))) => *out = *value,
        (None, None) => return NO_MODULE_DATA,
        (Some(_), _) => *out = std::ptr::null(),
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pam_set_data(
    handle: *mut Fake<'static>,
    name: *const c_char,
    value: *mut c_void,
    cleanup: Cleanup,
) -> c_int {
    // SAFETY: the module's call, within a door; the name is a C string.
    let (fake, name) = unsafe { (of(handle), CStr::from_ptr(name)) };
    if let Some(Fault::Code(code)) = fake.fails("pam_set_data") {
        return code;
    }
    if let Some((old, cleanup)) = fake.data.insert(name.to_owned(), (value, cleanup)) {
        // PAM_DATA_REPLACE
        cleanup(handle, old, 0x2000_0000);
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pam_getenv(handle: *mut Fake<'static>, name: *const c_char) -> *const c_char {
    // SAFETY: the module's call, within a door; the name is a C string.
    let (fake, name) = unsafe { (of(handle), CStr::from_ptr(name)) };
    if fake.fails("pam_getenv").is_some() {
        return std::ptr::null();
    }
    fake.variables.get(name).map_or(std::ptr::null(), |text| text.as_ptr())
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pam_putenv(handle: *mut Fake<'static>, text: *const c_char) -> c_int {
    // SAFETY: the module's call, within a door; the text is a C string.
    let (fake, text) = unsafe { (of(handle), CStr::from_ptr(text)) };
    if let Some(Fault::Code(code)) = fake.fails("pam_putenv") {
        return code;
    }
    let text = text.to_str().expect("a variable is text");
    let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
    assert!(
        ["WARDKEY_AUTH", "WARDKEY_NOTICE", "WARDKEY_TICKET"].contains(&name),
        "the module sets no other variable: {name}"
    );
    let c_text = |text: &str| CString::new(text).expect("a C string");
    match value {
        Some(value) => fake.variables.insert(c_text(name), c_text(value)),
        None => fake.variables.remove(&c_text(name)),
    };
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pam_fail_delay(handle: *mut Fake<'static>, _: c_uint) -> c_int {
    // SAFETY: the module's call, within a door.
    let fake = unsafe { of(handle) };
    if let Some(Fault::Code(code)) = fake.fails("pam_fail_delay") { code } else { SUCCESS }
}

/// Variadic in C; where one pointer follows, it comes where a fourth argument would, on the machines that we build for.
#[unsafe(no_mangle)]
unsafe extern "C" fn pam_syslog(
    handle: *const Fake<'static>,
    _: c_int,
    format: *const c_char,
    line: *const c_char,
) {
    // SAFETY: the module's call, within a door; both are C strings.
    let (fake, format, line) = unsafe { (of(handle), CStr::from_ptr(format), CStr::from_ptr(line)) };
    assert_eq!(format, c"%s");
    let line = line.to_str().expect("a line is text");
    assert!(!line.contains(|c: char| c < ' '), "a control character in the log: {line:?}");
    fake.logged.push_str(line);
    fake.logged.push('\n');
}
