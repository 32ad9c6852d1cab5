//! The faults, in the order of their phases.

use super::fault::{Call, End, Fault, Phase};

use End::{AtOnce, PowerCut, Restart, TimeUp, Timer};
use Phase::{At, AtTheQuestion, Before, PuttingBack, Running};

const SUDO: &[&str] = &["/etc/pam.d/sudo"];

/// The file where a change is written before it takes the place of the old one.
const fn at(name: &'static str, file: &'static str, inject: &'static str) -> Phase {
    At(Call { name, file, inject })
}

const fn placing(file: &'static str, inject: &'static str) -> Phase {
    at("renameat", file, inject)
}

const KILLED: &str = "signal=KILL:when=1";
const FULL: &str = "error=ENOSPC:when=1";

/// All of them.
#[must_use]
pub fn all() -> Vec<Fault> {
    [&BEFORE[..], &AT_THE_QUESTION, &AT_A_CALL, &RUNNING, &PUTTING_BACK].concat()
}

const BEFORE: [Fault; 6] = [
    Fault::new("a PAM file is immutable", Before, "chattr +i /etc/pam.d/sudo", AtOnce)
        .says("/etc/pam.d/sudo")
        .mended("chattr -i /etc/pam.d/sudo"),
    Fault::new("/etc/pam.d is immutable", Before, "chattr +i /etc/pam.d", AtOnce)
        .says("/etc/pam.d/")
        .mended("chattr -i /etc/pam.d"),
    Fault::new(
        "/etc is read-only",
        Before,
        "mount --bind /etc /etc && mount -o remount,bind,ro /etc",
        AtOnce,
    )
    .says("ead-only file system")
    .mended("umount /etc"),
    Fault::new(
        "/etc/pam.d is full",
        Before,
        "mount -t tmpfs -o size=256k,mode=755 pam /etc/pam.d && cp -a /root/before/. /etc/pam.d; \
         ! cat /dev/zero >/etc/pam.d/ballast",
        AtOnce,
    )
    .says("/etc/pam.d/")
    .mended("umount /etc/pam.d"),
    Fault::new(
        "/etc/pam.d is a link",
        Before,
        "mv /etc/pam.d /etc/pam.real && ln -s pam.real /etc/pam.d",
        TimeUp,
    )
    .mended("rm /etc/pam.d && mv /etc/pam.real /etc/pam.d"),
    Fault::new("systemd sets no timer", Before, "mount --bind /bin/false /usr/bin/systemd-run", AtOnce)
        .says("Nothing was changed")
        .mended("umount /usr/bin/systemd-run"),
];

/// The journal's lock is held, until the unit `holder` is stopped.
const HELD: &str = "mkdir -p -m 700 /var/lib/wardkey/enabled && systemd-run --quiet --unit=holder flock /var/lib/wardkey/enabled sleep 600; \
    while flock --nonblock /var/lib/wardkey/enabled true; do sleep 0.05; done";

const AT_THE_QUESTION: [Fault; 5] = [
    Fault::new("a file is edited between plan and write", AtTheQuestion, "echo '# mine' >>/etc/pam.d/sudo", AtOnce)
        .says("something changed since this was shown")
        .mended("sed -i '/# mine/d' /etc/pam.d/sudo"),
    Fault::new("a package goes between plan and write", AtTheQuestion, "mv /etc/pam.d/i3lock /root/i3lock", AtOnce)
        .says("something changed since this was shown")
        .mended("mv /root/i3lock /etc/pam.d/i3lock"),
    Fault::new("/etc/pam.d becomes immutable at the question", AtTheQuestion, "chattr +i /etc/pam.d", AtOnce)
        .says("/etc/pam.d/")
        .mended("chattr -i /etc/pam.d"),
    Fault::new(
        "sshd stops including its drop-ins at the question",
        AtTheQuestion,
        "sed -i.was 's/^Include/#&/' /etc/ssh/sshd_config",
        AtOnce,
    )
    .mended("mv /etc/ssh/sshd_config.was /etc/ssh/sshd_config"),
    Fault::new(
        "two commands at once",
        AtTheQuestion,
        "wardkey enable login --confirm-within 1h </dev/null >/root/other 2>&1; grep 'another command' /root/other",
        TimeUp,
    )
    .says("Put back"),
];

const AT_A_CALL: [Fault; 8] = [
    Fault::new("a kill at the journal", placing("", KILLED), "", TimeUp),
    Fault::new("a kill at the first PAM file", placing("/etc/pam.d/login", KILLED), "", TimeUp)
        .says("Put back"),
    Fault::new("a kill half way, and a restart", placing("/etc/pam.d/su", KILLED), "", Restart)
        .says("Put back"),
    Fault::new("a kill half way, and the power goes", placing("/etc/pam.d/sudo", KILLED), "", PowerCut)
        .says("Put back"),
    Fault::new("a kill half way for good, and a restart", placing("/etc/pam.d/sudo", KILLED), "", Restart)
        .for_good()
        .says("Put back"),
    Fault::new("the disk is full half way", placing("/etc/pam.d/sudo", FULL), "", AtOnce)
        .says("/etc/pam.d/sudo"),
    Fault::new("the disk fails at the journal", placing("", "error=EIO:when=1"), "", AtOnce),
    Fault::new("a kill while sshd reads its files", Before, RELOADS_BY_KILLING, TimeUp)
        .says("Put back")
        .mended("rm -r /run/systemd/system/ssh.service.d && systemctl daemon-reload"),
];

