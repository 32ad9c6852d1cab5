//! Lines that end between words, however narrow the window is.

use anstream::adapter::strip_str;
use zeroize::Zeroizing;

/// `text` in lines of at most `width` columns. What goes on stands below the first word of its line, behind `1.` too. A word
/// that is longer than a line stays whole: a command is copied as it stands.
pub(crate) fn wrapped(text: &str, width: usize) -> Zeroizing<String> {
    // It may hold a key: a text that grows leaves copies of what it held behind.
    let mut whole = Zeroizing::new(String::with_capacity(2 * text.len() + 64));
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            whole.push('\n');
        }
        wrap_line(&mut whole, line, width);
    }
    whole
}

fn wrap_line(whole: &mut String, line: &str, width: usize) {
    if columns(line) <= width {
        whole.push_str(line);
        return;
    }
    let words = line.trim_start_matches(' ');
    let indent = line.len() - words.len();
    let hang = indent + numbering(words);
    let spaces = |n: usize| " ".repeat(n);
    whole.push_str(&spaces(indent));
    let mut column = indent;
    let mut is_first = true;
    for word in words.split(' ') {
        let length = columns(word);
        if !is_first && column + 1 + length > width {
            whole.push('\n');
            whole.push_str(&spaces(hang));
            column = hang;
        } else if !is_first {
            whole.push(' ');
            column += 1;
        }
        whole.push_str(word);
        column += length;
        is_first = false;
    }
}

/// How wide `1. ` is, if the line begins so.
fn numbering(words: &str) -> usize {
    let is_numbered = words.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok());
    if is_numbered { words.find(". ").map_or(0, |at| at + 2) } else { 0 }
}

/// How many columns a text takes; colours take none.
pub(crate) fn columns(text: &str) -> usize {
    strip_str(text).map(|part| part.chars().count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_between_words_and_go_on_below_the_first_one() {
        assert_eq!(*wrapped("1. have an app\n   or a key", 9), "1. have\n   an app\n   or a\n   key");
        assert_eq!(*wrapped("as it is", 8), "as it is");
        assert_eq!(*wrapped("\u{1b}[1mas it is\u{1b}[0m", 8), "\u{1b}[1mas it is\u{1b}[0m");
        assert_eq!(*wrapped("see /a/long/path now", 6), "see\n/a/long/path\nnow");
    }

    #[test]
    fn no_line_is_wider_than_the_window_where_words_fit() {
        let text = "Keep them in a password manager, in a locked drawer or on a second device.";
        for width in 12..80 {
            assert!(wrapped(text, width).lines().all(|line| line.chars().count() <= width), "{width}");
        }
    }
}
