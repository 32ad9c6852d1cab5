//! Random service files, odd ones among them, whose modules answer what they are told.

use std::fmt::Write as _;

use fastrand::Rng;
use pam_stack::{Kind, Line, PamResult};

/// A module of libpam's own that answers what its arguments say.
const PUPPET: &str = "pam_debug.so";

/// What a line's module answers, read off its arguments.
#[must_use]
pub fn told(line: &Line) -> PamResult {
    match line.module_name() {
        Some(PUPPET) => {
            let key = if line.kind == Kind::Auth { "auth=" } else { "acct=" };
            let word = line.arguments.iter().find_map(|argument| argument.strip_prefix(key));
            let result = |name: &str| PamResult::ALL.into_iter().find(|result| result.name() == name);
            word.and_then(result).unwrap_or(PamResult::Success)
        }
        Some("pam_deny.so") => PamResult::AuthErr,
        _ => PamResult::ModuleUnknown,
    }
}

/// The files of one random service, its own first; the others are what it includes.
#[must_use]
pub fn files(dice: &mut Rng, service: &str) -> Vec<(String, String)> {
    let names: Vec<_> = std::iter::once(service.to_owned())
        .chain((1..=dice.usize(0..4)).map(|number| format!("{service}.{number}")))
        .collect();
    let file = |(at, name): (usize, &String)| {
        let text = (0..dice.usize(1..7)).map(|_| line(dice, &names[at + 1..], at == 0)).collect::<String>();
        (name.clone(), text)
    };
    names.iter().enumerate().map(file).collect()
}

fn one<'a>(dice: &mut Rng, words: &[&'a str]) -> &'a str {
    words[dice.usize(0..words.len())]
}

fn line(dice: &mut Rng, includable: &[String], is_own: bool) -> String {
    let kind = one(dice, &["auth", "auth", "auth", "account", "AUTH", "-auth", "Account", "session"]);
    let blank = one(dice, &[" ", "\t", "   ", " \\\n ", " \t"]);
    match dice.u8(0..40) {
        0..=3 => {
            format!("{kind}{blank}{} {}\n", one(dice, &["include", "substack"]), included(dice, includable))
        }
        4..=8 => format!("{kind}{blank}substack {}\n", included(dice, includable)),
        9..=10 if is_own => format!("@include {}\n", included(dice, includable)),
        // Where it names no file, an included `@include` reads memory that libpam never wrote.
        9..=10 => format!("@include {}\n", dice.choice(includable).map_or("whole", String::as_str)),
        11 => oddity(dice, kind),
        12 => format!("{kind} INCLUDE /etc/pam.d/{}\n", included(dice, includable)),
        13 if is_own => format!("-@Include {}\n", included(dice, includable)),
        _ => {
            let (auth, acct) = (result(dice), result(dice));
            let end = one(dice, &["", " # why", "\t", " x=[a b\\] c]"]);
            format!("{kind}{blank}{}{blank}{PUPPET} auth={auth} acct={acct}{end}\n", control(dice))
        }
    }
}

/// Rarely a file that is not there.
fn included(dice: &mut Rng, names: &[String]) -> String {
    if dice.u8(0..12) == 0 {
        return "nothing-there".to_owned();
    }
    dice.choice(names).cloned().unwrap_or_else(|| "whole".to_owned())
}

fn result(dice: &mut Rng) -> &'static str {
    match dice.u8(0..4) {
        0 => PamResult::ALL[dice.usize(0..31)].name(),
        1 => "ignore",
        _ => "success",
    }
}

fn control(dice: &mut Rng) -> String {
    if dice.u8(0..3) == 0 {
        return one(dice, &["required", "requisite", "sufficient", "optional", "Required", "[required]"])
            .to_owned();
    }
    let mut pairs = String::from("[");
    for _ in 0..dice.usize(0..4) {
        let any = PamResult::ALL[dice.usize(0..31)].name();
        let name = one(dice, &["success", "success", "ignore", "default", "auth_err", any]);
        let action =
            one(dice, &["ok", "done", "ignore", "bad", "die", "reset", "1", "2", "3", "7", "0", "no"]);
        let gap = one(dice, &["", "", "", " "]);
        write!(pairs, "{name}{gap}={gap}{action} ").expect("memory");
    }
    pairs + "]"
}

fn oddity(dice: &mut Rng, kind: &str) -> String {
    let long = "x".repeat(dice.usize(900..1200));
    match dice.u8(0..10) {
        0 => format!("{kind}\n"),
        1 => format!("{kind} required\n"),
        2 => format!("{kind} needed {PUPPET}\n"),
        3 => format!("login required {PUPPET}\n"),
        4 => format!("{kind} required pam_nothere.so\n"),
        5 => format!("# {long}\n"),
        6 => format!("{kind} required {PUPPET} auth=auth_err {long}\n"),
        7 => format!("{kind} optional {PUPPET} \\\n# why\n\n auth=cred_err\n"),
        8 => format!("{kind} required {PUPPET}\r\n"),
        _ => format!("{kind} [success=1 {PUPPET}\n"),
    }
}
