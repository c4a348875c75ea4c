//! The command line: typed after `:`, passed as shell arguments, or stored in a saved view.
//! [`print()`] is the inverse of [`parse`]. Errors point at the wrong part; nothing is guessed.

mod arguments;
pub mod columns;
pub mod complete;
mod lex;
pub mod table;
pub mod views;

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;

use crate::domain::input::InputError;
use crate::domain::text::sanitize;
use crate::domain::truncate::truncate;
use crate::filter::values::on_line;
use crate::filter::words::Undocumented;
use crate::filter::{FilterTarget, FilterValue, InvalidFilter, ListQuery, SeenWords, TypedDay};
use crate::list::filter::RangeParams;
use crate::list::sort::Sort;
use crate::list::{ALL, Spec};
use crate::payments::subject::Subject;

use arguments::read_sort;
use lex::{Token, Word, lex};

pub use columns::{Change, Columns};
pub use complete::{Completion, complete};
pub use table::{COMMANDS, CommandSpec, OF_LIST, PAYMENTS, Takes, WRITES};
pub use views::check_view_name;

/// A parsed command line. The name of a variant is that of its row in [`COMMANDS`].
#[derive(Debug, Clone, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Command {
    List(ListCommand),
    Booking(String),
    Sort(Option<Sort>),
    Columns(Columns),
    View(String),
    Save(String),
    CopyView,
    #[strum(serialize = "load")]
    LoadAll,
    Show(Subject),
    /// Seconds between two automatic refreshes of the list; `None` turns them off.
    Auto(Option<u32>),
    #[strum(serialize = "asof")]
    AsOf(Option<TypedDay>),
    /// The penalties of all customers.
    Triage,
    Group(&'static str),
    Worklist(&'static str),
    Blocked,
    Customers,
    Home,
    /// Since the last look before today, without a day.
    Changes(Option<TypedDay>),
    Chart,
    /// Whether writes are allowed from now on, or no longer.
    Write(bool),
    /// The log of the writes.
    Audit,
    Theme(&'static str),
    Mouse,
    Quit,
    Help,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListCommand {
    pub spec: &'static Spec,
    pub filters: Vec<FilterValue>,
    /// `None` for the server's order.
    pub sort: Option<Sort>,
    pub columns: Columns,
}

impl ListCommand {
    pub fn new(spec: &'static Spec) -> Self {
        Self { spec, filters: Vec::new(), sort: None, columns: Columns::default() }
    }

    pub fn query(&self, today: NaiveDate) -> Result<ListQuery, InvalidFilter> {
        ListQuery::with_filters(self.spec, self.filters.clone(), today)
    }

    /// The parameter that filters a column with this name or title: `paid` for the column `issued`.
    fn filter_over(&self, typed: &str) -> Option<&'static str> {
        let mut fields = self.spec.fields.iter();
        let field = fields.find(|it| it.name == typed || it.label.eq_ignore_ascii_case(typed))?;
        let filter = self.spec.filters.iter().find(|filter| filter.over == [field.name])?;
        Some(filter.range_end.map_or(filter.param, |end| end.range))
    }

    /// The parameters that the contract does not have, each with the most similar documented name.
    pub fn unknown(&self) -> impl Iterator<Item = (&str, Option<&'static str>)> {
        let raw = self.filters.iter().filter(|filter| filter.is_raw());
        raw.map(|filter| (filter.target.name(), self.near(filter.target.name())))
    }

    fn near(&self, name: &str) -> Option<&'static str> {
        self.filter_over(name).or_else(|| nearest(name, parameters(self.spec)))
    }

    /// Why an unknown parameter is refused.
    pub fn not_a_filter(&self, name: &str, near: Option<&str>) -> String {
        let meant = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        format!("{name} is not a filter of {}{meant}", self.spec.key)
    }

    /// The parameter of this name. On the screen, a name that is probably misspelled is refused.
    fn target(&self, name: &Token, context: &Context<'_>) -> Result<FilterTarget, InputError> {
        let target = FilterTarget::named(self.spec.filters, &name.text);
        let target = target.map_err(|error| name.place(error))?;
        let is_unknown = matches!(target, FilterTarget::Raw(_)) && context.seen_words.is_some();
        match self.near(&name.text).filter(|_| is_unknown) {
            Some(near) => {
                let why = self.not_a_filter(&name.text, Some(near));
                Err(name.error(why).expecting([near]))
            }
            None => Ok(target),
        }
    }

    pub fn undocumented(&self) -> impl Iterator<Item = Undocumented<'_>> {
        self.filters.iter().flat_map(FilterValue::undocumented)
    }
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    pub here: Option<&'static Spec>,
    /// The day that completions of relative days are explained for.
    pub today: Option<NaiveDate>,
    pub views: &'a [&'a str],
    /// The lists whose fields are known from their rows.
    pub shapes: &'a [&'static Spec],
    /// The words seen in the rows of each list; without them, no word or name is rejected as a typo.
    pub seen_words: Option<&'a [&'a SeenWords]>,
    /// `true` if a Payments API is configured, so that its list and commands are offered.
    pub has_payments: bool,
    /// `true` if the profile allows writes, so that their commands exist.
    pub has_writes: bool,
}

