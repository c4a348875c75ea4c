//! Fits columns into a width: texts are cut, then columns are hidden; amounts are never cut.

/// Least cells of a text, however narrow the screen is.
const SHORTEST: u16 = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Never,
    Allowed,
}

#[derive(Debug, Clone, Copy)]
pub struct Column<T> {
    pub id: T,
    pub side: Side,
    /// The column with the highest number is hidden first; one with 0 is never hidden.
    pub priority: u8,
    pub least: u16,
    /// Cells of its widest content.
    pub natural: u16,
    pub cut: Cut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedColumn<T> {
    pub id: T,
    pub side: Side,
    pub width: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnLayout<T> {
    pub shown: Vec<PlacedColumn<T>>,
    pub hidden: usize,
    /// Cells between two columns.
    pub gap: u16,
}

/// `available` and `gap` in cells.
pub fn fit<T: Copy>(
    columns: impl IntoIterator<Item = Column<T>>,
    gap: u16,
    available: u16,
) -> ColumnLayout<T> {
    let mut columns: Vec<(Column<T>, u16)> =
        columns.into_iter().map(|column| (column, column.least)).collect();
    let all = columns.len();
    let mut places: Vec<usize> = (0..all).collect();
    let mut dropped = Vec::new();
    let over = |columns: &[(Column<T>, u16)]| {
        let widths: i64 = columns.iter().map(|(_, width)| i64::from(*width)).sum();
        let gaps = columns.len().saturating_sub(1) * usize::from(gap);
        widths + i64::try_from(gaps).unwrap_or(i64::MAX) - i64::from(available)
    };
    while over(&columns) > 0 {
        let droppable = columns.iter().enumerate().filter(|(_, (column, _))| column.priority > 0);
        let Some((last, _)) = droppable.max_by_key(|(at, (column, _))| (column.priority, *at))
        else {
            break;
        };
        dropped.push((places.remove(last), columns.remove(last)));
    }
    // A narrow column may fit where a wide one does not.
    for (place, column) in dropped.into_iter().rev() {
        let at = places.partition_point(|other| *other < place);
        columns.insert(at, column);
        if over(&columns) > 0 {
            columns.remove(at);
        } else {
            places.insert(at, place);
        }
    }
    let missing = u16::try_from(over(&columns).max(0)).unwrap_or(u16::MAX);
    let texts = columns.iter_mut().filter(|(column, _)| column.cut == Cut::Allowed);
    if let Some((_, width)) = texts.max_by_key(|(_, width)| *width) {
        *width = width.saturating_sub(missing).max(SHORTEST.min(*width));
    }
    let mut room = u16::try_from((-over(&columns)).max(0)).unwrap_or(u16::MAX);
    let mut order: Vec<_> = columns.iter_mut().collect();
    order.sort_by_key(|(column, _)| column.priority);
    for (column, width) in order {
        let more = column.natural.saturating_sub(*width).min(room);
        *width += more;
        room -= more;
    }
    let hidden = all - columns.len();
    let shown = columns.iter().map(|(column, width)| PlacedColumn {
        id: column.id,
        side: column.side,
        width: *width,
    });
    ColumnLayout { shown: shown.collect(), hidden, gap }
}

impl<T> ColumnLayout<T> {
    pub fn width(&self) -> usize {
        let gaps = self.shown.len().saturating_sub(1) * usize::from(self.gap);
        self.shown.iter().map(|column| usize::from(column.width)).sum::<usize>() + gaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn column(id: usize, priority: u8, width: u16) -> Column<usize> {
        let cut = Cut::Never;
        Column { id, side: Side::Left, priority, least: width, natural: width, cut }
    }

    fn shown(columns: &[Column<usize>], room: u16) -> Vec<usize> {
        fit(columns.to_vec(), 2, room).shown.iter().map(|column| column.id).collect()
    }

    #[test]
    fn a_wide_column_that_does_not_fit_keeps_out_no_narrow_one_and_the_order_stays() {
        let columns = [column(0, 0, 10), column(1, 3, 5), column(2, 1, 30), column(3, 2, 6)];
        assert_eq!(shown(&columns, 60), [0, 1, 2, 3]);
        assert_eq!(shown(&columns, 50), [0, 2, 3]);
        assert_eq!(shown(&columns, 26), [0, 1, 3], "the second by priority does not fit");
        assert_eq!(shown(&columns, 17), [0, 1]);
        assert_eq!(shown(&columns, 4), [0], "one with priority 0 stays");
    }

    proptest! {
        #[test]
        fn what_is_shown_fits_in_its_order_and_nothing_that_fits_is_left_out(
            widths in proptest::collection::vec((1u16..40, 1u8..9), 1..9), room in 0u16..120,
        ) {
            let columns: Vec<_> = widths.iter().enumerate()
                .map(|(id, (width, priority))| column(id, if id == 0 { 0 } else { *priority }, *width))
                .collect();
            let layout = fit(columns.clone(), 2, room);
            prop_assert!(layout.width() <= usize::from(room) || layout.shown.len() == 1);
            prop_assert!(layout.shown.is_sorted_by_key(|column| column.id));
            let left = usize::from(room).saturating_sub(layout.width() + 2);
            for column in columns.iter().filter(|it| !layout.shown.iter().any(|at| at.id == it.id)) {
                prop_assert!(usize::from(column.least) > left);
            }
        }
    }
}
