//! Keys that refresh, pressed far too often.

use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::tests::{answer_all, at, fetches, loaded, press};
use crate::tui::update::{update, wake_at};

/// Presses a key so many times within a second, then lets that pass; returns the requests.
fn held(model: &mut Tui, key: &str, times: u64) -> Vec<Effect> {
    let begun = model.cx.now.elapsed;
    let mut effects = Vec::new();
    for time in 0..times {
        model.cx.now = at(begun + time * 1_000 / times);
        let asked = press(model, key);
        effects.extend(asked.iter().cloned());
        effects.extend(answer_all(model, asked, 50));
    }
    for _ in 0..20 {
        let Some(wake) = wake_at(model).filter(|wake| *wake <= begun + 3_000) else { break };
        let asked = update(model, at(wake), Msg::Woken);
        effects.extend(asked.iter().cloned());
        effects.extend(answer_all(model, asked, 50));
    }
    model.cx.now = at(begun + 10_000);
    effects
}

#[test]
fn a_key_that_is_held_down_refreshes_once_a_second_and_once_at_the_end() {
    let mut model = loaded(50);
    model.cx.now = at(10_000);
    assert_eq!(fetches(&held(&mut model, "r", 200)).len(), 2);
    assert_eq!(fetches(&held(&mut model, "r", 1)).len(), 1, "a single one is not held up");
    let once = fetches(&held(&mut model, "R", 1)).len();
    assert_eq!(fetches(&held(&mut model, "R", 200)).len(), 2 * once);
    let effects = press(&mut model, "enter");
    answer_all(&mut model, effects, 50);
    assert_eq!(model.bookings().count(), 1);
    let once = fetches(&held(&mut model, "r", 1)).len();
    assert!(once > 0);
    assert_eq!(fetches(&held(&mut model, "r", 30)).len(), 2 * once);
}

#[test]
fn a_refresh_that_waits_is_dropped_with_its_view() {
    let mut model = loaded(50);
    model.cx.now = at(10_000);
    let effects = press(&mut model, "r r 2");
    answer_all(&mut model, effects, 50);
    assert_eq!(fetches(&update(&mut model, at(11_000), Msg::Woken)), []);
    press(&mut model, "r r esc");
    assert_eq!(fetches(&update(&mut model, at(13_000), Msg::Woken)), [], "esc ends both");
}
