//! The generated parts of the manual are current, the README is short and links every topic.
//! `UPDATE_README=1` rewrites the generated parts.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use valora::cli::EXIT_CODES;
use valora::list::filter::{Filter, FilterKind, RangeParams};
use valora::list::{ALL, Spec, payments};
use valora::manual::TOPICS;
use valora::tui::keymap::{BINDINGS, Binding, Keymap, Scope};

const LONGEST_README: usize = 250;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Fails if the part of a topic between its marks is not `current`; rewrites it on request.
fn check(topic: &str, current: &str) {
    let path = root().join(format!("assets/manual/{topic}.md"));
    let text = fs::read_to_string(&path).unwrap();
    let [begin, end] = ["begin", "end"].map(|word| format!("<!-- {topic}: {word} -->"));
    let (before, rest) = text.split_once(&begin).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    let wanted = format!("{before}{begin}\n{current}{end}{after}");
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(&path, &wanted).unwrap();
        return;
    }
    assert!(text == wanted, "{topic}: run UPDATE_README=1 cargo test --test readme");
}

/// The places of a key; the common sets of places have a name.
fn places(binding: &Binding, everywhere: &BTreeSet<String>, screens: &BTreeSet<String>) -> String {
    let own: Vec<String> = binding.scopes.iter().copied().map(name).collect();
    let set: BTreeSet<String> = own.iter().cloned().collect();
    if set == *everywhere {
        "everywhere".to_owned()
    } else if set == *screens {
        "every screen".to_owned()
    } else {
        own.join(", ")
    }
}

fn name(scope: Scope) -> String {
    format!("{scope:?}").to_lowercase()
}

fn places_of(id: &str) -> BTreeSet<String> {
    let binding = BINDINGS.iter().find(|binding| binding.id == id).unwrap();
    binding.scopes.iter().copied().map(name).collect()
}

#[test]
fn the_table_of_keys_is_current() {
    let (everywhere, screens) = (places_of("redraw"), places_of("command"));
    let mut groups: Vec<&str> = Vec::new();
    for binding in BINDINGS {
        if !groups.contains(&binding.group) {
            groups.push(binding.group);
        }
    }
    let mut out = String::new();
    for group in groups {
        write!(out, "\n### {group}\n\n| keys | what they do | where |\n|---|---|---|\n").unwrap();
        for binding in BINDINGS.iter().filter(|binding| binding.group == group) {
            let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{key}`")).collect();
            let label = Keymap::default().render(binding.label);
            let places = places(binding, &everywhere, &screens);
            writeln!(out, "| {} | {label} | {places} |", keys.join(", ")).unwrap();
        }
    }
    check("keys", &(out + "\n"));
}

fn row(filter: &Filter, range: Option<&RangeParams>) -> String {
    let kind = match filter.kind {
        FilterKind::Search => "a text".to_owned(),
        FilterKind::Date => "a day".to_owned(),
        FilterKind::Amount => "an amount".to_owned(),
        FilterKind::Exact | FilterKind::OneOf(_) => {
            let words: Vec<String> = filter.choices().iter().map(|it| format!("`{it}`")).collect();
            if words.is_empty() { "an exact value".to_owned() } else { words.join(", ") }
        }
    };
    let name = range.map_or_else(String::new, |range| format!("`{}`", range.name));
    format!("| `{}` | {name} | {kind} |\n", filter.param)
}

#[test]
fn the_tables_of_filters_are_current() {
    let mut out = String::new();
    for spec in ALL.into_iter().chain([&payments::SPEC]) {
        let Spec { key, title, filters, .. } = spec;
        let ranges: Vec<RangeParams> = RangeParams::all(filters).collect();
        write!(out, "\n### {title} (`{key}`)\n\n").unwrap();
        out.push_str("| parameter | range | value |\n|---|---|---|\n");
        for filter in *filters {
            let is_end =
                |range: &&RangeParams| [range.from.param, range.to.param].contains(&filter.param);
            out.push_str(&row(filter, ranges.iter().find(is_end)));
        }
    }
    check("filters", &(out + "\n"));
}

#[test]
fn the_table_of_exit_codes_is_current() {
    let rows = EXIT_CODES.iter().map(|(code, meaning)| format!("| {code} | {meaning} |\n"));
    check(
        "exit-codes",
        &format!("\n| code | meaning |\n|---|---|\n{}\n", rows.collect::<String>()),
    );
}

#[test]
fn the_settings_of_the_manual_are_those_that_config_init_writes() {
    let text = fs::read_to_string(root().join("assets/config.toml")).unwrap();
    check("settings", &format!("\n```toml\n{text}```\n\n"));
}

#[test]
fn the_table_of_speed_has_the_rows_and_targets_of_the_bench() {
    let text = fs::read_to_string(root().join("assets/manual/speed.md")).unwrap();
    let files =
        ["reach.rs", "reach/build.rs", "reach/customers.rs", "reach/far.rs", "reach/search.rs"];
    let read = |file: &str| fs::read_to_string(root().join("tests/bench").join(file)).unwrap();
    let bench: String = files.into_iter().map(read).collect();
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 15, "{rows:?}");
    for row in &rows {
        let cells: Vec<&str> = row.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect();
        for cell in cells.iter().take(2) {
            assert!(bench.contains(&format!("\"{cell}\"")), "the bench has no {cell}");
        }
    }
    let measured = bench.lines().filter(|line| line.trim_start().starts_with("add(")).count();
    assert_eq!(rows.len(), measured);
}

#[test]
fn the_readme_is_short_and_links_every_topic_and_every_link_leads_somewhere() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.lines().count() <= LONGEST_README);
    for topic in TOPICS {
        let row = format!("| [{0}](assets/manual/{0}.md) | {1} |", topic.name, topic.about);
        assert!(readme.contains(&row), "{row}");
    }
    let topics = TOPICS.iter().map(|topic| ("assets/manual", topic.text));
    for (folder, text) in topics.chain([("", readme.as_str())]) {
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.starts_with('#') && !link.contains("://")) {
            assert!(root().join(folder).join(link).exists(), "{link}");
        }
    }
}

#[test]
fn what_the_manual_says_about_help_names_a_topic_or_a_command() {
    for topic in TOPICS {
        let named = topic.text.split("`valora help ").skip(1);
        for name in named.filter_map(|rest| rest.split('`').next()) {
            assert!(TOPICS.iter().any(|topic| topic.name == name), "{}: {name}", topic.name);
        }
    }
}
