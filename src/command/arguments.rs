//! Reads the arguments of a command.

use std::ops::RangeInclusive;

use strum::VariantNames;

use crate::command::columns::{Columns, column};
use crate::command::lex::{Token, Word};
use crate::command::{Command, CommandSpec, SINCE, Takes, check_view_name};
use crate::domain::input::InputError;
use crate::domain::reference::find;
use crate::domain::text::{Untrusted, sanitize};
use crate::filter::{TypedDay, check_text};
use crate::list::Spec;
use crate::list::sort::Sort;
use crate::payments::event::Family;
use crate::payments::request::Tin;
use crate::payments::subject::{Feed, Subject, WINDOW};

const NARROWED: [&str; 3] = ["family=", "stream=", "text="];
/// Seconds between two automatic refreshes.
const SECONDS: RangeInclusive<u32> = 60..=3_600;

pub(super) struct Arguments<'a> {
    pub(super) command: &'a CommandSpec,
    pub(super) words: &'a [Word],
    pub(super) end: usize,
    pub(super) here: Option<&'static Spec>,
}

impl Arguments<'_> {
    pub(super) fn missing(&self, what: &str) -> InputError {
        InputError::new(self.end..self.end, format!("{what} is missing"))
    }

    pub(super) fn at_most(&self, count: usize) -> Result<(), InputError> {
        let Some(extra) = self.words.get(count) else { return Ok(()) };
        let why = match self.command.takes.shown() {
            "" => format!("{} takes no arguments", self.command.name),
            takes => format!("{} accepts only {takes}", self.command.name),
        };
        Err(InputError::new(extra.whole.span.start..self.end, why))
    }

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
        Err(given.error(format!("{} accepts only {word}", self.command.name)).expecting([word]))
    }

    /// One of the words of the command; the first one if nothing is typed.
    pub(super) fn choice(&self) -> Result<&'static str, InputError> {
        let words = if let Takes::OneOf(words, _) = self.command.takes { words } else { &[] };
        let Some(given) = self.only()? else {
            return Ok(words.first().copied().unwrap_or_default());
        };
        let is_it = |word: &&&str| word.eq_ignore_ascii_case(&given.text);
        words.iter().find(is_it).copied().ok_or_else(|| {
            let why = format!("{} accepts one of {}", self.command.name, words.join(", "));
            given.error(why).expecting(words.iter().copied())
        })
    }

    pub(super) fn day(&self) -> Result<Option<TypedDay>, InputError> {
        let read = |given: &Token| TypedDay::new(&given.text).map_err(|error| given.place(error));
        self.only()?.map(read).transpose()
    }

    /// `since=yesterday`, or the day alone.
    pub(super) fn since(&self) -> Result<Option<TypedDay>, InputError> {
        self.at_most(1)?;
        let Some(word) = self.words.first() else { return Ok(None) };
        let given = match &word.pair {
            Some((name, value)) if name.text.eq_ignore_ascii_case("since") => value,
            Some((name, _)) => {
                return Err(name.error("changes accepts only since=").expecting([SINCE]));
            }
            None => &word.whole,
        };
        TypedDay::new(&given.text).map(Some).map_err(|error| given.place(error))
    }

    /// A reference with blanks needs no quotes, since nothing can follow it.
    pub(super) fn booking(&self) -> Result<String, InputError> {
        let what = "the booking reference";
        if self.words.len() > 1 {
            let words: Vec<&str> = self.words.iter().map(|it| it.whole.text.as_str()).collect();
            let text = words.join(" ");
            if find(&text).len() == 1 && check_text(&text).is_ok() {
                return Ok(text);
            }
        }
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
            return Err(self.missing("the view name"));
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
        let why = format!("write {} to {} seconds, or off", SECONDS.start(), SECONDS.end());
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

    fn at(&self, index: usize, what: &str) -> Result<&Token, InputError> {
        self.words.get(index).map(|word| &word.whole).ok_or_else(|| self.missing(what))
    }

    pub(super) fn feed(&self) -> Result<Feed, InputError> {
        let mut feed = Feed::from(1);
        let mut numbers = Vec::new();
        for word in self.words {
            match &word.pair {
                Some((name, value)) => narrow(&mut feed, word, &name.text, value)?,
                None => {
                    let why =
                        format!("{} is not the number of an event", sanitize(&word.whole.text));
                    let wrong = |_| word.whole.error(why).expecting(NARROWED);
                    numbers.push(word.whole.text.parse::<u64>().map_err(wrong)?);
                }
            }
        }
        match numbers[..] {
            [] => {}
            [from] => (feed.from, feed.to) = (from, from.saturating_add(WINDOW - 1)),
            [from, to] if from <= to => (feed.from, feed.to) = (from, to),
            [..] => {
                let at = self.words.first().map_or(self.end, |word| word.whole.span.start);
                let why = match numbers.len() {
                    2 => "the last number must not be lower than the first",
                    _ => "events accepts at most two numbers",
                };
                return Err(InputError::new(at..self.end, why));
            }
        }
        Ok(feed)
    }

    pub(super) fn bank(&self) -> Result<Subject, InputError> {
        let what = "landlord or id";
        let kind = self.at(0, what).map_err(|error| error.expecting(["landlord", "id"]))?;
        match kind.text.as_str() {
            "id" => {
                self.at_most(2)?;
                Ok(Subject::Bank(self.at(1, "the id of an account")?.text.clone()))
            }
            "landlord" => {
                self.at_most(4)?;
                let landlord = self.at(1, "the id of a landlord")?.text.clone();
                let Some(word) = self.words.get(2) else {
                    return Ok(Subject::BankOf(landlord, None));
                };
                if word.whole.text != "property" {
                    let why = "after the landlord, write: property ID";
                    return Err(word.whole.error(why).expecting(["property"]));
                }
                let property = self.at(3, "the id of a property")?.text.clone();
                Ok(Subject::BankOf(landlord, Some(property)))
            }
            _ => {
                let why = "write: bank landlord ID, bank landlord ID property ID, or bank id ID";
                Err(kind.error(why).expecting(["landlord", "id"]))
            }
        }
    }

    pub(super) fn tin(&self) -> Result<Tin, InputError> {
        self.at_most(3)?;
        let number = Untrusted::new(self.at(0, "the tax number")?.text.as_str());
        let country = self.at(1, "the country (two letters)")?;
        if country.text.len() != 2 || !country.text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(country.error("a country has two letters, such as ES"));
        }
        let business = self.at(2, "the type (individual or company)")?.text.clone();
        Ok(Tin { number, country: country.text.to_uppercase(), business })
    }
}

