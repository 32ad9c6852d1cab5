//! What a question may be about, and what is answered.

use crate::dialogue::Dialogue;
use crate::log;
use crate::mail_requests::Post;
use crate::peer::Peer;
use crate::self_service;
use std::path::Path;
use wardkey_core::grace::{Kernel, Process};
use wardkey_core::login::{Ask, Asker, Checked, Judge, Outcome, PamItems, Who};
use wardkey_core::policy::account::{Account, Accounts, SystemAccounts};
use wardkey_core::policy::config::Config;
use wardkey_core::store::FileStore;
use wardkey_core::system::clock::SystemClock;
use wardkey_core::user::UserName;
use wardkey_core::wire::{Answer, Denial, Question, Request, Typed};

/// Answers one question of this peer.
pub(crate) fn answer(config: &Config, line: &mut Dialogue<'_>, peer: Peer, question: &Question) -> Answer {
    let items = match items(peer, &question.items) {
        Ok(items) => items,
        Err(denial) => return Answer::Denied(denial),
    };
    let items = &items;
    let Dialogue(connection) = *line;
    let who = match admitted(config, &SystemAccounts, peer, &question.user) {
        Ok(who) => who,
        Err(denial) => return Answer::Denied(denial),
    };
    let store = FileStore::new(config.store.path.path());
    let kernel = Kernel::default();
    let process = peer.process(&kernel, connection);
    let origin = process.as_ref();
    let name = who.shown().filter(|_| !peer.is_root());
    let actor = name.as_deref();
    let asker = asker(peer, origin);
    let judge =
        Judge { config, store: &store, accounts: &SystemAccounts, clock: &SystemClock, origin, actor, asker };
    match &question.request {
        Request::Ask => {
            let asked = judge.asked(&who, items);
            log::write(&asked.lines);
            Answer::Asked(possible(asked.ask, peer))
        }
        Request::Check(typed) => told(judge.check(&who, items, typed.as_reply()), peer),
        Request::CheckFree(_) if !peer.is_root() => {
            log::denied(config, peer.uid, "would guess for nothing: refused");
            Answer::Denied(Denial::NotYou)
        }
        Request::Enter(typed) => entered(&judge, &who, peer, (items, typed)),
        Request::CheckFree(typed) => told(judge.check_free(&who, items, typed.as_reply()), peer),
        Request::Succeeded(by) => {
            log::write(&judge.succeeded(&who, items, *by));
            Answer::Noted
        }
        Request::Action(action) => match &who {
            Who::Known(account) => self_service::run(line, &judge, account, peer, action),
            Who::Unknown(_) | Who::LookupFailed(..) => Answer::Denied(Denial::NotYou),
        },
        Request::MailCode => Answer::Mailed(Post::new(judge, &who, items).code()),
        Request::RegisterAddress(_) | Request::Notify(..) if !peer.is_root() => {
            log::denied(config, peer.uid, "asked for mail that only root may send: refused");
            Answer::Denied(Denial::NotYou)
        }
        Request::RegisterAddress(address) => Answer::Mailed(Post::new(judge, &who, items).register(address)),
        Request::Notify(address, notice) => {
            Answer::Mailed(Post::new(judge, &who, items).notify(address, *notice))
        }
    }
}

/// Whether the caller works by the configuration that is in force here: else it would be judged by other rules, over
/// other records, than its own say.
pub(crate) fn by_this_configuration(
    config: &Config,
    own: &Path,
    peer: Peer,
    question: &Question,
) -> Result<(), Denial> {
    let asked = &question.config;
    if asked.as_os_str().len() > LONGEST_PATH {
        return Err(Denial::Malformed);
    }
    if asked == own {
        return Ok(());
    }
    let denial = Denial::OtherConfig { asked: asked.clone(), own: own.to_owned() };
    log::denied(config, peer.uid, &format!("is denied: {denial}"));
    Err(denial)
}

