//! The program under test: its clean environment, a session in a pseudo-terminal, a server of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use portable_pty::{CommandBuilder, ExitStatus, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// How long anything may take before the test fails. Far beyond what it takes.
const DEADLINE: Duration = Duration::from_secs(30);

/// How long nothing is written after the last byte of a frame. Too short a time would count less.
const QUIET: Duration = Duration::from_millis(150);

/// The path of the program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_valora");

/// What earlier runs of the tests have left is removed once.
static FRESH: Once = Once::new();

/// All that the program finds in its environment, besides what a test adds.
fn environment() -> [(&'static str, String); 4] {
    let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("home");
    FRESH.call_once(|| _ = std::fs::remove_dir_all(home.join(".local/state")));
    std::fs::create_dir_all(&home).unwrap();
    [
        ("PATH", std::env::var("PATH").unwrap_or_default()),
        ("TERM", "xterm-256color".to_owned()),
        ("LANG", "C.UTF-8".to_owned()),
        ("HOME", home.to_string_lossy().into_owned()),
    ]
}

/// The program without a terminal.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).env_clear().envs(environment()).stdin(Stdio::null());
    command
}

/// A command for a terminal, in the same environment.
pub(crate) fn in_terminal(
    program: &str,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(arguments);
    command.env_clear();
    for (name, value) in environment() {
        command.env(name, value);
    }
    for (name, value) in variables {
        command.env(name, value);
    }
    command
}

/// The size of a terminal.
pub(crate) fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

/// Waits until something is so; returns `true` if it came to be.
pub(crate) fn comes(is_so: impl Fn() -> bool) -> bool {
    let steps = DEADLINE.as_millis() / 10;
    (0..steps).any(|_| {
        let so = is_so();
        if !so {
            std::thread::sleep(Duration::from_millis(10));
        }
        so
    })
}

/// The program in a pseudo-terminal whose screen an emulator keeps.
pub(crate) struct Session {
    child: Box<dyn portable_pty::Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
    emulator: vt100::Parser,
    /// Every byte so far.
    raw: Vec<u8>,
    /// The beginning of a frame whose end has not been read.
    unfinished: Vec<u8>,
    written: usize,
    terminal: Box<dyn portable_pty::MasterPty + Send>,
}