pub(super) fn read_sort(spec: &'static Spec, given: &Token) -> Result<Sort, InputError> {
    let (descending, name) = match given.text.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, given.text.strip_prefix('+').unwrap_or(&given.text)),
    };
    Ok(Sort { column: column(spec, name, given)?, descending })
}

fn narrow(feed: &mut Feed, word: &Word, name: &str, value: &Token) -> Result<(), InputError> {
    let given = Some(value.text.clone()).filter(|text| !text.trim().is_empty());
    match name {
        "family" => {
            let wrong = |_| {
                let why = format!("a family is one of {}", Family::VARIANTS.join(", "));
                value.error(why).expecting(Family::VARIANTS.iter().copied())
            };
            feed.family = given.map(|word| word.parse().map_err(wrong)).transpose()?;
        }
        "stream" => feed.stream = given,
        "text" => feed.text = given,
        _ => {
            let why = format!(
                "{}= is unknown: events accepts family=, stream= and text=",
                sanitize(name)
            );
            return Err(word.whole.error(why).expecting(NARROWED));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::command::{Command, Context, parse, print};

    fn read(line: &str) -> Result<Command, String> {
        parse(line, &Context::default()).map_err(|error| error.why)
    }

    #[test]
    fn every_command_is_printed_as_it_is_read() {
        for line in [
            "payment 8f2dbe69-b68f",
            "events 1 100",
            "events 101 250 family=transaction text=\"dispute lost\"",
            "events 1 100 stream=1b9ab58b",
            "account",
            "stripe 8aae4496",
            "bank landlord 8aae",
            "bank landlord 8aae property 67882",
            "bank id c592",
            "tin 27484819A ES individual",
        ] {
            let read = read(line).unwrap_or_else(|why| panic!("{line}: {why}"));
            assert!(matches!(read, Command::Show(_)), "{line}");
            assert_eq!(print(&read), line);
        }
        assert_eq!(read("events"), read("events 1 100"));
        assert_eq!(read("events 7"), read("events 7 106"));
    }

    #[test]
    fn what_is_missing_or_wrong_is_said() {
        let table = [
            ("payment", "the id of a payment is missing"),
            ("events 9 1", "the last number must not be lower than the first"),
            ("events 1 2 3", "events accepts at most two numbers"),
            ("events x", "x is not the number of an event"),
            ("events family=moon", "a family is one of payment, holder"),
            ("events colour=red", "colour= is unknown: events accepts family=, stream= and text="),
            ("bank", "landlord or id is missing"),
            ("bank moon", "write: bank landlord ID, bank landlord ID property ID, or bank id ID"),
            ("bank landlord 1 house 2", "after the landlord, write: property ID"),
            ("tin 1 Spain x", "a country has two letters, such as ES"),
            ("tin 1 ES", "the type (individual or company) is missing"),
            ("account x", "account takes no arguments"),
        ];
        for (line, why) in table {
            let said = read(line).unwrap_err();
            assert!(said.starts_with(why), "{line}: {said}");
        }
    }
}
