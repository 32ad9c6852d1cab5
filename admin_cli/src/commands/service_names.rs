//! What a service may have been meant by a name that none has.

use crate::services::Services;
use crate::text::Text;
use wardkey_core::printable::escaped;

/// The name that was meant, or those that there are.
pub(super) fn hint(text: &Text, services: &Services, name: &str) -> String {
    match services.nearest(name) {
        Some(near) => text.did_you_mean(&escaped(near)),
        None => text.services_there_are(&services.names().map(escaped).collect::<Vec<_>>().join(", ")),
    }
}
