//! What each module is, by the name of its file.

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
    /// Whatever it is that a module checks of which nothing is known here, or it checks nothing.
    Unknown,
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

/// What a module is to a login.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Role {
    /// Asks for something that proves who logs in.
    Checks(Proof),
    /// Always answers success.
    Permits,
    /// Always refuses.
    Denies,
    /// Answers what its arguments say.
    Says,
    /// Looks at who, where or when; it asks nothing.
    Condition,
    /// Answers "ignore" in `auth` unless it refuses.
    Ignores,
    /// Answers success or "ignore" in `auth` and checks nothing.
    Succeeds,
    /// Does something for the person.
    Does(Deed),
}

pub(crate) const ROLES: &[(&str, Role)] = &[
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
    ("pam_authd.so", Role::Checks(Proof::Password)),
    ("pam_authd_exec.so", Role::Checks(Proof::Password)),
    ("pam_centrifydc.so", Role::Checks(Proof::Password)),
    ("pam_kanidm.so", Role::Checks(Proof::Password)),
    ("pam_keystone.so", Role::Checks(Proof::Password)),
    ("pam_mysql.so", Role::Checks(Proof::Password)),
    ("pam_pgsql.so", Role::Checks(Proof::Password)),
    ("pam_pwdb.so", Role::Checks(Proof::Password)),
    ("pam_smbpass.so", Role::Checks(Proof::Password)),
    ("pam_tcb.so", Role::Checks(Proof::Password)),
    ("pam_unix_auth.so", Role::Checks(Proof::Password)),
    ("pam_vas3.so", Role::Checks(Proof::Password)),
    ("pam_u2f.so", Role::Checks(Proof::SecurityKey)),
    ("pam_ssh_agent_auth.so", Role::Checks(Proof::SecurityKey)),
    ("pam_usb.so", Role::Checks(Proof::SecurityKey)),
    ("pam_sss_gss.so", Role::Checks(Proof::OtherCode)),
    ("pam_fprintd.so", Role::Checks(Proof::Biometric)),
    ("pam_fprintd_grosshack.so", Role::Checks(Proof::Biometric)),
    ("pam_fprint.so", Role::Checks(Proof::Biometric)),
    ("pam_thinkfinger.so", Role::Checks(Proof::Biometric)),
    ("pam_howdy.so", Role::Checks(Proof::Biometric)),
    ("pam_facial.so", Role::Checks(Proof::Biometric)),
    ("pam_pkcs11.so", Role::Checks(Proof::SmartCard)),
    ("pam_p11.so", Role::Checks(Proof::SmartCard)),
    ("pam_opensc.so", Role::Checks(Proof::SmartCard)),
    ("pam_poldi.so", Role::Checks(Proof::SmartCard)),
    ("pam_google_authenticator.so", Role::Checks(Proof::OtherCode)),
    ("pam_oath.so", Role::Checks(Proof::OtherCode)),
    ("pam_duo.so", Role::Checks(Proof::OtherCode)),
    ("pam_yubico.so", Role::Checks(Proof::OtherCode)),
    ("pam_radius_auth.so", Role::Checks(Proof::OtherCode)),
    ("pam_tacplus.so", Role::Checks(Proof::OtherCode)),
    ("pam_otpw.so", Role::Checks(Proof::OtherCode)),
    ("pam_privacyidea.so", Role::Checks(Proof::OtherCode)),
    ("pam_rootok.so", Role::Checks(Proof::CallerIsRoot)),
    ("pam_permit.so", Role::Permits),
    ("pam_deny.so", Role::Denies),
    ("pam_debug.so", Role::Says),
    ("pam_access.so", Role::Condition),
    ("pam_listfile.so", Role::Condition),
    ("pam_localuser.so", Role::Condition),
    ("pam_rhosts.so", Role::Condition),
    ("pam_securetty.so", Role::Condition),
    ("pam_sepermit.so", Role::Condition),
    ("pam_selinux_permit.so", Role::Condition),
    ("pam_shells.so", Role::Condition),
    ("pam_succeed_if.so", Role::Condition),
    ("pam_time.so", Role::Condition),
    ("pam_timestamp.so", Role::Condition),
    ("pam_usertype.so", Role::Condition),
    ("pam_wheel.so", Role::Condition),
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
    ("pam_echo.so", Role::Succeeds),
    ("pam_gdm.so", Role::Succeeds),
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
