//! What is compared: how each product is set up as its own documentation has it.

pub(crate) mod google;
mod oath;
pub(crate) mod wardkey;

use crate::site::Plan;
use serde::Serialize;
use std::io;

/// A PAM stack to log in through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Product {
    /// `pam_permit.so` alone: what libpam itself costs.
    Empty,
    /// This module.
    Wardkey,
    /// `pam_google_authenticator.so`
    Google,
    /// `pam_oath.so`
    Oath,
}

/// All of them.
pub(crate) const PRODUCTS: [Product; 4] = [Product::Empty, Product::Wardkey, Product::Google, Product::Oath];

impl Product {
    /// As tables have it; also the name of its PAM service.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Wardkey => "wardkey",
            Self::Google => "google-authenticator",
            Self::Oath => "oath",
        }
    }

    /// Writes its state; the answer is the module and its arguments. wardkey's single-use codes go to `codes`.
    pub(crate) fn prepare(self, plan: &Plan<'_>, codes: &mut Vec<String>) -> io::Result<String> {
        match self {
            Self::Empty => Ok("pam_permit.so".to_owned()),
            Self::Wardkey => wardkey::prepare(plan, codes),
            Self::Google => google::prepare(plan),
            Self::Oath => oath::prepare(plan),
        }
    }
}
