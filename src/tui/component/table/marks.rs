//! Rows that the user marked, to total, copy or export only these.

use crate::figures::Figures;
use crate::list::record::Record;
use crate::tui::component::table::Table;

impl Table {
    pub fn toggle_mark(&mut self) {
        if let Some(identity) = self.identity(self.scroll.cursor)
            && !self.marks.remove(&identity)
        {
            self.marks.insert(identity);
        }
        self.count_marked();
    }

    pub fn mark_shown(&mut self) {
        let shown = self.shown.iter().filter_map(|at| self.identities.get(*at as usize));
        self.marks.extend(shown);
        self.count_marked();
    }

    pub fn unmark_all(&mut self) -> bool {
        self.of_marked = Figures::default();
        !std::mem::take(&mut self.marks).is_empty()
    }

    pub fn is_marked(&self, row: usize) -> bool {
        self.identity(row).is_some_and(|identity| self.marks.contains(&identity))
    }

    pub fn marked(&self) -> impl Iterator<Item = &Record> + Clone {
        let all = self.records.iter().zip(&self.identities);
        all.filter(|(_, identity)| self.marks.contains(identity)).map(|(record, _)| record)
    }

    /// The marked records in the server's order, hidden ones too; without marks, the selected one.
    pub fn chosen(&self) -> Vec<&Record> {
        self.chosen_indexes().into_iter().filter_map(|at| self.records.get(at)).collect()
    }

    /// The positions of [`Self::chosen`] in the server's order.
    pub fn chosen_indexes(&self) -> Vec<usize> {
        let all = self.identities.iter().enumerate();
        let marked = all.filter(|(_, identity)| self.marks.contains(identity)).map(|(at, _)| at);
        let selected = self.index(self.cursor()).filter(|_| self.marks.is_empty());
        marked.chain(selected).collect()
    }

    pub(super) fn count_marked(&mut self) {
        self.of_marked = Figures::of(self.marked(), self.options.today);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Bucket;
    use crate::figures::summary::Of;
    use crate::list::Spec;
    use crate::tui::keymap::Step;

    #[test]
    fn of_two_equal_rows_one_can_be_marked_and_marks_live_through_a_refresh() {
        let spec = Spec::named("transactions").unwrap();
        let row = |minor| Record::read(spec, &format!(r#"{{"amount":{minor},"currency":"EUR"}}"#));
        let mut table = Table::new(spec);
        table.extend(vec![row(5), row(5), row(7)]);
        table.step(Step::Down, 9);
        table.toggle_mark();
        assert_eq!([0, 1, 2].map(|at| table.is_marked(at)), [false, true, false]);
        assert_eq!(table.figures().open.sums.to_string(), "EUR 0.05");
        table.replace([vec![row(9), row(5), row(5)]]);
        assert_eq!([0, 1, 2].map(|at| table.is_marked(at)), [false, false, true]);
        table.toggle_mark();
        assert_eq!(table.marks.len(), 0);
        table.mark_shown();
        assert_eq!(table.figures().open.sums.to_string(), "EUR 0.19");
        assert!(table.unmark_all() && !table.unmark_all());
    }

    #[test]
    fn the_figures_are_of_the_marked_rows_then_of_those_found_and_follow_the_day() {
        let spec = Spec::named("debt").unwrap();
        let row = |(minor, status): (i64, &str)| {
            let json = format!(
                r#"{{"amount":{minor},"currency":"EUR","status":"{status}","reference_id":"BK{minor}",
                    "due_date":"2026-08-22"}}"#
            );
            Record::read(spec, &json)
        };
        let mut table = Table::new(spec);
        table.extend([(1, "overdue"), (20, "overdue"), (300, "paid")].map(row).into());
        let open = |table: &Table| table.figures().open.sums.to_string();
        assert_eq!((open(&table).as_str(), table.figures().closed.count), ("EUR 0.21", 1));
        table.narrow("BK2");
        assert_eq!((open(&table).as_str(), table.counts()), ("EUR 0.20", Of::Found));
        table.step(Step::First, 9);
        table.narrow("");
        table.step(Step::First, 9);
        table.toggle_mark();
        assert_eq!((open(&table).as_str(), table.counts()), ("EUR 0.01", Of::Marked));
        assert_eq!(table.all_figures().open.sums.to_string(), "EUR 0.21");
        let late = |table: &mut Table, day: &str| {
            table.set_day(day.parse().unwrap());
            table.figures().of_age(Bucket::Over90).count
        };
        assert_eq!((late(&mut table, "2026-11-20"), late(&mut table, "2026-11-21")), (0, 1));
        table.unmark_all();
        assert_eq!(late(&mut table, "2026-11-21"), 2);
    }
}
