//! What the user set a filter to, kept as typed so that what is relative stays so, and resolved
//! against a day to the documented parameters.
//!
//! | typed | for a range (`due`) | for one end (`due_date_from`, `due_date_to`) |
//! |---|---|---|
//! | `2026-11-20`, `today`, `tomorrow` | that day | that day |
//! | `2026-11`, `2026`, `this-month`, `last-year` | its days | its first day, its last day |
//! | `-30d`, `-2w`, `-3m`, `-1y` | from then until today | that very day |
//! | `+30d` | from today until then | that very day |
//! | `A..B`, `A..`, `..B` of any of these | from A until B, both included | refused |
//!
//! Amounts are `100` (exactly), `100..500`, `100..`, `..500`; an end takes one amount.

use std::borrow::Cow;
use std::ops::Range;

use chrono::NaiveDate;

use super::part::{Fault, Part};
use super::{Bound, End, Filter, Kind, amount, check_text, days};

/// Parameters that valora sends itself (contract, "Every request"), and names that mean something
/// else in a line; a user cannot set them.
const OWN: &[&str] = &["page", "per_page", "test", "sort", "columns"];
/// Characters of the name of a parameter.
const LONGEST_NAME: usize = 64;

/// What a name in front of a `=` means for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Param(&'static Filter),
    /// Both ends of a range: `due` sets `due_date_from` and `due_date_to`.
    Range(Ends),
    /// A parameter that the contract does not know; the server may.
    Raw(String),
}

/// The two parameters of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    pub bound: Bound,
    /// The parameter of its least value.
    pub from: &'static Filter,
    /// The parameter of its greatest value.
    pub to: &'static Filter,
}

impl Ends {
    /// The ranges among the parameters of a list, in their order.
    pub fn all(filters: &'static [Filter]) -> impl Iterator<Item = Self> {
        filters.iter().filter_map(|from| {
            let bound = from.bound.filter(|bound| bound.end == End::From)?;
            let is_other = |to: &&Filter| {
                to.bound.is_some_and(|other| other.range == bound.range && other.end == End::To)
            };
            Some(Self { bound, from, to: filters.iter().find(is_other)? })
        })
    }

    /// Its name, or what its two parameters have in common: `due` and `due_date` mean the same.
    fn is_called(&self, name: &str) -> bool {
        self.bound.range == name || self.from.param.strip_suffix("_from") == Some(name)
    }
}

impl Target {
    /// What `name` means among the parameters of a list.
    ///
    /// # Errors
    /// [`Fault`] for what cannot be the name of a parameter, or is one that valora sends itself.
    pub fn named(filters: &'static [Filter], name: &str) -> Result<Self, Fault> {
        if let Some(filter) = filters.iter().find(|filter| filter.param == name) {
            return Ok(Self::Param(filter));
        }
        if let Some(ends) = Ends::all(filters).find(|ends| ends.is_called(name)) {
            return Ok(Self::Range(ends));
        }
        let whole = Part { text: name, start: 0 };
        if OWN.contains(&name) {
            return Err(whole.fault(format!("{name} is set by valora itself")));
        }
        let is_named = |c: char| c.is_ascii_alphanumeric() || "_-.[]".contains(c);
        if let Some(at) = name.chars().position(|c| !is_named(c)) {
            return Err(whole.fault_at(at..at + 1, "names have only letters, digits and _"));
        }
        if name.is_empty() || name.len() > LONGEST_NAME {
            return Err(whole.fault("not the name of a parameter"));
        }
        Ok(Self::Raw(name.to_owned()))
    }

    /// The name by which it is typed.
    pub fn name(&self) -> &str {
        match self {
            Self::Param(filter) => filter.param,
            Self::Range(ends) => ends.bound.range,
            Self::Raw(name) => name,
        }
    }

    /// What it is called on the screen.
    pub fn label(&self) -> &str {
        match self {
            Self::Param(filter) => filter.label,
            Self::Range(ends) => ends.bound.label,
            Self::Raw(name) => name,
        }
    }

    pub fn params(&self) -> Vec<&str> {
        match self {
            Self::Param(filter) => vec![filter.param],
            Self::Range(ends) => vec![ends.from.param, ends.to.param],
            Self::Raw(name) => vec![name],
        }
    }
}

/// A filter that is set: a target, and what was typed for it. Its syntax is sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    target: Target,
    typed: String,
}

