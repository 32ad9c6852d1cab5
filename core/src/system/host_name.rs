//! The machine's own name.

/// What the kernel calls this machine; `None` where that is not text.
#[must_use]
pub fn own() -> Option<String> {
    nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok())
}

/// What people are shown of it: a name in any case.
#[must_use]
pub fn shown() -> String {
    own().filter(|name| !name.is_empty()).unwrap_or_else(|| "localhost".to_owned())
}
