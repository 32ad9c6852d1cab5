//! The rules of the house that no compiler checks: which room may name which, and how long names and files are.

use std::collections::{BTreeMap, BTreeSet};

use wardkey_tests::proof::documents::{named, read, tests, tests_of};
use wardkey_tests::proof::house::{Product, circles, every_file, imports, product, public_types};

/// Longest file, in lines.
const FILE_MAX: usize = 350;

/// Longest name of a test, in letters.
const NAME_MAX: usize = 70;

/// What is installed is made of these.
const ROOMS: [&str; 7] = ["core", "mail", "pam_module", "pam_client", "pam_stack", "helper", "admin_cli"];

/// What a room of core does not name: rooms, paths, and why.
const WALLS: [(&[&str], &[&str], &str); 3] = [
    (
        &["credential", "record", "verify"],
        &["nix", "std::fs", "std::os", "toml"],
        "what a code means is worked out without the system and without files: let `store`, `system` or `policy` ask",
    ),
    (
        &["login", "wire", "grace", "store"],
        &["crate::desk"],
        "a login does nothing at the desk: move what both need into a room below",
    ),
    (
        &["wire"],
        &["crate::login", "crate::desk"],
        "a message carries what it is told: let the caller translate",
    ),
];

/// Core's rooms from top to bottom: each names those below it alone, so that there is no circle. Tests may name all.
const FLOORS: [&str; 16] = [
    "topics",
    "desk",
    "login",
    "wire",
    "grace",
    "site",
    "audit",
    "policy",
    "store",
    "verify",
    "record",
    "credential",
    "invalid_value",
    "user",
    "system",
    "printable",
];

/// Files that name each other, and why they may: one direction of each circle.
const PAIRS: [(&str, &str, &str); 1] =
    [("pam_module/src/ffi.rs", "pam_module/src/hooks.rs", "the C doors call what answers at them")];

/// Names that two public types have, and why they may.
const NAMESAKES: [(&str, &str); 5] = [
    ("Arguments", "each program's own"),
    ("Exempt", "an exemption as configured, and as `status` shows it"),
    ("Kind", "of single-use code, of tally, and of failure: each with its module's name before it"),
    ("State", "of an enrolment, and as `status` shows it"),
    ("Tail", "of what was typed, and as the decision reads it"),
];

/// Whether a type is a command's own: these are named as the command is.
fn is_command(file: &str) -> bool {
    file.starts_with("admin_cli/src/commands/")
}

/// Whether a type is a section of the configuration: these are named as their tables are.
fn is_section(file: &str) -> bool {
    file == "core/src/policy/config/sections.rs"
}

/// Fails with everything that is wrong, a line each.
fn holds(rule: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{rule}\n{}\n", faults.join("\n"));
}

/// The room of core that a file is in.
fn room_of(file: &str) -> &str {
    let inside = file.strip_prefix("core/src/").unwrap_or(file);
    inside.split(['/', '.']).next().unwrap_or(inside)
}

/// Each time that a file names `path`: by a `use`, or in the middle of a line.
fn mentions(file: &Product, path: &str) -> BTreeSet<usize> {
    let used = imports(file).into_iter().filter(|import| {
        import.path == path || import.path.strip_prefix(path).is_some_and(|rest| rest.starts_with("::"))
    });
    let inside = format!("{path}::");
    let in_word = |before: &str| before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    let names = |line: &str| line.match_indices(&inside).any(|(at, _)| !in_word(&line[..at]));
    let in_lines = file.lines.iter().filter(|(_, line)| names(line));
    used.map(|import| import.line).chain(in_lines.map(|(number, _)| *number)).collect()
}

#[test]
fn no_room_names_what_is_behind_its_wall() {
    let mut faults = Vec::new();
    for file in product("core") {
        for (_, walled, why) in WALLS.iter().filter(|(rooms, ..)| rooms.contains(&room_of(&file.path))) {
            for path in *walled {
                let lines = mentions(&file, path);
                faults.extend(lines.iter().map(|line| format!("{}:{line} names {path}: {why}", file.path)));
            }
        }
    }
    holds("Rooms of core name what is behind a wall.", &faults);
}

#[test]
fn the_rooms_of_core_name_those_below_them_alone() {
    let mut faults = Vec::new();
    let floor = |room: &str| FLOORS.iter().position(|floor| *floor == room);
    for file in product("core").iter().filter(|file| file.path != "core/src/lib.rs") {
        let Some(own) = floor(room_of(&file.path)) else {
            faults.push(format!("{}: give its room a place in FLOORS", file.path));
            continue;
        };
        for (above, room) in FLOORS.iter().enumerate().take(own) {
            let lines = mentions(file, &format!("crate::{room}"));
            let told = |line: &usize| {
                let floors = format!("{room} is floor {above}, and {} floor {own}", room_of(&file.path));
                format!("{}:{line} names crate::{room} ({floors}): move what it needs down", file.path)
            };
            faults.extend(lines.iter().map(told));
        }
    }
    holds("Rooms of core name rooms above them.", &faults);
}

