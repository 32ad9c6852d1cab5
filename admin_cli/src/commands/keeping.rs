//! New codes before a person at a terminal, who says that they are kept: only then are they in force.

use crate::console::careful;
use crate::context::Context;
use crate::failure::Failure;
use crate::show::have_kept;
use crate::signals::Held;
use crate::text::Text;
use std::io::ErrorKind;
use wardkey_core::credential::SingleUseCode;
use wardkey_core::store::{Doing, StoreError};

/// How it goes.
pub(super) struct Keeping<'a> {
    context: &'a Context,
    /// Puts them on the screen.
    show: &'a dyn Fn(&[SingleUseCode]),
    /// How things stand as long as nobody has said it.
    before: String,
    /// How often they were shown: the record may have changed while they were written down.
    times: usize,
    is_declined: bool,
    /// Since before the codes were shown until the command has said what holds.
    held: Option<Held>,
}

impl<'a> Keeping<'a> {
    pub(super) fn new(context: &'a Context, show: &'a dyn Fn(&[SingleUseCode]), before: String) -> Self {
        Self { context, show, before, times: 0, is_declined: false, held: None }
    }

    /// Shows them until they are kept.
    ///
    /// # Errors
    /// The person went away; that is the answer to the store, which then changes nothing.
    pub(super) fn keep(&mut self, codes: &[SingleUseCode]) -> Result<(), StoreError> {
        if self.held.is_none() {
            self.held = Held::at_a_terminal(&self.context.console);
        }
        if self.times > 0 {
            self.context.console.tell(&careful(&self.context.text.shown_are_void()));
        }
        self.times += 1;
        (self.show)(codes);
        if have_kept(self.context, &self.before, &mut self.held) {
            return Ok(());
        }
        self.is_declined = true;
        Err(StoreError::Io("the new codes".into(), Doing::Writing, ErrorKind::Interrupted.into()))
    }

    /// Whether codes were shown: then a failure may leave either set in force.
    pub(super) const fn were_shown(&self) -> bool {
        self.times > 0
    }

    /// How the command ends where the person went away.
    pub(super) fn declined(&self, again: impl Fn(&Text) -> String) -> Option<Failure> {
        let failure = || Failure::refused(&self.context.text, |t| (t.not_said_saved(), again(t)));
        self.is_declined.then(|| failure().of_clean_step().leaving(self.before.clone()))
    }
}
