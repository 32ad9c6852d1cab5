//! What programs do on a machine on which services are switched on: each job goes on, or `enable` has named its account before.

use std::collections::BTreeSet;

use serde_json::Value;
use wardkey_tests::machine::booted::Machine;
use wardkey_tests::people::person::PASSWORD;

const SSH: &str = "ssh -o StrictHostKeyChecking=no -o ConnectionAttempts=20 -o LogLevel=ERROR -i /root/key";

/// A job, the account under which it works, and what runs it.
const JOBS: [(&str, &str, &str); 13] = [
    (
        "sftp",
        "robot",
        "echo 'put /etc/hostname sent' | sftp -b - -o StrictHostKeyChecking=no -o ConnectionAttempts=20 -i /root/key robot@127.0.0.1",
    ),
    ("rsync", "robot", "rsync -e \"$SSH -o BatchMode=yes\" /etc/hostname robot@127.0.0.1:synced"),
    (
        "git over ssh",
        "robot",
        "rm -rf /root/copy && GIT_SSH_COMMAND=\"$SSH -o BatchMode=yes\" git clone -q robot@127.0.0.1:work.git /root/copy",
    ),
    (
        "a backup over ssh",
        "backupper",
        "$SSH -o BatchMode=yes backupper@127.0.0.1 tar c /etc/hostname | tar t",
    ),
    (
        "a forced command",
        "robot",
        "ssh -o StrictHostKeyChecking=no -o ConnectionAttempts=20 -o BatchMode=yes -i /root/forced robot@127.0.0.1 | grep -qx only-this",
    ),
    (
        "cron",
        "robot",
        "rm -f /run/crond.reboot ~robot/by-cron && systemctl restart cron && timeout 60 sh -c 'until [ -s ~robot/by-cron ]; do sleep 0.1; done'",
    ),
    ("su of root's", "robot", "su -s /bin/sh - robot -c true && runuser -u robot -- true"),
    ("sudo of root's", "robot", "sudo -n -u robot true"),
    (
        "sudo -n without a password",
        "ops",
        "$SSH -o BatchMode=yes ops@127.0.0.1 sudo -H -n id -un | grep -qx root",
    ),
    (
        "sudo with a password",
        "deploy",
        "$SSH -o BatchMode=yes deploy@127.0.0.1 \"sudo -k; echo '$WORD' | sudo -H -S -p '[sudo via ansible]' -u root id -un\" | grep -qx root",
    ),
    (
        "su with root's password",
        "deploy",
        "runuser -u deploy -- su root -c 'id -un' < /root/word | grep -qx root",
    ),
    (
        "a password over ssh",
        "scanner",
        "SSH_ASKPASS=/root/askpass SSH_ASKPASS_REQUIRE=force setsid $SSH -o PubkeyAuthentication=no scanner@127.0.0.1 true",
    ),
    (
        "a password over ssh, of nobody's",
        "courier",
        "SSH_ASKPASS=/root/askpass SSH_ASKPASS_REQUIRE=force setsid $SSH -o PubkeyAuthentication=no courier@127.0.0.1 true",
    ),
];

/// Accounts, keys and what they work on.
const ACCOUNTS: &str = r#"
ssh-keygen -q -t ed25519 -N '' -f /root/key && ssh-keygen -q -t ed25519 -N '' -f /root/forced
for name in robot backupper ops deploy scanner courier; do
    useradd --create-home --shell /bin/sh $name
    install -d -o $name -m 700 /home/$name/.ssh
    install -o $name -m 600 /root/key.pub /home/$name/.ssh/authorized_keys
