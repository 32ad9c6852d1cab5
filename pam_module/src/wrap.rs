//! Lines that end between words, however narrow the screen is.

use zeroize::Zeroizing;

/// `text` in lines of at most `width` columns; what goes on stands below the first word of its line. A word that is longer than a
/// line stays whole.
pub(crate) fn lines(text: &str, width: usize) -> Vec<Zeroizing<String>> {
    let words = text.trim_start_matches(' ');
    let indent = text.len() - words.len();
    // Room for all of it, since it may hold a key: a string that grows leaves copies behind.
    let begun = || {
        let mut line = Zeroizing::new(String::with_capacity(text.len() + indent));
        line.push_str(&" ".repeat(indent));
        line
    };
    let (mut lines, mut line, mut column) = (Vec::new(), begun(), indent);
    for word in words.split(' ') {
        let length = word.chars().count();
        if column > indent && column + 1 + length > width {
            lines.push(std::mem::replace(&mut line, begun()));
            column = indent;
        } else if column > indent {
            line.push(' ');
            column += 1;
        }
        line.push_str(word);
        column += length;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, width: usize) -> String {
        let lines: Vec<_> = lines(text, width).iter().map(|line| line.as_str().to_owned()).collect();
        lines.join("|")
    }

    #[test]
    fn lines_end_between_words_and_go_on_below_the_first_one() {
        assert_eq!(wrapped("  Key: ABCD EFGH IJKL", 13), "  Key: ABCD|  EFGH IJKL");
        assert_eq!(wrapped("as it is", 8), "as it is");
        assert_eq!(wrapped("see /a/long/path now", 6), "see|/a/long/path|now");
        assert_eq!(wrapped("", 6), "");
    }

    #[test]
    fn no_line_is_wider_than_the_screen_where_words_fit() {
        let text =
            "Gardez-les dans un gestionnaire de mots de passe, un tiroir fermé à clé ou un second appareil.";
        for width in 15..100 {
            assert!(lines(text, width).iter().all(|line| line.chars().count() <= width), "{width}");
        }
    }
}
