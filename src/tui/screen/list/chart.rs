//! The charts of a list, over the screen.

use crate::chart::{self, Cut};
use crate::domain::money::{counted, format_count};
use crate::figures::summary::{Of, Scope};
use crate::tui::cx::Cx;
use crate::tui::layout;
use crate::tui::modal::reader::Reader;
use crate::tui::screen::list::state::List;

pub fn why_not(cx: &Cx) -> Option<String> {
    let list = cx.list();
    if list.spec().charts.is_empty() {
        return Some(format!("The list {} has no chart.", list.spec().title));
    }
    let is_asked = list.load.is_some();
    let title = list.spec().title;
    let why = if is_asked {
        format!("The list {title} is still loading. Try again once its rows are shown.")
    } else {
        format!("The list {title} is not loaded. {}", cx.words("{refresh} loads it."))
    };
    // A list that is not loaded is not a list without rows.
    list.fetched.is_none().then_some(why)
}

/// The chart of the rows that the summary counts, as wide as the screen allows. Its first line
/// names these rows.
pub fn of_list(cx: &Cx) -> Option<Reader> {
    let width = layout::reader(cx.size).width.saturating_sub(layout::FRAME);
    let list = cx.list();
    let (table, scope) = (&list.table, list.scope());
    let cut = match scope {
        Scope { part: None, .. } | Scope { of: Of::Marked, .. } => Cut::Nowhere,
        _ if list.lacks_a_value() => Cut::Everywhere,
        _ => Cut::of(table.spec(), table.records()),
    };
    let rows = table.counted();
    let bars = chart::lines(table.spec(), &rows, cut, cx.now.local.date(), width.into());
    if bars.is_empty() {
        return None;
    }
    let title = format!("Chart · {}", list.spec().title);
    let text = [coverage(list, scope, rows.len(), cx), String::new()].into_iter().chain(bars);
    Some(Reader::of_chart(title, text.collect(), cut != Cut::Nowhere))
}

/// Loads the rows that are missing in the chart; its first line shows the cost.
pub fn load_rest(cx: &mut Cx) {
    let list = cx.list();
    if list.all.is_none() && list.cost_of_all(&cx.network.0).is_some() {
        cx.load_all();
    }
}

/// `Counts 100 of 2,113 rows; L loads the rest.`
fn coverage(list: &List, scope: Scope, rows: usize, cx: &Cx) -> String {
    let found = counted(rows as u64, "row");
    let loaded = format_count(list.table.records().len() as u64);
    // In triage and in groups, rows are hidden.
    let is_queue = list.table.options.queue.is_some() && rows < list.table.records().len();
    let what = match (scope.of, scope.part) {
        (Of::Marked, _) => {
            return format!("Counts the marked rows: {}.", format_count(rows as u64));
        }
        (_, None) if is_queue => return format!("Counts the {found} shown, out of {loaded}."),
        (_, Some(_)) if is_queue => {
            format!("Counts the {found} shown among {} rows", scope.loaded())
        }
        (Of::Found, None) => return format!("Counts the {found} found in all {loaded}."),
        (Of::All, None) => return format!("Counts all rows: {loaded}."),
        (Of::Found, Some(_)) => format!("Counts the {found} found in {} rows", scope.loaded()),
        (Of::All, Some(_)) => format!("Counts {} rows", scope.loaded()),
    };
    let cost = list.cost_of_all(&cx.network.0);
    let rest = match cost {
        _ if list.all.is_some() => "loading the rest…".to_owned(),
        Some(cost) => {
            let requests = counted(cost.requests.into(), "request");
            format!("{} ({requests}).", cx.words("{load-all} loads the rest"))
        }
        None => cx.words("the server sends no more rows; {refresh} refreshes."),
    };
    format!("{what}; {rest}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::msg::Msg;
    use crate::tui::stack::Tui;
    use crate::tui::tests::sentences::drawn;
    use crate::tui::tests::{answer_all, fetches, loaded, press};
    use crate::tui::update::update;

    #[test]
    fn the_chart_says_of_how_many_rows_it_speaks_and_goes_away() {
        for (total, said) in [
            (9, "Counts all rows: 9."),
            (1_200, "Counts 100 of 1,200 rows; L loads the rest (3 requests)."),
        ] {
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
        // The rows of the second list are requested and not answered.
        press(&mut model, "2 w");
        assert!(model.modal().is_none());
        assert!(model.cx.notice.as_deref().is_some_and(|it| {
            it.ends_with("is still loading. Try again once its rows are shown.")
        }));
    }

    fn text(model: &Tui) -> Vec<String> {
        let Some(reader) = model.modal_of::<Reader>() else { panic!("no chart") };
        reader.text.clone()
    }

    #[test]
    fn one_key_loads_the_rest_of_a_chart_and_it_is_drawn_again_as_rows_come() {
        let mut model = loaded(1_200);
        press(&mut model, "w");
        let effects = press(&mut model, "L");
        assert_eq!(text(&model)[0], "Counts 100 of 1,200 rows; loading the rest…");
        assert_eq!(fetches(&effects).len(), 3);
        let (first, others) = effects.split_at(1);
        answer_all(&mut model, first, 1_200);
        assert_eq!(text(&model)[0], "Counts 500 of 1,200 rows; loading the rest…");
        answer_all(&mut model, others, 1_200);
        assert_eq!(text(&model)[0], "Counts all rows: 1,200.");
        assert!(!text(&model).join(" ").contains("(partial)"));
        assert!(press(&mut model, "L").is_empty());
        assert!(model.modal().is_some(), "there is nothing to load, and it stays open");
    }

    #[test]
    fn in_triage_a_chart_and_a_heading_say_that_rows_are_hidden() {
        let mut model = loaded(5);
        let effects = press(&mut model, "4");
        answer_all(&mut model, effects, 5);
        press(&mut model, "t s s d");
        assert!(
            drawn(&model).contains("── no status · 4 open · 0.06 · 1 hidden"),
            "{}",
            drawn(&model)
        );
        press(&mut model, ": c h a r t enter");
        assert_eq!(text(&model)[0], "Counts the 4 rows shown, out of 5.");
        press(&mut model, "esc H");
        assert!(!drawn(&model).contains("1 hidden"), "{}", drawn(&model));
        press(&mut model, ": c h a r t enter");
        assert_eq!(text(&model)[0], "Counts all rows: 5.");
        let mut model = loaded(1_200);
        let effects = press(&mut model, "4");
        answer_all(&mut model, effects, 1_200);
        press(&mut model, "t s s d");
        let screen = drawn(&model);
        assert!(screen.contains("── no status (partial) · 99 open · 48.51 · 1 hidden"), "{screen}");
        press(&mut model, ": c h a r t enter");
        let said =
            "Counts the 99 rows shown among 100 of 1,200 rows; L loads the rest (3 requests).";
        assert_eq!(text(&model)[0], said);
    }

    #[test]
    fn a_chart_counts_the_rows_that_the_summary_counts() {
        let mut model = loaded(1_200);
        press(&mut model, "space space w");
        assert_eq!(text(&model)[0], "Counts the marked rows: 2.");
        assert!(!text(&model).join(" ").contains("(partial)"), "all of them are there");
        press(&mut model, "esc A");
        model.cx.list_mut().table.narrow("BK7");
        press(&mut model, "w");
        assert_eq!(
            text(&model)[0],
            "Counts the 11 rows found in 100 of 1,200 rows; L loads the rest (3 requests)."
        );
    }
}
