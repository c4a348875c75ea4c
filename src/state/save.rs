//! Writes new private files.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::state::temporary;

/// Writes a new file (0600) completely or not at all. Fails if the path exists.
pub fn save(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let file = temporary::create(folder.unwrap_or_else(|| Path::new(".")))?;
    if path.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    Ok(())
}

pub fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AlreadyExists => "a file with this name already exists".to_owned(),
        io::ErrorKind::NotFound => "the folder does not exist".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_is_private_and_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let save =
            |path: &Path, text: &'static str| save(path, |out| out.write_all(text.as_bytes()));
        save(&path, "one").unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let again = save(&path, "two").unwrap_err();
        assert_eq!(why(&again), "a file with this name already exists");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(folder.path().read_dir().unwrap().count(), 1, "no part of a file is left");
        assert!(save(&folder.path().join("no/a.txt"), "x").is_err());
        let failed = super::save(&folder.path().join("b.txt"), |out| {
            out.write_all(b"half")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert!(failed.is_err());
        assert_eq!(folder.path().read_dir().unwrap().count(), 1, "no part of a file is left");
    }
}
