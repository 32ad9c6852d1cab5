//! The conditions of a run.

use serde::Serialize;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Where, when and on what a run was made.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    pub(crate) date: String,
    /// What was typed.
    pub(crate) command: String,
    /// How long it took.
    pub(crate) minutes: String,
    #[serde(skip)]
    begun: Instant,
    pub(crate) cpu: String,
    pub(crate) cores: usize,
    pub(crate) kernel: String,
    pub(crate) disk: String,
    pub(crate) versions: Vec<String>,
    /// One-minute load average before and after.
    pub(crate) load: [String; 2],
}

/// Debian packages whose versions matter.
const PACKAGES: [&str; 6] =
    ["libpam-google-authenticator", "libpam-oath", "libpam-modules", "libpam0g", "libc6", "openssh-server"];

impl Machine {
    pub(crate) fn look(scratch: &Path, command: String) -> io::Result<Self> {
        let mut versions = vec![format!("wardkey {}", env!("CARGO_PKG_VERSION"))];
        let packages = said("dpkg-query", &["-W", "-f", "${Package} ${Version}\n"], &PACKAGES);
        versions.extend(packages.lines().map(str::to_owned));
        let disk = scratch.join("disk");
        Ok(Self {
            date: said("date", &["-u", "+%Y-%m-%d %H:%M UTC"], &[]),
            command,
            minutes: String::new(),
            begun: Instant::now(),
            cpu: processor(&fs::read_to_string("/proc/cpuinfo")?),
            cores: std::thread::available_parallelism()?.get(),
            kernel: said("uname", &["-sr"], &[]),
            disk: said("findmnt", &["-n", "-o", "FSTYPE,OPTIONS", "-T"], &[&disk.to_string_lossy()]),
            versions,
            load: [load()?, String::new()],
        })
    }

    /// Notes how it was at the end.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.load[1] = load()?;
        self.minutes = format!("{:.1}", self.begun.elapsed().as_secs_f64() / 60.0);
        Ok(())
    }
}

fn load() -> io::Result<String> {
    let text = fs::read_to_string("/proc/loadavg")?;
    Ok(text.split(' ').next().unwrap_or_default().to_owned())
}

fn processor(cpuinfo: &str) -> String {
    let line = cpuinfo.lines().find(|line| line.starts_with("model name"));
    let name = line.and_then(|line| line.split_once(": ")).map_or("unknown", |(_, name)| name);
    name.trim().to_owned()
}

/// What a command says, on one line a line, empty where it is not there: a page without it is still a page.
fn said(program: &str, options: &[&str], rest: &[&str]) -> String {
    let output = Command::new(program).args(options).args(rest).output();
    let text = output.map_or(String::new(), |o| String::from_utf8_lossy(&o.stdout).into_owned());
    text.lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join("\n")
}
