use super::*;

fn texts(content: &str, reader: Reader) -> (Vec<(usize, String)>, bool) {
    let (lines, is_cut) = written(content.as_bytes(), reader);
    (lines.into_iter().map(|line| (line.number, line.text)).collect(), is_cut)
}

fn both(content: &str) -> (Vec<(usize, String)>, bool) {
    let fixed = texts(content, Reader::Fixed);
    assert_eq!(fixed, texts(content, Reader::Growing), "{content:?}");
    fixed
}

#[test]
fn comments_and_blank_lines_are_left_out_and_lines_keep_their_numbers() {
    let lines = both("# head\n\nauth required a.so # why\n \t\n  account x b.so");
    assert_eq!(lines, (vec![(3, "auth required a.so".into()), (5, "  account x b.so".into())], false));
    assert_eq!(both(""), (Vec::new(), false));
}

#[test]
fn a_backslash_continues_a_line_unless_it_stands_in_a_comment() {
    let lines = both("auth required \\\n  a.so \\ \n  one\nauth required b.so # no \\\nauth required c.so");
    let texts: Vec<_> = lines.0.iter().map(|(_, text)| text.split_whitespace().collect::<Vec<_>>()).collect();
    assert_eq!(
        texts,
        [
            vec!["auth", "required", "a.so", "one"],
            vec!["auth", "required", "b.so"],
            vec!["auth", "required", "c.so"]
        ]
    );
    assert!(!lines.1);
}

#[test]
fn a_file_that_ends_in_a_backslash_has_no_end() {
    assert!(both("auth required a.so\nauth required b.so \\").1);
}

#[test]
fn a_comment_between_continued_lines_is_read_in_two_ways() {
    let content = "auth required a.so \\\n# why\nauth required b.so\n";
    assert_eq!(texts(content, Reader::Fixed).0.len(), 1);
    assert_eq!(texts(content, Reader::Growing).0.len(), 2);
}

#[test]
fn the_old_reader_takes_the_rest_of_a_long_line_for_another() {
    let long = "x".repeat(1200);
    for content in
        [format!("auth required a.so {long}\n"), format!("# {long}\n"), format!("auth a b # {long}\n")]
    {
        let new = texts(&content, Reader::Growing).0;
        assert_eq!(texts(&content, Reader::Fixed).0.len(), new.len() + 1, "{content}");
    }
}

#[test]
fn a_nul_ends_a_line() {
    assert_eq!(both("auth required a.so x\0y\nauth required b.so\n").0.len(), 2);
}
