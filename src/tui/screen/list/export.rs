//! The export of a list: rows, format, path. Missing rows are loaded first.

use std::sync::Arc;

use crate::domain::money::{counted, format_count};
use crate::domain::text::sanitize;
use crate::export::Format;
use crate::export::rows::Layout;
use crate::figures::summary::{Scope, summary, text_of};
use crate::net::response::NetState;
use crate::tui::component::table::extract::ExportScope;
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::msg::Written;
use crate::tui::screen::list::state::{Cost, List, PendingExport};

/// Cells of the figures in the message after an export.
const LONGEST: usize = 160;

#[derive(Debug, Clone)]
pub struct Choice {
    pub scope: ExportScope,
    offers: Vec<Offer>,
    /// The list and the time, the start of each proposed name.
    name: String,
}

#[derive(Debug, Clone)]
struct Offer {
    scope: ExportScope,
    words: String,
    /// The part of the list in the proposed name: `-100-of-2113`, `-11-found-in-100-of-2113`.
    part: String,
}

impl Choice {
    /// The offers of a list now: marked rows first, if any, then found or shown rows, then all.
    pub fn of(list: &List, network: &NetState, name: String) -> Self {
        let table = &list.table;
        let loaded = table.records().len();
        let share = |scope, rows| Share::of(scope, rows, list);
        let offer = |scope, rows, words| Offer { scope, words, part: share(scope, rows).part() };
        let mut offers = Vec::new();
        if !table.marks.is_empty() {
            let rows = table.marks.len();
            let words = format!("{}: the marked ones.", share(ExportScope::Marked, rows).words());
            offers.push(offer(ExportScope::Marked, rows, words));
        }
        let cost = list.cost_of_all(network);
        let all = match cost {
            Some(Cost { requests, seconds }) => {
                let total = list.total.map(|total| format!(" {}", format_count(total)));
                let (total, requests) =
                    (total.unwrap_or_default(), counted(requests.into(), "more request"));
                let seconds = counted(seconds, "second");
                let words = format!("All{total} rows, after {requests} (about {seconds}).");
                Offer { scope: ExportScope::All, words, part: String::new() }
            }
            None => {
                let share = share(ExportScope::All, loaded);
                let words = match share.part().as_str() {
                    "" => format!("All {}.", share.words()),
                    _ => format!("{}: all that the server sent.", share.words()),
                };
                offer(ExportScope::All, loaded, words)
            }
        };
        offers.push(all);
        // Even if no loaded row is hidden: rows still to be loaded may be.
        let is_chosen = table.len() < loaded || cost.is_some() && table.options.queue.is_some();
        if cost.is_some() || is_chosen {
            let share = share(ExportScope::Shown, table.len());
            let words = match (share.among, table.is_narrowed(), is_chosen) {
                (Some(_), ..) => format!("{}.", share.words()),
                (None, true, _) => format!("{}: those found.", share.words()),
                (None, false, true) => format!("{}: those shown.", share.words()),
                (None, false, false) => format!("{}: those loaded.", share.words()),
            };
            let shown = offer(ExportScope::Shown, table.len(), words);
            // A user who has searched, or who sees a queue or a group, means these rows.
            let at = if is_chosen { offers.len() - 1 } else { offers.len() };
            offers.insert(at, shown);
        }
        let scope = offers.first().map_or(ExportScope::All, |offer| offer.scope);
        Self { scope, offers, name }
    }

    fn chosen(&self) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.scope == self.scope)
    }

    pub fn words(&self) -> &str {
        self.chosen().map_or("", |offer| &offer.words)
    }

    /// The proposed name of the file, without its ending.
    pub fn stem(&self) -> String {
        let part = self.chosen().map_or("", |offer| &offer.part);
        format!("{}{part}", self.name)
    }

    pub fn is_open(&self) -> bool {
        self.offers.len() > 1
    }

    pub fn next(&mut self) {
        let at = self.offers.iter().position(|offer| offer.scope == self.scope).unwrap_or(0);
        let next = self.offers.get(at + 1).or(self.offers.first());
        self.scope = next.map_or(self.scope, |offer| offer.scope);
    }
}

