//! The writes that are under way: one per object, and one that waits for the answer of a server, for all
//! valora processes of this user.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Write as _};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use super::AuditLog;
use crate::config::secure_file;
use crate::payments::write::Write;

/// How often, and after which pause, a lock is retried that a reader may hold for a moment.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(20);
/// Bytes of an id.
const LONGEST: u64 = 36;

/// While it exists, no other write is sent to this server or object, by any valora of this user.
#[derive(Debug)]
pub struct InFlight(File);

impl InFlight {
    /// Saves the id of the write, before its intent is in the audit log.
    pub fn name(&self, id: &str) -> io::Result<()> {
        let mut file = &self.0;
        file.set_len(0)?;
        file.write_all(id.as_bytes())
    }
}

/// The name of the lock of an object.
pub fn object_of(host: &str, write: &Write) -> String {
    format!("{host}-{}", write.id())
}

impl AuditLog {
    /// Allows one write to a server, or to an object ([`object_of`]), at a time; `None` while another one
    /// is under way. Blocks.
    pub fn fly(&self, host: &str) -> io::Result<Option<InFlight>> {
        self.folder()?;
        let file = secure_file::append(&self.flight(host)).map_err(io::Error::other)?;
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => {
                    let flight = InFlight(file);
                    // The id of a write of a process that was killed.
                    flight.name("")?;
                    return Ok(Some(flight));
                }
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) => {}
            }
            // Readers share the lock, a write does not.
            match file.try_lock_shared() {
                Ok(()) => file.unlock()?,
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) => return Ok(None),
            }
            thread::sleep(PAUSE);
        }
        Ok(None)
    }

    /// The id of the write that a running valora is carrying out on this server or object, if it is in
    /// the log already.
    pub(super) fn in_flight(&self, host: &str) -> io::Result<Option<String>> {
        let file = match File::open(self.flight(host)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => {
                let mut id = String::new();
                file.take(LONGEST).read_to_string(&mut id)?;
                Ok(Some(id))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn flight(&self, host: &str) -> PathBuf {
        let name: String =
            host.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        self.path.with_file_name(format!("in-flight-{name}"))
    }
}
