//! What an input says of a transaction: its surroundings, and what is typed.

use super::fake::{Fake, Fault, Spoken};
use super::site::{CANARY, KEY, now, single_use_codes, site};
use crate::bytes::Bytes;
use std::ffi::CString;
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::totp::Parameters;

/// The ways in which a call fails.
pub(crate) const FAULTS: u8 = 8;

/// What the input calls so.
pub(crate) fn fault_of(kind: u8) -> Fault {
    // PAM_BUF_ERR, PAM_SYSTEM_ERR, PAM_CONV_ERR, PAM_PERM_DENIED, PAM_BAD_ITEM, PAM_INCOMPLETE, none that there is
    let codes = [5, 4, 19, 6, 29, 31, 77];
    codes.get(usize::from(kind % FAULTS)).map_or(Fault::Null, |code| Fault::Code(*code))
}

/// What stands before the first door.
pub(crate) struct Scenario {
    config: u8,
    pub(crate) words: Vec<CString>,
    pub(crate) user: Option<CString>,
    pub(crate) service: Option<CString>,
    pub(crate) tty: Option<CString>,
    pub(crate) rhost: Option<CString>,
    pub(crate) password: Option<CString>,
    pub(crate) has_conversation: bool,
    pub(crate) uids: (u32, u32),
    pub(crate) faults: Vec<(u8, u8)>,
    pub(crate) steps: Vec<u8>,
}

impl Scenario {
    /// Reads one from the front of an input.
    pub(crate) fn read(bytes: &mut Bytes<'_>) -> Self {
        let config = bytes.byte();
        let mut words = vec![c_text(site().config_word(config).as_bytes())];
        for (bit, word) in (0..).zip(["debug", "try_first_pass", "use_first_pass", "forward_pass"]) {
            if bytes.0.first().is_some_and(|byte| byte >> bit & 1 == 1) {
                words.push(c_text(word.as_bytes()));
            }
        }
        let more = bytes.byte();
        if more & 0x80 != 0 {
            words.push(c_text(bytes.chunk()));
        }
        let user = Self::pick(bytes, &["nobody", "nobody", "daemon", "root", "no-such-person"]);
        let service = Self::pick(bytes, &["login", "sshd", "sudo", "vlock", "gdm-password"]);
        let tty = Self::pick(bytes, &["tty1", "ssh", ":0"]);
        let rhost = Self::pick(bytes, &["192.0.2.7", "ward3.clinic.example"]);
        let password = match bytes.byte() % 4 {
            0 => None,
            1 => Some(c_text(CANARY.as_bytes())),
            2 => Some(c_text(format!("{CANARY}{}", code_of(KEY, 0)).as_bytes())),
            _ => Some(c_text(bytes.chunk())),
        };
        let who = bytes.byte();
        let uids = [(0, 0), (0, 0), (1000, 0), (1000, 1000)][usize::from(who % 4)];
        let faults = (0..who >> 4 & 3).map(|_| (bytes.byte(), bytes.byte())).collect();
        let steps = (0..bytes.byte() % 9).map(|_| bytes.byte()).collect();
        let has_conversation = who < 250;
        Self { config, words, user, service, tty, rhost, password, has_conversation, uids, faults, steps }
    }

    fn pick(bytes: &mut Bytes<'_>, known: &[&str]) -> Option<CString> {
        match usize::from(bytes.byte()) {
            255 => None,
            254 => Some(c_text(bytes.chunk())),
            number => known.get(number % known.len()).map(|text| c_text(text.as_bytes())),
        }
    }

    /// Whether the configuration knows unlock grace.
    pub(crate) fn has_grace(&self) -> bool {
        site().config(self.config).contains("unlock_grace")
    }

    /// Whether the configuration lets people in who are not enrolled, and need not enrol.
    pub(crate) fn lets_unenrolled_in(&self) -> bool {
        site().config(self.config).contains("unenrolled = \"ignore\"")
    }

    /// Gives the items to a transaction.
    pub(crate) fn fill(&self, fake: &mut Fake<'_>) {
        let items =
            [(1, &self.service), (2, &self.user), (3, &self.tty), (4, &self.rhost), (6, &self.password)];
        for (item, text) in items {
            if let Some(text) = text {
                fake.items.insert(item, text.clone());
            }
        }
        if !self.has_conversation {
            fake.silence();
        }
    }
}

/// Who types.
pub(crate) struct Person<'a> {
    bytes: Bytes<'a>,
    last: Vec<u8>,
}

impl<'a> Person<'a> {
    /// Somebody who types what is left of an input.
    pub(crate) fn new(bytes: Bytes<'a>) -> Self {
        Self { bytes, last: Vec::new() }
    }

    /// What is typed after all of `shown`.
    pub(crate) fn speak(&mut self, shown: &str) -> Spoken {
        let kind = self.bytes.byte();
        let text = match kind % 16 {
            0 => self.bytes.chunk().to_vec(),
            1 => code_of(KEY, 0).into_bytes(),
            2 => code_of(KEY, i64::from(self.bytes.byte() % 9) - 4).into_bytes(),
            3 => self.last.clone(),
            4 => format!("{CANARY}{}", code_of(KEY, 0)).into_bytes(),
            5 => CANARY.as_bytes().to_vec(),
            6 => self.single_use_code().into_bytes(),
            7 => format!("{CANARY}{}", self.single_use_code()).into_bytes(),
            8 => return Spoken::NoText,
            9 => return Spoken::Nothing,
            10 => return Spoken::Fails(19),
            11 => b"saved".to_vec(),
            12 => "not\u{e9}".into(),
            13 => code_shown(shown, i64::from(kind >> 4 & 3)).into_bytes(),
            14 => vec![b'7'; 600],
            _ => b"email".to_vec(),
        };
        // A C string ends at its first zero byte.
        self.last = text.split(|byte| *byte == 0).next().unwrap_or_default().to_vec();
        Spoken::Text(self.last.clone())
    }

    fn single_use_code(&mut self) -> String {
        let codes = single_use_codes();
        codes[usize::from(self.bytes.byte()) % codes.len()].1.clone()
    }
}

/// The code of the key, so many steps from now.
pub(crate) fn code_of(key: &[u8], steps: i64) -> String {
    let parameters = Parameters::default();
    let step = (now() / 30).saturating_add_signed(steps);
    parameters.code(&Secret::new(key.to_vec()), step).to_string()
}

/// The code of the newest key on the screen, which is shown in eight groups of four.
fn code_shown(shown: &str, steps: i64) -> String {
    let words: Vec<&str> = shown.split([' ', '\n']).collect();
    let is_group =
        |word: &&str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let key = words.windows(8).rev().find(|groups| groups.iter().all(is_group)).map(<[&str]>::concat);
    let key = key.and_then(|key| Secret::from_base32(&key).ok());
    key.map_or_else(|| "000000".to_owned(), |key| code_of(key.expose(), steps))
}

fn c_text(bytes: &[u8]) -> CString {
    CString::new(bytes.split(|byte| *byte == 0).next().unwrap_or_default()).expect("no zero byte")
}
