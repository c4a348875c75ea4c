//! The search in 100,000 loaded rows: every key, the first one included.

use std::time::Duration;

use crate::terminal::{Terminal, median};
use crate::{Add, in_ms};

/// A key has its rows once nothing was written for so long.
const QUIET: Duration = Duration::from_millis(300);
/// From `/` to the first letter, as people type.
const BEFORE_FIRST: Duration = Duration::from_millis(150);

/// Words, references, amounts.
const TEXTS: [&str; 3] = ["paid", "bk9341", "123.45"];

pub(crate) fn measure(terminal: &mut Terminal, add: Add<'_>) {
    let before = terminal.kilobytes();
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for text in TEXTS {
        terminal.press("/");
        std::thread::sleep(BEFORE_FIRST);
        let keys: Vec<String> = text.chars().map(String::from).collect();
        let mut times = keys.iter().map(|key| terminal.press_within(key, QUIET).1);
        first.extend(times.next());
        later.extend(times);
        leave(terminal);
    }
    let each = first.iter().copied().map(in_ms).collect::<Vec<_>>().join(" · ");
    let what = "first key of a search in 100,000 rows: word · reference · amount";
    add(what, "20 ms", each);
    // Without a pause, the rows are made searchable while the key waits.
    let (_, at_once) = terminal.press_within("/p", QUIET);
    leave(terminal);
    add("the same, typed in one go with `/`", "20 ms", in_ms(at_once));
    let worst = later.iter().copied().max().unwrap_or_default();
    let what = "every later key, frame included: median · longest";
    add(what, "8 ms", format!("{} · {}", in_ms(median(later)), in_ms(worst)));
    terminal.rest();
    let after = terminal.kilobytes();
    let kept = format!("{} MB → {} MB", before / 1_000, after / 1_000);
    add("memory before the searches → after them", "the same", kept);
}

fn leave(terminal: &mut Terminal) {
    terminal.press_within("\x1b", QUIET);
    terminal.press_within("\x1b", QUIET);
}