impl Session {
    /// Starts the program in a terminal of 80 columns and 24 rows.
    pub(crate) fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::of(&in_terminal(PROGRAM, arguments, variables))
    }

    /// Starts the program in a terminal of so many columns and rows.
    pub(crate) fn start_sized(
        size: (u16, u16),
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        Self::of_size(size, &in_terminal(PROGRAM, arguments, variables))
    }

    /// Starts any command in a terminal of 80 columns and 24 rows.
    pub(crate) fn of(command: &CommandBuilder) -> Self {
        Self::of_size((80, 24), command)
    }

    /// Starts any command in a terminal of so many columns and rows.
    pub(crate) fn of_size((cols, rows): (u16, u16), command: &CommandBuilder) -> Self {
        let pair = native_pty_system().openpty(size(cols, rows)).unwrap();
        let child = pair.slave.spawn_command(command.clone()).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4_096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let keys = pair.master.take_writer().unwrap();
        let (high, wide) = (rows.try_into().unwrap(), cols.try_into().unwrap());
        let emulator = vt100::Parser::new(high, wide, 0);
        Self {
            child,
            keys,
            bytes,
            emulator,
            raw: Vec::new(),
            unfinished: Vec::new(),
            written: 0,
            terminal: pair.master,
        }
    }

    /// Bytes that the program has written since this was last asked, once it is quiet.
    pub(crate) fn bytes_written(&mut self) -> usize {
        while let Ok(bytes) = self.bytes.recv_timeout(QUIET) {
            self.take(&bytes);
        }
        std::mem::take(&mut self.written)
    }

    /// How often all threads of the program have gone to sleep so far, by themselves.
    pub(crate) fn sleeps(&self) -> u64 {
        let tasks = format!("/proc/{}/task", self.child.process_id().unwrap());
        let each = std::fs::read_dir(tasks).unwrap().map(|task| {
            let status = std::fs::read_to_string(task.unwrap().path().join("status")).unwrap();
            let line = status.lines().find_map(|l| l.strip_prefix("voluntary_ctxt_switches:"));
            line.unwrap().trim().parse::<u64>().unwrap()
        });
        each.sum()
    }

    /// Types bytes as a terminal sends them.
    pub(crate) fn leave(&mut self) {
        // The key that went back before can no longer be taken to be held down.
        std::thread::sleep(std::time::Duration::from_millis(750));
        self.type_keys("q");
    }

    pub(crate) fn type_keys(&mut self, keys: &str) {
        self.type_bytes(keys.as_bytes());
    }

    /// Sends any bytes.
    pub(crate) fn type_bytes(&mut self, bytes: &[u8]) {
        self.keys.write_all(bytes).unwrap();
        self.keys.flush().unwrap();
    }

    /// Shows what was written so far, and waits for nothing. The bytes themselves are not kept.
    pub(crate) fn drain(&mut self) {
        while let Ok(bytes) = self.bytes.try_recv() {
            self.take(&bytes);
        }
        self.raw.clear();
    }

    /// Shows whole frames only, as terminals do: half of one is a mixture of two screens.
    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.written += bytes.len();
        self.unfinished.extend_from_slice(bytes);
        let count = |mark: &[u8]| self.unfinished.windows(8).filter(|part| *part == mark).count();
        if count(b"\x1b[?2026h") <= count(b"\x1b[?2026l") {
            self.emulator.process(&self.unfinished);
            self.unfinished.clear();
        }
    }

    /// Waits until a text is on the screen; returns the screen.
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        self.wait(text, |shown| shown.contains(text))
    }

    /// Waits until the screen fulfils a condition; returns the screen.
    pub(crate) fn wait(&mut self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        loop {
            let shown = self.emulator.screen().contents();
            if is_so(&shown) {
                return shown;
            }
            match self.bytes.recv_timeout(DEADLINE) {
                Ok(bytes) => self.take(&bytes),
                Err(why) => panic!("{what:?} never came ({why}); the screen is\n{shown}"),
            }
        }
    }

    /// Every byte that was written to the terminal and read.
    pub(crate) fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The terminal as the program leaves or keeps it.
    pub(crate) fn screen(&self) -> &vt100::Screen {
        self.emulator.screen()
    }

    /// How the program ended, if it has.
    pub(crate) fn has_ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// The id of the process that was started.
    pub(crate) fn id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Gives the terminal another size. The emulator stays as it is: it could not hold the absurd.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.terminal.resize(size(columns, rows)).unwrap();
    }

    /// Blanks the emulator, as if somebody else had written over the screen.
    pub(crate) fn forget_screen(&mut self) {
        self.emulator.process(b"\x1b[2J");
    }

    /// Sends a signal to the program.
    pub(crate) fn signal(&self, signal: Signal) {
        let id = self.child.process_id().and_then(|id| Pid::from_raw(id.try_into().ok()?));
        kill_process(id.unwrap(), signal).unwrap();
    }

    /// Waits until the program has ended and its last byte was read; returns how it ended.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        // The pseudo-terminal closes with the last process on it, which ends the reader.
        loop {
            match self.bytes.recv_timeout(DEADLINE) {
                Ok(bytes) => self.take(&bytes),
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
                Err(why) => panic!("{why}: it still runs\n{}", self.screen().contents()),
            }
        }
        self.emulator.process(&std::mem::take(&mut self.unfinished));
        self.child.wait().unwrap()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It has usually ended by itself. Its number may be another process's by then, which would get
        // the signal.
        if let Ok(None) = self.child.try_wait() {
            let _ended = self.child.kill();
            let _status = self.child.wait();
        }
    }
}

/// `valora sandbox` as a process of its own.
pub(crate) struct Server {
    child: Child,
    pub(crate) base_url: String,
    pub(crate) token: String,
}

impl Server {
    /// Starts it and reads where it is.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let all = [&["sandbox", "--port", "0"], arguments].concat();
        let mut child = command(&all).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut server = Self { child, base_url: String::new(), token: String::new() };
        for (name, place) in
            [("VALORA_BASE_URL=", &mut server.base_url), ("VALORA_TOKEN=", &mut server.token)]
        {
            let line = lines.next().unwrap().unwrap();
            line.strip_prefix(name).unwrap_or_else(|| panic!("{line}")).clone_into(place);
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}
