//! The export of a list: what, in which form, where to; rows that are missing are fetched first.

use std::sync::Arc;

use crate::domain::money::{counted, format_count};
use crate::domain::text::sanitize;
use crate::export::Format;
use crate::export::rows::Layout;
use crate::net::response::NetState;
use crate::tui::component::table::extract::ExportScope;
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::screen::list::state::{Cost, List, PendingExport};

#[derive(Debug, Clone)]
pub struct Choice {
    pub scope: ExportScope,
    offers: Vec<(ExportScope, String)>,
}

impl Choice {
    /// What a list offers now: its marked rows first, if there are any.
    pub fn of(list: &List, network: &NetState) -> Self {
        let table = &list.table;
        let rows = |count: usize| counted(count as u64, "row");
        let mut offers = Vec::new();
        if !table.marks.is_empty() {
            offers.push((
                ExportScope::Marked,
                format!("the {} that are marked", rows(table.marks.len())),
            ));
        }
        let fetched = table.records().len();
        let of = match (table.is_narrowed(), list.total.filter(|total| *total > fetched as u64)) {
            (true, _) => format!(" found in {} fetched ones", format_count(fetched as u64)),
            (false, Some(total)) => format!(" fetched so far, of {}", format_count(total)),
            (false, None) => String::new(),
        };
        offers.push((ExportScope::Shown, format!("the {}{of}", rows(table.len()))));
        if let Some(Cost { requests, seconds }) = list.cost_of_all(network) {
            let total = list.total.map(|total| format!(" {}", format_count(total)));
            let (total, more) =
                (total.unwrap_or_default(), counted(requests.into(), "more request"));
            let cost = format!("{more}, about {seconds} s");
            offers.push((ExportScope::All, format!("all{total} rows: {cost}")));
        } else if fetched > table.len() {
            offers.push((ExportScope::All, format!("all {}", rows(fetched))));
        }
        let scope = offers.first().map_or(ExportScope::Shown, |(scope, _)| *scope);
        Self { scope, offers }
    }

    pub fn words(&self) -> &str {
        let chosen = self.offers.iter().find(|(scope, _)| *scope == self.scope);
        chosen.map_or("", |(_, words)| words)
    }

    pub fn is_open(&self) -> bool {
        self.offers.len() > 1
    }

    pub fn next(&mut self) {
        let at = self.offers.iter().position(|(scope, _)| *scope == self.scope).unwrap_or(0);
        let next = self.offers.get(at + 1).or(self.offers.first());
        self.scope = next.map_or(self.scope, |(scope, _)| *scope);
    }
}

pub fn ask(cx: &mut Cx) {
    let list = cx.list();
    let ending = Format::Csv.ending();
    let name = format!("{}-{}.{ending}", list.spec().key, cx.now.local.format("%Y-%m-%d-%H%M%S"));
    let choice = Choice::of(list, &cx.network.0);
    cx.open(Prompt::new(name, PromptAction::ExportRows(choice)));
}

/// Writes rows, once all are there that are meant.
pub fn save(cx: &mut Cx, scope: ExportScope, pending: PendingExport) {
    if scope != ExportScope::All || !cx.list().has_more() {
        return write(cx, cx.tab, scope, &pending);
    }
    cx.load_all();
    cx.list_mut().export = Some(pending);
    cx.say("Fetching all rows first; {back} stops and writes nothing.");
}

pub fn write(cx: &mut Cx, tab: usize, scope: ExportScope, export: &PendingExport) {
    let list = cx.list_at(tab);
    let layout = Layout::new(list.table.spec(), export.format, cx.now.local.date());
    let layout = layout.with_owners(Arc::clone(list.table.names()));
    let extract = list.table.extract(scope, layout);
    let shown = export.path.display().to_string();
    cx.tell(format!("Writing {} …", sanitize(&shown)));
    cx.effect(Effect::SaveRows(export.path.clone(), Box::new(extract)));
}

#[cfg(test)]
mod tests;
