//! The words of a line.

const BLANKS: [char; 3] = [' ', '\n', '\t'];

/// Takes the next word off `rest`: up to a blank, or all between `[` and `]`, where `\]` stands for `]`.
pub(crate) fn next(rest: &mut &str) -> Option<String> {
    let text = rest.trim_start_matches(BLANKS);
    let Some(inside) = text.strip_prefix('[') else {
        let end = text.find(BLANKS).unwrap_or(text.len());
        let (word, after) = text.split_at(end);
        *rest = after.strip_prefix(BLANKS).unwrap_or(after);
        return (!word.is_empty()).then(|| word.to_owned());
    };
    let mut word = String::new();
    let mut characters = inside.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            ']' => {
                *rest = inside.get(at + 1..).unwrap_or_default();
                return Some(word);
            }
            '\\' if characters.peek().is_some_and(|(_, next)| *next == ']') => {
                characters.next();
                word.push(']');
            }
            other => word.push(other),
        }
    }
    *rest = "";
    Some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(mut line: &str) -> Vec<String> {
        std::iter::from_fn(|| next(&mut line)).collect()
    }

    #[test]
    fn words_are_what_libpam_makes_of_a_line() {
        for (line, expected) in [
            ("", &[] as &[&str]),
            (" \t ", &[]),
            ("auth  required\tpam_unix.so nullok", &["auth", "required", "pam_unix.so", "nullok"]),
            ("auth [success=1 default=ignore] x", &["auth", "success=1 default=ignore", "x"]),
            ("auth [success=1]x y", &["auth", "success=1", "x", "y"]),
            ("x [query=SELECT a\\]b [c] d", &["x", "query=SELECT a]b [c", "d"]),
            ("auth [success=1 x.so", &["auth", "success=1 x.so"]),
            ("auth required\r", &["auth", "required\r"]),
            ("[] x", &["", "x"]),
        ] {
            assert_eq!(words(line), expected, "{line:?}");
        }
    }
}
