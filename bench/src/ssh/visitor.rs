//! One who comes by ssh: from the start of the client to its end, with a command that does nothing.

use super::server::Server;
use crate::lane::Lane;
use crate::people::{PASSWORD, entrant};
use crate::products::Product;
use crate::site::Site;
use crate::stats::{Sample, timed};
use std::fs::{self, Permissions};
use std::io::{self, Error};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

/// The service of sshd; /etc/pam.d is a copy of the namespace's own.
const SERVICE: &str = "/etc/pam.d/sshd";

/// Answers the client's questions: the password to the one for it, the code to any other (`pam_oath` says "password" too).
const ASKPASS: &str = "#!/bin/sh
case $1 in
*Password:*) echo \"$BENCH_PASSWORD\" ;;
*) echo \"$BENCH_CODE\" ;;
esac
";

/// A row of the table.
pub(super) struct Visitor {
    pub(super) name: String,
    /// What stands behind the password; with the empty stack no password is asked for either.
    pub(super) second: Option<Product>,
    pub(super) site: Rc<Site>,
    pub(super) server: Rc<Server>,
    pub(super) turn: usize,
}

impl Lane for Visitor {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn once(&mut self) -> io::Result<Sample> {
        let (user, _) = entrant(self.turn);
        self.turn += 1;
        fs::write(SERVICE, self.service())?;
        let askpass = self.askpass()?;
        let mut ssh = self.server.client(&user);
        ssh.env("SSH_ASKPASS", askpass).env("SSH_ASKPASS_REQUIRE", "force").env("BENCH_PASSWORD", PASSWORD);
        if let Some(second) = self.second {
            self.site.forget(second, &user)?;
            let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(Error::other)?;
            ssh.env("BENCH_CODE", second.right(now.as_secs()));
        }
        let mut output = None;
        let sample = timed(|| {
            output = Some(ssh.output()?);
            Ok(())
        })?;
        let output = output.filter(|output| !output.status.success());
        output.map_or(Ok(Sample { cpu: 0, ..sample }), |output| {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            Err(Error::other(format!("{}: {user} was not let in: {said}{}", self.name, self.server.log())))
        })
    }
}

impl Visitor {
    /// The stack as each product's own manual has it; wardkey's has lines for account and session as well.
    fn service(&self) -> String {
        let line = self.second.map_or("", |second| self.site.line(second));
        let password = "auth requisite pam_unix.so nodelay\n";
        let account = "account required pam_unix.so\nsession required pam_permit.so\n";
        match self.second {
            None => format!("{password}{account}"),
            Some(Product::Empty) => format!("auth required {line}\n{account}"),
            Some(Product::Wardkey) => {
                let doors = format!("account required {line}\nsession required {line}\n");
                format!("{password}auth required {line}\n{doors}{account}")
            }
            Some(_) => format!("{password}auth required {line}\n{account}"),
        }
    }

    fn askpass(&self) -> io::Result<PathBuf> {
        let path = self.site.confdir().join("askpass");
        if !Path::exists(&path) {
            fs::write(&path, ASKPASS)?;
            fs::set_permissions(&path, Permissions::from_mode(0o755))?;
        }
        Ok(path)
    }
}
