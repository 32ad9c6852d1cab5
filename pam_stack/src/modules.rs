//! What the usual modules answer, prove and do.
//!
//! Read from the modules' manuals and sources (Linux-PAM 1.5 to 1.7, and Debian's, Fedora's and openSUSE's packages of the
//! others). Of a module that is not here everything is possible and nothing is proven.

use crate::PamResult::{
    self, Abort, AcctExpired, AuthErr, AuthinfoUnavail, AuthtokErr, ConvErr, CredErr, Ignore, MaxTries,
    ModuleUnknown, NewAuthtokReqd, PermDenied, ServiceErr, SessionErr, Success, SystemErr, UserUnknown,
};
use crate::{Kind, Line};

/// What a module's success in `auth` proves.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Proof {
    /// The person knows the account's password.
    Password,
    /// The person has a security key (FIDO2, U2F).
    SecurityKey,
    /// A reader knows the person's finger or face.
    Biometric,
    /// The person has a smart card, and mostly knows its PIN.
    SmartCard,
    /// Another product's code or approval.
    OtherCode,
    /// The caller is root already.
    CallerIsRoot,
}

/// What a module does for the person, which it should not after a refusal.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Deed {
    /// Unlocks a keyring or wallet.
    OpensKeyring,
    /// Mounts or decrypts a directory.
    OpensDirectory,
    /// Runs a program.
    RunsProgram,
    /// Counts a failure, or forgets those that were counted.
    CountsTries,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Role {
    Checks(Proof),
    Permits,
    Denies,
    /// Looks at who, where or when; it asks nothing.
    Condition,
    /// Answers "ignore" in `auth` unless it refuses.
    Ignores,
    /// Answers success or "ignore" in `auth` and checks nothing.
    Succeeds,
    Does(Deed),
}

const ROLES: &[(&str, Role)] = &[
    ("pam_unix.so", Role::Checks(Proof::Password)),
    ("pam_unix2.so", Role::Checks(Proof::Password)),
    ("pam_sss.so", Role::Checks(Proof::Password)),
    ("pam_ldap.so", Role::Checks(Proof::Password)),
    ("pam_ldapd.so", Role::Checks(Proof::Password)),
    ("pam_krb5.so", Role::Checks(Proof::Password)),
    ("pam_winbind.so", Role::Checks(Proof::Password)),
    ("pam_himmelblau.so", Role::Checks(Proof::Password)),
    ("pam_aad.so", Role::Checks(Proof::Password)),
    ("pam_lsass.so", Role::Checks(Proof::Password)),
    ("pam_extrausers.so", Role::Checks(Proof::Password)),
    ("pam_userdb.so", Role::Checks(Proof::Password)),
    ("pam_pwdfile.so", Role::Checks(Proof::Password)),
    ("pam_systemd_home.so", Role::Checks(Proof::Password)),
    ("pam_ccreds.so", Role::Checks(Proof::Password)),
    ("pam_u2f.so", Role::Checks(Proof::SecurityKey)),
    ("pam_sss_gss.so", Role::Checks(Proof::OtherCode)),
    ("pam_fprintd.so", Role::Checks(Proof::Biometric)),
    ("pam_fprint.so", Role::Checks(Proof::Biometric)),
    ("pam_thinkfinger.so", Role::Checks(Proof::Biometric)),
    ("pam_howdy.so", Role::Checks(Proof::Biometric)),
    ("pam_facial.so", Role::Checks(Proof::Biometric)),
    ("pam_pkcs11.so", Role::Checks(Proof::SmartCard)),
    ("pam_p11.so", Role::Checks(Proof::SmartCard)),
    ("pam_poldi.so", Role::Checks(Proof::SmartCard)),
    ("pam_google_authenticator.so", Role::Checks(Proof::OtherCode)),
    ("pam_oath.so", Role::Checks(Proof::OtherCode)),
    ("pam_duo.so", Role::Checks(Proof::OtherCode)),
    ("pam_yubico.so", Role::Checks(Proof::OtherCode)),
    ("pam_radius_auth.so", Role::Checks(Proof::OtherCode)),
    ("pam_privacyidea.so", Role::Checks(Proof::OtherCode)),
    ("pam_rootok.so", Role::Checks(Proof::CallerIsRoot)),
    ("pam_permit.so", Role::Permits),
    ("pam_deny.so", Role::Denies),
    ("pam_access.so", Role::Condition),
    ("pam_listfile.so", Role::Condition),
    ("pam_localuser.so", Role::Condition),
    ("pam_rhosts.so", Role::Condition),
    ("pam_securetty.so", Role::Condition),
    ("pam_sepermit.so", Role::Condition),
    ("pam_shells.so", Role::Condition),
    ("pam_succeed_if.so", Role::Condition),
    ("pam_time.so", Role::Condition),
    ("pam_timestamp.so", Role::Condition),
    ("pam_usertype.so", Role::Condition),
    ("pam_wheel.so", Role::Condition),
    ("pam_echo.so", Role::Ignores),
    ("pam_env.so", Role::Ignores),
    ("pam_faildelay.so", Role::Ignores),
    ("pam_group.so", Role::Ignores),
    ("pam_issue.so", Role::Ignores),
    ("pam_keyinit.so", Role::Ignores),
    ("pam_limits.so", Role::Ignores),
    ("pam_mail.so", Role::Ignores),
    ("pam_motd.so", Role::Ignores),
    ("pam_nologin.so", Role::Ignores),
    ("pam_umask.so", Role::Ignores),
    ("pam_warn.so", Role::Ignores),
    ("pam_cap.so", Role::Succeeds),
    ("pam_lastlog.so", Role::Succeeds),
    ("pam_loginuid.so", Role::Succeeds),
    ("pam_selinux.so", Role::Succeeds),
    ("pam_systemd.so", Role::Succeeds),
    ("pam_gnome_keyring.so", Role::Does(Deed::OpensKeyring)),
    ("pam_kwallet.so", Role::Does(Deed::OpensKeyring)),
    ("pam_kwallet5.so", Role::Does(Deed::OpensKeyring)),
    ("pam_ssh_add.so", Role::Does(Deed::OpensKeyring)),
    ("pam_ecryptfs.so", Role::Does(Deed::OpensDirectory)),
    ("pam_fscrypt.so", Role::Does(Deed::OpensDirectory)),
    ("pam_mount.so", Role::Does(Deed::OpensDirectory)),
    ("pam_zfs_key.so", Role::Does(Deed::OpensDirectory)),
    ("pam_cifscreds.so", Role::Does(Deed::OpensKeyring)),
    ("pam_faillock.so", Role::Does(Deed::CountsTries)),
    ("pam_tally2.so", Role::Does(Deed::CountsTries)),
    ("pam_abl.so", Role::Does(Deed::CountsTries)),
];

