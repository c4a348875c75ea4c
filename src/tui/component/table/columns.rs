//! Which columns a table shows, and how wide they are.

use unicode_width::UnicodeWidthStr;

use super::Table;
use crate::domain::columns::{Column, ColumnLayout, Cut, Side, fit};
use crate::list::Kind;
use crate::list::record::Value;
use crate::list::sort::AmountBasis;

pub const GAP: u16 = 2;
/// Cells before the first column, for the cursor's mark.
pub const GUTTER: u16 = 2;
/// Cells of the arrow behind a sorted title.
const ARROW: u16 = 2;

/// Added to the priority of a column that is empty or the same in all rows: it is hidden first.
const UNIFORM: u8 = 100;
/// Cells of the longest value that the status line names if its column is hidden.
const LONGEST_NAMED: usize = 20;

pub type Layout = ColumnLayout<usize>;

/// The columns that fit `available` cells. The first one and the one under the cursor always stay; one
/// that is empty or the same in all rows gets only cells that the others leave.
pub fn lay_out(table: &Table, available: u16) -> Layout {
    let says_little = |index: usize, position: usize| {
        let is_kept = index == 0 || index == table.column;
        !is_kept && table.is_uniform(position) && !table.has_own_columns()
    };
    let columns: Vec<(Column<usize>, bool)> = table
        .columns
        .iter()
        .enumerate()
        .filter_map(|(index, position)| {
            let column = column(table, *position)?;
            let is_kept = index == 0 || index == table.column;
            let priority = if is_kept { 0 } else { column.priority };
            Some((Column { priority, ..column }, says_little(index, *position)))
        })
        .collect();
    let available = available.saturating_sub(GUTTER);
    let telling = columns.iter().filter(|(_, says_little)| !says_little).map(|(it, _)| *it);
    let first = fit(telling, GAP, available);
    let width = |id: usize| first.shown.iter().find(|it| it.id == id).map(|it| it.width);
    let placed = columns.iter().filter_map(|(column, says_little)| {
        let least = if *says_little { column.natural } else { width(column.id)? };
        let priority = if *says_little { UNIFORM } else { 0 };
        Some(Column { least, natural: least, priority, ..*column })
    });
    let layout = fit(placed, GAP, available);
    Layout { hidden: columns.len() - layout.shown.len(), ..layout }
}

/// How many columns are hidden, at the end of the titles.
pub fn hidden_mark(hidden: usize) -> String {
    format!("+{hidden} ›")
}

/// The columns that are drawn; if some are hidden, there is room for their number.
pub fn drawn(table: &Table, available: u16) -> Layout {
    let all = lay_out(table, available);
    if all.hidden == 0 {
        return all;
    }
    let marked = |hidden: usize| {
        let mark = u16::try_from(hidden_mark(hidden).width()).unwrap_or(u16::MAX);
        lay_out(table, available.saturating_sub(mark + 1))
    };
    let layout = marked(9);
    // Hiding one more for the mark can add a digit to it.
    if layout.hidden > 9 { marked(10) } else { layout }
}

/// The values of hidden columns that are the same in all rows: `Transfer`, `paid`.
pub fn same_in_all(table: &Table, available: u16) -> Vec<String> {
    let layout = drawn(table, available);
    let is_shown = |position: &usize| layout.shown.iter().any(|column| column.id == *position);
    let hidden = table.columns.iter().filter(|it| !is_shown(it) && table.is_uniform(**it));
    let first = table.records().first();
    // A bare yes or no means nothing without its column.
    let is_flag = |position: &usize| {
        first.is_some_and(|record| matches!(record.at(*position), Value::Flag(_)))
    };
    let texts = hidden.filter(|position| !is_flag(position));
    let texts = texts.filter_map(|position| Some(first?.cell(*position).into_owned()));
    texts.filter(|text| (1..=LONGEST_NAMED).contains(&text.width())).collect()
}

