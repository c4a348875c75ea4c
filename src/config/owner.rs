//! Who may own and change what valora relies on: one rule for files, folders, links and pipes.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::process::geteuid;

use super::secure_file::PrivateError;

/// Bits of a mode that let others in, and those with which they can change what is there. A group
/// counts as others: whether anybody else is in it, the mode does not say.
const OTHERS: u32 = 0o077;
const WRITERS: u32 = 0o022;
/// In a folder with this bit only the owner of an entry can rename it.
const STICKY: u32 = 0o1000;
/// The number under which a user namespace, such as a sandboxed shell, shows all users outside of it.
const OUTSIDER: u32 = 65_534;

#[derive(Debug, Clone, Copy)]
pub(super) enum Bar {
    /// Read it or change it; with the mode that it should have.
    Entering(&'static str),
    Changing,
}

/// Judges the owner and the mode of one thing.
pub(super) fn judge(
    what: &'static str,
    path: &Path,
    about: &Metadata,
    bar: Bar,
) -> Result<(), PrivateError> {
    let path = path.to_owned();
    if !is_trusted(about.uid()) {
        return Err(PrivateError::Foreign { path, owner: about.uid() });
    }
    // Into a folder such as /tmp all may write, and nobody may change what is another's.
    let is_sticky = about.is_dir() && about.mode() & STICKY != 0;
    match bar {
        Bar::Entering(mode) if about.mode() & OTHERS != 0 => {
            Err(PrivateError::Open { what, path, mode })
        }
        Bar::Changing if about.mode() & WRITERS != 0 && !is_sticky => {
            Err(PrivateError::Changeable { what, path })
        }
        _ => Ok(()),
    }
}

/// Whether it is this user or root, who can change everything anyway.
pub(super) fn is_trusted(owner: u32) -> bool {
    let is_outsider = || {
        let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
        is_without(&map, OUTSIDER)
    };
    owner == 0 || owner == geteuid().as_raw() || (owner == OUTSIDER && is_outsider())
}

/// Whether a map of the users of a namespace has no user of this number, so that only those outside
/// show under it: among them the root of the machine. What cannot be read says nothing.
fn is_without(map: &str, user: u32) -> bool {
    let is_out = |line: &str| {
        let mut numbers = line.split_whitespace().map(|number| number.parse::<u64>().ok());
        let (Some(Some(first)), Some(Some(_)), Some(Some(count))) =
            (numbers.next(), numbers.next(), numbers.next())
        else {
            return false;
        };
        !(first..first.saturating_add(count)).contains(&u64::from(user))
    };
    !map.trim().is_empty() && map.lines().all(is_out)
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
