//! The words after `pam_wardkey.so` in a PAM service file.

use std::path::PathBuf;

/// What to do with a password that an earlier module has asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FirstPass {
    /// Nothing: ask.
    #[default]
    Ask,
    /// Look for a code at its end; ask if there is none (`try_first_pass`).
    Try,
    /// Look for a code at its end; never ask (`use_first_pass`).
    Use,
}

/// The arguments, parsed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arguments {
    /// `start`: forgets what an earlier try left, and asks nothing.
    pub start: bool,
    /// `config=PATH`
    pub config: Option<PathBuf>,
    /// `debug`
    pub debug: bool,
    /// `try_first_pass` or `use_first_pass`
    pub first_pass: FirstPass,
    /// `forward_pass`: password and code in one entry.
    pub forward_pass: bool,
}

impl Arguments {
    /// Reads the arguments of one line.
    ///
    /// # Errors
    /// What is wrong, for syslog: an unknown, repeated or contradictory argument, or a relative path.
    pub fn parse<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut arguments = Self::default();
        let mut count = 0;
        for word in words {
            count += 1;
            let repeated = match word.split_once('=') {
                Some(("config", path)) if path.starts_with('/') => {
                    arguments.config.replace(path.into()).is_some()
                }
                Some(("config", _)) => return Err(format!("argument `{word}`: the path must be absolute")),
                None if word == "start" => std::mem::replace(&mut arguments.start, true),
                None if word == "debug" => std::mem::replace(&mut arguments.debug, true),
                None if word == "forward_pass" => std::mem::replace(&mut arguments.forward_pass, true),
                None if word == "try_first_pass" => arguments.set_first_pass(FirstPass::Try),
                None if word == "use_first_pass" => arguments.set_first_pass(FirstPass::Use),
                None if word == "nullok" => return Err(NULLOK.to_owned()),
                _ => return Err(format!("unknown argument `{word}`")),
            };
            if repeated {
                return Err(format!("argument `{word}` is repeated or contradicts another"));
            }
        }
        if arguments.start && count > 1 {
            return Err("argument `start` stands alone".to_owned());
        }
        Ok(arguments)
    }

    fn set_first_pass(&mut self, first_pass: FirstPass) -> bool {
        std::mem::replace(&mut self.first_pass, first_pass) != FirstPass::Ask
    }
}

/// What `pam_google_authenticator` and `pam_unix` call it.
const NULLOK: &str = "unknown argument `nullok`: to let in people who are not enrolled yet, remove it and write \
    `unenrolled = \"ignore\"` under [policy] into wardkey.toml";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_arguments_are_read() {
        assert_eq!(Arguments::parse([]), Ok(Arguments::default()));
        let all = Arguments::parse(["config=/etc/w.toml", "debug", "try_first_pass", "forward_pass"]);
        let expected = Arguments {
            start: false,
            config: Some("/etc/w.toml".into()),
            debug: true,
            first_pass: FirstPass::Try,
            forward_pass: true,
        };
        assert_eq!(all, Ok(expected));
    }

    #[test]
    fn nullok_is_told_where_it_belongs() {
        let why = Arguments::parse(["nullok"]).unwrap_err();
        assert!(
            why.starts_with("unknown argument `nullok`") && why.contains("unenrolled = \"ignore\""),
            "{why}"
        );
    }

    #[test]
    fn start_stands_alone() {
        assert_eq!(Arguments::parse(["start"]), Ok(Arguments { start: true, ..Arguments::default() }));
        for more in ["config=/etc/w.toml", "debug", "forward_pass", "start"] {
            assert!(Arguments::parse(["start", more]).is_err(), "{more}");
            assert!(Arguments::parse([more, "start"]).is_err(), "{more}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for words in [
            &["nullok"][..],
            &["config="],
            &["config=w.toml"],
            &["config=/a", "config=/b"],
            &["debug", "debug"],
            &["debug=1"],
            &["Debug"],
            &[""],
            &["try_first_pass", "use_first_pass"],
            &["use_first_pass", "use_first_pass"],
            &["forward_pass", "forward_pass"],
        ] {
            assert!(Arguments::parse(words.iter().copied()).is_err(), "{words:?}");
        }
    }
}
