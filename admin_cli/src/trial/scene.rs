//! How the program of a service calls libpam: as whom, and what it says of terminal and caller.
//!
//! Measured on Debian 12 by a module that writes down what it sees.

use super::wire::{Identity, Job, RunAs};
use crate::doctor::{Sort, sort};
use crate::one_field::has_one_field;
use nix::unistd::User;
use wardkey_core::policy::account::Account;

/// One login as the program of the service would go through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scene {
    /// What libpam is told.
    pub(crate) job: Job,
    /// What kind of program it is, if that is known.
    pub(crate) sort: Option<Sort>,
    /// Whether it heeds what `account` says.
    pub(crate) heeds_account: bool,
    /// Whether it answers every prompt with what was typed at the first.
    pub(crate) has_one_field: bool,
}

/// Lockers that are set-user-ID root.
const ROOTS_LOCKERS: [&str; 2] = ["physlock", "vlock"];
/// Programs that speak with somebody at a text terminal, and tell libpam which.
const AT_A_TERMINAL: [&str; 8] = ["login", "physlock", "remote", "su", "su-l", "sudo", "sudo-i", "vlock"];
/// Programs that tell libpam who asks.
const TELL_WHO: [&str; 4] = ["su", "su-l", "sudo", "sudo-i"];
/// Programs that have modules keep their texts to themselves (sudo's `pam_silent`).
const SILENT: [&str; 2] = ["sudo", "sudo-i"];
/// The first display, for programs that name theirs.
const DISPLAY: &str = ":0";
/// Programs that name their display as the terminal.
const AT_A_DISPLAY: [&str; 8] =
    ["i3lock", "kde", "lightdm", "lxdm", "sddm", "xdm", "xscreensaver", "xsecurelock"];

/// The scene of `service`, which is in small letters, for a login of `account` before this terminal.
pub(crate) fn scene(service: &str, account: &Account, tty: Option<&str>) -> Scene {
    let sort = sort(service);
    let is = |programs: &[&str]| programs.contains(&service);
    let person = || RunAs { name: account.name.to_string(), uid: account.uid, gid: account.gid };
    let caller = if account.uid == 0 { nobody() } else { person() };
    let identity = match sort {
        Some(Sort::Locker) if !is(&ROOTS_LOCKERS) => Identity::Wholly(person()),
        Some(Sort::Locker | Sort::Switch | Sort::Become) => Identity::StartedBy(caller.clone()),
        Some(Sort::Login) | None => Identity::Root,
    };
    let tty =
        if is(&AT_A_DISPLAY) { Some(DISPLAY) } else { tty.filter(|_| sort.is_none() || is(&AT_A_TERMINAL)) };
    let job = Job {
        service: service.to_owned(),
        user: account.name.to_string(),
        identity,
        tty: tty.map(str::to_owned),
        display: is(&AT_A_DISPLAY).then(|| DISPLAY.to_owned()),
        ruser: is(&TELL_WHO).then_some(caller.name),
        is_silent: is(&SILENT),
    };
    let heeds_account = sort != Some(Sort::Locker);
    Scene { job, sort, heeds_account, has_one_field: has_one_field(service) }
}

/// Who starts a set-user-ID program to become root: as root it would be asked nothing.
fn nobody() -> RunAs {
    let found = User::from_name("nobody").ok().flatten();
    let (uid, gid) = found.map_or((65_534, 65_534), |user| (user.uid.as_raw(), user.gid.as_raw()));
    RunAs { name: "nobody".to_owned(), uid, gid }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wardkey_core::user::UserName;

    #[test]
    fn each_program_runs_as_it_does() {
        let roy = Account { name: UserName::new(b"roy").unwrap(), uid: 1000, gid: 100 };
        let person = RunAs { name: "roy".to_owned(), uid: 1000, gid: 100 };
        let (started, wholly) = (Identity::StartedBy(person.clone()), Identity::Wholly(person));
        let (tty, display) = (Some("/dev/pts/1"), Some(":0"));
        for (service, identity, tty, ruser, is_silent, heeds_account) in [
            ("login", &Identity::Root, tty, None, false, true),
            ("su", &started, tty, Some("roy"), false, true),
            ("sudo-i", &started, tty, Some("roy"), true, true),
            ("polkit-1", &started, None, None, false, true),
            ("gdm-password", &Identity::Root, None, None, false, true),
            ("lightdm", &Identity::Root, display, None, false, true),
            ("swaylock", &wholly, None, None, false, false),
            ("i3lock", &wholly, display, None, false, false),
            ("vlock", &started, tty, None, false, false),
            ("of-the-site", &Identity::Root, tty, None, false, true),
        ] {
            let scene = scene(service, &roy, Some("/dev/pts/1"));
            let job = &scene.job;
            assert_eq!(&job.identity, identity, "{service}");
            assert_eq!((job.tty.as_deref(), job.ruser.as_deref()), (tty, ruser), "{service}");
            assert_eq!((job.is_silent, scene.heeds_account), (is_silent, heeds_account), "{service}");
        }
    }

    #[test]
    fn nobody_becomes_root_by_a_program_that_root_started() {
        let root = Account { name: UserName::new(b"root").unwrap(), uid: 0, gid: 0 };
        let Identity::StartedBy(caller) = scene("su", &root, None).job.identity else { panic!("as root") };
        assert_ne!(caller.uid, 0);
    }
}
