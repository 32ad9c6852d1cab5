//! greetd: its greeter's side of the conversation (a length and JSON, one message at a time), and agreety.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use serde_json::{Value, json};

use super::{SESSION, opened, prepare_session};
use crate::machine::display::end;
use crate::machine::host::Host;
use crate::programs::console::ConsoleLogin;
use crate::programs::terminal::Terminal;

const CONFIGURATION: &str = "/etc/greetd/config.toml";
/// A greeter that leaves the talking to us: it says where to, and leaves when it is told to.
const SILENT_GREETER: &str = "#!/bin/sh\necho \"$GREETD_SOCK\" > /var/opened/socket\nexec sleep 600\n";
/// How long greetd may take for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running greetd, to which the test speaks as its greeter does.
pub struct Greetd<'host> {
    host: &'host Host,
    child: Child,
}

impl<'host> Greetd<'host> {
    /// Starts greetd.
    ///
    /// # Panics
    /// If it does not come up.
    #[must_use]
    pub fn start(host: &'host Host) -> Self {
        prepare_session(host);
        host.write("/var/greeter", SILENT_GREETER);
        host.must("chmod 755 /var/greeter");
        configure(host, "/var/greeter");
        let mut command = host.command("greetd");
        let log = fs::File::create(host.path("/var/log/greetd")).expect("a log");
        command.args(["-c", CONFIGURATION]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        Self { host, child: command.spawn().expect("greetd") }
    }

    /// Names somebody who wants in.
    ///
    /// # Panics
    /// If greetd does not listen.
    #[must_use]
    pub fn login(&self, name: &str) -> Login<'_> {
        let stream = self.connect();
        stream.set_read_timeout(Some(PATIENCE)).expect("a deadline");
        let mut login =
            Login { greetd: self, name: name.to_owned(), stream, last: Value::Null, said: String::new() };
        login.sends(&json!({"type": "create_session", "username": name}));
        login
    }

    fn connect(&self) -> UnixStream {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let socket = fs::read_to_string(self.host.path("/var/opened/socket")).unwrap_or_default();
            match UnixStream::connect(self.host.path(socket.trim())) {
                Ok(stream) => return stream,
                Err(error) => assert!(Instant::now() < deadline, "{socket:?}: {error}: {}", self.log()),
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn log(&self) -> String {
        self.host.read("/var/log/greetd")
    }
}

impl Drop for Greetd<'_> {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// One attempt at greetd.
pub struct Login<'greetd> {
    greetd: &'greetd Greetd<'greetd>,
    name: String,
    stream: UnixStream,
    last: Value,
    said: String,
}

impl Login<'_> {
    /// Answers the prompt that now stands there, which holds `part`; texts before it are read. The answer is the prompt.
    ///
    /// # Panics
    /// If there is another one, or none.
    pub fn answer(&mut self, part: &str, reply: &str) -> String {
        let prompt = self.prompt();
        assert!(prompt.as_ref().is_some_and(|text| text.contains(part)), "no {part:?}: {}", self.story());
        self.sends(&json!({"type": "post_auth_message_response", "response": reply}));
        prompt.unwrap_or_default()
    }

    /// The prompt that now stands there.
    pub fn prompt(&mut self) -> Option<String> {
        loop {
            let text = self.last["auth_message"].as_str()?.to_owned();
            match self.last["auth_message_type"].as_str() {
                Some("secret" | "visible") => return Some(text),
                _ => self.sends(&json!({"type": "post_auth_message_response", "response": null})),
            }
        }
    }

    /// Waits for the end: a session of that person, or a refusal.
    ///
    /// # Panics
    /// If there is a further prompt, or greetd does something else.
    #[must_use]
    pub fn end(mut self) -> ConsoleLogin {
        assert_eq!(self.prompt(), None, "{}", self.story());
        let accepted = match (self.last["type"].as_str(), self.last["error_type"].as_str()) {
            (Some("success"), _) => true,
            (Some("error"), Some("auth_error" | "error")) => false,
            other => panic!("{other:?}: {}", self.story()),
        };
        if accepted {
            self.sends(&json!({"type": "start_session", "cmd": [SESSION], "env": []}));
            self.waits_for_the_session();
        } else {
            self.sends(&json!({"type": "cancel_session"}));
            assert_eq!(opened(self.greetd.host), None, "a session without leave: {}", self.story());
        }
        ConsoleLogin { accepted, text: self.said }
    }

    fn waits_for_the_session(&self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(name) = opened(self.greetd.host) {
                assert_eq!(name, self.name, "whose session");
                return;
            }
            assert!(Instant::now() < deadline, "no session: {}", self.story());
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn sends(&mut self, message: &Value) {
        let text = message.to_string();
        let length = u32::try_from(text.len()).expect("a short message");
        self.stream.write_all(&[&length.to_ne_bytes(), text.as_bytes()].concat()).expect("sent");
        let mut length = [0; 4];
        self.stream.read_exact(&mut length).expect("an answer of greetd");
        let mut text = vec![0; u32::from_ne_bytes(length) as usize];
        self.stream.read_exact(&mut text).expect("all of it");
        self.said.push_str(&String::from_utf8_lossy(&text));
        self.said.push('\n');
        self.last = serde_json::from_slice(&text).expect("JSON");
    }

    fn story(&self) -> String {
        format!("{}{}{}", self.said, self.greetd.log(), self.greetd.host.syslog().text())
    }
}

/// greetd with agreety, its greeter for terminals.
pub struct Agreety;

impl Agreety {
    /// Starts both on one terminal.
    #[must_use]
    pub fn open(host: &Host) -> Terminal {
        prepare_agreety(host);
        Terminal::start(host, "greetd", &["-c", CONFIGURATION])
    }

    /// The same without greetd's own log, which comes when it likes, and without what a session writes as an error.
    #[must_use]
    pub fn open_without_log(host: &Host) -> Terminal {
        prepare_agreety(host);
        Terminal::start(host, "sh", &["-c", &format!("exec greetd -c {CONFIGURATION} 2>/var/log/greetd")])
    }
}

fn prepare_agreety(host: &Host) {
    // greetd gives its greeter no terminal that it may call its own; a virtual console would be one.
    host.write(
        "/var/greeter",
        "#!/bin/sh\nSHELL=/bin/sh exec script -qec '/usr/sbin/agreety --cmd /bin/sh' /dev/null\n",
    );
    host.must("chmod 755 /var/greeter");
    configure(host, "/var/greeter");
}

fn configure(host: &Host, greeter: &str) {
    host.write(
        CONFIGURATION,
        format!(
            "[terminal]\nvt = \"none\"\n[general]\nrunfile = \"/run/greetd.run\"\nsource_profile = false\n\
             [default_session]\ncommand = \"{greeter}\"\nuser = \"_greetd\"\n"
        ),
    );
}
