//! What `pamclient` tells.

use serde::{Deserialize, Serialize};

use super::{Door, PamResult};

/// Something that happened, in order.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A prompt came, which hides what is typed, or not.
    Prompt {
        /// What it says.
        text: String,
        /// Whether what is typed is seen.
        echo: bool,
    },
    /// The process waits at the barrier.
    Waiting,
    /// `PAM_TEXT_INFO`
    Info {
        /// What it says.
        text: String,
    },
    /// `PAM_ERROR_MSG`
    Error {
        /// What it says.
        text: String,
    },
    /// libpam wanted the application to wait so long after a failure.
    Delay {
        /// The time.
        microseconds: u32,
    },
    /// A door returned.
    Door {
        /// Which.
        door: Door,
        /// What it returned.
        result: PamResult,
    },
    /// A prompt came that was not expected, or one did not come.
    Unscripted {
        /// What was wrong.
        what: String,
    },
    /// The handle was ended.
    End {
        /// The process's resident memory.
        resident_kib: usize,
        /// The locale in force, as the C library names it.
        locale: String,
    },
}

/// Everything that happened in one run of `pamclient`.
#[derive(Clone, Debug)]
pub struct Transcript(pub Vec<Event>);

impl Transcript {
    /// Reads the lines `pamclient` printed; a last line cut by a kill is left out.
    #[must_use]
    pub fn read(output: &str) -> Self {
        Self(output.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    /// The results of the doors, in order.
    #[must_use]
    pub fn results(&self) -> Vec<PamResult> {
        let result = |event: &Event| match event {
            Event::Door { result, .. } => Some(*result),
            _ => None,
        };
        self.0.iter().filter_map(result).collect()
    }

    /// The result of the only door called.
    ///
    /// # Panics
    /// If there was not exactly one.
    #[must_use]
    pub fn result(&self) -> PamResult {
        let [only] = self.results()[..] else { panic!("not one result: {self:#?}") };
        only
    }

    /// Whether a login was refused because codes cannot be checked: its result is that of every refusal.
    #[must_use]
    pub fn cannot_check(&self) -> bool {
        self.results().first() == Some(&PamResult::AuthErr) && self.seen().contains("Cannot check codes now")
    }

    /// Whether a login was refused because of too many wrong codes: its result, too, is that of every refusal.
    #[must_use]
    pub fn waits(&self) -> bool {
        let seen = self.seen();
        let is_held =
            ["Too many wrong codes", "are disabled after too many"].iter().any(|text| seen.contains(text));
        self.results().first() == Some(&PamResult::AuthErr) && is_held
    }

    /// Whether a login was let in, as far as it was told.
    #[must_use]
    pub fn accepted(&self) -> bool {
        self.results().first() == Some(&PamResult::Success)
    }

    /// All prompts, one a line.
    #[must_use]
    pub fn prompts(&self) -> String {
        self.lines(|event| match event {
            Event::Prompt { text, .. } => Some(text),
            _ => None,
        })
    }

    /// All messages that are no prompts, one a line.
    #[must_use]
    pub fn messages(&self) -> String {
        self.lines(|event| match event {
            Event::Info { text } | Event::Error { text } => Some(text),
            _ => None,
        })
    }

    /// Everything the person could read, prompts and messages in order, one a line.
    #[must_use]
    pub fn seen(&self) -> String {
        self.lines(|event| match event {
            Event::Prompt { text, .. } | Event::Info { text } | Event::Error { text } => Some(text),
            _ => None,
        })
    }

    /// What did not go by the script, one a line.
    #[must_use]
    pub fn unscripted(&self) -> String {
        self.lines(|event| match event {
            Event::Unscripted { what } => Some(what),
            _ => None,
        })
    }

    fn lines(&self, text: fn(&Event) -> Option<&String>) -> String {
        self.0.iter().filter_map(text).map(|text| format!("{text}\n")).collect()
    }
}
