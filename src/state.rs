//! Saved files: small texts, each changed under a lock and written completely or not at all.

pub mod changes;
pub mod persisted;
pub mod queued_looks;
pub mod save;
pub mod temporary;
pub mod writer;

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use chrono::NaiveDate;
use etcetera::{BaseStrategy, choose_base_strategy};

use crate::domain::customer::CustomerKey;

/// The maximum bytes of a file: the files that valora writes are far smaller.
const LARGEST: u64 = 1024 * 1024;
/// The same for a customer's decisions and journal, which have some ten thousand rows.
const LARGEST_MEMORY: u64 = 32 * LARGEST;

/// How often, and after which pause, a lock that another session holds is retried: 2 s in total.
const LOCK_TRIES: u32 = 200;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

const MOST_ASIDE: u32 = 99;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    config: PathBuf,
    state: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateFile<'a> {
    Views,
    Columns,
    /// The decisions on a customer's penalties.
    Triage(&'a CustomerKey),
    /// The rows of a customer's lists by day.
    Journal(&'a CustomerKey),
    /// The day of the demo's stories.
    DemoDay,
}

impl StateFile<'_> {
    fn check_size(self, bytes: usize) -> io::Result<()> {
        if bytes as u64 <= self.largest() {
            return Ok(());
        }
        // This is not the error of a broken file, which would be set aside.
        let why = format!("it is larger than {} MiB", self.largest() / 1024 / 1024);
        Err(io::Error::new(io::ErrorKind::FileTooLarge, why))
    }

    fn largest(self) -> u64 {
        match self {
            Self::Views | Self::Columns | Self::DemoDay => LARGEST,
            Self::Triage(_) | Self::Journal(_) => LARGEST_MEMORY,
        }
    }
}

impl Store {
    pub fn of_process() -> Option<Self> {
        let base = choose_base_strategy().ok()?;
        let state = base.state_dir().unwrap_or_else(|| base.data_dir());
        Some(Self::below(&base.config_dir(), &state))
    }

    pub fn below(config: &Path, state: &Path) -> Self {
        Self { config: config.join("valora"), state: state.join("valora") }
    }

    pub fn path(&self, which: StateFile<'_>) -> PathBuf {
        match which {
            StateFile::Views => self.config.join("views.toml"),
            StateFile::Columns => self.state.join("columns.json"),
            StateFile::Triage(customer) => self.state.join(format!("triage/{customer}.json")),
            StateFile::Journal(customer) => self.state.join(format!("changes/{customer}.json")),
            StateFile::DemoDay => self.state.join("demo-day"),
        }
    }

    /// Empty if there is no file. Fails for a file larger than valora writes.
    pub fn read(&self, which: StateFile<'_>) -> io::Result<String> {
        let file = match File::open(self.path(which)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
            opened => opened?,
        };
        let mut text = String::new();
        let read = file.take(which.largest() + 1).read_to_string(&mut text)?;
        which.check_size(read)?;
        Ok(text)
    }

    /// Reads the file, applies `change` and writes a text that differs, all under a lock. A failure leaves
    /// the file unchanged.
    pub fn change(
        &self,
        which: StateFile<'_>,
        change: impl FnOnce(&str) -> io::Result<String>,
    ) -> io::Result<()> {
        let path = self.path(which);
        let _lock = lock(&path)?;
        let before = self.read(which)?;
        let text = change(&before)?;
        if text == before {
            return Ok(());
        }
        which.check_size(text.len())?;
        // A link to a file elsewhere stays a link.
        replace(&fs::canonicalize(&path).unwrap_or(path), &text)
    }

    /// Renames a broken file and returns its new path; `None` if it is sound, for example because another
    /// session was faster.
    pub fn set_aside(
        &self,
        which: StateFile<'_>,
        is_sound: impl FnOnce(&str) -> bool,
    ) -> io::Result<Option<PathBuf>> {
        let path = self.path(which);
        let _lock = lock(&path)?;
        match self.read(which) {
            Ok(text) if is_sound(&text) => return Ok(None),
            Err(error) if error.kind() != io::ErrorKind::InvalidData => return Err(error),
            _ => {}
        }
        for number in 1..=MOST_ASIDE {
            let aside = path.with_extension(format!("broken-{number}"));
            if !fs::exists(&aside)? {
                fs::rename(&path, &aside)?;
                return Ok(Some(aside));
            }
        }
        Err(io::Error::other("there are too many broken copies of this file already; delete some"))
    }

