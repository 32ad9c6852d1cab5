//! The operations, each with inputs of two kinds.

use std::hint::black_box;
use std::rc::Rc;

use fastrand::Rng;
use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::single_use::{Kind, Order, Proof, StoredCode, make};
use wardkey_core::credential::totp::{Match, Parameters, Period, Position, search};
use wardkey_core::credential::{OtpCode, Place, SingleUseCode};
use wardkey_core::record::checksum;
use wardkey_core::record::enrolment::Enrolment;
use wardkey_core::system::clock::Timestamp;
use wardkey_core::user::UserName;

/// Inputs of each subject, of two kinds in turn.
pub(crate) const INPUTS: usize = 128;

/// Of which kind the input of this number is.
pub(crate) const fn kind(number: usize) -> usize {
    number % 2
}

/// What is done with one input; true or false, as it comes out.
pub(crate) type Job = Box<dyn Fn() -> bool>;

/// Something done with a secret.
pub(crate) struct Subject {
    /// What.
    pub(crate) name: &'static str,
    /// Whether it gives the secret away, and the tests must find that.
    pub(crate) is_control: bool,
    /// How often it is done in one measurement.
    pub(crate) times: u32,
    /// What is done with the input of this number, and a copy of it. The one before must be gone: then this copy lies
    /// where that one lay. Inputs that stay where they are differ by their place alone, for as long as a run lasts.
    pub(crate) job: Box<dyn Fn(usize) -> Job>,
}

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// All of them, those that give away last.
pub(crate) fn all() -> Vec<Subject> {
    let of = |name, times, job| Subject { name, is_control: false, times, job };
    vec![
        of("two keys are compared", 200, secrets(|a, b| a == b)),
        of("a typed code is compared", 200, typed_codes()),
        of("a typed code is looked for in a window", 1, window()),
        of("a single-use code is compared with its hash", 200, hashes()),
        of(
            "an authenticator code is read",
            50,
            texts(b"0123456789", 6, |text| OtpCode::parse(text).is_some()),
        ),
        of("a single-use code is read", 50, single_use_texts()),
        of("a key in base32 is read", 5, texts(BASE32, 32, base32)),
        of("a key in base64 is read", 50, texts(BASE64, 44, base64)),
        Subject { is_control: true, ..of("control: a comparison that ends early", 200, secrets(ends_early)) },
        Subject {
            is_control: true,
            ..of("control: a text read letter by letter in a list", 50, texts(BASE32, 32, looks_through))
        },
    ]
}

fn each<T: Clone + 'static>(
    inputs: Vec<T>,
    does: impl Fn(&T) -> bool + 'static,
) -> Box<dyn Fn(usize) -> Job> {
    let does = Rc::new(does);
    Box::new(move |number| {
        let (input, does) = (inputs[number].clone(), Rc::clone(&does));
        Box::new(move || does(black_box(&input)))
    })
}

#[inline(never)]
fn ends_early(a: &Secret, b: &Secret) -> bool {
    a.expose().iter().zip(b.expose()).all(|(a, b)| black_box(a == b))
}

#[inline(never)]
fn looks_through(text: &[u8]) -> bool {
    text.iter().all(|letter| BASE32.iter().any(|other| black_box(other == letter)))
}

/// A secret beside others: one kind is wrong from the first byte on, the other in the last one alone.
fn secrets(compare: fn(&Secret, &Secret) -> bool) -> Box<dyn Fn(usize) -> Job> {
    let right: Vec<u8> = (100..132).collect();
    let others: Vec<Secret> = (0..INPUTS).map(|number| Secret::new(spoilt(&right, number))).collect();
    let right = Secret::new(right);
    each(others, move |other| compare(&right, other))
}

fn spoilt(right: &[u8], number: usize) -> Vec<u8> {
    let from = if kind(number) == 0 { 0 } else { right.len() - 1 };
    right.iter().enumerate().map(|(at, byte)| if at < from { *byte } else { byte ^ 1 }).collect()
}

