//! Messages, and servers that misbehave, each kind by name: every one ends within the deadline and says what happened.

mod authority;
mod fake;
mod letters;
mod programs;

use super::*;
use authority::Authority;
use fake::{Act, At, Crypt, Fake};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;
use wardkey_core::credential::mailed::{Address, Notice};
use wardkey_core::policy::config::Config;
use wardkey_core::system::clock::Timestamp;
use wardkey_core::user::UserName;

/// Time for one sending, however busy the machine is.
const DEADLINE: Duration = Duration::from_secs(60);

/// The same for one that never ends: it is waited out.
const SOON: Duration = Duration::from_secs(3);

/// What a sending may take beyond it: until a thread is run again.
const GRACE: Duration = Duration::from_secs(30);

fn config(keys: &str) -> Config {
    let text = format!(
        "support = \"Clinic IT, ext. 204\"\n[email]\nmode = \"recovery\"\nfrom = \"wardkey@clinic.example\"\n{keys}"
    );
    Config::parse(text.as_bytes(), Path::new("w.toml")).unwrap()
}

fn message(config: &Config) -> Message {
    let user = UserName::new(b"roy").unwrap();
    let occasion = Occasion { config, user: &user, host: "ward-3", now: Timestamp(1_800_000_000) };
    Message::notice(&occasion, &"roy@clinic.example".parse::<Address>().unwrap(), Notice::Reset)
}

/// Sends to `127.0.0.1` and holds the deadline against it.
fn send_to(port: u16, keys: &str, trust: Trust) -> Result<(), MailError> {
    send_within(DEADLINE, port, keys, trust)
}

fn send_within(deadline: Duration, port: u16, keys: &str, trust: Trust) -> Result<(), MailError> {
    let config = config(&format!("port = {port}\n{keys}"));
    let begun = Instant::now();
    let sent = send_by(&config.email, &message(&config), begun + deadline, (trust, Path::new(SENDMAIL)));
    assert!(begun.elapsed() < deadline + GRACE, "it took {:?}: {sent:?}", begun.elapsed());
    sent
}

/// What comes of a server that does this.
fn plain(misdeed: (At, Act)) -> MailError {
    let fake = Fake::start(Some(misdeed.clone()), Crypt::None, &[]);
    let never_ends = matches!(misdeed.1, Act::Hang | Act::DripLines | Act::DripBytes);
    let deadline = if never_ends { SOON } else { DEADLINE };
    let error = send_within(deadline, fake.port, "tls = \"none\"", Trust::System);
    error.expect_err(&format!("{misdeed:?} passed for a delivery"))
}

fn assert_says(error: &MailError, step: MailStep, words: &str) {
    assert_eq!(error.step, step, "{error}");
    assert!(error.to_string().contains(words), "{error}");
}

#[test]
fn a_server_that_takes_it_has_it_whole() {
    let fake = Fake::start(None, Crypt::None, &[]);
    send_to(fake.port, "tls = \"none\"", Trust::System).unwrap();
    let heard = fake.heard.lock().unwrap();
    assert_eq!(heard.lines[1..3], ["MAIL FROM:<wardkey@clinic.example>", "RCPT TO:<roy@clinic.example>"]);
    assert!(heard.text.contains("report it at once: Clinic IT, ext. 204."), "{}", heard.text);
}

#[test]
fn nobody_listening() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_says(
        &send_to(port, "tls = \"none\"", Trust::System).unwrap_err(),
        MailStep::Connecting,
        "refused",
    );
}

#[test]
fn a_server_too_busy() {
    assert_says(&plain((At::Greeting, Act::Say("421 busy"))), MailStep::Connecting, "421 busy");
    assert_says(&plain((At::Mail, Act::Say("421 closing"))), MailStep::Sender, "421 closing");
}

#[test]
fn a_recipient_refused() {
    assert_says(&plain((At::Rcpt, Act::Say("550 no such user"))), MailStep::Recipient, "550 no such user");
}

#[test]
fn a_sender_refused() {
    assert_says(&plain((At::Mail, Act::Say("553 not yours"))), MailStep::Sender, "553 not yours");
}

#[test]
fn no_room_for_the_message() {
    assert_says(&plain((At::Data, Act::Say("452 no space"))), MailStep::Announcing, "452 no space");
    assert_says(&plain((At::Text, Act::Say("452 no space"))), MailStep::Delivering, "452 no space");
}

#[test]
fn a_liar_that_takes_everything_and_refuses_at_the_end() {
    assert_says(&plain((At::Text, Act::Say("554 never"))), MailStep::Delivering, "554 never");
}

#[test]
fn answers_out_of_place_are_no_acknowledgement() {
    assert_says(&plain((At::Data, Act::Say("250 taken already"))), MailStep::Announcing, "250 taken");
    assert_says(&plain((At::Text, Act::Say("354 go on"))), MailStep::Delivering, "354 go on");
    assert_says(&plain((At::Mail, Act::Say("nonsense"))), MailStep::Sender, "");
    assert_says(&plain((At::Rcpt, Act::Say("\u{1b}[2J 250"))), MailStep::Recipient, "");
}