    /// The day of the demo's stories: its first start, for up to `most` days. A new day changes all rows of
    /// the demo, so their journals are removed.
    pub fn demo_day(&self, today: NaiveDate, most: u16) -> io::Result<NaiveDate> {
        let is_valid = |day: &NaiveDate| (0..=i64::from(most)).contains(&(today - *day).num_days());
        let known = self.read(StateFile::DemoDay)?.trim().parse().ok().filter(is_valid);
        if let Some(day) = known {
            return Ok(day);
        }
        self.change(StateFile::DemoDay, |_| Ok(format!("{today}\n")))?;
        for entry in fs::read_dir(self.state.join("changes")).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with("demo") {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(today)
    }

    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The folder of secrets, separate from the settings, which people copy and share.
    pub fn credentials(&self) -> PathBuf {
        self.state.join("credentials")
    }

    /// The folder of the audit logs of writes, which are never removed.
    pub fn audit(&self) -> PathBuf {
        self.state.join("audit")
    }

    /// Removes files left by killed sessions, including half-written secrets.
    pub fn sweep(&self) {
        let folders = ["triage", "changes"].map(|name| self.state.join(name));
        let credentials = self.credentials();
        for folder in folders.iter().chain([&credentials, &self.config, &self.state]) {
            let _ = temporary::sweep(folder);
        }
    }

    pub fn folders(&self) -> [&Path; 2] {
        [&self.config, &self.state]
    }
}

/// Waits up to 2 s, because a stopped program may hold the lock forever. Creates the folder (0700).
pub fn lock(path: &Path) -> io::Result<File> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let path = path.with_extension("lock");
    let lock = OpenOptions::new().create(true).append(true).mode(0o600).open(&path)?;
    for _ in 0..LOCK_TRIES {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) => thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    let why = format!("another program has locked {} for more than 2 s", path.display());
    Err(io::Error::new(io::ErrorKind::TimedOut, why))
}

