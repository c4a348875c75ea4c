//! The house rules that no compiler checks: who imports whom, how large a file, a circle and a room
//! may be, and that each file opens with what it owns.
#![expect(clippy::unwrap_used, clippy::string_slice, reason = "the helpers of tests may panic")]

#[path = "tidy/imports.rs"]
mod imports;
#[path = "tidy/literals.rs"]
mod literals;
#[path = "tidy/sentences.rs"]
mod sentences;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use imports::Imports;
use literals::Texts;
use valora::tui::keymap::BINDINGS;

/// Words that a room may not name at all.
const FORBIDDEN: [(&str, &[&str]); 13] = [
    ("domain", &["std::fs", "std::net", "std::time", "tokio::"]),
    ("filter", &["std::fs", "std::net", "std::time", "tokio::"]),
    ("list", &["std::fs", "std::net", "std::time", "tokio::"]),
    ("payments", &["std::fs", "std::net", "std::time", "tokio::"]),
    ("command", &["std::fs", "std::net", "std::time", "tokio::"]),
    ("conciliation", &["std::fs", "std::net", "std::time", "tokio::"]),
    ("triage", &["std::fs", "std::net", "std::time", "tokio::"]),
    ("customers", &["std::fs", "std::net", "std::time", "tokio::"]),
    ("export", &["std::fs", "std::net", "std::time", "tokio::"]),
    ("chart", &["std::fs", "std::net", "std::time", "tokio::"]),
    ("state", &["tokio::"]),
    ("tui", &["reqwest", "crate::sandbox"]),
    // The server shares nothing with the client, so that a mistake cannot be shared.
    ("sandbox", &["reqwest"]),
];
/// Words that `tui` names below `tui/terminal` alone: everything else of the screen is pure.
const IMPURE: [&str; 4] = ["std::fs", "std::net", "std::time", "tokio::"];
/// What draws; a room up to and with `net` names none of it.
const SCREEN: [&str; 2] = ["ratatui", "crossterm"];

const LONGEST_FILE: usize = 400;
const LARGEST_CIRCLE: usize = 3;
/// Lines of a room that are no tests; `tui` alone may have more.
const LARGEST_ROOM: usize = 4_500;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

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

fn is_test(path: &Path) -> bool {
    path.to_string_lossy().ends_with("tests.rs") || path.iter().any(|part| part == "tests")
}

/// The room of a file: its first folder or its own name below `src`.
fn room(path: &Path) -> String {
    let first = path.strip_prefix(source()).unwrap().iter().next().unwrap().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// A file without the tests at its end.
fn without_tests(text: &str) -> &str {
    let tests = text.match_indices("#[cfg(test)]").find(|(at, mark)| {
        let mut behind = text[at + mark.len()..].lines().map(str::trim);
        behind.find(|line| !line.is_empty() && !line.starts_with("#[")).is_some_and(|line| {
            let line = line.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
            ["mod tests {", "mod test {"].contains(&line)
        })
    });
    tests.map_or(text, |(at, _)| &text[..at])
}

/// The code of a file: neither comments nor the tests at its end.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = without_tests(text).lines().enumerate();
    lines.filter(|(_, line)| !line.trim_start().starts_with("//")).map(|(at, line)| (at + 1, line))
}

/// The rooms in the order of the table in the crate's documentation; each may import only from
/// those before it.
fn rooms() -> Vec<String> {
    let text = fs::read_to_string(source().join("lib.rs")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | [`")?.split_once("`]"));
    let rooms: Vec<String> = rows.map(|(name, _)| name.to_owned()).collect();
    for declared in text.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let name = declared.trim_end_matches(';');
        assert!(
            rooms.iter().any(|room| room == name),
            "{name} is not in the table of the crate doc"
        );
    }
    rooms
}

