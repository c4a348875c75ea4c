//! Completions at the cursor of a command line.

use std::ops::Range;

use crate::command::lex::{Token, Word, lex};
use crate::command::{
    COLUMNS, COMMANDS, CommandSpec, Context, PAYMENTS, SINCE, SORT, Takes, WRITES, columns, quoted,
};
use crate::domain::normalize::is_same_word;
use crate::filter::{FilterTarget, FilterValue, words};
use crate::list::filter::{Filter, FilterKind, RangeParams};
use crate::list::{ALL, Spec};

const DAYS: &[(&str, &str)] = &[
    ("today", "today"),
    ("-30d", "the last 30 days"),
    ("+2w", "the next two weeks"),
    ("this-month", "this month"),
    ("last-month", "last month"),
    ("-90d..", "90 days ago and later"),
    ("..today", "until today"),
    ("..yesterday", "before today"),
];
const DAY: &[(&str, &str)] = &[
    ("today", "today"),
    ("-30d", "30 days ago"),
    ("+2w", "in two weeks"),
    ("this-month", "the first day of this month; in the filters that end in _to, the last"),
];
const PAST: &[(&str, &str)] = &[
    ("yesterday", "compared with yesterday"),
    ("-7d", "compared with a week ago"),
    ("-30d", "compared with 30 days ago"),
    ("this-month", "compared with the first of this month"),
];
const AMOUNTS: &[(&str, &str)] = &[
    ("100", "exactly 100"),
    ("100..", "100 or more"),
    ("..500", "up to 500"),
    ("100..500", "100 to 500"),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The part of the line that it replaces, counted in `char`s.
    pub replace: Range<usize>,
    pub text: String,
    pub describes: String,
}

type Candidate = (String, String);

/// Completions at the character `cursor`; those that start with the typed text are first.
pub fn complete(text: &str, cursor: usize, context: &Context<'_>) -> Vec<Completion> {
    let (words, _) = lex(text);
    let cursor = cursor.min(text.chars().count());
    let is_here = |token: &Token| token.span.start <= cursor && cursor <= token.span.end;
    let current = words.iter().find(|word| is_here(&word.whole));
    let before = words.iter().filter(|word| word.whole.span.end < cursor).count();
    let place = Place { cursor, token: current.map(|word| word.whole.clone()) };
    let Some(first) = words.first().filter(|_| before > 0) else {
        return place.offer(openers(context));
    };
    if let Some(spec) = Spec::named(&first.whole.text) {
        return match current.and_then(|word| word.pair.as_ref()) {
            Some((name, value)) if cursor >= value.span.start => {
                in_value(spec, name, &Place { cursor, token: Some(value.written(text)) }, context)
            }
            _ => place.offer(parameters(spec, &words, current)),
        };
    }
    let named = CommandSpec::named(&first.whole.text).filter(|it| it.is_offered(context));
    let takes = named.map_or(Takes::Nothing, |it| it.takes);
    match takes {
        Takes::Columns => place.item().offer(context.here.into_iter().flat_map(changes)),
        _ if before > 1 => Vec::new(),
        _ => place.offer(arguments(takes, context)),
    }
}

fn arguments(takes: Takes, context: &Context<'_>) -> Vec<Candidate> {
    match takes {
        Takes::View => {
            let names = context.views.iter();
            names.map(|name| (quoted(name).into_owned(), String::new())).collect()
        }
        Takes::Word(word) => vec![(word.to_owned(), String::new())],
        Takes::Seconds => [("60", "every minute"), ("off", "turn off")].map(owned).into(),
        Takes::OneOf(words, _) => words.iter().map(|word| owned((word, ""))).collect(),
        Takes::Day => DAY.iter().copied().map(owned).collect(),
        Takes::Since => {
            PAST.iter().map(|(day, means)| (format!("{SINCE}{day}"), (*means).to_owned())).collect()
        }
        Takes::Column => context.here.into_iter().flat_map(sorts).collect(),
        Takes::Nothing | Takes::Booking | Takes::Columns | Takes::Words(_) => Vec::new(),
    }
}

