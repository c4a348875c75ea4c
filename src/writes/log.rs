//! The audit log: one JSON object per line for each intent, answer and verdict. It is only appended to,
//! on the disk before a request is sent, and each line has the hash of the line before.

mod chain;
mod entry;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

pub use entry::{Answer, Author, Entry, Intent, ProblemText, Record, new_id};

use crate::state::{Store, lock};

/// The largest log that is read.
const LARGEST: u64 = 256 * 1024 * 1024;

/// The audit log of one profile.
#[derive(Debug, Clone)]
pub struct AuditLog {
    path: PathBuf,
}

/// The lines of a log, and what is wrong with them.
#[derive(Debug, Default, PartialEq)]
pub struct Contents {
    /// The lines that can be read, oldest first.
    pub entries: Vec<Entry>,
    /// Numbers, from 1, of lines that do not follow the line before: something was cut or changed.
    pub broken: Vec<usize>,
}

/// A write whose result is not known yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Unresolved {
    pub id: String,
    /// UTC, with milliseconds.
    pub at: String,
    pub intent: Intent,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
}

/// While it exists, no other write is sent to this server, by any valora of this user.
#[derive(Debug)]
pub struct InFlight(#[expect(dead_code, reason = "closing the file ends the lock")] File);

impl AuditLog {
    pub fn of(store: &Store, profile: &str) -> Self {
        Self { path: store.audit().join(format!("{profile}.jsonl")) }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a line and waits until it is on the disk. Blocks.
    pub fn append(&self, entry: &Entry) -> io::Result<()> {
        let _lock = lock(&self.path)?;
        let is_new = !self.path.exists();
        let mut file =
            OpenOptions::new().create(true).read(true).append(true).mode(0o600).open(&self.path)?;
        let end = chain::end(&mut file)?;
        let line = Entry { prev: end.hash, ..entry.clone() };
        let gap = if end.is_torn { "\n" } else { "" };
        let text = serde_json::to_string(&line).map_err(io::Error::other)?;
        file.write_all(format!("{gap}{text}\n").as_bytes())?;
        file.sync_all()?;
        if let (true, Some(folder)) = (is_new, self.path.parent()) {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    /// Empty if there is no log. Blocks.
    pub fn read(&self) -> io::Result<Contents> {
        let file = match File::open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Contents::default()),
            opened => opened?,
        };
        let mut bytes = Vec::new();
        if file.take(LARGEST + 1).read_to_end(&mut bytes)? as u64 > LARGEST {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 256 MiB"));
        }
        Ok(Contents::read(&bytes))
    }

    /// Allows one write to a server at a time; `None` while another one is under way. Blocks.
    pub fn fly(&self, host: &str) -> io::Result<Option<InFlight>> {
        let name: String =
            host.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let path = self.path.with_file_name(format!("in-flight-{name}"));
        // Creates the folder.
        drop(lock(&self.path)?);
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(InFlight(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Contents {
    fn read(bytes: &[u8]) -> Self {
        let mut contents = Self::default();
        let mut hash = String::new();
        let lines = bytes.split(|byte| *byte == b'\n').enumerate();
        for (at, line) in lines.filter(|(_, line)| !line.is_empty()) {
            match serde_json::from_slice::<Entry>(line) {
                Ok(entry) => {
                    if entry.prev != hash {
                        contents.broken.push(at + 1);
                    }
                    contents.entries.push(entry);
                }
                Err(_unreadable) => contents.broken.push(at + 1),
            }
            hash = chain::hash(line);
        }
        contents
    }

    /// The writes whose result is not known, oldest first.
    pub fn unresolved(&self) -> Vec<Unresolved> {
        let mut open: BTreeMap<&str, (usize, Unresolved)> = BTreeMap::new();
        for (at, entry) in self.entries.iter().enumerate() {
            match &entry.record {
                Record::Intent(intent) => {
                    let unresolved = Unresolved {
                        id: entry.id.clone(),
                        at: entry.at.clone(),
                        intent: (**intent).clone(),
                        status: None,
                    };
                    open.insert(&entry.id, (at, unresolved));
                }
                Record::Answer(answer) => {
                    if let Some((_, unresolved)) = open.get_mut(entry.id.as_str()) {
                        unresolved.status = answer.status;
                    }
                }
                Record::Verdict { verdict, .. } if !verdict.is_open() => {
                    open.remove(entry.id.as_str());
                }
                Record::Verdict { .. } => {}
            }
        }
        let mut open: Vec<(usize, Unresolved)> = open.into_values().collect();
        open.sort_by_key(|(at, _)| *at);
        open.into_iter().map(|(_, unresolved)| unresolved).collect()
    }
}
