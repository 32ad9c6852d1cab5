//! A try of sshd: the real one, with this machine's settings, on a connection of this machine to itself, and a real client at
//! the person's terminal.
//!
//! sshd is started on the connection (`sshd -i`) and not on a port: nothing of the configuration need be changed but what runs
//! after the login, and nobody from elsewhere can reach it.

use super::outcome::TryEnd;
use crate::signals::Held;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

/// OpenSSH's client.
pub(crate) const CLIENT: &str = "/usr/bin/ssh";
/// What runs after the login.
const COMMAND: &str = "ForceCommand=/bin/true";
/// What the client does otherwise than it would: it asks the person alone, once, and believes this machine.
const OPTIONS: [&str; 9] = [
    "PreferredAuthentications=keyboard-interactive,password",
    "PubkeyAuthentication=no",
    "HostbasedAuthentication=no",
    "GSSAPIAuthentication=no",
    "NumberOfPasswordPrompts=1",
    "NoHostAuthenticationForLocalhost=yes",
    "ControlPath=none",
    "ForwardAgent=no",
    "ForwardX11=no",
];
/// What ssh says of a login that it could not make.
const NO_LOGIN: i32 = 255;
/// How often it is looked whether the client has ended, in milliseconds.
const LOOK: u8 = 100;
/// How often at most, after the client, until an sshd has closed its session.
const LOOKS: usize = 100;

/// How it ended: the status where sshd let somebody in whose session then ended with another than 0.
pub(crate) struct SshLogin {
    /// Whether the person gets in.
    pub(crate) end: TryEnd,
    /// The status of a session that did not come about.
    pub(crate) session: Option<i32>,
}

/// Logs `user` in through `sshd`; the client asks at the controlling terminal.
pub(crate) fn log_in(sshd: &Path, user: &str) -> io::Result<SshLogin> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    // Ctrl-C ends the client, which gives the terminal back; the sshd is then put away, and only then it ends this process.
    let held = Held::new();
    let mut client = client(listener.local_addr()?.port(), user).spawn()?;
    let mut servers = Vec::new();
    let status = serve(&listener, sshd, &mut client, &mut servers);
    if status.is_err() {
        let _ = client.kill();
        let _ = client.wait();
    }
    servers.iter_mut().for_each(put_away);
    drop(held);
    status.map(judged)
}

fn client(port: u16, user: &str) -> Command {
    let mut ssh = Command::new(CLIENT);
    ssh.args(["-F", "none", "-T", "-p", &port.to_string(), "-l", user]);
    ssh.args(OPTIONS.iter().flat_map(|option| ["-o", option]));
    // It asks at the terminal itself, and not by a window.
    ssh.env_remove("SSH_ASKPASS").env_remove("SSH_ASKPASS_REQUIRE").env_remove("SSH_AUTH_SOCK");
    ssh.arg(Ipv4Addr::LOCALHOST.to_string()).stdin(Stdio::null()).stdout(Stdio::null());
    ssh
}

/// Gives each connection an sshd of its own, until the client has ended.
fn serve(
    listener: &TcpListener,
    sshd: &Path,
    client: &mut Child,
    servers: &mut Vec<Child>,
) -> io::Result<ExitStatus> {
    loop {
        if let Some(status) = client.try_wait()? {
            return Ok(status);
        }
        let mut ready = [PollFd::new(listener.as_fd(), PollFlags::POLLIN)];
        let _ = poll(&mut ready, PollTimeout::from(LOOK));
        match listener.accept() {
            Ok((connection, _)) => servers.push(server(sshd, connection)?),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

fn server(sshd: &Path, connection: TcpStream) -> io::Result<Child> {
    connection.set_nonblocking(false)?;
    let output: OwnedFd = connection.try_clone()?.into();
    Command::new(sshd)
        .args(["-i", "-o", COMMAND])
        .env_clear()
        .env("PATH", super::stack::PATH)
        .current_dir("/")
        .stdin(OwnedFd::from(connection))
        .stdout(output)
        .stderr(Stdio::null())
        .spawn()
}

/// It closes its session by itself once the client is gone.
fn put_away(server: &mut Child) {
    for _ in 0..LOOKS {
        if !matches!(server.try_wait(), Ok(None)) {
            return;
        }
        let _ = poll(&mut [], PollTimeout::from(LOOK));
    }
    let _ = server.kill();
    let _ = server.wait();
}

fn judged(status: ExitStatus) -> SshLogin {
    let (end, session) = match status.code() {
        Some(0) => (TryEnd::Accepted, None),
        Some(NO_LOGIN) | None => (TryEnd::Refused, None),
        Some(other) => (TryEnd::Refused, Some(other)),
    };
    SshLogin { end, session }
}
