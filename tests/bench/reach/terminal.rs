//! A program in a pseudo-terminal, and how much it writes, how soon, and what it costs.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// How long anything may take.
const DEADLINE: Duration = Duration::from_secs(120);
/// A frame has ended when nothing was written for so long.
const QUIET: Duration = Duration::from_millis(60);

/// The middle one of some figures.
pub(crate) fn median<T: Ord + Copy>(mut figures: Vec<T>) -> T {
    figures.sort_unstable();
    figures[figures.len() / 2]
}

/// A figure from the status of a process or a thread.
fn status(of: &str, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("{of}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim_start_matches(':').split_whitespace().next()?.parse().ok()
}

/// `valora sandbox` in a process of its own.
pub(crate) struct Server {
    child: Child,
    pub(crate) base_url: String,
    pub(crate) token: String,
}

impl Server {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_valora"));
        command.args(["sandbox", "--port", "0"]).args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut value =
            |name| lines.next().unwrap().unwrap().strip_prefix(name).unwrap().to_owned();
        let (base_url, token) = (value("VALORA_BASE_URL="), value("VALORA_TOKEN="));
        Self { child, base_url, token }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// A program in a terminal of 160 columns and 45 rows.
pub(crate) struct Terminal {
    child: Box<dyn portable_pty::Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    bytes: Receiver<(Instant, Vec<u8>)>,
    began: Instant,
    _master: Box<dyn portable_pty::MasterPty + Send>,
    _home: tempfile::TempDir,
    /// What it shows, once that matters.
    shown: Option<vt100::Parser>,
}

impl Terminal {
    /// The dashboard on a server.
    pub(crate) fn start(server: &Server) -> Self {
        Self::run(&[], &[("VALORA_BASE_URL", &server.base_url), ("VALORA_TOKEN", &server.token)])
    }

    /// valora with these arguments and variables.
    pub(crate) fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::spawn(env!("CARGO_BIN_EXE_valora").as_ref(), arguments, variables)
    }

    /// The loop of the dashboard in this program, without a pace of requests.
    pub(crate) fn client(server: &Server) -> Self {
        Self::client_of(&server.base_url, &server.token)
    }

    /// The same on a server at this URL.
    pub(crate) fn client_of(base_url: &str, token: &str) -> Self {
        let itself = std::env::current_exe().unwrap();
        Self::spawn(&itself, &["client", base_url, token], &[])
    }

    pub(crate) fn spawn(
        program: &std::path::Path,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let size = PtySize { rows: 45, cols: 160, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("HOME", home.path());
        for (name, value) in variables {
            command.env(name, value);
        }
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65_536];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send((Instant::now(), buffer[..count].to_vec())).is_err() {
                    break;
                }
            }
        });
        let began = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        Self { child, keys, bytes, began, _master: pair.master, _home: home, shown: None }
    }

    fn process(&self) -> Pid {
        Pid::from_raw(self.child.process_id().unwrap().try_into().unwrap()).unwrap()
    }

    /// Waits until the program has written these bytes; returns when they were there.
    pub(crate) fn wait_for(&mut self, wanted: &[u8]) -> Instant {
        let mut written = Vec::new();
        loop {
            let (at, bytes) = self.bytes.recv_timeout(DEADLINE).unwrap();
            written.extend(bytes);
            if written.windows(wanted.len()).any(|part| part == wanted) {
                return at;
            }
        }
    }

    /// Waits until the screen has fulfilled each of these conditions, in this order; returns when
    /// that was, from the start of the program.
    pub(crate) fn wait_until(&mut self, conditions: &[&dyn Fn(&str) -> bool]) -> Vec<Duration> {
        let mut emulator = vt100::Parser::new(45.try_into().unwrap(), 160.try_into().unwrap(), 0);
        let mut times = Vec::new();
        while let Some(is_so) = conditions.get(times.len()) {
            let (at, bytes) = self.bytes.recv_timeout(DEADLINE).unwrap();
            emulator.process(&bytes);
            if is_so(&emulator.screen().contents()) {
                times.push(at.duration_since(self.began));
            }
        }
        times
    }

    /// From now on, [`Self::until`] knows what is on the screen; call it at the start.
    pub(crate) fn show(&mut self) {
        self.shown = Some(vt100::Parser::new(45.try_into().unwrap(), 160.try_into().unwrap(), 0));
    }

    fn received(&mut self, patience: Duration) -> Option<(Instant, Vec<u8>)> {
        let (at, bytes) = self.bytes.recv_timeout(patience).ok()?;
        self.shown.iter_mut().for_each(|shown| shown.process(&bytes));
        Some((at, bytes))
    }

    /// Waits until the screen changes to something that fulfills this; returns when that was.
    pub(crate) fn until(&mut self, is_so: impl Fn(&str) -> bool) -> Instant {
        loop {
            let (at, _) = self.received(DEADLINE).unwrap();
            if self.shown.as_ref().is_some_and(|shown| is_so(&shown.screen().contents())) {
                return at;
            }
        }
    }

    /// Presses a key that changes the screen; returns the time to the first of its bytes. What is
    /// left of the frame comes in the same piece or before the next key's.
    pub(crate) fn time_to_answer(&mut self, key: &str) -> Duration {
        while self.bytes.try_recv().is_ok() {}
        let pressed = Instant::now();
        self.type_keys(key);
        let (at, _) = self.bytes.recv_timeout(DEADLINE).unwrap();
        at.duration_since(pressed)
    }

    /// The time from the start of the program to these bytes.
    pub(crate) fn time_to(mut self, wanted: &[u8]) -> Duration {
        self.wait_for(wanted).duration_since(self.began)
    }

    /// Waits until the program writes nothing; returns how many bytes that were.
    pub(crate) fn rest(&mut self) -> usize {
        let mut count = 0;
        while let Some((_, bytes)) = self.received(Duration::from_millis(400)) {
            count += bytes.len();
        }
        count
    }

    pub(crate) fn type_keys(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Presses a key; returns the bytes of its frame and the time to the last of them.
    pub(crate) fn press(&mut self, key: &str) -> (usize, Duration) {
        self.press_within(key, QUIET)
    }

    /// The same for a frame that may come late: as soon as nothing was written for so long.
    pub(crate) fn press_within(&mut self, key: &str, quiet: Duration) -> (usize, Duration) {
        let pressed = Instant::now();
        let (mut count, mut last) = (0, pressed);
        self.type_keys(key);
        while let Some((at, bytes)) = self.received(quiet) {
            count += bytes.len();
            last = at;
        }
        (count, last.duration_since(pressed))
    }

    fn folder(&self) -> String {
        format!("/proc/{}", self.process().as_raw_nonzero())
    }

    /// The most memory that it has held so far.
    pub(crate) fn peak_kilobytes(&self) -> u64 {
        status(&self.folder(), "VmHWM").unwrap()
    }

    /// The memory that it holds now.
    pub(crate) fn kilobytes(&self) -> u64 {
        status(&self.folder(), "VmRSS").unwrap()
    }

    /// How often each of its threads has gone to sleep by itself.
    pub(crate) fn sleeps(&self) -> HashMap<String, u64> {
        let tasks = std::fs::read_dir(format!("{}/task", self.folder())).unwrap();
        let of_task = |task: std::io::Result<std::fs::DirEntry>| {
            let path = task.ok()?.path().to_string_lossy().into_owned();
            // A thread may end while it is looked at.
            let sleeps = status(&path, "voluntary_ctxt_switches")?;
            Some((path, sleeps))
        };
        tasks.filter_map(of_task).collect()
    }

    /// The sleeps since an earlier count: all those of a thread that began meanwhile, and none of
    /// one that has ended, which is what a thread does that waits for nothing any more.
    pub(crate) fn sleeps_since(&self, before: &HashMap<String, u64>) -> u64 {
        let since = |(thread, sleeps): (String, u64)| {
            sleeps.saturating_sub(before.get(&thread).copied().unwrap_or(0))
        };
        self.sleeps().into_iter().map(since).sum()
    }

    /// What it has used of the processor, in the steps of the system's clock (10 ms).
    pub(crate) fn processor_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("{}/stat", self.folder())).unwrap();
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        let ticks = |at: usize| fields[at].parse::<u64>().unwrap();
        Duration::from_millis((ticks(11) + ticks(12)) * 10)
    }

    /// Ends it by `q` or by a signal; returns how long that took.
    pub(crate) fn end(mut self, signal: Option<Signal>) -> Duration {
        let began = Instant::now();
        match signal {
            None => self.type_keys("q"),
            Some(signal) => kill_process(self.process(), signal).unwrap(),
        }
        self.child.wait().unwrap();
        began.elapsed()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}
