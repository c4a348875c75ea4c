//! Reads files with secrets only if no other user can read or change them.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::owner::{Access, check_way, judge};

const FILE: Access = Access::Any("600");
const FOLDER: Access = Access::Any("700");

#[derive(Debug, thiserror::Error)]
pub enum PrivateError {
    #[error("{} cannot be read: {why}", .path.display())]
    Unreadable { path: PathBuf, why: io::Error },
    #[error("{what} {path} can be read by others on this computer; run: chmod {mode} {path}", path = .path.display())]
    Open { what: &'static str, path: PathBuf, mode: &'static str },
    #[error("{what} {path} can be changed by others on this computer; run: chmod go-w {path}", path = .path.display())]
    Changeable { what: &'static str, path: PathBuf },
    #[error(
        "{path}, part of the path to the file, is a symbolic link of another user (uid {owner}); use the path \
         that this command prints: readlink -f {path}", path = .path.display()
    )]
    ForeignLink { path: PathBuf, owner: u32 },
    #[error(
        "{path} belongs to another user (uid {owner}); if you trust its content, run: \
         sudo chown $(id -u) {path}", path = .path.display()
    )]
    Foreign { path: PathBuf, owner: u32 },
    /// The mode of the file does not say who can change the link.
    #[error(
        "{path} is a symbolic link; use the file itself, whose path this command prints: \
         readlink -f {path}", path = .path.display()
    )]
    Link { path: PathBuf },
    #[error("{} is not a file", .path.display())]
    NotFile { path: PathBuf },
}

pub(super) fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> PrivateError + use<> {
    let path = path.to_owned();
    move |why| PrivateError::Unreadable { path, why }
}

/// Opens a file or pipe that only this user can read, on a path that only this user can redirect.
pub fn open(path: &Path) -> Result<File, PrivateError> {
    if is_descriptor(path) {
        return judged(path, File::open(path).map_err(unreadable(path))?);
    }
    let named = fs::symlink_metadata(path).map_err(unreadable(path))?;
    if named.is_symlink() {
        return Err(PrivateError::Link { path: path.to_owned() });
    }
    check_way(path)?;
    // Another file may have replaced it: the opened file is checked, and no pipe may block.
    let mut flags = OFlags::NOFOLLOW;
    if named.file_type().is_fifo() {
        // Opening a pipe waits for its writer, so another user's pipe is refused first.
        judge("the pipe", path, &named, FILE)?;
    } else {
        flags |= OFlags::NONBLOCK;
    }
    let flags = i32::try_from(flags.bits()).unwrap_or(0);
    let file = File::options().read(true).custom_flags(flags).open(path);
    judged(path, file.map_err(unreadable(path))?)
}

/// Opens a file to append to it, and creates it (0600). Fails for a link, and if another user can read or
/// change it.
pub fn append(path: &Path) -> Result<File, PrivateError> {
    if fs::symlink_metadata(path).is_ok_and(|named| named.is_symlink()) {
        return Err(PrivateError::Link { path: path.to_owned() });
    }
    // A pipe must not block.
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).unwrap_or(0);
    let mut options = File::options();
    options.create(true).read(true).append(true).mode(0o600).custom_flags(flags);
    let file = options.open(path).map_err(unreadable(path))?;
    let about = file.metadata().map_err(unreadable(path))?;
    if !about.is_file() {
        return Err(PrivateError::NotFile { path: path.to_owned() });
    }
    judge("the file", path, &about, FILE)?;
    Ok(file)
}

/// Fails for a folder that is a link, or that another user can read or change.
pub fn check_own_folder(path: &Path) -> Result<(), PrivateError> {
    let about = fs::symlink_metadata(path).map_err(unreadable(path))?;
    if about.is_symlink() {
        return Err(PrivateError::Link { path: path.to_owned() });
    }
    if !about.is_dir() {
        return Err(unreadable(path)(io::ErrorKind::NotADirectory.into()));
    }
    judge("the folder", path, &about, FOLDER)
}

/// Returns `true` for an open descriptor of this process. `/dev/fd/../x` is an ordinary path.
fn is_descriptor(path: &Path) -> bool {
    let Some(path) = path.to_str() else { return false };
    let number = path.strip_prefix("/dev/fd/").or_else(|| path.strip_prefix("/proc/self/fd/"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    path == "/dev/stdin" || number.is_some_and(is_number)
}

fn judged(path: &Path, file: File) -> Result<File, PrivateError> {
    let about = file.metadata().map_err(unreadable(path))?;
    let kind = about.file_type();
    if !kind.is_file() && !kind.is_fifo() {
        return Err(PrivateError::NotFile { path: path.to_owned() });
    }
    judge(if kind.is_fifo() { "the pipe" } else { "the file" }, path, &about, FILE)?;
    Ok(file)
}

/// Checks the way to it too; a folder that does not exist contains no secrets.
pub fn check_folder(path: &Path) -> Result<(), PrivateError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(why) => Err(unreadable(path)(why)),
        Ok(about) if about.is_symlink() => Err(PrivateError::Link { path: path.to_owned() }),
        Ok(about) => {
            judge("the folder", path, &about, FOLDER)?;
            check_way(path)
        }
    }
}

