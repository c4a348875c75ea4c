//! Assigns the fields of rows to roles: by the documented name, else by the words of the name and by the
//! values. A role is a documented field of a list, whatever the server calls it.

mod concept;
mod names;
mod translated;
mod values;
mod vocabulary;

use std::cmp::Reverse;

use crate::list::{Field, Kind};

use concept::{Concept, Test};
use names::{Name, weight};
pub use names::{is_known_word, meanings, spelled_words, words};
use values::Profile;
pub use values::look;

/// A field in the rows of a page as the server sends it, after nested objects are flattened.
pub struct Seen<'a> {
    /// Its keys from the outside in: `["booking", "reference"]`; one key if it is not nested.
    pub path: &'a [&'a str],
    /// Its values in raw JSON, without missing ones and nulls.
    pub values: &'a [&'a str],
}

/// Why a field plays a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Documented,
    Alias,
    Setting,
    Name,
    NameAndValues,
    Values,
}

impl Reason {
    pub fn words(self) -> &'static str {
        match self {
            Self::Documented => "by its documented name",
            Self::Alias => "by another known name",
            Self::Setting => "by the settings",
            Self::Name => "by its name",
            Self::NameAndValues => "by its name and values",
            Self::Values => "by its values",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assigned {
    /// The index in `missing`.
    pub role: usize,
    /// The index in `seen`.
    pub seen: usize,
    pub reason: Reason,
}

/// Finds a field for each role, in the order of the roles; each field plays at most one.
///
/// `missing` are the documented fields without a server field, `seen` the server fields without a role.
/// The choice does not depend on the order of the fields or of the examined rows. Rows of a `booking`
/// contain its reference.
pub fn assign(missing: &[&Field], seen: &[Seen<'_>], booking: Option<&str>) -> Vec<Assigned> {
    let mut choice = Choice { seen, assigned: Vec::new(), is_taken: vec![false; seen.len()] };
    choice.by_documented_names(missing);
    if choice.assigned.len() < missing.len().min(seen.len()) {
        let candidates = Candidates::read(seen, &choice.is_taken, booking);
        let roles = Role::all(missing, &choice.assigned);
        choice.by_names(&roles, &candidates);
        choice.by_values(&roles, &candidates);
    }
    choice.assigned.sort_by_key(|assigned| assigned.role);
    choice.assigned
}

/// The kind of a field without a role, from its values; for an amount, also from its name.
pub fn kind(seen: &Seen<'_>) -> Kind {
    Profile::read(seen.values, None).kind(&Name::read(seen.path))
}

/// A role that was found neither by its documented name nor by an alias.
struct Role<'a> {
    at: usize,
    field: &'a Field,
    concept: &'static Concept,
    /// The words of its documented names.
    names: Vec<Name>,
}

impl<'a> Role<'a> {
    fn all(missing: &[&'a Field], assigned: &[Assigned]) -> Vec<Self> {
        let is_open = |at: usize| !assigned.iter().any(|assigned| assigned.role == at);
        let open = missing.iter().enumerate().filter(|(at, _)| is_open(*at));
        let role = |(at, field): (usize, &&'a Field)| {
            let concept = Concept::of(field.name)?;
            let names = field.aliases.iter().chain([&field.name]);
            let names = names.map(|name| Name::read(&[name])).collect();
            Some(Self { at, field, concept, names })
        };
        open.filter_map(role).collect()
    }

    fn grade(&self, profile: &Profile<'_>) -> Option<u8> {
        let documented = if let Kind::Word(words) = self.field.kind { words } else { &[] };
        profile.grade(self.concept.test, documented)
    }
}

struct Candidate<'a> {
    at: usize,
    rows: usize,
    path: String,
    name: Name,
    profile: Profile<'a>,
}

struct Candidates<'a>(Vec<Candidate<'a>>);

impl<'a> Candidates<'a> {
    fn read(seen: &'a [Seen<'a>], is_taken: &[bool], booking: Option<&str>) -> Self {
        let open = seen.iter().enumerate().zip(is_taken).filter(|(_, is_taken)| !**is_taken);
        let candidate = |((at, seen), _): ((usize, &'a Seen<'a>), _)| Candidate {
            at,
            rows: seen.values.len(),
            path: seen.path.join("."),
            name: Name::read(seen.path),
            profile: Profile::read(seen.values, booking),
        };
        Self(open.map(candidate).collect())
    }
}

