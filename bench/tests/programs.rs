//! The programs in C that the bench measures with.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A program built in a directory that goes with the value.
struct Built {
    dir: PathBuf,
    program: PathBuf,
}

impl Built {
    fn make(name: &str, libraries: &[&str]) -> Self {
        let dir = std::env::temp_dir().join(format!("wardkey-{name}-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let (program, source) =
            (dir.join(name), Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("{name}.c")));
        let mut compiler = Command::new("cc");
        compiler
            .args(["-Wall", "-Wextra", "-Werror", "-rdynamic", "-o"])
            .arg(&program)
            .arg(source)
            .args(libraries);
        assert!(compiler.status().unwrap().success());
        Self { dir, program }
    }
}

impl Drop for Built {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

#[test]
fn a_copy_through_a_mapping_is_the_same_and_lies_page_by_page() {
    let pages = Built::make("pages", &[]);
    let (from, to) = (pages.dir.join("from"), pages.dir.join("to"));
    let text: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    fs::write(&from, &text).unwrap();
    let copied = Command::new(&pages.program).arg("copy").args([&from, &to]).status().unwrap();
    assert!(copied.success());
    assert!(fs::read(&to).unwrap() == text);
    let look = Command::new(&pages.program).arg("look").arg(&to).output().unwrap();
    // Only root is told, and only by kernels that have it.
    if look.status.success() {
        assert_eq!(String::from_utf8_lossy(&look.stdout), format!("0 {}\n", text.len().div_ceil(4096)));
    }
}

#[test]
fn from_reply_to_result_leaves_out_how_long_somebody_types() {
    let login = Built::make("login", &["-lpam", "-ldl"]);
    for service in ["wait", "other"] {
        fs::write(login.dir.join(service), "auth required pam_unix.so nodelay\n").unwrap();
    }
    let pause = Duration::from_secs(3);
    let mut child = Command::new(&login.program)
        .args(["-u", "-r", &pause.as_millis().to_string()])
        .arg(&login.dir)
        .arg("wait")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    writeln!(child.stdin.take().unwrap(), "nobody-at-all 1700000000 wrong").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(begun.elapsed() >= pause);
    let line = String::from_utf8_lossy(&output.stdout).into_owned();
    let numbers: Vec<u64> = line.split_whitespace().map(|word| word.parse().unwrap()).collect();
    let [status, nanoseconds, _, _, faults, _] = numbers[..] else { panic!("{line}") };
    assert_ne!(status, 0);
    assert!(Duration::from_nanos(nanoseconds) < pause, "{line}");
    assert!(faults > 0, "{line}");
}
