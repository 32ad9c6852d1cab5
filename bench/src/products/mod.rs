//! What is compared: how each product is set up as its own documentation has it.

pub(crate) mod google;
mod oath;
mod same_calls;
mod unix;
pub(crate) mod wardkey;

use crate::people::PASSWORD;
use crate::replies::{self, Reply};
use crate::site::Plan;
use serde::Serialize;
use std::io;
use std::path::Path;

/// A PAM stack to log in through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Product {
    /// `pam_permit.so` alone: what libpam itself costs.
    Empty,
    /// `same_calls.c`: what wardkey's system calls cost.
    SameCalls,
    /// `pam_unix.so`: a password.
    Unix,
    /// This module.
    Wardkey,
    /// `pam_google_authenticator.so`
    Google,
    /// `pam_oath.so`
    Oath,
}

/// All of them.
pub(crate) const PRODUCTS: [Product; 6] =
    [Product::Empty, Product::SameCalls, Product::Unix, Product::Wardkey, Product::Google, Product::Oath];

impl Product {
    /// As tables have it; also the name of its PAM service.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::SameCalls => "same-calls",
            Self::Unix => "unix",
            Self::Wardkey => "wardkey",
            Self::Google => "google-authenticator",
            Self::Oath => "oath",
        }
    }

    /// The module's file, where it is the system's.
    pub(crate) const fn system_module(self) -> Option<&'static str> {
        match self {
            Self::Empty => Some("pam_permit.so"),
            Self::Unix => Some("pam_unix.so"),
            Self::SameCalls | Self::Wardkey => None,
            Self::Google => Some("pam_google_authenticator.so"),
            Self::Oath => Some("pam_oath.so"),
        }
    }

    /// Whether it has such a thing at all: `pam_oath` neither throttles nor has printed codes, and a password is
    /// neither used up nor, by `pam_unix` itself, throttled. What judges nothing refuses nobody.
    pub(crate) fn has(self, reply: Reply) -> bool {
        match reply {
            Reply::Right => true,
            Reply::Wrong => self != Self::SameCalls,
            Reply::Replayed => !matches!(self, Self::SameCalls | Self::Unix),
            Reply::Throttled | Reply::SingleUse => !matches!(self, Self::SameCalls | Self::Unix | Self::Oath),
        }
    }

    /// Whether it keeps something of everyone: `pam_unix` has its people in the account database, which is the same
    /// however many have a record.
    pub(crate) const fn keeps_a_crowd(self) -> bool {
        !matches!(self, Self::SameCalls | Self::Unix)
    }

    /// What opens it at a moment.
    pub(crate) fn right(self, at: u64) -> String {
        if self == Self::Unix { PASSWORD.to_owned() } else { replies::right(at) }
    }

    /// What does not.
    pub(crate) fn wrong(self, at: u64) -> String {
        if self == Self::Unix { "wrong".to_owned() } else { replies::wrong(at) }
    }

    /// Writes its state; the answer is the module and its arguments. wardkey's single-use codes go to `codes`.
    pub(crate) fn prepare(self, plan: &Plan<'_>, codes: &mut Vec<String>) -> io::Result<String> {
        match self {
            Self::Empty => Ok("pam_permit.so".to_owned()),
            Self::SameCalls => same_calls::prepare(plan),
            Self::Unix => Ok(unix::LINE.to_owned()),
            Self::Wardkey => wardkey::prepare(plan, codes),
            Self::Google => google::prepare(plan),
            Self::Oath => oath::prepare(plan),
        }
    }

    /// Makes it forget what someone among these people has typed before.
    pub(crate) fn forget(self, dir: &Path, name: &str, people: &[(String, u32)]) -> io::Result<()> {
        match self {
            Self::Empty | Self::SameCalls | Self::Unix => Ok(()),
            Self::Wardkey => wardkey::forget(dir, name),
            Self::Google => google::forget(dir, people.iter().find(|(known, _)| known == name)),
            Self::Oath => oath::write(dir, people).map(drop),
        }
    }
}