#[test]
fn no_files_need_each_other_but_those_that_are_named_here() {
    let excepted: Vec<(&str, &str)> = PAIRS.iter().map(|(from, to, _)| (*from, *to)).collect();
    let mut faults = Vec::new();
    for room in ROOMS {
        let files = product(room);
        let told = circles(room, &files, &excepted);
        faults.extend(
            told.iter().map(|circle| format!("    {circle}\n  move what both need into a third file")),
        );
        for (number, (from, to, _)) in PAIRS.iter().enumerate().filter(|(_, pair)| pair.0.starts_with(room)) {
            let mut others = excepted.clone();
            others.remove(number);
            if circles(room, &files, &others).is_empty() {
                faults.push(format!("{from} and {to} are in no circle now: take them out of PAIRS"));
            }
        }
    }
    holds("Files need each other in a circle.", &faults);
}

#[test]
fn no_two_public_types_have_one_name_but_those_that_are_named_here() {
    let mut types: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // pam_stack has words of its own: it knows nothing of wardkey.
    for file in ROOMS.iter().filter(|room| **room != "pam_stack").flat_map(|room| product(room)) {
        for (line, name) in
            public_types(&file).into_iter().filter(|_| !is_command(&file.path) && !is_section(&file.path))
        {
            types.entry(name.to_owned()).or_default().push(format!("{}:{line}", file.path));
        }
    }
    let twice: BTreeMap<&str, &Vec<String>> = types
        .iter()
        .filter(|(_, places)| places.len() > 1)
        .map(|(name, places)| (name.as_str(), places))
        .collect();
    let excepted: BTreeSet<&str> = NAMESAKES.iter().map(|(name, _)| *name).collect();
    let found = twice.iter().filter(|(name, _)| !excepted.contains(**name));
    let mut faults: Vec<String> = found
        .map(|(name, places)| format!("{name}: {}: call each after what it is there", places.join(", ")))
        .collect();
    let unused = excepted.iter().filter(|name| !twice.contains_key(**name));
    faults.extend(unused.map(|name| format!("{name} is there once: take it out of the exceptions")));
    holds("Public types have one name and are two.", &faults);
}

#[test]
fn names_of_tests_fit_on_a_line() {
    let mut faults = Vec::new();
    for (file, text) in every_file() {
        let names = tests_of(&text);
        let long = names.iter().filter(|name| name.len() > NAME_MAX);
        faults.extend(
            long.map(|name| format!("{file}::{name} has {} letters: {NAME_MAX} at most", name.len())),
        );
        let idle = names.iter().filter(|name| name.contains("whoever"));
        faults.extend(idle.map(|name| format!("{file}::{name}: say who")));
    }
    holds("Names of tests are too long.", &faults);
}

#[test]
fn no_file_is_longer_than_a_few_screens() {
    let lengths = every_file().into_iter().map(|(file, text)| (file, text.lines().count()));
    let long = lengths.filter(|(_, lines)| *lines > FILE_MAX);
    let faults: Vec<String> = long
        .map(|(file, lines)| format!("{file} has {lines} lines: part it by concept ({FILE_MAX} at most)"))
        .collect();
    holds("Files are too long.", &faults);
}

#[test]
fn each_invariant_names_the_test_that_shows_it() {
    let design = read("core/DESIGN.md").expect("the design");
    let section = design.split("\n## ").find(|section| section.starts_with("Seven invariants\n"));
    let section = section.expect("core/DESIGN.md has a section \"Seven invariants\"");
    let tests = tests().expect("the sources");
    let mut faults = Vec::new();
    for number in 1..=7 {
        let item = section.split(&format!("\n{number}. ")).nth(1);
        let item =
            item.and_then(|rest| rest.split(&format!("\n{}. ", number + 1)).next()).unwrap_or_default();
        let shown = named(item);
        if shown.is_empty() {
            faults.push(format!("invariant {number}: say which test shows it, as `path/to/file.rs::name`"));
        }
        let missing = shown.into_iter().filter(|name| !tests.contains(*name));
        faults.extend(missing.map(|name| format!("invariant {number}: there is no test {name}")));
    }
    holds("core/DESIGN.md: invariants without their tests.", &faults);
}

#[test]
fn one_file_a_program_is_unsafe() {
    let allowed = ["helper/src/ffi.rs", "pam_client/src/ffi.rs", "pam_module/src/ffi.rs"];
    let files =
        ROOMS.iter().flat_map(|room| product(room)).filter(|file| !allowed.contains(&file.path.as_str()));
    let mut faults = Vec::new();
    for file in files {
        let allows = file.lines.iter().filter(|(_, line)| {
            line.contains("unsafe_code") && !line.contains("forbid(unsafe_code)") || line.contains("unsafe {")
        });
        faults.extend(
            allows.map(|(line, _)| format!("{}:{line}: only the file ffi.rs may be unsafe", file.path)),
        );
    }
    holds("Files are unsafe.", &faults);
}
