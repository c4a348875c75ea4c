//! Who may own and change the files, folders, links and pipes that valora relies on.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::process::geteuid;

use super::secure_file::{PrivateError, unreadable};

/// Mode bits with which others can read or change it, and those for change; the group counts as others.
const OTHERS: u32 = 0o077;
const WRITERS: u32 = 0o022;
const MOST_LINKS: u32 = 40;
/// In a folder with this mode bit only the owner of an entry can rename it.
const STICKY: u32 = 0o1000;
/// The number that a user namespace, such as a sandboxed shell, shows for all users outside of it.
const OUTSIDER: u32 = 65_534;

#[derive(Debug, Clone, Copy)]
pub(super) enum Access {
    /// Reading or changing it; with the mode that it should have.
    Any(&'static str),
    Write,
}

pub(super) fn judge(
    what: &'static str,
    path: &Path,
    about: &Metadata,
    access: Access,
) -> Result<(), PrivateError> {
    let path = path.to_owned();
    if !is_trusted(about.uid()) {
        return Err(PrivateError::Foreign { path, owner: about.uid() });
    }
    // In a folder such as /tmp, everyone may write, but change only their own entries.
    let is_sticky = about.is_dir() && about.mode() & STICKY != 0;
    match access {
        Access::Any(mode) if about.mode() & OTHERS != 0 => {
            Err(PrivateError::Open { what, path, mode })
        }
        Access::Write if about.mode() & WRITERS != 0 && !is_sticky => {
            Err(PrivateError::Changeable { what, path })
        }
        _ => Ok(()),
    }
}

/// Returns `true` for this user and for root, who can change everything anyway.
fn is_trusted(owner: u32) -> bool {
    let is_outsider = || {
        let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
        is_without(&map, OUTSIDER)
    };
    owner == 0 || owner == geteuid().as_raw() || (owner == OUTSIDER && is_outsider())
}

/// Returns `true` if a namespace's map lacks a user: only users outside of it have the number then.
fn is_without(map: &str, user: u32) -> bool {
    let is_out = |line: &str| {
        let numbers = line.split_whitespace().take(3).map(|number| number.parse().ok());
        let numbers: Option<Vec<u64>> = numbers.collect();
        let Some([first, _, count]) = numbers.as_deref() else { return false };
        !(*first..first.saturating_add(*count)).contains(&u64::from(user))
    };
    !map.trim().is_empty() && map.lines().all(is_out)
}

/// Checks that no other user can redirect a folder or link on the way to `path`; root's are trusted.
pub(super) fn check_way(path: &Path) -> Result<(), PrivateError> {
    let whole = std::path::absolute(path).map_err(unreadable(path))?;
    let names = |path: &Path| -> Vec<OsString> {
        path.components().map(|part| part.as_os_str().to_owned()).rev().collect()
    };
    let mut left = names(whole.parent().unwrap_or(&whole));
    let (mut at, mut links) = (PathBuf::new(), 0);
    while let Some(name) = left.pop() {
        match name.to_str() {
            Some(".") => continue,
            Some("..") => {
                at.pop();
                continue;
            }
            _ => {}
        }
        // An absolute link target replaces the path so far.
        let next = at.join(name);
        let about = fs::symlink_metadata(&next).map_err(unreadable(&next))?;
        if !about.is_symlink() {
            judge("the folder", &next, &about, Access::Write)?;
            at = next;
            continue;
        }
        if !is_trusted(about.uid()) {
            return Err(PrivateError::ForeignLink { path: next, owner: about.uid() });
        }
        links += 1;
        if links > MOST_LINKS {
            return Err(unreadable(path)(io::Error::other("too many symbolic links")));
        }
        left.extend(names(&fs::read_link(&next).map_err(unreadable(&next))?));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, chown, lchown, symlink};

    #[test]
    fn nobody_is_a_user_like_any_other_unless_a_namespace_has_none_of_this_number() {
        for (map, expected) in [
            ("         0          0 4294967295\n", false),
            ("0 1000 1\n1 100000 65536\n", false),
            ("0 100000 65535\n", false),
            ("0 1000 1\n", true),
            ("1000 1000 1\n", true),
            ("0 100000 65534\n", true),
            ("", false),
            ("what\n", false),
            ("0 1000\n", false),
        ] {
            assert_eq!(is_without(map, OUTSIDER), expected, "{map:?}");
        }
        let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
        assert_eq!(is_trusted(OUTSIDER), is_without(&map, OUTSIDER));
        assert!(is_trusted(0) && is_trusted(geteuid().as_raw()) && !is_trusted(12_345));
    }

    fn mode(path: &Path, bits: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(bits)).unwrap();
    }

    #[test]
    fn a_way_over_links_is_good_as_long_as_nobody_else_can_turn_it() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        fs::create_dir_all(at("real/below")).unwrap();
        symlink(at("real"), at("link")).unwrap();
        symlink("link/below/..", at("relative")).unwrap();
        for sound in ["real/below/t", "link/below/t", "relative/below/t", "real/../link/t", "t"] {
            assert!(check_way(&at(sound)).is_ok(), "{sound}");
        }
        for (bits, is_sound) in [(0o755, true), (0o1777, true), (0o777, false), (0o757, false)] {
            mode(&at("real"), bits);
            for way in ["real/below/t", "link/below/t", "relative/below/t"] {
                let checked = check_way(&at(way));
                assert_eq!(checked.is_ok(), is_sound, "{bits:o} {way}");
                let run = format!("chmod go-w {}", at("real").display());
                assert!(checked.err().is_none_or(|error| error.to_string().ends_with(&run)));
            }
        }
        mode(&at("real"), 0o775);
        // A group of the user's own number can have others in it too.
        chown(at("real"), None, Some(geteuid().as_raw())).unwrap();
        assert!(matches!(check_way(&at("real/t")), Err(PrivateError::Changeable { .. })));
        symlink("loop", at("loop")).unwrap();
        assert!(
            check_way(&at("loop/t")).unwrap_err().to_string().contains("too many symbolic links")
        );
        assert!(matches!(check_way(&at("no/t")), Err(PrivateError::Unreadable { .. })));
        if !geteuid().is_root() {
            return;
        }
        chown(at("real"), None, Some(12_345)).unwrap();
        assert!(matches!(check_way(&at("real/t")), Err(PrivateError::Changeable { .. })));
        mode(&at("real"), 0o755);
        lchown(at("link"), Some(12_345), None).unwrap();
        assert!(matches!(check_way(&at("link/t")), Err(PrivateError::ForeignLink { .. })));
        for owner in [12_345, 65_534] {
            chown(at("real"), Some(owner), None).unwrap();
            let is_outsider = is_trusted(owner);
            assert_eq!(check_way(&at("real/t")).is_ok(), is_outsider, "{owner}");
        }
    }
}