/// The items as far as they are believed: a person's own program has nobody's host.
fn items(peer: Peer, told: &PamItems) -> Result<PamItems, Denial> {
    let is_long = |text: &Option<String>, most| text.as_ref().is_some_and(|text| text.len() > most);
    if told.service.len() > LONGEST_NAME
        || is_long(&told.tty, LONGEST_NAME)
        || is_long(&told.rhost, LONGEST_HOST)
    {
        return Err(Denial::Malformed);
    }
    let rhost = told.rhost.clone().filter(|_| peer.is_root());
    Ok(PamItems { rhost, ..told.clone() })
}

/// Longest service and terminal, in bytes.
const LONGEST_NAME: usize = 64;

/// Longest path of a configuration, in bytes (`PATH_MAX`).
const LONGEST_PATH: usize = 4096;

/// Longest host, in bytes (RFC 1035 §2.3.4).
const LONGEST_HOST: usize = 255;

/// How far a wrong code is from the clock is not told to a program that could guess until it hits.
fn redacted(outcome: Outcome, peer: Peer) -> Outcome {
    match outcome {
        Outcome::Refused(refusal) if !peer.is_root() => Outcome::Refused(refusal.to_a_guesser()),
        other => other,
    }
}

/// A person's own program cannot enrol anyone, and screen lockers never call the door that would.
fn possible(ask: Ask, peer: Peer) -> Ask {
    if ask == Ask::Enroll && !peer.is_root() { Ask::Code } else { ask }
}

/// A person's own program is asked for a code where it could not enrol: its entry is one like any other.
fn entered(judge: &Judge<'_>, who: &Who, peer: Peer, (items, typed): (&PamItems, &Typed)) -> Answer {
    let asked = judge.asked(who, items);
    let ask = possible(asked.ask, peer);
    log::write(&asked.lines);
    // Where no code is asked, a program that a person starts could guess for nothing, also su and what else is set-uid.
    let checked = judge.entered(ask, who, items, typed.as_reply());
    log::write(&checked.lines);
    Answer::Entered { ask, outcome: redacted(checked.outcome, peer), generation: checked.generation }
}

/// A set-uid program, such as su, asks for the person who started it. One that has ended is nobody's: a person may end
/// what they have started.
fn asker(peer: Peer, origin: Option<&Process<'_>>) -> Asker {
    if !peer.is_root() {
        return Asker::Person(peer.uid);
    }
    match origin.map(Process::real_uid) {
        Some(Ok(0)) => Asker::Root,
        Some(Ok(uid)) => Asker::Person(uid),
        Some(Err(_)) | None => Asker::Untold,
    }
}

fn told(checked: Checked, peer: Peer) -> Answer {
    log::write(&checked.lines);
    Answer::Checked { outcome: redacted(checked.outcome, peer), generation: checked.generation }
}

