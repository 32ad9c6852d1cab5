//! `[[exempt]]`: who is not asked, why, by whose word and until when.

use super::value::{Day, Network, OneLine};
use serde::Deserialize;

/// One exemption: all conditions given must hold.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exempt {
    /// Members of this group.
    pub group: Option<String>,
    /// This user, by any name that the directory takes for them.
    pub user: Option<String>,
    /// In one of these PAM services, whose names are in lower case.
    pub service: Option<Vec<String>>,
    /// Coming from here.
    pub network: Option<Network>,
    /// Why.
    pub reason: OneLine,
    /// Who said so.
    pub approved_by: OneLine,
    /// Through this day, local time.
    pub until: Day,
}

impl Exempt {
    /// Whether it gives no condition, or one that no login meets.
    pub(super) fn is_for_nobody(&self) -> bool {
        match &self.service {
            Some(names) => names.is_empty(),
            None => self.group.is_none() && self.user.is_none() && self.network.is_none(),
        }
    }

    /// The same, with the names of services as they are compared.
    pub(super) fn in_lower_case(self) -> Self {
        let service = self.service.map(|names| names.iter().map(|name| name.to_lowercase()).collect());
        Self { service, ..self }
    }
}
