//! One person as `status --json` and `list --json` print them: the contract's object; what does not
//! concern most people is left out where there is none of it.

use super::record::RecordShape;
use serde::Serialize;
use wardkey_core::desk::status::{Device, Exempt, ExemptIn, State, Status, WaitUntil};
use wardkey_core::record::enrolment::Enrolment;
use wardkey_core::system::clock::Timestamp;

/// The contract's object.
#[derive(Debug, Serialize)]
pub(crate) struct PersonShape<'a> {
    user: &'a str,
    state: State,
    wait_until: &'a WaitUntil,
    authenticators: &'a [Device],
    email: Option<&'a str>,
    recovery_codes: CodesShape,
    #[serde(skip_serializing_if = "Option::is_none")]
    emergency_codes: Option<CodesShape>,
    last_success: Option<Timestamp>,
    exempt: Option<&'a Exempt>,
    #[serde(skip_serializing_if = "<[ExemptIn]>::is_empty")]
    exempt_in: &'a [ExemptIn],
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<RecordShape<'a>>,
}

#[derive(Debug, Serialize)]
struct CodesShape {
    left: usize,
    issued: usize,
}

impl<'a> From<&'a Status> for PersonShape<'a> {
    fn from(person: &'a Status) -> Self {
        Self {
            user: &person.user,
            state: person.state,
            wait_until: &person.wait_until,
            authenticators: &person.authenticators,
            email: person.email.as_deref(),
            recovery_codes: CodesShape {
                left: person.recovery_codes.left,
                issued: person.recovery_codes.issued,
            },
            emergency_codes: emergency(person),
            last_success: person.last_success,
            exempt: person.exempt.as_ref(),
            exempt_in: &person.exempt_in,
            record: None,
        }
    }
}

impl<'a> PersonShape<'a> {
    /// With what root sees of the file.
    pub(crate) fn with_record(self, record: Option<&'a Enrolment>) -> Self {
        Self { record: record.map(RecordShape::from), ..self }
    }
}

/// Of a person for whom there was an envelope.
fn emergency(person: &Status) -> Option<CodesShape> {
    let (left, issued) = (person.emergency_left, person.emergency_issued);
    (issued > 0).then_some(CodesShape { left, issued })
}
