//! The log of `--log FILE`: one line per request, without the query. If the disk is too slow, lines
//! are dropped and counted.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use rustix::fs::OFlags;
use rustix::process::geteuid;

use crate::clock::Clock;
use crate::net::target::token::TOKEN_STARTS;

const QUEUED: usize = 1_024;
const LAST_WORDS: Duration = Duration::from_millis(500);
/// The length from which a word may be a secret; the log's own words are shorter.
const LONGEST_WORD: usize = 20;

#[derive(Debug, Clone, Default)]
pub struct Log {
    queue: Option<Arc<Queue>>,
    /// Is before each line, because customers share the log.
    profile: Option<Arc<str>>,
}

#[derive(Debug)]
struct Queue {
    lines: SyncSender<Entry>,
    lost: AtomicU64,
    clock: Clock,
}

#[derive(Debug)]
enum Entry {
    Line(String),
    End(SyncSender<()>),
}

#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("the log cannot be written: {0}")]
    Open(io::Error),
    #[error(
        "the log must be a regular file that belongs to you and has no other hard links; choose \
         another name"
    )]
    NotOwn,
    #[error("other users of this computer can read the log; run: chmod 600 {0}")]
    Readable(String),
}

impl Log {
    /// Opens a log to append to; only its owner can read it.
    pub fn open(path: &Path, clock: Clock) -> Result<Self, LogError> {
        let file = open(path)?;
        let (lines, queued) = sync_channel(QUEUED);
        let thread = thread::Builder::new().name("valora-log".to_owned());
        thread.spawn(move || write(file, &queued)).map_err(LogError::Open)?;
        let queue = Queue { lines, lost: AtomicU64::new(0), clock };
        Ok(Self { queue: Some(Arc::new(queue)), profile: None })
    }

    /// The same log for the lines of a profile. A name is cut where it would look like a secret.
    pub fn of(&self, profile: &str) -> Self {
        let shown: String = profile.chars().take(LONGEST_WORD - 1).collect();
        Self { profile: Some(shown.into()), ..self.clone() }
    }

    pub fn line(&self, line: impl FnOnce() -> String) {
        let Some(queue) = &self.queue else { return };
        let mut text = queue.clock.now().local.format("%Y-%m-%d %H:%M:%S%.3f ").to_string();
        let lost = queue.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            let _ = write!(text, "(lines lost before this one: {lost}) ");
        }
        if let Some(profile) = &self.profile {
            let _ = write!(text, "[{profile}] ");
        }
        text.push_str(&line());
        if queue.lines.try_send(Entry::Line(text)).is_err() {
            queue.lost.fetch_add(lost + 1, Ordering::Relaxed);
        }
    }

    pub fn finish(&self) {
        let Some(queue) = &self.queue else { return };
        let (ends, ended) = sync_channel(1);
        if queue.lines.try_send(Entry::End(ends)).is_ok() {
            let _ = ended.recv_timeout(LAST_WORDS);
        }
    }
}

fn open(path: &Path) -> Result<File, LogError> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(i32::try_from(flags.bits()).unwrap_or(0))
        .open(path)
        .map_err(LogError::Open)?;
    let about = file.metadata().map_err(LogError::Open)?;
    if !about.is_file() || about.uid() != geteuid().as_raw() || about.nlink() != 1 {
        return Err(LogError::NotOwn);
    }
    if about.mode() & 0o077 != 0 {
        return Err(LogError::Readable(path.display().to_string()));
    }
    Ok(file)
}

/// Writes until all senders are dropped. After a failure, such as a full disk, drops the rest.
fn write(mut file: File, queued: &Receiver<Entry>) {
    let mut is_sound = true;
    for entry in queued {
        match entry {
            Entry::Line(line) if is_sound => {
                is_sound = file.write_all(format!("{}\n", redacted(&line)).as_bytes()).is_ok();
            }
            Entry::Line(_) => {}
            Entry::End(ends) => _ = ends.try_send(()),
        }
    }
}

/// Returns the line without possible secrets: the last defense against a mistake elsewhere.
fn redacted(line: &str) -> String {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || "_|-+=~".contains(c);
    let mut out = String::with_capacity(line.len());
    for word in line.split_inclusive(|c: char| !is_inside(c)) {
        let bare = word.trim_end_matches(|c: char| !is_inside(c));
        let is_secret =
            bare.len() >= LONGEST_WORD || TOKEN_STARTS.iter().any(|start| bare.starts_with(start));
        let end = word.strip_prefix(bare).unwrap_or_default();
        out.push_str(if is_secret { "[…]" } else { bare });
        out.extend(end.chars().map(|c| if c.is_control() { ' ' } else { c }));
    }
    out
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn lines_are_added_to_a_file_of_ones_own_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        for word in ["one", "two"] {
            let log = Log::open(&path, Clock::start()).unwrap();
            log.line(|| word.to_owned());
            log.finish();
        }
        let text = fs::read_to_string(&path).unwrap();
        let ends: Vec<_> = text.lines().filter_map(|line| line.rsplit(' ').next()).collect();
        assert_eq!(ends, ["one", "two"]);
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);

        mode(&path, 0o644);
        let error = Log::open(&path, Clock::start()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "other users of this computer can read the log; run: chmod 600 {}",
                path.display()
            )
        );
        mode(&path, 0o600);
        let link = folder.path().join("link");
        symlink(&path, &link).unwrap();
        assert!(matches!(Log::open(&link, Clock::start()), Err(LogError::Open(_))));
        fs::hard_link(&path, folder.path().join("second")).unwrap();
        assert!(matches!(Log::open(&path, Clock::start()), Err(LogError::NotOwn)));
        assert!(Log::open(folder.path(), Clock::start()).is_err());
        assert!(matches!(Log::open(Path::new("/dev/null"), Clock::start()), Err(LogError::NotOwn)));
    }

    #[test]
    fn a_full_queue_loses_lines_counts_them_and_waits_for_nobody() {
        let (lines, wanted) = sync_channel(1);
        let queue = Queue { lines, lost: AtomicU64::new(0), clock: Clock::start() };
        let log = Log { queue: Some(Arc::new(queue)), profile: None };
        (0..4).for_each(|number| log.line(|| number.to_string()));
        let next = || match wanted.recv().unwrap() {
            Entry::Line(line) => line,
            other @ Entry::End(_) => panic!("{other:?}"),
        };
        assert!(next().ends_with(" 0"));
        log.line(|| "4".to_owned());
        assert!(next().ends_with(" (lines lost before this one: 3) 4"));
        log.of("acme").line(|| "5".to_owned());
        assert!(next().ends_with(" [acme] 5"));
        log.of("a_profile_with_a_long_name").line(|| "6".to_owned());
        assert_eq!(redacted(&next()).split_once('[').unwrap().1, "a_profile_with_a_lo] 6");
    }

    #[test]
    fn what_could_be_a_secret_is_not_written_whoever_says_it() {
        let table = [
            ("GET transactions/scheduled 200 12 ms", "GET transactions/scheduled 200 12 ms"),
            ("Bearer vl_a1b2: no", "Bearer […]: no"),
            ("sd_x, eyJhbGci.eyJz.c2ln", "[…], […].[…].c2ln"),
            ("12|0123456789abcdefABCDEF", "[…]"),
            ("two\nlines\x1b[2J", "two lines [2J"),
        ];
        for (line, expected) in table {
            assert_eq!(redacted(line), expected);
        }
    }
}
