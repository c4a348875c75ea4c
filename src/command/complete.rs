//! What can stand at the cursor of a line that is still being typed.

use std::ops::Range;

use crate::command::command::{COMMANDS, Command, PAYMENTS, Takes};
use crate::command::lex::{Piece, Word, lex};
use crate::command::print::quoted;
use crate::command::{Context, columns};
use crate::filter::setting::{Ends, Pair};
use crate::filter::{Filter, Kind, Setting, Target};
use crate::list::{ALL, Kind as FieldKind, Spec};

/// Days that are asked for often, and how they read where no day is known.
const DAYS: &[(&str, &str)] = &[
    ("today", "today"),
    ("-30d", "the last 30 days"),
    ("+2w", "the next two weeks"),
    ("this-month", "this month"),
    ("last-month", "last month"),
    ("-90d..", "from 90 days ago on"),
    ("..today", "until today"),
    ("..yesterday", "before today"),
];
/// The same for one end of a range.
const DAY: &[(&str, &str)] = &[
    ("today", "today"),
    ("-30d", "30 days ago"),
    ("+2w", "in two weeks"),
    ("this-month", "the first or last day of this month"),
];
const AMOUNTS: &[(&str, &str)] = &[
    ("100", "exactly 100"),
    ("100..", "100 and more"),
    ("..500", "up to 500"),
    ("100..500", "between"),
];
/// The currencies that the contract names.
const CURRENCIES: &[&str] = &["EUR", "USD"];

/// Something that can be put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The characters that it takes the place of, counted in `char`s.
    pub replace: Range<usize>,
    /// What is put there, in quotes where needed.
    pub text: String,
    pub describes: String,
}

