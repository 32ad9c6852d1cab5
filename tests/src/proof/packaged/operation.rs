//! What is done with the package.

use super::packages::{BUILT, NEWER, NEWER_STEPS, STEPS};
use super::scene::{Scene, Start};
use super::unpacking;

/// An operation of dpkg's, or one that breaks off.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Operation {
    /// The first installation.
    Install,
    /// A newer version, also one whose scripts fail.
    Upgrade,
    /// An older version.
    Downgrade,
    /// `apt remove`.
    Remove,
    /// `apt purge`.
    Purge,
    /// The same version again, and again after a removal.
    Reinstall,
    /// A full disk, a file that cannot be exchanged, a package that is cut off.
    FailedUnpack,
    /// dpkg killed at one step after the other.
    Killed,
}

use Operation::{Downgrade, FailedUnpack, Install, Killed, Purge, Reinstall, Remove, Upgrade};

impl Operation {
    /// All of them.
    pub const ALL: [Self; 8] = [Install, Upgrade, Downgrade, Remove, Purge, Reinstall, FailedUnpack, Killed];

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Install => "install",
            Upgrade => "upgrade",
            Downgrade => "downgrade",
            Remove => "remove",
            Purge => "purge",
            Reinstall => "reinstall",
            FailedUnpack => "failed unpack",
            Killed => "killed dpkg",
        }
    }

    pub(super) fn starts_with(self) -> Start {
        match self {
            Install => Start::NoPackage,
            Downgrade => Start::Package(NEWER),
            Upgrade | Killed => Start::Package(STEPS),
            _ => Start::Package(BUILT),
        }
    }

    /// Does it, with logins at each step; the answer is how it ended.
    pub(super) fn carry_out(self, scene: &mut Scene) -> String {
        match self {
            Install => {
                scene.apt("install /root/built.deb").exits(0);
                scene.is_installed();
                scene.works("installed");
            }
            Upgrade => upgrade(scene),
            Downgrade => {
                scene.takes(BUILT);
                scene.works("an older version");
            }
            Remove => return scene.leaves_or_refuses("remove"),
            Purge => return purge(scene),
            Reinstall => reinstall(scene),
            FailedUnpack => unpacking::fails(scene),
            Killed => unpacking::is_killed(scene),
        }
        "works".into()
    }
}

fn upgrade(scene: &mut Scene) {
    scene.takes(NEWER);
    scene.works("upgraded");
    scene.takes(STEPS);
    for (step, left) in [("preinst upgrade", "ii "), ("postinst configure", "iF ")] {
        scene.machine.write("/root/step", format!("fail {step}"));
        scene.does_not_take(NEWER_STEPS);
        assert!(scene.status().starts_with(left), "{step}: {}", scene.status());
        scene.works(&format!("failed at {step}"));
    }
    scene.machine.must("dpkg --configure --pending");
    scene.is_installed();
}

fn purge(scene: &mut Scene) -> String {
    let end = scene.leaves_or_refuses("purge");
    let left = scene.machine.shell("ls -d /etc/wardkey /var/lib/wardkey /etc/pam.d/wardkey").stdout;
    assert_eq!(left.is_empty(), scene.stack.goes, "{left}");
    end
}

fn reinstall(scene: &mut Scene) {
    scene.apt("install --reinstall /root/built.deb").exits(0);
    scene.is_installed();
    scene.works("installed again");
    if scene.stack.goes {
        scene.apt("remove wardkey").exits(0);
        scene.takes(BUILT);
        scene.asks = &[];
        scene.works("installed after it was removed");
    }
}
