//! What the doctor says.

use serde::Serialize;

/// How bad it is; the worst decides the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FindingSeverity {
    /// To know; it needs no mending.
    Note,
    /// To mend before it hurts.
    Warning,
    /// Somebody who should get in does not.
    LockOut,
    /// Somebody gets in who should not.
    WayIn,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// Its name, for scripts and for the manual.
    pub(crate) id: &'static str,
    /// How bad it is.
    pub(crate) severity: FindingSeverity,
    /// The file, line, service or setting.
    #[serde(rename = "where")]
    pub(crate) place: String,
    /// What is so.
    pub(crate) what: String,
    /// What follows from it.
    pub(crate) why: String,
    /// What to do.
    pub(crate) remedy: String,
}
