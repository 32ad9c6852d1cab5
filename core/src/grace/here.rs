//! Whether a login comes from this machine's own screens.

use std::net::IpAddr;

/// Whether what PAM calls the remote host is this machine, named `own_name`: nothing, a display, a loopback address or
/// the machine's own name. Anything else is another machine, and no grace is for it.
#[must_use]
pub fn is_this_machine(rhost: Option<&str>, own_name: Option<&str>) -> bool {
    let Some(host) = rhost.filter(|host| !host.is_empty()) else { return true };
    let address = host.parse::<IpAddr>().map(|a| a.to_canonical());
    // GDM says 0.0.0.0 where it does not know; sudo gives the machine's own name.
    address.is_ok_and(|a| a.is_loopback() || a.is_unspecified())
        || is_display(host)
        || host.eq_ignore_ascii_case("localhost")
        || own_name.is_some_and(|own| !own.is_empty() && host.eq_ignore_ascii_case(own))
}

/// A display of this machine, such as `:0` or `:1.0`; `other:0` is one of another's.
fn is_display(host: &str) -> bool {
    let number = host.strip_prefix(':');
    number.is_some_and(|n| {
        n.starts_with(|c: char| c.is_ascii_digit()) && n.chars().all(|c| matches!(c, '0'..='9' | '.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_this_machine() {
        let own = Some("ward3");
        assert!(is_this_machine(None, None));
        for host in [
            "",
            "localhost",
            "127.0.0.1",
            "127.8.0.1",
            "::1",
            "::ffff:127.0.0.1",
            "0.0.0.0",
            "::",
            ":0",
            ":1.0",
        ] {
            assert!(is_this_machine(Some(host), own), "{host}");
        }
        assert!(is_this_machine(Some("Ward3"), own));
        assert!(!is_this_machine(Some("ward3"), None));
        for host in [
            "10.0.0.7",
            "::ffff:10.0.0.7",
            "2001:db8::1",
            "ward4",
            "ward3.evil",
            "far:0",
            ":",
            ":x",
            "::0:x",
            " ",
        ] {
            assert!(!is_this_machine(Some(host), own), "{host}");
        }
        assert!(!is_this_machine(Some("x"), Some("")));
    }
}
