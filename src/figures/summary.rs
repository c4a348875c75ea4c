//! The figures of a list as one line: the longest form that fits. A part that does not fit is left
//! out; an amount is never cut.

use unicode_width::UnicodeWidthStr;

use super::{Bucket, Figures, InEuros, Summed};
use crate::domain::money::{Currency, Sums, counted, format_count, format_money};
use crate::figures::urgency::Urgency;
use crate::list::Spec;

pub const GAP: &str = " · ";

/// How a part of the line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Plain,
    Strong,
    Quiet,
    /// The figures are not complete.
    Warning,
    /// Of rows of this urgency.
    Of(Urgency),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub weight: Weight,
    pub text: String,
}

/// Which of the loaded rows are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Of {
    #[default]
    All,
    /// Those that a search found.
    Found,
    Marked,
}

/// What the figures cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scope {
    pub of: Of,
    /// If rows of the server are missing: the loaded rows, and the total if the server sent it.
    pub part: Option<(u64, Option<u64>)>,
    /// `true` if the number of rows is shown next to the line.
    pub is_numbered: bool,
    /// `true` if the ages are on a line below.
    pub has_ages: bool,
}

impl Scope {
    /// `100 of 2,113`; empty if all rows are loaded.
    pub fn loaded(self) -> String {
        let total = |total: Option<u64>| total.map(|it| format!(" of {}", format_count(it)));
        let text = |(loaded, all)| format_count(loaded) + &total(all).unwrap_or_default();
        self.part.map(text).unwrap_or_default()
    }
}

/// The parts of the line, which [`text_of`] joins, in at most `room` cells.
pub fn summary(spec: &Spec, figures: &Figures, scope: Scope, room: usize) -> Vec<Part> {
    let is_closed = figures.open.count == 0 && figures.closed.count > 0;
    let main = if is_closed { &figures.closed } else { &figures.open };
    let net = if spec.taken_back.is_some() { "net " } else { "" };
    let mut line = FittingLine { slots: Vec::new(), room };
    let part = line.slot(Weight::Warning, part_forms(scope));
    // Without this part, the figures would look like those of all rows.
    if !line.grow(part, usize::MAX) {
        return line.parts();
    }
    for (weight, text) in head(spec, figures, scope) {
        let slot = line.slot(weight, vec![text]);
        line.grow(slot, 1);
    }
    let sums = line.slot(Weight::Strong, sums_forms(&main.sums, net, GAP, room));
    let euros = line.slot(Weight::Strong, in_euros(main.in_euros(), scope.part.is_none()));
    let not_summed = line.slot(Weight::Warning, in_no_sum(main));
    let has_ages = spec.has_closed_rows() && !is_closed && !scope.has_ages;
    let ages: Vec<usize> = AGES
        .iter()
        .filter(|_| has_ages)
        .map(|age| line.slot(Weight::Of(age.urgency), age.forms(figures, room)))
        .collect();
    let closed = Some(figures.closed.count).filter(|count| *count > 0 && !is_closed);
    let closed = closed.map(|count| format!("{} closed", format_count(count as u64)));
    let closed = line.slot(Weight::Quiet, closed.into_iter().collect());
    // Without the number of rows not counted, the sums would look complete.
    if !line.grow(not_summed, 1) {
        return line.parts();
    }
    let first = if main.in_euros().is_some() { euros } else { sums };
    // Without the total, the ages would have no currency.
    if line.grow(first, 1) {
        // What is overdue the longest, the last of them, comes first.
        let _ = ages.iter().rev().all(|age| line.grow(*age, 1));
    }
    for slot in [sums, closed] {
        line.grow(slot, 1);
    }
    let ages = ages.into_iter().rev().filter(|age| line.is_shown(*age));
    for slot in [sums, not_summed, euros].into_iter().chain(ages.collect::<Vec<_>>()) {
        line.grow(slot, usize::MAX);
    }
    line.parts()
}

/// The figures in at most `room` cells, each in the longest of its forms that fits; one that does not
/// fit is left out, and no amount is cut.
pub fn fitting(figures: Vec<Vec<Part>>, room: usize) -> Vec<Part> {
    let mut line: Vec<Part> = Vec::new();
    for forms in figures {
        let gap = if line.is_empty() { 0 } else { GAP.width() };
        let left = room.saturating_sub(text_of(&line).width() + gap);
        line.extend(forms.into_iter().find(|form| form.text.width() <= left));
    }
    line
}

pub fn text_of(parts: &[Part]) -> String {
    parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(GAP)
}

fn part_forms(scope: Scope) -> Vec<String> {
    if scope.part.is_none() {
        return Vec::new();
    }
    vec!["(partial)".to_owned(), format!("({} loaded)", scope.loaded())]
}

/// Which rows are counted, and how many.
fn head(spec: &Spec, figures: &Figures, scope: Scope) -> Vec<(Weight, String)> {
    let count = |count: usize| format_count(count as u64);
    let rows = figures.open.count + figures.closed.count;
    let mut head = Vec::new();
    match scope.of {
        Of::All => {}
        Of::Found => head.push((Weight::Strong, format!("{} found", count(rows)))),
        Of::Marked => head.push((Weight::Strong, format!("{} marked", count(rows)))),
    }
    match figures.open.count {
        0 if figures.closed.count > 0 => {
            head.push((Weight::Strong, format!("{} closed", count(figures.closed.count))));
        }
        open if spec.has_closed_rows() => {
            head.push((Weight::Strong, format!("{} open", count(open))));
        }
        _ if head.is_empty() && scope.part.is_none() && !scope.is_numbered => {
            head.push((Weight::Plain, counted(rows as u64, "row")));
        }
        _ => {}
    }
    head
}

