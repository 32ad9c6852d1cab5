//! A text in ASCII, for a place that shows nothing else.

/// sshd sends a refusal as an instruction, in which OpenSSH's client writes every other byte as `\303\251`, whatever the locale.
pub(crate) fn in_ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '«' | '»' => {
                // French sets blanks inside its quotes.
                if c == '»' && plain.ends_with(' ') {
                    plain.pop();
                }
                plain.push('"');
                if c == '«' {
                    rest.next_if(|next| matches!(next, ' ' | '\u{a0}' | '\u{202f}'));
                }
            }
            c if c.is_ascii() => plain.push(c),
            c => plain.push_str(letter(c)),
        }
    }
    plain
}

const fn letter(c: char) -> &'static str {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => "a",
        'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' => "A",
        'ç' => "c",
        'Ç' => "C",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'È' | 'É' | 'Ê' | 'Ë' => "E",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'Ì' | 'Í' | 'Î' | 'Ï' => "I",
        'ñ' => "n",
        'Ñ' => "N",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => "o",
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' => "O",
        'ù' | 'ú' | 'û' | 'ü' => "u",
        'Ù' | 'Ú' | 'Û' | 'Ü' => "U",
        'ý' | 'ÿ' => "y",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'ß' => "ss",
        '\u{2019}' | '\u{2018}' => "'",
        '\u{201c}' | '\u{201d}' => "\"",
        '\u{2013}' | '\u{2014}' | '\u{2011}' => "-",
        '\u{2026}' => "...",
        '\u{a0}' | '\u{202f}' => " ",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_stays_readable_without_its_accents() {
        let text = "Réessayez : « noté », l\u{2019}œuvre à\u{a0}Évry\u{2026} \u{1f600}";
        assert_eq!(in_ascii(text), "Reessayez : \"note\", l'oeuvre a Evry... ?");
        assert_eq!(in_ascii("Call IT, ext. 204."), "Call IT, ext. 204.");
    }
}