struct Place {
    cursor: usize,
    token: Option<Token>,
}

impl Place {
    fn offer(&self, candidates: impl IntoIterator<Item = Candidate>) -> Vec<Completion> {
        let token = self.token.as_ref();
        let typed = token.map(|token| token.before(self.cursor)).unwrap_or_default();
        let plain = |text: &str| text.to_lowercase().replace('_', " ").replace('"', "");
        let typed = plain(&typed);
        let replace = token.map_or(self.cursor..self.cursor, |token| token.span.clone());
        let found = candidates.into_iter().filter(|(text, _)| plain(text).contains(&typed));
        let found =
            found.map(|(text, describes)| Completion { replace: replace.clone(), text, describes });
        let mut found: Vec<Completion> = found.collect();
        found.sort_by_cached_key(|completion| !plain(&completion.text).starts_with(&typed));
        found
    }

    fn is_at(&self, token: &Token) -> bool {
        token.span.start <= self.cursor && self.cursor <= token.span.end
    }

    fn item(&self) -> Self {
        let items = self.token.as_ref().map(Token::items).unwrap_or_default();
        Self { cursor: self.cursor, token: items.into_iter().find(|item| self.is_at(item)) }
    }
}

fn owned((text, describes): (&str, &str)) -> Candidate {
    (text.to_owned(), describes.to_owned())
}

fn openers(context: &Context<'_>) -> impl Iterator<Item = Candidate> {
    let tenant = context.has_payments.then_some(&crate::list::payments::SPEC);
    let more = if context.has_payments { PAYMENTS } else { &[] }.iter();
    let more = more.chain(if context.has_writes { WRITES } else { &[] });
    let lists = ALL.iter().copied().chain(tenant);
    let lists = lists.map(|spec| (spec.key.to_owned(), format!("the list {}", spec.title)));
    lists.chain(COMMANDS.iter().chain(more).map(|command| owned((command.name, command.does))))
}

/// The parameters that are not set yet: single ones, ranges, `sort` and `columns`, ends of ranges.
fn parameters(spec: &'static Spec, words: &[Word], current: Option<&Word>) -> Vec<Candidate> {
    let others = words.iter().filter(|word| current != Some(*word));
    let names: Vec<&str> =
        others.filter_map(|word| Some(word.pair.as_ref()?.0.text.as_str())).collect();
    let targets: Vec<FilterTarget> =
        names.iter().filter_map(|name| FilterTarget::named(spec.filters, name).ok()).collect();
    let is_free = |filter: &Filter| !targets.iter().any(|it| it.params().contains(&filter.param));
    let offer = |filter: &Filter| {
        let does = match filter.choices() {
            [] => describe(filter.label, filter.kind, false),
            words => format!("{}: {}", filter.label, words.join(", ")),
        };
        (format!("{}=", filter.param), does)
    };
    let (ends, singles): (Vec<&Filter>, Vec<_>) =
        spec.filters.iter().filter(|it| is_free(it)).partition(|it| it.range_end.is_some());
    let ranges = RangeParams::all(spec.filters)
        .filter(|range| is_free(range.from) && is_free(range.to))
        .map(|range| (format!("{}=", range.name), describe(range.label, range.from.kind, true)));
    let shown = [(SORT, "a column; - for descending"), (COLUMNS, "+shown,-hidden")]
        .into_iter()
        .filter(|(name, _)| !names.contains(name))
        .map(|(name, does)| (format!("{name}="), does.to_owned()));
    let singles = singles.into_iter().map(offer);
    singles.chain(ranges).chain(shown).chain(ends.into_iter().map(offer)).collect()
}