/// The sums with ever more currencies, EUR first; the others are counted.
fn sums_forms(sums: &Sums, before: &str, gap: &str, room: usize) -> Vec<String> {
    let mut shown = before.to_owned();
    let mut forms = Vec::new();
    for (index, (currency, minor)) in sums.euros_first().enumerate() {
        shown.push_str(if index > 0 { gap } else { "" });
        shown.push_str(&format_money(minor, currency));
        // A response can name thousands of currencies.
        if shown.width() > room {
            break;
        }
        forms.push(match sums.len() - index - 1 {
            0 => shown.clone(),
            more => format!("{shown} + {} more", format_count(more as u64)),
        });
    }
    forms
}

/// `says_all`: adds that it includes every row.
fn in_euros(total: Option<InEuros>, says_all: bool) -> Vec<String> {
    let Some(InEuros { minor, without }) = total else { return Vec::new() };
    let euros = format!("in {}", format_money(minor, Currency::EUR));
    if without == 0 {
        let all = says_all.then(|| format!("{euros} (all)"));
        return [Some(euros), all].into_iter().flatten().collect();
    }
    let (count, rows) = (format_count(without as u64), counted(without as u64, "row"));
    let long = format!("{euros} ({rows} without an amount in EUR)");
    vec![format!("{euros} ({count} not counted)"), long]
}

fn in_no_sum(rows: &Summed) -> Vec<String> {
    match rows.not_summed.count() as u64 {
        0 => Vec::new(),
        count => vec![format!("{} not counted", format_count(count)), rows.not_summed.to_string()],
    }
}

/// Open rows of some ages as one part of the line. Those that are not due are the rest of the total.
struct Age {
    of: &'static [Bucket],
    urgency: Urgency,
    names: [&'static str; 2],
}

const AGES: [Age; 3] = [
    Age { of: &[Bucket::NoDate], urgency: Urgency::Unknown, names: ["no date", "no date"] },
    Age {
        of: &[Bucket::To30, Bucket::To60, Bucket::To90],
        urgency: Urgency::Open,
        names: ["1-90 d", "1-90 days"],
    },
    Age { of: &[Bucket::Over90], urgency: Urgency::VeryLate, names: ["over 90 d", "over 90 days"] },
];

impl Age {
    /// The amounts in EUR if the list has a total in EUR, and by currency.
    fn forms(&self, figures: &Figures, room: usize) -> Vec<String> {
        let mut rows = Summed::default();
        self.of.iter().for_each(|bucket| rows.merge(figures.of_age(*bucket)));
        // Where no row has a date, there are no ages.
        let is_undated = figures.of_age(Bucket::NoDate).count == figures.open.count;
        if rows.count == 0 || is_undated {
            return Vec::new();
        }
        let [short, long] = self.names;
        let odd = in_no_sum(&rows).first().map_or_else(String::new, |count| format!(" ({count})"));
        let by_currency = sums_forms(&rows.sums, &format!("{long} "), ", ", room);
        if by_currency.is_empty() {
            let has_no_sum = rows.sums.is_empty();
            return has_no_sum.then(|| format!("{long}{odd}")).into_iter().collect();
        }
        let mut by_currency = by_currency.into_iter().map(|form| form + &odd);
        let total = InEuros { minor: rows.euros, without: rows.without_euros };
        if total.without == rows.count || figures.open.in_euros().is_none() {
            return by_currency.collect();
        }
        let total = in_euros(Some(total), false).swap_remove(0);
        // The shortest form has no currency: it is that of the total next to it.
        let amount = total.trim_start_matches("in EUR ");
        let short = format!("{short} {amount}");
        if rows.sums.only_currency() == Some(Currency::EUR) && rows.without_euros == 0 {
            return [short].into_iter().chain(by_currency).collect();
        }
        let full = by_currency.next_back().map(|form| format!("{form}, {total}"));
        [Some(short), Some(format!("{long} {total}")), full].into_iter().flatten().collect()
    }
}

/// A part of the line with its forms, from the shortest to the fullest; 0 is not shown.
struct Slot {
    weight: Weight,
    forms: Vec<String>,
    shown: usize,
}

impl Slot {
    fn form(&self, at: usize) -> Option<&String> {
        at.checked_sub(1).and_then(|at| self.forms.get(at))
    }
}

struct FittingLine {
    slots: Vec<Slot>,
    room: usize,
}

impl FittingLine {
    fn slot(&mut self, weight: Weight, forms: Vec<String>) -> usize {
        self.slots.push(Slot { weight, forms, shown: 0 });
        self.slots.len() - 1
    }

    /// Shows the longest form that fits, up to form number `most`. Returns `false` if the part has
    /// forms and none of them fits.
    fn grow(&mut self, slot: usize, most: usize) -> bool {
        let shown = self.slots.iter().enumerate().filter(|(at, _)| *at != slot);
        let others: usize = shown
            .filter_map(|(_, it)| it.form(it.shown))
            .map(|text| text.width() + GAP.width())
            .sum();
        let Some(it) = self.slots.get_mut(slot) else { return false };
        let fits = |at: &usize| it.form(*at).is_some_and(|text| others + text.width() <= self.room);
        let fullest = (it.shown + 1..=it.forms.len().min(most)).rev().find(fits);
        it.shown = fullest.unwrap_or(it.shown);
        it.shown > 0 || it.forms.is_empty()
    }

    fn is_shown(&self, slot: usize) -> bool {
        self.slots.get(slot).is_some_and(|it| it.shown > 0)
    }

    fn parts(self) -> Vec<Part> {
        let part =
            |slot: Slot| Some(Part { text: slot.form(slot.shown)?.clone(), weight: slot.weight });
        self.slots.into_iter().filter_map(part).collect()
    }
}
