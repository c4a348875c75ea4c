//! Files that hold a secret: read only where nobody else can read or change them.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use rustix::process::geteuid;

/// Bits of a mode that let others in.
const OTHERS: u32 = 0o077;

/// Why a secret is not read from a file, with the command that mends it.
#[derive(Debug, thiserror::Error)]
pub enum PrivateError {
    /// The system refuses.
    #[error("{} cannot be read: {why}", .path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        why: io::Error,
    },
    /// Others can read it.
    #[error("{what} {path} can be read by others on this machine; run: chmod {mode} {path}", path = .path.display())]
    Open {
        /// `the file` or `the folder`.
        what: &'static str,
        /// Where it is.
        path: PathBuf,
        /// The mode that it should have.
        mode: &'static str,
    },
    /// It is somebody else's, who can change it at any time.
    #[error(
        "{path} belongs to another user (uid {owner}); take it over, if you trust what is in it: \
         sudo chown $(id -u) {path}", path = .path.display()
    )]
    Foreign {
        /// Where it is.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
    },
    /// It points to another file, whose mode says nothing of who can change the pointer.
    #[error(
        "{path} is a symbolic link; give the file itself, which this command names: \
         readlink -f {path}", path = .path.display()
    )]
    Link {
        /// Where it is.
        path: PathBuf,
    },
    /// It is a folder, a socket, a disk.
    #[error("{} is not a file", .path.display())]
    NotFile {
        /// Where it is.
        path: PathBuf,
    },
}

/// Opens a file that only its owner, who is the user, can read. A pipe such as `<(pass show …)` is
/// taken too: it has no name that another user could put something under.
///
/// # Errors
/// [`PrivateError`] with what to run.
pub fn open(path: &Path) -> Result<File, PrivateError> {
    let failed = |why| PrivateError::Unreadable { path: path.to_owned(), why };
    let named = fs::symlink_metadata(path).map_err(failed)?;
    let behind = fs::metadata(path).map_err(failed)?;
    if behind.file_type().is_fifo() {
        return File::open(path).map_err(failed);
    }
    if named.is_symlink() {
        return Err(PrivateError::Link { path: path.to_owned() });
    }
    if !behind.is_file() {
        return Err(PrivateError::NotFile { path: path.to_owned() });
    }
    // Between the look and the opening another file may have taken its name: what was opened is
    // what is judged, and a pipe in its place must not block.
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).unwrap_or(0);
    let file = File::options().read(true).custom_flags(flags).open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    judge("the file", path, &about, "600")?;
    Ok(file)
}

/// Checks the folder of secrets; one that does not exist holds none.
///
/// # Errors
/// [`PrivateError`] with what to run.
pub fn check_folder(path: &Path) -> Result<(), PrivateError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(why) => Err(PrivateError::Unreadable { path: path.to_owned(), why }),
        Ok(about) if about.is_symlink() => Err(PrivateError::Link { path: path.to_owned() }),
        Ok(about) => judge("the folder", path, &about, "700"),
    }
}

fn judge(
    what: &'static str,
    path: &Path,
    about: &fs::Metadata,
    mode: &'static str,
) -> Result<(), PrivateError> {
    let path = path.to_owned();
    if about.uid() != geteuid().as_raw() {
        return Err(PrivateError::Foreign { path, owner: about.uid() });
    }
    if about.mode() & OTHERS != 0 {
        return Err(PrivateError::Open { what, path, mode });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_secret_is_read_only_from_a_file_of_ones_own_that_nobody_else_can_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, "x").unwrap();
        let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        for (bits, is_open) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] {
            mode(bits);
            let refused = open(&path).err().map(|error| error.to_string());
            assert_eq!(refused.is_some(), is_open, "{bits:o}");
            let command = format!("chmod 600 {}", path.display());
            assert!(refused.is_none_or(|text| text.contains(&command)));
        }
        mode(0o600);
        let link = folder.path().join("link");
        symlink(&path, &link).unwrap();
        assert!(open(&link).unwrap_err().to_string().contains("readlink -f"));
        assert!(matches!(open(folder.path()), Err(PrivateError::NotFile { .. })));
        assert!(matches!(open(&folder.path().join("no")), Err(PrivateError::Unreadable { .. })));
    }

    #[test]
    fn somebody_elses_file_is_refused() {
        let mut about = fs::metadata("/").unwrap();
        if geteuid().is_root() {
            // Root owns what is tried below; a file of another user is made instead.
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("token");
            fs::write(&path, "x").unwrap();
            std::os::unix::fs::chown(&path, Some(12_345), None).unwrap();
            about = fs::metadata(&path).unwrap();
        }
        let refused = judge("the file", Path::new("/t"), &about, "600").unwrap_err().to_string();
        assert!(refused.contains("chown $(id -u) /t"), "{refused}");
    }

    #[test]
    fn the_folder_of_secrets_is_ones_own() {
        let folder = tempfile::tempdir().unwrap();
        assert!(check_folder(&folder.path().join("none")).is_ok());
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let refused = check_folder(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("chmod 700"), "{refused}");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert!(check_folder(folder.path()).is_ok());
    }
}
