//! What is wrong with this machine's logins, whatever wardkey itself is told.

mod autologin;
mod conditions;
pub(crate) mod fault;
pub(crate) mod finding;
mod modules;
mod output;
mod programs;
pub(crate) mod site;
pub(crate) mod sshd;
mod stacks;
mod sudoers;
mod survey;

pub(crate) use conditions::can_hold;
pub(crate) use modules::Modules;
pub(crate) use stacks::About;
pub(crate) use survey::survey;

use fault::StackFault;
use finding::{Finding, FindingSeverity};
use programs::{Sort, sort};

use crate::text::Text;
use pam_stack::{Kind, Trouble};

/// A fault of `service` in words.
fn finding(text: &Text, service: &str, fault: &StackFault) -> Finding {
    let (what, why, remedy) = text.stack_fault(service, fault);
    let (id, severity) = about(service, fault);
    Finding { id, severity, place: place(service, fault), what, why, remedy }
}

/// The name and weight of each fault.
fn about(service: &str, fault: &StackFault) -> (&'static str, FindingSeverity) {
    use FindingSeverity::{LockOut, Note, Warning, WayIn};
    match fault {
        StackFault::Past(..) => ("way-past-code", WayIn),
        StackFault::OtherFactor(..) => ("other-factor", Note),
        StackFault::CodeAlone(_) => ("code-alone", WayIn),
        StackFault::NobodyIn => ("nobody-gets-in", LockOut),
        StackFault::IgnoredRefused => ("exempt-refused", LockOut),
        StackFault::AskedFirst(_) => ("code-before-password", Warning),
        StackFault::ActsAfterNo(..) => ("acts-after-refusal", Warning),
        StackFault::Missing(Kind::Auth | Kind::Account) => ("account-line-missing", Warning),
        StackFault::Missing(Kind::Password) => ("password-line-missing", Warning),
        StackFault::Missing(Kind::Session) => ("session-line-missing", Warning),
        StackFault::PassedBy(..) => ("line-passed-by", Warning),
        StackFault::RefusalLost(..) => ("refusal-lost", WayIn),
        StackFault::LatePassword(_) => ("password-line-late", Warning),
        StackFault::Twice(_) => ("asked-twice", Warning),
        StackFault::BadArgument(..) => ("unknown-argument", LockOut),
        StackFault::NoModule(..) => ("module-missing", LockOut),
        StackFault::OneField(_) => ("one-field", LockOut),
        StackFault::TooWide(_) => ("too-wide", Warning),
        StackFault::Refused(_) => ("service-refused", LockOut),
        StackFault::NotOpened => ("file-not-opened", Warning),
        StackFault::Misread(remark) if remark.trouble == Trouble::NoOther => ("no-other", Note),
        StackFault::Misread(_) => ("line-misread", Warning),
        StackFault::ReadInTwoWays => ("read-in-two-ways", Warning),
        StackFault::NotAsked if sort(service) == Some(Sort::Locker) => ("not-asked", Note),
        StackFault::NotAsked => ("not-asked", Warning),
        StackFault::Shadowed(_) => ("line-shadowed", WayIn),
        StackFault::LeftBeside(_) => ("left-beside", Warning),
    }
}

fn place(service: &str, fault: &StackFault) -> String {
    let last = |way: &fault::Witness| way.last().map(|step| step.place.to_string());
    let whole = || format!("/etc/pam.d/{service}");
    match fault {
        StackFault::Past(_, way)
        | StackFault::OtherFactor(_, way)
        | StackFault::CodeAlone(way)
        | StackFault::PassedBy(_, way)
        | StackFault::RefusalLost(_, way) => last(way).unwrap_or_else(whole),
        StackFault::AskedFirst(place)
        | StackFault::ActsAfterNo(place, _)
        | StackFault::LatePassword(place)
        | StackFault::Twice(place)
        | StackFault::BadArgument(place, _)
        | StackFault::NoModule(place, _)
        | StackFault::OneField(place) => place.to_string(),
        StackFault::Refused(Some(remark)) | StackFault::Misread(remark) => remark.place.to_string(),
        StackFault::Shadowed(file) | StackFault::LeftBeside(file) => file.display().to_string(),
        _ => whole(),
    }
}

/// A fault of sshd's settings in words.
pub(crate) fn sshd_finding(text: &Text, scope: &sshd::Scope, fault: &sshd::SshdFault) -> Finding {
    use sshd::SshdFault;
    let (id, severity) = match fault {
        SshdFault::Unreadable(_) | SshdFault::Silent => ("sshd-unreadable", FindingSeverity::Warning),
        SshdFault::NoPam => ("sshd-without-pam", FindingSeverity::WayIn),
        SshdFault::CannotAsk => ("sshd-cannot-ask", FindingSeverity::LockOut),
        SshdFault::PasswordOn => ("sshd-password-on", FindingSeverity::Warning),
        SshdFault::KeysAlone => ("sshd-key-alone", FindingSeverity::Note),
        SshdFault::OthersAlone => ("sshd-other-method", FindingSeverity::Warning),
        SshdFault::EmptyPasswords => ("sshd-empty-passwords", FindingSeverity::Warning),
    };
    let (what, why, remedy) = text.sshd_fault(scope, fault);
    Finding { id, severity, place: "/etc/ssh/sshd_config".to_owned(), what, why, remedy }
}

/// The one finding where nothing of ours is in force.
fn nothing_asks(text: &Text) -> Finding {
    Finding {
        id: "no-service-asks",
        severity: FindingSeverity::Warning,
        place: "/etc/pam.d".to_owned(),
        what: text.nothing_asks_what(),
        why: text.nothing_asks_why(),
        remedy: text.nothing_asks_remedy(),
    }
}
