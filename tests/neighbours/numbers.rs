//! What has a number one higher than both versions know: each refuses with words, opens nothing, and leaves it as it is.

use serde_json::json;
use wardkey_tests::machine::host::{ALONE, CODE, CONFIG, Host, STATE, SUPPORT};
use wardkey_tests::machine::release::Release;
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::people::seat::Seat;
use wardkey_tests::programs::helper::Listening;
use wardkey_tests::programs::pam::{PamResult, Script, Transcript};
use wardkey_tests::programs::raw_client::{VERSION, question, told};

use crate::scenes::{compares, replaces_by_the_password};
use crate::told::Table;

const USERS: &str = "/var/lib/wardkey/users/alice";
const JOURNAL: &str = "/var/lib/wardkey/enabled/journal.json";
const NEWER: &str = "was written by a newer version of wardkey";

/// Gives these files of `/run` the next number, and the checksum that goes with it.
fn raise_the_number(host: &Host, files: &str) {
    let raise = r#"for file in FILES; do
        said=$(tail -n 1 "$file" | sed 's/"version":1,/"version":2,/')
        case $said in *'"version":2,'*) ;; *) exit 1 ;; esac
        { printf %s "$said" | sha256sum | cut -d ' ' -f 1; printf %s "$said"; } >"$file"
    done"#;
    host.must(&raise.replace("FILES", files));
}

/// All that would show or change a record, but `remove`.
const COMMANDS: [&[&str]; 8] = [
    &["status", "alice"],
    &["unlock", "alice"],
    &["recovery-codes", "alice"],
    &["enroll", "alice"],
    &["reset", "alice", "--verified-by", "passport"],
    &["pass", "alice", "--verified-by", "passport"],
    &["emergency", "alice", "--count", "2", "--reason", "safe"],
    &["rebind", "alice", "--verified-by", "passport"],
];

type Case = (&'static str, fn(Release) -> &'static str);

const CASES: [Case; 10] = [
    ("enrolment 2", |on| record(on, "enrolment", 18, 2)),
    ("ledger 3, first block", |on| record(on, "ledger", 8, 3)),
    ("ledger 3, second block", |on| record(on, "ledger", 4096 + 8, 3)),
    ("a key that is invented later", key),
    ("a question of wire 5", question_to_the_helper),
    ("a helper of wire 5", helper_that_denies),
    ("journal 2", journal),
    ("grace 2", grace),
    ("note of a recovery code 2", note),
    ("misses 2", misses),
];

#[test]
fn a_number_that_is_one_higher_closes_with_words_and_is_left() {
    let mut table = Table::new("what is read                   by        what comes of it");
    for (name, case) in CASES {
        for on in [Release::This, Release::Previous] {
            table.row(&format!("{name:<30} {:<9}", on.word()), || case(on).to_owned());
        }
    }
    table.end();
}

fn with_alice(on: Release) -> (Host, Person) {
    let host = Host::made_by(on, "");
    let alice = host.person("alice");
    (host, alice)
}

/// Both doors refuse, and tell whom to call and nothing else.
fn is_closed(host: &Host, code: &str) {
    let script = Script::new(ALONE, "alice").types(CODE, code);
    let told = |seen: Transcript| {
        assert_eq!((seen.result(), seen.cannot_check()), (PamResult::AuthErr, true), "{seen:?}");
        assert!(seen.seen().contains(SUPPORT) && !seen.seen().contains("newer"), "{seen:?}");
    };
    told(host.pam(&script));
    told(host.pam_as("alice", &script));
}

fn sums(host: &Host) -> String {
    host.must(&format!("find {STATE} -type f -exec sha256sum {{}} + | sort"))
}

fn record(on: Release, file: &str, place: usize, number: u8) -> &'static str {
    let (host, mut alice) = with_alice(on);
    let _helper = host.start_helper();
    let path = format!("{USERS}/{file}");
    host.must(&format!("printf '\\{number:03o}' | dd of={path} bs=1 seek={place} conv=notrunc status=none"));
    let before = sums(&host);
    let said = host.syslog().lines_of(|| {
        is_closed(&host, &alice.fresh_code(&host));
        is_closed(&host, &alice.recovery_codes[0]);
    });
    assert!(said.iter().any(|line| line.is_authpriv_with(&[&path, NEWER])), "{said:?}");
    for words in COMMANDS {
        is_refused(&host, words);
    }
    let own =
        host.wardkey_as("alice", &["recovery-codes"], &format!("{PASSWORD}\n{}\n", alice.fresh_code(&host)));
    assert_ne!(own.code(), Some(0), "{own:?}");
    host.must("sed -i s/^alice:/boris:/ /etc/passwd /etc/shadow");
    is_refused(&host, &["rename", "alice", "boris", "--verified-by", "passport"]);
    assert_eq!(sums(&host), before);
    "closed; log and command name file and remedy; left"
}

