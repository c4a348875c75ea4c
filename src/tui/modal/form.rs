//! The filter form: one field for each query parameter of a list, checked as it is typed.

use chrono::NaiveDate;
use crossterm::event::KeyEvent;
use ratatui::Frame;
use tui_input::Input;

use crate::filter::setting::{Setting, Target, Unsendable, resolve_all};
use crate::filter::{End, Filter, Kind};
use crate::list::Spec;
use crate::tui::cx::Cx;
use crate::tui::keymap::{Action, Scope, Way};
use crate::tui::modal::{Modal, Stay, form_view};
use crate::tui::theme::Theme;
use crate::tui::typing::{LONGEST_LINE, edit};

/// A form that is filled in.
#[derive(Debug)]
pub struct Form {
    pub spec: &'static Spec,
    /// One for each parameter of the list, then one for each unknown parameter that is set.
    pub fields: Vec<Field>,
    /// The field that is typed in.
    pub focus: usize,
}

#[derive(Debug)]
pub struct Field {
    pub target: Target,
    pub input: Input,
    /// Why it cannot be sent.
    pub problem: Option<String>,
}

impl Field {
    fn new(target: Target, typed: &str) -> Self {
        Self { target, input: Input::new(typed.to_owned()), problem: None }
    }

    /// The values to pick from; none for a field that is typed.
    pub fn choices(&self) -> &'static [&'static str] {
        match &self.target {
            Target::Param(Filter { kind: Kind::OneOf(values), .. }) => values,
            _ => &[],
        }
    }

    /// What may be typed, in words.
    pub fn explanation(&self) -> &'static str {
        let Target::Param(filter) = &self.target else { return "any text, sent as it is" };
        match (filter.kind, filter.bound.map(|bound| bound.end)) {
            (Kind::Search, _) => "a part of the text, searched by the server",
            (Kind::Exact, _) => "the whole value, as it is",
            (Kind::OneOf(_), _) => "← → pick one",
            (Kind::Date, Some(End::To)) => "to this day: 2026-11-20, 2026-11, today, -30d, +2w",
            (Kind::Date, _) => "from this day: 2026-11-20, 2026-11, today, -30d, +2w",
            (Kind::Amount, _) => "an amount: 100 or 100.50",
        }
    }

    /// What is sent for the field on the day `today`, where that is not what was typed.
    pub fn sent(&self, today: NaiveDate) -> Option<String> {
        let setting = Setting::new(self.target.clone(), self.input.value()).ok()?;
        let (name, value) = setting.resolve(today).ok()?.into_iter().next()?;
        (value != self.input.value().trim()).then(|| format!("sent as {name}={value}"))
    }

    /// The setting that the field stands for; `None` where nothing was typed.
    fn setting(&mut self) -> Option<Setting> {
        self.problem = None;
        if self.input.value().trim().is_empty() {
            return None;
        }
        match Setting::new(self.target.clone(), self.input.value()) {
            Ok(setting) => Some(setting),
            Err(fault) => {
                self.problem = Some(fault.why);
                None
            }
        }
    }

    /// Goes to the next or the previous choice; nothing is a choice too.
    fn turn(&mut self, way: Way) {
        let choices = self.choices();
        let at = choices.iter().position(|choice| *choice == self.input.value());
        let count = choices.len() + 1;
        let now = at.map_or(0, |at| at + 1);
        let next = way.turn(now, count);
        let value = next.checked_sub(1).and_then(|at| choices.get(at)).copied();
        self.input = Input::new(value.unwrap_or_default().to_owned());
        self.problem = None;
    }
}

impl Form {
    /// The form of a list with what is set now.
    pub fn new(spec: &'static Spec, settings: &[Setting]) -> Self {
        let set: Vec<Setting> = settings.iter().flat_map(Setting::by_parameter).collect();
        let typed = |name: &str| {
            let setting = set.iter().find(|setting| setting.target().name() == name);
            setting.map_or("", |setting| setting.typed())
        };
        let documented = spec.filters.iter().map(|f| Field::new(Target::Param(f), typed(f.param)));
        let raw = set.iter().filter(|setting| setting.is_raw());
        let raw = raw.map(|setting| Field::new(setting.target().clone(), setting.typed()));
        Self { spec, fields: documented.chain(raw).collect(), focus: 0 }
    }

