//! Files that are written under a name of their own first, and what is left of those whose program
//! was killed meanwhile.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use tempfile::{Builder, NamedTempFile};

/// The names of such files: hidden, and no other program's.
const PREFIX: &str = ".valora-";
const SUFFIX: &str = ".tmp";
/// Characters between them, chosen at random.
const RANDOM: usize = 8;
/// After this long without a write nobody writes to a file any more: each takes a moment.
const ABANDONED: Duration = Duration::from_secs(600);

/// Makes such a file that only its owner can read, and removes those that valora has left in the
/// same folder.
///
/// # Errors
/// When the system refuses to make it.
pub fn create(folder: &Path) -> io::Result<NamedTempFile> {
    let made =
        Builder::new().prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM).tempfile_in(folder)?;
    // To tidy up is a courtesy: no write fails for it.
    if let Ok(made) = made.as_file().metadata() {
        let _ = remove_abandoned(folder, &made);
    }
    Ok(made)
}

/// Removes the files of the same owner that are much older than `made`. Both times are those of the
/// file system, so that no other clock matters.
fn remove_abandoned(folder: &Path, made: &Metadata) -> io::Result<()> {
    for entry in fs::read_dir(folder)?.flatten() {
        if !entry.file_name().to_str().is_some_and(is_ours) {
            continue;
        }
        // Of a link, the link itself is looked at.
        let Ok(found) = entry.metadata() else { continue };
        let age = made.modified()?.duration_since(found.modified()?).unwrap_or_default();
        if found.is_file() && found.uid() == made.uid() && age >= ABANDONED {
            // Another session may have been faster.
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

fn is_ours(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    random.is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    /// Makes a file that was last written so long before another.
    fn made(path: &Path, before: &Path, age: Duration) {
        let file = File::create(path).unwrap();
        let now = before.metadata().unwrap().modified().unwrap();
        file.set_modified(now - age).unwrap();
    }

    #[test]
    fn what_a_killed_program_has_left_is_removed_and_nobody_elses_files_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let reference = tempfile::NamedTempFile::new().unwrap();
        let old = |name: &str| made(&path(name), reference.path(), ABANDONED * 2);
        let killed = create(folder.path()).unwrap().into_temp_path().keep().unwrap();
        made(&killed, reference.path(), ABANDONED * 2);
        let others = [".tmpAbCdEf", ".valora-notes.tmp", ".valora-AbCdEfGh", "valora-AbCdEfGh.tmp"];
        for name in others {
            old(name);
        }
        old("target");
        std::os::unix::fs::symlink(path("target"), path(".valora-LinkLink.tmp")).unwrap();
        fs::create_dir(path(".valora-FoldersX.tmp")).unwrap();
        made(&path(".valora-YoungYou.tmp"), reference.path(), Duration::from_secs(5));
        drop(create(folder.path()).unwrap());
        assert!(!killed.exists(), "what was left is removed");
        for name in others.iter().chain(&[".valora-LinkLink.tmp", ".valora-YoungYou.tmp", "target"])
        {
            assert!(path(name).symlink_metadata().is_ok(), "{name} was removed");
        }
        assert!(path(".valora-FoldersX.tmp").is_dir());
    }
}
