//! One person in words.

use crate::commands::FEW_CODES;
use crate::console::{bad, careful, good};
use crate::text::{Text, local, shell_word};
use wardkey_core::desk::status::{Device, ExemptIn, State, Status, Waiting};
use wardkey_core::printable::escaped;
use wardkey_core::system::clock::Timestamp;

/// What `status` says of somebody, where these services ask for a code, if that can be told.
pub(crate) fn person_text(text: &Text, person: &Status, services: Option<&[String]>) -> String {
    let mut lines = vec![headline(text, person)];
    let mut add = |line: String| lines.push(format!("  {line}"));
    if !person.is_concerned && person.state != State::MustEnroll {
        add(careful(&text.not_concerned_line()));
    } else if matches!(person.state, State::Enrolled | State::Disabled) && person.exempt.is_none() {
        match services {
            Some([]) => add(careful(&text.no_service_asks_line())),
            Some(services) => add(text.services_ask_line(&services.join(", "))),
            None => {}
        }
    }
    device_lines(text, &person.authenticators).into_iter().for_each(&mut add);
    if let Some(waiting) = &person.waiting {
        add(waiting_line(text, waiting));
    }
    if !person.authenticators.is_empty() {
        add(codes(text, person));
        add(text.last_login_line(&moment(text, person.last_success)));
    }
    if let Some(address) = &person.email {
        let alone = person.authenticators.is_empty();
        add(if alone { text.email_alone_line(address) } else { text.email_line(address) });
    }
    if let Some(address) = &person.email_waits {
        add(text.email_waits_line(address));
    }
    match (person.emergency_left, person.emergency_issued) {
        (_, 0) => {}
        (0, _) => add(careful(&text.no_emergency_line(&shell_word(&person.user)))),
        (left, issued) => add(text.emergency_line(left, issued)),
    }
    if let Some(until) = person.pass_until {
        add(text.pass_line(&local(until)));
    }
    let waits = [
        (text.kind_authenticator(), person.wait_until.authenticator),
        (text.kind_combined(), person.wait_until.combined),
        (text.kind_single_use(), person.wait_until.single_use),
        (text.kind_mailed(), person.wait_until.mailed),
        (text.kind_pair(), person.wait_until.pair),
        (text.kind_combined_pair(), person.wait_until.combined_pair),
    ];
    for (kind, until) in waits {
        if let Some(until) = until {
            add(careful(&text.waiting_line(&kind, &local(until))));
        }
    }
    if person.pairs_are_closed {
        add(careful(&text.pairs_closed_line()));
    }
    if let Some(exempt) = &person.exempt {
        add(careful(&text.exempt_line(
            &escaped(&exempt.reason),
            &escaped(&exempt.approved_by),
            &exempt.until,
        )));
    }
    person.exempt_in.iter().for_each(|exempt| add(careful(&exempt_in_line(text, exempt))));
    if let Some(behind) = person.clock_behind {
        add(bad(&text.clock_behind(&text.span(behind))));
    }
    if person.is_other_uid {
        add(bad(&text.other_uid_line(&shell_word(&person.user))));
    }
    lines.join("\n")
}

fn exempt_in_line(text: &Text, exempt: &ExemptIn) -> String {
    let services = exempt.service.as_ref().map(|names| text.exempt_on(&escaped(&names.join(", "))));
    let network = exempt.network.as_ref().map(|network| text.exempt_from(network));
    let places: Vec<String> = services.into_iter().chain(network).collect();
    let (reason, by) = (escaped(&exempt.reason), escaped(&exempt.approved_by));
    text.exempt_in_line(&places.join(" "), &reason, &by, &exempt.until)
}

/// A line for each authenticator.
pub(crate) fn device_lines(text: &Text, devices: &[Device]) -> Vec<String> {
    let line = |device: &Device| {
        let (label, added) = (escaped(&device.label), local(device.added));
        let line = text.authenticator_line(&label, &added, &moment(text, device.last_used));
        match device.key_bits {
            Some(bits) => careful(&format!("{line}. {}", text.short_key(bits))),
            None => line,
        }
    };
    devices.iter().map(line).collect()
}

