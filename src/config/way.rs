//! The way to a file: each folder and link from the root down, none of which another user may turn to
//! somewhere else. What the system itself links, such as `/var` on macOS, is followed.

use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use super::owner::{Bar, is_trusted, judge};
use super::secure_file::{PrivateError, unreadable};

/// Links that are followed at most, as many as the system does.
const MOST_LINKS: u32 = 40;

/// Checks all that leads to `path`; what is at its end is the caller's.
///
/// # Errors
/// [`PrivateError`] with the first place that another user can change.
pub(super) fn check(path: &Path) -> Result<(), PrivateError> {
    let whole = std::path::absolute(path).map_err(unreadable(path))?;
    let mut left = names_reversed(whole.parent().unwrap_or(&whole));
    let mut at = PathBuf::from("/");
    let folder = "the folder";
    judge(folder, &at, &fs::metadata(&at).map_err(unreadable(&at))?, Bar::Changing)?;
    let mut links = 0;
    while let Some(name) = left.pop() {
        if name == ".." {
            at.pop();
            continue;
        }
        let next = at.join(name);
        let about = fs::symlink_metadata(&next).map_err(unreadable(&next))?;
        if !about.is_symlink() {
            judge(folder, &next, &about, Bar::Changing)?;
            at = next;
            continue;
        }
        if !is_trusted(about.uid()) {
            return Err(PrivateError::ForeignLink { path: next, owner: about.uid() });
        }
        links += 1;
        if links > MOST_LINKS {
            let why = io::Error::new(io::ErrorKind::InvalidInput, "it has too many links");
            return Err(unreadable(path)(why));
        }
        let target = fs::read_link(&next).map_err(unreadable(&next))?;
        if target.is_absolute() {
            at = PathBuf::from("/");
        }
        left.extend(names_reversed(&target));
    }
    Ok(())
}

fn names_reversed(path: &Path) -> Vec<OsString> {
    let name = |part: Component<'_>| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        _ => None,
    };
    path.components().rev().filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::process::geteuid;
    use std::os::unix::fs::{PermissionsExt, chown, lchown, symlink};

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
            assert!(check(&at(sound)).is_ok(), "{sound}");
        }
        for (bits, is_sound) in [(0o755, true), (0o1777, true), (0o777, false), (0o757, false)] {
            mode(&at("real"), bits);
            for way in ["real/below/t", "link/below/t", "relative/below/t"] {
                let checked = check(&at(way));
                assert_eq!(checked.is_ok(), is_sound, "{bits:o} {way}");
                let run = format!("chmod go-w {}", at("real").display());
                assert!(checked.err().is_none_or(|error| error.to_string().ends_with(&run)));
            }
        }
        mode(&at("real"), 0o775);
        // A group of the user's own number can have others in it too.
        chown(at("real"), None, Some(geteuid().as_raw())).unwrap();
        assert!(matches!(check(&at("real/t")), Err(PrivateError::Changeable { .. })));
        symlink("loop", at("loop")).unwrap();
        assert!(check(&at("loop/t")).unwrap_err().to_string().contains("too many links"));
        assert!(matches!(check(&at("no/t")), Err(PrivateError::Unreadable { .. })));
        if !geteuid().is_root() {
            return;
        }
        chown(at("real"), None, Some(12_345)).unwrap();
        assert!(matches!(check(&at("real/t")), Err(PrivateError::Changeable { .. })));
        mode(&at("real"), 0o755);
        lchown(at("link"), Some(12_345), None).unwrap();
        assert!(matches!(check(&at("link/t")), Err(PrivateError::ForeignLink { .. })));
        for owner in [12_345, 65_534] {
            chown(at("real"), Some(owner), None).unwrap();
            let is_outsider = super::is_trusted(owner);
            assert_eq!(check(&at("real/t")).is_ok(), is_outsider, "{owner}");
        }
    }
}
