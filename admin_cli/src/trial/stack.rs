//! The person's side of a try: what the other process asks is asked here, and what libpam answers there is told.

use super::inner::CALL_PAM;
use super::scene::Scene;
use super::wire::{CallEvent, CallStep, PamCall};
use crate::context::Context;
use crate::failure::{Failure, Kind};
use crate::input::{Echo, ask};
use pam_stack::PamResult;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use wardkey_core::credential::secret::Secret;
use wardkey_core::printable::escaped;

/// What programs have that root starts.
pub(super) const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";

/// Goes through the stack; every step is told as it ends.
pub(crate) fn go_through(context: &Context, scene: &Scene) -> Result<Vec<CallStep>, Failure> {
    let broken = |why: &io::Error| {
        Failure::new(Kind::System, &context.text, |t| {
            (t.try_not_run(&t.system_error(why)), t.try_again_later())
        })
    };
    let mut child = start(scene).map_err(|why| broken(&why))?;
    let (Some(replies), Some(events)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(broken(&io::ErrorKind::BrokenPipe.into()));
    };
    let mut dialogue = Dialogue { context, scene, replies: Some(replies), first: None };
    let mut steps = Vec::new();
    for line in BufReader::new(events).lines() {
        let event = line.ok().and_then(|line| serde_json::from_str(&line).ok());
        match event {
            Some(CallEvent::Ended(call, number)) => steps.extend(dialogue.ended(call, number)),
            Some(CallEvent::NotBecome(why)) => return Err(broken(&io::Error::other(why))),
            Some(event) => dialogue.hear(event),
            None => break,
        }
    }
    drop(dialogue);
    end(child);
    Ok(steps)
}

fn start(scene: &Scene) -> io::Result<Child> {
    Command::new("/proc/self/exe")
        .arg(CALL_PAM)
        .arg(serde_json::to_string(&scene.job)?)
        .env_clear()
        .env("PATH", PATH)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

/// The process has said its last; one that has not ended holds a module that will not.
fn end(mut child: Child) {
    let _ = child.wait();
}

struct Dialogue<'a> {
    context: &'a Context,
    scene: &'a Scene,
    /// Gone once nobody answers.
    replies: Option<ChildStdin>,
    /// What a program with one field answers to every prompt.
    first: Option<Secret>,
}

impl Dialogue<'_> {
    fn hear(&mut self, event: CallEvent) {
        let console = &self.context.console;
        match event {
            CallEvent::Prompt { text, is_hidden } => self.answer(&text, is_hidden),
            CallEvent::Text(text) | CallEvent::Error(text) => {
                for line in text.lines().map(escaped).filter(|line| !line.is_empty()) {
                    console.aside(&line);
                }
            }
            CallEvent::Ended(..) | CallEvent::NotBecome(_) => {}
        }
    }

    fn answer(&mut self, prompt: &str, is_hidden: bool) {
        let Some(reply) = self.reply(prompt, is_hidden) else {
            self.replies = None;
            return;
        };
        if let Some(replies) = &mut self.replies {
            // A process that has ended has said so itself.
            let _ = replies.write_all(reply.expose()).and_then(|()| replies.write_all(b"\n"));
        }
    }

    fn reply(&mut self, prompt: &str, is_hidden: bool) -> Option<Secret> {
        let mut lines: Vec<String> = prompt.trim_end().lines().map(escaped).collect();
        let prompt = lines.pop().unwrap_or_default();
        lines.iter().for_each(|line| self.context.console.aside(line));
        if let Some(first) = &self.first {
            self.context.console.aside(&self.context.text.one_field_repeats(&prompt));
            return Some(first.clone());
        }
        let echo = if is_hidden { Echo::Hidden } else { Echo::Shown };
        let reply = ask(&self.context.console, &prompt, echo)?;
        if self.scene.has_one_field {
            self.first = Some(reply.clone());
        }
        Some(reply)
    }

    fn ended(&self, call: PamCall, number: u8) -> Option<CallStep> {
        let result = *PamResult::ALL.get(usize::from(number))?;
        let step = CallStep { call, result };
        self.context.console.aside(&self.context.text.call_ended(step));
        Some(step)
    }
}
