//! Further files of the configuration, in the directory beside it: what they say holds at real logins, and one that does not
//! load refuses as the configuration itself does.

use wardkey_tests::machine::host::{ALONE, CODE, CONFIG, Host};
use wardkey_tests::programs::pam::{IGNORED, PamResult, Script, Transcript};
use wardkey_tests::proof::outcome::run;

const DIR: &str = "/etc/wardkey/wardkey.toml.d";

fn host() -> Host {
    let host = Host::with_config("[throttle]\nfirst_wait = \"30m\"\nlongest_wait = \"30m\"\n");
    host.must(&format!("mkdir {DIR}"));
    host
}

fn exempt(user: &str) -> String {
    format!(
        "[[exempt]]\nuser = \"{user}\"\nreason = \"display\"\napproved_by = \"Dr Roy\"\nuntil = 2099-01-01\n"
    )
}

fn put(host: &Host, name: &str, text: &str) {
    host.write(&format!("{DIR}/{name}"), text);
}

/// What a login ends with in which nothing is typed.
fn unasked(host: &Host, name: &str) -> PamResult {
    host.pam(&Script::new(ALONE, name)).result()
}

#[test]
fn layers_count_at_logins_exemptions_joined_and_lists_replaced() {
    let host = host();
    for name in ["bob", "carol", "dora"] {
        host.add_account(name);
    }
    let mut alice = host.person("alice");
    host.append(CONFIG, &format!("[policy]\ngroups = [\"some\"]\n{}", exempt("bob")));
    host.append("/etc/group", "some:x:5000:dora\nmore:x:5001:alice,bob,carol");
    assert_eq!(unasked(&host, "alice"), IGNORED);
    put(&host, "50-more.toml", &format!("[policy]\ngroups = [\"more\"]\n{}", exempt("carol")));
    // Bob by the file, carol by the layer, dora by the list that replaced hers.
    for name in ["bob", "carol", "dora"] {
        assert_eq!(unasked(&host, name), IGNORED, "{name}");
    }
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "{}", host.syslog().text());
    assert_eq!(host.types("alice", "000000").result(), PamResult::AuthErr);
    // The later name has the last word, by bytes, and hidden files have none.
    put(&host, "9.toml", "[policy]\ngroups = [\"some\"]\n");
    put(&host, ".99.toml", "nonsense");
    assert_eq!(unasked(&host, "alice"), IGNORED);
}

#[test]
fn a_layer_that_does_not_load_refuses_by_file_line_and_key() {
    let host = host();
    let mut alice = host.person("alice");
    for (text, said) in [
        ("\n[totp]\ndigits = 7\n", ", line 3, key `digits`: "),
        ("[totp\n", ", line 1"),
        ("suport = \"x\"\n", ", line 1, key `suport`: unknown key"),
        (
            "# only the whole is wrong\n[throttle]\nfirst_wait = \"1h\"\n",
            ", line 3, key `throttle.first_wait`: ",
        ),
    ] {
        put(&host, "50.toml", text);
        // What comes later mends nothing.
        put(&host, "60.toml", "[totp]\ndigits = 8\n");
        let named = format!("{DIR}/50.toml{said}");
        assert_eq!(unasked(&host, "alice"), PamResult::ServiceErr, "{text}");
        assert!(host.syslog().text().contains(&named), "{named}: {}", host.syslog().text());
        let found = host.wardkey(&["config", "check"], "").exits(3);
        assert!(found.stderr.contains(&named), "{found:?}");
    }
    host.must(&format!("rm {DIR}/50.toml"));
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "{}", host.syslog().text());
}

#[test]
fn what_is_not_roots_own_file_refuses_and_comes_with_its_cure() {
    let host = host();
    host.person("alice");
    host.add_account("bob");
    let file = format!("{DIR}/50.toml");
    for (breaks, place, cure, mends) in [
        ("ln -s /none F", "/none is missing", "rm F", "rm F"),
        ("mkdir F", "F: is not a regular file", "mv F F.old", "rmdir F"),
        ("mkfifo F", "F: is not a regular file", "mv F F.old", "rm F"),
        ("touch F && chown bob F", "F: belongs to uid", "chown root F", "chown root F"),
        ("chmod 666 F", "F: has mode 0666", "chmod go-w F", "chmod go-w F"),
        ("ln F /etc/wardkey/other", "F: has a second hard link", "cp F F.new", "rm /etc/wardkey/other"),
        ("chmod 777 D", "D: has mode 0777", "chmod go-w D", "chmod go-w D"),
        ("chown bob D", "D: belongs to uid", "chown root D", "chown root D"),
        ("mv D D.away && touch D", "D: is not a directory", "mv D D.old", "rm D && mv D.away D"),
        ("mv D D.away && ln -s D.away D", "D: is a symbolic link", "mv D D.old", "rm D && mv D.away D"),
        ("for n in $(seq 65); do touch D/$n.toml; done", "D: holds more than 64 files", ".toml", "rm D/*"),
        ("head -c 263000 /dev/zero | tr '\\0' '#' >F", "F: is too large", "256 KiB", "rm F"),
    ] {
        // `F` and `D` stand for file and directory, and for nothing else in these lines.
        let in_place = |text: &str| text.replace('D', DIR).replace('F', &file);
        let [breaks, place, cure, mends] = [breaks, place, cure, mends].map(in_place);
        host.must(&breaks);
        assert_eq!(unasked(&host, "alice"), PamResult::ServiceErr, "{breaks}");
        let found = host.wardkey(&["config", "check"], "").exits(3);
        let said = found.stderr;
        assert!(said.contains(&place) && said.contains(&cure), "{breaks}: {said}");
        host.must(&mends);
        assert_eq!(
            host.types("bob", "123456").result(),
            PamResult::AuthErr,
            "{mends}: {}",
            host.syslog().text()
        );
    }
}

