use super::*;
use crate::mark::{PassedBy, of, of_anybody};

const HERE: u32 = 100;
const CHILD: u32 = 101;

fn roy() -> Whose {
    Whose::Account(UserName::new(b"roy").unwrap())
}

fn left(mark: Mark) -> Option<Left> {
    Some(Left { mark, whose: roy() })
}

const PASSED: Mark = Mark::Passed(PassedBy::Code);
const MUST: Mark = Mark::MustEnroll(Right::Password);

/// A process of a login, and what it finds in the environment.
struct Process {
    id: u32,
    kept: Option<Kept>,
    word: Option<String>,
}

impl Process {
    fn new() -> Self {
        Self { id: HERE, kept: None, word: None }
    }

    /// As `LibpamTransaction::leave` does it.
    fn leave(&mut self, mark: Option<Mark>) {
        let kept = Kept::after(self.kept.as_ref(), mark.and_then(left), self.id);
        self.word = kept.word().map(|word| word.to_text());
        self.kept = Some(kept);
    }

    /// A child with all that its parent has.
    fn child(&self) -> Self {
        let kept = self.kept.as_ref().map(|kept| Kept {
            left: kept.left.clone(),
            token: kept.token.clone(),
            process: kept.process,
            before: kept.before.clone(),
            is_account_called: kept.is_account_called.clone(),
        });
        Self { id: CHILD, kept, word: self.word.clone() }
    }

    /// As sshd does it: what the child's environment has is set here, and nothing is taken away.
    fn hears(&mut self, child: &Self) {
        self.word = child.word.clone().or(self.word.take());
    }

    fn mark(&self) -> Option<Mark> {
        let word = self.word.as_deref().map(Word::from_text);
        of(&standing(self.kept.as_ref(), word.as_ref()), &roy())
    }
}

#[test]
fn words_read_as_they_are_written() {
    let strange = Whose::Account(UserName::new(b"CLINIC\\r o=y\n%\xff").unwrap());
    for whose in [roy(), strange, Whose::Nobody, Whose::Unsure] {
        for word in [Word::Refused(whose.clone()), Word::MustEnroll(whose.clone())] {
            let text = word.to_text();
            assert_eq!(Word::from_text(&text), word);
            assert!(text.bytes().all(|b| b.is_ascii_graphic() || b == b' '), "{text}");
        }
    }
    let void = Word::Void(Secret::random(TOKEN_BYTES).unwrap());
    assert_eq!(Word::from_text(&void.to_text()), void);
}

/// What was typed into the name field may be a password.
#[test]
fn a_name_without_an_account_is_told_to_nobody() {
    assert_eq!(Word::Refused(Whose::Nobody).to_text(), "refused -");
}

#[test]
fn what_no_door_of_ours_wrote_lets_nobody_in() {
    let longer = Secret::new(vec![7; TOKEN_BYTES + 1]).to_base32().to_string();
    for text in ["", "1", "passed roy", "void", "void ", "void roy", &format!("void {longer}"), "refused"] {
        assert_eq!(Word::from_text(text), Word::Refused(Whose::Unsure), "{text:?}");
    }
    assert_eq!(Word::from_text("must-enroll %"), Word::MustEnroll(Whose::Unsure));
}

#[test]
fn each_process_knows_its_own_mark_and_its_parent_the_refusals() {
    for (mark, in_the_parent) in [
        (Mark::Refused, Some(Mark::Refused)),
        (MUST, Some(Mark::MustEnrollElsewhere)),
        (PASSED, None),
        (Mark::Passed(PassedBy::Alone), None),
    ] {
        let mut parent = Process::new();
        let mut child = parent.child();
        child.leave(Some(mark));
        assert_eq!(child.mark(), Some(mark));
        parent.hears(&child);
        assert_eq!(parent.mark(), in_the_parent, "{mark:?}");
    }
}

