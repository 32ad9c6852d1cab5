//! One question of a seat that is proven: by the records of this machine, and by its own rules.

use crate::audit::{self, Happened};
use crate::door::House;
use crate::limits::Measure;
use crate::{log, turns};
use std::sync::{Arc, PoisonError};
use tokio::time::Instant;
use wardkey_core::audit::AuditResult;
use wardkey_core::login::{
    Authority, Judgement, LoginTerms, MissRule, NoPlace, OnRecord, Outcome, Records, Reply, Seen, Who, told,
};
use wardkey_core::policy::account::{Account, SystemAccounts};
use wardkey_core::policy::config::Config;
use wardkey_core::site::Site;
use wardkey_core::system::clock::{Clock, SystemClock};
use wardkey_core::system::syslog::{Line, Severity};
use wardkey_core::verify::Refusal;
use wardkey_core::wire::IN_THE_LOG;
use wardkey_fleet::{Enquiry, Report, Seat, SeatCertificate, Subject, Turned};

/// A question, and by whom.
pub(crate) struct Asked {
    /// What every connection works with.
    pub(crate) house: Arc<House>,
    /// By whom.
    pub(crate) certificate: Arc<SeatCertificate>,
    /// What that seat has used.
    pub(crate) measure: Arc<Measure>,
    /// What it asks.
    pub(crate) enquiry: Enquiry,
    /// Until when it waits.
    pub(crate) until: Instant,
    /// Whether it asks about more people than a seat does.
    pub(crate) is_hurried: bool,
}

/// A question with what it is judged by.
struct Case<'a> {
    asked: &'a Asked,
    config: &'a Config,
    seat: &'a Seat,
    records: Records<'a>,
}

/// Answers it. The registry and the configuration are looked at for each question.
pub(crate) fn answer(asked: &Asked) -> Report {
    let now = SystemClock.now();
    // Who asked has given up: to judge it now would spend a code for nobody.
    if Instant::now() >= asked.until {
        return Report::Turned(Turned::Busy);
    }
    let registry = &asked.house.registry;
    let seat = match registry.in_force(&asked.certificate, now) {
        Ok(Ok(seat)) => seat,
        Ok(Err(turned)) => return Report::Turned(turned),
        Err(why) => return broken(&why.to_string()),
    };
    let config = match asked.house.settings.now() {
        Ok(config) => config,
        Err(why) => return broken(&why),
    };
    // What is only shown keeps nobody out.
    if let Err(why) = registry.asked(&seat, now, asked.is_hurried) {
        log::warn(&why.to_string());
    }
    if asked.is_hurried && asked.measure.named.one_more(now).is_some() {
        log::warn(&format!("seat {} asks about more than ten people a minute: slowed", seat.name));
    }
    turns::judging_for(seat.number);
    let store = config.records();
    let site = Site { config: &config, store: &store, accounts: &SystemAccounts, clock: &SystemClock };
    Case { asked, config: &config, seat: &seat, records: Records(site) }.answer()
}

fn broken(why: &str) -> Report {
    log::failed(why);
    Report::Turned(Turned::Broken)
}

