//! The commands beside the lists, as one table: it drives reading, completion and help.

pub mod payments;

use std::ops::{Range, RangeInclusive};

use crate::command::columns::{Columns, column};
use crate::command::lex::{Piece, Word};
use crate::command::name::check_view_name;
use crate::command::{Context, Line, LineError, days};
use crate::filter::{Filter, Rejected};
use crate::list::Spec;
use crate::list::sort::Sort;

pub use payments::PAYMENTS;

/// Seconds between two refreshes that come by themselves (reliability, "Retry").
const SECONDS: RangeInclusive<u32> = 60..=3_600;

#[derive(Debug)]
pub struct Command {
    pub name: &'static str,
    pub also: &'static [&'static str],
    pub takes: Takes,
    /// What it does, in words for the help.
    pub does: &'static str,
    read: fn(&Given<'_>) -> Result<Line, LineError>,
}

/// What follows the name of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Nothing,
    Booking,
    /// A column of the list on the screen, perhaps with a `-`; or nothing.
    Column,
    /// Columns of the list on the screen, with `+` and `-` or without; or nothing.
    Columns,
    /// The name of a saved view.
    View,
    Seconds,
    Word(&'static str),
    Words(&'static str),
    /// One of these words, or nothing; how the help writes it.
    OneOf(&'static [&'static str], &'static str),
    Day,
}

impl Takes {
    /// How it is written in the help.
    pub fn shown(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Booking => "REF",
            Self::Column => "[-]COLUMN",
            Self::Columns => "+COLUMN -COLUMN",
            Self::View => "NAME",
            Self::Seconds => "SECONDS",
            Self::Word(word) | Self::Words(word) => word,
            Self::OneOf(_, shown) => shown,
            Self::Day => "DATE",
        }
    }
}

/// All commands, in the order of the help. A new one is a row here and a variant of [`Line`].
pub static COMMANDS: &[Command] = &[
    Command {
        name: "booking",
        also: &["b"],
        takes: Takes::Booking,
        does: "open the conciliation of a booking",
        read: |given| given.booking().map(Line::Booking),
    },
    Command {
        name: "sort",
        also: &[],
        takes: Takes::Column,
        does: "sort the fetched rows, - for the greatest first; alone: the server's order",
        read: |given| given.sort().map(Line::Sort),
    },
    Command {
        name: "columns",
        also: &[],
        takes: Takes::Columns,
        does: "show and hide columns, or list those to show; alone: the usual ones",
        read: |given| given.columns().map(Line::Columns),
    },
    Command {
        name: "view",
        also: &[],
        takes: Takes::View,
        does: "open a saved view",
        read: |given| given.view_name().map(Line::View),
    },
    Command {
        name: "save",
        also: &[],
        takes: Takes::View,
        does: "save list, filters, order and columns as a view",
        read: |given| given.view_name().map(Line::Save),
    },
    Command {
        name: "copy-view",
        also: &[],
        takes: Takes::Nothing,
        does: "copy list, filters, order and columns as a line for a colleague",
        read: |given| given.nothing().map(|()| Line::CopyView),
    },
    Command {
        name: "load",
        also: &[],
        takes: Takes::Word("all"),
        does: "fetch all pages that are left",
        read: |given| given.word("all").map(|()| Line::LoadAll),
    },
    Command {
        name: "auto",
        also: &[],
        takes: Takes::Seconds,
        does: "fetch this list anew every so many seconds while it is shown; alone: no longer",
        read: |given| given.seconds().map(Line::Auto),
    },
    Command {
        name: "asof",
        also: &[],
        takes: Takes::Day,
        does: "triage: count the ages of penalties to a day; alone: to today",
        read: |given| given.day().map(Line::AsOf),
    },
    Command {
        name: "group",
        also: &[],
        takes: Takes::OneOf(&["none", "booking", "status"], "booking|status|none"),
        does: "triage: put penalties together, with the sums of each group",
        read: |given| given.choice().map(Line::Group),
    },
    Command {
        name: "worklist",
        also: &[],
        takes: Takes::OneOf(&["csv", "json", "md"], "csv|json|md"),
        does: "triage: write the penalties that are shown with your verdicts to a file",
        read: |given| given.choice().map(Line::Worklist),
    },
    Command {
        name: "changes",
        also: &[],
        takes: Takes::Nothing,
        does: "penalties and debt that are new or changed since the last session",
        read: |given| given.nothing().map(|()| Line::Changes),
    },
    Command {
        name: "chart",
        also: &[],
        takes: Takes::Nothing,
        does: "the fetched rows of this list as bars, with their sums",
        read: |given| given.nothing().map(|()| Line::Chart),
    },
    Command {
        name: "theme",
        also: &[],
        takes: Takes::OneOf(&["16", "dark", "light", "mono"], "16|dark|light|mono"),
        does: "other colours, until the end; `theme` in the settings keeps them",
        read: |given| given.choice().map(Line::Theme),
    },
    Command {
        name: "mouse",
        also: &[],
        takes: Takes::Nothing,
        does: "give the wheel and clicks to valora, or back to the terminal",
        read: |given| given.nothing().map(|()| Line::Mouse),
    },
    Command {
        name: "quit",
        also: &["q"],
        takes: Takes::Nothing,
        does: "close this screen; at the root, quit",
        read: |given| given.nothing().map(|()| Line::Quit),
    },
    Command {
        name: "help",
        also: &["h"],
        takes: Takes::Nothing,
        does: "show the keys and commands that work here",
        read: |given| given.nothing().map(|()| Line::Help),
    },
];