/// Modules that can do anything, by their arguments.
const PROGRAMS: [&str; 4] = ["pam_exec.so", "pam_script.so", "pam_python.so", "pam_perl.so"];

/// Modules that ask another machine: it may count the try, send something to a phone, or give a ticket.
const SERVERS: [&str; 13] = [
    "pam_aad.so",
    "pam_duo.so",
    "pam_himmelblau.so",
    "pam_krb5.so",
    "pam_ldap.so",
    "pam_ldapd.so",
    "pam_lsass.so",
    "pam_privacyidea.so",
    "pam_radius_auth.so",
    "pam_sss.so",
    "pam_sss_gss.so",
    "pam_winbind.so",
    "pam_yubico.so",
];

fn role(line: &Line) -> Option<Role> {
    let name = line.module_name()?;
    ROLES.iter().find(|(known, _)| *known == name).map(|(_, role)| *role)
}

/// What success of this line in `auth` proves.
#[must_use]
pub fn proves(line: &Line) -> Option<Proof> {
    match role(line)? {
        Role::Checks(_) if is_card(line) => Some(Proof::SmartCard),
        Role::Checks(proof) => Some(proof),
        _ => None,
    }
}

/// Whether this line's module knows passwords: it checks them in `auth` and changes them in `password`.
#[must_use]
pub fn checks_password(line: &Line) -> bool {
    role(line) == Some(Role::Checks(Proof::Password)) && !is_card(line)
}

/// SSSD's module for a smart card alone.
fn is_card(line: &Line) -> bool {
    line.module_name() == Some("pam_sss.so") && line.has("require_cert_auth")
}

/// What this line does for the person when it is asked.
#[must_use]
pub fn does(line: &Line) -> Option<Deed> {
    match role(line) {
        Some(Role::Does(deed)) => Some(deed),
        None if line.module_name().is_some_and(|name| PROGRAMS.contains(&name)) => Some(Deed::RunsProgram),
        _ => None,
    }
}

/// Whether this line's module asks another machine, or a service of this one that does.
#[must_use]
pub fn asks_a_server(line: &Line) -> bool {
    line.module_name().is_some_and(|name| SERVERS.contains(&name))
}

/// Whether a success of this line depends on who logs in, from where or when, and on nothing that is asked.
#[must_use]
pub fn is_condition(line: &Line) -> bool {
    role(line) == Some(Role::Condition)
}

/// What any module may answer, failures by those that controls tell apart.
const ANYTHING: [PamResult; 17] = [
    Success,
    Ignore,
    NewAuthtokReqd,
    AuthErr,
    PermDenied,
    UserUnknown,
    MaxTries,
    AcctExpired,
    AuthinfoUnavail,
    CredErr,
    SessionErr,
    AuthtokErr,
    ServiceErr,
    SystemErr,
    ConvErr,
    Abort,
    ModuleUnknown,
];

/// Every answer that this line's module may give.
#[must_use]
pub fn answers(line: &Line) -> Vec<PamResult> {
    let but =
        |left_out: &[PamResult]| ANYTHING.into_iter().filter(|result| !left_out.contains(result)).collect();
    match (role(line), line.kind) {
        (Some(Role::Permits), _) => vec![Success],
        (Some(Role::Denies), Kind::Auth | Kind::Account) => vec![AuthErr],
        (Some(Role::Denies), Kind::Password) => vec![AuthtokErr],
        (Some(Role::Denies), Kind::Session) => vec![SessionErr],
        (Some(Role::Checks(_)), Kind::Auth) => checks(line),
        (Some(Role::Ignores), Kind::Auth) if !line.has("successok") => but(&[Success, NewAuthtokReqd]),
        (Some(_), Kind::Auth | Kind::Password | Kind::Session) => but(&[NewAuthtokReqd]),
        (Some(_), Kind::Account) | (None, _) => ANYTHING.to_vec(),
    }
}

/// A check is right or it is not; only those that can be told to stand back say "ignore".
fn checks(line: &Line) -> Vec<PamResult> {
    let never_stands_back = ["pam_unix.so", "pam_rootok.so"];
    let ignores = !line.module_name().is_some_and(|name| never_stands_back.contains(&name));
    let may = |result: &PamResult| match result {
        NewAuthtokReqd => false,
        Ignore => ignores,
        _ => true,
    };
    ANYTHING.into_iter().filter(may).collect()
}
