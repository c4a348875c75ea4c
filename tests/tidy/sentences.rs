//! Every sentence that a user can read, in one snapshot; and words that none of them holds.

use std::collections::BTreeSet;

use super::literals::Texts;
use super::{is_test, rust_files, source};
use clap::Command;
use valora::tui::keymap::BINDINGS;

/// Files and folders of words that no one reads: made-up rows, and names that the APIs may use.
const DATA: [&str; 4] =
    ["sandbox", "list/roles", "conciliation/sections/names.rs", "tui/modal/help_terms.rs"];

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
    never("given up"),
    never("goes"),
    Forbidden { word: "is no", within: &["there is no"], allowed: &[] },
    never("kept on this machine"),
    never("lets"),
    never("meanwhile"),
    never("none yet (local)"),
    never("req"),
    never("stand beside"),
    never("stand"),
    never("stands"),
    never("take it"),
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
    Forbidden {
        word: "verdict",
        within: &[],
        allowed: &["show the verdict, checks, possible reasons and changes; again: the sections"],
    },
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
        if DATA.iter().any(|data| path.starts_with(source().join(data))) {
            continue;
        }
        let lines: Vec<&str> = text.lines().collect();
        for (line, text) in Texts::of(text).literals {
            let is_at = |back: usize, mark| {
                let line = line.checked_sub(back).and_then(|at| lines.get(at));
                line.is_some_and(|line| line.contains(mark))
            };
            // A lint has a reason.
            if !is_at(1, "reason = \"") && !is_at(2, "#[cfg(test)]") {
                found.extend(text.lines().map(in_one_line).filter(|part| is_sentence(part)));
            }
        }
    }
    found
}

fn of_keys() -> BTreeSet<String> {
    BINDINGS.iter().map(|binding| binding.label.to_owned()).collect()
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

#[test]
fn the_sentences_are_those_of_the_snapshot() {
    insta::assert_snapshot!("sentences", sentences().join("\n"));
}

#[test]
fn no_sentence_holds_a_word_that_has_a_plainer_one() {
    let all = sentences();
    let mut wrong = Vec::new();
    for Forbidden { word, within, allowed } in FORBIDDEN {
        let holds = |text: &str| {
            let without = within.iter().fold(text.to_lowercase(), |text, it| text.replace(it, ""));
            holds(&without, word)
        };
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
