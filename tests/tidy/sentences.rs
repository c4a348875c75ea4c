//! Every sentence that a user can read, in one snapshot; and words that neither they nor the documents
//! hold.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::literals::Texts;
use super::{is_test, rust_files, source};
use clap::Command;
use valora::tui::keymap::BINDINGS;

/// Files and folders of words that no one reads: made-up rows, and names that the APIs may use. Of the
/// sandbox, only errors of its options are read.
const DATA: [&str; 4] =
    ["sandbox", "list/roles", "conciliation/sections/names.rs", "tui/modal/help_terms.rs"];

/// Words of [`FORBIDDEN`] that are right in a document.
const IN_DOCUMENTS: [(&str, &[&str]); 1] =
    // The verdict of a booking.
    [("verdict", &["README.md", "assets/manual/booking.md", "assets/manual/keys.md"])];

/// A word or phrase that no sentence holds. Without regard to capitals, as whole words.
struct Forbidden {
    word: &'static str,
    /// Longer phrases in which it is right.
    within: &'static [&'static str],
    /// Sentences in which it is right.
    allowed: &'static [&'static str],
}

const fn never(word: &'static str) -> Forbidden {
    Forbidden { word, within: &[], allowed: &[] }
}

const FORBIDDEN: &[Forbidden] = &[
    never("anew"),
    never("as it came"),
    never("beside"),
    never("came"),
    never("come"),
    never("comes"),
    never("fetch"),
    never("fetched"),
    never("fetches"),
    never("fetching"),
    never("give"),
    never("given"),
    // Back through bookings, as in a browser.
    Forbidden { word: "go", within: &["go back"], allowed: &[] },
    never("goes"),
    Forbidden { word: "is no", within: &["there is no"], allowed: &[] },
    never("kept on this machine"),
    never("lets"),
    never("meanwhile"),
    // For "unknown" or "not any". Right for a decision that is not made, or the value of a setting.
    Forbidden {
        word: "none",
        within: &["none yet", "none:"],
        allowed: &["Colors: the terminal's sixteen, 256 for a dark or a light background, or none"],
    },
    never("none yet (local)"),
    // `r` refreshes.
    never("reload"),
    never("reloads"),
    never("req"),
    never("stand"),
    never("standing"),
    never("stands"),
    // Right for memory and time.
    Forbidden { word: "take", within: &["take a few hundred bytes"], allowed: &[] },
    never("taken"),
    Forbidden {
        word: "takes",
        within: &[],
        // Of a command.
        allowed: &["{} takes no arguments"],
    },
    never("tells"),
    never("tell"),
    never("told"),
    never("unreadable"),
    // Of a booking; what the user decided about a penalty is a decision.
    never("verdict"),
    never("wanted"),
    never("want"),
    never("wants"),
    Forbidden { word: "whole", within: &["whole number"], allowed: &[] },
];

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Two words, or a word and a value beside it.
fn is_sentence(text: &str) -> bool {
    let is_json = text.starts_with(['"', '{']) && text.contains("\": ");
    let is_data = is_json || text.starts_with('<') && text.contains('>') || text.contains("\\r");
    let is_value = |word: &&str| word.starts_with('{') && word.contains('}');
    let is_word = |word: &&str| {
        let word = word.trim_matches(|c: char| ",.;:!?()'\"`“”…".contains(c));
        let is_plain = |c: char| c.is_alphabetic() || c == '\'' || c == '-';
        word.chars().filter(|c| c.is_alphabetic()).count() > 1 && word.chars().all(is_plain)
    };
    let words = text.split_whitespace().filter(is_word).count();
    let values = text.split_whitespace().filter(is_value).count();
    !is_data && words > 0 && words + values > 1
}

fn of_source() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (path, text) in rust_files("src").iter().filter(|(path, _)| !is_test(path)) {
        let is_sandbox = path.starts_with(source().join("sandbox"));
        if !is_sandbox && DATA.iter().any(|data| path.starts_with(source().join(data))) {
            continue;
        }
        let lines: Vec<&str> = text.lines().collect();
        for (line, text) in Texts::of(text).literals {
            let is_at = |back: usize, mark| {
                let line = line.checked_sub(back).and_then(|at| lines.get(at));
                line.is_some_and(|line| line.contains(mark))
            };
            // A lint has a reason.
            let is_read = !is_at(1, "reason = \"") && !is_at(2, "#[cfg(test)]");
            let is_error = || is_at(1, "#[error(") || is_at(2, "#[error(");
            if is_read && (!is_sandbox || is_error()) {
                found.extend(text.lines().map(in_one_line).filter(|part| is_sentence(part)));
            }
        }
    }
    found
}

fn of_keys() -> BTreeSet<String> {
    let texts = BINDINGS.iter().flat_map(|binding| [Some(binding.label), binding.hint]);
    texts.flatten().map(str::to_owned).collect()
}

fn of_help(command: &Command, found: &mut Vec<String>) {
    let of_command = [
        command.get_about(),
        command.get_long_about(),
        command.get_before_help(),
        command.get_before_long_help(),
        command.get_after_help(),
        command.get_after_long_help(),
    ];
    found.extend(of_command.into_iter().flatten().map(ToString::to_string));
    for arg in command.get_arguments() {
        found.extend(arg.get_help_heading().map(str::to_owned));
        found.extend(
            [arg.get_help(), arg.get_long_help()].into_iter().flatten().map(ToString::to_string),
        );
        let values = arg.get_possible_values();
        found.extend(values.iter().filter_map(|it| it.get_help()).map(ToString::to_string));
    }
    for below in command.get_subcommands() {
        of_help(below, found);
    }
}

