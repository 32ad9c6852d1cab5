//! What is wrong with this machine's logins, whatever wardkey itself is told.

mod about;
mod accounts;
mod autologin;
mod automation;
mod conditions;
pub(crate) mod fault;
pub(crate) mod finding;
mod foreseen;
pub(crate) mod machine;
mod modules;
mod output;
pub(crate) mod people;
pub(crate) mod polkit;
mod programs;
mod report;
pub(crate) mod site;
pub(crate) mod sshd;
mod stacks;
pub(crate) mod sudoers;
mod survey;
mod unattended;
mod ways;
pub(crate) mod went_back;

pub(crate) use about::on_this_machine;
pub(crate) use accounts::of_people;
#[cfg(test)]
pub(crate) use conditions::can_hold;
pub(crate) use foreseen::{Ahead, Foreseen, foreseen};
pub(crate) use programs::{Sort, sort};
pub(crate) use report::report;
pub(crate) use stacks::{About, lets_in};
pub(crate) use survey::{faults_of, survey};
pub(crate) use unattended::unattended;
pub(crate) use ways::of_sshd;

use fault::StackFault;
use finding::{Finding, FindingSeverity};

use crate::text::Text;
use pam_stack::{Kind, Trouble};

/// A fault of `service` in words.
fn finding(text: &Text, service: &str, fault: &StackFault) -> Finding {
    let (what, why, remedy) = text.stack_fault(service, fault);
    let (id, severity) = about(service, fault);
    Finding { id, severity, place: place(service, fault), what, why, remedy }
}

/// Whether a fault of `service` is more than to know.
pub(crate) fn needs_mending(service: &str, fault: &StackFault) -> bool {
    about(service, fault).1 > FindingSeverity::Note
}

/// The name of a fault of `service` that lets somebody in or locks somebody out.
pub(crate) fn danger(service: &str, fault: &StackFault) -> Option<&'static str> {
    let (name, severity) = about(service, fault);
    (severity >= FindingSeverity::LockOut).then_some(name)
}

/// The name and weight of each fault.
fn about(service: &str, fault: &StackFault) -> (&'static str, FindingSeverity) {
    use FindingSeverity::{LockOut, Note, Warning, WayIn};
    match fault {
        StackFault::Past(..) => ("way-past-code", WayIn),
        StackFault::OtherFactor(..) => ("other-factor", Note),
        StackFault::CodeAlone(_) => ("code-alone", WayIn),
        StackFault::UnknownCheck(..) => ("unknown-module", Note),
        StackFault::NobodyIn => ("nobody-gets-in", LockOut),
        StackFault::NoAccount => ("account-refuses-all", LockOut),
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
        StackFault::OtherConfig(..) => ("other-configuration", Warning),
        StackFault::NoConfig(..) => ("configuration-missing", LockOut),
        StackFault::NoModule(..) => ("module-missing", LockOut),
        StackFault::Misspelt(..) => ("module-misspelt", LockOut),
        StackFault::OneField(_) => ("one-field", LockOut),
        StackFault::TooWide(_) => ("too-wide", Warning),
        StackFault::Refused(_) => ("service-refused", LockOut),
        StackFault::NotOpened => ("file-not-opened", Warning),
        StackFault::Misread(remark) if remark.trouble == Trouble::NoOther => ("no-other", Note),
        StackFault::Misread(_) => ("line-misread", Warning),
        StackFault::ReadInTwoWays => ("read-in-two-ways", Warning),
        // `remote` is of a telnetd, which nearly no machine has that has the file.
        StackFault::NotAsked if sort(service) == Some(Sort::Locker) || service == "remote" => {
            ("not-asked", Note)
        }
        StackFault::NotAsked | StackFault::NoFile => ("not-asked", Warning),
        StackFault::Shadowed(_) | StackFault::NeverRead(_) => ("line-shadowed", WayIn),
        StackFault::LeftBeside(_) => ("left-beside", Warning),
        StackFault::OtherAnswers => ("other-answers", Warning),
        StackFault::BadStart(..) => ("start-misplaced", Warning),
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
        | StackFault::UnknownCheck(place, _)
        | StackFault::OtherConfig(place, _)
        | StackFault::NoConfig(place, _)
        | StackFault::NoModule(place, _)
        | StackFault::Misspelt(place, _)
        | StackFault::OneField(place)
        | StackFault::BadStart(place, _) => place.to_string(),
        StackFault::Refused(Some(remark)) | StackFault::Misread(remark) => remark.place.to_string(),
        StackFault::Shadowed(file) | StackFault::NeverRead(file) | StackFault::LeftBeside(file) => {
            file.display().to_string()
        }
        _ => whole(),
    }
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

/// What the profile of pam-auth-update comes to.
fn enrols_nobody(text: &Text) -> Finding {
    Finding {
        id: "profile-enrols-nobody",
        severity: FindingSeverity::Note,
        place: "/etc/pam.d/common-password".to_owned(),
        what: text.profile_enrols_what(),
        why: text.profile_enrols_why(),
        remedy: text.profile_enrols_remedy(),
    }
}
