//! Conversations as libpam has them, and as it never has.

use super::*;

/// Answers each prompt with the next of these, and panics when there is none.
struct Replies(Vec<Option<&'static [u8]>>, Vec<String>);

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
fn put(replies: &mut Replies, messages: &[(c_int, Option<&CStr>)]) -> (c_int, Vec<Option<CString>>) {
    let messages: Vec<Message> = messages
        .iter()
        .map(|(style, text)| Message { style: *style, text: text.map_or(ptr::null(), CStr::as_ptr) })
        .collect();
    let mut pointers: Vec<*const Message> = messages.iter().map(ptr::from_ref).collect();
    let mut asked: &mut dyn Asked = replies;
    let mut answers: *mut Response = ptr::null_mut();
    let count = c_int::try_from(pointers.len()).unwrap();
    // SAFETY: so many pointers to messages, a place for the answers, and the data that `converse` expects.
    let result = unsafe { converse(count, pointers.as_mut_ptr(), &raw mut answers, (&raw mut asked).cast()) };
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
fn prompts_are_answered_in_order_and_texts_are_told() {
    let mut replies = Replies(vec![Some(b"secret"), Some(b"")], Vec::new());
    let messages = [(ECHO_OFF, Some(c"Password: ")), (4, Some(c"Hello")), (ECHO_ON, None), (3, Some(c"Oh"))];
    let (result, found) = put(&mut replies, &messages);
    assert_eq!(result, SUCCESS);
    assert_eq!(found, [Some(c"secret".to_owned()), None, Some(c"".to_owned()), None]);
    assert_eq!(replies.1, ["Password: *", "Hello", "", "Oh"]);
}

#[test]
fn a_reply_that_no_module_could_take_ends_it_and_leaves_nothing() {
    let (prompt, longest) = ((ECHO_OFF, Some(c"Password: ")), &[b'a'; LONGEST - 1]);
    assert_eq!(put(&mut Replies(vec![Some(longest)], Vec::new()), &[prompt]).0, SUCCESS);
    for last in [None, Some(&b"two\0words"[..]), Some(&[b'a'; LONGEST])] {
        let mut replies = Replies(vec![Some(b"first"), last], Vec::new());
        assert_eq!(
            put(&mut replies, &[prompt, (4, Some(c"text")), prompt]),
            (CONV_ERR, Vec::new()),
            "{last:?}"
        );
    }
}

#[test]
fn a_panic_does_not_reach_libpam() {
    let mut nobody = Replies(Vec::new(), Vec::new());
    assert_eq!(put(&mut nobody, &[(ECHO_OFF, Some(c"Password: "))]), (CONV_ERR, Vec::new()));
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
