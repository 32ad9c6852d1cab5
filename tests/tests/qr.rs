//! What a terminal shows at enrolment: an independent reader scans it, on dark and on light.

use wardkey_tests::machine::host::Host;
use wardkey_tests::programs::authenticator_app::Authenticator;
use wardkey_tests::programs::terminal::Terminal;
use wardkey_tests::proof::terminal_screen::{DARK, LIGHT, printed_codes, scan, text};

/// Enrols Alice at a terminal, up to the prompt for the first code.
fn at_the_first_code(host: &Host) -> Terminal {
    host.add_account("alice");
    let command = host.built("wardkey");
    let mut terminal = Terminal::start(host, command.to_str().expect("a plain path"), &["enroll", "alice"]);
    terminal.expect("Code from the app:");
    terminal
}

// Row: S1-10
#[test]
fn a_qr_reader_scans_the_terminal_dark_and_light() {
    let host = Host::new();
    let bytes = at_the_first_code(&host).bytes().to_vec();
    let dark = scan(&host, &bytes, DARK);
    assert!(dark.starts_with("otpauth://totp/") && dark.contains("alice"), "{dark:?}:\n{}", text(&bytes));
    assert_eq!(scan(&host, &bytes, LIGHT), dark, "on a light terminal");
    let (_, secret) = dark.split_once("secret=").expect("a secret");
    let secret = secret.split('&').next().expect("its end");

    let printed = host.json(&["enroll", "alice"], "");
    let (uri, other) =
        (printed["uri"].as_str().expect("an address"), printed["secret"].as_str().expect("a secret"));
    assert_eq!(dark, uri.replace(other, secret), "what scripts are given, but for the key");

    let groups: Vec<_> = secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
    let shown = text(&bytes).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains(&groups.join(" ")), "the key in groups of four: {shown}");
}

// Row: S1-13
// Row: S1-15
// Row: S1-16
// Row: S2-10
// Row: S1-9
#[test]
fn at_a_terminal_the_recovery_codes_are_shown_after_the_first_right_code() {
    let host = Host::new();
    let mut terminal = at_the_first_code(&host);
    let uri = scan(&host, terminal.bytes(), DARK);
    let (_, secret) = uri.split_once("secret=").expect("a secret");
    let phone = Authenticator {
        secret: secret.split('&').next().expect("its end").into(),
        algorithm: "SHA1".into(),
        digits: 6,
        period: 30,
    };
    let before = terminal.bytes().len();
    terminal.type_line(&phone.code(host.now() / 30));
    let shown = until_codes(&mut terminal, before);
    assert_eq!(shown.len(), 5, "{}", terminal.transcript());
    terminal.expect("locked drawer");
    terminal.expect("sticky note");
    assert!(host.types("alice", &shown[4]).accepted(), "{shown:?}");
}

/// Answers what is asked after the code, as a person does who reads the codes off the screen.
fn until_codes(terminal: &mut Terminal, before: usize) -> Vec<String> {
    loop {
        let codes = printed_codes(&String::from_utf8_lossy(&terminal.bytes()[before..]));
        if codes.len() == 5 {
            return codes;
        }
        assert!(terminal.expect_any(&["\n"]).is_some(), "no codes: {}", terminal.transcript());
    }
}
