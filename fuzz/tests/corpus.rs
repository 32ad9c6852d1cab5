//! The corpus and the seeds, played through the targets as they are built for everything else.

use std::fs;
use std::path::Path;
use wardkey_fuzz::targets;

/// Bytes of all corpora together, and files of one.
const LARGEST: u64 = 300 * 1024;
const MOST: usize = 60;

/// One after the other: conversations share the state of a site, and count what the process holds.
#[test]
fn no_input_of_the_corpus_and_no_seed_breaks_a_target() {
    let _away = Away;
    corpus();
    seeds();
}

struct Away;

impl Drop for Away {
    fn drop(&mut self) {
        wardkey_fuzz::clear_away();
    }
}

fn corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut size = 0;
    for target in targets::ALL {
        let files: Vec<_> = fs::read_dir(corpus.join(target.name))
            .unwrap_or_else(|e| panic!("the corpus of {}: {e}", target.name))
            .map(|entry| entry.expect("an entry").path())
            .collect();
        assert!((5..=MOST).contains(&files.len()), "{} has {} inputs", target.name, files.len());
        for file in files {
            let bytes = fs::read(&file).expect("an input");
            size += bytes.len() as u64;
            println!("{}", file.display());
            (target.run)(&bytes);
        }
    }
    assert!(size <= LARGEST, "{size} bytes of corpus: `fuzz/minimise` makes it smaller");
}

fn seeds() {
    for (name, seed, bytes) in wardkey_fuzz::seeds::all() {
        let target = targets::ALL.iter().find(|target| target.name == name).expect("a target");
        println!("{name}/{seed}");
        (target.run)(&bytes);
    }
}
