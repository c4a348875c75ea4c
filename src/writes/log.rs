//! The audit log: one JSON object per line for each intent, answer and verdict. It is only appended to,
//! on the disk before a request is sent, and each line has the hash of the line before.

mod chain;
mod entry;
mod flight;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{DirBuilder, File};
use std::io::{self, Read, Write as _};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

pub use chain::sha256;
pub use entry::{Answer, AnswerKind, Author, Entry, Intent, ProblemText, Record, new_id};
pub use flight::{InFlight, object_of};

use crate::config::secure_file;
use crate::net::write::Logged;
use crate::payments::write::Write;
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
    /// Numbers, from 1, of lines that cannot be read or do not follow the line before: something was
    /// cut or changed. Lines that are missing at the end are not noticed.
    pub broken: Vec<usize>,
    /// Numbers of lines that were not completely written: nothing was sent because of them.
    pub torn: Vec<usize>,
    /// How many of the broken lines cannot be read: each may be an open write.
    pub unread: usize,
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

impl AuditLog {
    pub fn of(store: &Store, profile: &str) -> Self {
        Self { path: store.audit().join(format!("{profile}.jsonl")) }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a line and waits until it is on the disk. Fails for a log that others can read or
    /// change. Blocks.
    pub fn append(&self, entry: &Entry) -> io::Result<()> {
        let folder = self.folder()?;
        let _lock = lock(&self.path)?;
        let mut file = secure_file::append(&self.path).map_err(io::Error::other)?;
        let end = chain::end(&mut file)?;
        let text = Entry { prev: end.hash, ..entry.clone() }.to_line().map_err(io::Error::other)?;
        let gap = if end.is_torn { "\n" } else { "" };
        file.write_all(format!("{gap}{text}\n").as_bytes())?;
        file.sync_all()?;
        // Each time: the process that created the file may have ended before it did this.
        File::open(folder)?.sync_all()
    }

    /// Appends an intent. Only what this returns can be sent. Blocks.
    pub fn append_intent(&self, id: &str, at: &str, intent: Intent) -> io::Result<Logged> {
        let write = intent.write.clone();
        self.append(&Entry::new(id, at, Record::Intent(Box::new(intent))))?;
        Ok(only_here(write))
    }

    /// The folder of the log (0700); creates it durably.
    fn folder(&self) -> io::Result<&Path> {
        let folder = self.path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        create(folder)?;
        secure_file::check_own_folder(folder).map_err(io::Error::other)?;
        Ok(folder)
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

    /// The writes whose result is not known, oldest first, without those that a running valora is
    /// carrying out. Blocks.
    pub fn unresolved(&self) -> io::Result<Vec<Unresolved>> {
        let first = self.read()?.unresolved();
        let locks = |it: &Unresolved| {
            [it.intent.host.clone(), object_of(&it.intent.host, &it.intent.write)]
        };
        let locks: BTreeSet<String> = first.iter().flat_map(locks).collect();
        let flying: io::Result<Vec<_>> = locks.iter().map(|lock| self.in_flight(lock)).collect();
        let flying: Vec<String> = flying?.into_iter().flatten().collect();
        if first.is_empty() {
            return Ok(first);
        }
        // A write that was under way at the first reading may have ended since.
        let mut open = self.read()?.unresolved();
        open.retain(|it| !flying.contains(&it.id) && first.iter().any(|was| was.id == it.id));
        Ok(open)
    }
}

/// Creates a folder and those above it, and waits until their names are on the disk.
fn create(folder: &Path) -> io::Result<()> {
    if folder.symlink_metadata().is_ok() {
        return Ok(());
    }
    let above = folder.parent().ok_or(io::ErrorKind::InvalidInput)?;
    create(above)?;
    match DirBuilder::new().mode(0o700).create(folder) {
        // Another session was faster, and may not have done the rest yet.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => File::open(above)?.sync_all(),
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the place")]
fn only_here(write: Write) -> Logged {
    Logged::new(write)
}

impl Contents {
    fn read(bytes: &[u8]) -> Self {
        let mut contents = Self::default();
        let mut hash = String::new();
        // The line before, if only its end is missing: the next line must have its hash.
        let mut cut = None;
        let lines = bytes.split(|byte| *byte == b'\n').enumerate();
        for (at, line) in lines.filter(|(_, line)| !line.is_empty()) {
            let number = at + 1;
            let read = serde_json::from_slice::<Entry>(line);
            let follows = read.as_ref().is_ok_and(|entry| entry.prev == hash);
            contents.close(cut.take(), follows);
            match read {
                Ok(entry) => {
                    if !follows {
                        contents.broken.push(number);
                    }
                    contents.entries.push(entry);
                }
                Err(error) if error.is_eof() => cut = Some(number),
                Err(_unreadable) => contents.close(Some(number), false),
            }
            hash = chain::sha256(line);
        }
        contents.close(cut, bytes.last() != Some(&b'\n'));
        contents.broken.sort_unstable();
        contents
    }

    /// Counts a line that cannot be read.
    fn close(&mut self, line: Option<usize>, is_torn: bool) {
        let Some(line) = line else { return };
        if is_torn {
            self.torn.push(line);
        } else {
            self.broken.push(line);
            self.unread += 1;
        }
    }

    /// When a later write of the same kind to the same object was about to be sent.
    pub fn later_write(&self, of: &Unresolved) -> Option<&str> {
        let at = self.entries.iter().position(|entry| entry.id == of.id)?;
        let later = self.entries.iter().skip(at).find(|entry| {
            let Record::Intent(intent) = &entry.record else { return false };
            let (own, new) = (&of.intent.write, &intent.write);
            entry.id != of.id && own.kind() == new.kind() && own.id() == new.id()
        });
        later.map(|entry| entry.at.as_str())
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
                Record::Answer(answer) if answer.is_refusal() => {
                    open.remove(entry.id.as_str());
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

#[cfg(test)]
mod tests;
