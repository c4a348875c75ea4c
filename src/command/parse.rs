//! Reading a line. Wrong input is explained at its place; nothing of it is guessed.

use crate::command::columns::Columns;
use crate::command::command::{COMMANDS, Command, read_sort};
use crate::command::lex::{Piece, Word, lex};
use crate::command::{Context, Line, LineError, ListLine, nearest};
use crate::domain::text::sanitise;
use crate::filter::setting::{Ends, clash, resolve_all};
use crate::filter::{Kind, Setting, Target};
use crate::list::{ALL, Spec};

/// Characters of a typed word that an error repeats.
const REPEATED: usize = 24;

/// Reads a line. A `:` before it is left out, so that it can be pasted as it was copied.
///
/// # Errors
/// [`LineError`] with the place of the first mistake, the reason, and what could stand there.
pub fn parse(text: &str, context: &Context<'_>) -> Result<Line, LineError> {
    let (words, wrong) = lex(text);
    if let Some(wrong) = wrong {
        return Err(wrong);
    }
    let end = text.trim_end().chars().count();
    let Some((first, rest)) = words.split_first() else {
        let why = "nothing is asked: type a list or a command";
        return Err(LineError::new(end..end, why).expecting(openers()));
    };
    let name = &first.whole.text;
    if let Some(spec) = Spec::named(name) {
        return read_list(spec, rest, context).map(Line::List);
    }
    match Command::named(name) {
        Some(command) => command.read(rest, end, context),
        None => Err(unknown_opener(&first.whole)),
    }
}

/// What a line can begin with.
pub(super) fn openers() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|spec| spec.key).chain(COMMANDS.iter().map(|command| command.name))
}

/// The names that can stand before a `=`: ranges, parameters, order and columns.
#[must_use = "the names"]
pub fn parameters(spec: &'static Spec) -> impl Iterator<Item = &'static str> {
    let ranges = Ends::all(spec.filters).map(|ends| ends.bound.range);
    ranges.chain(spec.filters.iter().map(|filter| filter.param)).chain(["sort", "columns"])
}

fn unknown_opener(first: &Piece) -> LineError {
    let shown = repeated(&first.text);
    let why = match nearest(&first.text, openers()) {
        Some(near) => format!("no list or command is called {shown}; did you mean {near}?"),
        None => format!("no list or command is called {shown}"),
    };
    LineError::new(first.at.clone(), why).expecting(openers())
}

/// A typed word as an error repeats it: printable and short.
fn repeated(text: &str) -> String {
    let shown = sanitise(text);
    match shown.char_indices().nth(REPEATED) {
        Some((cut, _)) => format!("{}…", shown.get(..cut).unwrap_or_default()),
        None => shown.into_owned(),
    }
}

fn read_list(
    spec: &'static Spec,
    words: &[Word],
    context: &Context<'_>,
) -> Result<ListLine, LineError> {
    let mut line = ListLine::new(spec);
    let mut columns = None;
    let mut values = Vec::new();
    for word in words {
        let Some((name, value)) = &word.setting else { return Err(no_value(spec, word)) };
        let twice = |name| LineError::new(word.whole.at.clone(), format!("{name} is set twice"));
        match name.text.as_str() {
            "sort" if line.sort.is_some() => return Err(twice("sort")),
            "sort" => line.sort = Some(read_sort(spec, value)?),
            "columns" if columns.is_some() => return Err(twice("columns")),
            "columns" => columns = Some(Columns::read(spec, &value.items())?),
            _ => {
                let setting = read_setting(spec, name, value)?;
                if let Some(why) = clash(&line.settings, &setting) {
                    return Err(LineError::new(word.whole.at.clone(), why));
                }
                line.settings.push(setting);
                values.push(value);
            }
        }
    }
    line.columns = columns.unwrap_or_default();
    if let Some(today) = context.today
        && let Err(wrong) = resolve_all(&line.settings, today)
    {
        let value = values.get(wrong.index).ok_or_else(|| LineError::new(0..0, &wrong.name))?;
        return Err(LineError::of(wrong.fault, value));
    }
    Ok(line)
}

fn read_setting(spec: &'static Spec, name: &Piece, value: &Piece) -> Result<Setting, LineError> {
    let target =
        Target::named(spec.filters, &name.text).map_err(|fault| LineError::of(fault, name))?;
    let expected = match &target {
        Target::Param(filter) => match filter.kind {
            Kind::OneOf(values) => values,
            _ => &[],
        },
        _ => &[],
    };
    Setting::new(target, &value.text)
        .map_err(|fault| LineError::of(fault, value).expecting(expected.iter().copied()))
}

/// A word of a list without a `=`.
fn no_value(spec: &'static Spec, word: &Word) -> LineError {
    let text = &word.whole.text;
    if let Some(known) = parameters(spec).find(|name| name == text) {
        let end = word.whole.at.end;
        return LineError::new(end..end, format!("a value is missing: {known}=…"));
    }
    let why = format!("{} is no filter: write name=value, as in search=…", repeated(text));
    LineError::new(word.whole.at.clone(), why).expecting(parameters(spec))
}
