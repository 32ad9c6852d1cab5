//! PAM's service files: any bytes are read, and every way through what is read holds together.

use std::fs;

use pam_stack::{Kind, Reader, Root, Service, modules, ways};

/// The files of the service, and what it can include.
const NAMES: [&str; 4] = ["s", "a", "b", "other"];

pub(super) fn run(input: &[u8]) {
    let directory = tempfile::tempdir().expect("a directory");
    let place = directory.path().join("etc/pam.d");
    fs::create_dir_all(&place).expect("made");
    for (name, text) in NAMES.iter().zip(input.split(|byte| *byte == 0xff)) {
        fs::write(place.join(name), text).expect("written");
    }
    let root = Root::new(directory.path());
    for reader in [Reader::Fixed, Reader::Growing] {
        let service = Service::load(&root, "s", reader);
        let is_placed = |line: usize| line <= input.iter().filter(|byte| **byte == b'\n').count() + 1;
        assert!(service.remarks.iter().all(|remark| is_placed(remark.place.line)), "{:?}", service.remarks);
        if !service.is_refused {
            Kind::ALL.into_iter().for_each(|kind| holds(&service, kind));
        }
    }
}

/// Each witness, taken again, ends as it says.
fn holds(service: &Service, kind: Kind) {
    let stack = service.stack(kind);
    let all = ways(stack, (), |_, line, ()| {
        modules::answers(line).into_iter().map(|result| (result, ())).collect()
    });
    let Ok(all) = all else { return };
    assert!(!all.is_empty(), "every stack ends");
    for way in all {
        assert!(way.steps.is_sorted_by_key(|step| step.line), "{way:?}");
        let again = ways(stack, (), |number, line, ()| {
            let step = way.steps.iter().find(|step| step.line == number);
            vec![(step.map_or_else(|| modules::answers(line)[0], |step| step.result), ())]
        });
        let again = again.expect("one way alone");
        assert_eq!(again.first().map(|again| again.result), Some(way.result), "{way:?}");
    }
}