#[test]
fn a_connection_dropped_at_each_step() {
    for (at, step) in STEPS {
        let error = plain((at, Act::Drop));
        assert_eq!(error.step, step, "{at:?}: {error}");
        assert!(!error.is_timeout(), "{at:?}: {error}");
    }
}

#[test]
fn a_server_that_hangs_at_each_step() {
    // Side by side: each takes the whole deadline.
    let hung = STEPS.map(|(at, step)| (at, step, thread::spawn(move || plain((at, Act::Hang)))));
    for (at, step, error) in hung {
        let error = error.join().unwrap();
        assert_eq!(error.step, step, "{at:?}: {error}");
        assert!(error.is_timeout(), "{at:?}: {error}");
    }
}

#[test]
fn a_server_that_drips() {
    let dripped = [Act::DripLines, Act::DripBytes]
        .into_iter()
        .flat_map(|act| [(At::Greeting, act.clone()), (At::Ehlo, act.clone()), (At::Text, act)])
        .map(|misdeed| thread::spawn(move || plain(misdeed)))
        .collect::<Vec<_>>();
    for error in dripped {
        let error = error.join().unwrap();
        assert!(error.is_timeout() || matches!(error.trouble, Trouble::Broken(_)), "{error}");
    }
}

#[test]
fn a_line_of_a_megabyte() {
    for (at, step) in STEPS {
        assert_says(&plain((at, Act::Flood)), step, "too long");
    }
}

#[test]
fn a_farewell_that_never_comes_delays_nobody() {
    let fake = Fake::start(Some((At::Quit, Act::Hang)), Crypt::None, &[]);
    let begun = Instant::now();
    send_to(fake.port, "tls = \"none\"", Trust::System).unwrap();
    assert!(begun.elapsed() < DEADLINE, "{:?}", begun.elapsed());
}

/// Every step of a plain dialogue in which a server may fail.
const STEPS: [(At, MailStep); 6] = [
    (At::Greeting, MailStep::Connecting),
    (At::Ehlo, MailStep::Connecting),
    (At::Mail, MailStep::Sender),
    (At::Rcpt, MailStep::Recipient),
    (At::Data, MailStep::Announcing),
    (At::Text, MailStep::Delivering),
];

mod encrypted {
    use super::*;

    const STARTTLS: &str = "tls = \"starttls\"";

    fn send_with(fake: &Fake, keys: &str, authority: &Authority) -> Result<(), MailError> {
        send_to(fake.port, keys, Trust::Only(authority.pem()))
    }

    #[test]
    fn both_ways_of_encrypting() {
        let ca = Authority::new();
        let on_demand = Fake::start(None, Crypt::OnDemand(ca.identity("127.0.0.1", false)), &["STARTTLS"]);
        send_with(&on_demand, STARTTLS, &ca).unwrap();
        let from_the_start = Fake::start(None, Crypt::FromTheStart(ca.identity("127.0.0.1", false)), &[]);
        send_with(&from_the_start, "tls = \"implicit\"", &ca).unwrap();
        for fake in [on_demand, from_the_start] {
            let heard = fake.heard.lock().unwrap();
            assert!(heard.was_encrypted && !heard.text.is_empty());
        }
    }

    #[test]
    fn a_certificate_of_a_stranger() {
        let (ca, stranger) = (Authority::new(), Authority::new());
        let fake = Fake::start(None, Crypt::OnDemand(stranger.identity("127.0.0.1", false)), &["STARTTLS"]);
        assert_says(&send_with(&fake, STARTTLS, &ca).unwrap_err(), MailStep::Encrypting, "not trusted");
        let fake = Fake::start(None, Crypt::FromTheStart(stranger.identity("127.0.0.1", false)), &[]);
        assert_says(
            &send_with(&fake, "tls = \"implicit\"", &ca).unwrap_err(),
            MailStep::Encrypting,
            "not trusted",
        );
        let fake = Fake::start(None, Crypt::OnDemand(stranger.identity("127.0.0.1", false)), &["STARTTLS"]);
        let by_system = send_to(fake.port, STARTTLS, Trust::System).unwrap_err();
        assert!(matches!(by_system.trouble, Trouble::Certificate(_) | Trouble::Broken(_)), "{by_system}");
    }

    #[test]
    fn a_certificate_that_has_expired() {
        let ca = Authority::new();
        let fake = Fake::start(None, Crypt::OnDemand(ca.identity("127.0.0.1", true)), &["STARTTLS"]);
        assert_says(&send_with(&fake, STARTTLS, &ca).unwrap_err(), MailStep::Encrypting, "xpired");
    }

    #[test]
    fn a_certificate_of_another_name() {
        let ca = Authority::new();
        let fake = Fake::start(None, Crypt::OnDemand(ca.identity("mail.elsewhere", false)), &["STARTTLS"]);
        assert_says(&send_with(&fake, STARTTLS, &ca).unwrap_err(), MailStep::Encrypting, "not trusted");
    }