fn sentences() -> Vec<String> {
    let mut command = valora::cli::command();
    command.build();
    let mut help = Vec::new();
    of_help(&command, &mut help);
    let whole: Vec<String> = help.iter().map(|text| in_one_line(text)).collect();
    let mut all = of_source();
    all.retain(|text| !whole.iter().any(|help| help.contains(text.as_str())));
    all.extend(of_keys());
    all.extend(
        help.iter().flat_map(|text| text.lines()).map(in_one_line).filter(|it| !it.is_empty()),
    );
    let mut all: Vec<String> = all.into_iter().collect();
    all.sort_by_cached_key(|text| (text.to_lowercase(), text.clone()));
    all
}

fn holds(text: &str, phrase: &str) -> bool {
    let (text, phrase) = (text.to_lowercase(), phrase.to_lowercase());
    // In braces it is the name of a value.
    let is_part = |c: char| c.is_alphanumeric() || "-_{}".contains(c);
    text.match_indices(&phrase).any(|(at, _)| {
        let (before, after) =
            (text[..at].chars().next_back(), text[at + phrase.len()..].chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// The paragraphs of a document in Markdown without code, each in one line.
fn paragraphs(text: &str) -> Vec<String> {
    let mut is_code = false;
    let mut paragraphs = vec![String::new()];
    for line in text.lines().map(str::trim) {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        if is_fence || is_code || line.is_empty() {
            paragraphs.push(String::new());
        } else if let Some(last) = paragraphs.last_mut() {
            last.push_str(line);
            last.push(' ');
        }
    }
    let without_code =
        |text: &String| text.split('`').step_by(2).collect::<Vec<_>>().join("`").trim().to_owned();
    let all = paragraphs.iter().map(without_code);
    all.filter(|text| !text.is_empty()).collect()
}

/// The README, the manual, and the comments of the example settings, each with its path.
fn documents() -> Vec<(String, Vec<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let mut paths = vec!["README.md".to_owned()];
    for entry in fs::read_dir(root.join("assets/manual")).unwrap() {
        let name = entry.unwrap().file_name();
        if Path::new(&name).extension().is_some_and(|extension| extension == "md") {
            paths.push(format!("assets/manual/{}", name.to_string_lossy()));
        }
    }
    paths.sort();
    let mut all: Vec<_> = paths.into_iter().map(|path| (paragraphs(&read(&path)), path)).collect();
    let settings = read("assets/config.toml");
    // A line without a space after its mark is a setting.
    let comments = settings.lines().map(|line| line.strip_prefix("# ").unwrap_or_default());
    let comments = comments.collect::<Vec<_>>().join("\n");
    all.push((paragraphs(&comments), "assets/config.toml".to_owned()));
    all.into_iter().map(|(paragraphs, path)| (path, paragraphs)).collect()
}

impl Forbidden {
    fn is_in(&self, text: &str) -> bool {
        let text = self.within.iter().fold(text.to_lowercase(), |text, it| text.replace(it, ""));
        holds(&text, self.word)
    }
}

#[test]
fn the_sentences_are_those_of_the_snapshot() {
    insta::assert_snapshot!("sentences", sentences().join("\n"));
}

#[test]
fn no_sentence_holds_a_word_that_has_a_plainer_one() {
    let all = sentences();
    let mut wrong = Vec::new();
    for forbidden @ Forbidden { word, allowed, .. } in FORBIDDEN {
        let holds = |text: &str| forbidden.is_in(text);
        let found = all.iter().filter(|text| holds(text));
        wrong.extend(
            found.filter(|it| !allowed.contains(&it.as_str())).map(|it| format!("{word}: {it}")),
        );
        let unused = allowed.iter().filter(|it| !all.iter().any(|text| text == *it && holds(text)));
        wrong.extend(unused.map(|it| format!("{word} is allowed in vain: {it}")));
    }
    assert!(wrong.is_empty(), "{}\n{} in all", wrong.join("\n"), wrong.len());
}

#[test]
fn no_document_holds_a_word_that_has_a_plainer_one() {
    let mut wrong = Vec::new();
    for (path, paragraphs) in documents() {
        let is_right = |word: &str| {
            IN_DOCUMENTS.iter().any(|(other, paths)| *other == word && paths.contains(&&*path))
        };
        for forbidden in FORBIDDEN.iter().filter(|it| !is_right(it.word)) {
            let found = paragraphs.iter().filter(|text| forbidden.is_in(text));
            wrong.extend(found.map(|text| format!("{path}: {}: {text}", forbidden.word)));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} in all", wrong.join("\n"), wrong.len());
}

#[test]
fn paragraphs_are_without_code_and_across_lines() {
    let text = "# Title\n\nIt `fetches` as\nit came.\n```sh\nvalora want\n```\n- end\n";
    assert_eq!(paragraphs(text), ["# Title", "It ` as it came.", "- end"]);
}

#[test]
fn a_word_is_found_as_a_whole_and_in_any_case() {
    for (text, phrase) in
        [("Fetched rows", "fetched"), ("it is no list", "is no"), ("no req, 3", "req")]
    {
        assert!(holds(text, phrase), "{text}");
    }
    for (text, phrase) in
        [("prefetched", "fetched"), ("this is not", "is no"), ("{given} rows", "given")]
    {
        assert!(!holds(text, phrase), "{text}");
    }
    for text in ["press {refresh}", "no rows", "{count} rows", "Type a list name or a command."] {
        assert!(is_sentence(text), "{text}");
    }
    for text in ["{}: {}", "std::fs", "{\"data\": \"no one\"}", "%Y-%m-%d %H:%M", "a b", "word"] {
        assert!(!is_sentence(text), "{text}");
    }
}
