//! The pictures of the README and the manual, drawn from real screens: the sandbox's rows over HTTP, at a fixed time.
//! `UPDATE_PICTURES=1 cargo test --test pictures` rewrites them; otherwise a difference fails.
#![expect(clippy::unwrap_used, reason = "the helpers of tests may panic")]

#[cfg(test)]
mod common;
#[cfg(test)]
#[path = "pictures/customers.rs"]
mod customers;
#[cfg(test)]
#[path = "pictures/svg.rs"]
mod svg;

use std::path::Path;

use common::options;
use common::still::Still;
use valora::manual::TOPICS;
use valora::sandbox::Special;

const SIZE: (u16, u16) = (120, 32);

/// A picture: its name, what it shows, and the keys that lead there. `BOOKING` opens one that adds up,
/// `DIFFERS` one that does not; `REST` waits for what belongs to the row.
type Picture = (&'static str, &'static str, &'static str);

const PICTURES: &[Picture] = &[
    ("list", "debt, with what is open by age", "5 j j j"),
    ("scheduled", "scheduled payments, sorted by amount", "2 l l S j j"),
    ("invoices", "the filter form over invoices", "3 f p r o tab"),
    ("penalties", "a penalty in detail", "4 j j p"),
    ("triage", "penalties as a queue, with what belongs to the row", "4 t d D W j REST"),
    ("overview", "penalties by age and status, in counts and sums", "4 t t l l l l j"),
    ("debt", "debt, and how old it is", "5 w"),
    ("payments", "tenant payments", "6 j j"),
    ("booking", "the conciliation of a booking", "BOOKING tab tab tab tab"),
    ("ledger", "a booking as a ledger", "BOOKING t j j"),
    ("checks", "the checks of a booking", "BOOKING C"),
    ("chart", "payouts by month", "L y w"),
    ("help", "what can be done, searched", "? s o r t"),
    ("command", "the command line", "4 : p e n tab space s"),
    ("export", "rows to a file", "e"),
    ("columns", "the columns of a list", "c j j"),
    ("views", "saved views", "v j"),
    ("home", "a customer at one glance", "0 j"),
];

/// The film: keys, and for how many tenths of a second what they show is seen.
const FILM: &[(&str, u32)] = &[
    ("5", 20),
    ("j", 4),
    ("j", 4),
    ("j", 12),
    ("/ o v e r d", 12),
    ("enter", 16),
    ("DIFFERS", 30),
    ("t", 22),
    ("q esc 4 t", 14),
    ("REST", 16),
    ("d", 10),
    ("REST", 20),
];
const FILM_NAME: &str = "film";
/// All customers, with their titles.
const CUSTOMERS: [(&str, &str); 2] =
    [("customers", "all customers"), ("queue", "the penalties of all customers")];
/// Bytes.
const LARGEST_FILM: usize = 300_000;

fn press(still: &mut Still, keys: &str) {
    for key in keys.split_whitespace() {
        match key {
            "BOOKING" => still.open_booking(Special::Balanced),
            "DIFFERS" => still.open_booking(Special::OutByOneRow),
            "REST" => still.rest(),
            key => still.press(key),
        }
    }
}

/// Compares a picture with the file, or writes the file; returns `true` if they were the same.
fn is_current(name: &str, drawn: &str) -> bool {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    let path = folder.join(format!("{name}.svg"));
    if std::env::var_os("UPDATE_PICTURES").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(&path, drawn).unwrap();
    }
    std::fs::read_to_string(&path).unwrap_or_default() == drawn
}

#[test]
fn every_picture_is_what_valora_shows() {
    let mut stale = Vec::new();
    for (name, title, keys) in PICTURES {
        let mut still = Still::with_payments(options(), SIZE);
        press(&mut still, keys);
        let drawn = svg::picture(&still.buffer(), &format!("valora: {title}"));
        if !is_current(name, &drawn) {
            stale.push(*name);
        }
    }
    for ((name, title), drawn) in CUSTOMERS.into_iter().zip(customers::pictures(SIZE)) {
        if !is_current(name, &svg::picture(&drawn, &format!("valora: {title}"))) {
            stale.push(name);
        }
    }
    let mut still = Still::with_payments(options(), SIZE);
    let frame = |(keys, tenths): &(&str, u32)| {
        press(&mut still, keys);
        (still.buffer(), *tenths)
    };
    let frames: Vec<_> = FILM.iter().map(frame).collect();
    let drawn = svg::film(&frames, "valora: a list, a search, a booking, penalties");
    assert!(drawn.len() < LARGEST_FILM, "{} bytes", drawn.len());
    if !is_current(FILM_NAME, &drawn) {
        stale.push(FILM_NAME);
    }
    assert!(stale.is_empty(), "{stale:?} differ; UPDATE_PICTURES=1 redraws them");
}

#[test]
fn the_readme_and_the_manual_show_every_picture_and_no_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let shown = |name: &str| {
        let file = format!("screenshots/{name}.svg)");
        readme.contains(&file) || TOPICS.iter().any(|topic| topic.text.contains(&file))
    };
    let names = PICTURES
        .iter()
        .map(|(name, ..)| *name)
        .chain(CUSTOMERS.map(|(name, _)| name))
        .chain([FILM_NAME]);
    for name in names {
        assert!(shown(name), "{name}");
    }
    let files = std::fs::read_dir(folder.join("screenshots")).unwrap();
    assert_eq!(files.count(), PICTURES.len() + CUSTOMERS.len() + 1);
}
