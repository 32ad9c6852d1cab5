//! What is planned for distributions' own files.

use super::*;
use crate::doctor::can_hold;
use std::fs;
use std::path::{Path, PathBuf};

pub(in super::super) fn stocks() -> Vec<PathBuf> {
    let stock = Path::new(env!("CARGO_MANIFEST_DIR")).join("gallery/stock");
    let mut stocks: Vec<PathBuf> = fs::read_dir(stock).unwrap().map(|entry| entry.unwrap().path()).collect();
    stocks.sort();
    stocks
}

/// What each distribution's own files come to, by service: `+` edited, `=` asks already, `-` left alone.
const PLANNED: &[(&str, &str)] = &[
    (
        "arch",
        "-gdm-fingerprint +gdm-password -gdm-smartcard +greetd +hyprlock +i3lock +kde -kde-fingerprint +lightdm \
         +login +polkit-1 +remote +sddm +sshd +su +su-l +sudo +swaylock +vlock +xdm",
    ),
    (
        "debian-12",
        "+cinnamon-screensaver +cockpit -gdm-fingerprint +gdm-password -gdm-smartcard-pkcs11-exclusive \
         -gdm-smartcard-sssd-exclusive +gdm-smartcard-sssd-or-password =greetd =greetd-greeter +i3lock +lightdm \
         +login +lxdm +mate-screensaver +polkit-1 +proftpd +sddm +slim +sshd +su =su-l +sudo +sudo-i +swaylock \
         +vsftpd +wdm +xdm +xrdp-sesman +xscreensaver",
    ),
    (
        "debian-13",
        "+cinnamon-screensaver +cockpit -gdm-fingerprint +gdm-password +gdm-smartcard-pkcs11-exclusive \
         +gdm-smartcard-sssd-exclusive +gdm-smartcard-sssd-or-password =greetd =greetd-greeter +gtklock +i3lock \
         +lightdm +login +lxdm +mate-screensaver +polkit-1 +proftpd +sddm +slim +sshd +su =su-l +sudo +sudo-i \
         +swaylock +vsftpd +wdm +xdm +xfce4-screensaver +xrdp-sesman +xscreensaver",
    ),
    (
        "fedora-41-local",
        "-cockpit -gdm-fingerprint -gdm-password -gdm-smartcard +kde -lightdm -login -polkit-1 -remote +sddm \
         -sshd -su -su-l -sudo -sudo-i +swaylock -vlock +vsftpd -xscreensaver",
    ),
    (
        "fedora-43-local-features",
        "-cockpit -gdm-fingerprint -gdm-password -gdm-smartcard -gdm-switchable-auth +kde -lightdm -login \
         -polkit-1 -remote +sddm -sshd -su -su-l -sudo -sudo-i +swaylock -vlock +vsftpd -xscreensaver",
    ),
    (
        "opensuse",
        "-gdm-password +kde -login -polkit-1 -sshd -su -su-l -sudo -sudo-i -vlock -xdm +xlock -xscreensaver",
    ),
    (
        "rhel-9-sssd",
        "-cockpit -gdm-fingerprint -gdm-password -gdm-smartcard +kde -lightdm -login -polkit-1 -remote +sddm \
         -sshd -su -su-l -sudo -sudo-i +swaylock -vlock +vsftpd -xscreensaver",
    ),
    (
        "ubuntu-24.04",
        "+cinnamon-screensaver +cockpit -gdm-fingerprint +gdm-password -gdm-smartcard-pkcs11-exclusive \
         -gdm-smartcard-sssd-exclusive +gdm-smartcard-sssd-or-password =greetd =greetd-greeter +i3lock +lightdm \
         +login +lxdm +mate-screensaver +polkit-1 +proftpd +sddm +slim +sshd +su =su-l +sudo +sudo-i +swaylock \
         +vsftpd +wdm +xdm +xrdp-sesman +xscreensaver",
    ),
];

fn sign(course: &Course) -> char {
    match course {
        Course::Edited(_) => '+',
        Course::Asks => '=',
        Course::ByProfile => '~',
        Course::LeftAlone(_) => '-',
    }
}

