//! As many totals as fit on a line; the rest is counted.

use unicode_width::UnicodeWidthStr;

use crate::tui::component::pieces::DOT;

/// `None` if not even one fits. Builds only texts that may fit: a response can have thousands of
/// currencies.
pub fn fitting(
    each: impl Iterator<Item = String>,
    all: usize,
    room: usize,
    write: impl Fn(&str) -> String,
) -> Option<String> {
    let mut joined = String::new();
    let mut ends = Vec::new();
    for text in each {
        if !ends.is_empty() {
            joined.push_str(DOT);
        }
        joined.push_str(&text);
        ends.push(joined.len());
        if joined.width() > room {
            break;
        }
    }
    let shown = |count: usize, end: usize| {
        let more = match all - count {
            0 => String::new(),
            more => format!(" + {more} more"),
        };
        write(&format!("{}{more}", joined.get(..end).unwrap_or_default()))
    };
    let longest_first = (1..).zip(ends).collect::<Vec<_>>().into_iter().rev();
    longest_first.map(|(count, end)| shown(count, end)).find(|text| text.width() <= room)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn of_thousands_only_those_that_may_fit_are_made_and_the_rest_is_counted() {
        let made = Cell::new(0);
        let each = (0..5_000).map(|at| {
            made.set(made.get() + 1);
            format!("X{at:04} 1.00")
        });
        let text = fitting(each, 5_000, 60, |sums| format!("sum: {sums}")).unwrap();
        assert_eq!(text, "sum: X0000 1.00 · X0001 1.00 · X0002 1.00 + 4997 more");
        assert!(made.get() < 10, "{} were made", made.get());
    }

    #[test]
    fn all_that_fit_are_shown_and_none_is_cut() {
        let fitted = |texts: &[&str], room| {
            let each = texts.iter().map(|text| (*text).to_owned());
            fitting(each, texts.len(), room, |sums| format!("sum: {sums}"))
        };
        assert_eq!(fitted(&["EUR 1", "GBP 2"], 18).as_deref(), Some("sum: EUR 1 · GBP 2"));
        assert_eq!(fitted(&["EUR 1", "GBP 222"], 19).as_deref(), Some("sum: EUR 1 + 1 more"));
        assert_eq!(fitted(&["EUR 1"], 9), None);
        assert_eq!(fitted(&[], 50), None);
    }
}
