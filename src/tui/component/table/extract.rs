//! Rows of a table to be written to a file in the background.

use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::Arc;

use crate::export::rows::{Layout, RowWriter};
use crate::figures::Figures;
use crate::list::record::Record;
use crate::list::sort::{Sort, order};
use crate::tui::component::table::Table;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportScope {
    Shown,
    Marked,
    All,
}

#[derive(Debug, Clone)]
pub struct Extract {
    layout: Layout,
    records: Arc<Vec<Record>>,
    indexes: Vec<u32>,
    /// Which rows are missing, as the file says it; empty if none is.
    pub part: String,
    /// If set, the rows must still be sorted as on the screen.
    sort: Option<Sort>,
}

impl PartialEq for Extract {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.records, &other.records)
            && (&self.indexes, self.layout.format, self.sort)
                == (&other.indexes, other.layout.format, other.sort)
    }
}

impl Eq for Extract {}

impl Extract {
    pub fn rows(&self) -> usize {
        self.indexes.len()
    }

    /// Returns the number of rows that cannot be read.
    pub fn write(self, out: &mut impl Write) -> io::Result<u64> {
        let indexes = match self.sort {
            Some(sort) => {
                let meant: HashSet<u32> = self.indexes.into_iter().collect();
                let (mut sorted, _) =
                    order(self.layout.spec, &self.records, sort, self.layout.today);
                sorted.retain(|at| meant.contains(at));
                sorted
            }
            None => self.indexes,
        };
        let mut writer = RowWriter::new(self.layout, out)?;
        writer.part = self.part;
        writer.write(indexes.iter().filter_map(|at| self.records.get(*at as usize)))?;
        let unreadable = writer.unreadable;
        writer.finish().map(|()| unreadable)
    }
}

impl Table {
    /// The figures of the rows of [`Table::extract`].
    pub fn figures_of(&self, scope: ExportScope) -> &Figures {
        match scope {
            ExportScope::Shown => &self.figures,
            ExportScope::Marked => &self.of_marked,
            ExportScope::All => &self.all,
        }
    }

    /// The rows in the order of the screen. Shown rows are already sorted; others are sorted when
    /// they are written, since rows may have been added that are not arranged yet.
    pub fn extract(&self, scope: ExportScope, layout: Layout) -> Extract {
        let indexes = match scope {
            ExportScope::Shown => self.shown.clone(),
            ExportScope::All => (0..).take(self.records.len()).collect(),
            ExportScope::Marked => {
                let marked = (0..).zip(&self.identities);
                marked.filter(|(_, id)| self.marks.contains(id)).map(|(at, _)| at).collect()
            }
        };
        let sort = self.sort().filter(|_| scope != ExportScope::Shown);
        Extract { layout, records: Arc::clone(&self.records), indexes, part: String::new(), sort }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::Format;
    use crate::list::Spec;
    use crate::list::sort::Sort;
    use crate::tui::keymap::Step;

    #[test]
    fn shown_marked_and_all_rows_are_written_in_the_order_of_the_screen() {
        let spec = Spec::named("penalties").unwrap();
        let row = |minor: i64| {
            let json = format!(r#"{{"id":"{minor}","amount":{minor},"currency":"EUR"}}"#);
            Record::read(spec, &json)
        };
        let mut table = Table::new(spec);
        table.extend([100, 300, 200].map(row).into());
        let today = chrono::NaiveDate::default();
        table.sort_by(Some(Sort { column: "amount", descending: true }), today);
        table.step(Step::First, 9);
        table.toggle_mark();
        table.step(Step::Last, 9);
        table.toggle_mark();
        let written = |scope| {
            let mut out = Vec::new();
            let extract = table.extract(scope, Layout::new(spec, Format::Jsonl, today));
            let rows = extract.rows();
            extract.write(&mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert_eq!(text.lines().count(), rows);
            let amount = |line: &str| {
                serde_json::from_str::<serde_json::Value>(line).unwrap()["amount"].as_i64().unwrap()
            };
            text.lines().map(amount).collect::<Vec<_>>()
        };
        assert_eq!(written(ExportScope::Shown), [300, 200, 100]);
        assert_eq!(written(ExportScope::Marked), [300, 100]);
        assert_eq!(written(ExportScope::All), [300, 200, 100]);
    }
}
