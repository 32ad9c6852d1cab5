//! `bench/publish`, which puts a run on the page.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A page and a run, in a directory that goes with the value.
struct Place(PathBuf);

impl Place {
    fn make(name: &str, command: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("wardkey-publish-{}-{name}", std::process::id()));
        fs::create_dir_all(dir.join("run")).unwrap();
        fs::create_dir_all(dir.join("page")).unwrap();
        fs::write(dir.join("page/old.svg"), "old").unwrap();
        let page = "# Title\n\n<!-- newest run -->\nold\n<!-- end of the newest run -->\n\n## After\n";
        fs::write(dir.join("page.md"), page).unwrap();
        let run = format!("- today ({command})\n\n## Goals\n\n![One](one-2.svg)\n");
        fs::write(dir.join("run/bench.md"), run).unwrap();
        fs::write(dir.join("run/one-2.svg"), "new").unwrap();
        Self(dir)
    }

    fn publish(&self) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("publish");
        Command::new(script).arg(self.0.join("run")).arg(self.0.join("page.md")).output().unwrap()
    }

    fn page(&self) -> String {
        fs::read_to_string(self.0.join("page.md")).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_whole_run_takes_the_place_of_the_last_one() {
    let place = Place::make("whole", "`make bench`");
    for _ in 0..2 {
        let output = place.publish();
        assert!(output.status.success(), "{output:?}");
        let expected = "# Title\n\n<!-- newest run -->\n- today (`make bench`)\n\n### Goals\n\n\
                        ![One](page/one-2.svg)\n<!-- end of the newest run -->\n\n## After\n";
        assert_eq!(place.page(), expected);
        assert_eq!(fs::read_to_string(place.0.join("page/one-2.svg")).unwrap(), "new");
        assert!(!place.0.join("page/old.svg").exists());
    }
}

#[test]
fn a_part_of_a_run_is_not_published() {
    for (name, command) in [("quick", "`make bench QUICK=1`"), ("only", "`make bench ONLY=\"disk\"`")] {
        let place = Place::make(name, command);
        let before = place.page();
        assert!(!place.publish().status.success());
        assert_eq!(place.page(), before);
    }
}
