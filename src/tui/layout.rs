//! The regions of the screen, which the view draws and the cursor moves in. Pure.

use std::borrow::Cow;

use ratatui::layout::Rect;

use crate::tui::component::detail::Detail;

/// Columns and rows.
pub const SMALLEST: (u16, u16) = (40, 10);
/// Columns; from this width on, the detail pane is to the right of the table instead of below it.
const WIDE: u16 = 110;
/// Columns.
const PANE: u16 = 52;
/// Lines; on a lower screen, a list has no summary.
const SUMMARIZED: u16 = 14;
/// Lines; from this height on, the summary may have a second line.
const HIGH: u16 = 30;
/// Lines.
const MESSAGE: u16 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shape {
    /// Lines.
    pub summary: u16,
    pub has_chips: bool,
    /// Lines.
    pub panel: u16,
    pub detail: Detail,
    /// Cells of a detail pane that is always to the right of the table.
    pub pane: Option<u16>,
    pub message: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Regions {
    pub header: Rect,
    pub tabs: Rect,
    pub summary: Rect,
    pub chips: Rect,
    pub panel: Rect,
    /// With its header line.
    pub table: Rect,
    pub detail: Rect,
    pub message: Rect,
    pub status: Rect,
    pub hints: Rect,
}

impl Regions {
    pub fn rows(&self) -> usize {
        usize::from(self.table.height.saturating_sub(1))
    }

    /// The line of a cell below the `header` lines of the table.
    pub fn line_at(&self, x: u16, y: u16, header: u16) -> Option<usize> {
        let (region, top) = (self.table, self.table.y + header);
        let is_inside =
            (region.x..region.right()).contains(&x) && (top..region.bottom()).contains(&y);
        is_inside.then(|| usize::from(y - top))
    }
}

/// `size` in columns and rows.
pub fn regions(size: (u16, u16), shape: Shape) -> Regions {
    let (width, height) = size;
    let mut top = 0;
    let mut line = |preferred: u16| {
        let rect = Rect::new(0, top, width, preferred.min(height.saturating_sub(top)));
        top += rect.height;
        rect
    };
    let (header, tabs) = (line(1), line(1));
    let summary = line(match height {
        ..SUMMARIZED => 0,
        SUMMARIZED..HIGH => shape.summary.min(1),
        _ => shape.summary,
    });
    // The table always keeps a header and two rows.
    let chips = line(u16::from(shape.has_chips && height > 10));
    let above = summary.height + chips.height;
    let spare = height.saturating_sub(7 + above);
    let message = shape.message.min(MESSAGE).min(spare);
    let panel = line(shape.panel.min(spare - message));
    let body = line(height.saturating_sub(4 + above + message + panel.height));
    let (message, status, hints) = (line(message), line(1), line(1));
    let (table, detail) = divide(body, shape);
    Regions { header, tabs, summary, chips, panel, table, detail, message, status, hints }
}

fn divide(body: Rect, shape: Shape) -> (Rect, Rect) {
    let nothing = Rect { height: 0, ..body };
    if !shape.detail.is_open {
        return (body, nothing);
    }
    if shape.detail.is_zoomed {
        return (nothing, body);
    }
    let side_pane = shape.pane.or((body.width >= WIDE).then_some(PANE));
    if let Some(pane) = side_pane {
        let table = Rect { width: body.width.saturating_sub(pane), ..body };
        return (table, Rect { x: table.width, width: body.width - table.width, ..body });
    }
    let below = body.height / 2;
    let table = Rect { height: body.height - below, ..body };
    (table, Rect { y: body.y + table.height, height: below, ..body })
}

/// The width of a modal: the width of the screen if only a strip would be left at its sides.
fn lying(width: u16, preferred: u16) -> u16 {
    if width < preferred + 12 { width } else { preferred }
}

/// Cells of the border and the padding of a popup, both sides together.
pub const FRAME: u16 = 4;

/// With its border.
pub fn reader((width, height): (u16, u16)) -> Rect {
    let wide = lying(width, 100);
    Rect::new((width - wide) / 2, height.min(1), wide, height.saturating_sub(3))
}

/// Cells and lines inside the border, below the line that is typed.
pub fn help_room(size: (u16, u16)) -> (u16, u16) {
    let area = reader(size);
    (area.width.saturating_sub(FRAME), area.height.saturating_sub(3))
}

pub fn form((width, height): (u16, u16), lines: u16) -> Rect {
    let wide = lying(width, 84);
    let high = lines.saturating_add(2).min(height.saturating_sub(2));
    Rect::new((width - wide) / 2, (height - high) / 3, wide, high)
}

/// The window of a write, with its border; `lines` are those inside.
pub fn plan((width, height): (u16, u16), lines: u16) -> Rect {
    let wide = lying(width, 100);
    let high = lines.saturating_add(2).min(height.saturating_sub(2));
    Rect::new((width - wide) / 2, height.saturating_sub(high) / 3, wide, high)
}

/// As wide as its content; `content` in cells and lines.
pub fn choices((width, height): (u16, u16), [cells, lines]: [u16; 2]) -> Rect {
    let wide = cells.saturating_add(FRAME).min(width);
    let high = lines.saturating_add(2).min(height.saturating_sub(2));
    Rect::new((width - wide) / 2, (height - high) / 3, wide, high)
}

/// `offered` is the number of offers below the line.
pub fn prompt((width, height): (u16, u16), offered: u16) -> Rect {
    let wide = width.saturating_sub(4).min(64);
    let high = offered.saturating_add(5).min(height);
    Rect::new((width - wide) / 2, (height - high) / 3, wide, high)
}

pub fn message_lines(text: &str, width: u16) -> Vec<String> {
    let room = usize::from(width.saturating_sub(2)).max(8);
    let wrapped = textwrap::wrap(text, room);
    wrapped.into_iter().take(MESSAGE.into()).map(Cow::into_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn regions_never_overlap_nor_leave_the_screen(
            width in any::<u16>(), height in any::<u16>(), panel in 0u16..30, message in 0u16..9,
            has_detail in any::<bool>(), is_zoomed in any::<bool>(), has_chips in any::<bool>(),
            summary in 0u16..3,
            pane in proptest::option::of(0u16..90),
        ) {
            let detail = Detail { is_open: has_detail, is_zoomed, top: 0 };
            let shape = Shape { summary, has_chips, panel, detail, pane, message };
            let r = regions((width, height), shape);
            let all = [r.header, r.tabs, r.summary, r.chips, r.panel, r.table, r.detail, r.message, r.status, r.hints];
            let screen = Rect::new(0, 0, width, height);
            for (index, a) in all.iter().enumerate() {
                prop_assert!(a.is_empty() || screen.intersection(*a) == *a);
                for b in all.iter().skip(index + 1) {
                    prop_assert!(a.intersection(*b).is_empty(), "{a:?} {b:?}");
                }
            }
            let area: u32 = all.iter().map(|a| u32::from(a.width) * u32::from(a.height)).sum();
            prop_assert_eq!(area, u32::from(width) * u32::from(height));
        }
    }

    #[test]
    fn a_screen_of_24_lines_has_19_rows_a_list_18_and_keeps_two_beside_a_long_message() {
        assert_eq!(regions((80, 24), Shape::default()).rows(), 19);
        let list = Shape { summary: 1, ..Shape::default() };
        assert_eq!((regions((80, 24), list).rows(), regions((80, 14), list).rows()), (18, 8));
        assert_eq!(regions((80, 13), list).rows(), 8, "a low screen has rows in its place");
        let crowded = Shape { panel: 20, message: 9, ..Shape::default() };
        assert_eq!(regions((80, 12), crowded).rows(), 2);
    }
}