    /// The field that is typed in.
    pub fn focused(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.focus)
    }

    fn step(&mut self, way: Way) {
        self.focus = way.turn(self.focus, self.fields.len().max(1));
    }

    /// Picks another value; returns `false` where there is nothing to pick from.
    fn turn(&mut self, way: Way) -> bool {
        let Some(field) = self.focused().filter(|field| !field.choices().is_empty()) else {
            return false;
        };
        field.turn(way);
        true
    }

    /// Judges the field that is typed in.
    pub fn check(&mut self) {
        if let Some(field) = self.focused() {
            field.setting();
        }
    }

    /// What is set, if all of it can be sent on the day `today`; otherwise each problem stands at
    /// its field, and the focus at the first.
    pub fn settings(&mut self, today: NaiveDate) -> Option<Vec<Setting>> {
        let mut settings = Vec::new();
        let mut sources = Vec::new();
        for (at, field) in self.fields.iter_mut().enumerate() {
            if let Some(setting) = field.setting() {
                settings.push(setting);
                sources.push(at);
            }
        }
        if let Err(Unsendable { index, fault, .. }) = resolve_all(&settings, today)
            && let Some(field) = sources.get(index).and_then(|at| self.fields.get_mut(*at))
        {
            field.problem = Some(fault.why);
        }
        match self.fields.iter().position(|field| field.problem.is_some()) {
            Some(first) => {
                self.focus = first;
                None
            }
            None => Some(settings),
        }
    }

    /// Puts the texts of a 422 at their fields; gives those that have no field here.
    pub fn refuse(&mut self, refused: &[(String, String)]) -> Vec<String> {
        let mut homeless = Vec::new();
        for (param, why) in refused {
            let named = self.fields.iter().position(|field| field.target.name() == param);
            match named.and_then(|at| Some((at, self.fields.get_mut(at)?))) {
                Some((at, field)) => {
                    field.problem = Some(why.clone());
                    self.focus = at;
                }
                None => homeless.push(format!("{param}: {why}")),
            }
        }
        homeless
    }
}

impl Modal for Form {
    fn scope(&self) -> Scope {
        Scope::Form
    }

    fn act(&mut self, action: Action, key: KeyEvent, cx: &mut Cx) -> Stay {
        match action {
            Action::NextField => self.step(Way::Forward),
            Action::PreviousField => self.step(Way::Back),
            Action::Left | Action::Right => {
                let way = if action == Action::Right { Way::Forward } else { Way::Back };
                if !self.turn(way)
                    && let Some(field) = self.focused()
                {
                    edit(&mut field.input, key, LONGEST_LINE);
                }
            }
            Action::Submit => {
                let Some(settings) = self.settings(cx.now.local.date()) else { return Stay::Open };
                cx.set_filters(settings);
                return Stay::Close;
            }
            _ => return Stay::Close,
        }
        Stay::Open
    }

    fn input(&mut self) -> Option<(&mut Input, usize)> {
        self.focused().map(|field| (&mut field.input, LONGEST_LINE))
    }

    fn edited(&mut self, _cx: &mut Cx) {
        self.check();
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        form_view::draw(self, cx, theme, frame);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
    }

    fn set(name: &str, typed: &str) -> Setting {
        let filters = Spec::named("penalties").unwrap().filters;
        Setting::new(Target::named(filters, name).unwrap(), typed).unwrap()
    }

    fn form() -> Form {
        let settings = [set("due", "-30d.."), set("status", "notify"), set("new", "x")];
        Form::new(Spec::named("penalties").unwrap(), &settings)
    }

    fn field<'a>(form: &'a mut Form, name: &str) -> &'a mut Field {
        form.fields.iter_mut().find(|field| field.target.name() == name).unwrap()
    }

    #[test]
    fn it_has_a_field_for_each_parameter_and_opens_with_what_is_set() {
        let mut form = form();
        assert_eq!(form.fields.len(), Spec::named("penalties").unwrap().filters.len() + 1);
        for (name, typed) in
            [("due_date_from", "-30d"), ("due_date_to", ""), ("status", "notify"), ("new", "x")]
        {
            assert_eq!(field(&mut form, name).input.value(), typed);
        }
        assert_eq!(form.settings(today()).unwrap().len(), 3);
    }

    #[test]
    fn every_problem_stands_at_its_field_and_nothing_typed_is_lost() {
        let mut form = form();
        field(&mut form, "amount_from").input = Input::new("12,5,0".to_owned());
        field(&mut form, "due_date_to").input = Input::new("2026-02-31".to_owned());
        assert_eq!(form.settings(today()), None);
        assert!(field(&mut form, "amount_from").problem.is_some());
        assert!(field(&mut form, "due_date_to").problem.is_some());
        assert_eq!(field(&mut form, "amount_from").input.value(), "12,5,0");
        field(&mut form, "amount_from").input = Input::default();
        field(&mut form, "due_date_to").input = Input::new("2020-01-01".to_owned());
        assert_eq!(form.settings(today()), None, "it ends before it begins");
    }

    #[test]
    fn what_the_server_refuses_lands_at_its_field() {
        let mut form = form();
        let refused = [("status", "unknown"), ("page", "too large")]
            .map(|(param, why)| (param.to_owned(), why.to_owned()));
        assert_eq!(form.refuse(&refused), ["page: too large"]);
        assert_eq!(field(&mut form, "status").problem.as_deref(), Some("unknown"));
    }

    #[test]
    fn choices_go_round_through_nothing() {
        let mut form = form();
        form.focus = 1;
        let mut seen = Vec::new();
        for _ in 0..7 {
            assert!(form.turn(Way::Forward));
            seen.push(form.focused().unwrap().input.value().to_owned());
        }
        assert_eq!(seen, ["paid", "waived", "settled", "", "pending", "notify", "paid"]);
        form.focus = 0;
        assert!(!form.turn(Way::Forward));
    }
}
