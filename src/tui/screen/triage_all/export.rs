//! Writes the shown or marked penalties of all customers to a file, as `valora worklist --all-profiles`
//! prints them.

use std::path::PathBuf;

use super::TriageAllScreen;
use super::part::Part;
use crate::export::Format;
use crate::export::several::{CustomerError, CustomerRows};
use crate::export::worklist::{Item, render_all};
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::file_name;
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::msg::Written;
use crate::tui::screen::list::export::Share;

impl TriageAllScreen {
    /// Customer by customer, each in the order of the queue. Without marks, a customer that is not
    /// loaded completely has a row with the reason.
    fn items(&self, cx: &Cx) -> Vec<CustomerRows<Item>> {
        let (chosen, today) = (self.chosen_for_export(), cx.now.local.date());
        let of = |(at, part): (usize, &Part)| {
            let own = chosen.iter().filter_map(|index| self.record(*index));
            let own = own.filter(|(of, ..)| *of == at);
            let item = |(_, _, record)| Item::of(record, None, &part.memory, today, today);
            CustomerRows {
                customer: part.profile.clone(),
                rows: own.map(item).collect(),
                part: String::new(),
                error: incomplete(part).filter(|_| self.table.marks.is_empty()),
            }
        };
        self.parts.iter().enumerate().map(of).collect()
    }

    /// The positions of the marked records, or of all that are shown, in the order of the queue. Hidden
    /// ones that are marked follow.
    fn chosen_for_export(&self) -> Vec<usize> {
        let table = &self.table;
        let is_chosen = |row: &usize| table.marks.is_empty() || table.is_marked(*row);
        let shown = (0..table.len()).filter(is_chosen).filter_map(|row| table.index(row));
        let mut chosen: Vec<usize> = shown.collect();
        if chosen.len() < table.marks.len() {
            let marked = table.chosen_indexes().into_iter();
            let hidden: Vec<usize> = marked.filter(|index| !chosen.contains(index)).collect();
            chosen.extend(hidden);
        }
        chosen
    }

    fn share(&self) -> Share {
        let chosen = self.chosen_for_export().len();
        Share::among(chosen, self.table.len().max(chosen))
    }

    /// The hidden penalties, `1 snoozed, 2 done`; empty if marked rows are exported.
    fn left_out(&self) -> String {
        let is_of_shown = self.table.marks.is_empty();
        if is_of_shown { self.queue.hidden.to_string() } else { String::new() }
    }

    /// What the worklist lacks; empty if all penalties of all customers are loaded.
    fn missing(&self) -> String {
        let is_part = |part: &&Part| incomplete(part).is_some();
        let parts: Vec<&str> =
            self.parts.iter().filter(is_part).map(|part| part.profile.as_str()).collect();
        if parts.is_empty() {
            return String::new();
        }
        format!("not all penalties are loaded of: {}", parts.join(", "))
    }

    pub(super) fn ask_to_export(&self, cx: &mut Cx) {
        let stem = format!("worklist-{}", cx.now.local.date());
        let is_incomplete = !self.missing().is_empty();
        let name = file_name::of_part(&stem, &self.share(), is_incomplete, "csv");
        cx.open(Prompt::new(name, PromptAction::Worklist(self.left_out())));
    }

    /// Writes the worklist to a path; the extension determines the format.
    pub(super) fn save(&self, path: &str, cx: &mut Cx) -> Result<(), String> {
        let path = PathBuf::from(path);
        let format = Format::of_path(&path, Format::WORKLIST)?;
        let (rows, missing, left_out) = (self.share().words(), self.missing(), self.left_out());
        let written = Written { rows, missing, left_out, ..Written::default() };
        let content = render_all(&self.items(cx), cx.looks.output(format, &written.part()))?;
        cx.effect(Effect::Save(path, content, written));
        Ok(())
    }
}

/// Why rows of a customer are missing or not up to date.
fn incomplete(part: &Part) -> Option<CustomerError> {
    if let Some(trouble) = &part.trouble {
        return Some(CustomerError::of(trouble, &part.profile));
    }
    let (kind, text) = match (part.extent, part.partly_loaded()) {
        (None, _) => ("not_loaded", "the penalties are not loaded yet".to_owned()),
        (Some(_), partly) => ("partial", format!("incomplete: {}", partly?)),
    };
    Some(CustomerError { kind: kind.to_owned(), text })
}
