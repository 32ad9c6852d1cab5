//! The same on screens: lockers, which only people with an account meet, and a greeter.

use wardkey_tests::machine::host::{CODE, SUPPORT};
use wardkey_tests::people::cast::{ALIKE, Cast, ENROLLED, Met, UNENROLLED, UNKNOWN};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::example;
use wardkey_tests::programs::greeter::Lightdm;
use wardkey_tests::programs::locker::LockerProgram;

/// What every one of them reads once the code was wrong.
const REFUSED: &str = "That code was not accepted";

/// What else the module or the program can say.
const TEXTS: [&str; 10] = [
    REFUSED,
    SUPPORT,
    CODE,
    "Too many wrong codes",
    "are disabled",
    "was reset",
    "Cannot check codes",
    "already used",
    "min off",
    "password is incorrect",
];

/// Which texts stand there: on a photograph that also shows the time, and of which no reader sees every letter.
fn read_off(words: &str) -> String {
    TEXTS.into_iter().filter(|text| words.contains(text)).map(|text| format!("{text}\n")).collect()
}

/// What the locker said itself, without what differs from run to run.
fn said(program: LockerProgram, said: &str) -> String {
    match program {
        // It says nothing but whether it opens.
        LockerProgram::I3lock => "refused".to_owned(),
        // After the time.
        LockerProgram::Swaylock => {
            said.lines().filter_map(|line| line.split_once(" - ")).map(|(_, said)| said).collect()
        }
        LockerProgram::Xscreensaver | LockerProgram::Xsecurelock => read_off(said),
        LockerProgram::Vlock => said.trim().to_owned(),
    }
}

/// The right password and a wrong code, twice.
fn at_a_locker(program: LockerProgram) {
    let cast = Cast::new();
    example::install(&cast.host, program.service());
    let _helper = cast.host.start_helper();
    cast.meet_the_same(&ALIKE, |name| {
        let mut screen = program.lock(&cast.host, name);
        let told = [(); 2].map(|()| {
            let attempt = screen.enter(PASSWORD, &cast.code);
            assert!(!attempt.opened, "{name}: {}", attempt.said);
            said(program, &attempt.said)
        });
        assert!(
            !told[1].is_empty() && told[0].contains(REFUSED) == program.shows_texts(),
            "{name}: {told:?}"
        );
        Met::new(name, "", &told.join("\n"))
    });
}

#[test]
fn i3lock_shows_everybody_the_same() {
    at_a_locker(LockerProgram::I3lock);
}

#[test]
fn swaylock_shows_everybody_the_same() {
    at_a_locker(LockerProgram::Swaylock);
}

#[test]
fn xscreensaver_shows_everybody_the_same() {
    at_a_locker(LockerProgram::Xscreensaver);
}

#[test]
fn xsecurelock_shows_everybody_the_same() {
    at_a_locker(LockerProgram::Xsecurelock);
}

#[test]
fn vlock_shows_everybody_the_same() {
    at_a_locker(LockerProgram::Vlock);
}

#[test]
fn lightdm_shows_everybody_the_same() {
    let cast = Cast::new();
    example::install(&cast.host, "lightdm");
    let meets = |name: &str, password: &str| {
        let mut lightdm = Lightdm::start(&cast.host);
        lightdm.answers(name);
        lightdm.asks(name);
        lightdm.answers(password);
        if password != PASSWORD {
            return Met::new(name, "", &read_off(&lightdm.refuses("password is incorrect")));
        }
        let asked = read_off(&lightdm.asks(CODE));
        lightdm.answers(&cast.code);
        Met::new(name, &asked, &read_off(&lightdm.refuses(REFUSED)))
    };
    cast.meet_the_same(&[ENROLLED, UNENROLLED], |name| meets(name, PASSWORD));
    cast.meet_the_same(&[ENROLLED, UNENROLLED, UNKNOWN], |name| meets(name, "not it"));
}
