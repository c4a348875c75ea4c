//! Files that are written under a name of their own first, and what is left of those whose program
//! was killed meanwhile.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use tempfile::{Builder, NamedTempFile};

/// The names of such files: hidden, and no other program's.
const PREFIX: &str = ".valora-";
const SUFFIX: &str = ".tmp";
const RANDOM: usize = 8;
/// After this long without a write nobody writes to a file any more: each takes a moment.
const ABANDONED: Duration = Duration::from_secs(600);

/// How such names began in earlier versions, as many a program's do; six random characters follow.
const EARLIER: &str = ".tmp";
const EARLIER_RANDOM: usize = 6;

/// Makes such a file that only its owner can read, and removes those that valora has left in the
/// same folder.
pub fn create(folder: &Path) -> io::Result<NamedTempFile> {
    let made = named(folder)?;
    // To tidy up is a courtesy: no write fails for it.
    let _ = remove_abandoned(folder, &made, is_ours);
    Ok(made)
}

/// Removes what valora has left, in earlier versions too, in a folder where no other program writes.
///
/// # Errors
/// When the system refuses to look; what is there is then as it was.
pub fn sweep(folder: &Path) -> io::Result<()> {
    let is_left = |name: &str| is_ours(name) || is_of_earlier_version(name);
    let mut entries = fs::read_dir(folder)?.flatten();
    // Mostly there is nothing, and then nothing is written.
    if entries.any(|entry| entry.file_name().to_str().is_some_and(is_left)) {
        remove_abandoned(folder, &named(folder)?, is_left)?;
    }
    Ok(())
}

fn named(folder: &Path) -> io::Result<NamedTempFile> {
    Builder::new().prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM).tempfile_in(folder)
}

/// Removes the files of the same owner that are much older than `made`. Both times are those of the
/// file system, so that no other clock matters.
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
    random.is_some_and(|random| is_random(random, RANDOM))
}

fn is_of_earlier_version(name: &str) -> bool {
    name.strip_prefix(EARLIER).is_some_and(|random| is_random(random, EARLIER_RANDOM))
}

fn is_random(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
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