#[test]
fn a_link_of_roots_is_read_as_on_nixos() {
    let host = host();
    host.add_account("bob");
    host.write("/var/lib/hash.toml", exempt("bob"));
    host.must(&format!("ln -s /var/lib/hash.toml {DIR}/50.toml"));
    assert_eq!(unasked(&host, "bob"), IGNORED);
    host.must(&format!("chown -h games {DIR}/50.toml"));
    assert_eq!(unasked(&host, "bob"), PamResult::ServiceErr);
}

#[test]
fn peoples_programs_must_be_able_to_read_each_layer() {
    let host = host();
    let mut alice = host.person("alice");
    put(&host, "50.toml", "issuer = \"x\"\n");
    let _helper = host.start_helper();
    let comes_in =
        |code: String| host.pam_as("alice", &Script::new(ALONE, "alice").types(CODE, code)).accepted();
    assert!(comes_in(alice.fresh_code(&host)), "{}", host.syslog().text());
    for (path, closed, cure) in [
        (format!("{DIR}/50.toml"), "600", format!("chmod a+r {DIR}/50.toml")),
        (DIR.to_owned(), "700", format!("chmod a+rx {DIR}")),
        (DIR.to_owned(), "711", format!("chmod a+rx {DIR}")),
    ] {
        host.must(&format!("chmod {closed} {path}"));
        assert!(!host.pam_as("alice", &Script::new(ALONE, "alice")).accepted(), "{path} {closed}");
        let found = host.wardkey(&["config", "check"], "").exits(3);
        assert!(found.stderr.contains(&cure), "{closed}: {found:?}");
        let doctor = host.wardkey(&["doctor"], "");
        assert!(doctor.stdout.contains(&cure), "{closed}: {doctor:?}");
        host.must(&cure);
        host.wardkey(&["config", "check"], "").exits(0);
    }
    // The helper reads what is there at each question.
    put(&host, "60.toml", &exempt("alice"));
    assert_eq!(host.pam_as("alice", &Script::new(ALONE, "alice")).result(), IGNORED);
}

#[test]
fn without_such_a_directory_a_login_makes_one_system_call_more() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let script = Script::new(ALONE, "alice").types(CODE, alice.fresh_code(&host));
    let strace = ["strace", "-f", "-qq", "-o", "/var/trace", "-e", "trace=all"];
    let login = Transcript::read(&run(&mut host.under(&strace, &host.pam_command(&[script])), b"").stdout);
    assert!(login.accepted(), "{login:#?}");
    let trace = host.read("/var/trace");
    let about: Vec<&str> = trace.lines().filter(|line| line.contains("wardkey.toml.d")).collect();
    assert!(about.len() == 1 && about[0].contains("ENOENT"), "{about:#?}");
}

#[test]
fn config_check_prints_where_each_key_was_set() {
    let host = host();
    host.write(CONFIG, "support = \"x\"\n[totp]\ndigits = 8\n");
    put(&host, "50.toml", "[totp]\n\nwindow = 2\n[service.SSHD]\nenroll = true\n");
    let said = host.wardkey(&["config", "check"], "").exits(0).stdout;
    for line in [
        format!("support = \"x\"  # {CONFIG}, line 1"),
        "period = 30  # built in".to_owned(),
        format!("digits = 8  # {CONFIG}, line 3"),
        format!("window = 2  # {DIR}/50.toml, line 3"),
        format!("enroll = true  # {DIR}/50.toml, line 5"),
    ] {
        assert!(said.lines().any(|own| own == line), "{line}: {said}");
    }
    let json = host.json(&["config", "check"], "");
    let origins = &json["origins"];
    assert_eq!(
        (&origins["totp.window"]["file"], &origins["totp.window"]["line"]),
        (&format!("{DIR}/50.toml").into(), &3.into())
    );
    assert_eq!(origins["service.sshd.enroll"]["line"], 5);
    assert!(origins["totp.period"].is_null() && origins.get("totp.period").is_some(), "{origins}");
    // A group is named where it stands.
    put(&host, "60.toml", "\n[policy]\ngroups = [\"none-such\"]\n");
    let found = host.wardkey(&["config", "check"], "").exits(3);
    assert!(found.stderr.contains(&format!("{DIR}/60.toml, line 3, key `policy.groups`")), "{found:?}");
    let mut edit = host.wardkey_command(&["config", "edit", "60"]);
    run(edit.env("EDITOR", "sed -i s/none-such/root/"), b"").exits(0);
    host.wardkey(&["config", "check"], "").exits(0);
}