/// Root may ask about anyone, everyone else about themself. Whether another account exists is not told.
fn admitted(config: &Config, accounts: &dyn Accounts, peer: Peer, user: &UserName) -> Result<Who, Denial> {
    let who = Who::find(accounts, user.as_bytes());
    match &who {
        _ if peer.is_root() => Ok(who),
        Who::Known(Account { uid, .. }) if *uid == peer.uid => Ok(who),
        Who::LookupFailed(_, why) => {
            log::failed(why);
            Err(Denial::Broken("the account database does not answer".into()))
        }
        Who::Known(_) | Who::Unknown(_) => {
            let whom =
                who.shown().map_or_else(|| "a name that nobody has".to_owned(), |name| format!("{name:?}"));
            log::denied(config, peer.uid, &format!("asked about {whom}: refused"));
            Err(Denial::NotYou)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wardkey_core::policy::account::LookupError;
    use wardkey_core::wire::VERSION;

    struct Roy;

    impl Accounts for Roy {
        fn find(&self, name: &UserName) -> Result<Option<Account>, LookupError> {
            let known = name.as_bytes() == b"roy";
            Ok(known.then(|| Account { name: name.clone(), uid: 1000, gid: 1000 }))
        }

        fn is_member(&self, _account: &Account, _group: &str) -> Result<bool, LookupError> {
            Ok(false)
        }
    }

    fn asks(uid: u32, about: &str) -> Result<(), Denial> {
        admitted(&Config::default(), &Roy, Peer { uid, pid: 0 }, &UserName::new(about.as_bytes()).unwrap())
            .map(|_| ())
    }

    #[test]
    fn a_person_asks_about_themself_and_root_about_anyone() {
        assert_eq!(asks(1000, "roy"), Ok(()));
        assert_eq!(asks(0, "roy"), Ok(()));
        assert_eq!(asks(0, "nobody"), Ok(()), "root's programs must not tell who exists");
    }

    #[test]
    fn a_database_that_does_not_answer_is_said_so_to_the_person_alone() {
        struct Silent;
        impl Accounts for Silent {
            fn find(&self, _: &UserName) -> Result<Option<Account>, LookupError> {
                Err(LookupError::Account("roy".into(), nix::errno::Errno::EIO))
            }
            fn is_member(&self, _: &Account, _: &str) -> Result<bool, LookupError> {
                Ok(false)
            }
        }
        let roy = UserName::new(b"roy").unwrap();
        let asked = |uid| admitted(&Config::default(), &Silent, Peer { uid, pid: 0 }, &roy);
        assert!(matches!(asked(1000), Err(Denial::Broken(_))));
        assert!(matches!(asked(0), Ok(Who::LookupFailed(..))));
    }

    #[test]
    fn a_scene_has_bounds_and_a_host_is_believed_of_root_alone() {
        let text = |n: usize| "a".repeat(n);
        let told = PamItems { service: text(64), rhost: Some(text(255)), tty: Some(text(64)) };
        let (root, roy) = (Peer { uid: 0, pid: 0 }, Peer { uid: 1000, pid: 0 });
        assert_eq!(items(root, &told), Ok(told.clone()));
        assert_eq!(items(roy, &told), Ok(PamItems { rhost: None, ..told.clone() }));
        for long in [
            PamItems { service: text(65), ..told.clone() },
            PamItems { rhost: Some(text(256)), ..told.clone() },
            PamItems { tty: Some(text(65)), ..told.clone() },
        ] {
            assert_eq!(items(root, &long), Err(Denial::Malformed));
        }
    }

    #[test]
    fn a_question_by_another_configuration_is_for_another_court() {
        let own = Path::new("/etc/wardkey/wardkey.toml");
        let asked_by = |config: &str| {
            let user = UserName::new(b"roy").unwrap();
            let question = Question {
                version: VERSION,
                config: config.into(),
                user,
                items: PamItems::default(),
                request: Request::Ask,
            };
            by_this_configuration(&Config::default(), own, Peer { uid: 0, pid: 0 }, &question)
        };
        assert_eq!(asked_by("/etc/wardkey/wardkey.toml"), Ok(()));
        for other in ["", "/etc/wardkey/other.toml", "/etc/wardkey/../wardkey/wardkey.toml"] {
            let denial = Denial::OtherConfig { asked: other.into(), own: own.into() };
            assert_eq!(asked_by(other), Err(denial));
        }
        assert_eq!(asked_by(&format!("/{}", "a".repeat(4096))), Err(Denial::Malformed));
    }

    #[test]
    fn only_roots_programs_lead_into_an_enrolment() {
        let (root, roy) = (Peer { uid: 0, pid: 0 }, Peer { uid: 1000, pid: 0 });
        assert_eq!((possible(Ask::Enroll, root), possible(Ask::Enroll, roy)), (Ask::Enroll, Ask::Code));
        assert_eq!((possible(Ask::Grace, root), possible(Ask::Grace, roy)), (Ask::Grace, Ask::Grace));
    }

    #[test]
    fn nobody_learns_who_else_exists() {
        assert_eq!(asks(1001, "roy"), Err(Denial::NotYou));
        assert_eq!(asks(1001, "nobody"), Err(Denial::NotYou));
    }
}
