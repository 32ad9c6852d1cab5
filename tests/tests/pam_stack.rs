//! What `pam_stack` says of random services and of single modules, held against libpam itself.
//!
//! `make libpam` does the same with Debian 13's libpam, whose directory `WARDKEY_LIBPAM` names.

use wardkey_tests::machine::host::Host;
use wardkey_tests::programs::pam::{Door, Event, PamResult, Script};
use wardkey_tests::proof::random_stacks::{files, told};

use pam_stack::{Kind, Reader, Root, Service, modules, ways};
use std::env;
use std::path::PathBuf;

const DOORS: [Door; 2] = [Door::Auth, Door::Account];
/// As many as fit into one argument of a program.
const BATCH: usize = 250;

/// What an application gets: nothing at all, or a result at either door.
type Answer = Option<[PamResult; 2]>;

#[test]
fn it_says_what_libpam_says() {
    let host = Host::bare();
    host.write("/etc/pam.d/whole", "auth required pam_debug.so\naccount required pam_debug.so\n");
    let root = Root::new(host.path("/"));
    let mut dice = fastrand::Rng::with_seed(5);
    let mut refused = 0;
    for batch in 0..40 {
        let names: Vec<_> = (0..BATCH).map(|number| format!("random-{batch}-{number}")).collect();
        for name in &names {
            for (file, text) in files(&mut dice, name) {
                host.write(&format!("/etc/pam.d/{file}"), text);
            }
        }
        for (name, from_libpam) in names.iter().zip(asked(&host, &names)) {
            let names = || root.names().expect("names").into_iter().filter(|file| file.starts_with(name));
            let texts =
                || names().map(|file| format!("{file}:\n{}", host.read(&format!("/etc/pam.d/{file}"))));
            assert_eq!(said(&root, name), from_libpam, "{}", texts().collect::<String>());
            refused += usize::from(from_libpam.is_none());
        }
    }
    assert!((100..5000).contains(&refused), "{refused} refused: the files are too plain or too odd");
}

/// Debian's libpam looks for what is included in `/etc/pam.d` alone, and for services in `/usr/lib/pam.d` too.
#[test]
fn debians_libpam_includes_from_one_directory() {
    let host = Host::bare();
    let root = tempfile::tempdir().expect("a directory");
    for (name, target) in [("usr", PathBuf::from("/usr")), ("etc", host.path("/etc"))] {
        std::os::unix::fs::symlink(target, root.path().join(name)).expect("a link");
    }
    let vendors = "systemd-user";
    host.must(&format!("test -e /usr/lib/pam.d/{vendors} -a ! -e /etc/pam.d/{vendors}"));
    host.service("one", "auth required pam_debug.so\naccount required pam_permit.so\n");
    for (name, how) in [
        ("by-include", format!("account include {vendors}\n")),
        ("by-substack", format!("account substack {vendors}\n")),
        ("by-at-include", format!("@include {vendors}\n")),
        ("by-path", format!("account include /usr/lib/pam.d/{vendors}\n")),
        ("by-name", "@include one\n".to_owned()),
    ] {
        host.service(name, &format!("auth required pam_debug.so\naccount required pam_permit.so\n{how}"));
        let names = [name.to_owned()];
        let said = Service::load(&Root::new(root.path()), name, reader());
        let answers = [Kind::Auth, Kind::Account].map(|kind| {
            let ends = ways(said.stack(kind), (), |_, _, ()| vec![(pam_stack::PamResult::Success, ())]);
            PamResult::from_number(i32::from(ends.expect("few ways")[0].result.number()))
        });
        let expected = asked(&host, &names).remove(0);
        assert_eq!((!said.is_refused).then_some(answers), expected, "{name}: {:?}", said.remarks);
    }
}

/// Lines that show what a module itself answered: whatever it was, or that it stood aside.
fn alone(module: &str) -> String {
    format!(
        "auth [success=done ignore=ignore default=bad] {module}\nauth [default=bad] pam_debug.so auth=conv_again\n"
    )
}

