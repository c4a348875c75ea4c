//! Refreshes the list on the screen by itself, where the user asked for that.

use crate::tui::advice;
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::screen::list::fetch;
use crate::tui::screen::list::state::Due;

/// Turns it on or off for the list on the screen.
pub fn set(model: &mut Model, every: Option<u32>) {
    let now = model.now.elapsed;
    let Some(list) = model.lists.get_mut(model.tab) else { return };
    list.set_auto(every, now);
    model.notice = Some(match every {
        Some(every) => format!(
            "This list is fetched anew every {every} s while it is shown; it ends after 15 min \
             without a key, or with :auto off."
        ),
        None => "This list is fetched anew only with r.".to_owned(),
    });
}

/// What is due for the list on the screen, and for no other.
fn due(model: &Model) -> Option<Due> {
    let list = model.list().filter(|_| model.shows_list())?;
    list.due(model.last_key, model.now.elapsed)
}

/// When something is to be done.
pub fn wake_at(model: &Model) -> Option<u64> {
    match due(model)? {
        Due::At(at) => Some(at),
        _ => Some(model.now.elapsed),
    }
}

pub fn refresh(model: &mut Model) -> Vec<Effect> {
    let Some(due) = due(model) else { return Vec::new() };
    let now = model.now.elapsed;
    let Some(list) = model.lists.get_mut(model.tab) else { return Vec::new() };
    match due {
        Due::At(_) => return Vec::new(),
        Due::Now => {
            list.begin_auto(now);
            return fetch::refresh_by_itself(model);
        }
        Due::Unattended => {
            list.set_auto(None, now);
            let text = "No key for 15 min, so the list is not fetched by itself any more; :auto 60 \
                        begins again.";
            model.notice = Some(text.to_owned());
        }
        Due::Refused => {
            list.set_auto(None, now);
            let keymap = &model.looks.keymap;
            let failure = list.failure.as_ref().map(|it| advice::sentence(it, keymap));
            let failure = failure.unwrap_or_default();
            model.notice = Some(format!("{failure} The list is not fetched by itself any more."));
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use crate::domain::failure::Kind;
    use crate::tui::effect::Effect;
    use crate::tui::effect::Priority;
    use crate::tui::effect::Ticket;
    use crate::tui::model::Model;
    use crate::tui::msg::Msg;
    use crate::tui::tests::answer_all;
    use crate::tui::tests::at;
    use crate::tui::tests::failure;
    use crate::tui::tests::fetches;
    use crate::tui::tests::loaded;
    use crate::tui::tests::press;
    use crate::tui::update::update;
    use crate::tui::update::wake_at;

    fn wake(model: &mut Model, now: u64) -> Vec<Effect> {
        update(model, at(now), Msg::Woken)
    }

    fn told(model: &Model) -> &str {
        model.notice.as_deref().unwrap_or_default()
    }

    fn with_auto(seconds: &str) -> Model {
        let mut model = loaded(500);
        let keys: Vec<String> = format!(":auto{seconds}").chars().map(String::from).collect();
        press(&mut model, &keys.join(" ").replace("o ", "o space "));
        press(&mut model, "enter");
        model
    }

    #[test]
    fn nothing_is_fetched_by_itself_unless_asked_for() {
        let mut model = loaded(500);
        for hour in 1..=24 {
            assert_eq!(wake(&mut model, hour * 3_600_000), []);
        }
    }

    #[test]
    fn a_list_is_refreshed_at_the_lowest_urgency_and_only_while_it_is_shown() {
        let mut model = with_auto("60");
        assert_eq!(wake_at(&model), Some(60_000));
        assert_eq!(wake(&mut model, 59_999), []);
        let asked = wake(&mut model, 60_000);
        assert!(matches!(asked[..], [Effect::Fetch(_, Priority::Background, _)]), "{asked:?}");
        assert_eq!(fetches(&wake(&mut model, 130_000)).len(), 0, "one is under way");
        answer_all(&mut model, asked, 500);
        let effects = press(&mut model, "2");
        answer_all(&mut model, effects, 500);
        assert_eq!(fetches(&wake(&mut model, 400_000)).len(), 0, "another list is shown");
        assert_eq!(fetches(&press(&mut model, "1")).len(), 1, "it is due");
    }

    #[test]
    fn it_ends_after_15_minutes_without_a_key_and_where_the_server_refuses() {
        let mut model = with_auto("600");
        let asked = wake(&mut model, 600_000);
        answer_all(&mut model, asked, 500);
        assert_eq!(wake_at(&model), Some(900_000));
        assert_eq!(wake(&mut model, 900_000), []);
        assert!(told(&model).contains("15 min"), "{}", told(&model));
        assert_eq!(wake_at(&model), None);

        for (kind, goes_on) in [(Kind::Access, false), (Kind::Passing, true)] {
            let mut model = with_auto("60");
            let ticket = |effects: &[Effect]| -> Ticket { fetches(effects)[0].0 };
            let asked = wake(&mut model, 60_000);
            let answer = Msg::Answered(ticket(&asked), Err(failure(kind)));
            let redrawn = (kind == Kind::Access).then_some(Effect::Redraw);
            assert_eq!(update(&mut model, at(60_100), answer), Vec::from_iter(redrawn));
            assert_eq!(wake(&mut model, 120_000).len(), usize::from(goes_on), "{kind:?}");
        }
    }

    #[test]
    fn less_than_a_minute_is_refused_and_off_ends_it() {
        for seconds in ["59", "0", "x", "99999999999"] {
            let model = with_auto(seconds);
            assert!(model.popup.is_some() && model.list().unwrap().auto.is_none(), "{seconds}");
        }
        let mut model = with_auto("60");
        assert!(model.list().unwrap().auto.is_some());
        press(&mut model, ": a u t o enter");
        assert!(model.list().unwrap().auto.is_none());
    }
}
