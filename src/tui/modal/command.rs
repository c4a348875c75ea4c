//! The command line while it is typed: its text, what is wrong with it, what can stand at the
//! cursor, and what was typed before.

use chrono::NaiveDate;
use tui_input::Input;

use crate::command::{Completion, Context, Line, LineError, complete, parse};
use crate::list::Spec;

const REMEMBERED: usize = 100;
/// Completions that are offered at once.
pub const OFFERED: usize = 8;

#[derive(Debug, Default)]
pub struct CommandLine {
    pub input: Input,
    /// Why it cannot be carried out, and where.
    pub problem: Option<LineError>,
    /// What can stand at the cursor.
    pub offers: Vec<Completion>,
    /// The offer that was taken last, while Tab goes through them.
    pub taken: Option<usize>,
    /// The text that the offers are for.
    offered_for: Option<(String, usize)>,
    /// How far back in the lines before; 0 is the line that is typed.
    back: usize,
    /// The line that was typed before older ones were brought back.
    draft: String,
}

/// What is known where the line is typed.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub here: &'static Spec,
    pub today: NaiveDate,
    /// The names of the saved views.
    pub views: &'a [&'a str],
    /// Whether a Payments API is configured.
    pub has_payments: bool,
}

impl<'a> Place<'a> {
    fn context(self) -> Context<'a> {
        Context {
            here: Some(self.here),
            today: Some(self.today),
            views: self.views,
            has_payments: self.has_payments,
        }
    }
}

impl CommandLine {
    /// A line that begins with a text.
    pub fn with(text: &str, place: Place<'_>) -> Self {
        let mut line = Self { input: Input::new(text.to_owned()), ..Self::default() };
        line.edited(place);
        line
    }

    /// The text has changed: what was wrong or offered before is no longer.
    pub fn edited(&mut self, place: Place<'_>) {
        self.problem = None;
        self.taken = None;
        self.offers = complete(self.input.value(), self.input.cursor(), &place.context());
        self.offers.truncate(OFFERED);
        self.offered_for = Some((self.input.value().to_owned(), self.input.cursor()));
    }

    /// Takes the next or the previous offer.
    pub fn take_offer(&mut self, is_forward: bool, place: Place<'_>) {
        let count = self.offers.len();
        if count == 0 {
            return;
        }
        let next = match (self.taken, is_forward) {
            (None, true) => 0,
            (None, false) => count - 1,
            (Some(at), true) => (at + 1) % count,
            (Some(at), false) => (at + count - 1) % count,
        };
        let (Some(offer), Some((text, _))) = (self.offers.get(next), &self.offered_for) else {
            return;
        };
        let before = text.chars().take(offer.replace.start);
        let after = text.chars().skip(offer.replace.end);
        let cursor = offer.replace.start + offer.text.chars().count();
        let whole: String = before.chain(offer.text.chars()).chain(after).collect();
        self.input = Input::new(whole).with_cursor(cursor);
        self.taken = Some(next);
        self.problem = None;
        // The only offer is no choice: what can follow it comes next.
        if count == 1 {
            self.edited(place);
        }
    }

    /// Brings back an older or a newer line of `history`, whose newest is the last.
    pub fn recall(&mut self, history: &[String], is_older: bool, place: Place<'_>) {
        let back = match (is_older, self.back) {
            (true, back) => back + 1,
            (false, 0) => return,
            (false, back) => back - 1,
        };
        if self.back == 0 {
            self.input.value().clone_into(&mut self.draft);
        }
        let line = match back {
            0 => Some(self.draft.clone()),
            back => history.len().checked_sub(back).and_then(|at| history.get(at)).cloned(),
        };
        if let Some(line) = line {
            self.back = back;
            self.input = Input::new(line);
            self.edited(place);
        }
    }

    /// What the line says; where it says nothing that can be done, the problem stays with it.
    pub fn read(&mut self, place: Place<'_>) -> Option<Line> {
        match parse(self.input.value(), &place.context()) {
            Ok(line) => Some(line),
            Err(problem) => {
                let at = problem.at.end.min(self.input.value().chars().count());
                self.input = self.input.clone().with_cursor(at);
                self.problem = Some(problem);
                None
            }
        }
    }
}

/// Remembers a line; the same one twice in a row is one.
pub fn remember(history: &mut Vec<String>, line: &str) {
    if history.last().is_none_or(|last| last != line) {
        history.push(line.to_owned());
    }
    if history.len() > REMEMBERED {
        history.remove(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place<'static> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        Place {
            here: Spec::named("penalties").unwrap(),
            today,
            views: &["late"],
            has_payments: false,
        }
    }

    #[test]
    fn tab_goes_through_the_offers_for_what_was_typed() {
        let mut line = CommandLine::with("penalties status=", place());
        let mut seen = Vec::new();
        for _ in 0..6 {
            line.take_offer(true, place());
            seen.push(line.input.value().to_owned());
        }
        let status = |word: &str| format!("penalties status={word}");
        let words = ["pending", "notify", "paid", "waived", "settled", "pending"];
        assert_eq!(seen, words.map(status));
        line.take_offer(false, place());
        assert_eq!(line.input.value(), status("settled"));
    }

    #[test]
    fn behind_the_only_offer_its_values_are_offered() {
        let mut line = CommandLine::with("penalties stat", place());
        line.take_offer(true, place());
        assert_eq!(line.input.value(), "penalties status=");
        line.take_offer(true, place());
        assert_eq!(line.input.value(), "penalties status=pending");
    }

    #[test]
    fn a_mistake_is_shown_at_its_place_and_nothing_typed_is_lost() {
        let mut line = CommandLine::with("penalties status=late amount=12,5", place());
        assert_eq!(line.read(place()), None);
        let problem = line.problem.clone().unwrap();
        assert_eq!((problem.at, line.input.cursor()), (17..21, 21));
        assert_eq!(line.input.value(), "penalties status=late amount=12,5");
        let mut line = CommandLine::with("sort -amount", place());
        assert!(matches!(line.read(place()), Some(Line::Sort(Some(_)))));
    }

    #[test]
    fn earlier_lines_come_back() {
        let mut history = Vec::new();
        for text in ["one", "two", "two"] {
            remember(&mut history, text);
        }
        let mut line = CommandLine::with("typed", place());
        let mut recall = |is_older| {
            line.recall(&history, is_older, place());
            line.input.value().to_owned()
        };
        let seen =
            [recall(false), recall(true), recall(true), recall(true), recall(false), recall(false)];
        assert_eq!(seen, ["typed", "two", "one", "one", "two", "typed"]);
    }
}