/// What can stand at the cursor, `cursor` characters from the start: first what begins like the
/// text before it, then what contains that text.
pub fn complete(text: &str, cursor: usize, context: &Context<'_>) -> Vec<Completion> {
    let (words, _) = lex(text);
    let cursor = cursor.min(text.chars().count());
    let at_cursor = |word: &Word| word.whole.at.start <= cursor && cursor <= word.whole.at.end;
    let current = words.iter().find(|word| at_cursor(word));
    let before = words.iter().filter(|word| word.whole.at.end < cursor).count();
    let place = Place { cursor, piece: current.map(|word| word.whole.clone()) };
    let Some(first) = words.first().filter(|_| before > 0) else {
        return place.offer(openers(context));
    };
    let name = &first.whole.text;
    if let Some(spec) = Spec::named(name) {
        return match current.and_then(|word| word.setting.as_ref()) {
            Some((name, value)) if cursor >= value.at.start => {
                in_value(spec, name, &Place { cursor, piece: Some(value.clone()) }, context)
            }
            _ => place.offer(parameters(spec, &words, current)),
        };
    }
    match Command::named(name).map(|command| command.takes) {
        Some(Takes::View) if before == 1 => {
            place.offer(context.views.iter().map(|name| (quoted(name).into_owned(), String::new())))
        }
        Some(Takes::Word(word)) if before == 1 => place.offer([(word.to_owned(), String::new())]),
        Some(Takes::Seconds) if before == 1 => {
            place.offer([("60", "every minute"), ("off", "no longer")].map(owned))
        }
        Some(Takes::OneOf(words, _)) if before == 1 => {
            place.offer(words.iter().map(|word| ((*word).to_owned(), String::new())))
        }
        Some(Takes::Day) if before == 1 => {
            place.offer(DAY.iter().map(|(day, does)| ((*day).to_owned(), (*does).to_owned())))
        }
        Some(Takes::Column) if before == 1 => match context.here {
            Some(spec) => place.offer(sorts(spec)),
            None => Vec::new(),
        },
        Some(Takes::Columns) => match context.here {
            Some(spec) => place.item().offer(changes(spec)),
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

struct Place {
    cursor: usize,
    piece: Option<Piece>,
}

impl Place {
    fn offer(&self, candidates: impl IntoIterator<Item = (String, String)>) -> Vec<Completion> {
        let piece = self.piece.as_ref();
        let typed = piece.map(|piece| piece.before(self.cursor)).unwrap_or_default();
        let replace = piece.map_or(self.cursor..self.cursor, |piece| piece.at.clone());
        offer(&typed, &replace, candidates)
    }

    /// The part between commas in which the cursor stands.
    fn item(&self) -> Self {
        let items = self.piece.as_ref().map(Piece::items).unwrap_or_default();
        let is_here = |item: &Piece| item.at.start <= self.cursor && self.cursor <= item.at.end;
        Self { cursor: self.cursor, piece: items.into_iter().find(is_here) }
    }
}

fn offer(
    typed: &str,
    replace: &Range<usize>,
    candidates: impl IntoIterator<Item = (String, String)>,
) -> Vec<Completion> {
    let typed = typed.to_lowercase();
    let mut begins = Vec::new();
    let mut contains = Vec::new();
    for (text, describes) in candidates {
        let lower = text.to_lowercase();
        let plain = lower.trim_start_matches('"');
        let found = if plain.starts_with(&typed) {
            &mut begins
        } else if plain.contains(&typed) {
            &mut contains
        } else {
            continue;
        };
        found.push(Completion { replace: replace.clone(), text, describes });
    }
    begins.append(&mut contains);
    begins
}

fn owned((text, describes): (&str, &str)) -> (String, String) {
    (text.to_owned(), describes.to_owned())
}

fn openers(context: &Context<'_>) -> impl Iterator<Item = (String, String)> {
    let tenant = context.has_payments.then_some(&crate::list::payments::SPEC);
    let more = if context.has_payments { PAYMENTS } else { &[] };
    let lists = ALL.iter().copied().chain(tenant);
    let lists = lists.map(|spec| (spec.key.to_owned(), format!("the list {}", spec.title)));
    let commands = COMMANDS
        .iter()
        .chain(more)
        .map(|command| (command.name.to_owned(), command.does.to_owned()));
    lists.chain(commands)
}

/// The names that can still be set: ranges, other parameters, order and columns, ends of ranges.
fn parameters(
    spec: &'static Spec,
    words: &[Word],
    current: Option<&Word>,
) -> Vec<(String, String)> {
    let others = || words.iter().filter(|word| current != Some(*word));
    let names: Vec<&str> =
        others().filter_map(|word| Some(word.setting.as_ref()?.0.text.as_str())).collect();
    let targets: Vec<Target> =
        names.iter().filter_map(|name| Target::named(spec.filters, name).ok()).collect();
    let is_free = |params: &[&str]| {
        !targets.iter().any(|target| target.params().iter().any(|param| params.contains(param)))
    };
    let ranges = Ends::all(spec.filters)
        .filter(|ends| is_free(&[ends.from.param, ends.to.param]))
        .map(|ends| {
            (format!("{}=", ends.bound.range), describe(ends.bound.label, ends.from.kind, true))
        });
    let free = |filter: &&Filter| is_free(&[filter.param]);
    let filters = spec.filters.iter().filter(free);
    let (bounds, singles): (Vec<_>, Vec<_>) = filters.partition(|filter| filter.bound.is_some());
    let offer = |filter: &Filter| {
        (format!("{}=", filter.param), describe(filter.label, filter.kind, false))
    };
    let settings = [("sort", "a column, - for the greatest first"), ("columns", "+shown,-hidden")];
    singles
        .into_iter()
        .map(offer)
        .chain(ranges)
        .chain(
            settings
                .into_iter()
                .filter(|(name, _)| !names.contains(name))
                .map(|(name, does)| (format!("{name}="), does.to_owned())),
        )
        .chain(bounds.into_iter().map(offer))
        .collect()
}

fn describe(label: &str, kind: Kind, is_range: bool) -> String {
    let what = match (kind, is_range) {
        (Kind::Search, _) => "a text, in several fields",
        (Kind::Exact, _) => "exactly this text",
        (Kind::OneOf(values), _) => return format!("{label}: {}", values.join(", ")),
        (Kind::Date, true) => "days, as 2026-11, -30d, 2026-10-01..today",
        (Kind::Date, false) => "a day",
        (Kind::Amount, true) => "amounts, as 100, 100..500, 100..",
        (Kind::Amount, false) => "an amount",
    };
    format!("{label}: {what}")
}

fn in_value(
    spec: &'static Spec,
    name: &Piece,
    place: &Place,
    context: &Context<'_>,
) -> Vec<Completion> {
    match name.text.as_str() {
        "sort" => return place.offer(sorts(spec)),
        "columns" => return place.item().offer(changes(spec)),
        _ => {}
    }
    let Ok(target) = Target::named(spec.filters, &name.text) else { return Vec::new() };
    let words = match &target {
        Target::Raw(_) => return Vec::new(),
        Target::Range(ends) if ends.from.kind == Kind::Date => DAYS,
        Target::Range(_) => AMOUNTS,
        Target::Param(filter) if filter.kind == Kind::Date => DAY,
        Target::Param(filter) => return place.offer(values(spec, filter)),
    };
    let typed = place.piece.as_ref().map(|piece| piece.text.as_str()).unwrap_or_default();
    let is_offered = words.iter().any(|(word, _)| *word == typed);
    // What was typed is offered as well, once it is sound: so it is seen what it means.
    let own = (!is_offered && !typed.is_empty()).then_some((typed, ""));
    let offered = words.iter().copied().chain(own).filter_map(|(word, meaning)| {
        let setting = Setting::new(target.clone(), word).ok()?;
        let resolved = context.today.and_then(|today| setting.resolve(today).ok());
        Some((quoted(word).into_owned(), resolved.map_or(meaning.to_owned(), sent)))
    });
    place.offer(offered)
}

fn sent(pairs: Vec<Pair>) -> String {
    let pairs: Vec<_> =
        pairs.into_iter().map(|(param, value)| format!("{param}={value}")).collect();
    pairs.join(" ")
}

/// The values that a parameter is known to take.
fn values(spec: &'static Spec, filter: &Filter) -> Vec<(String, String)> {
    let over = filter.over.first().and_then(|name| spec.position(name));
    let known = match (filter.kind, over.and_then(|at| spec.fields.get(at)).map(|field| field.kind))
    {
        (Kind::OneOf(values), _) | (Kind::Exact, Some(FieldKind::Word(values))) => values,
        (Kind::Exact, Some(FieldKind::Currency)) => CURRENCIES,
        _ => &[],
    };
    known.iter().map(|value| (quoted(value).into_owned(), filter.label.to_owned())).collect()
}

fn sorts(spec: &'static Spec) -> impl Iterator<Item = (String, String)> {
    let both = |(name, label): (&'static str, &'static str)| {
        [
            (name.to_owned(), label.to_owned()),
            (format!("-{name}"), format!("{label}, the greatest first")),
        ]
    };
    columns::names(spec).flat_map(both)
}

fn changes(spec: &'static Spec) -> impl Iterator<Item = (String, String)> {
    let usual: Vec<&str> = spec.columns().collect();
    columns::names(spec).skip(1).map(move |(name, label)| {
        let (sign, does) = if usual.contains(&name) { ('-', "hide") } else { ('+', "show") };
        (format!("{sign}{name}"), format!("{does} {label}"))
    })
}
