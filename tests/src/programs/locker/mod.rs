//! A person before a locked screen: real lockers, run as that person and not as root, typed into until they open or stay
//! shut.
//!
//! A locker is taken as open only when it has ended as it does for the right entry; one that crashes fails the test,
//! since that opens the screen too.

mod i3lock;
pub mod kde;
pub(crate) mod running;
mod sway;
mod swaylock;
mod vlock;
mod xscreensaver;
mod xsecurelock;

use std::process::Command;

use crate::machine::host::Host;

/// The programs that lock a screen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LockerProgram {
    /// One field: password and code in one entry.
    I3lock,
    /// One field, under Wayland.
    Swaylock,
    /// A dialog with a field for each question.
    Xscreensaver,
    /// A line of text for each question.
    Xsecurelock,
    /// A terminal; set-user-ID root.
    Vlock,
}

impl LockerProgram {
    /// The PAM service it uses.
    #[must_use]
    pub fn service(self) -> &'static str {
        match self {
            Self::I3lock => "i3lock",
            Self::Swaylock => "swaylock",
            Self::Xscreensaver => "xscreensaver",
            Self::Xsecurelock => "xsecurelock",
            Self::Vlock => "vlock",
        }
    }

    /// Whether password and code are one entry, because the locker has one field.
    #[must_use]
    pub fn is_combined(self) -> bool {
        matches!(self, Self::I3lock | Self::Swaylock)
    }

    /// Whether the person sees what PAM says.
    #[must_use]
    pub fn shows_texts(self) -> bool {
        !self.is_combined()
    }

    /// Locks a screen of `name`'s own; it is locked when this returns.
    #[must_use]
    pub fn lock<'host>(self, host: &'host Host, name: &str) -> Box<dyn Locked + 'host> {
        match self {
            Self::I3lock => Box::new(i3lock::lock(host, name)),
            Self::Swaylock => Box::new(swaylock::lock(host, name)),
            Self::Xscreensaver => Box::new(xscreensaver::lock(host, name)),
            Self::Xsecurelock => Box::new(xsecurelock::lock(host, name)),
            Self::Vlock => Box::new(vlock::lock(host, name)),
        }
    }
}

/// A locked screen.
pub trait Locked {
    /// Types password and code as this locker wants them, and waits for what comes of it. A field that is not asked for
    /// is not typed: an empty `code` is for stacks that ask for none.
    fn enter(&mut self, password: &str, code: &str) -> Unlocking;
}

/// What came of one attempt.
#[derive(Debug)]
pub struct Unlocking {
    /// Whether the screen is open.
    pub opened: bool,
    /// What the person saw, where the locker shows what PAM says; else what the locker wrote to its log.
    pub said: String,
}

/// `starter`, a command that runs `setpriv` in a host, made to run a program as `name` in a session of their own.
fn as_user<'a>(starter: &'a mut Command, host: &Host, name: &str) -> &'a mut Command {
    let runtime = format!("/run/user/{name}");
    host.must(&format!("install -d -m 755 /run/user && install -d -o {name} -g {name} -m 700 {runtime}"));
    let (user, group) = (format!("--reuid={name}"), format!("--regid={name}"));
    starter
        .args([&user, &group, "--init-groups"])
        .env("HOME", format!("/home/{name}"))
        .env("USER", name)
        .env("LOGNAME", name)
        .env("XDG_RUNTIME_DIR", runtime)
}
