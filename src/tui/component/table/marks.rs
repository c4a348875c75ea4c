//! Rows that the user marked, to sum, copy or export just these.

use crate::domain::money::Sums;
use crate::list::record::Record;
use crate::tui::component::table::Table;

impl Table {
    pub fn toggle_mark(&mut self) {
        if let Some(identity) = self.selected_identity()
            && !self.marks.remove(&identity)
        {
            self.marks.insert(identity);
        }
    }

    pub fn mark_shown(&mut self) {
        let shown = self.shown.iter().filter_map(|at| self.identities.get(*at as usize));
        self.marks.extend(shown);
    }

    pub fn unmark_all(&mut self) -> bool {
        let had_any = !self.marks.is_empty();
        self.marks.clear();
        had_any
    }

    pub fn is_marked(&self, row: usize) -> bool {
        let identity = self.shown.get(row).and_then(|at| self.identities.get(*at as usize));
        identity.is_some_and(|identity| self.marks.contains(identity))
    }

    /// How many records are marked, shown or not.
    pub fn marked(&self) -> usize {
        self.marks.len()
    }

    /// The marked records in the order of the server; without marks the selected one.
    pub fn chosen(&self) -> Vec<&Record> {
        if self.marks.is_empty() {
            return self.selected().into_iter().collect();
        }
        let all = self.records.iter().zip(&self.identities);
        let marked = all.filter(|(_, identity)| self.marks.contains(identity));
        marked.map(|(record, _)| record).collect()
    }

    pub fn marked_sums(&self) -> (Sums, usize) {
        let all = self.records.iter().zip(&self.identities);
        let marked = all.filter(|(_, identity)| self.marks.contains(identity));
        self.summed(marked.map(|(record, _)| record))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Spec;
    use crate::tui::keymap::Step;

    #[test]
    fn of_two_equal_rows_one_can_be_marked_and_marks_live_through_a_refresh() {
        let spec = Spec::named("transactions").unwrap();
        let row = |minor| Record::read(spec, &format!(r#"{{"amount":{minor},"currency":"EUR"}}"#));
        let mut table = Table::new(spec, "amount");
        table.extend(vec![row(5), row(5), row(7)]);
        table.step(Step::Down, 9);
        table.toggle_mark();
        assert_eq!([0, 1, 2].map(|at| table.is_marked(at)), [false, true, false]);
        assert_eq!(table.marked_sums().0.to_string(), "EUR 0.05");
        table.replace([vec![row(9), row(5), row(5)]]);
        assert_eq!([0, 1, 2].map(|at| table.is_marked(at)), [false, false, true]);
        table.toggle_mark();
        assert_eq!(table.marked(), 0);
        table.mark_shown();
        assert_eq!(table.marked_sums().0.to_string(), "EUR 0.19");
        assert!(table.unmark_all() && !table.unmark_all());
    }
}
