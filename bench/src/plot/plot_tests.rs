use super::*;
use crate::products::Product;
use crate::race;
use crate::replies::Reply;
use crate::scenario::Scenario;
use crate::setting::Setting;
use crate::stats::Sample;
use std::io::Write as _;
use std::process::{Command, Stdio};

fn samples(microseconds: u64) -> Vec<Sample> {
    let sample = |n: u64| Sample { nanoseconds: (microseconds + n) * 1000, cpu: 1, peak_kib: 1, faults: 1 };
    (0..50).map(sample).collect()
}

fn row(name: &str, crowd: usize, microseconds: u64) -> Row {
    Row { name: name.to_owned(), crowd, samples: samples(microseconds), system_calls: None }
}

fn outcome(crowds: &[usize]) -> Outcome {
    let scenario = Scenario {
        medium: Medium::Disk,
        process: Process::Fresh,
        reply: Reply::Right,
        rounds: 50,
        crowds: crowds.to_vec(),
        names_only: true,
        setting: Setting::Plain,
    };
    let rows = crowds.iter().flat_map(|crowd| {
        PRODUCTS.iter().map(move |product| row(product.name(), *crowd, 100 * u64::try_from(*crowd).unwrap()))
    });
    Outcome { scenario, rows: rows.collect() }
}

fn race() -> Race {
    let line = |at_once| race::Line {
        name: Product::Wardkey.name(),
        at_once,
        accepted: vec![1, 1],
        until_last: samples(500),
    };
    let rows = SIZES.map(line).into_iter().collect();
    Race { who: Who::Same, medium: Medium::Memory, rounds: 2, rows }
}

fn drawn() -> Vec<Drawn> {
    let rows = vec![row("a < b & \"c\"", 0, 300), row(floor::NAME, 0, 5)];
    let table = Table { name: ssh::NAME, rounds: 50, rows, beside: "" };
    all(&[outcome(&[10]), outcome(&[10, 1000])], &[table], &[race()])
}

#[test]
fn everything_is_drawn_to_a_file_of_its_own() {
    let mut files: Vec<String> = drawn().into_iter().map(|drawn| drawn.file).collect();
    files.sort();
    let expected = [
        "at-once-one-code-tmpfs-accepted.svg",
        "at-once-one-code-tmpfs-time.svg",
        "login-fresh.svg",
        "sshd.svg",
        "users-disk.svg",
    ];
    assert_eq!(files, expected);
}

/// Draws it, by a reader that is strict about XML: what it complains of, if it does.
fn complaint(svg: &str) -> Option<String> {
    let mut reader = Command::new("rsvg-convert")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("rsvg-convert (Debian: librsvg2-bin)");
    reader.stdin.take().unwrap().write_all(svg.as_bytes()).unwrap();
    let output = reader.wait_with_output().unwrap();
    let is_drawn = output.status.success() && output.stdout.starts_with(b"\x89PNG");
    (!is_drawn).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_drawing_can_be_read() {
    for drawn in drawn() {
        assert_eq!(complaint(&drawn.svg), None, "{}", drawn.file);
        assert!(complaint(&drawn.svg.replace("&lt;", "<").replace("</svg>", "")).is_some(), "{}", drawn.file);
    }
}

/// Both colour schemes, both axes' names and units, every product's name, and numbers everywhere else.
#[test]
fn a_drawing_says_what_it_is() {
    for drawn in drawn() {
        let svg = &drawn.svg;
        assert!(svg.contains("prefers-color-scheme: dark"), "{}", drawn.file);
        assert!(svg.contains(">milliseconds") || svg.contains(">let in, mean<"), "{}", drawn.file);
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}", drawn.file);
        assert!(drawn.file.starts_with("sshd") || svg.contains(">wardkey<"), "{}", drawn.file);
    }
}

#[test]
fn a_product_keeps_its_colour() {
    assert_eq!(colour("password and wardkey"), colour("wardkey"));
    assert_eq!(colour("password and oath"), colour("oath"));
    assert_ne!(colour("unix"), colour("wardkey"));
    assert_eq!(colour("something else"), OTHER);
    let mut all: Vec<usize> = PRODUCTS.iter().map(|product| colour(product.name())).collect();
    all.extend([colour(floor::NAME), colour(hashing::NAME)]);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), PRODUCTS.len() + 2);
}
