//! What people read at the end: each finding, the worst first, and one line that sums them up.

use super::finding::{Finding, FindingSeverity};
use crate::text::Text;
use crate::wrap::wrapped;
use wardkey_core::printable::escaped;

/// The widest line at a terminal.
const WIDTH: usize = 80;

/// `looked` is what was looked at, and `columns` the width of the terminal, where it is one.
pub(crate) fn report(text: &Text, findings: &[Finding], looked: &str, columns: Option<usize>) -> String {
    let shown = findings.iter().map(|finding| shown(text, finding));
    let whole = shown.chain([sum(text, findings, looked)]).collect::<Vec<_>>().join("\n\n");
    match columns {
        Some(columns) => wrapped(&whole, columns.min(WIDTH)).to_string(),
        None => whole,
    }
}

fn shown(text: &Text, finding: &Finding) -> String {
    let severity = text.severity(finding.severity);
    // What it quotes of files, and what programs said, may hold anything.
    let (place, what) = (escaped(&finding.place), escaped(&finding.what));
    let head = format!("{severity} [{}] {place}: {what}", finding.id);
    let why = (!finding.why.is_empty()).then(|| text.why_line(&escaped(&finding.why)));
    let remedy = (!finding.remedy.is_empty()).then(|| text.remedy_line(&escaped(&finding.remedy)));
    [Some(head), why, remedy].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn sum(text: &Text, findings: &[Finding], looked: &str) -> String {
    use FindingSeverity::{LockOut, Note, Warning, WayIn};
    if findings.is_empty() {
        return text.doctor_sound(looked);
    }
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let counts = [WayIn, LockOut, Warning, Note].map(|severity| (severity, count(severity)));
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|(severity, count)| text.counted(severity, count)).collect();
    text.doctor_found(&counts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wardkey_core::policy::config::Language;

    fn finding(severity: FindingSeverity) -> Finding {
        let long = "somebody gets in by a way of many steps, each of which is written out here".to_owned();
        let place = "/etc/pam.d/sudo:3".to_owned();
        Finding { id: "x", severity, place, what: long.clone(), why: long.clone(), remedy: long }
    }

    #[test]
    fn the_last_line_sums_up_in_both_languages() {
        use FindingSeverity::{LockOut, Note, Warning, WayIn};
        let found = [WayIn, LockOut, LockOut, Warning, Note].map(finding);
        let last = |language, found: &[Finding]| {
            let report = report(&Text::new(language, ""), found, "12 services", None);
            report.lines().last().unwrap().to_owned()
        };
        let (english, french) = (Language::English, Language::French);
        assert_eq!(last(english, &found), "Found: 1 way in, 2 lock-outs, 1 warning, 1 note.");
        assert_eq!(
            last(french, &found),
            "Trouvé : 1 accès ouvert, 2 accès bloqués, 1 avertissement, 1 note."
        );
        assert_eq!(last(english, &found[4..]), "Found: 1 note.");
        assert_eq!(last(english, &[]), "Nothing to mend was found. Looked at: 12 services.");
    }

    #[test]
    fn at_a_terminal_lines_end_before_the_eightieth_column() {
        let report = |columns| report(&Text::default(), &[finding(FindingSeverity::WayIn)], "", columns);
        for (columns, most) in [(200, 80), (80, 80), (50, 50)] {
            let shown = report(Some(columns));
            assert!(shown.lines().all(|line| line.chars().count() <= most), "{shown}");
        }
        assert!(report(None).lines().any(|line| line.chars().count() > 80), "a script has whole lines");
    }
}
