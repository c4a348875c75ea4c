//! The column chooser: which columns a table shows, their order and width.

use crossterm::event::KeyEvent;
use ratatui::Frame;

use super::{Modal, Stay};
use crate::list::Spec;
use crate::state::persisted::ListColumns;
use crate::tui::component::boxed::choices;
use crate::tui::component::table::Table;
use crate::tui::cx::{Cx, ModalAnswer, Next};
use crate::tui::keymap::{Action, Scope, Way};
use crate::tui::theme::Theme;

#[derive(Debug, Clone)]
pub struct Chooser {
    pub spec: &'static Spec,
    /// The positions of the columns that the table can have.
    offered: Vec<usize>,
    /// First the shown columns, in their order.
    pub entries: Vec<Entry>,
    pub cursor: usize,
    /// Cells of the widest value, by position.
    natural: Vec<u16>,
    /// The choice before, including columns that current rows do not have.
    before: ListColumns,
    /// The choice if nothing is changed.
    opened: ListColumns,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub position: usize,
    pub is_shown: bool,
    pub width: Option<u16>,
}

fn entries(offered: &[usize], shown: &[usize], width: impl Fn(usize) -> Option<u16>) -> Vec<Entry> {
    let others = offered.iter().copied().filter(|position| !shown.contains(position));
    let all = shown.iter().copied().chain(others);
    let is_shown = |position| shown.contains(&position);
    all.map(|position| Entry { position, is_shown: is_shown(position), width: width(position) })
        .collect()
}

impl Chooser {
    pub fn new(table: &Table) -> Self {
        let (spec, before) = (table.spec(), table.list_columns().clone());
        let width = |position| table.fixed_width(spec.described(position)?.name);
        let offered = spec.positions().filter(|position| table.offers(*position));
        let offered: Vec<usize> = offered.collect();
        let entries = entries(&offered, &table.columns, width);
        let natural = table.widths.clone();
        let opened = ListColumns::default();
        let mut chooser = Self { spec, offered, entries, cursor: 0, natural, before, opened };
        chooser.opened = chooser.chosen();
        chooser
    }

    fn step(&mut self, way: Way) {
        let last = self.entries.len().saturating_sub(1);
        self.cursor = way.step(self.cursor).min(last);
    }

    fn toggle(&mut self) {
        if self.cursor > 0
            && let Some(entry) = self.entries.get_mut(self.cursor)
        {
            entry.is_shown = !entry.is_shown;
        }
    }

    /// The first column always stays.
    fn shift(&mut self, way: Way) {
        let other = way.step(self.cursor);
        if self.cursor > 0 && other > 0 && other < self.entries.len() {
            self.entries.swap(self.cursor, other);
            self.cursor = other;
        }
    }

    fn resize(&mut self, way: Way) {
        let Some(entry) = self.entries.get_mut(self.cursor) else { return };
        let width = entry.width.or(self.natural.get(entry.position).copied()).unwrap_or(8);
        entry.width = Some(way.step(usize::from(width)).try_into().unwrap_or(u16::MAX).max(3));
    }

    fn reset(&mut self) {
        let usual = self.spec.columns().filter_map(|name| self.spec.column_position(name));
        let usual = usual.filter(|position| self.offered.contains(position));
        self.entries = entries(&self.offered, &usual.collect::<Vec<_>>(), |_| None);
        self.cursor = 0;
        self.before = ListColumns::default();
    }

    /// Chosen columns that current rows do not have stay behind the same column.
    fn chosen(&self) -> ListColumns {
        let name = |entry: &Entry| Some(self.spec.described(entry.position)?.name.to_owned());
        let width = |entry: &Entry| Some((name(entry)?, entry.width?));
        let is_absent = |name: &str| !self.spec.comes(name);
        let shown = self.entries.iter().filter(|entry| entry.is_shown);
        let mut columns: Vec<String> = shown.filter_map(name).collect();
        for (at, absent) in self.before.columns.iter().enumerate().filter(|(_, it)| is_absent(it)) {
            let left = at.checked_sub(1).and_then(|at| self.before.columns.get(at));
            let place = columns.iter().position(|name| Some(name) == left);
            columns.insert(place.map_or(columns.len(), |place| place + 1), absent.clone());
        }
        let kept = self.before.widths.iter().filter(|(name, _)| is_absent(name));
        let kept = kept.map(|(name, width)| (name.clone(), *width));
        ListColumns { columns, widths: self.entries.iter().filter_map(width).chain(kept).collect() }
    }
}

