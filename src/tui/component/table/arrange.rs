//! Which records are shown, in which order, in which columns.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::list::FIRST_DERIVED;
use crate::list::record::Record;
use crate::list::search::Needle;
use crate::list::sort::Sort;
use crate::state::persisted::ListColumns;
use crate::tui::component::table::Table;

/// In cells.
pub const WIDTHS: std::ops::RangeInclusive<u16> = 3..=120;

impl Table {
    pub fn sort(&self) -> Option<Sort> {
        self.options.sort
    }

    pub fn sort_by(&mut self, sort: Option<Sort>, today: NaiveDate) {
        (self.options.sort, self.options.today) = (sort, today);
        self.wants_first = self.scroll.cursor == 0;
        self.arrange();
    }

    pub fn is_narrowed(&self) -> bool {
        !Needle::new(&self.options.typed).is_empty()
    }

    pub fn narrow(&mut self, typed: &str) {
        typed.clone_into(&mut self.options.typed);
        self.wants_first = false;
        self.arrange();
    }

    pub fn show_all(&mut self) -> bool {
        let was_narrowed = self.is_narrowed();
        self.narrow("");
        was_narrowed
    }

    /// The first of the list stays the first; columns that no row has had are kept until one has.
    pub fn set_columns(&mut self, names: &[&str]) {
        let columns = names.iter().map(|name| (*name).to_owned()).collect();
        let widths = self.list_columns().widths;
        self.apply_list_columns(&ListColumns { columns, widths });
    }

    pub fn list_columns(&self) -> ListColumns {
        let name = |position: &usize| Some(self.spec().described(*position)?.name.to_owned());
        let widths = self.fixed.iter().filter_map(|(at, width)| Some((name(at)?, *width)));
        let mut columns: Vec<String> = self.columns.iter().filter_map(name).collect();
        let chosen = self.chosen.iter().flat_map(|chosen| &chosen.columns);
        columns.extend(chosen.filter(|name| self.spec().column(name).is_none()).cloned());
        ListColumns { columns, widths: widths.collect() }
    }

    /// Unknown columns are left out, the first of the list stays; other widths of the user go.
    pub fn apply_list_columns(&mut self, chosen: &ListColumns) {
        let spec = self.spec();
        let mut names: Vec<&str> = spec.columns().take(1).collect();
        for name in chosen.columns.iter().filter_map(|name| spec.column(name)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if !chosen.columns.is_empty() {
            let is_usual = spec.columns().eq(chosen.columns.iter().map(String::as_str));
            self.chosen = Some(chosen.clone()).filter(|_| !is_usual);
            self.columns = names.iter().filter_map(|name| spec.column_position(name)).collect();
        }
        let position = |(name, width): (&String, &u16)| {
            Some((spec.column_position(name)?, *(width.clamp(WIDTHS.start(), WIDTHS.end()))))
        };
        self.fixed = chosen.widths.iter().filter_map(position).collect();
        self.column = self.column.min(self.columns.len().saturating_sub(1));
    }

    pub fn go_to_column(&mut self, name: &str) {
        let position = self.source.spec.column_position(name);
        if let Some(at) = self.columns.iter().position(|column| Some(*column) == position) {
            self.column = at;
        }
    }

    pub fn cell<'a>(&self, record: &'a Record, position: usize, today: NaiveDate) -> Cow<'a, str> {
        let Some(derived) =
            position.checked_sub(FIRST_DERIVED).and_then(|at| self.source.spec.derived.get(at))
        else {
            return record.cell(position);
        };
        derived.value(record, today).map_or(Cow::Borrowed(""), |days| Cow::Owned(days.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Spec;
    use crate::state::persisted::read_columns;
    use crate::tui::keymap::Step;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
    }

    fn table() -> Table {
        let spec = Spec::named("penalties").unwrap();
        let mut table = Table::new(spec);
        let row = |(id, minor, day): (&str, i64, &str)| {
            let json = format!(
                r#"{{"id":"{id}","booking_id":"Büro {id}","amount":{minor},"currency":"EUR",
                    "due_date":"{day}","status":"notify"}}"#
            );
            Record::read(spec, &json)
        };
        let rows = [("a", 300, "2026-11-10"), ("b", 100, "2026-11-19"), ("c", 200, "2026-12-01")];
        table.extend(rows.map(row).into());
        table
    }

    fn ids(table: &Table) -> String {
        let id = |row| table.row(row).unwrap().text("id").unwrap().shown().into_owned();
        (0..table.len()).map(id).collect()
    }

    #[test]
    fn rows_are_sorted_and_the_cursor_stays_on_its_record() {
        let mut table = table();
        table.step(Step::Down, 9);
        let by = |column, descending| Some(Sort { column, descending });
        table.sort_by(by("amount", false), today());
        assert_eq!((ids(&table).as_str(), table.cursor()), ("bca", 0));
        table.sort_by(by("days", true), today());
        assert_eq!((ids(&table).as_str(), table.cursor()), ("abc", 0));
        table.sort_by(None, today());
        assert_eq!(ids(&table), "abc");
    }

    #[test]
    fn a_search_narrows_what_is_shown_and_summed_and_goes_on_for_later_pages() {
        let mut table = table();
        table.narrow("buro c");
        assert_eq!((ids(&table).as_str(), table.sums().to_string().as_str()), ("c", "EUR 2.00"));
        let spec = table.spec();
        table.extend(vec![Record::read(spec, r#"{"id":"d","booking_id":"BURO C2"}"#)]);
        assert_eq!(ids(&table), "cd");
        table.narrow("");
        assert_eq!(ids(&table), "abcd");
    }

    #[test]
    fn columns_survive_a_round_and_strange_ones_do_no_harm() {
        let spec = Spec::named("penalties").unwrap();
        let mut table = Table::new(spec);
        table.set_columns(&["booking_id", "days", "amount"]);
        table.fixed.insert(0, 20);
        let kept = table.list_columns();
        let mut other = Table::new(spec);
        other.apply_list_columns(&kept);
        assert_eq!(other.columns, table.columns);
        assert_eq!(other.fixed, table.fixed);
        let strange = r#"{"penalties":{"columns":["nope","amount","amount"],"widths":{"x":9}},
                          "gone":{"columns":["a"]}}"#;
        let read = read_columns(strange).unwrap();
        other.apply_list_columns(&read["penalties"]);
        // A later row may have it.
        assert_eq!(other.list_columns().columns, ["booking_id", "amount", "nope"]);
        assert_eq!(read.len(), 1);
        assert_eq!(read_columns("{"), None);
    }

    #[test]
    fn columns_are_chosen_by_name_and_days_are_counted() {
        let mut table = table();
        table.set_columns(&["booking_id", "days", "id", "nonsense"]);
        let cells: Vec<String> = (table.columns.iter())
            .map(|at| table.cell(table.row(0).unwrap(), *at, today()).into_owned())
            .collect();
        assert_eq!(cells, ["Büro a", "10", "a"]);
    }
}
