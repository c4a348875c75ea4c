//! What a user waits for whose server is 100 ms away: a booking, and the first visit of a tab.

use std::time::{Duration, Instant};

use crate::terminal::{Server, Terminal, median};
use crate::{Add, in_ms};

pub(crate) fn measure(add: Add<'_>) {
    let server = Server::start(&["--rows", "10000", "--limit", "0", "--latency", "100"]);
    let (mut tabs, mut bookings, mut at_once) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        let mut terminal = Terminal::start(&server);
        terminal.show();
        terminal.until(|shown| shown.contains("row 1 of"));
        // The other lists are counted.
        terminal.rest();
        for tab in ["4", "5", "2"] {
            let pressed = press(&mut terminal, tab);
            let shown = terminal.until(|shown| shown.contains("row 1 of"));
            tabs.push(shown.duration_since(pressed));
        }
        press(&mut terminal, "1");
        terminal.rest();
        for rest in [Duration::from_millis(300), Duration::ZERO] {
            press(&mut terminal, "j");
            std::thread::sleep(rest);
            let pressed = press(&mut terminal, "\r");
            let shown = terminal.until(|shown| shown.contains("Credit notes"));
            let took = shown.duration_since(pressed);
            if rest.is_zero() {
                at_once.push(took);
            } else {
                bookings.push(took);
            }
            terminal.rest();
            press(&mut terminal, "q");
            terminal.rest();
        }
    }
    add("server 100 ms away: first visit of a tab", "5 ms", in_ms(median(tabs)));
    add(
        "server 100 ms away: `enter` on a row after a rest of 300 ms · at once",
        "5 ms · -",
        format!("{} · {}", in_ms(median(bookings)), in_ms(median(at_once))),
    );
}

fn press(terminal: &mut Terminal, key: &str) -> Instant {
    let pressed = Instant::now();
    terminal.type_keys(key);
    pressed
}
