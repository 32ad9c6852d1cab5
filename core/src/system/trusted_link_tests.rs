//! Links as a machine without changeable files has them, and each way in which somebody else could change one.

use super::*;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, lchown, symlink};

/// etc/wardkey/w.toml -> /etc/static/wardkey/w.toml; etc/static -> /nix/store/etc; ...w.toml -> ../../file/w.toml
fn machine() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::set_permissions(root.path(), Permissions::from_mode(0o755)).unwrap();
    for dir in ["etc/wardkey", "nix/store/etc/wardkey", "nix/store/file"] {
        fs::create_dir_all(root.path().join(dir)).unwrap();
    }
    for dir in ["etc", "etc/wardkey", "nix", "nix/store/etc", "nix/store/etc/wardkey", "nix/store/file"] {
        fs::set_permissions(root.path().join(dir), Permissions::from_mode(0o755)).unwrap();
    }
    fs::set_permissions(root.path().join("nix/store"), Permissions::from_mode(0o1775)).unwrap();
    fs::write(root.path().join("nix/store/file/w.toml"), "support = 'x'").unwrap();
    symlink("/etc/static/wardkey/w.toml", root.path().join("etc/wardkey/w.toml")).unwrap();
    symlink("/nix/store/etc", root.path().join("etc/static")).unwrap();
    symlink("../../file/w.toml", root.path().join("nix/store/etc/wardkey/w.toml")).unwrap();
    root
}

fn ends(root: &Path) -> Result<PathBuf, Untrusted> {
    let place = follow_below(root, Path::new("/etc/wardkey/w.toml"))?;
    assert_eq!(Some(place.name.as_os_str()), place.shown.file_name());
    assert!(openat(&place.dir, place.name.as_os_str(), OFlag::O_RDONLY, Mode::empty()).is_ok());
    Ok(place.shown)
}

#[test]
fn a_way_of_roots_links_leads_to_the_file() {
    let root = machine();
    assert_eq!(ends(root.path()).unwrap(), root.path().join("nix/store/file/w.toml"));
}

#[test]
fn whatever_somebody_else_could_change_on_the_way_is_refused_by_name() {
    for dir in ["", "etc", "etc/wardkey", "nix", "nix/store/etc", "nix/store/etc/wardkey", "nix/store/file"] {
        for mode in [0o775, 0o757, 0o1777] {
            let root = machine();
            let path = if dir.is_empty() { root.path().to_path_buf() } else { root.path().join(dir) };
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let refused = ends(root.path()).unwrap_err();
            assert!(
                matches!(refused.reason, Reason::Mode(m, Readers::Anyone) if m == mode),
                "{dir}: {refused}"
            );
            assert_eq!(refused.path, path);
        }
        let root = machine();
        let path = if dir.is_empty() { root.path().to_path_buf() } else { root.path().join(dir) };
        chown(&path, Some(7), None).unwrap();
        let refused = ends(root.path()).unwrap_err();
        assert!(matches!(refused.reason, Reason::Owner(7)) && refused.path == path, "{dir}: {refused}");
    }
    for link in ["etc/wardkey/w.toml", "etc/static", "nix/store/etc/wardkey/w.toml"] {
        let root = machine();
        lchown(root.path().join(link), Some(7), None).unwrap();
        let refused = ends(root.path()).unwrap_err();
        assert!(matches!(refused.reason, Reason::LinkOwner(7)), "{link}: {refused}");
        assert_eq!(refused.path, root.path().join(link));
    }
}

#[test]
fn a_way_that_leads_nowhere_in_circles_or_to_a_directory_ends() {
    let root = machine();
    let first = root.path().join("etc/wardkey/w.toml");
    let lead = |target: &str| {
        fs::remove_file(&first).unwrap();
        symlink(target, &first).unwrap();
        ends(root.path()).unwrap_err()
    };
    let circle = lead("w.toml");
    assert!(
        matches!(&circle.reason, Reason::Io(e) if e.raw_os_error() == Some(Errno::ELOOP as i32)),
        "{circle}"
    );
    assert!(lead("/etc/static/nothing").is_missing());
    assert!(matches!(lead("/etc").reason, Reason::NotRegular));
    assert!(matches!(lead("/").reason, Reason::NotRegular));
    assert!(matches!(lead("/nix/store/file/w.toml/x").reason, Reason::NotDirectory));
}
