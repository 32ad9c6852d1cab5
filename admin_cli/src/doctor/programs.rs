//! Programs that let people in, by the service that each asks for.

/// What a program is to the person who logs in by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// It opens a session.
    Login,
    /// It opens a screen that is locked; it calls `auth` and at most asks `account`.
    Locker,
    /// It makes the caller somebody else, and runs with the caller's own real uid, so that `pam_rootok` tells root.
    Switch,
    /// It lets the caller act as somebody else, and runs as root.
    Become,
}

const PROGRAMS: &[(&str, Sort)] = &[
    ("cinnamon-screensaver", Sort::Locker),
    ("cockpit", Sort::Login),
    ("cosmic-greeter", Sort::Login),
    ("doas", Sort::Become),
    ("gdm-authd", Sort::Login),
    ("gdm-fingerprint", Sort::Login),
    ("gdm-password", Sort::Login),
    ("gdm-smartcard", Sort::Login),
    ("gdm-smartcard-pkcs11-exclusive", Sort::Login),
    ("gdm-smartcard-sssd-exclusive", Sort::Login),
    ("gdm-smartcard-sssd-or-password", Sort::Login),
    ("gdm-switchable-auth", Sort::Login),
    ("gnome-screensaver", Sort::Locker),
    ("greetd", Sort::Login),
    ("gtklock", Sort::Locker),
    ("hyprlock", Sort::Locker),
    ("i3lock", Sort::Locker),
    ("kde", Sort::Locker),
    ("kde-fingerprint", Sort::Locker),
    ("kde-smartcard", Sort::Locker),
    ("kdm", Sort::Login),
    ("kscreensaver", Sort::Locker),
    ("lightdm", Sort::Login),
    ("login", Sort::Login),
    ("lxdm", Sort::Login),
    ("ly", Sort::Login),
    ("mate-screensaver", Sort::Locker),
    ("physlock", Sort::Locker),
    ("plasmalogin", Sort::Login),
    ("polkit-1", Sort::Become),
    ("proftpd", Sort::Login),
    ("remote", Sort::Login),
    ("screen", Sort::Locker),
    ("sddm", Sort::Login),
    ("slim", Sort::Login),
    ("sshd", Sort::Login),
    ("su", Sort::Switch),
    ("su-l", Sort::Switch),
    ("sudo", Sort::Become),
    ("sudo-i", Sort::Become),
    ("swaylock", Sort::Locker),
    ("vlock", Sort::Locker),
    ("vsftpd", Sort::Login),
    ("waylock", Sort::Locker),
    ("wdm", Sort::Login),
    ("xdm", Sort::Login),
    ("xfce4-screensaver", Sort::Locker),
    ("xlock", Sort::Locker),
    ("xrdp-sesman", Sort::Login),
    ("xscreensaver", Sort::Locker),
    ("xsecurelock", Sort::Locker),
];

/// What the program of this service is, if it is known.
pub(crate) fn sort(service: &str) -> Option<Sort> {
    PROGRAMS.iter().find(|(name, _)| *name == service).map(|(_, sort)| *sort)
}