fn column(table: &Table, position: usize) -> Option<Column<usize>> {
    let described = table.spec().described(position)?;
    let is_sorted = table.sort().is_some_and(|sort| sort.column == described.name);
    let basis = u16::try_from(title_basis(table).len()).unwrap_or(u16::MAX);
    let arrow = if is_sorted { ARROW.saturating_add(basis) } else { 0 };
    let title = u16::try_from(described.label.len()).unwrap_or(u16::MAX).saturating_add(arrow);
    let content = table.widths.get(position).copied().unwrap_or(0);
    let fixed = table.fixed_width(described.name).filter(|_| !described.kind.is_amount());
    let most = fixed.unwrap_or(described.place().most.max(title));
    let natural = content.max(title).max(fixed.unwrap_or(0)).min(most);
    let may_be_cut = matches!(described.kind, Kind::Text | Kind::Link) && fixed.is_none();
    Some(Column {
        id: position,
        side: if described.kind.is_right_aligned() { Side::Right } else { Side::Left },
        priority: described.place().priority.saturating_add(1),
        least: if may_be_cut { described.place().least.clamp(title, natural) } else { natural },
        natural,
        cut: if described.kind.is_amount() { Cut::Never } else { Cut::Allowed },
    })
}

/// The suffix of the sorted column's title if amounts in several currencies are compared in EUR.
/// The longer `by currency, then amount` is in the status line.
pub fn title_basis(table: &Table) -> &'static str {
    if table.amount_basis() == Some(AmountBasis::Eur) { " in EUR" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::sort::Sort;
    use crate::list::{ALL, Spec};
    use crate::state::persisted::ListColumns;
    use proptest::prelude::*;

    fn labels(spec: &'static Spec, layout: &Layout) -> Vec<&'static str> {
        layout.shown.iter().map(|placed| spec.described(placed.id).unwrap().label).collect()
    }

    fn placed(spec: &'static Spec, natural: &[u16], cursor: usize, width: u16) -> Layout {
        let mut table = Table::new(spec);
        (table.widths, table.column) = (natural.to_vec(), cursor);
        lay_out(&table, width)
    }

    #[test]
    fn wide_terminals_show_all_and_narrow_ones_keep_what_matters() {
        let spec = Spec::named("transactions").unwrap();
        let natural = [8, 10, 12, 3, 30, 8, 6, 24];
        let wide = placed(spec, &natural, 0, 140);
        assert_eq!((wide.shown.len(), wide.hidden), (8, 0));
        let narrow = placed(spec, &natural, 0, 60);
        assert_eq!(labels(spec, &narrow), ["Booking", "Issued", "Amount", "Cur", "Beneficiary"]);
        let reached = placed(spec, &natural, 7, 60);
        assert_eq!(labels(spec, &reached), ["Booking", "Amount", "Cur", "Bank account"]);
    }

    #[test]
    fn a_width_of_the_users_own_holds_for_texts_and_never_cuts_an_amount() {
        let spec = Spec::named("transactions").unwrap();
        let mut table = Table::new(spec);
        let widths = [("booking_id", 20), ("amount", 3), ("beneficiary", 5)];
        table.apply_list_columns(&ListColumns {
            columns: widths.map(|(name, _)| name.to_owned()).into(),
            widths: widths.map(|(name, width)| (name.to_owned(), width)).into(),
        });
        table.widths = vec![8, 10, 12, 3, 30, 8, 6, 24];
        table.options.sort = Some(Sort { column: "amount", descending: false });
        let widths: Vec<u16> =
            lay_out(&table, 200).shown.iter().map(|placed| placed.width).collect();
        assert_eq!(widths, [20, 12, 5]);
    }

    proptest! {
        #[test]
        fn amounts_are_never_cut_and_no_more_room_is_taken_than_there_is(
            list in 0..ALL.len(), natural in proptest::collection::vec(0u16..60, 24),
            cursor in 0usize..12, available in 0u16..300,
        ) {
            let spec = ALL[list];
            let layout = placed(spec, &natural, cursor, available);
            prop_assert_eq!(layout.shown.len() + layout.hidden, spec.columns().count());
            for placed in &layout.shown {
                if spec.described(placed.id).unwrap().kind.is_amount() {
                    prop_assert!(placed.width >= natural[placed.id].min(27));
                }
            }
            let taken: u32 = layout.shown.iter().map(|p| u32::from(p.width + GAP)).sum();
            let kept = layout.shown.len() <= 2;
            prop_assert!(kept || taken <= u32::from(available + GAP - GUTTER), "{layout:?}");
        }
    }
}
