//! The ledger: what has been spent. Fixed size, two blocks written in turn, each proven by a checksum.
//!
//! Within a generation every field only grows or belongs to one that does, so copies can be merged.

use crate::credential::Place;
use crate::credential::mailed::MailMark;
use crate::credential::throttle::{Kind, Tally};
use crate::record::checksum::{CHECKSUM, checksum};
use crate::record::damage::{Damage, Flaw};
use crate::record::enrolment::SLOTS;
pub use crate::record::slot_mark::{REMEMBERED, SlotMark};
use crate::system::clock::Timestamp;

/// Bytes from one block's start to the next: a page, so that a torn write touches only one.
pub const BLOCK: u64 = 4096;

/// Bytes of the file.
pub const FILE_LEN: u64 = 2 * BLOCK;

/// Bytes written for one block.
pub const IMAGE_LEN: usize = 1536;

/// Bytes read of one block: its image, and the word beside it that all is settled.
pub const READ_LEN: usize = IMAGE_LEN + size_of::<u64>();

const MAGIC: &[u8; 8] = b"wardkey\0";
const VERSION: u32 = 2;

/// What an image of one version holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Form {
    image_len: usize,
    /// Tallies of so many kinds.
    tallies: usize,
    /// Whether a slot's mark has all the steps that are remembered, and not the last alone.
    remembers: bool,
}

const FIRST_FORM: Form = Form { image_len: 1024, tallies: 4, remembers: false };
const FORM: Form = Form { image_len: IMAGE_LEN, tallies: Kind::ALL.len(), remembers: true };

/// A wrong code that would have been right at another time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FarMark {
    /// One past its step; 0: none.
    pub next: u64,
    /// Its distance from the clock, in steps.
    pub offset: i64,
}

impl FarMark {
    /// Of a code that belongs to this step, so far from the clock.
    #[must_use]
    pub const fn of(step: u64, offset: i64) -> Self {
        Self { next: step + 1, offset }
    }
}

/// How often a pass that leads into enrolment has opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PassMark {
    /// Which pass.
    pub serial: u64,
    /// How often.
    pub opened: u64,
}

/// One person's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// The enrolment's generation it belongs to.
    pub generation: u64,
    /// Per slot of an authenticator.
    pub slots: [SlotMark; SLOTS],
    /// Per place of a single-use code: the highest serial spent.
    pub places: [u64; Place::COUNT],
    /// Per kind of credential, in the order of [`Kind::ALL`].
    pub tallies: [Tally; Kind::ALL.len()],
    /// The last wrong code that some other time would have made right.
    pub far: FarMark,
    /// The pass in use.
    pub pass: PassMark,
    /// The newest mailed code, and when the last ones were sent.
    pub mail: MailMark,
    /// The last login.
    pub last_success: Timestamp,
}

impl Ledger {
    /// The mark of the authenticator with this slot and serial; a fresh one if it has none.
    #[must_use]
    pub fn slot(&self, slot: u8, serial: u64) -> SlotMark {
        let mark = self.slots.get(usize::from(slot)).copied().unwrap_or_default();
        if mark.serial == serial { mark } else { SlotMark::fresh(serial) }
    }

    /// Replaces the mark of a slot.
    pub fn set_slot(&mut self, slot: u8, mark: SlotMark) {
        if let Some(place) = self.slots.get_mut(usize::from(slot)) {
            *place = mark;
        }
    }

    /// Whether the code of this serial at this place has been spent.
    #[must_use]
    pub fn is_spent(&self, place: u8, serial: u64) -> bool {
        self.places.get(usize::from(place)).is_none_or(|spent| *spent >= serial)
    }

    /// Marks the code of this serial at this place as spent.
    pub fn spend(&mut self, place: u8, serial: u64) {
        if let Some(spent) = self.places.get_mut(usize::from(place)) {
            *spent = (*spent).max(serial);
        }
    }

    /// The tally of one kind.
    #[must_use]
    pub const fn tally(&self, kind: Kind) -> &Tally {
        let [authenticator, combined, single_use, mailed, pair, combined_pair] = &self.tallies;
        match kind {
            Kind::Authenticator => authenticator,
            Kind::Combined => combined,
            Kind::SingleUse => single_use,
            Kind::Mailed => mailed,
            Kind::Pair => pair,
            Kind::CombinedPair => combined_pair,
        }
    }

    /// The tally of one kind, to change it.
    pub const fn tally_mut(&mut self, kind: Kind) -> &mut Tally {
        let [authenticator, combined, single_use, mailed, pair, combined_pair] = &mut self.tallies;
        match kind {
            Kind::Authenticator => authenticator,
            Kind::Combined => combined,
            Kind::SingleUse => single_use,
            Kind::Mailed => mailed,
            Kind::Pair => pair,
            Kind::CombinedPair => combined_pair,
        }
    }

    /// This ledger as one block with its sequence number.
    #[must_use]
    pub fn to_image(&self, sequence: u64) -> Vec<u8> {
        let mut image = Vec::with_capacity(IMAGE_LEN);
        image.extend_from_slice(MAGIC);
        image.extend_from_slice(&VERSION.to_le_bytes());
        for number in self.numbers(sequence) {
            image.extend_from_slice(&number.to_le_bytes());
        }
        image.resize(IMAGE_LEN - CHECKSUM, 0);
        let sum = checksum(&image);
        image.extend_from_slice(&sum);
        image
    }