impl Modal for Chooser {
    fn scope(&self) -> Scope {
        Scope::Columns
    }

    fn act(&mut self, action: Action, _key: KeyEvent, cx: &mut Cx) -> Stay {
        match action {
            Action::NextField => self.step(Way::Forward),
            Action::PreviousField => self.step(Way::Back),
            Action::Mark => self.toggle(),
            Action::MoveDown => self.shift(Way::Forward),
            Action::MoveUp => self.shift(Way::Back),
            Action::Wider => self.resize(Way::Forward),
            Action::Narrower => self.resize(Way::Back),
            Action::Reset => self.reset(),
            Action::Submit => {
                let chosen = self.chosen();
                if chosen != self.opened {
                    cx.then(Next::Answer(ModalAnswer::Columns(chosen, self.spec)));
                }
                return Stay::Close;
            }
            _ => return Stay::Close,
        }
        Stay::Open
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        let entry = |entry: &Entry| {
            let label = self.spec.described(entry.position).map_or("", |column| column.label);
            let mark = if entry.is_shown { "[x]" } else { "[ ]" };
            let width = entry.width.map(|width| format!("{width} cells")).unwrap_or_default();
            format!("{mark} {label:<18} {width}")
        };
        let title = format!("Columns of {}", self.spec.title.to_lowercase());
        let entries: Vec<String> = self.entries.iter().map(entry).collect();
        let hint = " {toggle-column} show · {column-down} {column-up} move · {narrower} {wider} width · {default-columns} default · {apply-columns} apply ";
        choices((&title, hint), &entries, self.cursor, (cx, theme), frame);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::shape::Shapes;

    #[test]
    fn columns_are_hidden_moved_sized_and_reset_but_the_first_stays() {
        let spec = Spec::named("transactions").unwrap();
        let mut chooser = Chooser::new(&Table::new(spec));
        chooser.toggle();
        chooser.shift(Way::Forward);
        assert_eq!(chooser.chosen().columns[0], "booking_id");
        chooser.step(Way::Forward);
        chooser.shift(Way::Back);
        chooser.toggle();
        chooser.step(Way::Forward);
        chooser.shift(Way::Forward);
        assert_eq!(chooser.chosen().columns[..3], ["booking_id", "currency", "amount"]);
        chooser.natural = vec![0, 0, 12];
        chooser.resize(Way::Forward);
        assert_eq!(chooser.chosen().widths, [("amount".to_owned(), 13)].into());
        chooser.reset();
        let chosen = chooser.chosen();
        assert!(chosen.columns.iter().eq(spec.columns()) && chosen.widths.is_empty());
    }

    #[test]
    fn columns_that_do_not_come_now_stay_chosen_where_they_were() {
        let mut table = Table::new(Spec::named("scheduled").unwrap());
        let row = r#"{"booking_id": "BK100001", "amount": 1, "currency": "EUR", "desk": "A"}"#;
        table.replace([Shapes::default().read(table.spec(), &[row])]);
        let kept = ListColumns {
            columns: ["booking_id", "batch", "notes", "desk", "amount", "later"]
                .map(str::to_owned)
                .into(),
            widths: [("batch".to_owned(), 9), ("desk".to_owned(), 8)].into(),
        };
        table.apply_list_columns(&kept);
        let mut chooser = Chooser::new(&table);
        assert_eq!(chooser.chosen(), kept);
        (chooser.cursor, chooser.entries[1].width) = (1, None);
        chooser.toggle();
        let chosen = chooser.chosen();
        assert_eq!(chosen.columns, ["booking_id", "batch", "notes", "amount", "later"]);
        assert_eq!(chosen.widths, [("batch".to_owned(), 9)].into());
        chooser.reset();
        assert!(chooser.chosen().columns.iter().eq(table.spec().columns()));
    }
}
