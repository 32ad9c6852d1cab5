//! A login at a seat of a clinic: whom it concerns and what policy says are decided here, codes by a verifier that the link asks.

use crate::link::{Brought, Errand, hand_over, now};
use crate::log;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};
use wardkey_core::login::{
    self, Authority, Judge, Judgement, LoginTerms, Mailed, MissRule, NoMail, OnRecord, Outcome, PamItems,
    Reply, Seen, Uncompared, Who,
};
use wardkey_core::policy::account::Account;
use wardkey_core::policy::config::Config;
use wardkey_core::record::question::QuestionId;
use wardkey_core::user::UserName;
use wardkey_core::verify::Refusal;
use wardkey_core::wire::{receive, send};
use wardkey_fleet::{Enquiry, Report, Subject};

/// Time to tell the caller how it went, before its deadline.
const TO_ANSWER: Duration = Duration::from_secs(1);

/// How often a question is handed over: again where the link died over it.
const TIMES: usize = 2;

const ANOTHER: &str = "the link brought the answer to another question";

/// Answers one step of a login. What it has opened of this machine's store is nothing.
pub(crate) fn login(
    judge: Judge<'_>,
    who: &Who,
    door: Option<&OwnedFd>,
    request: &login::Request,
) -> login::Answer {
    let whole = judge.site.config.helper.deadline.get();
    let end = now() + whole.saturating_sub(TO_ANSWER.min(whole / 4));
    let authority = Verifier { config: judge.site.config, items: &request.items, door, end };
    // Nothing of a seat's asks for mail yet.
    let mail = || Mailed::Refused(NoMail::Off);
    let Judge { site, actor, asker, origin, .. } = judge;
    let (answer, lines) =
        Judge { site, authority, actor, asker, origin, mail: Some(&mail) }.answer(who, request);
    log::write(&lines);
    answer
}

/// The authority behind the link.
struct Verifier<'a> {
    config: &'a Config,
    items: &'a PamItems,
    door: Option<&'a OwnedFd>,
    /// When all that this request asks must be answered.
    end: Instant,
}

impl Verifier<'_> {
    /// Asks one question. Its id is drawn here, once, and is the same wherever it is sent.
    fn ask(&self, user: &UserName, subject: Subject) -> Result<Report, String> {
        let door = self.door.ok_or("this helper began without a link: systemctl reload wardkey-helper")?;
        let id = QuestionId::random().map_err(|e| e.to_string())?;
        let (user, items) = (user.clone(), self.items.clone());
        let enquiry = Enquiry { id, within: 0, user, items, subject };
        let mut errand = Errand { servers: self.config.store.servers.clone(), enquiry };
        let mut why = String::new();
        for _ in 0..TIMES {
            let left = self.end.saturating_duration_since(now());
            errand.enquiry.within = u32::try_from(left.as_millis()).unwrap_or(u32::MAX);
            if errand.enquiry.within == 0 {
                break;
            }
            match self.send(door, &errand) {
                Ok(Brought::Report(report)) => return Ok(report),
                Ok(Brought::Nothing(why)) => return Err(why),
                Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    return Err("the link does not answer in time".to_owned());
                }
                Err(e) => why = format!("the link does not answer: {e}"),
            }
        }
        Err(if why.is_empty() { "no time is left to ask a verifier".to_owned() } else { why })
    }

    fn send(&self, door: &OwnedFd, errand: &Errand) -> io::Result<Brought> {
        let socket = hand_over(door, self.end)?;
        let left = self.end.saturating_duration_since(now()).max(Duration::from_millis(1));
        socket.set_read_timeout(Some(left))?;
        socket.set_write_timeout(Some(left))?;
        let (mut to, mut from) = (&socket, &socket);
        to.write_all(&send(errand)?)?;
        receive(&mut from)
    }

    fn judged(&self, user: &UserName, subject: Subject) -> Judgement {
        match self.ask(user, subject) {
            Ok(Report::Judged(judgement)) => judgement,
            Ok(_) => not_judged(Outcome::Unavailable(ANOTHER.to_owned())),
            Err(why) => not_judged(Outcome::Unavailable(why)),
        }
    }
}

fn not_judged(outcome: Outcome) -> Judgement {
    Judgement { outcome, seen: Seen::default() }
}

impl Authority for Verifier<'_> {
    fn known(&self, user: &UserName) -> OnRecord {
        match self.ask(user, Subject::Known) {
            Ok(Report::Known(known)) => known,
            Ok(_) => OnRecord::NoAnswer(ANOTHER.to_owned()),
            Err(why) => OnRecord::NoAnswer(why),
        }
    }

    fn has_live_pass(&self, user: &UserName) -> bool {
        matches!(self.ask(user, Subject::LivePass), Ok(Report::LivePass(true)))
    }

    /// Misses where no code is asked are few for each uid of this seat, as on any machine: they are counted here.
    fn judge(&self, account: &Account, reply: &Reply, terms: &LoginTerms<'_>) -> Judgement {
        let guess = match terms.misses.guess_at_seat(self.config, reply) {
            Ok(guess) => guess,
            Err(Uncompared(uncompared)) => {
                let seen = Seen { uncompared, ..Seen::default() };
                return Judgement { outcome: Outcome::Refused(Refusal::Malformed), seen };
            }
        };
        let counts = terms.misses == MissRule::Count;
        let place = (terms.place)();
        let subject = Subject::Code { uid: account.uid, reply: reply.clone(), counts, place };
        let mut judgement = self.judged(&account.name, subject);
        judgement.seen.is_used_up = guess.uses_up(Some(&judgement.outcome));
        judgement
    }

    fn pretend(&self, user: Option<&UserName>, reply: &Reply) -> Judgement {
        // Nothing could be asked about a name that can be nobody's.
        let refused = || not_judged(Outcome::Refused(Refusal::NotEnrolled));
        user.map_or_else(refused, |user| self.judged(user, Subject::Nobody(reply.clone())))
    }
}
