//! Machines in a directory, for the tests.

use std::fs;

use crate::{Kind, Line, Reader, Root, Service};

/// The files of a machine: each a path and its text.
pub(crate) fn machine(files: &[(&str, &str)]) -> (tempfile::TempDir, Root) {
    let directory = tempfile::tempdir().expect("a directory");
    let root = Root::new(directory.path());
    fs::create_dir_all(root.join("/etc/pam.d")).expect("made");
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("made");
        fs::write(path, text).expect("written");
    }
    (directory, root)
}

/// The service `s` whose file has this text, beside `other`.
pub(crate) fn service(text: &str, more: &[(&str, &str)]) -> Service {
    let mut files = vec![("/etc/pam.d/s", text), ("/etc/pam.d/other", "auth required pam_deny.so\n")];
    files.extend_from_slice(more);
    let (_directory, root) = machine(&files);
    Service::load(&root, "s", Reader::Fixed)
}

/// The `auth` lines of such a service.
pub(crate) fn auth(text: &str) -> Vec<Line> {
    service(text, &[]).stack(Kind::Auth).to_vec()
}
