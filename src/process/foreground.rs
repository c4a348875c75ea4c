//! Lends the foreground of the terminal to a program that prompts on it.

use std::fs::File;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{io, thread};

use nix::sys::signal::{SigSet, SigmaskHow, Signal as NixSignal};
use rustix::process::{Pid, Signal, getpgrp, kill_current_process_group, kill_process_group};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr, tcsetpgrp};

/// The time in which the system stops all threads: nothing may be drawn until then.
const STOPPING: Duration = Duration::from_millis(20);

static TERMINAL: OnceLock<Option<(File, Termios)>> = OnceLock::new();
static IS_LENT: AtomicBool = AtomicBool::new(false);

fn terminal() -> Option<&'static (File, Termios)> {
    let opened = TERMINAL.get_or_init(|| {
        let file = File::options().read(true).write(true).open("/dev/tty").ok()?;
        let modes = tcgetattr(&file).ok()?;
        Some((file, modes))
    });
    opened.as_ref()
}

/// Remembers the modes of the terminal before any program changes them.
pub fn remember() {
    let _ = terminal();
}

/// Lends the foreground to a stopped program that prompts; after ctrl-z, stops valora with it.
pub fn answer_stop(group: Pid, signal: i32) {
    let Some((terminal, _)) = terminal() else { return };
    let has_it = |whose: Pid| tcgetpgrp(terminal).is_ok_and(|holder| holder == whose);
    let asks = [Signal::TTIN.as_raw(), Signal::TTOU.as_raw()].contains(&signal);
    if !asks && signal != Signal::TSTP.as_raw() {
        // Stopped by another signal, whose sender continues it.
        return;
    }
    // Its terminal modes, such as no echo, are restored below.
    let modes = tcgetattr(terminal).ok().filter(|_| has_it(group));
    if !asks || !has_it(getpgrp()) {
        // The shell must see the whole group stop; without a shell nothing stops.
        restore();
        let _ = stop_group(if asks { Signal::TTIN } else { Signal::TSTP });
    }
    if has_it(getpgrp()) {
        if let Some(modes) = modes {
            let _ = tcsetattr(terminal, OptionalActions::Now, &modes);
        }
        IS_LENT.store(tcsetpgrp(terminal, group).is_ok(), Ordering::SeqCst);
    }
    let _ = kill_process_group(group, Signal::CONT);
}

pub fn restore() {
    if !IS_LENT.swap(false, Ordering::SeqCst) {
        return;
    }
    let Some((terminal, modes)) = terminal() else { return };
    // A background program that asks for the foreground is stopped, unless it blocks this signal.
    let blocked = SigSet::from(NixSignal::SIGTTOU);
    let before = blocked.thread_swap_mask(SigmaskHow::SIG_BLOCK);
    let _ = tcsetpgrp(terminal, getpgrp());
    // A program that was killed during its prompt did not restore the modes.
    let _ = tcsetattr(terminal, OptionalActions::Now, modes);
    if let Ok(before) = before {
        let _ = before.thread_set_mask();
    }
    // Other programs of the pipeline, such as a pager, may have stopped to wait for the terminal.
    let _ = kill_current_process_group(Signal::CONT);
}

pub fn stop_group(signal: Signal) -> io::Result<()> {
    let sent = kill_current_process_group(signal);
    thread::sleep(STOPPING);
    sent.map_err(io::Error::from)
}
