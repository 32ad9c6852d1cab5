//! Whether mail could be sent at all. Nothing is sent, and no network is asked: that is the helper's affair.

use super::fault::MachineFault;
use pam_stack::{Found, Root};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use wardkey_core::credential::mailed::MailMode;
use wardkey_core::policy::config::{Email, MailTransport};
use wardkey_core::system::owner::Owner;
use wardkey_core::system::trusted_file::{self, Access, Demand, Readers};

/// The local command, which the helper runs.
const SENDMAIL: &str = "/usr/sbin/sendmail";

/// Sockets of TCP (`proc_pid_net(5)`).
const SOCKETS: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];

/// The state of one that listens.
const LISTENS: &str = "0A";

pub(super) fn faults(root: &Root, email: &Email) -> Vec<MachineFault> {
    if email.mode == MailMode::Off {
        return Vec::new();
    }
    let way = match email.transport {
        MailTransport::Sendmail => {
            (!root.join(SENDMAIL).exists()).then(|| MachineFault::NoSendmail(SENDMAIL.into()))
        }
        MailTransport::Smtp => nobody_listens(root, email),
    };
    way.into_iter().chain(password(root, email)).collect()
}

fn nobody_listens(root: &Root, email: &Email) -> Option<MachineFault> {
    let is_here = email.host.parse::<IpAddr>().map_or(email.host == "localhost", |host| host.is_loopback());
    if !is_here {
        return None;
    }
    let tables: Vec<_> = SOCKETS.iter().filter_map(|file| root.service_file(file)).collect();
    // A table that is not read may have it.
    let texts: Option<Vec<String>> = tables
        .into_iter()
        .map(|table| match table {
            Found::File(_, text) => Some(String::from_utf8_lossy(&text).into_owned()),
            _ => None,
        })
        .collect();
    let texts = texts.filter(|texts| !texts.is_empty())?;
    let port = format!(":{:04X}", email.port.get());
    let listens = |line: &str| {
        let mut words = line.split_whitespace().skip(1);
        words.next().is_some_and(|own| own.ends_with(&port)) && words.nth(1) == Some(LISTENS)
    };
    let is_there = texts.iter().flat_map(|text| text.lines()).any(listens);
    (!is_there).then(|| MachineFault::NoMailServer(format!("{}:{}", email.host, email.port.get())))
}

/// As the helper opens it.
fn password(root: &Root, email: &Email) -> Option<MachineFault> {
    if email.transport != MailTransport::Smtp {
        return None;
    }
    let file: PathBuf = email.password_file.as_ref()?.path();
    let demand = Demand {
        access: Access::Read,
        readers: Readers::RootOnly,
        owner: Owner::ROOT,
        max_len: 4096,
        may_be_linked: false,
    };
    let here: &Path = &root.join(&file);
    trusted_file::open(None, here, &file, demand).err().map(MachineFault::MailPassword)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{files, ids};
    use super::*;

    const TCP: &str = "  sl  local_address rem_address   st tx_queue rx_queue\n   \
                       0: 0100007F:0019 00000000:0000 0A 00000000:00000000\n";

    fn found(there: &[(&str, &str)], tables: &str) -> Vec<&'static str> {
        let scratch = files(there);
        let root = Root::new(scratch.path());
        let password = root.join("/etc/wardkey/smtp.password");
        if password.exists() {
            let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            std::fs::set_permissions(password, private).unwrap();
        }
        ids(&faults(&root, &email(tables)))
    }

    fn email(lines: &str) -> Email {
        let text = format!("[email]\nfrom = \"w@clinic.example\"\n{lines}\n");
        let scratch = files(&[("/w.toml", &text)]);
        let file = scratch.path().join("w.toml");
        wardkey_core::policy::config::Config::load(Some(&file)).unwrap().email
    }

    #[test]
    fn mail_that_nobody_would_take_is_told() {
        let on = "mode = \"recovery\"";
        assert_eq!(found(&[(SOCKETS[0], TCP)], on), [""; 0]);
        assert_eq!(found(&[(SOCKETS[0], &TCP.replace(":0019", ":001A"))], on), ["mail-not-sent"]);
        assert_eq!(found(&[(SOCKETS[0], &TCP.replace(" 0A ", " 01 "))], on), ["mail-not-sent"]);
        assert_eq!(found(&[], on), [""; 0], "no table tells");
        assert_eq!(found(&[(SOCKETS[0], "")], "mode = \"off\""), [""; 0]);
        let far = "mode = \"recovery\"\nhost = \"mail.clinic.example\"";
        assert_eq!(found(&[(SOCKETS[0], "")], far), [""; 0]);
        let local = "mode = \"recovery\"\ntransport = \"sendmail\"";
        assert_eq!(found(&[], local), ["mail-not-sent"]);
        assert_eq!(found(&[(SENDMAIL, "")], local), [""; 0]);
    }

    #[test]
    fn a_password_that_is_not_there_or_not_roots_alone_is_told() {
        let file = "/etc/wardkey/smtp.password";
        let login = format!(
            "mode = \"recovery\"\nhost = \"mail.clinic.example\"\nuser = \"w\"\npassword_file = \"{file}\""
        );
        assert_eq!(found(&[], &login), ["mail-password"]);
        assert_eq!(found(&[(file, "x\n")], &login), [""; 0]);
        let scratch = files(&[(file, "x\n")]);
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        std::fs::set_permissions(scratch.path().join("etc/wardkey/smtp.password"), open).unwrap();
        assert_eq!(ids(&faults(&Root::new(scratch.path()), &email(&login))), ["mail-password"]);
    }
}
