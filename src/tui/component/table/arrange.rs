//! Which records are shown, in which order, in which columns.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::command::Columns;
use crate::list::record::{Record, Value};
use crate::list::shape::interned_name;
use crate::list::sort::Sort;
use crate::list::{FIRST_DERIVED, Spec};
use crate::state::persisted::ListColumns;
use crate::tui::component::table::{Table, usual};

/// Cells of a column width that the user sets.
pub const WIDTHS: std::ops::RangeInclusive<u16> = 3..=120;

impl Table {
    pub fn sort(&self) -> Option<Sort> {
        self.options.sort
    }

    pub fn sort_by(&mut self, sort: Option<Sort>, today: NaiveDate) {
        let own = |name| self.spec().column(name).unwrap_or(name);
        let sort = sort.map(|sort| Sort { column: own(sort.column), ..sort });
        self.set_day(today);
        self.options.sort = sort;
        self.wants_first = self.scroll.cursor == 0;
        self.arrange();
    }

    /// The first column of the list stays first; columns that no row has had yet are remembered.
    pub fn set_columns(&mut self, names: &[&str]) {
        let columns = names.iter().map(|name| (*name).to_owned()).collect();
        let widths = self.chosen.widths.clone();
        self.apply_list_columns(&ListColumns { columns, widths });
    }

    /// What the user chose; an empty choice means the default columns.
    pub fn list_columns(&self) -> &ListColumns {
        &self.chosen
    }