/// sshd's password method asks in the parent, keyboard-interactive after it in a child.
#[test]
fn what_a_child_passed_ends_its_parents_refusal() {
    for before in [Mark::Refused, MUST] {
        for passes in [Some(PASSED), None] {
            let mut parent = Process::new();
            parent.leave(Some(before));
            let mut child = parent.child();
            if passes.is_some() {
                child.leave(Some(Mark::Refused));
            }
            child.leave(passes);
            assert_eq!(child.mark(), passes);
            parent.hears(&child);
            assert_eq!(parent.mark(), None, "{before:?}, then {passes:?}");
            // And a child that passed says nothing of what is refused after it, even where the environment cannot be set.
            let word = parent.word.clone();
            parent.leave(Some(Mark::Refused));
            parent.word = word;
            assert_eq!(parent.mark(), Some(Mark::Refused));
        }
    }
}

#[test]
fn a_child_that_is_refused_speaks_for_its_parent() {
    for before in [None, Some(PASSED), Some(MUST), Some(Mark::Refused)] {
        let mut parent = Process::new();
        parent.leave(before);
        let mut child = parent.child();
        child.leave(Some(PASSED));
        child.leave(Some(Mark::Refused));
        parent.hears(&child);
        assert_eq!(parent.mark(), Some(Mark::Refused), "{before:?}");
    }
}

#[test]
fn one_process_leaves_nothing_in_the_environment_once_it_has_passed() {
    for passes in [Some(PASSED), None] {
        let mut process = Process::new();
        process.leave(Some(Mark::Refused));
        assert_eq!(process.word.as_deref(), Some("refused roy"));
        process.leave(passes);
        assert_eq!((process.mark(), process.word), (passes, None));
    }
}

/// A person's own file may set variables of PAM's environment.
#[test]
fn a_made_up_word_takes_no_refusal_away() {
    let mut process = Process::new();
    process.leave(Some(Mark::Refused));
    for text in ["void AAAAAAAAAAAAAAAA", "void", "", "must-enroll ann", "refused ann"] {
        process.word = Some(text.to_owned());
        assert_eq!(process.mark(), Some(Mark::Refused), "{text:?}");
    }
}

#[test]
fn an_open_session_has_no_more_of_it_than_its_end_needs() {
    let mut parent = Process::new();
    parent.leave(Some(Mark::Refused));
    let mut child = parent.child();
    child.leave(Some(PASSED));
    parent.hears(&child);
    for (process, stays) in [(&parent, None), (&child, Some(PASSED))] {
        let word = process.word.as_deref().map(Word::from_text);
        let kept = Kept::settled(process.kept.as_ref(), word.as_ref(), process.id);
        assert_eq!(kept.word(), None);
        assert_eq!(of_anybody(&standing(Some(&kept), None)), stays);
    }
}

#[test]
fn a_pass_that_led_nowhere_is_said_at_the_end() {
    let pass = Mark::MustEnroll(Right::Pass { generation: 1 });
    for (mark, what) in [(pass, "a pass let \"roy\" in"), (MUST, "the password alone let \"roy\" in")] {
        let mut process = Process::new();
        process.leave(Some(mark));
        let kept = process.kept.unwrap();
        assert!(kept.last_word(HERE).unwrap().starts_with(what));
        assert_eq!(kept.last_word(CHILD), None, "a child's copy is silent");
        kept.account_is_called();
        assert_eq!(kept.last_word(HERE), None);
    }
    for mark in [Some(Mark::Refused), Some(PASSED), None] {
        let mut process = Process::new();
        process.leave(mark);
        assert_eq!(process.kept.unwrap().last_word(HERE), None);
    }
}

/// sshd's parent has kept nothing, and a person may have written any name over what its child said.
#[test]
fn a_name_in_a_word_takes_no_refusal_away_where_nothing_is_kept() {
    for (text, mark) in [("refused ann", Mark::Refused), ("must-enroll ann", Mark::MustEnrollElsewhere)] {
        let word = Word::from_text(text);
        assert_eq!(of(&standing(None, Some(&word)), &roy()), Some(mark), "{text}");
    }
}

/// `pam_env` with `user_readenv` would take a refusal away by it from a process that has kept nothing, as sshd's parent.
#[test]
fn a_void_of_nobodys_is_a_refusal() {
    let made_up = Word::from_text("void AAAAAAAAAAAAAAAA");
    assert!(matches!(made_up, Word::Void(_)));
    let stands = [Left { mark: Mark::Refused, whose: Whose::Unsure }];
    assert_eq!(standing(None, Some(&made_up)), stands);
}
