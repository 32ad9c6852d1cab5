//! Runs a command under a tracer, as it is or with one fault.

use std::cell::OnceCell;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::call::{Call, Fault};
use crate::machine::host::Host;
use crate::proof::outcome::{Outcome, finish, watch};

/// Where traces go, in the host.
const TRACE: &str = "/var/trace";

/// What is always traced, so that a trace tells whether a mark was durable before the answer.
const DURABLE: &str = "pwrite64,fdatasync,write,sendto,sendmsg";

/// How long a tracer may take to begin, and a process to end.
const PATIENCE: Duration = Duration::from_secs(90);

/// What is traced.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Traced {
    /// The command itself.
    Command,
    /// This process, which listens, and those that it starts, while the command runs.
    Process(u32, Since),
}

/// From when on it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Since {
    /// Before the command starts.
    Start,
    /// Before the first answer is typed.
    Prompt,
}

/// What a person types: lines known before, or answers to what they read.
pub(super) type Typist<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A run that ended.
#[derive(Debug)]
pub(super) struct Run {
    /// What the command did.
    pub(super) outcome: Outcome,
    /// What the tracer saw.
    pub(super) trace: String,
    /// The code it was about.
    pub(super) code: String,
}

impl Run {
    /// Whether the fault came about, and where it was meant to.
    pub(super) fn hit(&self, call: &Call, fault: Fault) -> bool {
        let is_it = |seen: &Call| seen.name == call.name && seen.file() == call.file();
        super::call::calls(&self.trace).iter().filter(|seen| is_it(seen)).any(|seen| match fault {
            Fault::Killed => seen.nth == call.nth && self.trace.contains("killed by SIGKILL"),
            Fault::Error(_) => seen.nth == call.nth && seen.line.contains("(INJECTED)"),
            Fault::Short => seen.line.contains("(CUT)"),
        })
    }
}

/// Runs `command`, answering what it prints by `typist` or giving it `input`.
pub(super) fn run(
    host: &Host,
    (command, input): (&Command, Input<'_>),
    traced: Traced,
    fault: Option<(&Call, Fault)>,
) -> Run {
    let tracer = tracer(host, fault);
    let _ = fs::remove_file(host.path(TRACE));
    let outcome = match traced {
        Traced::Command => {
            let mut whole = Command::new(&tracer[0]);
            whole
                .args(&tracer[1..])
                .arg("--")
                .arg(command.get_program())
                .args(command.get_args())
                .env_clear();
            whole.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
            converse(&mut whole, input)
        }
        Traced::Process(process, since) => {
            let attach = || Attached::to(&tracer, process);
            let attached = OnceCell::new();
            if since == Since::Start {
                attached.get_or_init(attach);
            }
            let mut plain = Command::new(command.get_program());
            plain.args(command.get_args()).env_clear();
            plain.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
            let outcome = match input {
                Input::Whole(text) => converse(&mut plain, Input::Whole(text)),
                Input::By(typist) => converse(
                    &mut plain,
                    Input::By(&|line| typist(line).inspect(|_| _ = attached.get_or_init(attach))),
                ),
            };
            until_alone(process);
            drop(attached);
            outcome
        }
    };
    Run { outcome, trace: fs::read_to_string(host.path(TRACE)).unwrap_or_default(), code: String::new() }
}

/// What a command reads.
#[derive(Clone, Copy)]
pub(super) enum Input<'a> {
    /// All of it at once.
    Whole(&'a str),
    /// A line for each line that asks for one.
    By(Typist<'a>),
}

fn converse(command: &mut Command, input: Input<'_>) -> Outcome {
    let typist = match input {
        Input::Whole(text) => return crate::proof::outcome::run(command, text.as_bytes()),
        Input::By(typist) => typist,
    };
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("a program");
    let (mut stdin, stdout) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
    let (done, ended) = channel();
    let watchdog = watch(&child, ended);
    let mut said = String::new();
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        if let Some(answer) = typist(&line) {
            let _ = writeln!(stdin, "{answer}");
        }
        said += &(line + "\n");
    }
    drop((stdin, done));
    assert!(watchdog.join().is_ok_and(|in_time| in_time), "took too long: {said}");
    Outcome { stdout: said, ..finish(child) }
}

fn tracer(host: &Host, fault: Option<(&Call, Fault)>) -> Vec<String> {
    let output = host.path(TRACE).to_string_lossy().into_owned();
    let mut words: Vec<String> = match fault {
        Some((_, Fault::Short)) => vec![shorten(), output],
        _ => ["strace", "-f", "-y", "-qq", "-s", "256", "-o", &output].map(str::to_owned).into(),
    };
    match fault {
        None => {}
        Some((call @ Call { name, nth, .. }, Fault::Short)) => {
            let half = call.half().unwrap_or(1).to_string();
            words.extend([name.clone(), nth.to_string(), half]);
        }
        Some((Call { name, nth, .. }, fault)) => {
            let how = match fault {
                // The kernel answers with the old end instead of an error; the C library asks for it again after a zero.
                Fault::Error(_) if name == "brk" => "retval=0".to_owned(),
                Fault::Error(error) => format!("error={error}"),
                Fault::Killed | Fault::Short => "signal=KILL".to_owned(),
            };
            words.extend(["-e".to_owned(), format!("trace={name},{DURABLE}")]);
            words.extend(["-e".to_owned(), format!("inject={name}:{how}:when={nth}")]);
        }
    }
    words
}

/// Our own tracer.
fn shorten() -> String {
    crate::machine::built::profile_directory().join("shorten").to_string_lossy().into_owned()
}

/// A tracer of a process that runs already; it lets go with the value.
struct Attached(Child);

impl Attached {
    fn to(tracer: &[String], process: u32) -> Self {
        let mut command = Command::new(&tracer[0]);
        command.args(&tracer[1..]).args(["-p", &process.to_string()]).stdin(Stdio::null());
        let mut attached = Self(command.stderr(Stdio::null()).spawn().expect("a tracer"));
        let own = format!("TracerPid:\t{}", attached.0.id());
        let begun = Instant::now();
        while !fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default().contains(&own) {
            let ended = attached.0.try_wait().expect("its status");
            assert!(ended.is_none() && begun.elapsed() < PATIENCE, "no tracer at {process}: {ended:?}");
            thread::sleep(Duration::from_millis(1));
        }
        attached
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        let process = Pid::from_raw(self.0.id().try_into().expect("a process id"));
        // Not SIGINT, which a shell lets its background jobs ignore.
        let _ = kill(process, Signal::SIGTERM);
        let begun = Instant::now();
        while matches!(self.0.try_wait(), Ok(None)) && begun.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(1));
        }
        // One that holds on lets go of everybody when it ends.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until no process that `process` started still runs.
pub(super) fn until_alone(process: u32) {
    let begun = Instant::now();
    let children = format!("/proc/{process}/task/{process}/children");
    let runs = |child: &str| {
        let stat = fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
    };
    while fs::read_to_string(&children).unwrap_or_default().split_whitespace().any(runs)
        && begun.elapsed() < PATIENCE
    {
        thread::sleep(Duration::from_millis(1));
    }
}
