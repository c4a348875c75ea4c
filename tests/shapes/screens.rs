//! The screens and keys at both sizes: every character as in the usual shape.

use std::time::Duration;

use valora::list::ALL;
use valora::sandbox::Shape;

use crate::common::Dashboard;
use crate::{in_shape, unusual};

const SIZES: [(u16, u16); 2] = [(80, 24), (140, 40)];
/// How long nothing is written after the last byte of a frame.
const QUIET: Duration = Duration::from_millis(150);

/// Keys on each tab, and a text that is on the screen when they have done what they do.
const STEPS: [(&str, &str); 14] = [
    ("g", "row 1 of "),
    ("o", ""),
    ("s g", "row 1 of "),
    ("s g", "row 1 of "),
    ("/ e u r enter", "Search: eur"),
    ("F", "row 1 of "),
    ("@", "Booking: "),
    ("F", "row 1 of "),
    ("f", "Filter "),
    ("esc w", ""),
    ("esc e", "Export"),
    ("esc enter", "Server"),
    ("C", "Verdict: "),
    ("esc esc", "row 1 of "),
];

/// Without the line of the requests that are left, and the times of the day at which things were
/// fetched.
fn timeless(screen: &str) -> String {
    let mut text: Vec<char> = screen.chars().skip_while(|c| *c != '\n').collect();
    for at in 0..text.len().saturating_sub(4) {
        let is_time = |(place, c): (usize, &char)| {
            if place == 2 { *c == ':' } else { c.is_ascii_digit() || *c == '#' }
        };
        if text[at..at + 5].iter().enumerate().all(is_time) {
            [0, 1, 3, 4].map(|place| text[at + place] = '#');
        }
    }
    text.into_iter().collect()
}

struct Walk {
    dashboard: Dashboard,
    /// The screens of the usual shape so far, or all of them.
    screens: Vec<(String, String)>,
    is_usual: bool,
    at: usize,
}

impl Walk {
    fn step(&mut self, what: &str, keys: &str, sign: &str) {
        self.dashboard.press(keys);
        if self.is_usual {
            self.dashboard.wait_for(sign);
            std::thread::sleep(QUIET);
            while self.dashboard.bytes_written() > 0 {
                std::thread::sleep(QUIET);
            }
            let screen = timeless(&self.dashboard.wait_for(sign));
            self.screens.push((format!("{what} {keys}"), screen));
            return;
        }
        let (what, expected) = &self.screens[self.at];
        let what = format!("{what}:\n{expected}\n");
        self.dashboard.wait(&what, |screen| timeless(screen) == *expected);
        self.at += 1;
    }

    fn all(&mut self) {
        for (tab, spec) in ALL.iter().enumerate() {
            let sign = format!("▸{} {}", tab + 1, spec.title);
            self.step(spec.key, &(tab + 1).to_string(), &sign);
            for (keys, sign) in STEPS {
                self.step(spec.key, keys, sign);
            }
            if spec.key == "penalties" {
                self.step(spec.key, "t", "ages as of today");
                self.step(spec.key, "q", "row 1 of ");
            }
        }
    }
}

#[test]
fn every_tab_and_key_shows_what_it_shows_of_the_usual_shape() {
    for size in SIZES {
        let start = |shape: Shape| {
            let mut dashboard = Dashboard::start(in_shape(shape), size);
            dashboard.wait_for("row 1 of ");
            dashboard
        };
        let dashboard = start(Shape::default());
        let mut usual = Walk { dashboard, screens: Vec::new(), is_usual: true, at: 0 };
        usual.all();
        for shape in unusual() {
            let screens = usual.screens.clone();
            let screens = screens
                .into_iter()
                .map(|(what, screen)| (format!("{shape} {size:?} {what}"), screen));
            let dashboard = start(shape);
            let mut walk = Walk { dashboard, screens: screens.collect(), is_usual: false, at: 0 };
            walk.all();
            assert_eq!(walk.at, usual.screens.len());
        }
    }
}