/// Every module that is installed here, with what arguments make of it: its answer is one that the table allows.
#[test]
fn the_table_allows_what_modules_answer() {
    let host = Host::bare();
    host.write("/etc/list", "root\n");
    host.write("/etc/none", "nobody-else\n");
    let installed = host.shell("ls /usr/lib/*-linux-*/security").stdout;
    let installed = installed.lines().filter(|name| name.ends_with(".so") && !is_left_out(name));
    let with = [
        "",
        "nullok",
        "uid = 0",
        "uid > 0",
        "user ingroup root",
        "item=user sense=allow file=/etc/list",
        "trust",
        "root_only",
        "item=user sense=allow file=/etc/none",
        "item=user sense=deny file=/etc/none",
        "isregular",
        "issystem",
        "Hello",
        "successok",
        "preauth",
        "authfail",
        "authsucc",
        "file=/etc/list",
        "/bin/true",
        "auth=success",
        "auth=ignore",
        "auth=cred_err",
        "use_uid",
        "readenv=1",
        "inactive=1",
        "use_first_pass",
        "require_selinux",
    ];
    let lines = installed.flat_map(|module| with.map(|arguments| format!("{module} {arguments}")));
    let named: Vec<_> = lines.enumerate().map(|(number, line)| (format!("alone-{number}"), line)).collect();
    named.iter().for_each(|(name, line)| host.service(name, &alone(line)));
    let root = Root::new(host.path("/"));
    let mut wrong = Vec::new();
    for batch in named.chunks(BATCH) {
        let names: Vec<_> = batch.iter().map(|(name, _)| name.clone()).collect();
        for ((name, line), answer) in batch.iter().zip(asked(&host, &names)) {
            let service = Service::load(&root, name, reader());
            let first = &service.stack(Kind::Auth)[0];
            let allowed = modules::answers(first);
            let numbers = allowed.iter().map(|result| i32::from(result.number()));
            let answer = answer.map(|[auth, _]| auth).map(|auth| match auth {
                PamResult::Other(30) => PamResult::Ignore,
                other => other,
            });
            if !numbers.map(PamResult::from_number).any(|result| Some(result) == answer) {
                wrong.push(format!("{line}: {answer:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// `pam_oath` crashes where it is given no file of users.
fn is_left_out(name: &str) -> bool {
    name.contains("wardkey") || name == "pam_oath.so"
}

/// Where another libpam lies than this machine's.
fn other_libpam() -> Option<PathBuf> {
    env::var_os("WARDKEY_LIBPAM").map(PathBuf::from)
}

fn reader() -> Reader {
    if other_libpam().is_some() { Reader::Growing } else { Reader::Fixed }
}

fn asked(host: &Host, names: &[String]) -> Vec<Answer> {
    let scripts: Vec<_> = names.iter().map(|name| Script::new(name, "root").doors(&DOORS)).collect();
    let mut command = host.pam_command(&scripts);
    other_libpam().map(|place| command.env("LD_LIBRARY_PATH", place));
    let output = command.output().expect("pamclient");
    let events: Vec<Event> = output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).expect("an event"))
        .collect();
    let answers: Vec<_> = events.split(|event| matches!(event, Event::End { .. })).map(answer).collect();
    assert_eq!(answers.len(), names.len() + 1, "pamclient ended early: {:?}", output.status);
    answers.into_iter().take(names.len()).collect()
}

fn answer(events: &[Event]) -> Answer {
    let results = events.iter().filter_map(|event| match event {
        Event::Door { result, .. } => Some(*result),
        _ => None,
    });
    results.collect::<Vec<_>>().try_into().ok()
}

fn said(root: &Root, name: &str) -> Answer {
    let service = Service::load(root, name, reader());
    let result = |kind| {
        let ways = ways(service.stack(kind), (), |_, line, ()| vec![(told(line), ())]).expect("few ways");
        let [way] = &ways[..] else { panic!("{} ways where each module has one answer", ways.len()) };
        PamResult::from_number(i32::from(way.result.number()))
    };
    (!service.is_refused).then(|| [Kind::Auth, Kind::Account].map(result))
}
