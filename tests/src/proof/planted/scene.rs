//! The machine on which faults are planted: anna is enrolled and may become root, sshd runs, nothing is switched on.

use std::thread;
use std::time::{Duration, Instant};

use super::fault::{Call, End};
use super::logins::sshd_listens;
use super::picture::Picture;
use crate::machine::booted::{Machine, PATIENCE};
use crate::people::person::Person;
use crate::proof::outcome::{Outcome, run};

/// Codes that one fault may take.
const CODES: usize = 8;

/// The unit tries again soon. Where `/root/kill` is, its next run is killed when it comes to sudo's file.
const UNIT: &str = "\
[Service]
RestartSec=1
ExecStart=
ExecStart=/bin/sh -c 'if rm /root/kill; then exec strace -f -qq -o /dev/null -P /etc/pam.d/sudo -e trace=renameat \
-e inject=renameat:signal=KILL:when=1 /usr/bin/wardkey enable --put-back; fi; exec /usr/bin/wardkey enable --put-back'
";

/// The unit as the time being up starts it: `until` in the journal is long ago.
const TIME_UP: &str = "sed -i 's/\"until\": [0-9]*/\"until\": 1/' /var/lib/wardkey/enabled/journal.json; \
    systemctl restart wardkey-put-back.service";

/// Whether the timer has started the unit, which may wait for another command.
const TIMER_FIRED: &str = "[ \"$(systemctl is-active wardkey-put-back.service)\" = activating ] || \
    ! systemctl is-active --quiet wardkey-put-back.timer";

/// The machine, and what was before the fault.
pub(super) struct Scene {
    pub(super) machine: Machine,
    pub(super) anna: Person,
    before: Picture,
    /// How long what was said at alert level was when the fault began; a restart begins it again.
    mark: usize,
}

impl Scene {
    pub(super) fn new() -> Self {
        let (machine, anna) = Machine::with_anna("");
        machine.must("usermod --append --groups sudo anna");
        machine.write("/etc/systemd/system/wardkey-put-back.service.d/planted.conf", UNIT);
        machine.write(
            "/etc/systemd/system/wardkey-tests.target.d/ssh.conf",
            "[Unit]\nWants=ssh.service wardkey-helper.socket\nAfter=ssh.service\n",
        );
        machine.must("systemctl daemon-reload; systemctl start ssh.service");
        Self { machine, anna, before: Picture::default(), mark: 0 }
    }

    /// Nothing is on, anna has codes for one more fault, and what comes from now on is its.
    pub(super) fn begins(&mut self) {
        let is_enrolled = self.machine.path("/var/lib/wardkey/users/anna").exists();
        if !is_enrolled || self.anna.recovery_codes.len() < CODES {
            if is_enrolled {
                self.machine.remove("anna");
            }
            self.anna = self.machine.enrol("anna");
        }
        self.machine.must("systemctl reset-failed; rm -rf /root/before; cp -a /etc/pam.d /root/before");
        sshd_listens(&self.machine);
        self.before = Picture::of(&self.machine);
        self.mark = alerts(&self.machine).len();
    }

    /// Runs the command with every question answered, at a system call of which something happens, or without.
    pub(super) fn enable(&self, arguments: &[&str], at: Option<Call>) -> Outcome {
        let Some(Call { name, file, inject }) = at else { return self.machine.wardkey(arguments, "") };
        let mut strace = self.machine.command("strace");
        strace.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={name}")]);
        if !file.is_empty() {
            strace.args(["-P", file]);
        }
        strace.args(["-e", &format!("inject={name}:{inject}"), "/usr/bin/wardkey"]).args(arguments);
        run(&mut strace, b"")
    }

    /// Runs the command at a terminal, and `plant` before it is told to go on; the answer is all that it said.
    pub(super) fn at_the_question(&self, arguments: &[&str], plant: &str) -> String {
        let mut terminal = self
            .machine
            .terminal(&["wardkey"].iter().chain(arguments).copied().collect::<Vec<_>>().join(" "));
        terminal.expect("y or n");
        self.machine.shell(plant);
        terminal.type_line("y");
        terminal.finish().1
    }

    pub(super) fn ends(&mut self, end: End) {
        match end {
            End::AtOnce => {}
            End::TimeUp => drop(self.machine.shell(TIME_UP)),
            End::Timer => {
                let is_over = || (self.machine.shell(TIMER_FIRED).code() == Some(0)).then_some(());
                self.machine.wait_for("the time to be up", is_over);
            }
            End::Restart | End::PowerCut => {
                self.mark = 0;
                if end == End::Restart {
                    self.machine.restart();
                } else {
                    self.machine.lose_power();
                }
                sshd_listens(&self.machine);
            }
        }
    }

    /// Waits until every file is as it was before the fault, but for these.
    pub(super) fn is_as_before(&self, except: &[&str]) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let differs = self.before.differs(&Picture::of(&self.machine), except);
            if differs.is_empty() {
                return;
            }
            assert!(Instant::now() < deadline, "not as before: {differs:?}");
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Waits until these words were said: by the command, in `said`, or at alert level since the fault began.
    pub(super) fn is_said(&self, said: &str, words: &str) {
        self.machine.wait_for(&format!("{words:?} to be said, not {said:?}"), || {
            (said.contains(words) || alerts(&self.machine)[self.mark..].contains(words)).then_some(())
        });
    }
}

/// What was said at alert level since the machine came up.
fn alerts(machine: &Machine) -> String {
    machine.must("journalctl --no-pager --quiet --priority=alert --output=cat")
}