/// With modules that are installed where a distribution names them, but those of devices that few machines have.
pub(in super::super) fn with_about<T>(root: &Root, then: impl FnOnce(&About<'_>) -> T) -> T {
    then(&About {
        has_module: &|_| true,
        can_hold: &|line| can_hold(root, line, &|group| group == "nopasswdlogin"),
        is_combined: &|_| false,
        exempts: true,
        key_came_first: false,
        config: "/etc/wardkey/wardkey.toml",
        has_file: &|_| true,
    })
}

pub(in super::super) fn everything(root: &Root) -> BTreeSet<String> {
    root.names().unwrap().into_iter().filter(|name| sort(name).is_some()).collect()
}

fn planned(root: &Root, names: &BTreeSet<String>) -> Plan {
    with_about(root, |about| plan(root, names, about))
}

/// The machine once the plan is carried out.
fn carried_out(root: &Root, plan: &Plan) -> Root {
    let mut machine = root.clone();
    plan.values().for_each(|course| lay(&mut machine, course));
    machine
}

#[test]
fn every_service_of_a_stock_machine_is_proven_or_left_alone() {
    let mut wrong = Vec::new();
    for stock in stocks() {
        let root = Root::new(&stock);
        let plan = planned(&root, &everything(&root));
        let signs: Vec<String> =
            plan.iter().map(|(name, course)| format!("{}{name}", sign(course))).collect();
        let name = stock.file_name().unwrap().to_str().unwrap();
        let expected = PLANNED.iter().find(|(stock, _)| *stock == name).map(|(_, signs)| *signs);
        let machine = carried_out(&root, &plan);
        for (service, course) in plan.iter().filter(|(_, course)| sign(course) != '-') {
            let faults = with_about(&machine, |about| faulty(&machine, service, about));
            assert_eq!(faults, None, "{name} {service} {course:?}");
            let asks = Service::load(&machine, service, machine.reader()).stack(Kind::Auth).iter().any(asks);
            assert!(asks, "{name} {service}");
        }
        if Some(&signs.join(" ")[..]) != expected {
            wrong.push(format!("{name}: {}", signs.join(" ")));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn what_is_planned_is_taken_out_to_the_byte_and_planned_again_alike() {
    for stock in stocks() {
        let root = Root::new(&stock);
        let names = everything(&root);
        let plan = planned(&root, &names);
        for course in plan.values() {
            if let Course::Edited(edit) = course {
                let (_, before) = read(&root, edit.path.file_name().unwrap().to_str().unwrap()).unwrap();
                assert_eq!(without_blocks(&edit.after), Some(before), "{stock:?} {:?}", edit.path);
            }
        }
        let again = planned(&carried_out(&root, &plan), &names);
        let after = |plan: &Plan| {
            let edits = plan.values().filter_map(|course| match course {
                Course::Edited(edit) => Some((edit.path.clone(), edit.after.clone())),
                _ => None,
            });
            edits.collect::<Vec<_>>()
        };
        assert_eq!(after(&again), after(&plan), "{stock:?}");
    }
}

#[test]
fn a_locker_that_includes_login_is_planned_with_it() {
    let root = Root::new(stocks().into_iter().find(|stock| stock.ends_with("debian-12")).unwrap());
    let plan = planned(&root, &BTreeSet::from(["login".to_owned()]));
    let signs: Vec<String> = plan.iter().map(|(name, course)| format!("{}{name}", sign(course))).collect();
    assert_eq!(signs, ["=greetd", "=greetd-greeter", "+i3lock", "+login", "+swaylock"]);
}

/// Else the password that its first line has checked would be asked for again.
#[test]
fn a_service_with_one_entry_by_the_configuration_is_asked_once() {
    let root = Root::new(stocks().into_iter().find(|stock| stock.ends_with("debian-12")).unwrap());
    let names = BTreeSet::from(["sudo".to_owned()]);
    let plan = with_about(&root, |about| {
        plan(&root, &names, &About { is_combined: &|service| service == "sudo", ..*about })
    });
    let Course::Edited(edit) = &plan["sudo"] else { panic!("{plan:?}") };
    let (ours, password) = (edit.after.find("forward_pass"), edit.after.find("common-auth"));
    assert!(ours.is_some() && ours < password, "{}", edit.after);
}

/// Two prompts would lock out everybody whose program has one field.
#[test]
fn where_the_profile_is_on_only_programs_with_one_field_change() {
    for stock in crate::profile::tests::DEBIANS {
        let root = crate::profile::tests::machine(stock);
        let plan = planned(&root, &everything(&root));
        let signed = |wanted: char| {
            let names =
                plan.iter().filter(|(_, course)| sign(course) == wanted).map(|(name, _)| name.clone());
            names.collect::<BTreeSet<String>>()
        };
        let machine = carried_out(&root, &plan);
        for name in signed('+').union(&signed('~')) {
            assert_eq!(with_about(&machine, |about| faulty(&machine, name, about)), None, "{stock} {name}");
        }
        assert!(signed('+').iter().all(|name| has_one_field(name)), "{stock}");
        for name in ["sddm", "i3lock", "swaylock", "xrdp-sesman"] {
            assert!(signed('+').contains(name), "{stock} {name}");
        }
        for name in ["sshd", "login", "su", "sudo", "sudo-i", "gdm-password", "greetd", "polkit-1"] {
            assert!(signed('~').contains(name), "{stock} {name}");
        }
        // `substack` goes on after a refusal: what Debian's own file says.
        assert!(signed('-').contains("cockpit"), "{stock}");
        // A line by hand beside it asks twice, and is for somebody to take out.
        let mut twice = root.clone();
        let (path, sudo) = read(&root, "sudo").unwrap();
        twice.lay(path, Some(format!("{sudo}auth requisite pam_wardkey.so\n").into_bytes()));
        let plan = planned(&twice, &BTreeSet::from(["sudo".to_owned()]));
        let Course::LeftAlone(LeftAlone::Faulty(faults)) = &plan["sudo"] else { panic!("{plan:?}") };
        assert!(matches!(faults[..], [crate::doctor::fault::StackFault::Twice(_)]), "{faults:?}");
        // What nobody named stays.
        let one = planned(&root, &BTreeSet::from(["su".to_owned()]));
        assert_eq!(one.into_keys().collect::<Vec<_>>(), ["su"], "{stock}");
    }
}
