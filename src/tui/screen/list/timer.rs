//! Auto-refresh: off by default, at most once a minute, and it stops 15 minutes after the last key.

use crate::domain::failure::Kind;
use crate::tui::cx::Cx;
use crate::tui::effect::Priority;
use crate::tui::probe::UNATTENDED;
use crate::tui::screen::list::state::{Auto, List};

const UNWATCHED: &str =
    "No key pressed for 15 min, so auto-refresh is off. {command}auto 60 turns it on again.";

/// What auto-refresh does next.
enum TimerDue {
    Now,
    /// Waits until this time, in milliseconds since the start.
    At(u64),
    /// It stops, for this reason.
    Never(String),
}

impl List {
    pub fn set_auto(&mut self, every: Option<u32>, now: u64) {
        self.auto = every.map(|every| Auto { every, last: now });
    }
}

impl Cx {
    fn due(&self) -> Option<TimerDue> {
        let (list, now) = (self.list(), self.now.elapsed);
        let auto = list.auto?;
        let ends = self.last_key.saturating_add(UNATTENDED);
        if now >= ends {
            return Some(TimerDue::Never(self.words(UNWATCHED)));
        }
        if list.load.is_some() || list.all.is_some() {
            return Some(TimerDue::At(ends));
        }
        // The server would refuse again; an unreachable one may be reachable again.
        let refused =
            |kind| matches!(kind, Kind::Access | Kind::Refused | Kind::Missing | Kind::Gone);
        if let Some(failure) = list.failure.as_ref().filter(|failure| refused(failure.kind)) {
            let why = self.in_words(failure) + " Auto-refresh is off.";
            return Some(TimerDue::Never(why));
        }
        let newest = list.fetched.map_or(0, |fetched| fetched.elapsed).max(auto.last);
        let next = newest.saturating_add(u64::from(auto.every) * 1_000);
        Some(if now >= next { TimerDue::Now } else { TimerDue::At(next.min(ends)) })
    }

    pub fn set_auto_refresh(&mut self, every: Option<u32>) {
        let now = self.now.elapsed;
        self.list_mut().set_auto(every, now);
        let Some(every) = every else {
            return self.say("Auto-refresh is off; {refresh} refreshes this list.");
        };
        let ends =
            self.words("it stops after 15 min without a key press, or with {command}auto off.");
        self.tell(format!("This list refreshes every {every} s while it is shown; {ends}"));
    }

    pub fn auto_refresh_at(&self) -> Option<u64> {
        self.due().map(|due| if let TimerDue::At(at) = due { at } else { self.now.elapsed })
    }

    pub fn refresh_by_timer(&mut self) {
        match self.due() {
            None | Some(TimerDue::At(_)) => {}
            Some(TimerDue::Now) => {
                let last = self.now.elapsed;
                self.list_mut().auto.iter_mut().for_each(|auto| auto.last = last);
                self.replace_list(self.tab, Priority::Background);
            }
            Some(TimerDue::Never(why)) => {
                self.list_mut().auto = None;
                self.tell(why);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::failure::Kind;
    use crate::tui::effect::Priority;
    use crate::tui::effect::Ticket;
    use crate::tui::effect::{Effect, NetCommand};
    use crate::tui::msg::Msg;
    use crate::tui::stack::Tui;
    use crate::tui::tests::answer_all;
    use crate::tui::tests::at;
    use crate::tui::tests::failure;
    use crate::tui::tests::fetches;
    use crate::tui::tests::loaded;
    use crate::tui::tests::press;
    use crate::tui::update::update;
    use crate::tui::update::wake_at;

    fn wake(model: &mut Tui, now: u64) -> Vec<Effect> {
        update(model, at(now), Msg::Woken)
    }

    fn notice(model: &Tui) -> &str {
        model.cx.notice.as_deref().unwrap_or_default()
    }

    fn with_auto(seconds: &str) -> Tui {
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
        assert!(
            matches!(asked[..], [Effect::Network(NetCommand::Send(_, Priority::Background, _))]),
            "{asked:?}"
        );
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
        assert!(notice(&model).contains("15 min"), "{}", notice(&model));
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
            assert!(model.modal().is_some() && model.cx.list().auto.is_none(), "{seconds}");
        }
        let mut model = with_auto("60");
        assert!(model.cx.list().auto.is_some());
        press(&mut model, ": a u t o enter");
        assert!(model.cx.list().auto.is_none());
    }
}