done
rm -r /home/scanner/.ssh /home/courier/.ssh
echo "command=\"echo only-this\" $(cat /root/forced.pub)" >> /home/robot/.ssh/authorized_keys
for name in deploy ops; do install -d -o $name /home/$name/.ansible /home/$name/.ansible/tmp; done
for name in deploy scanner courier root; do echo "$name:$WORD" | chpasswd; done
usermod --append --groups sudo deploy
echo 'ops ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/ops && chmod 440 /etc/sudoers.d/ops
printf '#!/bin/sh\necho "$WORD"\n' > /root/askpass && chmod 755 /root/askpass && echo "$WORD" > /root/word
runuser -u robot -- git init -q --bare /home/robot/work.git
for name in robot backupper ops deploy; do loginctl enable-linger $name; done
echo '@reboot id -un > ~/by-cron' | crontab -u robot -
"#;

const EXEMPT: &str = "[[exempt]]\nuser = \"scanner\"\nservice = [\"sshd\"]\nreason = \"a scanner\"\napproved_by = \"Dr Roy\"\nuntil = 2099-01-01\n";

fn shell(machine: &Machine, line: &str) -> bool {
    machine.shell(&format!("cd /root; export SSH='{SSH}' WORD='{PASSWORD}'; {line}")).code() == Some(0)
}

/// The jobs that do not work.
fn failing(machine: &Machine) -> BTreeSet<&'static str> {
    JOBS.iter().filter(|(_, _, line)| !shell(machine, line)).map(|(job, ..)| *job).collect()
}

fn named(said: &Value, lists: &[&str]) -> BTreeSet<String> {
    let of = |list: &&str| said[*list].as_array().cloned().unwrap_or_default();
    lists.iter().flat_map(of).filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// The jobs that stop go by the accounts that were named, and no account was named as stopped whose jobs all go on.
fn stops_as_announced(machine: &Machine, said: &Value, expected: &[&str]) {
    let stopped = failing(machine);
    assert_eq!(stopped, expected.iter().copied().collect(), "{said}");
    let accounts: BTreeSet<String> = JOBS
        .iter()
        .filter(|(job, ..)| stopped.contains(job))
        .map(|(_, account, _)| (*account).to_owned())
        .collect();
    let warned = named(said, &["not_enrolled", "stopped", "keys_ask"]);
    assert!(accounts.is_subset(&warned), "{accounts:?} {said}");
    let alarmed = named(said, &["stopped"]);
    assert!(alarmed.is_subset(&accounts), "{accounts:?} {said}");
}

#[test]
fn each_job_of_a_program_goes_on_or_its_account_was_named_before() {
    let (machine, _anna) = Machine::with_anna(EXEMPT);
    machine.must("usermod --append --groups sudo anna; systemctl start ssh.service");
    assert!(shell(&machine, ACCOUNTS));
    assert_eq!(failing(&machine), BTreeSet::new(), "before");
    let on = ["enable", "sshd", "sudo", "su", "login"];

    let said = machine.json(&[&on[..], &["--print"]].concat(), "");
    let words = machine.wardkey(&on, "").exits(0).stdout;
    assert!(words.contains("password method goes off"), "{words}");
    let by_password = ["sudo with a password", "su with root's password", "a password over ssh, of nobody's"];
    stops_as_announced(&machine, &said, &by_password);
    assert_eq!(
        named(&said, &["keys"]),
        named(&serde_json::json!({"all": ["robot", "backupper", "ops", "deploy"]}), &["all"])
    );

    // Asked for a code after a key as well: but for the account that a block of the site's keeps out of it.
    machine.wardkey(&["enable", "--confirm", "sshd", "sudo", "su", "login"], "").exits(0);
    machine.write(
        "/etc/ssh/sshd_config.d/00-automation.conf",
        "Match User robot\n    AuthenticationMethods publickey\n",
    );
    let keys_too = ["enable", "sshd", "--keys-too"];
    let said = machine.json(&[&keys_too[..], &["--print"]].concat(), "");
    machine.wardkey(&keys_too, "").exits(0);
    let by_key = ["a backup over ssh", "sudo -n without a password"];
    stops_as_announced(&machine, &said, &[&by_password[..], &by_key].concat());
    assert_eq!(named(&said, &["keys"]), BTreeSet::from(["robot".to_owned()]));
}
