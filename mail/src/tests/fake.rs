//! A mail server on loopback that misbehaves as told, for one connection.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::authority::Identity;

/// Where in the dialogue it misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Text,
    Quit,
}

/// What it does there.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// Says this.
    Say(&'static str),
    /// Says nothing, and keeps the connection.
    Hang,
    /// Ends the connection.
    Drop,
    /// A line that another is to follow, again and again.
    DripLines,
    /// One byte after the other of a line without an end.
    DripBytes,
    /// One line of a megabyte.
    Flood,
}

/// Its encryption.
#[derive(Clone)]
pub(super) enum Crypt {
    None,
    OnDemand(Identity),
    FromTheStart(Identity),
}

/// What it heard.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) lines: Vec<String>,
    pub(super) text: String,
    pub(super) was_encrypted: bool,
}

pub(super) struct Fake {
    pub(super) port: u16,
    pub(super) heard: Arc<Mutex<Heard>>,
}

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

struct Dialogue {
    stream: BufReader<Box<dyn Stream>>,
    heard: Arc<Mutex<Heard>>,
    misdeed: Option<(At, Act)>,
    offers: &'static [&'static str],
}

impl Fake {
    pub(super) fn start(misdeed: Option<(At, Act)>, crypt: Crypt, offers: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let hears = Arc::clone(&heard);
        thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            // Ends by itself, whatever became of the client.
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            let _ = serve(stream, &crypt, Dialogue::new(misdeed, hears, offers));
        });
        Self { port, heard }
    }
}

fn serve(tcp: TcpStream, crypt: &Crypt, mut dialogue: Dialogue) -> io::Result<()> {
    match crypt {
        Crypt::None => {
            dialogue.stream = BufReader::new(Box::new(tcp));
            dialogue.converse().map(|_| ())
        }
        Crypt::FromTheStart(identity) => {
            dialogue.encrypt(tcp, identity);
            dialogue.converse().map(|_| ())
        }
        Crypt::OnDemand(identity) => {
            dialogue.stream = BufReader::new(Box::new(tcp.try_clone()?));
            if dialogue.converse()? {
                dialogue.encrypt(tcp, identity);
                dialogue.listen()?;
            }
            Ok(())
        }
    }
}

impl Dialogue {
    fn new(misdeed: Option<(At, Act)>, heard: Arc<Mutex<Heard>>, offers: &'static [&'static str]) -> Self {
        let nothing: Box<dyn Stream> = Box::new(io::Cursor::new(Vec::new()));
        Self { stream: BufReader::new(nothing), heard, misdeed, offers }
    }

    fn encrypt(&mut self, tcp: TcpStream, identity: &Identity) {
        let connection = rustls::ServerConnection::new(identity.server()).unwrap();
        self.stream = BufReader::new(Box::new(rustls::StreamOwned::new(connection, tcp)));
        self.heard.lock().unwrap().was_encrypted = true;
    }

    fn converse(&mut self) -> io::Result<bool> {
        self.answer(At::Greeting, "220 fake ESMTP")?;
        self.listen()
    }

    /// Until the client leaves, or wants to encrypt (true).
    fn listen(&mut self) -> io::Result<bool> {
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                return Ok(false);
            }
            let line = line.trim_end().to_owned();
            let verb = line.split_whitespace().next().unwrap_or_default().to_uppercase();
            self.heard.lock().unwrap().lines.push(line);
            match verb.as_str() {
                "EHLO" => {
                    let offers: String = self.offers.iter().map(|offer| format!("250-{offer}\r\n")).collect();
                    self.answer(At::Ehlo, &format!("250-fake\r\n{offers}250 8BITMIME"))?;
                }
                "STARTTLS" => {
                    self.answer(At::StartTls, "220 go on")?;
                    return Ok(true);
                }
                "AUTH" => self.answer(At::Auth, "235 welcome")?,
                "MAIL" => self.answer(At::Mail, "250 sender ok")?,
                "RCPT" => self.answer(At::Rcpt, "250 recipient ok")?,
                "DATA" => {
                    self.answer(At::Data, "354 go ahead")?;
                    self.take_text()?;
                    self.answer(At::Text, "250 taken")?;
                }
                "QUIT" => {
                    self.answer(At::Quit, "221 bye")?;
                    return Ok(false);
                }
                _ => self.say("500 what")?,
            }
        }
    }

    fn take_text(&mut self) -> io::Result<()> {
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 || line == ".\r\n" {
                return Ok(());
            }
            self.heard.lock().unwrap().text.push_str(&line);
        }
    }

    fn say(&mut self, line: &str) -> io::Result<()> {
        let stream = self.stream.get_mut();
        stream.write_all(line.as_bytes())?;
        stream.write_all(b"\r\n")?;
        stream.flush()
    }

    fn answer(&mut self, at: At, right: &str) -> io::Result<()> {
        let Some((_, act)) = self.misdeed.clone().filter(|(place, _)| *place == at) else {
            return self.say(right);
        };
        let gone = || io::Error::from(io::ErrorKind::ConnectionAborted);
        match act {
            Act::Say(line) => self.say(line),
            Act::Drop => Err(gone()),
            Act::Hang => {
                let mut rest = Vec::new();
                let _ = self.stream.read_to_end(&mut rest);
                Err(gone())
            }
            Act::DripLines => loop {
                self.say("250-and then")?;
                thread::sleep(Duration::from_millis(50));
            },
            Act::DripBytes => loop {
                self.stream.get_mut().write_all(b"2")?;
                self.stream.get_mut().flush()?;
                thread::sleep(Duration::from_millis(50));
            },
            Act::Flood => self.say(&format!("250 {}", "x".repeat(1 << 20))),
        }
    }
}
