//! A Markdown table whose columns also line up as plain text.

use std::fmt::Write as _;

/// Of these lines below these heads.
pub(super) fn table(heads: &[&str], lines: Vec<Vec<String>>) -> String {
    let heads: Vec<String> = heads.iter().map(ToString::to_string).collect();
    let width = |column: usize| {
        let cells = lines.iter().chain([&heads]).filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let mut text = String::new();
    let mut put = |cells: &[String]| {
        let cells: Vec<String> =
            cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    };
    put(&heads);
    put(&widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>());
    lines.iter().for_each(|line| put(line));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let text = table(&["", "µs"], vec![vec!["é".into(), "1".into()], vec!["long".into(), "100".into()]]);
        assert_eq!(text, "|      | µs  |\n| ---- | --- |\n| é    | 1   |\n| long | 100 |\n");
    }
}