#[test]
fn rooms_import_only_from_those_above_them_in_the_crate_doc() {
    let rooms = rooms();
    let rank = |name: &str| rooms.iter().position(|room| room == name);
    let mut wrong = Vec::new();
    for (module, named) in Imports::read().0 {
        let Some(own) = module.first() else { continue };
        for other in named.iter().filter(|other| other.first() != Some(own)) {
            let Some(theirs) = other.first() else { continue };
            if rank(theirs) > rank(own) || own == "sandbox" {
                wrong.push(format!("{} imports {}", module.join("/"), other.join("/")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_that_the_crate_doc_names_is_there() {
    let text = fs::read_to_string(source().join("lib.rs")).unwrap();
    let doc = text.lines().filter_map(|line| line.strip_prefix("//!"));
    let quoted = doc.flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_file = |name: &&str| {
        Path::new(name).extension().is_some_and(|it| it == "rs") && !name.contains("NAME")
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let is_there = |name: &&str| {
        ["", "src", "tests/terminal"].iter().any(|folder| root.join(folder).join(name).exists())
    };
    let missing: Vec<&str> = quoted.filter(is_file).filter(|name| !is_there(name)).collect();
    assert!(missing.is_empty(), "the crate doc names {missing:?}");
}

#[test]
fn a_room_names_nothing_that_is_not_its_business() {
    let rooms = rooms();
    let net = rooms.iter().position(|room| room == "net");
    let mut wrong = Vec::new();
    for (path, text) in rust_files("src").iter().filter(|(path, _)| !is_test(path)) {
        let name = room(path);
        let own = FORBIDDEN.iter().filter(|(room, _)| *room == name);
        let mut words: Vec<&str> = own.flat_map(|(_, words)| words.iter().copied()).collect();
        if rooms.iter().position(|room| *room == name).is_some_and(|rank| Some(rank) <= net) {
            words.extend(SCREEN);
        }
        if name == "tui" && !path.starts_with(source().join("tui/terminal")) {
            words.extend(IMPURE);
        }
        for (line, content) in code(text) {
            for word in words.iter().filter(|word| content.contains(**word)) {
                wrong.push(format!("{}:{line} names {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn circles_of_files_are_small() {
    let imports = Imports::read();
    let circles = imports.circles().into_iter().filter(|circle| circle.len() > LARGEST_CIRCLE);
    let large: Vec<String> = circles
        .map(|circle| circle.iter().map(|module| module.join("/")).collect::<Vec<_>>().join(" "))
        .collect();
    assert!(large.is_empty(), "files that import each other:\n{}", large.join("\n"));
}

#[test]
fn no_room_but_the_screen_is_large() {
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for (path, text) in rust_files("src").iter().filter(|(path, _)| !is_test(path)) {
        *lines.entry(room(path)).or_default() += without_tests(text).lines().count();
    }
    lines.retain(|room, lines| room != "tui" && *lines > LARGEST_ROOM);
    assert!(lines.is_empty(), "{lines:?}");
}

#[test]
fn colors_live_in_the_theme_alone() {
    for (path, text) in rust_files("src/tui") {
        // The pen turns colors into bytes.
        if !path.ends_with("theme.rs") && !path.ends_with("screen/pen.rs") && !is_test(&path) {
            let named = code(&text).find(|(_, line)| line.contains("Color::"));
            assert!(named.is_none(), "{}: {named:?}", path.display());
        }
    }
}

#[test]
fn keys_are_matched_in_the_keymap_alone() {
    for (path, text) in rust_files("src") {
        // Bytes become keys there, and text that is typed takes characters as they are.
        let is_input = path.ends_with("typing.rs") || path.iter().any(|part| part == "input");
        if !path.ends_with("keymap.rs") && !is_test(&path) && !is_input {
            let named = code(&text).find(|(_, line)| line.contains("KeyCode"));
            assert!(named.is_none(), "{}: {named:?}", path.display());
        }
    }
}

#[test]
fn sentences_name_actions_and_no_keys() {
    // Their names are words too, and one is the name of a signal.
    let words = ["space", "up", "down", "left", "right", "home", "end", "tab", "ctrl-c"];
    let keys: Vec<&str> =
        BINDINGS.iter().flat_map(|binding| binding.keys.iter().copied()).collect();
    let is_key = |word: &str| word.len() > 1 && keys.contains(&word) && !words.contains(&word);
    let tokens = |text: &'_ str| -> Vec<String> {
        text.split([' ', '(', ')', ',', '.', ';']).map(str::to_owned).collect()
    };
    let names_a_key = |text: &str| {
        let tokens = tokens(text);
        let pressed =
            |pair: &[String]| ["press", "Press"].contains(&&*pair[0]) && keys.contains(&&*pair[1]);
        tokens.iter().any(|word| is_key(word)) || tokens.windows(2).any(pressed)
    };
    // On the screen a single sign beside a word is a key: punctuation stands at a word, a unit
    // behind a number, and the numbers of the tabs are fixed.
    let names_a_sign = |text: &str| {
        let is_word = |word: &str| word.len() > 1 && word.chars().all(char::is_alphabetic);
        let is_sign =
            |word: &str| keys.contains(&word) && word.len() == 1 && !"aA123456789".contains(word);
        let ends_number = |c: char| c == '}' || c.is_ascii_digit();
        let beside = |three: &[String]| {
            let is_unit = three[0].ends_with(ends_number);
            is_sign(&three[1]) && (is_word(&three[0]) || is_word(&three[2]) && !is_unit)
        };
        // A part of a sentence may begin with its colon.
        let text = text.trim_start_matches(": ");
        tokens(&format!(" {text} ")).windows(3).any(beside)
    };
    assert!(names_a_key("Press r to refresh.") && names_a_key("enter apply (esc leaves)"));
    for text in ["told apart where / does not", "then r tries again", "L goes on", "wait, or L"] {
        assert!(names_a_sign(text), "{text}");
    }
    let sound = "Press {refresh} to load what is left in {left} s: row 3, or a-b.";
    assert!(!names_a_key(sound) && !names_a_sign(sound));
    let mut wrong = Vec::new();
    for (path, text) in rust_files("src").iter().filter(|(path, _)| !is_test(path)) {
        if !path.ends_with("keymap.rs")
            && !path.iter().any(|part| part == "keymap" || part == "input")
        {
            let is_on_screen = room(path) == "tui";
            let is_wrong = |text: &str| names_a_key(text) || is_on_screen && names_a_sign(text);
            let found = Texts::of(text).literals.into_iter().filter(|(_, text)| is_wrong(text));
            wrong.extend(found.map(|(line, text)| format!("{}:{line}: {text}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_stands_in_braces_is_an_action_or_a_value_of_the_code_around_it() {
    let rooms = ["tui", "command"];
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let mut wrong = Vec::new();
    for (path, text) in rust_files("src").iter().filter(|(path, _)| !is_test(path)) {
        if !rooms.contains(&room(path).as_str()) {
            continue;
        }
        let Texts { literals, code } = Texts::of(text);
        let values: BTreeSet<&str> = code.split(|c: char| !is_name(c) || c == '-').collect();
        for (line, text) in literals {
            let named = text.split('{').skip(1).filter_map(|it| it.split(['}', ':']).next());
            let named = named.filter(|name| !name.is_empty() && name.chars().all(is_name));
            let is_known = |name: &&str| {
                values.contains(*name) || BINDINGS.iter().any(|binding| binding.id == *name)
            };
            for name in named.filter(|name| !is_known(name)) {
                wrong.push(format!("{}:{line}: {name} in {text}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
fn cancelled_is_spelled_in_one_way() {
    // Words of the APIs and of a library.
    let foreign = [
        "conciliation/sections/names.rs",
        "net/transport/classify.rs",
        "payments/event.rs",
        "sandbox/payments/data.rs",
        "sandbox/payments/events.rs",
        "sandbox/payments/writes.rs",
        "writes/plan/tests.rs",
        "writes/verdict.rs",
    ];
    for (path, text) in rust_files("src") {
        let is_foreign = foreign.iter().any(|name| path.ends_with(name));
        let text = text.to_lowercase();
        let found = ["canceled", "canceling"].into_iter().find(|word| text.contains(word));
        assert!(is_foreign || found.is_none(), "{}: {found:?}", path.display());
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