impl Command {
    pub fn named(name: &str) -> Option<&'static Self> {
        let is_called = |own: &str| own.eq_ignore_ascii_case(name);
        COMMANDS.iter().chain(PAYMENTS).find(|command| {
            is_called(command.name) || command.also.iter().any(|also| is_called(also))
        })
    }

    pub(super) fn read(
        &self,
        words: &[Word],
        end: usize,
        context: &Context<'_>,
    ) -> Result<Line, LineError> {
        (self.read)(&Given { command: self, words, end, here: context.here })
    }
}

/// What was typed after the name of a command.
struct Given<'a> {
    command: &'a Command,
    words: &'a [Word],
    end: usize,
    here: Option<&'static Spec>,
}

impl Given<'_> {
    fn missing(&self, what: &str) -> LineError {
        LineError::new(self.end..self.end, format!("{what} is missing"))
    }

    /// Refuses all words from `index` on.
    fn only(&self, index: usize) -> Result<(), LineError> {
        let Some(extra) = self.words.get(index) else { return Ok(()) };
        let at: Range<usize> = extra.whole.at.start..self.end;
        let why = match self.command.takes.shown() {
            "" => format!("{} stands alone", self.command.name),
            takes => format!("{} takes only {takes}", self.command.name),
        };
        Err(LineError::new(at, why))
    }

    fn first(&self, what: &str) -> Result<&Piece, LineError> {
        self.only(1)?;
        self.words.first().map(|word| &word.whole).ok_or_else(|| self.missing(what))
    }

    fn nothing(&self) -> Result<(), LineError> {
        self.only(0)
    }

    fn word(&self, word: &'static str) -> Result<(), LineError> {
        let given = self.first(word).map_err(|error| error.expecting([word]))?;
        if given.text.eq_ignore_ascii_case(word) {
            return Ok(());
        }
        let why = format!("{} takes only {word}", self.command.name);
        Err(LineError::new(given.at.clone(), why).expecting([word]))
    }

    /// One of the words that the command takes; the first of them where nothing is said.
    fn choice(&self) -> Result<&'static str, LineError> {
        let Takes::OneOf(words, _) = self.command.takes else { return self.nothing().map(|()| "") };
        self.only(1)?;
        let Some(given) = self.words.first().map(|word| &word.whole) else {
            return Ok(words.first().copied().unwrap_or_default());
        };
        let is_it = |word: &&&str| word.eq_ignore_ascii_case(&given.text);
        words.iter().find(is_it).copied().ok_or_else(|| {
            let why = format!("{} takes one of {}", self.command.name, words.join(", "));
            LineError::new(given.at.clone(), why).expecting(words.iter().copied())
        })
    }

    fn day(&self) -> Result<String, LineError> {
        self.only(1)?;
        let Some(given) = self.words.first().map(|word| &word.whole) else {
            return Ok(String::new());
        };
        match days::setting(&given.text) {
            Ok(_) => Ok(given.text.clone()),
            Err(fault) => Err(LineError::of(fault, given)),
        }
    }

    fn booking(&self) -> Result<String, LineError> {
        let given = self.first("the reference of a booking")?;
        match Filter::exact("booking_id", "Booking", &[]).check(&given.text) {
            Ok(Some(_)) => Ok(given.text.clone()),
            Ok(None) => Err(self.missing("the reference of a booking")),
            Err(Rejected { at, why, .. }) => Err(LineError::new(given.locate(at), why)),
        }
    }

    /// A name of several words needs no quotes, since nothing can follow it.
    fn view_name(&self) -> Result<String, LineError> {
        let (Some(first), Some(last)) = (self.words.first(), self.words.last()) else {
            return Err(self.missing("the name of a view"));
        };
        let words: Vec<&str> = self.words.iter().map(|word| word.whole.text.as_str()).collect();
        let name = words.join(" ");
        match check_view_name(&name) {
            Ok(()) => Ok(name),
            Err(fault) => Err(LineError::new(first.whole.at.start..last.whole.at.end, fault.why)),
        }
    }

    fn seconds(&self) -> Result<Option<u32>, LineError> {
        if self.words.is_empty() {
            return Ok(None);
        }
        let given = self.first("a number of seconds")?;
        if given.text.eq_ignore_ascii_case("off") {
            return Ok(None);
        }
        let sound = given.text.parse().ok().filter(|seconds| SECONDS.contains(seconds));
        let why = format!("{} to {} seconds, or off", SECONDS.start(), SECONDS.end());
        sound.map(Some).ok_or_else(|| LineError::new(given.at.clone(), why))
    }

    fn here(&self) -> Result<&'static Spec, LineError> {
        let why = "there is no list here; name one, as in penalties sort=-amount";
        self.here.ok_or_else(|| LineError::new(0..self.end, why))
    }

    fn sort(&self) -> Result<Option<Sort>, LineError> {
        let spec = self.here()?;
        if self.words.is_empty() {
            return Ok(None);
        }
        read_sort(spec, self.first("a column")?).map(Some)
    }

    fn columns(&self) -> Result<Columns, LineError> {
        let items: Vec<Piece> = self.words.iter().flat_map(|word| word.whole.items()).collect();
        Columns::read(self.here()?, &items)
    }
}

pub(super) fn read_sort(spec: &'static Spec, given: &Piece) -> Result<Sort, LineError> {
    let (descending, name) = match given.text.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, given.text.strip_prefix('+').unwrap_or(&given.text)),
    };
    Ok(Sort { column: column(spec, name, given)?, descending })
}
