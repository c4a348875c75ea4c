//! Files that are first written under a temporary name, and the removal of those that a killed program
//! left.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use tempfile::{Builder, NamedTempFile};

/// The start and end of a name, around random characters; no other program uses such names.
const PREFIX: &str = ".valora-";
const SUFFIX: &str = ".tmp";
const RANDOM: usize = 8;
/// The names of earlier versions, which other programs use too.
const EARLIER: &str = ".tmp";
const EARLIER_RANDOM: usize = 6;
/// The age from which a temporary file counts as abandoned: writing one takes a moment.
const ABANDONED: Duration = Duration::from_secs(600);

/// Creates a file for its owner only (0600), and removes abandoned ones in the same folder.
pub fn create(folder: &Path) -> io::Result<NamedTempFile> {
    let made = named(folder)?;
    let _ = remove_abandoned(folder, &made, is_ours);
    Ok(made)
}

/// Removes files that valora left, in earlier versions too, in a folder that only valora writes to.
pub fn sweep(folder: &Path) -> io::Result<()> {
    let is_left = |name: &str| is_ours(name) || is_random(name, EARLIER, "", EARLIER_RANDOM);
    let mut entries = fs::read_dir(folder)?.flatten();
    // Without such files, which is usual, nothing is written.
    if entries.any(|entry| entry.file_name().to_str().is_some_and(is_left)) {
        remove_abandoned(folder, &named(folder)?, is_left)?;
    }
    Ok(())
}

fn named(folder: &Path) -> io::Result<NamedTempFile> {
    Builder::new().prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM).tempfile_in(folder)
}

/// Removes files of the same owner that are much older than `made` by the clock of the file system.
fn remove_abandoned(
    folder: &Path,
    made: &NamedTempFile,
    is_left: impl Fn(&str) -> bool,
) -> io::Result<()> {
    let made = made.as_file().metadata()?;
    for entry in fs::read_dir(folder)?.flatten() {
        if !entry.file_name().to_str().is_some_and(&is_left) {
            continue;
        }
        // For a link, the metadata of the link itself.
        let Ok(found) = entry.metadata() else { continue };
        let age = made.modified()?.duration_since(found.modified()?).unwrap_or_default();
        if found.is_file() && found.uid() == made.uid() && age >= ABANDONED {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

fn is_ours(name: &str) -> bool {
    is_random(name, PREFIX, SUFFIX, RANDOM)
}

fn is_random(name: &str, prefix: &str, suffix: &str, length: usize) -> bool {
    let random = name.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(suffix));
    random.is_some_and(|it| it.len() == length && it.bytes().all(|b| b.is_ascii_alphanumeric()))
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

    #[test]
    fn a_sweep_of_ones_own_folder_takes_the_names_of_earlier_versions_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let reference = tempfile::NamedTempFile::new().unwrap();
        for name in
            [".tmpAbC1eF", ".valora-AbCdEfGh.tmp", ".tmpAbCdEfG", ".tmp-notes", "views.toml"]
        {
            made(&path(name), reference.path(), ABANDONED * 2);
        }
        made(&path(".tmpYoung1"), reference.path(), Duration::from_secs(5));
        std::os::unix::fs::symlink(path("views.toml"), path(".tmpLink12")).unwrap();
        fs::create_dir(path(".tmpFolder")).unwrap();
        sweep(folder.path()).unwrap();
        let entries = fs::read_dir(folder.path()).unwrap();
        let mut left: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        let expected =
            [".tmp-notes", ".tmpAbCdEfG", ".tmpFolder", ".tmpLink12", ".tmpYoung1", "views.toml"];
        assert_eq!(left, expected);
        assert!(sweep(&path("none")).is_err());
    }
}
