//! What was typed after the name of a command.

use std::ops::RangeInclusive;

use crate::command::columns::{Columns, column};
use crate::command::lex::{Token, Word};
use crate::command::{Command, CommandSpec, Takes, check_view_name};
use crate::domain::input::InputError;
use crate::filter::{TypedDay, check_text};
use crate::list::Spec;
use crate::list::sort::Sort;

/// Seconds between two refreshes that come by themselves.
const SECONDS: RangeInclusive<u32> = 60..=3_600;

pub(super) struct Arguments<'a> {
    pub(super) command: &'a CommandSpec,
    pub(super) words: &'a [Word],
    /// Where the line ends.
    pub(super) end: usize,
    pub(super) here: Option<&'static Spec>,
}

impl Arguments<'_> {
    pub(super) fn missing(&self, what: &str) -> InputError {
        InputError::new(self.end..self.end, format!("{what} is missing"))
    }

    /// Refuses more words than `count`.
    pub(super) fn at_most(&self, count: usize) -> Result<(), InputError> {
        let Some(extra) = self.words.get(count) else { return Ok(()) };
        let why = match self.command.takes.shown() {
            "" => format!("{} stands alone", self.command.name),
            takes => format!("{} takes only {takes}", self.command.name),
        };
        Err(InputError::new(extra.whole.span.start..self.end, why))
    }

    /// The only word, if there is one.
    fn only(&self) -> Result<Option<&Token>, InputError> {
        self.at_most(1)?;
        Ok(self.words.first().map(|word| &word.whole))
    }

    fn required(&self, what: &str) -> Result<&Token, InputError> {
        self.only()?.ok_or_else(|| self.missing(what))
    }

    pub(super) fn nothing(&self, command: Command) -> Result<Command, InputError> {
        self.at_most(0).map(|()| command)
    }

    pub(super) fn id(&self, what: &str) -> Result<String, InputError> {
        self.required(what).map(|token| token.text.clone())
    }

    pub(super) fn word(&self, word: &'static str) -> Result<(), InputError> {
        let given = self.required(word).map_err(|error| error.expecting([word]))?;
        if given.text.eq_ignore_ascii_case(word) {
            return Ok(());
        }
        Err(given.error(format!("{} takes only {word}", self.command.name)).expecting([word]))
    }

    /// One of the words that the command takes; the first of them where nothing is typed.
    pub(super) fn choice(&self) -> Result<&'static str, InputError> {
        let words = match self.command.takes {
            Takes::OneOf(words, _) => words,
            _ => &[],
        };
        let Some(given) = self.only()? else {
            return Ok(words.first().copied().unwrap_or_default());
        };
        let is_it = |word: &&&str| word.eq_ignore_ascii_case(&given.text);
        words.iter().find(is_it).copied().ok_or_else(|| {
            let why = format!("{} takes one of {}", self.command.name, words.join(", "));
            given.error(why).expecting(words.iter().copied())
        })
    }

    pub(super) fn day(&self) -> Result<Option<TypedDay>, InputError> {
        let read = |given: &Token| TypedDay::new(&given.text).map_err(|error| given.place(error));
        self.only()?.map(read).transpose()
    }

    pub(super) fn booking(&self) -> Result<String, InputError> {
        let what = "the reference of a booking";
        let given = self.required(what)?;
        check_text(&given.text).map_err(|error| given.place(error))?;
        if given.text.trim().is_empty() {
            return Err(self.missing(what));
        }
        Ok(given.text.clone())
    }

    /// A name of several words needs no quotes, since nothing can follow it.
    pub(super) fn view_name(&self) -> Result<String, InputError> {
        let (Some(first), Some(last)) = (self.words.first(), self.words.last()) else {
            return Err(self.missing("the name of a view"));
        };
        let words: Vec<&str> = self.words.iter().map(|word| word.whole.text.as_str()).collect();
        let name = words.join(" ");
        let span = first.whole.span.start..last.whole.span.end;
        check_view_name(&name).map_err(|error| InputError { span, ..error })?;
        Ok(name)
    }

    pub(super) fn seconds(&self) -> Result<Option<u32>, InputError> {
        let Some(given) = self.only()?.filter(|given| !given.text.eq_ignore_ascii_case("off"))
        else {
            return Ok(None);
        };
        let seconds = given.text.parse().ok().filter(|seconds| SECONDS.contains(seconds));
        let why = format!("{} to {} seconds, or off", SECONDS.start(), SECONDS.end());
        seconds.map(Some).ok_or_else(|| given.error(why))
    }

    fn here(&self) -> Result<&'static Spec, InputError> {
        let why = "there is no list here; name one, as in penalties sort=-amount";
        self.here.ok_or_else(|| InputError::new(0..self.end, why))
    }

    pub(super) fn sort(&self) -> Result<Option<Sort>, InputError> {
        let spec = self.here()?;
        self.only()?.map(|given| read_sort(spec, given)).transpose()
    }

    pub(super) fn columns(&self) -> Result<Columns, InputError> {
        let items: Vec<Token> = self.words.iter().flat_map(|word| word.whole.items()).collect();
        Columns::read(self.here()?, &items)
    }
}

pub(super) fn read_sort(spec: &'static Spec, given: &Token) -> Result<Sort, InputError> {
    let (descending, name) = match given.text.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, given.text.strip_prefix('+').unwrap_or(&given.text)),
    };
    Ok(Sort { column: column(spec, name, given)?, descending })
}
