//! What the plain reader takes is what `toml` reads.

use super::*;
use crate::policy::config::Config;

const SHIPPED: &str = include_str!("../../../../config/wardkey.toml");
const EVERY_KEY: &str = include_str!("every_key.toml");

/// What a change puts in: whatever has a meaning in TOML, or has one for a key.
const WORDS: [&str; 40] = [
    "\n",
    " ",
    "\t",
    "#",
    "\"",
    "'",
    "\"\"\"",
    "\\",
    "\\n",
    "=",
    ".",
    ",",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "_",
    "-",
    "+",
    "0",
    "1",
    "9",
    "1_0",
    "0x1",
    "1.5",
    "true",
    "false",
    "2027-03-31",
    "2027-02-30",
    "T07:32:00Z",
    "[service]",
    "[service.sshd]",
    "[exempt]",
    "[[exempt]]",
    "\"30s\"",
    "[\"su\"]",
    "é",
    "\u{7f}",
];

/// `make fuzz` tries millions.
const MANY: usize = 20_000;

/// Numbers that look like chance, and are the same each time (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).unwrap()
    }

    fn line(&mut self, text: &str) -> String {
        let lines: Vec<&str> = text.lines().collect();
        lines[self.below(lines.len())].to_owned()
    }

    /// One small change, as a slip of a hand or a cut in a wrong place would make it.
    fn change(&mut self, text: &str) -> String {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let mut any = || places[self.below(places.len())];
        let (a, b) = (any(), any());
        let (start, near) = (a.min(b), a.max(b).min(a.min(b) + 8));
        let end = places.iter().copied().find(|at| *at >= near).unwrap_or(start);
        match self.below(5) {
            0 => [&text[..start], WORDS[self.below(WORDS.len())], &text[start..]].concat(),
            1 => [&text[..start], WORDS[self.below(WORDS.len())], &text[end..]].concat(),
            2 => [&text[..start], &text[end..]].concat(),
            3 => {
                let (one, other) = (self.line(text), self.line(text));
                text.replacen(&one, &other, 1)
            }
            _ => {
                let other = [SHIPPED, EVERY_KEY][self.below(2)];
                format!("{}\n{}", text.trim_end(), self.line(other))
            }
        }
    }
}

#[test]
fn files_as_people_write_them_are_plain() {
    for text in
        [SHIPPED, EVERY_KEY, "", "# a comment", "issuer=\"x\"#y\n \t[service.sshd] # z\n\tenroll = true"]
    {
        assert_eq!(read::<Config>(text), Some(toml::from_str(text).unwrap()), "{text}");
    }
}

#[test]
fn of_many_changed_files_none_is_read_otherwise() {
    let (mut chance, mut taken) = (Chance(0x9e37_79b9_7f4a_7c15), 0);
    for round in 0..MANY {
        let mut text = [SHIPPED, EVERY_KEY][round % 2].to_owned();
        for _ in 0..=chance.below(3) {
            text = chance.change(&text);
        }
        if let Some(plain) = read::<Config>(&text) {
            assert_eq!(Ok(plain), toml::from_str(&text), "{text}");
            taken += 1;
        }
    }
    assert!(taken > MANY / 10, "of {MANY} changed files only {taken} were plain");
}

#[test]
fn whatever_is_not_plain_is_left_to_toml() {
    for text in [
        "issuer = 'x'",
        "issuer = \"\\u0041\"",
        "issuer = \"\"\"x\"\"\"",
        "\"issuer\" = \"x\"",
        "totp.digits = 6",
        "totp = {}",
        "[totp]\nwindow = +1",
        "[totp]\nwindow = 0x1",
        "[service]\n[service.a.b]",
        "[service.\"a\"]",
        "issuer = \"x\"\r\n",
        "[policy]\ngroups = [\n\"a\"]",
        "[ totp ]",
    ] {
        assert!(read::<Config>(text).is_none(), "{text}");
    }
}
