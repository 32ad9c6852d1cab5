//! An sshd of our own on a free port of the loopback interface.

use std::fs;
use std::io::{self, Error};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const SSHD: &str = "/usr/sbin/sshd";

/// How long it may take to begin.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often another free port is tried, when somebody else took the one that was.
const TRIES: usize = 5;

/// A running sshd; it ends with the value.
pub(super) struct Server {
    child: Child,
    port: u16,
    dir: PathBuf,
}

impl Server {
    pub(super) fn start(dir: &Path) -> io::Result<Self> {
        // Where sshd keeps its unprivileged processes; the namespace's own, as /run is.
        fs::create_dir_all("/run/sshd")?;
        let key = dir.join("host_key");
        let made =
            Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).status()?;
        if !made.success() {
            return Err(Error::other("ssh-keygen made no key"));
        }
        fs::write(dir.join("sshd_config"), configuration(&key))?;
        for _ in 0..TRIES {
            if let Some(server) = Self::try_start(dir)? {
                return Ok(server);
            }
        }
        Err(Error::other(format!("sshd does not start: {}", fs::read_to_string(dir.join("log"))?)))
    }

    fn try_start(dir: &Path) -> io::Result<Option<Self>> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let (config, log) = (dir.join("sshd_config"), dir.join("log"));
        let mut command = Command::new(SSHD);
        command.arg("-D").arg("-f").arg(&config).arg("-E").arg(&log).args(["-p", &port.to_string()]);
        // Only newer ones know it, and they make an address that comes too often wait.
        let lenient = ["-o", "PerSourcePenalties=no"];
        let knows = Command::new(SSHD)
            .arg("-t")
            .arg("-f")
            .arg(&config)
            .args(lenient)
            .stderr(Stdio::null())
            .status()?;
        if knows.success() {
            command.args(lenient);
        }
        let (mut child, begun) = (command.stdin(Stdio::null()).spawn()?, Instant::now());
        let listens = format!("Server listening on 127.0.0.1 port {port}.");
        while begun.elapsed() < PATIENCE && child.try_wait()?.is_none() {
            if fs::read_to_string(&log).is_ok_and(|text| text.contains(&listens)) {
                let host = fs::read_to_string(dir.join("host_key.pub"))?;
                fs::write(dir.join("known_hosts"), format!("[127.0.0.1]:{port} {host}"))?;
                return Ok(Some(Self { child, port, dir: dir.to_owned() }));
            }
            sleep(Duration::from_millis(5));
        }
        let _ = child.kill();
        child.wait()?;
        Ok(None)
    }

    /// OpenSSH's client, on its way to run `true` as this user.
    pub(super) fn client(&self, user: &str) -> Command {
        let mut ssh = Command::new("ssh");
        ssh.args(["-F", "none", "-o", "StrictHostKeyChecking=yes", "-o", "NumberOfPasswordPrompts=1", "-o"])
            .arg(format!("UserKnownHostsFile={}", self.dir.join("known_hosts").display()))
            .args(["-o", "PreferredAuthentications=keyboard-interactive", "-p", &self.port.to_string()])
            .args([&format!("{user}@127.0.0.1"), "true"])
            .stdin(Stdio::null());
        ssh
    }

    /// What it has written down.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.dir.join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.dir);
    }
}

fn configuration(key: &Path) -> String {
    format!(
        "ListenAddress 127.0.0.1
HostKey {}
UsePAM yes
AuthenticationMethods keyboard-interactive
PasswordAuthentication no
KbdInteractiveAuthentication yes
PermitRootLogin no
PrintLastLog no
PidFile none
UseDNS no
MaxStartups 100
",
        key.display()
    )
}
