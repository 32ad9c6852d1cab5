//! A machine with lock screens: wardkey with its helper listening, `pam_unix`, sixteen people.

use crate::measure::Bench;
use crate::module::Pages;
use crate::people::{SEATS, seated};
use crate::products::wardkey;
use crate::site::Plan;
use std::fs::{self, Permissions};
use std::io::{self, Error};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long the helper may take to begin.
const PATIENCE: Duration = Duration::from_secs(10);

/// The PAM service with unlock grace.
pub(super) const RETURN: &str = "return";

/// Where the helper listens.
const SOCKET: &str = "run/helper.sock";

/// It ends with the value.
pub(super) struct Site {
    pub(super) dir: PathBuf,
    pub(super) login: PathBuf,
    helper: Child,
}

impl Site {
    pub(super) fn make(bench: &Bench, helper: &Path) -> io::Result<Self> {
        let dir = bench.scratch.join("memory/screens");
        fs::create_dir_all(dir.join("pam.d"))?;
        // Where they were built, others than root may not come.
        let [login, module, helper] = [
            (&bench.login, "login"),
            (&bench.module.path(Pages::Single), "pam_wardkey.so"),
            (&helper.to_owned(), "wardkey-helper"),
        ]
        .map(|(from, name)| install(from, &dir.join(name)));
        let (login, module, helper) = (login?, module?, helper?);
        let config = configuration(&bench.config, &dir)?;
        let people: Vec<_> = (0..SEATS).map(seated).collect();
        let plan = Plan {
            dir: dir.clone(),
            people: &people,
            names_only: false,
            throttled: false,
            codes: 5,
            module: &module,
            same_calls: &bench.same_calls,
            config: &config,
        };
        let line = wardkey::prepare(&plan, &mut Vec::new())?;
        let service = |name: &str, text: &str| fs::write(dir.join("pam.d").join(name), text);
        service("wardkey", &format!("auth required {line}\n"))?;
        service("unix", "auth required pam_unix.so nodelay\n")?;
        // Grace leaves the decision to what asks for the password, here to nothing.
        service(
            RETURN,
            &format!("auth [success=ok ignore=ignore default=die] {line}\nauth required pam_permit.so\n"),
        )?;
        service("other", "# nothing\n")?;
        let helper = start(&helper, &dir)?;
        Ok(Self { dir, login, helper })
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.dir.join(SOCKET)
    }

    pub(super) fn confdir(&self) -> PathBuf {
        self.dir.join("pam.d")
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.helper.kill();
        let _ = self.helper.wait();
        let _ = fs::remove_dir_all(&self.dir);
    }
}

fn install(from: &Path, to: &Path) -> io::Result<PathBuf> {
    fs::copy(from, to)?;
    fs::set_permissions(to, Permissions::from_mode(0o755))?;
    Ok(to.to_owned())
}

/// The shipped configuration with the paths that only the helper uses, and a service with grace.
fn configuration(shipped: &str, dir: &Path) -> io::Result<String> {
    let mut text = shipped.to_owned();
    for (from, to) in [("/run/wardkey/helper.sock", SOCKET), ("/run/wardkey/grace", "run/grace")] {
        let (from, to) = (format!("{from:?}"), format!("{:?}", dir.join(to)));
        if !text.contains(&from) {
            return Err(Error::other(format!("the configuration does not name {from}")));
        }
        text = text.replacen(&from, &to, 1);
    }
    text.push_str(&format!("\n[service.{RETURN}]\nunlock_grace = \"12h\"\n"));
    Ok(text)
}

/// Starts the helper, and returns once it listens.
fn start(helper: &Path, dir: &Path) -> io::Result<Child> {
    let mut command = Command::new(helper);
    command.arg("--config").arg(dir.join("wardkey.toml")).arg("listen").env_clear().stdin(Stdio::null());
    let (mut child, begun) = (command.spawn()?, Instant::now());
    while UnixStream::connect(dir.join(SOCKET)).is_err() {
        if child.try_wait()?.is_some() || begun.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            return Err(Error::other("the helper does not listen"));
        }
        sleep(Duration::from_millis(5));
    }
    Ok(child)
}
