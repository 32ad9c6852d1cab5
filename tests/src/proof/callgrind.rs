//! What a login runs of the module, as callgrind sees it.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};

use crate::machine::host::Host;
use crate::programs::pam::Script;

/// The size of a page, in bytes.
const PAGE: u64 = 4096;

/// What ran of our module.
#[derive(Debug, Default)]
pub struct Executed {
    /// The functions, as the linker names them, where the module has their names.
    pub functions: BTreeSet<String>,
    /// The pages of code.
    pub pages: BTreeSet<u64>,
}

/// Follows a script by `pamclient` in valgrind.
///
/// # Panics
/// If valgrind does not end well.
#[must_use]
pub fn executed(host: &Host, script: &Script) -> Executed {
    let plain = ["--demangle=no", "--dump-instr=yes", "--compress-pos=no", "--compress-strings=no"];
    let starter =
        [&["valgrind", "--quiet", "--tool=callgrind", "--callgrind-out-file=/tmp/callgrind"], &plain[..]];
    let mut valgrind = host.under(&starter.concat(), &host.pam_command(std::slice::from_ref(script)));
    let output = valgrind.stdin(Stdio::null()).output().expect("valgrind");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    in_module(&fs::read_to_string(host.path("/tmp/callgrind")).expect("what callgrind saw"))
}

/// What the log says of our module: a line for each place, below its object and its function.
fn in_module(log: &str) -> Executed {
    let (mut executed, mut is_ours) = (Executed::default(), false);
    for line in log.lines() {
        if let Some(object) = line.strip_prefix("ob=") {
            is_ours = object.ends_with("libpam_wardkey.so");
        } else if let Some(function) = line.strip_prefix("fn=").filter(|_| is_ours) {
            // A recursion has an ending of callgrind's.
            executed.functions.extend(function.split('\'').next().map(str::to_owned));
        } else if let Some(place) = line.strip_prefix("0x").filter(|_| is_ours) {
            let address = place.split(' ').next().and_then(|hex| u64::from_str_radix(hex, 16).ok());
            executed.pages.extend(address.map(|address| address / PAGE));
        }
    }
    executed
}

/// Names as `nm -C` prints them, sorted.
///
/// # Panics
/// If there is no `c++filt`.
#[must_use]
pub fn demangled(names: &BTreeSet<String>) -> BTreeSet<String> {
    let mut filter = Command::new("c++filt");
    // A place without a name is the linker's own.
    filter.arg("--no-verbose").args(names.iter().filter(|name| !name.starts_with("0x")));
    let output = filter.output().expect("c++filt");
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}
