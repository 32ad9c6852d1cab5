//! Whether this is a container, whose clock and disks are the affair of the machine around.

use pam_stack::Root;

/// What systemd, Docker and Podman leave in theirs.
const MARKS: [&str; 3] = ["/run/systemd/container", "/.dockerenv", "/run/.containerenv"];

pub(super) fn is_container(root: &Root) -> bool {
    MARKS.iter().any(|mark| root.join(mark).exists())
}