    fn numbers(&self, sequence: u64) -> impl Iterator<Item = u64> {
        let slots = self.slots.iter().flat_map(SlotMark::numbers);
        let tallies = self.tallies.iter().flat_map(|t| [t.failures, t.forgiven, t.last_failure.0]);
        let rest = [self.far.next, self.far.offset.cast_unsigned(), self.pass.serial, self.pass.opened];
        let head = [sequence, self.generation].into_iter();
        let rest = rest.into_iter().chain([self.last_success.0]).chain(self.mail.numbers());
        head.chain(slots).chain(self.places).chain(tallies).chain(rest)
    }

    /// Reads what a checksum has proven: its sequence number and the ledger, or `None` when it holds more than this
    /// version knows: what is unknown would be lost with the next block, and the other block is older.
    fn from_body(body: &[u8], form: Form) -> Option<(u64, Self)> {
        let (numbers, odd) = body.get(12..)?.as_chunks();
        let mut numbers = numbers.iter().copied().map(u64::from_le_bytes);
        let mut next = || numbers.next();
        let sequence = next()?;
        let mut ledger = Self { generation: next()?, ..Self::default() };
        for mark in &mut ledger.slots {
            *mark = SlotMark::read(&mut next, form.remembers)?;
        }
        for spent in &mut ledger.places {
            *spent = next()?;
        }
        for tally in ledger.tallies.iter_mut().take(form.tallies) {
            *tally = Tally { failures: next()?, forgiven: next()?, last_failure: Timestamp(next()?) };
        }
        ledger.far = FarMark { next: next()?, offset: next()?.cast_signed() };
        ledger.pass = PassMark { serial: next()?, opened: next()? };
        ledger.last_success = Timestamp(next()?);
        let mut mail = MailMark::default().numbers();
        for number in &mut mail {
            *number = next()?;
        }
        ledger.mail = MailMark::from_numbers(mail);
        (numbers.all(|number| number == 0) && odd.iter().all(|byte| *byte == 0)).then_some((sequence, ledger))
    }
}

/// What the checksum of a block proves to be a ledger of a known version.
fn proven(image: &[u8]) -> Option<(&[u8], Form)> {
    let form = match version(image)? {
        1 => FIRST_FORM,
        VERSION => FORM,
        _ => return None,
    };
    let (body, sum) = image.get(..form.image_len)?.split_at_checked(form.image_len - CHECKSUM)?;
    (checksum(body)[..] == *sum).then_some((body, form))
}

fn version(image: &[u8]) -> Option<u32> {
    image.strip_prefix(MAGIC)?.first_chunk().copied().map(u32::from_le_bytes)
}

/// The sequence number that a block says it has, before anything is proven.
fn claimed(image: &[u8]) -> Option<u64> {
    image.get(MAGIC.len() + size_of::<u32>()..)?.first_chunk().copied().map(u64::from_le_bytes)
}

/// The sequence number beside a block, up to which all is known to be on disk. It is written after a sync and never
/// waited for: one that was lost costs the next writer a sync. The first version had it elsewhere, so that its ledgers
/// cost their next writer a sync too.
fn settled_up_to(bytes: &[u8]) -> Option<u64> {
    bytes.get(IMAGE_LEN..)?.first_chunk().copied().map(u64::from_le_bytes)
}

/// What the file's two blocks say together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocks {
    /// The truth: the valid block with the higher sequence number.
    pub ledger: Ledger,
    /// That number.
    pub sequence: u64,
    /// Where the next one is written, in bytes: over the other block.
    pub next_offset: u64,
    /// Whether all of the record that can be read is known to be on disk. A process killed before its sync leaves what
    /// others read and a power cut takes back.
    pub is_settled: bool,
}

impl Blocks {
    /// Reads both blocks. Nothing is asked of the older one where the newer is proven, but that no newer version wrote it.
    ///
    /// # Errors
    /// [`Damage`]: neither is proven, or a newer version wrote one.
    pub fn read(first: &[u8], second: &[u8]) -> Result<Self, Damage> {
        if [first, second].iter().any(|image| version(image).is_some_and(|v| v > VERSION)) {
            return Err(Damage::Newer);
        }
        let (first, second) = ((first, BLOCK), (second, 0));
        let (newer, older) =
            if claimed(first.0) >= claimed(second.0) { (first, second) } else { (second, first) };
        for ((image, next_offset), (other, _)) in [(newer, older), (older, newer)] {
            let Some((body, form)) = proven(image) else { continue };
            let (sequence, ledger) = Ledger::from_body(body, form).ok_or(Damage::Newer)?;
            let is_settled = settled_up_to(other) == Some(sequence);
            return Ok(Self { ledger, sequence, next_offset, is_settled });
        }
        Err(Damage::Unreadable(Flaw::Blocks))
    }

    /// After `ledger` was written where these say.
    #[must_use]
    pub const fn after(&self, ledger: Ledger) -> Self {
        Self { ledger, sequence: self.sequence + 1, next_offset: BLOCK - self.next_offset, is_settled: false }
    }

    /// Where the block is that is the truth, in bytes.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        BLOCK - self.next_offset
    }

    /// Where the word stands that all is settled: beside the older block, so that the truth is not touched for it.
    #[must_use]
    pub const fn word_offset(&self) -> u64 {
        self.next_offset + IMAGE_LEN as u64
    }

    /// A whole new file.
    #[must_use]
    pub fn new_file(ledger: &Ledger) -> Vec<u8> {
        let mut file = ledger.to_image(1);
        file.extend_from_slice(&2u64.to_le_bytes());
        file.resize(usize::try_from(BLOCK).unwrap_or(0), 0);
        file.extend_from_slice(&ledger.to_image(2));
        file.resize(usize::try_from(FILE_LEN).unwrap_or(0), 0);
        file
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
