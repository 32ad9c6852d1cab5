//! A real mail server, postfix, that delivers to the people of a host.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::machine::host::Host;

/// How long a server may take to begin, and a message to arrive.
const PATIENCE: Duration = Duration::from_secs(90);

/// A certificate for 127.0.0.1 by an authority that this host trusts, as machines trust their own.
const CERTIFY: &str = "
mkdir -p /etc/mail && cd /etc/mail
new='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
openssl req -x509 $new -keyout ca.key -out ca.pem -subj /CN=authority -days 3
openssl req $new -keyout server.key -out server.csr -subj /CN=server
printf 'subjectAltName=IP:127.0.0.1\\n' >names
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3 -extfile names -out server.pem
mkdir -p /etc/ssl/certs && cat ca.pem >>/etc/ssl/certs/ca-certificates.crt";

/// Services of postfix that take, route and deliver mail here; none of them in a chroot.
const SERVICES: &str = "
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
local unix - n n - - local
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
";

/// A running postfix. Mail to `NAME@clinic.example` goes to that account.
pub struct Postfix<'host> {
    host: &'host Host,
    process: Child,
    /// Where it takes mail.
    pub port: u16,
}

impl<'host> Postfix<'host> {
    /// Starts it, with STARTTLS and a certificate this host trusts.
    ///
    /// # Panics
    /// If it does not begin to listen.
    #[must_use]
    pub fn start(host: &'host Host) -> Self {
        host.must(CERTIFY);
        let port = free_port();
        host.write("/etc/postfix/main.cf", configuration());
        host.write("/etc/postfix/master.cf", format!("127.0.0.1:{port} inet n - n - - smtpd{SERVICES}"));
        host.must("mkdir -p /var/spool/postfix /var/lib/postfix && chown postfix /var/lib/postfix");
        // Makes its queues; then its first process itself, which `postfix start` would cut loose from us.
        host.must("postfix check");
        let mut command = host.command("/usr/lib/postfix/sbin/master");
        command
            .args(["-c", "/etc/postfix", "-d"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut process = command.spawn().expect("postfix");
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let log = fs::read_to_string(host.path("/var/log/postfix.log")).unwrap_or_default();
            assert!(process.try_wait().expect("its status").is_none(), "postfix ended: {log}");
            assert!(begun.elapsed() < PATIENCE, "postfix does not listen: {log}");
            sleep(Duration::from_millis(10));
        }
        Self { host, process, port }
    }

    /// Waits until `name` has `count` messages, and reads the newest.
    ///
    /// # Panics
    /// If it does not come.
    #[must_use]
    pub fn newest(&self, name: &str, count: usize) -> String {
        let begun = Instant::now();
        loop {
            let mail = self.host.mail(name);
            if mail.len() >= count {
                assert_eq!(mail.len(), count, "{mail:#?}");
                return mail.last().expect("a message").clone();
            }
            let log = fs::read_to_string(self.host.path("/var/log/postfix.log")).unwrap_or_default();
            assert!(begun.elapsed() < PATIENCE, "{name} has {} messages: {log}", mail.len());
            sleep(Duration::from_millis(10));
        }
    }
}

/// The master ends its services with itself.
impl Drop for Postfix<'_> {
    fn drop(&mut self) {
        let _ = nix::sys::signal::kill(pid(&self.process), nix::sys::signal::Signal::SIGTERM);
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE && matches!(self.process.try_wait(), Ok(None)) {
            sleep(Duration::from_millis(10));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Host {
    /// The messages of `name`, oldest first.
    #[must_use]
    pub fn mail(&self, name: &str) -> Vec<String> {
        let entries =
            fs::read_dir(self.path(format!("/home/{name}/Maildir/new"))).into_iter().flatten().flatten();
        let mut mail: Vec<_> = entries
            .filter_map(|entry| {
                Some((entry.metadata().ok()?.modified().ok()?, fs::read_to_string(entry.path()).ok()?))
            })
            .collect();
        mail.sort();
        mail.into_iter().map(|(_, text)| text).collect()
    }
}

/// The code in a message: eight digits, in two groups, on a line of their own.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn code_in(message: &str) -> String {
    let digits = |line: &str| line.chars().filter(char::is_ascii_digit).collect::<String>();
    let is_code = |line: &&str| line.starts_with("    ") && digits(line).len() == 8;
    digits(message.lines().find(is_code).unwrap_or_else(|| panic!("no code in {message}")))
}

/// A port of the loopback interface where nobody listens.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("its number").port()
}

fn pid(process: &Child) -> nix::unistd::Pid {
    nix::unistd::Pid::from_raw(i32::try_from(process.id()).expect("a process id"))
}

fn configuration() -> &'static str {
    "compatibility_level = 3.6
queue_directory = /var/spool/postfix
data_directory = /var/lib/postfix
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.clinic.example
mydestination = clinic.example
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/mail/server.pem
smtpd_tls_key_file = /etc/mail/server.key
alias_maps =
alias_database =
local_recipient_maps =
home_mailbox = Maildir/
mailbox_size_limit = 0
biff = no
maillog_file = /var/log/postfix.log
"
}