/// A new phone must not be a surprise.
fn waiting_line(text: &Text, waiting: &Waiting) -> String {
    let (label, until) = (escaped(&waiting.label), local(waiting.until));
    match &waiting.replaces {
        Some(old) => careful(&text.pending_replacement_line(&label, &escaped(old), &until)),
        None => text.pending_line(&label, &until),
    }
}

fn headline(text: &Text, person: &Status) -> String {
    let user = &person.user;
    let since = moment(text, person.since);
    match person.state {
        State::Enrolled => good(&text.status_on(user, &since)),
        State::Disabled => bad(&text.status_disabled(user, &since)),
        State::NotEnrolled => careful(&text.status_off(user)),
        State::Pending => careful(&text.status_pending(user)),
        State::MustEnroll => careful(&text.status_must_enroll(user)),
    }
}

fn codes(text: &Text, person: &Status) -> String {
    let codes = &person.recovery_codes;
    let line = codes
        .made
        .map_or_else(|| text.no_codes_line(), |made| text.codes_line(codes.left, codes.issued, &local(made)));
    if codes.left > FEW_CODES {
        return line;
    }
    careful(&format!("{line}. {}", text.few_codes_left()))
}

/// A state in one word or two.
pub(crate) fn state_word(text: &Text, state: State) -> String {
    match state {
        State::NotEnrolled => text.state_not_enrolled(),
        State::Pending => text.state_pending(),
        State::Enrolled => text.state_enrolled(),
        State::MustEnroll => text.state_must_enroll(),
        State::Disabled => text.state_disabled(),
    }
}

fn moment(text: &Text, moment: Option<Timestamp>) -> String {
    moment.map_or_else(|| text.never(), local)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use wardkey_core::desk::status::{Codes, WaitUntil};
    use wardkey_core::policy::config::Language;

    fn enrolled() -> Status {
        let device = Device {
            label: "app".into(),
            kind: "totp".into(),
            added: Timestamp(9),
            last_used: None,
            key_bits: None,
        };
        Status {
            state: State::Enrolled,
            authenticators: vec![device],
            recovery_codes: Codes { left: 5, issued: 5, made: Some(Timestamp(9)) },
            since: Some(Timestamp(9)),
            ..Status::unknown("roy".into())
        }
    }

    fn english(person: &Status) -> String {
        person_text(&Text::default(), person, Some(&["login".into(), "sudo".into()]))
    }

    // Row: S1-8
    #[test]
    fn on_and_off_are_said_in_words_first() {
        assert!(english(&enrolled()).lines().next().unwrap().contains("roy: MFA: ON since 1970-01-01"));
        assert!(english(&enrolled()).contains("ask for the password and for a code: login, sudo"));
        let none = person_text(&Text::default(), &enrolled(), Some(&[]));
        assert!(none.contains("no service asks for a code yet"), "{none}");
        assert!(english(&Status::unknown("roy".into())).contains("MFA: OFF"));
        let french = person_text(&Text::new(Language::French, ""), &enrolled(), None);
        assert!(french.contains("MFA : ACTIV\u{c9} depuis") && french.contains("5 restants"), "{french}");
    }

    #[test]
    fn waiting_disabled_few_codes_and_a_late_clock_are_all_said() {
        let person = Status {
            state: State::Disabled,
            wait_until: WaitUntil {
                combined: Some(Timestamp(90)),
                pair: Some(Timestamp(90)),
                combined_pair: Some(Timestamp(90)),
                ..WaitUntil::default()
            },
            pairs_are_closed: true,
            recovery_codes: Codes { left: 2, issued: 5, made: Some(Timestamp(9)) },
            clock_behind: Some(Duration::from_secs(7200)),
            is_other_uid: true,
            ..enrolled()
        };
        let shown = english(&person);
        for part in [
            "DISABLED",
            // Behind a colour, which ends in an m.
            "mpassword and code in one entry: waiting until",
            "mtwo codes in one entry: waiting until",
            "mpassword and two codes in one entry: waiting until",
            "two codes in one entry: closed after too many wrong ones",
            "2 of 5 left",
            "make a new set",
            "2 h behind",
            "another uid than at enrolment: logins are refused until wardkey rebind roy --verified-by TEXT",
        ] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
    }
}