const RELOADS_BY_KILLING: &str = "mkdir -p /run/systemd/system/ssh.service.d && \
    printf '[Service]\\nExecReload=\\nExecReload=pkill -KILL -x wardkey\\n' >/run/systemd/system/ssh.service.d/kill.conf && \
    systemctl daemon-reload";

const RUNNING: [Fault; 11] = [
    Fault::new("nobody confirms", Running, "", Timer),
    Fault::new("a restart before a confirmation", Running, "", Restart),
    Fault::new("the power goes before a confirmation", Running, "", PowerCut),
    Fault::new(
        "the configuration loads no more",
        Running,
        "cp /etc/wardkey/wardkey.toml /root/toml; echo nonsense >>/etc/wardkey/wardkey.toml",
        TimeUp,
    )
    .refusing()
    .mended("cp /root/toml /etc/wardkey/wardkey.toml"),
    Fault::new(
        "the module is gone",
        Running,
        "for file in $(find /usr/lib -name pam_wardkey.so); do mv $file $file.gone; done",
        TimeUp,
    )
    .refusing()
    .mended("for file in $(find /usr/lib -name pam_wardkey.so.gone); do mv $file ${file%.gone}; done"),
    Fault::new("everybody's record is gone", Running, "rm -rf /var/lib/wardkey/users", TimeUp)
        .refusing()
        .mended("wardkey init"),
    Fault::new(
        "an upgrade puts its own file in place",
        Running,
        "cp -a /root/before/sudo /etc/pam.d/sudo",
        TimeUp,
    ),
    Fault::new("somebody adds a line", Running, "echo '# mine' >>/etc/pam.d/sudo", TimeUp)
        .keeps(SUDO)
        .mended("sed -i '/# mine/d' /etc/pam.d/sudo"),
    Fault::new("half a mark is left", Running, "sed -i '0,/^# wardkey: end/{//d}' /etc/pam.d/sudo", TimeUp)
        .keeps(SUDO)
        .says("left in /etc/pam.d/sudo")
        .mended("cp -a /root/before/sudo /etc/pam.d/sudo"),
    Fault::new("it is switched on a second time", Running, "! wardkey enable sudo", TimeUp),
    Fault::new("the clock is set back and forth", Running, CLOCK_SET, TimeUp)
        .mended("mv /usr/bin/wardkey.real /usr/bin/wardkey"),
];

/// The command's clock says 1970 at every other run, and ten years from now at the others.
const CLOCK_SET: &str = "mv /usr/bin/wardkey /usr/bin/wardkey.real && printf '%s\\n' '#!/bin/sh' 'export FAKETIME_DONT_FAKE_MONOTONIC=1' \
    'if rm /root/back; then exec faketime -f @1970-01-02 /usr/bin/wardkey.real \"$@\"; fi' 'touch /root/back' \
    'exec faketime -f +3650d /usr/bin/wardkey.real \"$@\"' >/usr/bin/wardkey && chmod 755 /usr/bin/wardkey; \
    wardkey enable --status; wardkey enable --status; touch /root/back";

const PUTTING_BACK: [Fault; 10] = [
    Fault::new("a file cannot be put back", PuttingBack, "chattr +i /etc/pam.d/sudo", TimeUp)
        .says("/etc/pam.d/sudo")
        .mended("chattr -i /etc/pam.d/sudo"),
    Fault::new("no file can be put back", PuttingBack, "chattr +i /etc/pam.d", TimeUp)
        .says("/etc/pam.d/")
        .mended("chattr -i /etc/pam.d"),
    Fault::new(
        "/etc is read-only when the time is up",
        PuttingBack,
        "mount --bind /etc /etc && mount -o remount,bind,ro /etc",
        TimeUp,
    )
    .says("/etc/pam.d/")
    .mended("umount --lazy /etc"),
    Fault::new(
        "/etc/pam.d is full when the time is up",
        PuttingBack,
        "cp -a /etc/pam.d /root/on && mount -t tmpfs -o size=256k,mode=755 pam /etc/pam.d && \
         cp -a /root/on/. /etc/pam.d; ! cat /dev/zero >/etc/pam.d/ballast",
        TimeUp,
    )
    .says("/etc/pam.d/")
    .mended("umount --lazy /etc/pam.d; rm -r /root/on"),
    Fault::new("a kill while it is put back", PuttingBack, "touch /root/kill", TimeUp),
    Fault::new("a package goes before it is put back", PuttingBack, "rm /etc/pam.d/i3lock", TimeUp)
        .mended("cp -a /root/before/i3lock /etc/pam.d/i3lock"),
    Fault::new("another command is under way when the time is up", PuttingBack, HELD, Timer)
        .mended("systemctl stop holder"),
    Fault::new(
        "the journal cannot be read when the time is up",
        PuttingBack,
        "cp /var/lib/wardkey/enabled/journal.json /root/journal; \
         truncate -s 100 /var/lib/wardkey/enabled/journal.json",
        TimeUp,
    )
    .says("does not read as")
    .mended("sed 's/\"until\": [0-9]*/\"until\": 1/' /root/journal >/var/lib/wardkey/enabled/journal.json"),
    Fault::new("no file can be put back at a restart", PuttingBack, "chattr +i /etc/pam.d", Restart)
        .says("/etc/pam.d/")
        .mended("chattr -i /etc/pam.d"),
    Fault::new("a kill while it is put back at a restart", PuttingBack, "touch /root/kill", PowerCut),
];