/// A role and a field whose name and values fit.
struct Pair<'a> {
    weight: i32,
    grade: u8,
    role: &'a Role<'a>,
    candidate: &'a Candidate<'a>,
}

impl Pair<'_> {
    fn is_like(&self, other: &Self) -> bool {
        let rank = |pair: &Self| (pair.role.at, pair.weight, pair.candidate.rows);
        rank(self) == rank(other)
    }
}

struct Choice<'a> {
    seen: &'a [Seen<'a>],
    assigned: Vec<Assigned>,
    is_taken: Vec<bool>,
}

impl Choice<'_> {
    fn has(&self, role: usize) -> bool {
        self.assigned.iter().any(|assigned| assigned.role == role)
    }

    fn take(&mut self, role: usize, seen: usize, reason: Reason) {
        let Some(is_taken) = self.is_taken.get_mut(seen) else { return };
        if !*is_taken && !self.assigned.iter().any(|assigned| assigned.role == role) {
            *is_taken = true;
            self.assigned.push(Assigned { role, seen, reason });
        }
    }

    fn by_documented_names(&mut self, missing: &[&Field]) {
        let position = |name: &str| self.seen.iter().position(|seen| seen.path == [name]);
        let own = missing.iter().map(|field| position(field.name)).collect::<Vec<_>>();
        let also = missing.iter().map(|field| field.aliases.iter().find_map(|it| position(it)));
        let also = also.collect::<Vec<_>>();
        for (found, reason) in [(own, Reason::Documented), (also, Reason::Alias)] {
            for (role, seen) in found.into_iter().enumerate() {
                if let Some(seen) = seen {
                    self.take(role, seen, reason);
                }
            }
        }
    }

    /// The pair with the most weight first, then the one in more rows, then by path and role. If several
    /// fields indicate the same amount equally, none gets the role: otherwise the alphabet would choose
    /// between gross and net.
    fn by_names(&mut self, roles: &[Role<'_>], candidates: &Candidates<'_>) {
        let mut pairs = Vec::new();
        for role in roles {
            for candidate in &candidates.0 {
                let Some(weight) = weight(role.concept, &role.names, &candidate.name) else {
                    continue;
                };
                let Some(grade) = role.grade(&candidate.profile) else { continue };
                // A field with documented words of a status or type is not a note.
                let is_word = |other: &Role<'_>| {
                    other.concept.test == Test::Word
                        && other.grade(&candidate.profile) >= Some(values::CERTAIN)
                };
                if role.concept.test == Test::Text && roles.iter().any(is_word) {
                    continue;
                }
                pairs.push(Pair { weight: weight + values::weight(grade), grade, role, candidate });
            }
        }
        pairs.sort_by_key(|Pair { weight, role, candidate, .. }| {
            (Reverse(*weight), Reverse(candidate.rows), &candidate.path, role.at)
        });
        let mut rest = &pairs[..];
        let mut undecided = Vec::new();
        while let Some((pair, later)) = rest.split_first() {
            rest = later;
            let is_free = |other: &Pair<'_>| self.is_taken.get(other.candidate.at) == Some(&false);
            let has_rival = pair.role.concept.test == Test::Amount
                && later.iter().any(|other| other.is_like(pair) && is_free(other));
            if is_free(pair) && has_rival && !self.has(pair.role.at) {
                undecided.push(pair.role.at);
            }
            if !undecided.contains(&pair.role.at) {
                let is_seen_in_values = pair.grade >= values::TELLING;
                let reason = if is_seen_in_values { Reason::NameAndValues } else { Reason::Name };
                self.take(pair.role.at, pair.candidate.at, reason);
            }
        }
    }

    /// A role whose values only one field has, unless the name of that field excludes it.
    fn by_values(&mut self, roles: &[Role<'_>], candidates: &Candidates<'_>) {
        for least in (values::TELLING..=values::SURE).rev() {
            for role in roles.iter().filter(|role| role.concept.is_told_by_values) {
                if self.has(role.at) {
                    continue;
                }
                let fits = |candidate: &&Candidate<'_>| {
                    self.is_taken.get(candidate.at) == Some(&false)
                        && role.grade(&candidate.profile) >= Some(least)
                        && !names::speaks_against(role.concept, &candidate.name)
                };
                let mut fitting = candidates.0.iter().filter(fits);
                if let (Some(only), None) = (fitting.next(), fitting.next()) {
                    self.take(role.at, only.at, Reason::Values);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