/// Some rows of a list, and how many the list has.
pub struct Share {
    rows: u64,
    /// If these are only some of the loaded rows, and the server has more: the word for them, and
    /// the number of loaded rows.
    among: Option<(&'static str, u64)>,
    /// `None` if the server has more rows and does not say how many.
    total: Option<u64>,
}

impl Share {
    pub fn of(scope: ExportScope, rows: usize, list: &List) -> Self {
        let loaded = list.table.records().len() as u64;
        let total = list.total.filter(|total| *total >= loaded);
        let total = total.or((!list.has_more()).then_some(loaded));
        let what = if list.table.is_narrowed() { "found" } else { "shown" };
        let table = &list.table;
        let is_narrower = table.is_narrowed()
            || table.options.queue.is_some()
            || table.len() < table.records().len();
        // More rows may match once they are loaded.
        let is_part = scope == ExportScope::Shown && is_narrower && total != Some(loaded);
        Self { rows: rows as u64, among: is_part.then_some((what, loaded)), total }
    }

    /// A share of rows that are all loaded.
    pub fn among(rows: usize, all: usize) -> Self {
        Self { rows: rows as u64, among: None, total: Some(all as u64) }
    }

    /// `100 of 2,113 rows`, `11 found in 100 of 2,113 rows`, or `2,113 rows` for all of them.
    pub fn words(&self) -> String {
        let rows = format_count(self.rows);
        let (first, some) = match self.among {
            Some((what, loaded)) => (format!("{rows} {what} in "), loaded),
            None => (String::new(), self.rows),
        };
        match self.total {
            Some(total) if total == some => counted(total, "row"),
            Some(total) => format!("{first}{} of {}", format_count(some), counted(total, "row")),
            None => format!("{first}{} (the server has more)", counted(some, "row")),
        }
    }

    /// For the name of a file: `-100-of-2113`; empty for all of them.
    pub fn part(&self) -> String {
        let (first, some) = match self.among {
            Some((what, loaded)) => (format!("-{}-{what}-in", self.rows), loaded),
            None => (String::new(), self.rows),
        };
        match self.total {
            Some(total) if total == some => String::new(),
            Some(total) => format!("{first}-{some}-of-{total}"),
            None => format!("{first}-{some}-rows"),
        }
    }
}

pub fn ask(cx: &mut Cx) {
    let list = cx.list();
    let name = format!("{}-{}", list.spec().key, cx.now.local.format("%Y-%m-%d-%H%M%S"));
    let choice = Choice::of(list, &cx.network.0, name);
    let name = format!("{}.{}", choice.stem(), Format::Csv.ending());
    cx.open(Prompt::new(name, PromptAction::ExportRows(choice)));
}

/// Exports rows, after loading all of them if all are exported.
pub fn save(cx: &mut Cx, scope: ExportScope, pending: PendingExport) {
    if scope != ExportScope::All || !cx.list().has_more() {
        return write(cx, cx.tab, scope, &pending);
    }
    cx.load_all();
    cx.list_mut().export = Some(pending);
    cx.say("Loading all rows first; {back} cancels the export.");
}

pub fn write(cx: &mut Cx, tab: usize, scope: ExportScope, export: &PendingExport) {
    let list = cx.list_at(tab);
    let mut layout = Layout::new(list.table.spec(), export.format, cx.now.local.date());
    layout.dialect = cx.looks.csv;
    layout.about = format!("{}, as of {}", list.query.described(), cx.now.local.date());
    let layout = layout.with_owners(Arc::clone(list.table.names()));
    let mut extract = list.table.extract(scope, layout);
    let figures = list.table.figures_of(scope);
    let numbered = Scope { is_numbered: true, ..Scope::default() };
    let figures = text_of(&summary(list.table.spec(), figures, numbered, LONGEST));
    let rows = Share::of(scope, extract.rows(), list).words();
    let what = Written { rows, figures, ..Written::default() };
    extract.part = what.part();
    let shown = export.path.display().to_string();
    cx.tell(format!("Exporting to {}…", sanitize(&shown)));
    cx.effect(Effect::SaveRows(export.path.clone(), Box::new(extract), what));
}

#[cfg(test)]
mod tests;