/// Replaces a file with one that only its owner can read, completely or not at all.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let mut file = temporary::create(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    fn store(folder: &Path) -> Store {
        Store::below(&folder.join("config"), &folder.join("state"))
    }

    #[test]
    fn a_text_is_kept_for_its_owner_alone_and_changed_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        assert_eq!(store.read(StateFile::Views).unwrap(), "");
        store.change(StateFile::Views, |before| Ok(format!("{before}one\n"))).unwrap();
        store.change(StateFile::Views, |before| Ok(format!("{before}two\n"))).unwrap();
        let refused = store.change(StateFile::Views, |_| Err(io::ErrorKind::InvalidData.into()));
        assert!(refused.is_err());
        assert_eq!(store.read(StateFile::Views).unwrap(), "one\ntwo\n");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let path = store.path(StateFile::Views);
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        let left = fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(left, 2, "the text and its lock, and nothing half-written");
    }

    #[test]
    fn a_text_that_stays_the_same_is_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let write = |text: &str| store.change(StateFile::Views, |_| Ok(text.to_owned())).unwrap();
        // A file that is replaced is another one.
        let file = || fs::metadata(store.path(StateFile::Views)).unwrap().ino();
        write("one");
        // Kept, so that its number is not used again.
        let first = (File::open(store.path(StateFile::Views)).unwrap(), file());
        write("one");
        assert_eq!(file(), first.1);
        write("two");
        assert_ne!(file(), first.1);
    }

    #[test]
    fn sessions_that_write_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                let store = store(folder.path());
                std::thread::spawn(move || {
                    for line in 0..10 {
                        let add = |before: &str| Ok(format!("{before}{thread}.{line}\n"));
                        store.change(StateFile::Columns, add).unwrap();
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(store(folder.path()).read(StateFile::Columns).unwrap().lines().count(), 80);
    }

    #[test]
    fn a_broken_text_is_set_aside_whole_and_a_sound_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let customer = CustomerKey::demo();
        let shelf = StateFile::Triage(&customer);
        let is_sound = |text: &str| text.starts_with("ok");
        store.change(shelf, |_| Ok("ok".to_owned())).unwrap();
        assert_eq!(store.set_aside(shelf, is_sound).unwrap(), None);
        let mut seen = Vec::new();
        for broken in ["one", "two"] {
            store.change(shelf, |_| Ok(broken.to_owned())).unwrap();
            let aside = store.set_aside(shelf, is_sound).unwrap().unwrap();
            assert_eq!(fs::read_to_string(&aside).unwrap(), broken);
            assert_eq!(store.read(shelf).unwrap(), "");
            seen.push(aside);
        }
        assert_ne!(seen[0], seen[1], "none is written over");
        fs::write(store.path(shelf), [0xFF]).unwrap();
        assert!(store.set_aside(shelf, |_| true).unwrap().is_some(), "no text is never sound");
    }

    #[test]
    fn what_valora_did_not_write_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        store.change(StateFile::Views, |_| Ok("mine".to_owned())).unwrap();
        let large = "x".repeat(2 * 1024 * 1024);
        let refused = store.change(StateFile::Views, |_| Ok(large.clone())).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(
            store.read(StateFile::Views).unwrap(),
            "mine",
            "what cannot be read is not written"
        );
        fs::write(store.path(StateFile::Views), large).unwrap();
        assert!(store.read(StateFile::Views).is_err());
        let aside = store.set_aside(StateFile::Views, |_| true);
        assert_eq!(aside.unwrap_err().kind(), io::ErrorKind::FileTooLarge, "it is not broken");
        store.change(StateFile::Columns, |_| Ok(String::new())).unwrap();
        fs::write(store.path(StateFile::Columns), [0xFF, 0xFE]).unwrap();
        assert!(store.read(StateFile::Columns).is_err());
    }

    #[test]
    fn a_link_to_a_file_kept_elsewhere_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        store.change(StateFile::Views, |_| Ok("one".to_owned())).unwrap();
        let (path, elsewhere) = (store.path(StateFile::Views), folder.path().join("views.toml"));
        fs::rename(&path, &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        store.change(StateFile::Views, |before| Ok(format!("{before} two"))).unwrap();
        assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(elsewhere).unwrap(), "one two");
    }

    #[test]
    fn a_lock_that_is_never_given_back_is_not_waited_for_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let held = lock(&store.path(StateFile::Columns)).unwrap();
        let refused = store.change(StateFile::Columns, |_| Ok(String::new())).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::TimedOut);
        assert!(refused.to_string().contains("columns.lock"), "{refused}");
        drop(held);
        assert!(store.change(StateFile::Columns, |_| Ok(String::new())).is_ok());
    }

    #[test]
    fn the_day_of_the_demo_stays_for_some_days_and_with_a_new_one_nothing_recorded_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let first = day("2026-11-20");
        assert_eq!(store.demo_day(first, 28).unwrap(), first);
        let (demo, acme) = (CustomerKey::demo(), CustomerKey::of_profile("acme"));
        let journals = [StateFile::Journal(&demo), StateFile::Journal(&acme)];
        for journal in journals {
            store.change(journal, |_| Ok("{}".to_owned())).unwrap();
        }
        assert_eq!(store.demo_day(day("2026-12-18"), 28).unwrap(), first);
        assert!(journals.iter().all(|journal| store.path(*journal).exists()));
        let later = day("2026-12-19");
        assert_eq!(store.demo_day(later, 28).unwrap(), later);
        assert_eq!(journals.map(|journal| store.path(journal).exists()), [false, true]);
        // A clock that was set back, or a text that valora did not write, starts a new day.
        assert_eq!(store.demo_day(first, 28).unwrap(), first);
        store.change(StateFile::DemoDay, |_| Ok("soon".to_owned())).unwrap();
        assert_eq!(store.demo_day(later, 28).unwrap(), later);
    }

    #[test]
    fn a_sweep_reaches_every_folder_that_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let customer = CustomerKey::demo();
        let shelves = [
            StateFile::Views,
            StateFile::Columns,
            StateFile::Triage(&customer),
            StateFile::Journal(&customer),
        ];
        let mut folders: Vec<PathBuf> =
            shelves.map(|shelf| store.path(shelf).parent().unwrap().to_owned()).into();
        folders.push(store.credentials());
        let left = |folder: &PathBuf| folder.join(".tmpA1b2C3");
        for folder in &folders {
            fs::create_dir_all(folder).unwrap();
            File::create(left(folder)).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
        }
        store.sweep();
        assert!(!folders.iter().any(|folder| left(folder).exists()));
    }
}
