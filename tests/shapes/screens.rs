//! The screens and keys at both sizes show what they show of the usual shape.

use std::collections::BTreeSet;

use valora::list::ALL;
use valora::sandbox::Shape;

use crate::common::shapes::{FULLY_WALKED, OTHER_VALUES, in_shape};
use crate::common::still::Still;
use crate::{plain, unusual, with_columns_of};

/// Keys on each tab, one after the other.
const FEW_STEPS: [&str; 7] = ["g", "o", "s g", "s @", "F", DETAIL, OPEN];
/// Keys on the tabs of lists whose rows no document describes.
const STEPS: [&str; 25] = [
    "g", "o", "s g", "s g", "l l S g", "S g", "s h h g", "/ e u r", "enter", "F", "@", "F", "l @",
    "F", "l @", "F", "l @", "F h h h", "f", "esc", "w", "esc", "e enter", DETAIL, OPEN,
];
/// Keys on the booking that the last one opens: its checks, its ledger and an export.
const BOOKING_STEPS: [&str; 5] = ["C", "C t", "e enter", BACK_TO_SECTIONS, "esc esc"];
/// Keys on penalties: the queue, the evidence, the first verdicts, the overview.
const TRIAGE_STEPS: [&str; 7] = ["t", REST, "d j D", REST, "G", "t", "esc q"];
/// No key: the row's evidence is fetched after a while.
const REST: &str = "rest";

const DETAIL: &str = "p";
/// Closes the detail pane too.
const OPEN: &str = "p enter";
const BACK_TO_SECTIONS: &str = "t t t";

/// A step, the screen after it and the file that it writes.
struct Step {
    tab: &'static str,
    keys: &'static str,
    lines: Vec<String>,
    file: Vec<String>,
}

fn walk(shape: Shape, size: (u16, u16), is_long: bool) -> Vec<Step> {
    let mut still = Still::start(in_shape(shape), size);
    let mut steps = Vec::new();
    let mut step = |tab, keys| {
        if keys == REST {
            still.rest();
        } else {
            still.press(keys);
        }
        let files = std::mem::take(&mut still.written);
        let file = files.iter().flat_map(|(_, text)| text.lines()).map(str::to_owned).collect();
        steps.push(Step { tab, keys, lines: still.lines(), file });
    };
    for (tab, spec) in ALL.iter().enumerate() {
        step(spec.key, ["1", "2", "3", "4", "5"][tab]);
        let triage: &[&str] = if spec.key == "penalties" { &TRIAGE_STEPS } else { &[] };
        let is_long = is_long && !["transactions", "penalties"].contains(&spec.key);
        let list: &[&str] = if is_long { &STEPS } else { &FEW_STEPS };
        for keys in list.iter().chain(&BOOKING_STEPS).chain(triage) {
            step(spec.key, keys);
        }
    }
    steps
}

/// The totals and sections of a booking. The contract leaves the signs of credit notes open, a field that
/// is null in all rows of a section is a column only under its documented name, and penalties under a name
/// that says nothing are found by their rows alone.
fn content(lines: &[String]) -> Vec<String> {
    let is_empty =
        |line: &str| line.contains("no section") || line.contains(" 0 ") && line.contains("✓");
    let signs = ["positive amounts", "the rows are not", "the total is not"];
    let is_of_signs = |line: &str| signs.iter().any(|words| line.contains(words));
    let lines = lines.iter().filter(|line| !is_of_signs(line) && !is_empty(line));
    let words = lines.flat_map(|line| line.split_whitespace());
    let is_open = |word: &&str| {
        word.eq_ignore_ascii_case("original") || word.starts_with('+') || word.ends_with('…')
    };
    words.filter(|it| !is_open(it)).map(|it| it.trim_start_matches('-').to_owned()).collect()
}

/// The words of a record in detail; the pane also says how many fields there are below it.
fn words(lines: &[String]) -> BTreeSet<String> {
    let lines = lines.iter().filter(|line| !line.contains(" more ·"));
    let words = lines.flat_map(|line| line.split(|c: char| c.is_whitespace() || c == '│'));
    words.map(str::to_owned).collect()
}

/// What differs from the usual shape, and is to be the same.
fn difference(shape: Shape, step: &Step, usual: &Step) -> Option<String> {
    let plain =
        |lines: &[String]| -> Vec<String> { lines.iter().map(|line| plain(shape, line)).collect() };
    let (lines, usual_lines) = (plain(&step.lines), plain(&usual.lines));
    let is_same = match step.keys {
        OPEN | BACK_TO_SECTIONS | REST => content(&lines) == content(&usual_lines),
        DETAIL if !shape.only_renames() => words(&lines).is_superset(&words(&usual_lines)),
        _ => lines == usual_lines,
    };
    // The signs of credit notes again.
    let is_open = |line: &String| line.to_lowercase().starts_with("  credit notes:");
    let file = |step: &Step| {
        let lines = plain(&with_columns_of(&usual.file, &step.file));
        lines.into_iter().filter(|line| !is_open(line)).collect::<Vec<_>>()
    };
    if is_same && file(step) == file(usual) {
        return None;
    }
    let [own, usual] = [step, usual].map(|it| [it.lines.join("\n"), it.file.join("\n")].concat());
    Some(format!("{shape} {}: {}\n{usual}\n{own}", step.tab, step.keys))
}

fn compare(size: (u16, u16), is_long: fn(Shape) -> bool) {
    let mut differing = Vec::new();
    let (few, all) = (walk(Shape::default(), size, false), walk(Shape::default(), size, true));
    for shape in unusual() {
        let usual = if is_long(shape) { &all } else { &few };
        let steps = walk(shape, size, is_long(shape));
        assert_eq!(steps.len(), usual.len());
        let pairs = steps.iter().zip(usual);
        differing.extend(pairs.filter_map(|(step, usual)| difference(shape, step, usual)));
    }
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n\n"));
}

#[test]
fn every_tab_and_key_shows_what_it_shows_of_the_usual_shape_on_a_small_screen() {
    compare((80, 24), |_| true);
}

#[test]
fn every_tab_and_key_shows_what_it_shows_of_the_usual_shape_on_a_large_screen() {
    compare((140, 40), |shape| [FULLY_WALKED, OTHER_VALUES].contains(&shape.name()));
}
