//! Which columns a table shows, and how wide: texts shrink first, then columns give way by priority.

use std::collections::BTreeMap;

use crate::list::Spec;

pub const GAP: u16 = 2;
/// Cells before the first column, for the cursor's mark.
pub const GUTTER: u16 = 2;

/// Cells of the arrow behind the title of the column that is sorted by.
const ARROW: u16 = 2;
/// Cells that a text keeps, however narrow the screen is.
const SHORTEST: u16 = 6;

/// A column as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// The position of its field in the list.
    pub field: usize,
    pub width: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Placement {
    /// Those that are shown, from left to right.
    pub shown: Vec<Placed>,
    /// How many gave way; the column cursor reaches them.
    pub hidden: usize,
}

/// What a table asks of the screen.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    pub spec: &'static Spec,
    /// The positions of the columns, from left to right.
    pub columns: &'a [usize],
    /// For each position the cells that its widest value takes.
    pub natural: &'a [u16],
    /// The widths that the user gave columns, by position.
    pub fixed: &'a BTreeMap<usize, u16>,
    /// The column that the rows are sorted by; its title carries an arrow.
    pub sorted: Option<&'a str>,
    /// Which of the columns the cursor is on.
    pub cursor: usize,
}

struct Candidate {
    field: usize,
    /// 0 is kept longest.
    priority: u8,
    least: u16,
    natural: u16,
    width: u16,
    is_amount: bool,
}

/// Places the columns in `available` cells; the first one and the one under the cursor never give
/// way.
pub fn place(wish: &Wish<'_>, available: u16) -> Placement {
    let candidate = |(index, position): (usize, &usize)| {
        let is_kept = index == 0 || index == wish.cursor;
        wished(wish, *position, is_kept)
    };
    let mut columns: Vec<Candidate> =
        wish.columns.iter().enumerate().filter_map(candidate).collect();
    let all = columns.len();
    let available = u32::from(available.saturating_sub(GUTTER));
    while columns.len() > 1 && total(&columns) > available {
        let Some(last) = least_wanted(&columns) else { break };
        columns.remove(last);
    }
    squeeze(&mut columns, available);
    grow(&mut columns, available);
    let hidden = all - columns.len();
    let shown = columns.iter().map(|c| Placed { field: c.field, width: c.width }).collect();
    Placement { shown, hidden }
}

/// A column as wide as it must be; texts grow later, where there is room.
fn wished(wish: &Wish<'_>, position: usize, is_kept: bool) -> Option<Candidate> {
    let described = wish.spec.described(position)?;
    let arrow = if wish.sorted == Some(described.name) { ARROW } else { 0 };
    let title = u16::try_from(described.label.len()).unwrap_or(u16::MAX).saturating_add(arrow);
    let content = wish.natural.get(position).copied().unwrap_or(0);
    let fixed = wish.fixed.get(&position).copied().filter(|_| !described.is_amount);
    let most = fixed.unwrap_or(described.column.most.max(title));
    let natural = content.max(title).max(fixed.unwrap_or(0)).min(most);
    let may_be_cut = described.may_be_cut && fixed.is_none();
    let least = if may_be_cut { described.column.least.clamp(title, natural) } else { natural };
    let priority = if is_kept { 0 } else { described.column.priority.saturating_add(1) };
    let is_amount = described.is_amount;
    Some(Candidate { field: position, priority, least, natural, width: least, is_amount })
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

/// Where even the columns that must stay do not fit, the longest text gives way to the amounts.
fn squeeze(columns: &mut [Candidate], available: u32) {
    let over = total(columns).saturating_sub(available);
    let texts = columns.iter_mut().filter(|column| !column.is_amount);
    if let Some(longest) = texts.max_by_key(|column| column.width) {
        let over = u16::try_from(over).unwrap_or(u16::MAX);
        longest.width = longest.width.saturating_sub(over).max(SHORTEST.min(longest.width));
        longest.least = longest.width;
    }
}

/// Gives the room that is left to the texts that were cut, the most wanted first.
fn grow(columns: &mut [Candidate], available: u32) {
    let mut room = available.saturating_sub(total(columns));
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by_key(|index| columns.get(*index).map(|column| column.priority));
    for index in order {
        let Some(column) = columns.get_mut(index) else { continue };
        let wanted = u32::from(column.natural.saturating_sub(column.width));
        let given = u16::try_from(wanted.min(room)).unwrap_or(0);
        column.width += given;
        room -= u32::from(given);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::ALL;
    use proptest::prelude::*;

    fn labels(spec: &'static Spec, placement: &Placement) -> Vec<&'static str> {
        placement.shown.iter().map(|placed| spec.described(placed.field).unwrap().label).collect()
    }

    fn placed(spec: &'static Spec, natural: &[u16], cursor: usize, width: u16) -> Placement {
        let columns: Vec<usize> =
            spec.columns().filter_map(|name| spec.column_position(name)).collect();
        let fixed = BTreeMap::new();
        let wish = Wish { spec, columns: &columns, natural, fixed: &fixed, sorted: None, cursor };
        place(&wish, width)
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
        let columns = [0, 2, 4];
        let fixed = BTreeMap::from([(0, 20), (2, 3), (4, 5)]);
        let natural = [8, 10, 12, 3, 30, 8, 6, 24];
        let wish = Wish {
            spec,
            columns: &columns,
            natural: &natural,
            fixed: &fixed,
            sorted: Some("amount"),
            cursor: 0,
        };
        let widths: Vec<u16> = place(&wish, 200).shown.iter().map(|placed| placed.width).collect();
        assert_eq!(widths, [20, 12, 5]);
    }

    proptest! {
        #[test]
        fn amounts_are_never_cut_and_no_more_room_is_taken_than_there_is(
            list in 0..ALL.len(), natural in proptest::collection::vec(0u16..60, 24),
            cursor in 0usize..12, available in 0u16..300,
        ) {
            let spec = ALL[list];
            let placement = placed(spec, &natural, cursor, available);
            prop_assert_eq!(placement.shown.len() + placement.hidden, spec.columns().count());
            for placed in &placement.shown {
                if spec.described(placed.field).unwrap().is_amount {
                    prop_assert!(placed.width >= natural[placed.field].min(27));
                }
            }
            let taken: u32 = placement.shown.iter().map(|p| u32::from(p.width + GAP)).sum();
            let kept = placement.shown.len() <= 2;
            prop_assert!(kept || taken <= u32::from(available + GAP - GUTTER), "{placement:?}");
        }
    }
}
