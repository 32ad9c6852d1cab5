//! What each door answers PAM. No error among them spells success, and none turns into "ignore" by accident.

/// What `auth` tells PAM; nothing in here but [`AuthAnswer::Success`] lets anyone in, and no error turns into
/// [`AuthAnswer::Ignore`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthAnswer {
    /// Accepted and recorded.
    Success,
    /// Not asked: policy says so.
    Ignore,
    /// Refused, whatever the reason: other results make programs give up (GDM, sshd's client, sudo-rs, cockpit), and
    /// then nobody can follow the advice to wait or to use a recovery code. The reason stands in text, log and audit.
    AuthErr,
    /// Arguments or configuration are wrong.
    ServiceErr,
    /// The conversation failed.
    ConvErr,
}

/// What `account` tells PAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountAnswer {
    /// `auth` said yes, or did not need to ask.
    Success,
    /// Someone must enrol before they are in.
    NewAuthtokReqd,
    /// `auth` said no, and the application goes on all the same.
    PermDenied,
    /// `auth` did not run here.
    Ignore,
    /// The arguments are wrong.
    ServiceErr,
}

/// What `session` tells PAM when one is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionAnswer {
    /// Nothing stands against it.
    Success,
    /// `auth` said no, or enrolment is due and was not done: the stack lacks our `account` line, or the application
    /// ignored it.
    SessionErr,
    /// The same, to sudo: it opens its session all the same where it hears of a session error, and of nothing else.
    PermDenied,
    /// The arguments are wrong.
    ServiceErr,
}

/// What `password` tells PAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordAnswer {
    /// Enrolled.
    Success,
    /// Not ours: an ordinary change of password, or one that is due besides the enrolment.
    Ignore,
    /// Enrolment is due and was not done; this refuses the login.
    AuthtokErr,
    /// Arguments or configuration are wrong.
    ServiceErr,
}