/// A query parameter and its value, as they are sent.
pub type Pair = (Cow<'static, str>, String);

impl Setting {
    /// Takes what was typed for a target, as far as it can be judged without knowing the day.
    ///
    /// # Errors
    /// [`Fault`] for a value that means nothing for this target, and for an empty one.
    pub fn new(target: Target, typed: &str) -> Result<Self, Fault> {
        let part = Part::trimmed(typed);
        if part.text.is_empty() {
            let at = 0..typed.chars().count();
            return Err(Fault { at, why: "a value is missing".to_owned() });
        }
        // White space at the ends is not sent, but it is printed: a line stays one line.
        check_text(Part { text: typed, start: 0 })?;
        match &target {
            Target::Raw(_) => {}
            Target::Param(filter) => match (filter.kind, filter.bound) {
                (Kind::Date, bound) => days::check_one(part, end_of(bound))?,
                _ => sent_as_typed(filter, typed).map(|_| ())?,
            },
            Target::Range(ends) => match ends.from.kind {
                Kind::Date => days::Span::parse(part).map(|_| ())?,
                _ => amount::parse_range(part).map(|_| ())?,
            },
        }
        Ok(Self { target, typed: typed.to_owned() })
    }

    pub fn target(&self) -> &Target {
        &self.target
    }

    /// What it is set to, as it was typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// Whether the contract does not know the parameter, which is worth a warning.
    pub fn is_raw(&self) -> bool {
        matches!(self.target, Target::Raw(_))
    }

    /// The parameters that are sent on the day `today`, in the order of the form.
    ///
    /// # Errors
    /// [`Fault`] where a relative day leaves the calendar, or the range is reversed by now.
    pub fn resolve(&self, today: NaiveDate) -> Result<Vec<Pair>, Fault> {
        let part = Part::trimmed(&self.typed);
        let ends = match &self.target {
            Target::Raw(name) => {
                return Ok(vec![(Cow::Owned(name.clone()), part.text.to_owned())]);
            }
            Target::Param(filter) => {
                let value = match filter.kind {
                    Kind::Date => days::parse_one(part, end_of(filter.bound), today)?.to_string(),
                    _ => sent_as_typed(filter, &self.typed)?,
                };
                return Ok(vec![(Cow::Borrowed(filter.param), value)]);
            }
            Target::Range(ends) => ends,
        };
        let (from, to) = if ends.from.kind == Kind::Date {
            let (from, to) = days::Span::parse(part)?.resolve(today)?;
            (from.map(|day| day.to_string()), to.map(|day| day.to_string()))
        } else {
            let amounts = amount::parse_range(part)?;
            (amounts.from.map(str::to_owned), amounts.to.map(str::to_owned))
        };
        let pairs = [(ends.from, from), (ends.to, to)];
        Ok(pairs
            .into_iter()
            .filter_map(|(filter, value)| Some((Cow::Borrowed(filter.param), value?)))
            .collect())
    }
}

/// Which end a parameter of its own stands for.
fn end_of(bound: Option<Bound>) -> End {
    bound.map_or(End::From, |bound| bound.end)
}

fn sent_as_typed(filter: &Filter, typed: &str) -> Result<String, Fault> {
    let refuse = |at: Range<usize>, why| Err(Fault { at, why });
    match filter.check(typed) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => refuse(0..typed.chars().count(), "a value is missing".to_owned()),
        Err(rejected) => refuse(rejected.at, rejected.why),
    }
}

/// A setting that cannot be sent together with the others, or on this day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {fault}")]
pub struct Unsendable {
    pub index: usize,
    pub name: String,
    /// What is wrong with its value.
    pub fault: Fault,
}

/// The parameters that all `settings` of a list send together on the day `today`.
///
/// # Errors
/// [`Unsendable`] where one cannot be resolved, sets what another one has set, or ends a range
/// before the place where another one begins it.
pub fn resolve_all(settings: &[Setting], today: NaiveDate) -> Result<Vec<Pair>, Unsendable> {
    let mut pairs: Vec<Pair> = Vec::new();
    for (index, setting) in settings.iter().enumerate() {
        let name = setting.target.name();
        let unsendable = |fault| Unsendable { index, name: name.to_owned(), fault };
        let whole = Part { text: &setting.typed, start: 0 };
        let earlier = settings.get(..index).unwrap_or_default();
        if let Some(why) = clash(earlier, setting) {
            return Err(unsendable(whole.fault(why)));
        }
        let resolved = setting.resolve(today).map_err(unsendable)?;
        if let Target::Param(filter) = &setting.target
            && resolved.iter().any(|(_, value)| is_reversed(filter, value, settings, &pairs))
        {
            return Err(unsendable(whole.fault("the range ends before it begins")));
        }
        pairs.extend(resolved);
    }
    Ok(pairs)
}

/// Why `setting` cannot stand beside the `earlier` ones: it sets a parameter that one of them sets.
pub fn clash(earlier: &[Setting], setting: &Setting) -> Option<String> {
    let (name, params) = (setting.target.name(), setting.target.params());
    let sets_same = |other: &&Setting| other.target.params().iter().any(|p| params.contains(p));
    let other = earlier.iter().find(sets_same)?.target.name();
    let is_same = other == name;
    Some(if is_same {
        format!("{name} is set twice")
    } else {
        format!("{other} sets this already")
    })
}

/// Whether the other end of the range of `filter` is among `pairs`, on the wrong side of `value`.
fn is_reversed(filter: &Filter, value: &str, settings: &[Setting], pairs: &[Pair]) -> bool {
    let Some(bound) = filter.bound else { return false };
    let other = settings.iter().find_map(|setting| match setting.target {
        Target::Param(other) => {
            other.bound.filter(|b| b.range == bound.range && b.end != bound.end).map(|_| other)
        }
        _ => None,
    });
    let set = other.and_then(|other| pairs.iter().find(|(param, _)| *param == other.param));
    let Some((_, other)) = set else { return false };
    let (from, to) = match bound.end {
        End::From => (value, other.as_str()),
        End::To => (other.as_str(), value),
    };
    match filter.kind {
        Kind::Amount => {
            let cents = |text| amount::parse(Part::trimmed(text)).ok();
            cents(from) > cents(to)
        }
        // Days are written so that the order of the texts is the order of the days.
        _ => from > to,
    }
}

#[cfg(test)]
mod tests;