impl Context<'_> {
    fn shape(&self, spec: &'static Spec) -> &'static Spec {
        self.shapes.iter().find(|shape| shape.is(spec)).copied().unwrap_or(spec)
    }

    fn seen(&self, spec: &Spec) -> Option<&SeenWords> {
        self.seen_words?.iter().copied().find(|seen| seen.spec.is(spec))
    }
}

fn nearest(
    typed: &str,
    candidates: impl IntoIterator<Item = &'static str>,
) -> Option<&'static str> {
    let distance = |candidate: &'static str| (strsim::osa_distance(typed, candidate), candidate);
    let (slips, candidate) = candidates.into_iter().map(distance).min()?;
    (slips <= (typed.chars().count() / 3).max(1)).then_some(candidate)
}

/// Cells of wrong input that an error repeats.
const REPEATED: u16 = 25;
const SORT: &str = "sort";
const COLUMNS: &str = "columns";
const SINCE: &str = "since=";

/// Parses a line. A leading `:` is ignored, so that a copied line can be pasted.
pub fn parse(text: &str, context: &Context<'_>) -> Result<Command, InputError> {
    let (words, wrong) = lex(text);
    if let Some(wrong) = wrong {
        return Err(wrong);
    }
    let end = text.trim_end().chars().count();
    let Some((first, rest)) = words.split_first() else {
        let why = "type a list name or a command";
        return Err(InputError::new(end..end, why).expecting(openers()));
    };
    let name = &first.whole.text;
    if let Some(spec) = Spec::named(name) {
        return read_list(spec, text, rest, context).map(Command::List);
    }
    let command = CommandSpec::named(name).filter(|command| command.is_offered(context));
    let command = command.ok_or_else(|| unknown_opener(&first.whole))?;
    if let Some(error) = rest.iter().find_map(|word| word.inner_quote.clone()) {
        return Err(error);
    }
    command.read(rest, end, context)
}

/// The error of a filter that is invalid on the current day, with its position in the line.
pub fn locate(text: &str, invalid: &InvalidFilter) -> InputError {
    let (words, _) = lex(text);
    let pairs = words.iter().skip(1).filter_map(|word| word.pair.as_ref());
    let mut filters = pairs.filter(|(name, _)| ![SORT, COLUMNS].contains(&name.text.as_str()));
    let error = invalid.error.clone();
    let Some((name, value)) = filters.nth(invalid.index) else { return error };
    let spec = words.first().and_then(|first| Spec::named(&first.whole.text));
    let target = spec.and_then(|spec| FilterTarget::named(spec.filters, &name.text).ok());
    if target.is_some_and(|target| FilterValue::is_list(&target)) {
        // The positions of its values are not those in the line, as they may be respelled.
        return InputError { span: value.span.clone(), ..error };
    }
    value.place(error)
}

fn openers() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|spec| spec.key).chain(COMMANDS.iter().map(|command| command.name))
}

pub fn parameters(spec: &'static Spec) -> impl Iterator<Item = &'static str> {
    let ranges = RangeParams::all(spec.filters).map(|range| range.name);
    ranges.chain(spec.filters.iter().map(|filter| filter.param)).chain([SORT, COLUMNS])
}

fn unknown_opener(first: &Token) -> InputError {
    let shown = repeated(&first.text);
    let why = match nearest(&first.text, openers()) {
        Some(near) => format!("there is no list or command {shown}; did you mean {near}?"),
        None => format!("there is no list or command {shown}"),
    };
    first.error(why).expecting(openers())
}

fn repeated(text: &str) -> String {
    truncate(sanitize(text), REPEATED).into_owned()
}

fn read_list(
    spec: &'static Spec,
    text: &str,
    words: &[Word],
    context: &Context<'_>,
) -> Result<ListCommand, InputError> {
    let known = context.shape(spec);
    let mut list = ListCommand::new(spec);
    let mut columns = None;
    for word in words {
        let Some((name, value)) = &word.pair else { return Err(no_value(spec, word)) };
        match name.text.as_str() {
            SORT if list.sort.is_some() => return Err(word.whole.error("sort is set twice")),
            SORT => list.sort = Some(read_sort(known, value)?),
            COLUMNS if columns.is_some() => return Err(word.whole.error("columns is set twice")),
            COLUMNS => columns = Some(Columns::read(known, &value.items())?),
            _ => {
                let target = list.target(name, context)?;
                let is_list = FilterValue::is_list(&target);
                let value = if is_list { &value.written(text) } else { value };
                if let Some(error) = word.inner_quote.clone().filter(|_| !is_list) {
                    return Err(error);
                }
                let filter = FilterValue::new(target, &value.text).and_then(|filter| {
                    if context.seen_words.is_none() {
                        return Ok(filter);
                    }
                    let seen = context.seen(spec);
                    let filter = filter.spelled(seen);
                    filter.check_word(seen).map(|()| filter)
                });
                let filter = filter.map_err(|error| value.place(error))?;
                if let Some(why) = filter.clash(&list.filters) {
                    return Err(word.whole.error(why));
                }
                list.filters.push(filter);
            }
        }
    }
    list.columns = columns.unwrap_or_default();
    Ok(list)
}

fn no_value(spec: &'static Spec, word: &Word) -> InputError {
    let text = &word.whole.text;
    if let Some(known) = parameters(spec).find(|name| name == text) {
        let end = word.whole.span.end;
        return InputError::new(end..end, format!("a value is missing: {known}=…"));
    }
    let why = format!("{} is not a filter; write name=value, as in search=…", repeated(text));
    word.whole.error(why).expecting(parameters(spec))
}

pub fn print(command: &Command) -> String {
    let argument: Cow<'_, str> = match command {
        Command::List(list) => return list.to_string(),
        Command::Show(subject) => return show(subject),
        Command::Booking(text) | Command::View(text) | Command::Save(text) => quoted(text),
        Command::Sort(by) => by.map(sort).unwrap_or_default().into(),
        Command::Columns(columns) => columns.printed().join(" ").into(),
        Command::LoadAll => "all".into(),
        Command::Auto(every) => every.map(|it| it.to_string()).unwrap_or_default().into(),
        Command::AsOf(day) => day.as_ref().map_or("", |day| &day.typed).into(),
        Command::Changes(Some(day)) => format!("{SINCE}{}", day.typed).into(),
        Command::Write(is_on) => if *is_on { "on" } else { "off" }.into(),
        Command::Group(word) | Command::Worklist(word) | Command::Theme(word) => (*word).into(),
        _ => "".into(),
    };
    let name: &str = command.into();
    format!("{name} {argument}").trim_end().to_owned()
}

