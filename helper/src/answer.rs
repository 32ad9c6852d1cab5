//! What a question may be about, and what is answered.

use crate::dialogue::Dialogue;
use crate::log;
use crate::mail_requests::MailRequest;
use crate::peer::Peer;
use crate::seat;
use crate::self_service;
use std::os::fd::OwnedFd;
use std::path::Path;
use wardkey_core::desk::{DeskAnswer, DeskRequest, DeskWork, NotDone};
use wardkey_core::grace::{Kernel, Process};
use wardkey_core::login::{self, Asker, Judge, PamItems, Step, Who};
use wardkey_core::policy::account::{Account, Accounts, SystemAccounts};
use wardkey_core::policy::config::Config;
use wardkey_core::site::Site;
use wardkey_core::system::clock::SystemClock;
use wardkey_core::topics::{AnyAnswer, AnyRequest};
use wardkey_core::user::UserName;
use wardkey_core::wire::{Denial, Question};

/// Answers one question of this peer.
///
/// # Errors
/// Why it is not answered.
pub(crate) fn answer(
    (config, door): (&Config, Option<&OwnedFd>),
    dialogue: &mut Dialogue<'_>,
    peer: Peer,
    question: &mut Question<AnyRequest>,
) -> Result<AnyAnswer, Denial> {
    believe(peer, question.request.items_mut())?;
    let who = admitted(config, &SystemAccounts, peer, &question.user)?;
    // A seat's store is a directory without records: nothing opens it there.
    let store = config.records();
    let kernel = Kernel::default();
    let Dialogue(connection) = *dialogue;
    let process = peer.process(&kernel, connection);
    let origin = process.as_ref();
    let name = who.shown().filter(|_| !peer.is_root());
    let actor = name.as_deref();
    let site = Site { config, store: &store, accounts: &SystemAccounts, clock: &SystemClock };
    let judge = Judge { actor, asker: asker(peer, origin), origin, ..Judge::of(site) };
    match &question.request {
        AnyRequest::Login(request) if config.store.is_seat() => {
            is_allowed(config, peer, judge.asker, &request.step)?;
            Ok(AnyAnswer::Login(seat::login(judge, &who, door, request)))
        }
        AnyRequest::Desk(_) if config.store.is_seat() => {
            Ok(AnyAnswer::Desk(DeskAnswer::NotDone(NotDone::AtVerifier)))
        }
        AnyRequest::Login(request) => login(judge, &who, peer, request).map(AnyAnswer::Login),
        AnyRequest::Desk(request) => desk(dialogue, judge, &who, peer, request).map(AnyAnswer::Desk),
    }
}

fn login(judge: Judge<'_>, who: &Who, peer: Peer, request: &login::Request) -> Result<login::Answer, Denial> {
    is_allowed(judge.site.config, peer, judge.asker, &request.step)?;
    let mail_request = MailRequest::new(judge, who, &request.items);
    let mail = || mail_request.code();
    let (answer, lines) = Judge { mail: Some(&mail), ..judge }.answer(who, request);
    log::write(&lines);
    Ok(answer)
}

/// What only root's programs may ask: a check in which wrong codes are free, and that a session had both factors.
fn is_allowed(config: &Config, peer: Peer, asker: Asker, step: &Step) -> Result<(), Denial> {
    let why = match step {
        Step::CheckFree(_) if !peer.is_root() => "would guess for nothing: refused",
        Step::SessionOpened if asker != Asker::Root => "would begin a grace without a code: refused",
        _ => return Ok(()),
    };
    log::denied(config, peer.uid, why);
    Err(Denial::NotYou)
}

fn desk(
    dialogue: &mut Dialogue<'_>,
    judge: Judge<'_>,
    who: &Who,
    peer: Peer,
    request: &DeskRequest,
) -> Result<DeskAnswer, Denial> {
    let mail_request = MailRequest::new(judge, who, &request.items);
    match (&request.work, who) {
        (DeskWork::Action(action), Who::Known(account)) => {
            Ok(self_service::run(dialogue, &judge, account, peer, action))
        }
        (DeskWork::Action(_), Who::Unknown(_) | Who::LookupFailed(..)) => Err(Denial::NotYou),
        (DeskWork::RegisterAddress(_) | DeskWork::Notify(..), _) if !peer.is_root() => {
            log::denied(judge.site.config, peer.uid, "asked for mail that only root may send: refused");
            Err(Denial::NotYou)
        }
        (DeskWork::RegisterAddress(address), _) => Ok(DeskAnswer::Delivered(mail_request.register(address))),
        (DeskWork::Notify(address, notice), _) => {
            Ok(DeskAnswer::Delivered(mail_request.notify(address, *notice)))
        }
    }
}

