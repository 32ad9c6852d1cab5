//! PAM's service files: any bytes are read, every way through what is read holds together, and the ways of small stacks
//! are those that trying every answer finds.

use std::collections::BTreeSet;
use std::fs;

use pam_stack::{Action, Kind, Line, Module, PamResult, Reader, Root, Service, modules, ways};

/// The files of the service, what it can include, and the library that reads them.
const PATHS: [&str; 5] = ["etc/pam.d/s", "etc/pam.d/a", "etc/pam.d/b", "etc/pam.d/other", "lib/libpam.so.0"];

pub(super) fn run(input: &[u8]) {
    let directory = tempfile::tempdir().expect("a directory");
    for place in ["etc/pam.d", "lib"] {
        fs::create_dir_all(directory.path().join(place)).expect("made");
    }
    for (path, text) in PATHS.iter().zip(input.split(|byte| *byte == 0xff)) {
        fs::write(directory.path().join(path), text).expect("written");
    }
    let root = Root::new(directory.path());
    for reader in [Reader::Fixed, Reader::Growing] {
        let service = Service::load(&root, "s", reader);
        let is_placed = |line: usize| line <= input.iter().filter(|byte| **byte == b'\n').count() + 1;
        assert!(service.remarks.iter().all(|remark| is_placed(remark.place.line)), "{:?}", service.remarks);
        if !service.is_refused {
            Kind::ALL.into_iter().for_each(|kind| holds(&service, kind));
            Kind::ALL.into_iter().for_each(|kind| agrees(service.stack(kind)));
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

/// The most lines of a stack of which every answer is tried.
const SMALL: usize = 7;

/// What `ways` finds is what libpam's loop comes to by one answer a line, whichever these are.
fn agrees(lines: &[Line]) {
    if lines.len() > SMALL {
        return;
    }
    let answers = |line: &Line| match &line.module {
        Module::Named(_) => {
            let answers = modules::answers(line).into_iter();
            let few = [PamResult::Success, PamResult::Ignore, PamResult::AuthErr];
            let few: Vec<_> = answers.clone().filter(|answer| few.contains(answer)).collect();
            if few.is_empty() { answers.collect() } else { few }
        }
        Module::Fails | Module::Substack(_) => vec![PamResult::PermDenied],
    };
    let all = ways(lines, (), |_, line, ()| answers(line).into_iter().map(|answer| (answer, ())).collect());
    let found: BTreeSet<PamResult> = all.expect("few lines").iter().map(|way| way.result).collect();
    let mut tried = BTreeSet::new();
    try_all(lines, &lines.iter().map(answers).collect::<Vec<_>>(), &mut Vec::new(), &mut tried);
    assert_eq!(found, tried, "{lines:?}");
}

fn try_all(
    lines: &[Line],
    answers: &[Vec<PamResult>],
    told: &mut Vec<PamResult>,
    into: &mut BTreeSet<PamResult>,
) {
    let Some(next) = answers.get(told.len()) else {
        into.insert(dispatched(lines, told));
        return;
    };
    for answer in next {
        told.push(*answer);
        try_all(lines, answers, told, into);
        told.pop();
    }
}

/// libpam's loop (`_pam_dispatch_aux`), written after it and not after `ways`: +1 is a positive impression, -1 a negative.
fn dispatched(lines: &[Line], told: &[PamResult]) -> PamResult {
    let (mut impression, mut status) = (0_i8, PamResult::PermDenied);
    let mut begun = [(0_i8, PamResult::PermDenied); 32];
    let (mut at, mut level_before) = (0, 0);
    while let Some(line) = lines.get(at) {
        let level = line.level;
        if level_before < level {
            begun[level] = (impression, status);
        }
        level_before = level;
        let goes_on = |at: usize, least: usize| lines.get(at + 1).is_some_and(|next| next.level >= least);
        if !matches!(line.module, Module::Substack(_)) {
            let result = told[at];
            let action = line.control.action(result);
            match action {
                Action::Ignore => {}
                Action::Reset => (impression, status) = begun[level],
                Action::Ok | Action::Done => {
                    if impression == 0 || (impression == 1 && status == PamResult::Success) {
                        (impression, status) = (1, result);
                    }
                }
                Action::Bad | Action::Die => {
                    if impression != -1 {
                        let ignored = result == PamResult::Ignore;
                        (impression, status) = (-1, if ignored { PamResult::PermDenied } else { result });
                    }
                }
                Action::Jump(mut count) => {
                    while count > 0 && goes_on(at, level) {
                        at += 1;
                        while goes_on(at, level + 1) {
                            at += 1;
                        }
                        count -= 1;
                    }
                    if count > 0 {
                        (impression, status) = (-1, PamResult::PermDenied);
                    }
                }
            }
            let is_decided = action == Action::Die || (action == Action::Done && impression == 1);
            while is_decided && goes_on(at, level) {
                at += 1;
            }
        }
        at += 1;
    }
    if status == PamResult::Success && impression != 1 { PamResult::PermDenied } else { status }
}
