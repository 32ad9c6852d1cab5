//! Flows against a scripted conversation.

mod combined;
mod policy;
mod separate;

use super::{Answer, Mark};
use crate::host::Host;
use crate::scripted::Scripted;
use crate::site::{NOW, Site, code};

const PROMPT: &str = "Code from your authenticator app (or a recovery code): ";