/// Digits that are wrong from the first on, or in the last one alone.
fn nearly(right: &str, number: usize) -> OtpCode {
    OtpCode::parse(&spoilt(right.as_bytes(), number)).expect("digits with another lowest bit are digits")
}

fn typed_codes() -> Box<dyn Fn(usize) -> Job> {
    let right = "48260413".to_owned();
    let typed: Vec<OtpCode> = (0..INPUTS).map(|number| nearly(&right, number)).collect();
    each(typed, move |typed| typed.matches(&right))
}

fn window() -> Box<dyn Fn(usize) -> Job> {
    let key = Secret::new((1..=20).collect());
    // The longer a step, the fewer there are to look at.
    let parameters = Parameters { period: Period::try_from(60).expect("a period"), ..Parameters::default() };
    let at = Position { now: Timestamp(1_234_567_890), drift: 0, window: 1, next: 0 };
    let right = parameters.code(&key, parameters.step(at.now));
    let typed: Vec<OtpCode> = (0..INPUTS).map(|number| nearly(&right, number)).collect();
    each(typed, move |typed| search(&key, &parameters, typed, at) == Match::Wrong)
}

fn hashes() -> Box<dyn Fn(usize) -> Job> {
    let place = Place::new(3).expect("a place");
    let order = Order { place, serial: 7, kind: Kind::Recovery, issued: Timestamp(1), expires: None };
    let (code, stored) = make(order).expect("a code");
    let proof = Proof::compute(&code, std::slice::from_ref(&stored)).expect("a proof");
    assert!(proof.is(&stored));
    let others: Vec<StoredCode> = (0..INPUTS).map(|number| with_spoilt_hash(&stored, number)).collect();
    assert!(!others.contains(&stored));
    each(others, move |other| proof.is(other))
}

/// By way of a record's file, of which the hash of the last code stands before its cost, one byte and the checksum.
fn with_spoilt_hash(code: &StoredCode, number: usize) -> StoredCode {
    let user = UserName::new(b"roy").expect("a name");
    let mut record = Enrolment::new(user.clone(), 0, 1);
    (record.next_serial, record.codes) = (code.serial + 1, vec![code.clone()]);
    let mut file = record.to_bytes();
    file.truncate(file.len() - 32);
    let hash = file.len() - 9 - 16..file.len() - 9;
    let spoilt = spoilt(&file[hash.clone()], number);
    file[hash].copy_from_slice(&spoilt);
    file.extend_from_slice(&checksum(&file));
    Enrolment::from_bytes(&file, &user).expect("a record").codes.remove(0)
}

/// Texts of one length: one kind of the first letter alone, the other of any.
fn texts(letters: &[u8], len: usize, read: fn(&[u8]) -> bool) -> Box<dyn Fn(usize) -> Job> {
    each(random(letters, len), move |text| read(text))
}

fn random(letters: &[u8], len: usize) -> Vec<Vec<u8>> {
    let mut rng = Rng::with_seed(len as u64);
    let letter = |rng: &mut Rng, number: usize| {
        if kind(number) == 0 { letters[0] } else { letters[rng.usize(..letters.len())] }
    };
    (0..INPUTS).map(|number| (0..len).map(|_| letter(&mut rng, number)).collect()).collect()
}

fn single_use_texts() -> Box<dyn Fn(usize) -> Job> {
    let mut texts = random(CROCKFORD, 19);
    for text in &mut texts {
        for at in [4, 9, 14] {
            text[at] = b'-';
        }
        // At least one letter: without one it would be no code.
        text[18] = b'X';
    }
    each(texts, |text| SingleUseCode::parse(text).is_some())
}

fn base32(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| Secret::from_base32(text).is_ok())
}

fn base64(text: &[u8]) -> bool {
    let text = std::str::from_utf8(text).unwrap_or_default();
    Secret::deserialize(StrDeserializer::<Error>::new(text)).is_ok()
}
