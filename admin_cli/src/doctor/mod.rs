//! What is wrong with this machine's logins, whatever wardkey itself is told.

mod autologin;
mod conditions;
pub(crate) mod fault;
pub(crate) mod finding;
mod modules;
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

use fault::Fault;
use finding::{Finding, Severity};
use programs::{Sort, sort};

use crate::text::Text;
use pam_stack::{Kind, Trouble};

/// A fault of `service` in words.
fn finding(text: &Text, service: &str, fault: &Fault) -> Finding {
    let (what, why, remedy) = text.stack_fault(service, fault);
    let (id, severity) = about(service, fault);
    Finding { id, severity, place: place(service, fault), what, why, remedy }
}

/// The name and weight of each fault.
fn about(service: &str, fault: &Fault) -> (&'static str, Severity) {
    use Severity::{LockOut, Note, Warning, WayIn};
    match fault {
        Fault::Past(..) => ("way-past-code", WayIn),
        Fault::OtherFactor(..) => ("other-factor", Note),
        Fault::CodeAlone(_) => ("code-alone", WayIn),
        Fault::NobodyIn => ("nobody-gets-in", LockOut),
        Fault::IgnoredRefused => ("exempt-refused", LockOut),
        Fault::AskedFirst(_) => ("code-before-password", Warning),
        Fault::ActsAfterNo(..) => ("acts-after-refusal", Warning),
        Fault::Missing(Kind::Auth | Kind::Account) => ("account-line-missing", Warning),
        Fault::Missing(Kind::Password) => ("password-line-missing", Warning),
        Fault::Missing(Kind::Session) => ("session-line-missing", Warning),
        Fault::PassedBy(..) => ("line-passed-by", Warning),
        Fault::RefusalLost(..) => ("refusal-lost", WayIn),
        Fault::LatePassword(_) => ("password-line-late", Warning),
        Fault::Twice(_) => ("asked-twice", Warning),
        Fault::BadArgument(..) => ("unknown-argument", LockOut),
        Fault::NoModule(..) => ("module-missing", LockOut),
        Fault::OneField(_) => ("one-field", LockOut),
        Fault::Refused(_) => ("service-refused", LockOut),
        Fault::NotOpened => ("file-not-opened", Warning),
        Fault::Misread(remark) if remark.trouble == Trouble::NoOther => ("no-other", Note),
        Fault::Misread(_) => ("line-misread", Warning),
        Fault::ReadInTwoWays => ("read-in-two-ways", Warning),
        Fault::NotAsked if sort(service) == Some(Sort::Locker) => ("not-asked", Note),
        Fault::NotAsked => ("not-asked", Warning),
        Fault::Shadowed(_) => ("line-shadowed", WayIn),
        Fault::LeftBeside(_) => ("left-beside", Warning),
    }
}

fn place(service: &str, fault: &Fault) -> String {
    let last = |way: &fault::Witness| way.last().map(|step| step.place.to_string());
    let whole = || format!("/etc/pam.d/{service}");
    match fault {
        Fault::Past(_, way)
        | Fault::OtherFactor(_, way)
        | Fault::CodeAlone(way)
        | Fault::PassedBy(_, way)
        | Fault::RefusalLost(_, way) => last(way).unwrap_or_else(whole),
        Fault::AskedFirst(place)
        | Fault::ActsAfterNo(place, _)
        | Fault::LatePassword(place)
        | Fault::Twice(place)
        | Fault::BadArgument(place, _)
        | Fault::NoModule(place, _)
        | Fault::OneField(place) => place.to_string(),
        Fault::Refused(Some(remark)) | Fault::Misread(remark) => remark.place.to_string(),
        Fault::Shadowed(file) | Fault::LeftBeside(file) => file.display().to_string(),
        _ => whole(),
    }
}

/// A fault of sshd's settings in words.
pub(crate) fn sshd_finding(text: &Text, scope: &sshd::Scope, fault: &sshd::SshdFault) -> Finding {
    use sshd::SshdFault;
    let (id, severity) = match fault {
        SshdFault::Unreadable(_) => ("sshd-unreadable", Severity::Warning),
        SshdFault::NoPam => ("sshd-without-pam", Severity::WayIn),
        SshdFault::CannotAsk => ("sshd-cannot-ask", Severity::LockOut),
        SshdFault::PasswordOn => ("sshd-password-on", Severity::Warning),
        SshdFault::KeysAlone => ("sshd-key-alone", Severity::Note),
        SshdFault::OthersAlone => ("sshd-other-method", Severity::Warning),
        SshdFault::EmptyPasswords => ("sshd-empty-passwords", Severity::Warning),
    };
    let (what, why, remedy) = text.sshd_fault(scope, fault);
    Finding { id, severity, place: "/etc/ssh/sshd_config".to_owned(), what, why, remedy }
}

/// The one finding where nothing of ours is in force.
fn nothing_asks(text: &Text) -> Finding {
    Finding {
        id: "no-service-asks",
        severity: Severity::Warning,
        place: "/etc/pam.d".to_owned(),
        what: text.nothing_asks_what(),
        why: text.nothing_asks_why(),
        remedy: text.nothing_asks_remedy(),
    }
}
