//! The charts of a list, over the screen.

use crate::chart;
use crate::domain::money::format_count;
use crate::tui::cx::Cx;
use crate::tui::layout;
use crate::tui::modal::reader::Reader;

const BORDER: u16 = 2;

pub fn why_not(cx: &Cx) -> Option<String> {
    let list = cx.list();
    if list.spec().charts.is_empty() {
        return Some(format!("{} have no chart.", list.spec().title));
    }
    let is_asked = list.load.is_some();
    let todo = if is_asked { "they are on their way." } else { "{refresh} fetches them." };
    let why = format!("No rows of {} are here yet; {}", list.spec().title, cx.words(todo));
    // That is not the same as a list without rows.
    list.fetched.is_none().then_some(why)
}

/// The chart of the list that is shown, as wide as the screen allows. Its first line says how many
/// rows it covers.
pub fn of_list(cx: &Cx) -> Option<Reader> {
    let width = layout::reader(cx.size).width.saturating_sub(BORDER);
    let list = cx.list();
    let rows = list.table.records();
    let bars = chart::lines(list.table.spec(), rows, cx.now.local.date(), width.into());
    if bars.is_empty() {
        return None;
    }
    let fetched = format_count(rows.len() as u64);
    let total = list.total.filter(|total| *total > rows.len() as u64);
    let of = if total.is_some() || list.has_more() {
        let total = total.map(|total| format!(" of {}", format_count(total))).unwrap_or_default();
        let then = cx.words(list.rest_by());
        let close = cx.words("{close-reader}, then");
        format!("Of the {fetched} fetched rows{total}; {close} {then}.")
    } else {
        format!("Of all {fetched} rows.")
    };
    let title = format!("Chart · {}", list.spec().title);
    let text = [of, String::new()].into_iter().chain(bars).collect();
    Some(Reader { is_chart: true, ..Reader::new(title, text) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::msg::Msg;
    use crate::tui::stack::Tui;
    use crate::tui::tests::loaded;
    use crate::tui::tests::press;
    use crate::tui::update::update;

    #[test]
    fn the_chart_says_of_how_many_rows_it_speaks_and_goes_away() {
        for (total, said) in [(9, "Of all 9 rows."), (1_200, "Of the 100 fetched rows of 1,200")] {
            let mut model = loaded(total);
            press(&mut model, "w");
            let Some(reader) = model.modal_of::<Reader>() else { panic!("no chart") };
            assert!(reader.text[0].starts_with(said), "{:?}", reader.text);
            assert!(reader.text.len() > 3);
            press(&mut model, "w");
            assert!(model.modal().is_none());
        }
    }

    #[test]
    fn its_bars_follow_the_size_of_the_screen() {
        let mut model = loaded(9);
        press(&mut model, "w");
        let longest = |model: &Tui| {
            let Some(reader) = model.modal_of::<Reader>() else { panic!("no chart") };
            reader.lines.iter().map(|line| line.chars().count()).max().unwrap()
        };
        let before = longest(&model);
        let now = model.cx.now;
        let _ = update(&mut model, now, Msg::Resized(48, 20));
        assert!(longest(&model) < before && longest(&model) <= 46);
    }

    #[test]
    fn rows_that_have_not_come_are_not_charted_as_none() {
        let mut model = loaded(9);
        // The rows of the second list are asked for and not answered.
        press(&mut model, "2 w");
        assert!(model.modal().is_none());
        assert!(model.cx.notice.as_deref().is_some_and(|it| it.contains("on their way")));
    }
}
