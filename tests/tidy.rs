//! The house rules that no compiler checks: who imports whom, how long a file may be, and that each
//! file opens with what it owns.
#![expect(clippy::unwrap_used, reason = "the helpers of tests may panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms from left to right; each may import only from those before it.
const ROOMS: [&str; 20] = [
    "domain",
    "filter",
    "resource",
    "payments",
    "query",
    "line",
    "view",
    "conciliation",
    "answer",
    "export",
    "triage",
    "chart",
    "api",
    "sandbox",
    "store",
    "app",
    "ui",
    "runtime",
    "config",
    "cli",
];

/// Words that a room may not name at all.
const FORBIDDEN: [(&str, &[&str]); 11] = [
    ("app", &["crate::api", "crate::sandbox", "tokio::", "reqwest::", "std::time", "std::fs"]),
    ("ui", &["crate::api", "crate::sandbox", "tokio::", "reqwest::", "std::time", "std::fs"]),
    ("domain", &["std::fs", "std::net", "tokio::", "ratatui::"]),
    ("resource", &["std::fs", "tokio::", "ratatui::"]),
    ("payments", &["std::fs", "std::time", "tokio::", "ratatui::", "reqwest::"]),
    ("line", &["std::fs", "tokio::", "ratatui::", "crossterm::"]),
    ("triage", &["std::fs", "tokio::", "ratatui::", "crossterm::"]),
    ("view", &["std::fs", "tokio::", "ratatui::", "crossterm::"]),
    // The server shares nothing with the client, so that a mistake cannot be shared.
    (
        "sandbox",
        &[
            "crate::domain",
            "crate::filter",
            "crate::query",
            "crate::resource",
            "crate::api",
            "crate::payments",
        ],
    ),
    ("api", &["crate::app", "crate::sandbox", "ratatui::", "crossterm::"]),
    ("runtime", &["crate::sandbox"]),
];

/// Lines that a source file may have.
const LONGEST_FILE: usize = 400;

fn rust_files(below: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(below)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "{below} holds no source");
    found
}

/// The room of a file: its first folder or its own name below `src`.
fn room(path: &Path) -> String {
    let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = below.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The code of a file: neither comments nor the tests at its end.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let until = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = until.lines().enumerate();
    lines.filter(|(_, line)| !line.trim_start().starts_with("//")).map(|(at, line)| (at + 1, line))
}

#[test]
fn rooms_import_only_leftwards() {
    let mut wrong = Vec::new();
    for (path, text) in rust_files("src") {
        let name = room(&path);
        if matches!(name.as_str(), "lib" | "main") || path.ends_with("tests.rs") {
            continue;
        }
        let rank = ROOMS.iter().position(|known| *known == name);
        let rank = rank.unwrap_or_else(|| panic!("{name} has no place in ROOMS"));
        for (line, content) in code(&text) {
            // Each import names its room in full, so that it is seen here.
            if content.contains("crate::{") {
                wrong.push(format!("{}:{line} imports from several rooms at once", path.display()));
            }
            for other in &ROOMS[rank + 1..] {
                if content.contains(&format!("crate::{other}::")) {
                    wrong.push(format!("{}:{line} imports {other}", path.display()));
                }
            }
            let words = FORBIDDEN.iter().filter(|(room, _)| *room == name);
            for word in words.flat_map(|(_, words)| words.iter()) {
                if content.contains(word) {
                    wrong.push(format!("{}:{line} names {word}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn colours_live_in_the_theme_alone() {
    for (path, text) in rust_files("src/ui") {
        if !path.ends_with("theme.rs") && !path.ends_with("tests.rs") {
            let named = code(&text).find(|(_, line)| line.contains("Color::"));
            assert!(named.is_none(), "{}: {named:?}", path.display());
        }
    }
}

#[test]
fn keys_are_matched_in_the_keymap_alone() {
    for (path, text) in rust_files("src/app").into_iter().chain(rust_files("src/ui")) {
        // Lines that are typed take characters as they come.
        let is_input = path.ends_with("typing.rs");
        if !path.ends_with("keymap.rs") && !path.ends_with("tests.rs") && !is_input {
            let named = code(&text).find(|(_, line)| line.contains("KeyCode"));
            assert!(named.is_none(), "{}: {named:?}", path.display());
        }
    }
}

#[test]
fn files_are_short_and_say_what_they_own() {
    for (path, text) in rust_files("src").into_iter().chain(rust_files("tests")) {
        let lines = text.lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines", path.display());
        assert!(text.starts_with("//! "), "{} does not say what it owns", path.display());
    }
}

#[test]
fn nothing_is_left_for_later() {
    for (path, text) in rust_files("src") {
        for word in ["TODO", "FIXME", "XXX", "unimplemented!", "todo!"] {
            assert!(!text.contains(word), "{}: {word}", path.display());
        }
    }
}
