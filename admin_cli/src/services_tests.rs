//! Where our line stands in the stacks of services.

use super::*;

fn services(files: &[(&str, &str)]) -> Services {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("etc/pam.d");
    std::fs::create_dir_all(&place).unwrap();
    files.iter().for_each(|(name, text)| std::fs::write(place.join(name), text).unwrap());
    of(&Root::new(directory.path())).0
}

fn found(files: &[(&str, &str)]) -> Option<(String, usize, String, BadLine)> {
    let misplaced = services(files).misplaced()?;
    let file = misplaced.file.strip_prefix("/etc/pam.d").unwrap().display().to_string();
    Some((file, misplaced.number, misplaced.service, misplaced.wrong))
}

const START: &str = "auth optional pam_wardkey.so start\n";
const ASKS: &str = "auth requisite pam_wardkey.so\n";

#[test]
fn the_first_auth_line_is_its_place() {
    for text in [
        format!("# a key\n\naccount required pam_unix.so\n{START}@include common\n{ASKS}"),
        format!("-auth\toptional\t/usr/lib/security/pam_wardkey.so\tstart # first\n{ASKS}"),
        format!("auth OPTIONAL \\\n  pam_wardkey.so start\n{ASKS}"),
        format!("@include nothing\n{START}"),
        ASKS.to_owned(),
    ] {
        assert_eq!(found(&[("sudo", &text), ("common", "auth required pam_unix.so\n")]), None, "{text}");
    }
}

#[test]
fn anywhere_else_it_is_named_with_its_line() {
    for (text, number, wrong) in [
        (format!("{ASKS}{START}"), 2, BadLine::Place),
        (format!("#\n@include common\n{START}{ASKS}"), 3, BadLine::Place),
        (format!("auth substack common\n{START}"), 2, BadLine::Place),
        (format!("auth [default=ignore] pam_x.so\n\n{START}"), 3, BadLine::Place),
        (format!("{START}{START}"), 2, BadLine::Place),
        ("auth required pam_wardkey.so start\n".to_owned(), 1, BadLine::Control),
        ("auth [default=ignore] pam_wardkey.so start\n".to_owned(), 1, BadLine::Control),
        ("account optional pam_wardkey.so start\n".to_owned(), 1, BadLine::Kind),
        ("auth optional pam_wardkey.so debug start\n".to_owned(), 1, BadLine::Arguments),
    ] {
        let files = [("sudo", text.as_str()), ("common", "auth required pam_unix.so\n")];
        assert_eq!(found(&files), Some(("sudo".into(), number, "sudo".into(), wrong)), "{text}");
    }
}

#[test]
fn an_included_file_is_looked_at_where_it_is_included() {
    let common = format!("{START}auth required pam_unix.so\n");
    assert_eq!(found(&[("common", &common), ("sshd", "@include common\n")]), None);
    for sshd in
        ["auth required pam_env.so\n@include common\n", "auth required pam_env.so\nauth include common\n"]
    {
        let expected = ("common".to_owned(), 1, "sshd".to_owned(), BadLine::Place);
        assert_eq!(found(&[("common", &common), ("sshd", sshd)]), Some(expected), "{sshd}");
    }
    assert_eq!(
        found(&[("common", &common), ("cron", "auth required pam_env.so\nsession include common\n")]),
        None
    );
    assert_eq!(found(&[("loop", "@include loop\n")]), None, "a file that names itself ends");
}

#[test]
fn only_an_auth_line_of_ours_without_forward_pass_asks_apart() {
    for (text, apart) in [
        ("auth required pam_wardkey.so", true),
        ("-auth\trequired\t/usr/lib/security/pam_wardkey.so debug", true),
        ("auth [success=ok  default=die] pam_wardkey.so", true),
        ("auth required \\\n pam_wardkey.so", true),
        ("@include ours", true),
        ("auth include ours", true),
        ("auth substack ours", true),
        ("auth requisite pam_wardkey.so forward_pass", false),
        ("auth [success=ok default=die] pam_wardkey.so debug forward_pass", false),
        ("auth optional pam_wardkey.so start", false),
        ("# auth required pam_wardkey.so", false),
        ("account required pam_wardkey.so", false),
        ("account include ours", false),
        ("@include kde", false),
        ("@include missing", false),
        ("", false),
    ] {
        let all = services(&[("kde", text), ("ours", "auth required pam_wardkey.so\n")]);
        assert_eq!(all.asks_apart("kde"), apart, "{text}");
    }
}

#[test]
fn those_that_ask_are_programs_and_not_the_files_that_they_include() {
    let common = format!("auth required pam_unix.so\n{ASKS}");
    let files = [
        ("common-auth", common.as_str()),
        ("login", "@include common-auth\n"),
        ("i3lock", "auth include login\n"),
        ("sshd", "auth required pam_unix.so\n"),
        ("cron", START),
    ];
    let services = services(&files);
    assert_eq!(services.asking(), ["i3lock", "login"]);
    assert_eq!((services.nearest("shd"), services.nearest("common-aut")), (Some("sshd"), None));
}

#[test]
fn jobs_and_changes_of_passwords_ask_nobody_by_the_profile() {
    for stock in crate::profile::tests::DEBIANS {
        let mut root = crate::profile::tests::machine(stock);
        let files = [
            ("cron", "@include common-auth\n@include common-account\n"),
            ("passwd", "@include common-password\n"),
            ("systemd-user", "@include common-account\n@include common-session-noninteractive\n"),
        ];
        for (name, text) in files {
            root.lay(format!("/etc/pam.d/{name}"), Some(text.as_bytes().to_vec()));
        }
        let (services, _) = of(&root);
        let asking = services.asking_people();
        assert!(["login", "sshd", "su", "sudo"].iter().all(|name| asking.contains(name)), "{asking:?}");
        assert!(files.iter().all(|(name, _)| !asking.contains(name)), "{stock}: {asking:?}");
    }
}