impl Case<'_> {
    fn answer(&self) -> Report {
        let Enquiry { user, subject, .. } = &self.asked.enquiry;
        match subject {
            Subject::Known => Report::Known(self.known()),
            Subject::LivePass => Report::LivePass(self.records.has_live_pass(user)),
            Subject::Code { uid, reply, counts, place } => {
                let account = Account { name: user.clone(), uid: *uid, gid: *uid };
                let judgement = if *counts {
                    self.judge(&account, reply, (MissRule::Count, *place))
                } else {
                    self.judge_unasked(&account, reply, *place)
                };
                Report::Judged(self.written_down(&Who::Known(account), *counts, judgement))
            }
            Subject::Nobody(reply) => {
                let judgement = self.records.pretend(Some(user), reply);
                Report::Judged(self.written_down(&Who::Unknown(Some(user.clone())), true, judgement))
            }
            Subject::Renewal(request) => self.renewed(request),
        }
    }

    /// What the seat's policy needs. Why it cannot be told is for this machine's log.
    fn known(&self) -> OnRecord {
        match self.records.known(&self.asked.enquiry.user) {
            OnRecord::Untold(why) => {
                log::failed(&why);
                OnRecord::Untold(IN_THE_LOG.to_owned())
            }
            known => known,
        }
    }

    /// The one place that judges a code.
    fn judge(
        &self,
        account: &Account,
        reply: &Reply,
        (misses, place): (MissRule, Result<(), NoPlace>),
    ) -> Judgement {
        let rules = self.config.rules_in(&self.asked.enquiry.items.service);
        self.records.judge(account, reply, &LoginTerms { rules, misses, place: &|| place })
    }

    /// Where the seat says that no code is asked, a wrong one counts nowhere, and there are few tries.
    fn judge_unasked(&self, account: &Account, reply: &Reply, place: Result<(), NoPlace>) -> Judgement {
        let misses = || self.asked.measure.free_misses.lock().unwrap_or_else(PoisonError::into_inner);
        if !misses().take(&account.name, Instant::now()) {
            return Judgement { outcome: Outcome::Refused(Refusal::Malformed), seen: Seen::default() };
        }
        let judgement = self.judge(account, reply, (MissRule::AreFree, place));
        let is_miss = match &judgement.outcome {
            Outcome::Accepted(_)
            | Outcome::Refused(Refusal::Malformed | Refusal::AlreadyUsed | Refusal::NotEnrolled) => false,
            Outcome::Refused(_) | Outcome::Unavailable(_) | Outcome::EnrollElsewhere(_) => true,
        };
        if !is_miss {
            misses().give_back(&account.name);
        }
        let is_used_up = is_miss && misses().are_used_up(&account.name);
        Judgement { seen: Seen { is_used_up, ..judgement.seen }, ..judgement }
    }

    /// Writes down what a code came to; the seat hears what it may. Where none was asked only a yes is written.
    fn written_down(&self, who: &Who, counts: bool, judgement: Judgement) -> Judgement {
        let Judgement { outcome, seen } = judgement;
        let lines: Vec<Line> =
            seen.warnings.iter().map(|text| Line::new(Severity::Warning, text.as_str())).collect();
        log::write(&lines);
        let line = told(&outcome, who, true);
        let count = match line.result {
            AuditResult::Accepted | AuditResult::Failed => Some(1),
            _ if !counts => None,
            _ if line.is_idle => self.asked.measure.quiet.one_more(SystemClock.now()),
            _ => Some(1),
        };
        if let Some(count) = count {
            let user = who.shown();
            let what = Happened {
                event: "login",
                user: user.as_deref(),
                items: Some(&self.asked.enquiry.items),
                method: line.method,
                result: line.result,
                reason: line.reason.as_deref(),
                count,
            };
            audit::write(self.config, self.seat.name.as_str(), line.severity, &what);
        }
        let outcome = match outcome {
            Outcome::Unavailable(_) => Outcome::Unavailable(IN_THE_LOG.to_owned()),
            Outcome::Refused(refusal) => Outcome::Refused(refusal.to_a_guesser()),
            told @ (Outcome::Accepted(_) | Outcome::EnrollElsewhere(_)) => told,
        };
        Judgement { outcome, seen: Seen { warnings: Vec::new(), ..seen } }
    }

    fn renewed(&self, request: &str) -> Report {
        let House { registry, clinic, .. } = &*self.asked.house;
        match registry.renew(&clinic.authority, &self.asked.certificate, request, SystemClock.now()) {
            Ok(Ok(made)) => {
                let reason = made.fingerprint.to_string();
                let what = Happened {
                    event: "fleet renew",
                    user: None,
                    items: None,
                    method: None,
                    result: AuditResult::Done,
                    reason: Some(&reason),
                    count: 1,
                };
                audit::write(self.config, self.seat.name.as_str(), Severity::Notice, &what);
                Report::Renewed(made.pem)
            }
            Ok(Err(turned)) => Report::Turned(turned),
            Err(why) => broken(&why.to_string()),
        }
    }
}
