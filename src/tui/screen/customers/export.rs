//! Writes the shown or marked customers to a file, as `valora customers` prints them.

use std::path::PathBuf;

use super::CustomersScreen;
use crate::customers::totals::Totals;
use crate::domain::money::counted;
use crate::export::Format;
use crate::export::customers::render;
use crate::figures::summary::text_of;
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::file_name;
use crate::tui::msg::Written;
use crate::tui::screen::list::export::Share;

/// Cells of the totals in the message after an export.
const LONGEST: usize = 160;

impl CustomersScreen {
    fn share(&self, cx: &Cx) -> Share {
        Share::among(self.chosen(cx).len(), self.rows.len())
    }

    pub(super) fn proposed_name(&self, cx: &Cx) -> String {
        let stem = format!("customers-{}", cx.now.local.date());
        let is_incomplete = !Totals::of(&self.chosen(cx)).is_complete();
        file_name::of_part(&stem, &self.share(cx), is_incomplete, "csv")
    }

    pub(super) fn save(&self, path: &str, cx: &mut Cx) -> Result<(), String> {
        let path = PathBuf::from(path);
        let (format, rows) = (Format::of_path(&path, Format::CUSTOMERS)?, self.chosen(cx));
        let (share, totals) = (self.share(cx).words(), Totals::of(&rows));
        let missing = match totals.incomplete {
            0 => String::new(),
            count => format!("not everything is loaded for {}", counted(count as u64, "customer")),
        };
        let figures = text_of(&totals.parts(LONGEST));
        // The file itself counts the customers that are not complete.
        let part = Written { rows: share.clone(), ..Written::default() }.part();
        let content = render(&rows, cx.looks.output(format, &part))?;
        cx.effect(Effect::Save(
            path,
            content,
            Written { rows: share, missing, figures, ..Written::default() },
        ));
        Ok(())
    }
}
