//! What `pam_stack` says of random services, held against libpam itself.

use wardkey_tests::machine::host::Host;
use wardkey_tests::programs::pam::{Door, Event, PamResult, Script};
use wardkey_tests::proof::random_stacks::{files, told};

use pam_stack::{Kind, Reader, Root, Service, ways};

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

fn asked(host: &Host, names: &[String]) -> Vec<Answer> {
    let scripts: Vec<_> = names.iter().map(|name| Script::new(name, "root").doors(&DOORS)).collect();
    let output = host.pam_command(&scripts).output().expect("pamclient");
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
    let service = Service::load(root, name, Reader::Fixed);
    let result = |kind| {
        let ways = ways(service.stack(kind), (), |_, line, ()| vec![(told(line), ())]).expect("few ways");
        let [way] = &ways[..] else { panic!("{} ways where each module has one answer", ways.len()) };
        PamResult::from_number(i32::from(way.result.number()))
    };
    (!service.is_refused).then(|| [Kind::Auth, Kind::Account].map(result))
}
