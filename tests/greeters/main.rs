//! Real greeters and lock screens in a booted machine: `make greeters`.

mod gdm;
mod kde;
mod sddm;
