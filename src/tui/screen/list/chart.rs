//! The charts of a list, over the screen.

use crate::chart;
use crate::domain::money::format_count;
use crate::tui::layout;
use crate::tui::modal::update as popup;
use crate::tui::model::{Model, Popup, Reader};

const BORDER: u16 = 2;

/// Shows the fetched rows as bars, and says of how many rows they speak.
pub fn open(model: &mut Model) {
    let today = model.now.local.date();
    let width = layout::reader(model.size).width.saturating_sub(BORDER);
    let Some(list) = model.list() else { return };
    // No row has come yet: that is not the same as a list without rows.
    if list.fetched.is_none() {
        let todo = if list.load.is_some() { "they are on their way" } else { "r fetches them" };
        model.notice = Some(format!("No rows of {} are here yet; {todo}.", list.spec().title));
        return;
    }
    let rows = list.table.records();
    let bars = chart::lines(list.spec(), rows, today, width.into());
    if bars.is_empty() {
        model.notice = Some(format!("{} have no chart.", list.spec().title));
        return;
    }
    let fetched = format_count(rows.len() as u64);
    let of = match list.total.filter(|total| *total > rows.len() as u64) {
        Some(total) => {
            format!(
                "Of the {fetched} fetched rows of {}; esc, then L fetches all.",
                format_count(total)
            )
        }
        None if list.has_more() => {
            format!("Of the {fetched} fetched rows; esc, then L fetches all.")
        }
        None => format!("Of all {fetched} rows."),
    };
    let title = format!("Chart · {}", list.spec().title);
    let text = [of, String::new()].into_iter().chain(bars).collect();
    popup::open_reader(model, title, text);
    if let Some(Popup::Reader(reader)) = &mut model.popup {
        reader.is_chart = true;
    }
}

/// Draws the chart that is shown anew, for a screen of another size.
pub fn redraw(model: &mut Model) {
    let Some(Popup::Reader(Reader { top, is_chart: true, .. })) = model.popup else { return };
    open(model);
    if let Some(Popup::Reader(reader)) = &mut model.popup {
        reader.top = top;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::msg::Msg;
    use crate::tui::tests::loaded;
    use crate::tui::tests::press;
    use crate::tui::update::update;

    #[test]
    fn the_chart_says_of_how_many_rows_it_speaks_and_goes_away() {
        for (total, said) in [(9, "Of all 9 rows."), (1_200, "Of the 100 fetched rows of 1,200")] {
            let mut model = loaded(total);
            press(&mut model, "w");
            let Some(Popup::Reader(reader)) = &model.popup else { panic!("no chart") };
            assert!(reader.text[0].starts_with(said), "{:?}", reader.text);
            assert!(reader.text.len() > 3);
            press(&mut model, "w");
            assert!(model.popup.is_none());
        }
    }

    #[test]
    fn its_bars_follow_the_size_of_the_screen() {
        let mut model = loaded(9);
        press(&mut model, "w");
        let longest = |model: &Model| {
            let Some(Popup::Reader(reader)) = &model.popup else { panic!("no chart") };
            reader.lines.iter().map(|line| line.chars().count()).max().unwrap()
        };
        let before = longest(&model);
        let now = model.now;
        let _ = update(&mut model, now, Msg::Resized(48, 20));
        assert!(longest(&model) < before && longest(&model) <= 46);
    }

    #[test]
    fn rows_that_have_not_come_are_not_charted_as_none() {
        let mut model = loaded(9);
        // The rows of the second list are asked for and not answered.
        press(&mut model, "2 w");
        assert!(model.popup.is_none());
        assert!(model.notice.as_deref().is_some_and(|it| it.contains("on their way")));
    }
}
