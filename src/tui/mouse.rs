//! The mouse, where the user wants it: the wheel moves as keys do, a click picks a tab or a row.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Step, no_key};
use crate::tui::model::Model;
use crate::tui::screen::booking::state::View;
use crate::tui::screen::list::tabs::Tabs;
use crate::tui::screen::list::update as list;
use crate::tui::update::act;

/// Rows that one notch of the wheel moves.
const NOTCH: usize = 3;

/// Takes an event of the mouse.
pub fn act_on(model: &mut Model, event: MouseEvent) -> Vec<Effect> {
    if !model.looks.has_mouse {
        model.is_dirty = false;
        return Vec::new();
    }
    model.last_key = model.now.elapsed;
    match event.kind {
        MouseEventKind::ScrollDown => wheel(model, Step::Down),
        MouseEventKind::ScrollUp => wheel(model, Step::Up),
        MouseEventKind::Down(MouseButton::Left) => click(model, event.column, event.row),
        _ => {
            model.is_dirty = false;
            Vec::new()
        }
    }
}

fn wheel(model: &mut Model, step: Step) -> Vec<Effect> {
    (0..NOTCH).flat_map(|_| act(model, Action::Move(step), "", no_key())).collect()
}

fn click(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    let regions = model.regions();
    if model.popup.is_some() {
        return Vec::new();
    }
    if let Some(sheet) = model.sheet_mut() {
        let line = sheet.scroll.top + usize::from(y.saturating_sub(regions.table.y));
        if (regions.table.y..regions.table.bottom()).contains(&y) && line < sheet.lines().len() {
            sheet.scroll.cursor = line;
        }
        return Vec::new();
    }
    let is_list = model.bookings.is_empty();
    if is_list && y == regions.tabs.y {
        let tab = Tabs::of(model, regions.tabs.width).at(x);
        return tab.map(|tab| list::show(model, tab, true)).unwrap_or_default();
    }
    let table = regions.table;
    let is_table =
        is_list || model.bookings.last().is_some_and(|booking| booking.view == View::Sections);
    let is_inside =
        (table.x..table.right()).contains(&x) && (table.y + 1..table.bottom()).contains(&y);
    if let Some(shown) = model.table_mut().filter(|_| is_table && is_inside) {
        let row = shown.top() + usize::from(y - table.y - 1);
        if row < shown.len() {
            shown.go_to_row(row);
            model.detail.top = 0;
        }
    }
    Vec::new()
}

/// Gives the mouse to valora, or back to the terminal.
pub fn toggle(model: &mut Model) -> Vec<Effect> {
    let has_mouse = !model.looks.has_mouse;
    model.looks.has_mouse = has_mouse;
    let text = if has_mouse {
        "The wheel and clicks are valora's; hold shift to select text. :mouse gives them back."
    } else {
        "The mouse is the terminal's again."
    };
    model.notice = Some(text.to_owned());
    vec![Effect::Mouse(has_mouse)]
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyModifiers;

    use super::*;
    use crate::tui::msg::Msg;
    use crate::tui::tests::fetches;
    use crate::tui::tests::loaded;
    use crate::tui::tests::press;
    use crate::tui::update::update;

    fn mouse(model: &mut Model, kind: MouseEventKind, column: u16, row: u16) -> Vec<Effect> {
        let now = model.now;
        let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        update(model, now, Msg::Mouse(event))
    }

    #[test]
    fn the_wheel_moves_and_a_click_picks_a_row_or_a_tab() {
        let mut model = loaded(90);
        mouse(&mut model, MouseEventKind::ScrollDown, 5, 5);
        assert_eq!(model.table().unwrap().cursor(), 0, "the mouse is the terminal's");
        model.looks.has_mouse = true;
        mouse(&mut model, MouseEventKind::ScrollDown, 5, 5);
        assert_eq!(model.table().unwrap().cursor(), 3);
        mouse(&mut model, MouseEventKind::ScrollUp, 5, 5);
        assert_eq!(model.table().unwrap().cursor(), 0);
        let click = MouseEventKind::Down(MouseButton::Left);
        let first = model.regions().table.y + 1;
        mouse(&mut model, click, 20, first + 7);
        assert_eq!(model.table().unwrap().cursor(), 7);
        for (x, y) in [(20, first - 1), (500, first), (20, 500)] {
            mouse(&mut model, click, x, y);
            assert_eq!(model.table().unwrap().cursor(), 7, "{x} {y}");
        }
        let tabs = Tabs::of(&model, 80);
        let x = (0..80).find(|x| tabs.at(*x) == Some(2)).unwrap();
        let y = model.regions().tabs.y;
        let effects = mouse(&mut model, click, x, y);
        assert_eq!((model.tab, fetches(&effects).len()), (2, 1));
        assert_eq!((tabs.at(0), tabs.at(300)), (None, None));
    }

    #[test]
    fn nothing_below_a_popup_is_clicked_and_the_mouse_is_given_back() {
        let mut model = loaded(90);
        press(&mut model, "b");
        let first = model.regions().table.y + 1;
        mouse(&mut model, MouseEventKind::Down(MouseButton::Left), 20, first + 7);
        assert_eq!(model.table().unwrap().cursor(), 0);
        assert_eq!(toggle(&mut model), [Effect::Mouse(true)]);
        assert_eq!(toggle(&mut model), [Effect::Mouse(false)]);
    }
}
