//! What fuzzing starts from: inputs that mean something, for each target. All secrets in them are made up.

use crate::pam::site;
use crate::targets::enrolment;
use serde::Serialize;
use wardkey_core::credential::SingleUseCode;
use wardkey_core::credential::mailed::{Registered, Unverified};
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::totp::Parameters;
use wardkey_core::desk::action::{Action, Done};
use wardkey_core::desk::{Begun, DeskAnswer, DeskReply, DeskRequest, DeskWork, NotDone, Wanted, Wish};
use wardkey_core::login::{self, Ask, Checked, Outcome, PamItems, Reply, Step};
use wardkey_core::record::CHECKSUM;
use wardkey_core::record::enrolment::{Authenticator, Enrolment, Pending, State};
use wardkey_core::system::clock::Timestamp;
use wardkey_core::user::UserName;
use wardkey_core::verify::{Hold, Refusal};
use wardkey_core::wire::{Answered, Denial, Question, Topic, VERSION};

const UNTIL: Timestamp = Timestamp(1_900_000_000);

/// One input: its target, its name and what it is.
pub type Seed = (&'static str, String, Vec<u8>);

/// All of them.
#[must_use]
pub fn all() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for (target, inputs) in [
        ("config", configs()),
        ("credential", typed()),
        ("enrolment", enrolments()),
        ("imports", imports()),
        ("ledger", ledgers()),
        ("otpauth", uris()),
        ("pam", conversations()),
        ("stack", services()),
        ("wire", messages()),
    ] {
        seeds.extend((1..).zip(inputs).map(|(number, bytes)| (target, format!("seed-{number:02}"), bytes)));
    }
    seeds
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn typed() -> Vec<Vec<u8>> {
    texts(&[
        "123456",
        "1234 5678",
        "ABCD-EFGH-JKMN-PQRS",
        "abcdefghjkmnpqrs",
        "password123456",
        "passwordABCD-EFGH-JKMN-PQRS",
        "password 123\u{202f}456\t",
        "\u{feff}ABCD\u{2013}EFGH\u{2011}JKMN\u{a0}PQ\u{200b}RS\r",
        "gezd gnbv gy3t qojq",
        "roy@clinic.example",
        "CLINIC\\roy",
        "CLINIC%5Croy",
    ])
}

/// Files, the service's own first, parted by a byte that no text has.
fn services() -> Vec<Vec<u8>> {
    let part =
        |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>().join(&0xff);
    let common = "auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\nauth required pam_permit.so\n";
    let system = "auth [default=1 ignore=ignore success=ok] pam_localuser.so\nauth sufficient pam_unix.so\nauth required pam_deny.so\n";
    vec![
        part(&["@include a\nauth requisite pam_wardkey.so\naccount required pam_wardkey.so\n", common]),
        part(&[
            "auth substack a\n-auth optional pam_x.so\nauth include b\n",
            system,
            common,
            "auth required pam_warn.so\n",
        ]),
        part(&[
            "auth sufficient \\\n  pam_u2f.so cue [x y\\] z] # why\naccount [success=ok new_authtok_reqd=done default=2] pam_sss.so\n",
        ]),
        part(&["password [success=reset auth_err=die] pam_unix.so\nsession optional pam_systemd.so \\", "x"]),
        part(&["@include s\n", "", "", "auth required pam_deny.so"]),
        part(&[
            "auth substack a\nauth [success=1 default=ignore] pam_unix.so\nauth requisite pam_deny.so\nauth [success=reset default=bad] pam_x.so\n",
            "auth [default=die success=2 ignore=done] pam_y.so\nauth substack b\n",
            "auth required pam_permit.so\nauth [success=done default=reset] pam_z.so\n",
            "auth required pam_deny.so\n",
            "/etc/pam.d/%s @include maximum level of inclusions reached",
        ]),
        part(&[
            "auth include a\n@include b\n-@INCLUDE /etc/pam.d/a\n",
            "auth optional pam_echo.so\nauth [success=2 default=1] pam_wheel.so trust\n",
            "account required pam_debug.so acct=cred_err\n",
            "",
            "/usr/etc/pam.d/%s maximum level of substacks reached",
        ]),
    ]
}

fn configs() -> Vec<Vec<u8>> {
    let mut seeds = texts(&[
        include_str!("../../config/wardkey.toml"),
        "issuer = \"Lakeside Clinic\"\nsupport = \"ext. 12\"\nlanguage = \"fr\"\n[service.sshd]\nenroll = true\n",
        "[service.swaylock]\nentry = \"combined\"\nunlock_grace = \"12h\"\n[service.Sudo]\nentry = \"separate\"\n",
        "[[exempt]]\ngroup = \"robots\"\nreason = \"backups\"\napproved_by = \"roy\"\nuntil = 2027-03-31\n",
        "[[exempt]]\nservice = [\"cups\"]\nreason = \"x\"\napproved_by = \"y\"\nuntil = 2027-01-01\n",
        "[[exempt]]\nnetwork = \"2001:db8::/32\"\nuser = \"ann\"\nreason = \"x\"\napproved_by = \"y\"\nuntil = 2027-01-01\n",
        "[policy]\ngroups = [\"staff\"]\nunenrolled = \"ignore\"\nenroll_by = 2027-03-31\n",
        "[email]\nmode = \"factor\"\nfrom = \"w@clinic.example\"\nuser = \"w\"\npassword_file = \"/etc/w\"\ntls = \"none\"\n",
        "[totp]\nwindow = 5\ndrift_limit = 10\n[throttle]\nfirst_wait = \"1h\"\nlongest_wait = \"30s\"\n",
        "[seal]\nkey = \"credential:wardkey\"\n[store]\nkind = \"etcd\"\n",
        "[service.sshd]\nunlock_grace = \"1h\"\n",
        "[totp]\ndigits = 8\n\u{c}[totp]\nwindow = 2\n[policy]\ngroups = []\n\u{c}[service.Sshd]\nenroll = true\n",
        "[[exempt]]\nuser = \"a\"\nreason = \"x\"\napproved_by = \"y\"\nuntil = 2027-01-01\n\u{c}[[exempt]]\nuser = \"b\"\nreason = \"x\"\napproved_by = \"y\"\nuntil = 2027-01-01\n",
    ]);
    seeds.push(b"issuer = \"\xff\"\n".to_vec());
    seeds
}

/// Without what the target makes: head and checksum.
fn enrolments() -> Vec<Vec<u8>> {
    let [nobody, roy] = ["nobody", "roy"].map(|name| UserName::new(name.as_bytes()).expect("a name"));
    let file = site().enrolment_of("nobody").expect("somebody enrolled");
    let mut whole = Enrolment::from_bytes(&file, &nobody).expect("a record");
    whole.user = roy.clone();
    let fresh = Enrolment::new(roy, 65534, 3);
    let reset = Enrolment { state: State::MustEnroll, ..fresh.clone() };
    let mut replacing = whole.clone();
    let authenticator =
        Authenticator { slot: 1, serial: replacing.take_serial(), ..whole.authenticators[0].clone() };
    let replaces = Some(whole.authenticators[0].serial);
    replacing.pending = Some(Pending { expires: UNTIL, replaces, tries: 2, authenticator });
    let mut mailed = whole.clone();
    let mut address = |text: &str| (text.parse().expect("an address"), mailed.take_serial());
    let ((address, serial), (new, later)) = (address("roy@clinic.example"), address("new@clinic.example"));
    mailed.email = Some(Registered { address, serial, verified: UNTIL });
    mailed.unverified_email = Some(Unverified { address: new, serial: later });
    let mut seeds: Vec<_> = [&whole, &fresh, &reset, &replacing, &mailed].map(body_of).into();
    // Two records, as while one is given to another name; and half of them.
    let both = |one: &[u8], other: &[u8]| [&one[..one.len() - 1], &[1], &other[..other.len() - 1]].concat();
    seeds.push(both(&body_of(&fresh), &body_of(&Enrolment { user: nobody, ..fresh.clone() })));
    seeds.push(body_of(&whole)[..100].to_vec());
    seeds
}

fn body_of(record: &Enrolment) -> Vec<u8> {
    let file = record.to_bytes();
    file[enrolment::HEAD.len()..file.len() - CHECKSUM].to_vec()
}

fn imports() -> Vec<Vec<u8>> {
    let google = "SBZGADF6CQPAWY2JRUSREOB5YY\n\" RATE_LIMIT 3 30 1795352400\n\" WINDOW_SIZE 17\n\" TIME_SKEW -2\n\
                  \" DISALLOW_REUSE 59845079 59845081\n\" TOTP_AUTH\n\" LAST0 ward3 1795352400\n95357600\n56380226\n";
    let oath = "# users\nHOTP/T30 roy - 3132333435363738393031323334353637383930\n\
                HOTP/T60/8 ann 1234 3132333435363738393031323334353637383930 0 123456 2009-12-07T00:23:23L\n\
                HOTP/E/6 eve + 00\nHOTP bob - 3132333435363738393031323334353637383930 5\nTOTP x y z\n";
    let others = [
        "GEZDGNBVGY3TQOJQ\n\" HOTP_COUNTER 5\n",
        "gezd gnbv gy3t q0jq\n\" STEP_SIZE 60\n\" TOTP_AUTH\n",
        "hello",
    ];
    let mut seeds = texts(&others);
    seeds.push(google.into());
    seeds.iter_mut().for_each(|seed| seed.insert(0, 0));
    seeds.push(["\u{1}", oath].concat().into_bytes());
    seeds
}

fn ledgers() -> Vec<Vec<u8>> {
    let site = site().ledger_of("nobody").expect("a ledger");
    let blocks = [&site[..1024], &site[4096..5120]].concat();
    vec![
        [&[0][..], &blocks].concat(),
        vec![1, 9, 3, 20, 0, 1, 12, 2, 7, 200, 0, 9],
        vec![2, 5, 1, 3, 4, 130, 6, 0, 2, 9, 1, 1, 0, 0, 7, 6, 0, 1, 1, 1, 1, 1, 3, 0, 20, 0, 1],
        vec![0, 1, 2, 3],
        vec![3, 5, 1, 3, 4, 130, 6, 0, 2, 9, 1, 1, 0, 0, 7, 6, 0, 1, 1, 1, 1, 1, 1, 0b0101_0110],
    ]
}

fn uris() -> Vec<Vec<u8>> {
    let of = |shape: u8, parts: [&str; 4]| {
        let mut bytes = vec![shape];
        for part in &parts[..3] {
            bytes.push(u8::try_from(part.len()).unwrap_or(u8::MAX));
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes.extend_from_slice(parts[3].as_bytes());
        bytes
    };
    vec![
        of(0x30, ["Lakeside Clinic", "roy", "ward3", "12345678901234567890"]),
        of(0xb0, ["Clinique d\u{e9}j\u{e0}", "CLINIC\\r:oy", "ward3.clinic.example", "12345678901234567890"]),
        of(0x41, ["x", "y", "z", ""]),
        of(0x82, ["Clinic", "_", "::", "12345678901234567890"]),
        of(2, ["a&b=c?d/e#f%g+h", "r\u{202e}oy@x", "h:o", "12345678901234567890123456789012"]),
    ]
}

/// Configuration, arguments, who and where; then the doors, then what is typed.
#[must_use]
pub fn conversations() -> Vec<Vec<u8>> {
    let all = |head: [u8; 8], steps: &[u8], typed: &[u8]| {
        let count = u8::try_from(steps.len()).unwrap_or(u8::MAX);
        [&head[..], &[count], steps, typed].concat()
    };
    let whole = [0, 4, 2, 9, 10, 3];
    let enrolment = [0, 4, 5, 6, 2, 9, 10];
    vec![
        all([0; 8], &whole, &[1]),
        all([0; 8], &[0, 0, 0], &[1, 3, 6, 2]),
        all([0; 8], &[0; 8], &[0, 6, b'0', b'0', b'0', b'0', b'0', b'0', 2, 0, 3, 3, 3, 3, 3, 1]),
        all([2, 0, 0, 0, 0, 0, 0, 0], &whole, &[4]),
        all([2, 0, 0, 0, 0, 0, 0, 0], &whole, &[7, 1]),
        all([2, 0, 2, 0, 0, 0, 0, 0], &whole, &[5]),
        all([0, 3, 0, 0, 0, 0, 2, 0], &whole, &[1]),
        all([0, 4, 0, 1, 1, 0, 2, 0], &whole, &[]),
        all([1, 0, 2, 0, 0, 0, 0, 0], &enrolment, &[13, 12]),
        all([1, 0, 2, 0, 1, 0, 1, 0], &enrolment, &[0, 1, b'x', 13, 11, 12]),
        all([5, 0, 2, 4, 2, 0, 0, 0], &enrolment, &[13, 12]),
        all([5, 0, 3, 0, 1, 1, 0, 0], &[0, 9, 4, 8, 9], &[13, 8]),
        all([3, 1, 0, 3, 0, 255, 0, 0], &[0, 2, 9, 0, 2, 10, 0], &[1, 1]),
        all([4, 0, 0, 0, 0, 0, 0, 0], &[0, 0], &[15, 1]),
        all([6, 0, 0, 0, 0, 0, 0, 0], &whole, &[1]),
        all([0, 0, 0, 2, 0, 0, 0, 2], &whole, &[1]),
        all([0, 0, 0, 3, 0, 0, 0, 3], &whole, &[1]),
        all([0, 0, 4, 1, 1, 0, 0, 0], &whole, &[6, 0]),
        [&[0, 0, 0, 0, 0, 0, 0, 0x20, 3, 0, 9, 7, 3][..], &[0, 4, 9], &[1]].concat(),
        all([0; 8], &whole, &[6, 5]),
        all([0; 8], &whole, &[6, 6]),
        all([3, 0, 0, 0, 0, 0, 0, 0], &[0, 2, 9, 0, 2, 0, 10, 0], &[1, 2, 5]),
        all([1, 0, 2, 0, 0, 0, 0, 0], &[0, 4, 9], &[]),
        all([0; 8], &[0, 4, 9], &[0, 6, b'0', b'0', b'0', b'0', b'0', b'0']),
        all([0; 8], &[0, 255, 4, 9, 0, 4], &[0, 6, b'0', b'0', b'0', b'0', b'0', b'0', 1]),
        all([1, 0, 2, 0, 0, 0, 0, 0], &[0, 255, 4, 9], &[]),
    ]
}

fn messages() -> Vec<Vec<u8>> {
    let secret = || Secret::new(b"made-up 123456".to_vec());
    let wanted = || Wanted { label: "phone".into(), parameters: Parameters::default(), key: Some(secret()) };
    let code = || SingleUseCode::parse(b"ABCD-EFGH-JKMN-PQRS").expect("a code");
    let steps = [
        Step::Ask,
        Step::Check(Reply::Separate(secret())),
        Step::Enter(Reply::Combined(secret())),
        Step::CheckFree(Reply::NoCode),
        Step::MailCode,
    ];
    let works = [
        DeskWork::Action(Action::Enroll(wanted())),
        DeskWork::Action(Action::Remove(Some("phone".into()))),
        DeskWork::Action(Action::Confirm(secret())),
        DeskWork::RegisterAddress("roy@clinic.example".parse().expect("an address")),
    ];
    let until = Timestamp(1_900_000_000);
    let waits = Hold::Waiting { until, two_codes: true };
    let far = Refusal::WrongTime { seconds: 90, sure: false, then: Some(waits) };
    let refused = |why| {
        Answered::Answered(login::Answer::Checked(Checked {
            outcome: Outcome::Refused(why),
            generation: Some(5),
        }))
    };
    let logins: [Answered<login::Answer>; 6] = [
        Answered::Answered(login::Answer::Asked(Ask::Code)),
        Answered::Answered(login::Answer::Asked(Ask::Nothing { days_left: Some(3) })),
        refused(Refusal::Wrong),
        refused(Refusal::LastWrong(waits)),
        refused(far),
        Answered::Denied(Denial::Broken("why".into())),
    ];
    let begun = Begun { key: secret(), label: "phone".into(), parameters: Parameters::default() };
    let desks: [Answered<DeskAnswer>; 6] = [
        Answered::Answered(DeskAnswer::Wants(Wish::Line { prompt: "Password: ".into(), hidden: true })),
        Answered::Answered(DeskAnswer::Wants(Wish::Keep(vec![code()]))),
        Answered::Answered(DeskAnswer::Says("hello".into())),
        Answered::Answered(DeskAnswer::Done(Done::RecoveryCodes(vec![code(), code()]))),
        Answered::Answered(DeskAnswer::Done(Done::Begun { begun, until: UNTIL })),
        Answered::Answered(DeskAnswer::NotDone(NotDone::Code(Refusal::AlreadyUsed))),
    ];
    let items = || PamItems { service: "i3lock".into(), rhost: None, tty: Some(":0".into()) };
    let login = |step| question(login::Request { items: items(), step });
    let mut seeds: Vec<_> = steps.into_iter().map(|step| body(0, &login(step))).collect();
    seeds.extend(works.into_iter().map(|work| body(0, &question(DeskRequest { items: items(), work }))));
    seeds.extend(logins.iter().map(|answer| body(1, answer)));
    seeds.extend(desks.iter().map(|answer| body(2, answer)));
    seeds.push(body(3, &DeskReply(secret())));
    let mut stream = vec![5];
    for step in [Step::Ask, Step::MailCode] {
        stream.extend_from_slice(&wardkey_core::wire::send(&login(step)).expect("a short message"));
    }
    seeds.push(stream);
    seeds
}

fn question<R: Topic>(request: R) -> Question<R> {
    let config = "/etc/wardkey/wardkey.toml".into();
    Question { version: VERSION, config, user: UserName::new(b"CLINIC\\roy").expect("a name"), request }
}

fn body(kind: u8, message: &impl Serialize) -> Vec<u8> {
    let mut bytes = vec![kind];
    bytes.extend(serde_json::to_vec(message).expect("a message"));
    bytes
}
