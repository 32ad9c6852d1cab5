//! What libpam hears of the replies.

use super::testing::{Replies, put};
use super::{CONV_ERR, ECHO_OFF, ECHO_ON, LONGEST, SUCCESS};

#[test]
fn prompts_are_answered_in_order_and_texts_are_told() {
    let mut replies = Replies(vec![Some(b"secret"), Some(b"")], Vec::new());
    let messages = [(ECHO_OFF, Some(c"Password: ")), (4, Some(c"Hello")), (ECHO_ON, None), (3, Some(c"Oh"))];
    let (result, found) = put(&mut replies, &messages);
    assert_eq!(result, SUCCESS);
    assert_eq!(found, [Some(c"secret".to_owned()), None, Some(c"".to_owned()), None]);
    assert_eq!(replies.1, ["Password: *", "Hello", "", "Oh!"]);
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
