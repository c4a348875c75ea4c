//! Reading a line. Wrong input is explained at its place; nothing of it is guessed.

use crate::command::arguments::read_sort;
use crate::command::columns::Columns;
use crate::command::lex::{Token, Word, lex};
use crate::command::{COMMANDS, Command, CommandSpec, Context, ListCommand, nearest};
use crate::domain::input::InputError;
use crate::domain::text::sanitise;
use crate::filter::{FilterTarget, FilterValue, InvalidFilter};
use crate::list::filter::RangeParams;
use crate::list::{ALL, Spec};

/// Characters of a typed word that an error repeats.
const REPEATED: usize = 24;
/// The names before a `=` that are no filters.
const SORT: &str = "sort";
const COLUMNS: &str = "columns";

/// Reads a line. A `:` before it is left out, so that it can be pasted as it was copied.
pub fn parse(text: &str, context: &Context<'_>) -> Result<Command, InputError> {
    let (words, wrong) = lex(text);
    if let Some(wrong) = wrong {
        return Err(wrong);
    }
    let end = text.trim_end().chars().count();
    let Some((first, rest)) = words.split_first() else {
        let why = "nothing is asked: type a list or a command";
        return Err(InputError::new(end..end, why).expecting(openers()));
    };
    let name = &first.whole.text;
    if let Some(spec) = Spec::named(name) {
        return read_list(spec, rest).map(Command::List);
    }
    match CommandSpec::named(name) {
        Some(command) => command.read(rest, end, context),
        None => Err(unknown_opener(&first.whole)),
    }
}

/// Where in the line of a list the filter stands that is wrong on some day, and why.
pub fn locate(text: &str, invalid: &InvalidFilter) -> InputError {
    let (words, _) = lex(text);
    let pairs = words.iter().skip(1).filter_map(|word| word.pair.as_ref());
    let mut filters = pairs.filter(|(name, _)| ![SORT, COLUMNS].contains(&name.text.as_str()));
    let error = invalid.error.clone();
    filters.nth(invalid.index).map_or(error.clone(), |(_, value)| value.place(error))
}

fn openers() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|spec| spec.key).chain(COMMANDS.iter().map(|command| command.name))
}

/// The names that can stand before a `=`: ranges, parameters, order and columns.
pub fn parameters(spec: &'static Spec) -> impl Iterator<Item = &'static str> {
    let ranges = RangeParams::all(spec.filters).map(|range| range.name);
    ranges.chain(spec.filters.iter().map(|filter| filter.param)).chain([SORT, COLUMNS])
}

fn unknown_opener(first: &Token) -> InputError {
    let shown = repeated(&first.text);
    let why = match nearest(&first.text, openers()) {
        Some(near) => format!("no list or command is called {shown}; did you mean {near}?"),
        None => format!("no list or command is called {shown}"),
    };
    first.error(why).expecting(openers())
}

fn repeated(text: &str) -> String {
    let shown = sanitise(text);
    match shown.char_indices().nth(REPEATED) {
        Some((cut, _)) => format!("{}…", shown.get(..cut).unwrap_or_default()),
        None => shown.into_owned(),
    }
}

fn read_list(spec: &'static Spec, words: &[Word]) -> Result<ListCommand, InputError> {
    let mut list = ListCommand::new(spec);
    let mut columns = None;
    for word in words {
        let Some((name, value)) = &word.pair else { return Err(no_value(spec, word)) };
        match name.text.as_str() {
            SORT if list.sort.is_some() => return Err(word.whole.error("sort is set twice")),
            SORT => list.sort = Some(read_sort(spec, value)?),
            COLUMNS if columns.is_some() => return Err(word.whole.error("columns is set twice")),
            COLUMNS => columns = Some(Columns::read(spec, &value.items())?),
            _ => {
                let target = FilterTarget::named(spec.filters, &name.text);
                let target = target.map_err(|error| name.place(error))?;
                let filter = FilterValue::new(target, &value.text);
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
    let why = format!("{} is no filter: write name=value, as in search=…", repeated(text));
    word.whole.error(why).expecting(parameters(spec))
}
