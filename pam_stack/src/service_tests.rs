use super::*;
use crate::testing::{machine, service};

fn troubles(text: &str) -> Vec<(usize, Trouble)> {
    service(text, &[]).remarks.into_iter().map(|remark| (remark.place.line, remark.trouble)).collect()
}

#[test]
fn each_mistake_is_named_with_its_line() {
    for (text, trouble) in [
        ("auht required pam_unix.so\n", Trouble::UnknownKind("auht".into())),
        ("auth\n", Trouble::NoControl),
        ("auth required\n", Trouble::NoModule),
        ("auth require pam_unix.so\n", Trouble::InvalidControl("require".into())),
        ("auth include\n", Trouble::NoIncludedName),
        ("auth include nothing\n", Trouble::NotIncluded("nothing".into())),
        ("auth substack s\n", Trouble::TooDeep("s".into())),
        ("@include nothing\n", Trouble::NotIncludedAtAll("nothing".into())),
        ("auth [success=1 default=ignore] pam_unix.so\n", Trouble::JumpTooFar),
    ] {
        let remarks = troubles(&format!("# why\n{text}"));
        assert!(remarks.contains(&(2, trouble.clone())), "{text}: {remarks:?}");
    }
    assert_eq!(troubles("auth required pam_unix.so \\"), [(0, Trouble::Unfinished)]);
    assert_eq!(troubles("auth required pam_unix.so\n"), []);
}

#[test]
fn what_libpam_gives_up_is_refused() {
    for text in ["@include nothing\n", "@include\n", "auth required pam_permit.so \\", "@include s\n"] {
        assert!(service(text, &[]).is_refused, "{text}");
    }
    assert!(!service("auth include nothing\n", &[]).is_refused);
}

#[test]
fn what_nobody_can_look_through_is_named() {
    let many = "auth optional pam_x.so\n".repeat(1001);
    let service = service(&many, &[]);
    assert!(service.is_refused);
    assert_eq!(service.remarks.last().map(|remark| &remark.trouble), Some(&Trouble::TooManyLines));
}

#[test]
fn other_answers_for_what_a_service_leaves_out() {
    let here = service("account required pam_unix.so\n", &[]);
    assert_eq!(here.stack(Kind::Auth)[0].module_name(), Some("pam_deny.so"));
    assert!(here.comes_from_other(Kind::Auth) && !here.comes_from_other(Kind::Account));
    let (_directory, root) = machine(&[("/etc/pam.d/other", "auth required pam_warn.so\n")]);
    let there_is_none = Service::load(&root, "s", Reader::Growing);
    assert_eq!((there_is_none.is_there, there_is_none.is_refused), (false, false));
    assert_eq!(there_is_none.stack(Kind::Auth)[0].module_name(), Some("pam_warn.so"));
}

#[test]
fn the_first_directory_wins_and_capitals_do_not_matter() {
    let vendor = "auth required pam_permit.so\n";
    let files = [("/usr/lib/pam.d/s", vendor), ("/etc/pam.d/other", ""), ("/usr/share/pam.d/t", vendor)];
    let (_directory, root) =
        machine(&[&files[..], &[("/etc/pam.d/s", "auth required pam_deny.so\n")]].concat());
    let module = |name| {
        Service::load(&root, name, Reader::Growing).stack(Kind::Auth)[0].module_name().map(str::to_owned)
    };
    assert_eq!(module("S").as_deref(), Some("pam_deny.so"));
    assert_eq!(module("/some/where/t").as_deref(), Some("pam_permit.so"));
    assert_eq!(root.all_of("s").len(), 2);
    assert_eq!(root.names().expect("names"), ["other", "s", "t"]);
}

#[test]
fn without_directories_the_one_file_of_old_is_read() {
    let text =
        "s auth required pam_unix.so\nOTHER auth required pam_deny.so\nt auth required pam_permit.so\n";
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::create_dir(directory.path().join("etc")).expect("made");
    std::fs::write(directory.path().join("etc/pam.conf"), text).expect("written");
    let root = Root::new(directory.path());
    let module = |name| {
        Service::load(&root, name, Reader::Growing).stack(Kind::Auth)[0].module_name().map(str::to_owned)
    };
    assert_eq!(module("s").as_deref(), Some("pam_unix.so"));
    assert_eq!(module("u").as_deref(), Some("pam_deny.so"));
}

#[test]
fn what_is_no_plain_file_is_named_and_never_waited_for() {
    let (directory, root) = machine(&[("/etc/pam.d/other", "auth required pam_deny.so\n")]);
    let place = directory.path().join("etc/pam.d");
    std::fs::create_dir(place.join("directory")).expect("made");
    let fifo = std::ffi::CString::new(place.join("fifo").to_str().expect("plain")).expect("plain");
    let made =
        std::process::Command::new("mkfifo").arg(fifo.to_str().expect("plain")).status().expect("mkfifo");
    assert!(made.success());
    std::fs::write(place.join("large"), vec![b'\n'; usize::try_from(crate::MAX_FILE).expect("small") + 1])
        .expect("made");
    std::os::unix::fs::symlink("/nothing", place.join("link")).expect("made");
    for (name, trouble, is_refused) in [
        ("directory", Some(Trouble::Directory), false),
        ("fifo", Some(Trouble::NotAFile), true),
        ("large", Some(Trouble::TooLarge), true),
        ("link", None, false),
    ] {
        let service = Service::load(&root, name, Reader::Growing);
        assert_eq!(service.remarks.first().map(|remark| remark.trouble.clone()), trouble, "{name}");
        assert_eq!(service.is_refused, is_refused, "{name}");
    }
}
