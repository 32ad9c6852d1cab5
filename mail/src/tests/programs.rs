//! Programs in the place of sendmail.

use super::*;

/// A program that does this, and where it leaves files.
fn program(script: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sendmail");
    let script = script.replace("DIR", dir.path().to_str().unwrap());
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    dir
}

fn send(dir: &Path) -> Result<(), MailError> {
    send_by_program(DEADLINE, dir)
}

fn send_by_program(deadline: Duration, dir: &Path) -> Result<(), MailError> {
    let config = config("transport = \"sendmail\"");
    let begun = Instant::now();
    let program = dir.join("sendmail");
    let sent = send_by(&config.email, &message(&config), begun + deadline, (Trust::System, &program));
    assert!(begun.elapsed() < deadline + GRACE, "it took {:?}: {sent:?}", begun.elapsed());
    sent
}

#[test]
fn it_gets_the_message_and_no_environment() {
    let dir = program("printf '%s\\n' \"$@\" >DIR/args; /usr/bin/env >DIR/env; /bin/cat >DIR/text");
    send(dir.path()).unwrap();
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    assert_eq!(read("args"), "-i\n-f\nwardkey@clinic.example\nroy@clinic.example\n");
    assert!(read("text").contains("To: roy@clinic.example\r\n"), "{}", read("text"));
    let ours = |line: &&str| !["PWD=", "_=", "SHLVL=", "OLDPWD="].iter().any(|own| line.starts_with(own));
    assert_eq!(read("env").lines().filter(ours).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn its_status_is_told() {
    for (status, words) in [("exit 75", "not now"), ("exit 67", "unknown"), ("exit 3", "exit status: 3")] {
        assert_says(&send(program(status).path()).unwrap_err(), MailStep::Sendmail, words);
    }
    assert_says(&send(program("kill -9 $$").path()).unwrap_err(), MailStep::Sendmail, "signal: 9");
}

#[test]
fn one_that_is_missing_is_named() {
    let dir = tempfile::tempdir().unwrap();
    assert_says(&send(dir.path()).unwrap_err(), MailStep::Sendmail, "sendmail: No such file");
}

#[test]
fn one_that_hangs_is_killed_at_the_deadline() {
    let dir = program("echo $$ >DIR/pid; exec /bin/sleep 60");
    assert!(send_by_program(SOON, dir.path()).unwrap_err().is_timeout());
    let pid = std::fs::read_to_string(dir.path().join("pid")).unwrap();
    assert!(!Path::new("/proc").join(pid.trim()).exists(), "still there");
}