fn describe(label: &str, kind: FilterKind, is_range: bool) -> String {
    let what = match (kind, is_range) {
        (FilterKind::Search, _) => "text in several fields",
        (FilterKind::Exact | FilterKind::OneOf(_), _) => "exactly this value, or several",
        (FilterKind::Date, true) => "days, e.g. 2026-11, -30d, 2026-10-01..today",
        (FilterKind::Date, false) => "a day",
        (FilterKind::Amount, true) => "amounts, e.g. 100, 100..500, 100..",
        (FilterKind::Amount, false) => "an amount",
    };
    format!("{label}: {what}")
}

fn in_value(
    spec: &'static Spec,
    name: &Token,
    place: &Place,
    context: &Context<'_>,
) -> Vec<Completion> {
    match name.text.as_str() {
        SORT => return place.offer(sorts(context.shape(spec))),
        COLUMNS => return place.item().offer(changes(context.shape(spec))),
        _ => {}
    }
    let Ok(target) = FilterTarget::named(spec.filters, &name.text) else { return Vec::new() };
    let words = match &target {
        FilterTarget::Raw(_) => return Vec::new(),
        FilterTarget::Range(range) if range.from.kind == FilterKind::Date => DAYS,
        FilterTarget::Range(_) => AMOUNTS,
        FilterTarget::Param(filter) if filter.kind == FilterKind::Date => DAY,
        FilterTarget::Param(filter) => {
            let set = place.token.iter().flat_map(Token::items);
            let others = set.filter(|item| !place.is_at(item)).map(|item| item.text);
            let others: Vec<String> = others.collect();
            return place.item().offer(values(spec, filter, &others, context));
        }
    };
    let typed = place.token.as_ref().map(|token| token.text.trim_matches('"')).unwrap_or_default();
    let is_offered = words.iter().any(|(word, _)| *word == typed);
    // A valid typed value is offered too, so that its meaning is shown.
    let own = (!is_offered && !typed.is_empty()).then_some((typed, ""));
    let offered = words.iter().copied().chain(own).filter_map(|(word, meaning)| {
        let filter = FilterValue::new(target.clone(), word).ok()?;
        let sent = context.today.and_then(|today| filter.resolve(today).ok());
        let means = sent.map_or(meaning.to_owned(), |sent| {
            let pairs = sent.iter().map(|sent| format!("{}={}", sent.param, sent.value));
            pairs.collect::<Vec<_>>().join(" ")
        });
        Some((quoted(word).into_owned(), means))
    });
    place.offer(offered)
}

/// The documented words, then those of the rows, without those that are set already.
fn values(
    spec: &Spec,
    filter: &'static Filter,
    others: &[String],
    context: &Context<'_>,
) -> Vec<Candidate> {
    let is_documented = |value| filter.choices().iter().any(|known| is_same_word(known, value));
    let is_set =
        |value| others.iter().any(|other| is_same_word(other.trim_matches(['"', ' ']), value));
    let known = words::choices(filter, context.seen(spec));
    let free = known.into_iter().filter(|value| !is_set(value));
    let offer = |value| {
        let origin = if is_documented(value) { "" } else { ", from the server" };
        (quoted(value).into_owned(), format!("{}{origin}", filter.label))
    };
    free.map(offer).collect()
}

fn sorts(spec: &'static Spec) -> impl Iterator<Item = Candidate> {
    columns::names(spec).flat_map(|(name, label)| {
        let greatest_first = (format!("-{name}"), format!("{label}, descending"));
        [owned((name, label)), greatest_first]
    })
}

fn changes(spec: &'static Spec) -> impl Iterator<Item = Candidate> {
    let usual: Vec<&str> = spec.columns().collect();
    columns::names(spec).skip(1).map(move |(name, label)| {
        let (sign, does) = if usual.contains(&name) { ('-', "hide") } else { ('+', "show") };
        (format!("{sign}{name}"), format!("{does} {label}"))
    })
}
