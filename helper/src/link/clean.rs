//! A verifier's report in the link's own words: of the kind that was asked for, with texts that are short and printable.

use wardkey_core::login::{Judgement, OnRecord, Outcome, Seen};
use wardkey_core::printable::escaped;
use wardkey_fleet::{Report, Subject};

/// Longest text that goes on, in characters.
const LONGEST: usize = 400;

/// Most warnings to one answer.
const WARNINGS: usize = 8;

/// Whether a report is to this subject.
pub(super) const fn fits(report: &Report, subject: &Subject) -> bool {
    matches!(
        (report, subject),
        (Report::Known(_), Subject::Known)
            | (Report::LivePass(_), Subject::LivePass)
            | (Report::Judged(_), Subject::Code { .. } | Subject::Nobody(_))
            | (Report::Renewed(_), Subject::Renewal(_))
    )
}

/// The same with texts that no log must fear.
pub(super) fn in_own_words(report: Report) -> Report {
    match report {
        Report::Known(OnRecord::Untold(why)) => Report::Known(OnRecord::Untold(cut(&why))),
        Report::Known(OnRecord::NoAnswer(why)) => Report::Known(OnRecord::NoAnswer(cut(&why))),
        Report::Judged(Judgement { outcome, seen }) => {
            let outcome = match outcome {
                Outcome::Unavailable(why) => Outcome::Unavailable(cut(&why)),
                other => other,
            };
            let warnings = seen.warnings.iter().take(WARNINGS).map(|warning| cut(warning)).collect();
            let uncompared = seen.uncompared.as_deref().map(cut);
            Report::Judged(Judgement { outcome, seen: Seen { warnings, uncompared, ..seen } })
        }
        told @ (Report::Known(_) | Report::LivePass(_) | Report::Renewed(_) | Report::Turned(_)) => told,
    }
}

/// A text as a line of a log can have it.
pub(super) fn cut(text: &str) -> String {
    let text: String = text.chars().take(LONGEST).collect();
    escaped(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_short_and_printable() {
        let long = format!("a\nOct 1 forged line\u{1b}[2J{}", "x".repeat(10_000));
        let seen =
            Seen { warnings: vec![long.clone(); 100], uncompared: Some(long.clone()), ..Seen::default() };
        let judgement = Judgement { outcome: Outcome::Unavailable(long.clone()), seen };
        for report in [
            Report::Judged(judgement),
            Report::Known(OnRecord::Untold(long.clone())),
            Report::Known(OnRecord::NoAnswer(long)),
        ] {
            let told = format!("{:?}", in_own_words(report));
            assert!(told.len() < 5000 && !told.contains("\\n") || !told.contains('\n'), "{told}");
            assert!(!told.contains('\u{1b}'), "{told}");
        }
    }
}
