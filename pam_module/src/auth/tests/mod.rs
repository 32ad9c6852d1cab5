//! Flows against a scripted conversation.

mod combined;
mod marks;
mod policy;
mod separate;

use super::{Answer, Machine, authenticate};
use crate::host::Host;
use crate::mark::{Left, Mark, Passage, Whose};
use crate::scripted::Scripted;
use crate::site::{NOW, Site, account, code};
use wardkey_core::system::clock::Timestamp;

const PROMPT: &str = "Code from your authenticator app (or a recovery code): ";
