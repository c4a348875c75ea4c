//! Writes the shown or marked penalties of all customers to a file, as `valora worklist --all-profiles`
//! prints them.

use std::path::PathBuf;

use super::TriageAllScreen;
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
    /// Customer by customer, each in the order of the queue. Without marks, a customer that could not
    /// be loaded is a row with its error.
    fn items(&self, cx: &Cx) -> Vec<CustomerRows<Item>> {
        let (rows, today) = (self.chosen_for_export(), cx.now.local.date());
        let of = |(at, part): (usize, &super::state::Part)| {
            let own = rows.iter().filter(|row| self.place(**row) == Some(at));
            let own = own.filter_map(|row| self.row(*row));
            let item = |(_, record)| Item::of(record, None, &part.memory, today, today);
            let trouble = part.trouble.as_ref().filter(|_| self.table.marks.is_empty());
            CustomerRows {
                customer: part.profile.clone(),
                rows: own.map(item).collect(),
                error: trouble.map(|trouble| CustomerError::of(trouble, &part.profile)),
            }
        };
        self.parts.iter().enumerate().map(of).collect()
    }

    fn chosen_for_export(&self) -> Vec<usize> {
        let table = &self.table;
        let is_chosen = |row: &usize| table.marks.is_empty() || table.is_marked(*row);
        (0..table.len()).filter(is_chosen).collect()
    }

    fn share(&self) -> Share {
        Share::among(self.chosen_for_export().len(), self.table.len())
    }

    /// The hidden penalties, `1 snoozed, 2 done`; empty if marked rows are exported.
    fn left_out(&self) -> String {
        let is_of_shown = self.table.marks.is_empty();
        if is_of_shown { self.queue.hidden.to_string() } else { String::new() }
    }

    /// What the worklist lacks; empty if all penalties of all customers are loaded.
    fn missing(&self) -> String {
        let is_part = |part: &&super::state::Part| {
            part.trouble.is_some() || part.extent.is_none_or(|extent| !extent.is_whole)
        };
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
        let text = render_all(&self.items(cx), format, None)?;
        let (rows, missing, left_out) = (self.share().words(), self.missing(), self.left_out());
        let written = Written { rows, missing, left_out, ..Written::default() };
        cx.effect(Effect::Save(path, text, written));
        Ok(())
    }
}
