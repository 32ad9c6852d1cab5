//! The screens that tests type into: several at once, each its own, and gone afterwards.

use std::collections::BTreeSet;
use std::thread;

use wardkey_tests::machine::display::Display;
use wardkey_tests::machine::host::Host;
use wardkey_tests::proof::outcome::run;

#[test]
fn screens_started_at_once_are_not_the_same_and_end() {
    let screens: Vec<_> = (0..3)
        .map(|_| {
            thread::spawn(|| {
                let host = Host::bare();
                let display = Display::start(&host);
                assert!(
                    display.photograph().png().is_ok_and(|png| png.starts_with(b"\x89PNG")),
                    "{}",
                    display.name()
                );
                display.types("nobody listens");
                let mut ask = display.command("xdotool");
                ask.args(["getdisplaygeometry"]);
                assert!(run(&mut ask, b"").exits(0).stdout.contains("1024"));
                let name = display.name();
                drop(display);
                assert_ne!(run(&mut ask, b"").code(), Some(0), "{name} is still there");
                name
            })
        })
        .collect();
    let names: BTreeSet<_> = screens.into_iter().map(|screen| screen.join().expect("a screen")).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}
