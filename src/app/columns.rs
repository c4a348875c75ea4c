//! Which columns a table shows, and how wide: texts shrink first, then columns give way by priority.

use crate::resource::{Field, Spec};

/// Cells between two columns.
pub const GAP: u16 = 2;
/// Cells before the first column, for the cursor's mark.
pub const GUTTER: u16 = 2;

/// A column as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// The position of its field in the list.
    pub field: usize,
    /// Cells.
    pub width: u16,
}

/// The columns of one table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Placement {
    /// Those that are shown, from left to right.
    pub shown: Vec<Placed>,
    /// How many gave way; the column cursor reaches them.
    pub hidden: usize,
}

/// The positions of the fields that are columns, in the order of the list.
pub fn of(spec: &'static Spec) -> impl Iterator<Item = (usize, &'static Field)> {
    spec.fields.iter().enumerate().filter(|(_, field)| field.column.is_some())
}

struct Candidate {
    field: usize,
    /// 0 is kept longest.
    priority: u8,
    least: u16,
    natural: u16,
    width: u16,
}

/// Places the columns in `available` cells. `natural` holds, for each field of the list, the cells
/// that its widest value takes; the first column and the one under the cursor never give way.
#[must_use]
pub fn place(
    spec: &'static Spec,
    chosen: &[usize],
    natural: &[u16],
    cursor: usize,
    available: u16,
) -> Placement {
    let mut columns: Vec<Candidate> = chosen
        .iter()
        .enumerate()
        .filter_map(|(index, field)| {
            let described = spec.fields.get(*field)?;
            let column = described.column?;
            let title = u16::try_from(described.label.len()).unwrap_or(u16::MAX);
            let widest =
                natural.get(*field).copied().unwrap_or(0).clamp(title, column.most.max(title));
            let may_be_cut = described.kind.may_be_cut();
            let least = if may_be_cut { column.least.clamp(title, widest) } else { widest };
            let is_kept = index == 0 || index == cursor;
            let priority = if is_kept { 0 } else { column.priority.saturating_add(1) };
            Some(Candidate { field: *field, priority, least, natural: widest, width: least })
        })
        .collect();
    let all = columns.len();
    let available = u32::from(available.saturating_sub(GUTTER));
    while columns.len() > 1 && total(&columns) > available {
        let Some(last) = least_wanted(&columns) else { break };
        columns.remove(last);
    }
    grow(&mut columns, available);
    let hidden = all - columns.len();
    let shown = columns.iter().map(|c| Placed { field: c.field, width: c.width }).collect();
    Placement { shown, hidden }
}

fn total(columns: &[Candidate]) -> u32 {
    let gaps = u32::from(GAP) * u32::try_from(columns.len().saturating_sub(1)).unwrap_or(0);
    columns.iter().map(|column| u32::from(column.width)).sum::<u32>() + gaps
}

/// The column that gives way next; none when only those that must stay are left.
fn least_wanted(columns: &[Candidate]) -> Option<usize> {
    columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.priority > 0)
        .max_by_key(|(index, column)| (column.priority, *index))
        .map(|(index, _)| index)
}

/// Gives the room that is left to the texts that were cut, the most wanted first.
fn grow(columns: &mut [Candidate], available: u32) {
    let mut room = available.saturating_sub(total(columns));
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by_key(|index| columns.get(*index).map(|column| column.priority));
    for index in order {
        let Some(column) = columns.get_mut(index) else { continue };
        let wanted = u32::from(column.natural - column.least);
        let given = u16::try_from(wanted.min(room)).unwrap_or(0);
        column.width += given;
        room -= u32::from(given);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::{ALL, Kind};
    use proptest::prelude::*;

    fn labels(spec: &'static Spec, placement: &Placement) -> Vec<&'static str> {
        placement.shown.iter().map(|placed| spec.fields[placed.field].label).collect()
    }

    #[test]
    fn wide_terminals_show_all_and_narrow_ones_keep_what_matters() {
        let spec = Spec::named("transactions").unwrap();
        let natural = [8, 10, 12, 3, 30, 8, 6, 24];
        let all: Vec<usize> = of(spec).map(|(field, _)| field).collect();
        let place = |cursor, width| place(spec, &all, &natural, cursor, width);
        let wide = place(0, 140);
        assert_eq!((wide.shown.len(), wide.hidden), (8, 0));
        let narrow = place(0, 60);
        assert_eq!(labels(spec, &narrow), ["Booking", "Issued", "Amount", "Cur", "Beneficiary"]);
        let reached = place(7, 60);
        assert_eq!(labels(spec, &reached), ["Booking", "Amount", "Cur", "Bank account"]);
    }

    proptest! {
        #[test]
        fn amounts_are_never_cut_and_no_more_room_is_taken_than_there_is(
            list in 0..ALL.len(), natural in proptest::collection::vec(0u16..60, 20),
            cursor in 0usize..12, available in 0u16..300,
        ) {
            let spec = ALL[list];
            let all: Vec<usize> = of(spec).map(|(field, _)| field).collect();
            let placement = place(spec, &all, &natural, cursor, available);
            prop_assert_eq!(placement.shown.len() + placement.hidden, of(spec).count());
            for placed in &placement.shown {
                let field = &spec.fields[placed.field];
                if matches!(field.kind, Kind::Minor | Kind::MinorEur) {
                    prop_assert!(placed.width >= natural[placed.field].min(27));
                }
            }
            let taken: u32 = placement.shown.iter().map(|p| u32::from(p.width + GAP)).sum();
            let kept = placement.shown.len() <= 2;
            prop_assert!(kept || taken <= u32::from(available + GAP - GUTTER), "{placement:?}");
        }
    }
}
