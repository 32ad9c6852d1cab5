//! Mail that is asked for: codes for logins, codes for new addresses, notices.

use crate::log;
use std::time::{Duration, Instant};
use wardkey_core::audit;
use wardkey_core::credential::mailed::MailMode;
use wardkey_core::credential::mailed::{Address, Notice};
use wardkey_core::desk::{Delivery, Desk, DeskAnswer, Issued, Problem, Why};
use wardkey_core::login::{Happened, Judge, Mailed, NoMail, PamItems, Who};
use wardkey_core::policy::account::{Account, SystemAccounts};
use wardkey_core::policy::config::Config;
use wardkey_core::site::Site;
use wardkey_core::system::clock::SystemClock;
use wardkey_core::system::syslog::Severity;
use wardkey_core::topics::{AnyAnswer, AnyRequest};
use wardkey_core::user::UserName;
use wardkey_core::verify::Refusal;
use wardkey_core::wire::{Denial, Question};
use wardkey_mail::{self as mail, LetterPurpose, Message, Occasion};

/// Time to tell the caller how it went, before its deadline.
const TO_ANSWER: Duration = Duration::from_secs(1);

/// One request about mail.
pub(crate) struct MailRequest<'a> {
    /// Where records and accounts are.
    pub(crate) judge: Judge<'a>,
    /// Whom it is about.
    pub(crate) who: &'a Who,
    /// Where it was asked.
    pub(crate) items: &'a PamItems,
    /// When all must be over.
    deadline: Instant,
}

impl<'a> MailRequest<'a> {
    #[expect(clippy::disallowed_methods, reason = "a deadline's own clock; it decides nothing else")]
    pub(crate) fn new(judge: Judge<'a>, who: &'a Who, items: &'a PamItems) -> Self {
        let whole = judge.site.config.helper.deadline.get();
        let deadline = Instant::now() + whole.saturating_sub(TO_ANSWER.min(whole / 4));
        Self { judge, who, items, deadline }
    }

    /// Mails a code for a login.
    pub(crate) fn code(&self) -> Mailed {
        let rules = self.config().rules_in(&self.items.service);
        let delivery = self.mail_code("mail-code", LetterPurpose::Login, |account| {
            self.desk().mail_code(account, &rules, &self.config().email)
        });
        match delivery {
            Delivery::Sent(masked) => Mailed::Sent(masked),
            Delivery::Refused(why) => Mailed::Refused(no_mail(why)),
            Delivery::Failed(why) | Delivery::Broken(why) => Mailed::Failed(why),
        }
    }

    /// Notes an address, and mails the code that confirms it.
    pub(crate) fn register(&self, address: &Address) -> Delivery {
        self.mail_code("mail-address", LetterPurpose::Address, |account| {
            self.desk().set_address(account, &self.config().email, address)
        })
    }

    /// Tells an address of a change.
    pub(crate) fn notify(&self, address: &Address, notice: Notice) -> Delivery {
        let Some(user) = self.who.name() else { return Delivery::Refused(Why::NoAddress) };
        if self.config().email.mode == MailMode::Off {
            return self.refused("mail-notice", Why::MailIsOff);
        }
        let message = Message::notice(&self.occasion(user, &mail::host_name()), address, notice);
        self.send("mail-notice", address, &message, Some(notice.name()))
    }

    /// A code is on disk as pending before it is sent; one that cannot be sent stays so, and opens what it opens.
    fn mail_code(
        &self,
        event: &'static str,
        purpose: LetterPurpose,
        issue: impl FnOnce(&Account) -> Result<Issued, Problem>,
    ) -> Delivery {
        let account = match self.who {
            Who::Known(account) => account,
            Who::Unknown(_) => return self.refused(event, Why::NoAddress),
            Who::LookupFailed(_, why) => return self.broken(event, why.clone()),
        };
        match issue(account) {
            Ok(Issued { code, address, lifetime }) => {
                let host = mail::host_name();
                let occasion = self.occasion(&account.name, &host);
                let message = Message::code(&occasion, &address, &code, purpose, lifetime);
                self.send(event, &address, &message, None)
            }
            Err(Problem::Refused(why)) => self.refused(event, why),
            Err(problem) => self.broken(event, problem.to_string()),
        }
    }

    fn send(&self, event: &'static str, to: &Address, message: &Message, about: Option<&str>) -> Delivery {
        let masked = to.masked();
        let reason = about.map_or_else(|| format!("to {masked}"), |about| format!("{about}, to {masked}"));
        match mail::send(&self.config().email, message, self.deadline) {
            Ok(()) => {
                self.write(event, Severity::Info, audit::AuditResult::Done, &reason);
                Delivery::Sent(masked)
            }
            Err(e) => {
                self.write(event, Severity::Error, audit::AuditResult::Failed, &format!("{reason}: {e}"));
                Delivery::Failed(e.to_string())
            }
        }
    }

    fn refused(&self, event: &'static str, why: Why) -> Delivery {
        self.write(event, Severity::Notice, audit::AuditResult::Refused, &why.to_string());
        Delivery::Refused(why)
    }

    fn broken(&self, event: &'static str, why: String) -> Delivery {
        self.write(event, Severity::Critical, audit::AuditResult::Failed, &why);
        Delivery::Broken(why)
    }

    fn write(&self, event: &'static str, severity: Severity, result: audit::AuditResult, reason: &str) {
        let is_idle = result == audit::AuditResult::Refused;
        let what = Happened { event, result, method: None, reason: Some(reason), is_idle };
        let user = self.who.shown();
        log::write(&self.judge.record(user.as_deref(), self.items, severity, what));
    }

    const fn config(&self) -> &'a Config {
        self.judge.site.config
    }

    const fn desk(&self) -> Desk<'a> {
        Desk::of(&self.judge.site)
    }

    fn occasion<'o>(&self, user: &'o UserName, host: &'o str) -> Occasion<'o>
    where
        'a: 'o,
    {
        Occasion { config: self.judge.site.config, user, host, now: self.judge.site.clock.now() }
    }
}

/// Why no code is mailed, as far as a login tells.
const fn no_mail(why: Why) -> NoMail {
    match why {
        Why::TooManyMails(until) => NoMail::TooMany(until),
        Why::Code(Refusal::Waiting { until, .. }) => NoMail::Waiting(until),
        _ => NoMail::Off,
    }
}

/// Tells the registered address what somebody has just changed for themself.
pub(crate) fn after(config: &Config, question: &Question<AnyRequest>, answer: &Result<AnyAnswer, Denial>) {
    let Ok(AnyAnswer::Desk(DeskAnswer::Done(done))) = answer else { return };
    let Some(notice) = done.notice() else { return };
    let store = config.records();
    let judge = Judge::of(Site { config, store: &store, accounts: &SystemAccounts, clock: &SystemClock });
    let who = Who::find(&SystemAccounts, question.user.as_bytes());
    let mail_request = MailRequest::new(judge, &who, question.request.items());
    let address = who.name().and_then(|user| mail_request.desk().notice_address(user).ok().flatten());
    if let Some(address) = address.filter(|_| config.email.mode != MailMode::Off) {
        let _ = mail_request.notify(&address, notice);
    }
}
