//! The secrets that valora keeps: one file each, apart from the settings, for their owner alone.

use std::path::PathBuf;
use std::{fs, io};

use super::secret::{SecretText, Source};
use super::secure_file;
use crate::state::{Store, lock, replace, temporary};

const ENDING: &str = ".token";

#[derive(Debug, Clone)]
pub struct Credentials {
    folder: PathBuf,
}

impl Credentials {
    pub fn of(store: &Store) -> Self {
        Self { folder: store.credentials() }
    }

    pub fn source(&self, name: &str) -> Source {
        Source::Credentials(self.path(name), name.to_owned())
    }

    /// Whether something is kept under a name, whether or not it can be read.
    pub fn has(&self, name: &str) -> bool {
        fs::symlink_metadata(self.path(name)).is_ok()
    }

    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let name = |name: String| Some(name.strip_suffix(ENDING)?.to_owned());
        let names = entries.filter_map(|entry| name(entry.file_name().into_string().ok()?));
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    /// Keeps a secret, in the place of one of the same name. On failure nothing has changed.
    pub fn keep(&self, name: &str, secret: &SecretText) -> io::Result<()> {
        let path = self.path(name);
        let _lock = lock(&path)?;
        secure_file::check_folder(&self.folder).map_err(io::Error::other)?;
        // Whoever never opens the dashboard keeps no half-written secret either.
        let _ = temporary::sweep(&self.folder);
        replace(&path, &format!("{}\n", secret.text()))
    }

    /// Gives whether there was one.
    pub fn forget(&self, name: &str) -> io::Result<bool> {
        let (path, is_kept) = (self.path(name), self.has(name));
        if is_kept {
            let _lock = lock(&path)?;
            fs::remove_file(&path)?;
        }
        Ok(is_kept)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{ENDING}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::program::Interactivity;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_secret_is_kept_for_its_owner_alone_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
        let all = Credentials::of(&store);
        let read = |name| all.source(name).read(Interactivity::Background, io::empty());
        assert!(read("acme").unwrap_err().to_string().contains("valora auth login --profile acme"));
        all.keep("acme", &SecretText::new("vl_one")).unwrap();
        all.keep("acme", &SecretText::new(" vl_two\n")).unwrap();
        assert_eq!(read("acme").unwrap().text(), "vl_two");
        let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(all.path("acme")), mode(store.credentials())), (0o600, 0o700));
        assert_eq!(all.names(), ["acme"]);
        fs::set_permissions(store.credentials(), fs::Permissions::from_mode(0o750)).unwrap();
        assert!(read("acme").unwrap_err().to_string().contains("chmod 700"));
        assert!(all.keep("acme", &SecretText::new("vl_three")).is_err());
        fs::set_permissions(store.credentials(), fs::Permissions::from_mode(0o700)).unwrap();
        assert!(all.forget("acme").unwrap() && !all.forget("acme").unwrap());
        assert!(all.names().is_empty());
    }
}