fn is_refused(host: &Host, words: &[&str]) {
    let refused = host.wardkey(words, "");
    assert_ne!(refused.code(), Some(0), "{words:?}: {refused:?}");
    assert!(
        refused.stderr.contains(NEWER) && refused.stderr.contains("or a newer one"),
        "{words:?}: {refused:?}"
    );
}

fn key(on: Release) -> &'static str {
    let (host, mut alice) = with_alice(on);
    let _helper = host.start_helper();
    let text = host.read(CONFIG);
    host.write(CONFIG, format!("invented_later = 1\n{text}"));
    let code = alice.fresh_code(&host);
    let unasked = Script::new(ALONE, "alice");
    assert_eq!(host.pam(&unasked).result(), PamResult::ServiceErr);
    assert!(!host.pam_as("alice", &unasked).accepted());
    let place = format!("{CONFIG}, line 1, key `invented_later`: unknown key");
    assert!(host.syslog().text().contains(&place), "{}", host.syslog().text());
    assert!(host.wardkey(&["config", "check"], "").exits(3).stderr.contains(&place));
    host.write(CONFIG, text);
    assert!(host.types("alice", &code).accepted(), "{}", host.syslog().text());
    "closed; log and command name file, line and key"
}

fn question_to_the_helper(on: Release) -> &'static str {
    let (host, _alice) = with_alice(on);
    let _helper = host.start_helper();
    let mut later = question("alice", json!("ask"));
    later["version"] = json!(VERSION + 1);
    later["more"] = json!({"than": "is known"});
    let answer = told(&host, "alice", &[json!({"open": 1}), json!({"frame": later}), json!({"read": true})]);
    assert_eq!(answer, [json!({"denied": "version"})]);
    "denied, in the form that every version reads"
}

fn helper_that_denies(on: Release) -> &'static str {
    let (host, mut alice) = with_alice(on);
    let _helper = host.start_other_helper();
    let code = alice.fresh_code(&host);
    let refused = host.pam_as("alice", &Script::new(ALONE, "alice"));
    assert_eq!((refused.result(), refused.cannot_check()), (PamResult::AuthErr, true), "{refused:?}");
    assert!(refused.messages().contains(SUPPORT), "{refused:?}");
    assert!(host.syslog().text().contains("version"), "{}", host.syslog().text());
    let own = host.wardkey_as("alice", &["recovery-codes"], &format!("{PASSWORD}\n{code}\n"));
    assert!(own.code() != Some(0) && own.stderr.contains("version"), "{own:?}");
    assert!(host.types("alice", &code).accepted(), "it is not spent");
    "closed; the person reads whom to call, the log why"
}

fn journal(on: Release) -> &'static str {
    let (host, _alice) = with_alice(on);
    host.must("install -d -m 700 /var/lib/wardkey/enabled");
    host.write(JOURNAL, "{\"form\": 2, \"more\": 1}");
    host.must(&format!("chmod 600 {JOURNAL}"));
    let before = sums(&host);
    for words in [&["disable", "--all"][..], &["enable", "sudo", "--no-revert"], &["enable", "--put-back"]] {
        let refused = host.wardkey(words, "");
        assert!(refused.code() != Some(0) && refused.stderr.contains(JOURNAL), "{words:?}: {refused:?}");
        assert!(on == Release::Previous || refused.stderr.contains(NEWER), "{words:?}: {refused:?}");
    }
    assert_eq!(sums(&host), before);
    "no service is switched; the command names the file; left"
}

fn grace(on: Release) -> &'static str {
    let host = Host::made_by(on, "[service.locker]\nunlock_grace = \"12h\"\n");
    let after =
        "auth requisite pam_unix.so nodelay\nauth [success=ok ignore=ignore default=die] pam_wardkey.so\n";
    host.service("locker", after);
    let mut alice = host.person("alice");
    let mut desk = Seat::new(&host, host.uid("alice"));
    desk.logs_in(&mut alice);
    desk.reopens("alice");
    raise_the_number(&host, "/run/wardkey/grace/alice/*");
    desk.is_asked("alice");
    desk.shows_both(&mut alice);
    desk.reopens("alice");
    "a code is asked for"
}

fn note(on: Release) -> &'static str {
    let raised = |host: &Host, _: &Listening| raise_the_number(host, "/run/wardkey/grace/.recovery/*");
    assert!(replaces_by_the_password(on, |_, _| ()) && !replaces_by_the_password(on, raised));
    "`replace` asks for a code"
}

fn misses(on: Release) -> &'static str {
    let raised = |host: &Host, _: &Listening| raise_the_number(host, "/run/wardkey/grace/.misses/*");
    assert!(compares(on, 1, |_, _| ()) && !compares(on, 1, raised));
    "nothing is compared"
}
