//! `pam_unix`, as root's programs use it: a password, which is not a second factor and cannot be used up. It is there for
//! scale: what people wait for today.

pub(super) const LINE: &str = "pam_unix.so nodelay";