/// Settings say which programs run and where a token goes. `about` is what was opened.
pub fn check_settings(path: &Path, about: &fs::Metadata) -> Result<(), PrivateError> {
    let real = fs::canonicalize(path).map_err(unreadable(path))?;
    judge("the file", &real, about, Access::Write)?;
    for path in [path, &real] {
        if let Some(folder) = path.parent() {
            let about = fs::metadata(folder).map_err(unreadable(folder))?;
            judge("the folder", folder, &about, Access::Write)?;
        }
        check_way(path)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::process::geteuid;
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
        let opened = File::open(&path).unwrap();
        let number = std::os::fd::AsRawFd::as_raw_fd(&opened);
        assert!(open(Path::new(&format!("/dev/fd/{number}"))).is_ok(), "what is open already");
        mode(0o644);
        assert!(open(Path::new(&format!("/dev/fd/{number}"))).is_err());
        mode(0o600);
        assert!(matches!(open(folder.path()), Err(PrivateError::NotFile { .. })));
        assert!(matches!(open(&folder.path().join("no")), Err(PrivateError::Unreadable { .. })));
    }

    #[test]
    fn somebody_elses_file_is_refused() {
        // Only root can give a file to another user; what is root's is as good as one's own.
        if !geteuid().is_root() {
            return eprintln!("not tested: only root can make a file of another user");
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, "x").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(open(&path).is_ok());
        std::os::unix::fs::chown(&path, Some(12_345), None).unwrap();
        let refused = open(&path).unwrap_err().to_string();
        assert!(refused.contains(&format!("chown $(id -u) {}", path.display())), "{refused}");
    }

    #[test]
    fn only_the_number_of_what_is_open_is_a_descriptor() {
        for path in ["/dev/stdin", "/dev/fd/0", "/dev/fd/12", "/proc/self/fd/3"] {
            assert!(is_descriptor(Path::new(path)), "{path}");
        }
        for path in [
            "/dev/fd",
            "/dev/fd/",
            "/dev/fd/3/",
            "/dev/fd/../../tmp/t",
            "/dev/fd/3/../t",
            "/proc/self/fd/../../../tmp/t",
            "/dev/stdin/x",
            "/dev/stdout",
            "/dev/fd/x",
        ] {
            assert!(!is_descriptor(Path::new(path)), "{path}");
        }
        // What such a path leads to is judged with the way to it.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, "x").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let opened = File::open(folder.path()).unwrap();
        let number = std::os::fd::AsRawFd::as_raw_fd(&opened);
        let refused = open(Path::new(&format!("/dev/fd/{number}/token"))).unwrap_err();
        assert!(matches!(refused, PrivateError::Changeable { .. }), "{refused}");
    }

    fn pipe(folder: &Path, bits: u32) -> PathBuf {
        let path = folder.join(format!("pipe-{bits:o}"));
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        fs::set_permissions(&path, fs::Permissions::from_mode(bits)).unwrap();
        path
    }

    #[test]
    fn a_pipe_is_ones_own_and_nobody_waits_for_the_writer_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let own = pipe(folder.path(), 0o600);
        let writer = std::thread::spawn({
            let own = own.clone();
            move || fs::write(own, "vl_x").unwrap()
        });
        assert_eq!(io::read_to_string(open(&own).unwrap()).unwrap(), "vl_x");
        writer.join().unwrap();
        // Whoever can read the pipe can take the token out of it.
        let refused = open(&pipe(folder.path(), 0o644)).unwrap_err().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
        if geteuid().is_root() {
            std::os::unix::fs::chown(&own, Some(12_345), None).unwrap();
            // No one writes to it: opening it would wait forever.
            assert!(matches!(open(&own), Err(PrivateError::Foreign { owner: 12_345, .. })));
        }
        let link = folder.path().join("link");
        symlink(&own, &link).unwrap();
        assert!(matches!(open(&link), Err(PrivateError::Link { .. })));
    }

    #[test]
    fn settings_that_others_can_change_are_refused_with_what_to_run() {
        let folder = tempfile::tempdir().unwrap();
        let (below, elsewhere) = (folder.path().join("valora"), folder.path().join("dotfiles"));
        let path = below.join("config.toml");
        for folder in [&below, &elsewhere] {
            fs::create_dir(folder).unwrap();
            fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
        }
        fs::write(&path, "").unwrap();
        let mode = |path: &Path, bits| {
            fs::set_permissions(path, fs::Permissions::from_mode(bits)).unwrap();
        };
        let check = || {
            let checked = check_settings(&path, &fs::metadata(&path).unwrap());
            checked.map_err(|error| error.to_string())
        };
        for (place, sound, open) in [
            (&path, 0o644, 0o664),
            (&path, 0o600, 0o602),
            (&below, 0o755, 0o775),
            (&below, 0o700, 0o777),
        ] {
            mode(place, open);
            let refused = check().unwrap_err();
            assert!(refused.ends_with(&format!("chmod go-w {}", place.display())), "{refused}");
            mode(place, sound);
            assert_eq!(check(), Ok(()), "{sound:o}");
        }
        // A file that people keep elsewhere and link here.
        let real = elsewhere.join("config.toml");
        fs::rename(&path, &real).unwrap();
        symlink(&real, &path).unwrap();
        assert_eq!(check(), Ok(()));
        mode(&elsewhere, 0o777);
        assert!(check().unwrap_err().contains("dotfiles"));
        mode(&elsewhere, 0o755);
        if geteuid().is_root() {
            std::os::unix::fs::chown(&real, Some(12_345), None).unwrap();
            assert!(check().unwrap_err().contains("belongs to another user (uid 12345)"));
        }
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
