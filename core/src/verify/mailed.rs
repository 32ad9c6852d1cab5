//! Codes by mail. An entry of eight digits may be one, and an authenticator's as well: one decision is made of both.

use super::case::{Case, no_authenticator, refuse};
use super::judged::Change;
use super::otp;
use super::verdict::{Method, Purpose, Refusal, Verdict};
use crate::credential::OtpCode;
use crate::credential::mailed::MailMode;
use crate::credential::mailed::{DIGITS, Newest, Recipient};
use crate::credential::throttle::Kind;
use crate::record::enrolment::State;
use crate::record::ledger::Ledger;

/// Judges digits at the separate prompt.
///
/// One entry is one failure. It counts with the authenticators where both kinds were compared, since that tally waits
/// longer and disables; where only one was compared, with that one. A kind that waits is not compared at all.
pub(super) fn judge(case: &Case<'_>, code: &OtpCode) -> (Verdict, Change) {
    let newest = find(case, code);
    if newest == Newest::NonePending {
        return judge_without(case, code);
    }
    match (case.held(Kind::Mailed), has_such_authenticator(case)) {
        (Some(why), false) => case.refuse_held(why, case.record.ledger.clone()),
        (Some(_), true) => otp::judge(case, code),
        (None, is_otp_too) => match newest {
            Newest::Right => accept(case, Kind::Mailed, 0),
            Newest::Used => refuse(Refusal::AlreadyUsed),
            Newest::Expired => refuse(Refusal::Expired),
            Newest::Wrong if is_otp_too => judge_both(case, code),
            Newest::Wrong | Newest::NonePending => wrong(case),
        },
    }
}

/// No mailed code can be typed now.
fn judge_without(case: &Case<'_>, code: &OtpCode) -> (Verdict, Change) {
    // Someone whose one method is mail has no authenticator that wrong codes could disable.
    let by_mail_alone = case.purpose == Purpose::Login
        && case.record.enrolment.state == State::Enrolled
        && case.record.enrolment.authenticators.is_empty();
    match case.held(Kind::Mailed).filter(|_| by_mail_alone) {
        Some(why) => case.refuse_held(why, case.record.ledger.clone()),
        None if by_mail_alone => wrong(case),
        None => otp::judge(case, code),
    }
}

/// It was not the mailed code; it may be an authenticator's.
fn judge_both(case: &Case<'_>, code: &OtpCode) -> (Verdict, Change) {
    if let Some(why) = case.held(Kind::Authenticator) {
        let (missed, counted) = wrong(case);
        // It may have been the authenticator's: who waits is told so, as after any other entry.
        let waits = matches!(why, Refusal::Waiting { .. });
        return (if waits { Verdict::Refused(why) } else { missed }, counted);
    }
    match otp::judge(case, code) {
        // Uncounted, it would be a free guess at the mailed code.
        (Verdict::Unsealable, Change(None)) => {
            (Verdict::Unsealable, case.failed(Kind::Mailed, case.record.ledger.clone()))
        }
        judged => judged,
    }
}

fn wrong(case: &Case<'_>) -> (Verdict, Change) {
    case.wrong(Kind::Mailed, case.record.ledger.clone())
}

/// Judges the code that shows that a new address is the person's own.
pub(super) fn confirm(case: &Case<'_>, code: &OtpCode) -> (Verdict, Change) {
    if case.record.enrolment.state == State::MustEnroll {
        return refuse(Refusal::MustEnroll);
    }
    if let Some(why) = case.held(Kind::Mailed) {
        return case.refuse_held(why, case.record.ledger.clone());
    }
    match find(case, code) {
        Newest::Right => accept(case, Kind::Mailed, 0),
        Newest::Used => refuse(Refusal::AlreadyUsed),
        Newest::Expired | Newest::NonePending => refuse(Refusal::Expired),
        Newest::Wrong => wrong(case),
    }
}

/// What a code is to the newest one that was mailed; none is pending where mailed codes open nothing.
pub(super) fn find(case: &Case<'_>, code: &OtpCode) -> Newest {
    let Some(to) = recipient(case).filter(|_| code.digits() == DIGITS) else { return Newest::NonePending };
    case.record.ledger.mail.compare(&to, code, case.now)
}

/// Whether an authenticator's code may look like a mailed one.
pub(super) fn has_such_authenticator(case: &Case<'_>) -> bool {
    case.record.enrolment.digits().contains(&DIGITS)
}

/// Whose newest code it may be, and at which address.
fn recipient<'a>(case: &Case<'a>) -> Option<Recipient<'a>> {
    let enrolment = &case.record.enrolment;
    let address = match case.purpose {
        Purpose::Confirm => None,
        Purpose::ConfirmAddress => enrolment.unverified_email.as_ref().map(|e| e.serial),
        Purpose::Login => enrolment.email.as_ref().map(|e| e.serial).filter(|_| may_open(case)),
    };
    address.map(|address| Recipient { user: &enrolment.user, generation: enrolment.generation, address })
}

fn may_open(case: &Case<'_>) -> bool {
    let by_mode = match case.rules.mail {
        MailMode::Off => false,
        // It stands in for something that was lost; alone it would be the factor.
        MailMode::Recovery => !case.record.enrolment.authenticators.is_empty(),
        MailMode::Factor => true,
    };
    by_mode && no_authenticator(case).is_none()
}

/// Spends the newest code; `kind` is what was typed.
pub(super) fn accept(case: &Case<'_>, kind: Kind, tail: usize) -> (Verdict, Change) {
    let mut ledger: Ledger = case.record.ledger.clone();
    ledger.mail.spend();
    if case.purpose == Purpose::Login {
        ledger.tally_mut(Kind::Mailed).forgive();
    }
    let ledger = case.succeeded(ledger, kind);
    let as_factor = case.rules.mail == MailMode::Factor;
    case.accept(ledger, Method::Mailed { as_factor }, tail, false)
}
