//! The shipped profile in the files of Debian and its kin, as pam-auth-update puts it there.
#![expect(clippy::disallowed_methods, reason = "looks at files from outside")]

use super::*;
use std::fs;

/// Distributions whose files pam-auth-update keeps.
pub(crate) const DEBIANS: [&str; 3] = ["debian-12", "debian-13", "ubuntu-24.04"];

fn from_manifest(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Our line in the block of this sort for these files, as the shipped profile has it.
fn ours(of: &str, sort: &str) -> String {
    let profile = fs::read_to_string(from_manifest("../config/pam-configs/wardkey")).unwrap();
    let kind = of.split('-').next().unwrap();
    let capital = format!("{}{}", kind[..1].to_uppercase(), &kind[1..]);
    let field = format!("{capital}-Type: {sort}\n{capital}:\n\t");
    let line = profile.split_once(&field).and_then(|(_, rest)| rest.lines().next());
    line.map(|line| format!("{kind}\t{line} \n")).unwrap_or_default()
}

/// What the stock's file holds with the profile on.
fn with_ours(stock: &str, of: &str) -> String {
    let path = format!("gallery/stock/{stock}/etc/pam.d/common-{of}");
    let text = fs::read_to_string(from_manifest(&path)).unwrap();
    let deny = text.find(&format!("{} requisite pam_deny.so", of.split('-').next().unwrap())).unwrap();
    let (primary, rest) = text.split_at(deny);
    let behind = rest.match_indices('\n').nth(1).unwrap().0 + 1;
    let (fallback, additional) = rest.split_at(behind);
    let [(first, fall), (second, end)] = BLOCKS;
    let [before, after] = ["Primary", "Additional"].map(|sort| ours(of, sort));
    format!(
        "# local\n{first}\n{before}{primary}{fall}\n{fallback}# and\n{second}\n{after}{additional}{end}\n"
    )
}

/// A stock machine on which it is on.
pub(crate) fn machine(stock: &str) -> Root {
    let mut root = Root::new(from_manifest("gallery/stock").join(stock));
    for of in FILES {
        root.lay(format!("/etc/pam.d/common-{of}"), Some(with_ours(stock, of).into_bytes()));
        let written =
            format!("Module: unix\nrequired pam_unix.so\nModule: wardkey\n{}", ours(of, "Additional"));
        root.lay(format!("/var/lib/pam/{of}"), Some(written.into_bytes()));
    }
    root
}

fn found(root: &Root) -> Vec<String> {
    Profile::of(root).0.iter().map(ToString::to_string).collect()
}

#[test]
fn its_lines_are_known_in_each_file_and_no_others() {
    for stock in DEBIANS {
        let root = machine(stock);
        let lines = found(&root);
        let files =
            ["common-account:3", "common-auth:9", "common-session:9", "common-session-noninteractive:9"];
        assert_eq!(lines.len(), files.len(), "{stock}: {lines:?}");
        for (line, file) in lines.iter().zip(files) {
            let is_longer = stock.starts_with("ubuntu");
            assert!(is_longer || *line == format!("/etc/pam.d/{file}"), "{stock}: {lines:?}");
        }
        let mut by_hand = root.clone();
        let auth = with_ours(stock, "auth") + "auth requisite pam_wardkey.so\n";
        by_hand.lay("/etc/pam.d/common-auth", Some(auth.into_bytes()));
        assert_eq!(found(&by_hand), lines, "behind the blocks");
    }
}

#[test]
fn without_its_comments_or_its_own_account_nothing_is_its() {
    let whole = machine("debian-12");
    let [(first, _), (second, end)] = BLOCKS;
    for comment in [first, second, end, "# here's the fallback if no module succeeds"] {
        let mut root = whole.clone();
        let auth = with_ours("debian-12", "auth").replace(comment, "# somebody's");
        root.lay("/etc/pam.d/common-auth", Some(auth.into_bytes()));
        assert_eq!(found(&root).len(), 3, "{comment}");
    }
    let mut root = whole;
    FILES.iter().for_each(|of| root.lay(format!("/var/lib/pam/{of}"), None));
    assert_eq!(found(&root), [""; 0]);
}