fn show(subject: &Subject) -> String {
    match subject {
        Subject::Payment(id) => format!("payment {}", quoted(id)),
        Subject::Events(feed) => {
            let mut line = format!("events {} {}", feed.from, feed.to);
            let family = feed.family.map(|family| family.word().to_owned());
            let pairs = [("family", &family), ("stream", &feed.stream), ("text", &feed.text)];
            for (name, value) in pairs {
                if let Some(value) = value {
                    line = format!("{line} {name}={}", quoted(value));
                }
            }
            line
        }
        Subject::Account => "account".to_owned(),
        Subject::Stripe(landlord) => format!("stripe {}", quoted(landlord)),
        Subject::BankOf(landlord, None) => format!("bank landlord {}", quoted(landlord)),
        Subject::BankOf(landlord, Some(property)) => {
            format!("bank landlord {} property {}", quoted(landlord), quoted(property))
        }
        Subject::Bank(id) => format!("bank id {}", quoted(id)),
        Subject::Tin(tin) => {
            let number = quoted(tin.number.expose_raw());
            format!("tin {number} {} {}", tin.country, quoted(&tin.business))
        }
    }
}

impl fmt::Display for ListCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.spec.key)?;
        for filter in &self.filters {
            let listed = filter.listed_on_line().map(Cow::Owned);
            let value = listed.unwrap_or_else(|| quoted(&filter.typed));
            write!(f, " {}={value}", filter.target.name())?;
        }
        if let Some(by) = self.sort {
            write!(f, " sort={}", sort(by))?;
        }
        if !self.columns.are_usual() {
            write!(f, " columns={}", self.columns.printed().join(","))?;
        }
        Ok(())
    }
}

fn sort(by: Sort) -> String {
    format!("{}{}", if by.descending { "-" } else { "" }, by.column)
}

/// A text as one word of a line, in quotes if it needs them.
fn quoted(text: &str) -> Cow<'_, str> {
    let is_odd = |c: char| c.is_whitespace() || matches!(c, '"' | '\\');
    if !text.is_empty() && !text.contains(is_odd) {
        return Cow::Borrowed(text);
    }
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    Cow::Owned(format!("\"{escaped}\""))
}

fn is_quoted(value: &str) -> bool {
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.is_some_and(|inner| !inner.contains(['"', '\\']))
}

/// Joins shell arguments to a command line; the shell has removed their quotes.
pub fn from_arguments<'a>(arguments: impl IntoIterator<Item = &'a str>) -> String {
    let mut arguments = arguments.into_iter().peekable();
    let spec = arguments.peek().and_then(|first| Spec::named(first));
    let is_list = |name: &str| {
        let target = spec.and_then(|spec| FilterTarget::named(spec.filters, name).ok());
        target.is_some_and(|target| FilterValue::is_list(&target))
    };
    let word = |argument: &'a str| match argument.split_once('=') {
        // As `:copy-view` prints it: the quotes belong to the line.
        Some((name, value)) if is_quoted(value) && quoted(name) == name => {
            format!("{name}={value}")
        }
        Some((name, value)) if quoted(name) == name => {
            let listed = is_list(name).then(|| on_line(value)).flatten().map(Cow::Owned);
            format!("{name}={}", listed.unwrap_or_else(|| quoted(value)))
        }
        _ => quoted(argument).into_owned(),
    };
    arguments.map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
