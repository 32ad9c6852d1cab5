//! Somebody who speaks the helper's protocol by hand.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::machine::host::{ALONE, CONFIG, Host};
use crate::machine::session::as_person;
use crate::proof::outcome::run;

/// The form of the messages that the helper takes.
pub const VERSION: u32 = 4;

const CLIENT: &str = include_str!("../../clients/raw_client.py");

/// A client of `name`'s that takes these steps.
#[must_use]
pub fn raw_client(host: &Host, name: &str, steps: &[Value]) -> Command {
    started_by(host, &["runuser", "--user", name, "--"], steps)
}

/// A client that is root by its effective uid alone, as su and sudo are that `name` has started.
#[must_use]
pub fn raw_client_as_su(host: &Host, name: &str, steps: &[Value]) -> Command {
    started_by(host, &["setpriv", &format!("--ruid={name}"), "--"], steps)
}

/// A client of the uid `uid`, whether anybody has it or not.
#[must_use]
pub fn raw_client_as_uid(host: &Host, uid: u32, steps: &[Value]) -> Command {
    let [user, group] = [format!("--reuid={uid}"), format!("--regid={uid}")];
    started_by(host, &["setpriv", &user, &group, "--clear-groups", "--"], steps)
}

fn started_by(host: &Host, starter: &[&str], steps: &[Value]) -> Command {
    let steps: Vec<String> = steps.iter().map(ToString::to_string).collect();
    let mut command = host.command(starter[0]);
    command.args(&starter[1..]).args(["python3", "-c", CLIENT]).args(steps);
    command
}

/// The same as a line of shell.
///
/// # Panics
/// If a step has an apostrophe in it.
#[must_use]
pub fn line(host: &Host, name: &str, steps: &[Value]) -> String {
    host.write("/var/raw_client.py", CLIENT);
    let steps: Vec<String> = steps.iter().map(|step| format!("'{step}'")).collect();
    let steps = steps.join(" ");
    assert_eq!(steps.matches('\'').count() % 2, 0, "{steps}");
    format!("{} python3 /var/raw_client.py {steps}", as_person(name))
}

/// What came back, one value a step that reads.
///
/// # Panics
/// If it does not end well.
#[must_use]
pub fn told(host: &Host, name: &str, steps: &[Value]) -> Vec<Value> {
    answers(&mut raw_client(host, name, steps))
}

/// What came back to this client.
///
/// # Panics
/// If it does not end well.
#[must_use]
pub fn answers(client: &mut Command) -> Vec<Value> {
    let outcome = run(client, b"").exits(0);
    outcome.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// A client that holds on until this is dropped.
pub struct Holding(Child);

/// Starts one that holds on.
///
/// # Panics
/// If it does not come to that.
#[must_use]
pub fn hold(host: &Host, name: &str, steps: &[Value]) -> Holding {
    hold_by(raw_client(host, name, steps))
}

/// The same of this client.
///
/// # Panics
/// If it does not come to that.
#[must_use]
pub fn hold_by(mut command: Command) -> Holding {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3");
    let mut line = String::new();
    let out = child.stdout.take().expect("its output");
    BufReader::new(out).read_line(&mut line).expect("a line");
    assert_eq!(line, "\"holding\"\n");
    Holding(child)
}

impl Drop for Holding {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// A question about a step of `user`'s login, as a message.
#[must_use]
pub fn question(user: &str, step: Value) -> Value {
    about(user, json!({"login": {"items": items(), "step": step}}))
}

/// A question about work at the desk for `user`, as a message.
#[must_use]
pub fn desk(user: &str, work: Value) -> Value {
    about(user, json!({"desk": {"items": items(), "work": work}}))
}

fn about(user: &str, request: Value) -> Value {
    json!({"version": VERSION, "config": CONFIG, "user": user, "request": request})
}

fn items() -> Value {
    json!({"service": ALONE, "rhost": null, "tty": null})
}

/// One that has this code checked.
#[must_use]
pub fn check(user: &str, code: &str) -> Value {
    question(user, json!({"check": {"separate": base64(code)}}))
}

/// A secret as a message holds it: base64, three bytes in four characters.
#[must_use]
pub fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut written = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let word =
            chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let sextet = (word >> (18 - 6 * place) & 63) as usize;
            written.push(if place <= chunk.len() { ALPHABET[sextet] as char } else { '=' });
        }
    }
    written
}