    #[test]
    fn starttls_missing() {
        let fake = Fake::start(None, Crypt::None, &["AUTH PLAIN"]);
        let error = send_with(&fake, STARTTLS, &Authority::new()).unwrap_err();
        assert_says(&error, MailStep::Encrypting, "offers no STARTTLS");
        assert!(!fake.heard.lock().unwrap().lines.iter().any(|line| line.starts_with("MAIL")));
    }

    #[test]
    fn starttls_stripped_or_refused() {
        for (offer, answer) in [(&["XXXXXXXA"], "500 what"), (&["STARTTLS"], "454 not now")] {
            let fake = Fake::start(Some((At::StartTls, Act::Say(answer))), Crypt::None, offer);
            let error = send_with(&fake, STARTTLS, &Authority::new()).unwrap_err();
            assert_eq!(error.step, MailStep::Encrypting, "{error}");
            assert!(
                !fake.heard.lock().unwrap().lines.iter().any(|line| line.starts_with("MAIL")),
                "{offer:?}"
            );
        }
    }

    #[test]
    fn answers_slipped_in_before_the_encryption_acknowledge_nothing() {
        let ca = Authority::new();
        let injected = Act::Say("220 go on\r\n250-fake\r\n250 8BITMIME");
        let identity = ca.identity("127.0.0.1", false);
        let fake = Fake::start(Some((At::StartTls, injected)), Crypt::OnDemand(identity), &["STARTTLS"]);
        let error = send_with(&fake, STARTTLS, &ca).expect_err("taken for a delivery");
        assert_ne!(error.step, MailStep::Connecting, "{error}");
    }

    #[test]
    fn a_server_that_hangs_or_drops_within_the_handshake() {
        let ca = Authority::new();
        for (act, in_time) in [(Act::Hang, true), (Act::Drop, false)] {
            let identity = ca.identity("127.0.0.1", false);
            let fake = Fake::start(Some((At::StartTls, act)), Crypt::OnDemand(identity), &["STARTTLS"]);
            let deadline = if in_time { SOON } else { DEADLINE };
            let error = send_within(deadline, fake.port, STARTTLS, Trust::Only(ca.pem())).unwrap_err();
            assert_eq!((error.step, error.is_timeout()), (MailStep::Encrypting, in_time), "{error}");
            // A server that speaks in the clear where encryption is expected from the first byte.
            let plain = Fake::start(Some((At::Greeting, Act::Hang)), Crypt::None, &[]);
            let trust = Trust::Only(ca.pem());
            let error = send_within(SOON, plain.port, "tls = \"implicit\"", trust).unwrap_err();
            assert_eq!(error.step, MailStep::Encrypting, "{error}");
        }
    }

    /// A password file of root's, as long as the value.
    fn password(content: &str, mode: u32) -> (tempfile::TempDir, String) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("password");
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let keys = format!("{STARTTLS}\nuser = \"wardkey\"\npassword_file = \"{}\"", path.display());
        (dir, keys)
    }

    fn log_in(
        misdeed: Option<(At, Act)>,
        offers: &'static [&'static str],
        keys: &str,
    ) -> (Fake, Result<(), MailError>) {
        let ca = Authority::new();
        let fake = Fake::start(misdeed, Crypt::OnDemand(ca.identity("127.0.0.1", false)), offers);
        let sent = send_with(&fake, keys, &ca);
        (fake, sent)
    }

    #[test]
    fn a_login_to_the_server() {
        let (_dir, keys) = password("secret\n", 0o600);
        let (fake, sent) = log_in(None, &["STARTTLS", "AUTH PLAIN LOGIN"], &keys);
        sent.unwrap();
        let heard = fake.heard.lock().unwrap();
        let before = heard.lines.iter().position(|line| line.starts_with("STARTTLS")).unwrap();
        let login = heard.lines.iter().position(|line| line == "AUTH PLAIN AHdhcmRrZXkAc2VjcmV0").unwrap();
        assert!(before < login, "the password goes nowhere in the clear");
    }

    #[test]
    fn a_login_refused_or_not_offered() {
        let (_dir, keys) = password("secret\n", 0o600);
        let refused = Some((At::Auth, Act::Say("535 bad credentials")));
        let (_, sent) = log_in(refused, &["STARTTLS", "AUTH PLAIN"], &keys);
        assert_says(&sent.unwrap_err(), MailStep::LoggingIn, "535 bad credentials");
        let (_, sent) = log_in(None, &["STARTTLS"], &keys);
        assert_says(&sent.unwrap_err(), MailStep::LoggingIn, "authentication mechanism");
    }

    #[test]
    fn a_password_that_others_can_read_or_that_is_none() {
        for (content, mode) in [("secret\n", 0o644), ("", 0o600), ("two\nlines\n", 0o600)] {
            let (_dir, keys) = password(content, mode);
            let (fake, sent) = log_in(None, &["STARTTLS", "AUTH PLAIN"], &keys);
            let error = sent.unwrap_err();
            assert_eq!(error.step, MailStep::LoggingIn, "{error}");
            assert!(!error.to_string().contains("secret"));
            assert!(fake.heard.lock().unwrap().lines.is_empty(), "nobody was told");
        }
    }
}