    /// From left to right, including chosen columns that current rows do not have.
    pub fn column_names(&self) -> Vec<&'static str> {
        let spec = self.spec();
        let first = spec.columns().next();
        let chosen = self.chosen.columns.iter().map(|name| interned_name(name));
        let names = first.into_iter().chain(chosen.filter(|name| Some(*name) != first));
        if self.chosen.columns.is_empty() { spec.columns().collect() } else { names.collect() }
    }

    /// Ends a sort by an unknown column, once rows have shown which columns exist. Returns its
    /// name.
    pub fn end_unknown_order(&mut self) -> Option<&'static str> {
        let spec = self.spec();
        let sort = self.sort().filter(|it| spec.is_settled && spec.column(it.column).is_none())?;
        self.sort_by(None, self.options.today);
        Some(sort.column)
    }

    /// Applies a choice from the columns of `seen`, which may be fewer than the table has by now.
    pub fn choose_columns(&mut self, choice: &ListColumns, seen: &'static Spec) {
        let mut choice = choice.clone();
        if seen != self.spec() {
            let names = choice.columns.iter().map(|name| interned_name(name)).collect();
            let names = Columns::shortest(seen, names).of(self.spec());
            choice.columns = names.into_iter().map(str::to_owned).collect();
        }
        self.apply_list_columns(&choice);
    }

    /// Replaces the user's choice; the first column of the list stays. A column that current rows
    /// do not have is hidden until they do. The cursor stays on its column.
    pub fn apply_list_columns(&mut self, chosen: &ListColumns) {
        let spec = self.spec();
        let here = spec.described(self.field()).map(|column| column.name);
        let is_usual = chosen.columns.is_empty()
            || spec.columns().eq(chosen.columns.iter().map(String::as_str));
        let named = |name: &String| spec.column(name).unwrap_or(name).to_owned();
        let mut columns: Vec<String> = Vec::new();
        for name in chosen.columns.iter().filter(|_| !is_usual).map(named) {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
        let first = spec.columns().next();
        let others = columns.iter().map(String::as_str).filter(|name| Some(*name) != first);
        let shown = first.into_iter().chain(others.filter(|name| spec.comes(name)));
        let mut positions: Vec<usize> = if is_usual {
            usual(spec)
        } else {
            shown.filter_map(|name| spec.column_position(name)).collect()
        };
        positions.retain(|position| self.offers(*position));
        self.columns = positions;
        let width = |(name, width): (&String, &u16)| {
            (named(name), *width.clamp(WIDTHS.start(), WIDTHS.end()))
        };
        let widths = chosen.widths.iter().map(width).collect();
        self.chosen = ListColumns { columns, widths };
        self.column = self.column.min(self.columns.len().saturating_sub(1));
        self.go_to_column(here.unwrap_or_default());
    }

    /// The width that the user set for a column.
    pub fn fixed_width(&self, name: &str) -> Option<u16> {
        self.chosen.widths.get(name).copied()
    }

    pub fn go_to_column(&mut self, name: &str) {
        let position = self.spec.column_position(name);
        if let Some(at) = self.columns.iter().position(|column| Some(*column) == position) {
            self.column = at;
        }
    }

    pub fn cell<'a>(
        &'a self,
        record: &'a Record,
        position: usize,
        today: NaiveDate,
    ) -> Cow<'a, str> {
        let Some(derived) =
            position.checked_sub(FIRST_DERIVED).and_then(|at| self.spec.derived.get(at))
        else {
            return match record.at(position) {
                Value::Flag(flag) => if *flag { "yes" } else { "" }.into(),
                _ => record.cell(position),
            };
        };
        derived.cell(record, today, &self.names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::shape::Shapes;
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
        assert_eq!(
            (ids(&table).as_str(), table.figures().open.sums.to_string().as_str()),
            ("c", "EUR 2.00")
        );
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
        let widths = [("booking_id".to_owned(), 20)].into();
        table.apply_list_columns(&ListColumns { widths, ..ListColumns::default() });
        assert!(table.columns == usual(spec) && table.list_columns().columns.is_empty());
        table.set_columns(&["booking_id", "days", "amount"]);
        let mut other = Table::new(spec);
        other.apply_list_columns(table.list_columns());
        assert_eq!(other.columns, table.columns);
        assert_eq!(other.fixed_width("booking_id"), Some(20));
        let strange = r#"{"penalties":{"columns":["nope","amount","amount"],"widths":{"x":9}},
                          "gone":{"columns":["a"]}}"#;
        let read = read_columns(strange).unwrap();
        other.apply_list_columns(&read["penalties"]);
        // A later row may have it.
        assert_eq!(other.list_columns().columns, ["nope", "amount"]);
        assert_eq!(shown(&other), ["booking_id", "amount"]);
        assert_eq!(other.fixed_width("x"), Some(9));
        assert_eq!(read.len(), 1);
        assert_eq!(read_columns("{"), None);
    }

    /// The rows of a server whose names are not the documented ones.
    fn renamed(rows: &[&str]) -> Vec<Record> {
        Shapes::default().read(Spec::named("scheduled").unwrap(), rows)
    }

    const RENAMED: &str = r#"{"ref": "BK100001", "scheduled_for": "2026-11-05", "amount": 100,
        "currency": "EUR", "batch": 7, "desk": "A"}"#;

    fn shown(table: &Table) -> Vec<&'static str> {
        table.columns.iter().map(|at| table.spec().described(*at).unwrap().name).collect()
    }

    #[test]
    fn a_choice_of_columns_outlives_the_first_page_and_the_columns_that_are_not_in_it() {
        let mut table = Table::new(Spec::named("scheduled").unwrap());
        let kept = ListColumns {
            columns: ["booking_id", "desk", "notes", "scheduled_for", "later", "amount"]
                .map(str::to_owned)
                .into(),
            widths: [("desk".to_owned(), 33), ("later".to_owned(), 12), ("notes".to_owned(), 5)]
                .into(),
        };
        table.apply_list_columns(&kept);
        assert_eq!(shown(&table), ["booking_id", "notes", "amount"]);
        table.replace([renamed(&[RENAMED])]);
        assert_eq!(shown(&table), ["booking_id", "desk", "due_date", "amount"]);
        assert_eq!(table.list_columns().columns[3], "due_date");
        assert_eq!(table.list_columns().columns.len(), kept.columns.len());
        assert_eq!(table.list_columns().widths, kept.widths);
        let names = ["booking_id", "desk", "notes", "due_date", "later", "amount"];
        assert_eq!(table.column_names(), names);
    }

    #[test]
    fn the_cursor_stays_on_its_column_when_others_come_or_go() {
        let mut table = Table::new(Spec::named("scheduled").unwrap());
        table.go_to_column("amount");
        table
            .replace([renamed(&[r#"{"booking_id": "BK100001", "amount": 1, "currency": "EUR"}"#])]);
        assert_eq!((shown(&table)[table.column], table.column), ("amount", 1));
        table.replace([renamed(&[RENAMED])]);
        assert_eq!((shown(&table)[table.column], table.column), ("amount", 2));
        table.set_columns(&["desk", "amount"]);
        assert_eq!(shown(&table)[table.column], "amount");
        table.set_columns(&["desk"]);
        assert_eq!(table.column, 1);
    }

    #[test]
    fn an_order_has_the_name_that_the_list_has_for_its_column_or_ends() {
        let mut table = Table::new(Spec::named("scheduled").unwrap());
        let by = |column| Some(Sort { column, descending: true });
        table.sort_by(by("scheduled_for"), today());
        assert_eq!(table.end_unknown_order(), None, "nothing came yet");
        table.replace([renamed(&[RENAMED])]);
        assert_eq!(table.end_unknown_order(), None);
        assert_eq!(table.sort(), by("due_date"));
        table.sort_by(by("ref"), today());
        assert_eq!(table.sort(), by("booking_id"), "also once the rows are there");
        table.sort_by(by("due_dat"), today());
        assert_eq!((table.end_unknown_order(), table.sort()), (Some("due_dat"), None));
        let mut table = Table::new(Spec::named("scheduled").unwrap());
        table.sort_by(by("due_dat"), today());
        table.replace([renamed(&[RENAMED])]);
        assert_eq!((table.end_unknown_order(), table.sort()), (Some("due_dat"), None));
    }

    #[test]
    fn a_choice_among_fewer_columns_hides_none_that_came_meanwhile() {
        let early = Spec::named("scheduled").unwrap();
        let mut table = Table::new(early);
        table.replace([renamed(&[RENAMED])]);
        let without = |hidden: &str| {
            let names = early.columns().filter(|name| *name != hidden).map(str::to_owned);
            ListColumns { columns: names.collect(), widths: [("desk".to_owned(), 9)].into() }
        };
        table.choose_columns(&without("currency"), early);
        assert_eq!(shown(&table), ["booking_id", "due_date", "amount", "batch", "desk", "days"]);
        assert_eq!(table.fixed_width("desk"), Some(9));
        table.choose_columns(&without("currency"), table.spec());
        assert_eq!(shown(&table), ["booking_id", "due_date", "amount", "days"]);
    }

    #[test]
    fn columns_are_chosen_by_name_and_days_are_counted() {
        let mut table = table();
        table.set_columns(&["booking_id", "days", "id", "nonsense"]);
        let cells: Vec<String> = (table.columns.iter())
            .map(|at| table.cell(table.row(0).unwrap(), *at, today()).into_owned())
            .collect();
        assert_eq!(cells, ["Büro a", "10 d", "a"]);
    }
}