/// Whether the caller works by the configuration that is in force here: else it would be judged by other rules, over
/// other records, than its own say.
pub(crate) fn by_this_configuration(
    config: &Config,
    own: &Path,
    peer: Peer,
    question: &Question<AnyRequest>,
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

/// Keeps of the items what is believed: a person's own program has nobody's host.
fn believe(peer: Peer, items: &mut PamItems) -> Result<(), Denial> {
    let is_long = |text: &Option<String>, most| text.as_ref().is_some_and(|text| text.len() > most);
    if items.service.len() > LONGEST_NAME
        || is_long(&items.tty, LONGEST_NAME)
        || is_long(&items.rhost, LONGEST_HOST)
    {
        return Err(Denial::Malformed);
    }
    if !peer.is_root() {
        items.rhost = None;
    }
    Ok(())
}

/// Longest service and terminal, in bytes.
const LONGEST_NAME: usize = 64;

/// Longest path of a configuration, in bytes (`PATH_MAX`).
const LONGEST_PATH: usize = 4096;

/// Longest host, in bytes (RFC 1035 §2.3.4).
const LONGEST_HOST: usize = 255;

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
    fn items_have_bounds_and_a_host_is_believed_of_root_alone() {
        let text = |n: usize| "a".repeat(n);
        let told = PamItems { service: text(64), rhost: Some(text(255)), tty: Some(text(64)) };
        let (root, roy) = (Peer { uid: 0, pid: 0 }, Peer { uid: 1000, pid: 0 });
        let believed = |peer, told: &PamItems| {
            let mut items = told.clone();
            believe(peer, &mut items).map(|()| items)
        };
        assert_eq!(believed(root, &told), Ok(told.clone()));
        assert_eq!(believed(roy, &told), Ok(PamItems { rhost: None, ..told.clone() }));
        for long in [
            PamItems { service: text(65), ..told.clone() },
            PamItems { rhost: Some(text(256)), ..told.clone() },
            PamItems { tty: Some(text(65)), ..told.clone() },
        ] {
            assert_eq!(believed(root, &long), Err(Denial::Malformed));
        }
    }

    #[test]
    fn only_roots_programs_guess_for_nothing_or_begin_a_grace() {
        let (root, roy) = (Peer { uid: 0, pid: 0 }, Peer { uid: 1000, pid: 0 });
        let asked = |peer, asker, step: Step| is_allowed(&Config::default(), peer, asker, &step);
        for (peer, asker, opens) in [
            (root, Asker::Root, Ok(())),
            (root, Asker::Person(1000), Err(Denial::NotYou)),
            (root, Asker::Untold, Err(Denial::NotYou)),
            (roy, Asker::Person(1000), Err(Denial::NotYou)),
        ] {
            assert_eq!(asked(peer, asker, Step::SessionOpened), opens, "{asker:?}");
            assert_eq!(asked(peer, asker, Step::Ask), Ok(()));
        }
        let free = || Step::CheckFree(login::Reply::NoCode);
        assert_eq!(asked(roy, Asker::Person(1000), free()), Err(Denial::NotYou));
        assert_eq!(asked(root, Asker::Person(1000), free()), Ok(()));
    }

    #[test]
    fn a_question_by_another_configuration_is_for_another_helper() {
        let own = Path::new("/etc/wardkey/wardkey.toml");
        let asked_by = |config: &str| {
            let user = UserName::new(b"roy").unwrap();
            let question = Question {
                version: VERSION,
                config: config.into(),
                user,
                request: AnyRequest::Login(login::Request { items: PamItems::default(), step: Step::Ask }),
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
    fn nobody_learns_who_else_exists() {
        assert_eq!(asks(1001, "roy"), Err(Denial::NotYou));
        assert_eq!(asks(1001, "nobody"), Err(Denial::NotYou));
    }
}
