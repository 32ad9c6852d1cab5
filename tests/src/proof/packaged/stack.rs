//! How PAM's files may look before dpkg comes.

/// A way they look.
#[derive(Debug)]
pub struct Stack {
    /// What it is called.
    pub name: &'static str,
    /// Lines of shell that make it, on a machine with wardkey on which anna is enrolled. Pristine has none.
    pub(super) made_by: &'static str,
    /// The programs that ask for a code.
    pub(super) asks: &'static [&'static str],
    /// Whether the package goes, since it can take its lines out itself, or there are none.
    pub(super) goes: bool,
}

/// All of them.
pub(super) static ALL: [Stack; 6] = [
    Stack { name: "pristine", made_by: "", asks: &[], goes: true },
    Stack {
        name: "edited",
        made_by: "wardkey --json enable login su sudo --no-revert",
        asks: &["su", "sudo", "login"],
        goes: false,
    },
    Stack {
        name: "sshd's drop-in",
        made_by: "wardkey --json enable sshd --no-revert",
        asks: &["sshd"],
        goes: false,
    },
    Stack { name: "hand-made", made_by: HAND_MADE, asks: &["su", "sudo", "login"], goes: false },
    Stack { name: "header-less", made_by: HEADER_LESS, asks: &["su", "sudo", "login", "sshd"], goes: false },
    Stack { name: "profile", made_by: PROFILE, asks: &["su", "sudo", "login", "sshd"], goes: true },
];

/// A substack, an include and a jump, with a line that goes on on the next.
const HAND_MADE: &str = r"
cat >/etc/pam.d/clinic-auth <<'END'
# By hand: the password, then a code.
auth  [success=1 default=ignore]  pam_unix.so nullok
auth  requisite                   pam_deny.so
auth  required \
      pam_wardkey.so
END
sed -i 's/^@include common-auth/auth substack clinic-auth/' /etc/pam.d/login
sed -i 's/^@include common-auth/auth include clinic-auth/' /etc/pam.d/su
sed -i 's/^@include common-auth/auth [success=1 default=ignore] pam_unix.so\nauth requisite pam_deny.so\nauth [success=ok default=die] pam_wardkey.so/' \
    /etc/pam.d/sudo
";

/// The package's own profile. sshd asks PAM, and nothing else.
const PROFILE: &str = r"
pam-auth-update --enable wardkey
printf 'KbdInteractiveAuthentication yes\nPasswordAuthentication no\n' >/etc/ssh/sshd_config.d/10-clinic.conf
systemctl reload ssh
";

/// The same, and somebody has taken out the marks by which pam-auth-update knows its files: it takes nothing out any more.
const HEADER_LESS: &str = r"
pam-auth-update --enable wardkey
sed -i '/^#/d' /etc/pam.d/common-*
printf 'KbdInteractiveAuthentication yes\nPasswordAuthentication no\n' >/etc/ssh/sshd_config.d/10-clinic.conf
systemctl reload ssh
";
