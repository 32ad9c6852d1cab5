//! One person as `status --json` and `list --json` print them: the contract's object, with no key more.

use serde::Serialize;
use wardkey_core::clock::Timestamp;
use wardkey_core::standing::{Device, Exempt, Person, State, WaitUntil};

/// The contract's object.
#[derive(Debug, Serialize)]
pub(crate) struct PersonShape<'a> {
    user: &'a str,
    state: State,
    wait_until: &'a WaitUntil,
    authenticators: &'a [Device],
    email: Option<&'a str>,
    recovery_codes: CodesShape,
    last_success: Option<Timestamp>,
    exempt: Option<&'a Exempt>,
}

#[derive(Debug, Serialize)]
struct CodesShape {
    left: usize,
    issued: usize,
}

impl<'a> From<&'a Person> for PersonShape<'a> {
    fn from(person: &'a Person) -> Self {
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
            last_success: person.last_success,
            exempt: person.exempt.as_ref(),
        }
    }
}
