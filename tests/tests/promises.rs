//! Every promise to users is shown by a test, and the list of them can be believed.

use wardkey_tests::proof::promises::Promises;

const TABLE: &str = "# Rows\n\n| row | promise |\n|---|---|\n| S1-1 | One. |\n| S2-1 | Two. |\n";

/// A source whose lines `mark` rows without being marks here.
fn reading(source: &str) -> Promises {
    let mut promises = Promises::of(TABLE);
    promises.read("a.rs", &source.replace("mark ", "// Row: "));
    promises
}

#[test]
fn every_promise_to_users_is_shown_by_a_test() {
    let promises = Promises::of_the_project().expect("the sources");
    assert_eq!(promises.faults(), Vec::<String>::new());
}

#[test]
fn a_test_may_show_several_rows_and_a_row_have_several_tests() {
    let promises = reading(
        "mark S1-1\nmark S2-1\n#[test]\nfn one() {\n}\n\n    // Why.\n    mark S1-1\n    #[test]\n    fn two() {}\n",
    );
    assert_eq!(promises.faults(), Vec::<String>::new());
    assert_eq!(promises.list(), "S1-1   a.rs: one\n       a.rs: two\nS2-1   a.rs: one\n");
}

#[test]
fn a_row_without_a_test_is_a_fault() {
    let promises = reading("mark S1-1\n#[test]\nfn one() {}\n");
    assert_eq!(promises.faults(), ["S2-1: no test shows it"]);
    assert!(promises.list().contains("S2-1   -\n"));
    assert_eq!(Promises::of("nothing").faults(), ["there are no rows"]);
}

#[test]
fn a_mark_that_marks_no_running_test_is_a_fault() {
    for below in [
        "fn no_test() {}",
        "#[test]\n#[ignore = \"slow\"]\nfn slow() {}",
        "#[cfg(never)]\n#[test]\nfn never() {}",
        "\n#[test]\nfn apart() {}",
        "",
    ] {
        let faults = reading(&format!("mark S1-1\n{below}\n")).faults();
        assert_eq!(faults[0], "a.rs: the mark S1-1 stands above no test that always runs", "{below}");
        assert!(faults.contains(&"S1-1: no test shows it".to_owned()), "{below}");
    }
}

#[test]
fn a_mark_of_a_row_that_is_not_there_is_a_fault() {
    let faults = reading("mark S1-9\n#[test]\nfn one() {}\n").faults();
    assert_eq!(faults[0], "a.rs: one: there is no row S1-9");
    assert_eq!(Promises::of(&TABLE.replace("S2", "S1")).faults()[0], "S1-1 stands twice in the table");
}
