//! The filter form: one field for each query parameter of a list, checked while typing.

mod choices;

use chrono::NaiveDate;
use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use crate::domain::truncate::truncate;
use crate::filter::{FilterTarget, FilterValue, ListQuery, SeenWords, values, words};
use crate::list::filter::{End, FilterKind, RangeParams};
use crate::tui::component::boxed::{boxed, typed_text};
use crate::tui::cx::Cx;
use crate::tui::keymap::{Action, Scope, Way};
use crate::tui::layout;
use crate::tui::modal::{Modal, Stay};
use crate::tui::theme::Theme;
use crate::tui::typing::{LONGEST_LINE, edit};

use choices::Choices;

/// Cells of a label, with the gap after it.
const LABEL: u16 = 16;

#[derive(Debug)]
pub struct Form {
    /// Words seen in rows of the list.
    seen: SeenWords,
    /// One for each parameter of the list, then unknown parameters that are set.
    pub fields: Vec<Field>,
    pub focus: usize,
    /// The text of the focused field when it got the focus.
    before: Option<String>,
}

#[derive(Debug)]
pub struct Field {
    pub target: FilterTarget,
    pub input: Input,
    /// `None` if it is empty or wrong.
    value: Option<FilterValue>,
    /// What is sent, if that differs from what was typed.
    sent: Option<String>,
    pub problem: Option<String>,
    /// The choice that was picked last, until something is typed.
    picked: Option<usize>,
    /// If set, picking another value does not replace the values: it can be added.
    is_held: bool,
}

impl Field {
    fn new(target: FilterTarget, value: Option<FilterValue>, today: NaiveDate) -> Self {
        let input = Input::new(value.as_ref().map(|value| value.typed.clone()).unwrap_or_default());
        let sent = value.as_ref().and_then(|value| sent(value, input.value(), today));
        let (problem, picked) = (None, None);
        Self { target, input, value, sent, problem, picked, is_held: false }
    }

    fn values(&self) -> &[String] {
        self.value.as_ref().map(FilterValue::values).unwrap_or_default()
    }

    /// The documented words, then words seen in rows.
    fn choices<'a>(&self, seen: &'a SeenWords) -> Vec<&'a str> {
        match self.target {
            FilterTarget::Param(filter) => words::choices(filter, Some(seen)),
            _ => Vec::new(),
        }
    }

    fn explanation(&self, seen: &SeenWords, hidden: usize, cx: &Cx) -> String {
        if let Some(unknown) = self.value.as_ref().and_then(|value| value.undocumented().next()) {
            let origin = if unknown.is_in(seen) { "the server sent it" } else { "sent unchanged" };
            return format!("{}; {origin}", unknown.why());
        }
        let FilterTarget::Param(filter) = &self.target else {
            return "any text, sent unchanged".to_owned();
        };
        let words = match (filter.kind, filter.end()) {
            (FilterKind::Search, _) => "part of the text; the server searches all rows",
            (FilterKind::Exact | FilterKind::OneOf(_), _) if !filter.choices().is_empty() => {
                return self.how_to_pick(hidden, cx);
            }
            (FilterKind::Exact | FilterKind::OneOf(_), _) => {
                "the complete value; commas between several values"
            }
            (FilterKind::Date, End::To) => "to this day: 2026-11-20, 2026-11, today, -30d, +2w",
            (FilterKind::Date, End::From) => "from this day: 2026-11-20, 2026-11, today, -30d, +2w",
            (FilterKind::Amount, _) => "an amount: 100 or 100.50",
        };
        words.to_owned()
    }

    fn how_to_pick(&self, hidden: usize, cx: &Cx) -> String {
        let is_chosen = self.picked.is_some();
        let pick = match (is_chosen, self.is_held || self.values().len() > 1) {
            (true, true) => "{previous-choice} {next-choice} move · {toggle-choice} add or remove",
            (true, false) => "{previous-choice} {next-choice} choose · {toggle-choice} add more",
            (false, _) => "{previous-choice} {next-choice} choose · commas between several values",
        };
        // Before the keys, which may not fit.
        let more = if hidden > 0 { format!("+{hidden} more · ") } else { String::new() };
        format!("{more}{}", cx.words(pick))
    }

    fn check(&mut self, seen: &SeenWords, today: NaiveDate) {
        (self.value, self.sent, self.problem) = (None, None, None);
        if !self.input.value().trim().is_empty() {
            let value = FilterValue::new(self.target.clone(), self.input.value());
            let value = value.map(|value| value.spelled(Some(seen)));
            match value.and_then(|value| value.check_word(Some(seen)).map(|()| value)) {
                Ok(value) => {
                    self.sent = sent(&value, self.input.value(), today);
                    self.value = Some(value);
                }
                Err(error) => self.problem = Some(error.why),
            }
        }
    }

    /// Replaces the value with the next choice; if values are held, only moves to the next choice.
    fn turn(&mut self, way: Way, seen: &SeenWords, today: NaiveDate) {
        let choices = self.choices(seen);
        let is_set = |choice: &&str| self.values().first().is_some_and(|value| value == choice);
        let at = self.picked.or_else(|| choices.iter().position(is_set));
        self.is_held |= self.values().len() > 1;
        if self.is_held {
            let last = choices.len().saturating_sub(1);
            let from = at.unwrap_or(if way == Way::Forward { last } else { 0 });
            self.picked = Some(way.turn(from, choices.len()));
            return;
        }
        let next = way.turn(at.map_or(0, |at| at + 1), choices.len() + 1);
        self.picked = next.checked_sub(1);
        let value = self.picked.and_then(|at| choices.get(at)).copied();
        self.input = Input::new(values::list(value));
        self.check(seen, today);
    }

    /// Adds or removes the picked choice. Returns `false` if a space is typed instead.
    fn toggle(&mut self, seen: &SeenWords, today: NaiveDate) -> bool {
        let choices = self.choices(seen);
        let is_empty = self.input.value().is_empty();
        let picked = self.picked.or(is_empty.then_some(0));
        let Some(choice) = picked.and_then(|at| choices.get(at)) else { return false };
        self.picked = picked;
        let is_set = self.values().iter().any(|value| value == choice);
        let was_held = std::mem::replace(&mut self.is_held, true);
        if is_set && !was_held {
            return true;
        }
        let kept = self.values().iter().map(String::as_str).filter(|value| value != choice);
        let all = values::list(kept.chain((!is_set).then_some(*choice)));
        self.is_held = !all.is_empty();
        self.input = Input::new(all);
        self.check(seen, today);
        true
    }

    fn draw(&self, is_here: bool, row: Rect, theme: &Theme, frame: &mut Frame<'_>) {
        let (mark, style) = match (is_here, &self.problem) {
            (true, _) => ("▸", theme.chosen),
            (false, Some(_)) => ("✗", theme.failure),
            (false, None) => (" ", theme.dim),
        };
        let label = truncate(self.target.label().into(), LABEL - 2);
        frame.render_widget(Line::from(Span::styled(format!("{mark} {label}"), style)), row);
        let taken = LABEL.min(row.width);
        let typed = Rect { x: row.x + taken, width: row.width - taken, ..row };
        let cursor = typed_text(&self.input, typed, frame);
        if is_here {
            frame.set_cursor_position(cursor);
        }
    }
}

fn sent(value: &FilterValue, typed: &str, today: NaiveDate) -> Option<String> {
    let sent = value.resolve(today).ok()?;
    let param = &sent.first()?.param;
    let values: Vec<&str> = sent.iter().map(|sent| sent.value.as_str()).collect();
    if values.len() > 1 {
        return Some(format!("{} requests: {}", values.len(), values.join(", ")));
    }
    let text = values.concat();
    (text != typed.trim()).then(|| format!("sent as {param}={text}"))
}

impl Form {
    pub fn new(filters: &[FilterValue], seen: &SeenWords, today: NaiveDate) -> Self {
        let mut set: Vec<FilterValue> =
            filters.iter().flat_map(FilterValue::by_parameter).collect();
        let documented = seen.spec.filters.iter().map(|filter| {
            let at = set.iter().position(|value| value.target.name() == filter.param);
            Field::new(FilterTarget::Param(filter), at.map(|at| set.remove(at)), today)
        });
        let mut fields: Vec<Field> = documented.collect();
        let own = |raw: FilterValue| Field::new(raw.target.clone(), Some(raw), today);
        fields.extend(set.into_iter().map(own));
        let mut form = Self { seen: seen.clone(), fields, focus: 0, before: None };
        form.focus_on(0);
        form
    }

    fn focus_on(&mut self, at: usize) {
        self.focus = at;
        self.before = self.fields.get(at).map(|field| field.input.value().to_owned());
    }

    fn move_focus(&mut self, way: Way, today: NaiveDate) {
        self.fill_end(today);
        self.focus_on(way.turn(self.focus, self.fields.len()));
    }

    /// Fills the empty upper end of a range if its lower end was just set to a month or a year.
    fn fill_end(&mut self, today: NaiveDate) {
        let set = self.fields.get(self.focus).filter(|field| {
            self.before.as_deref().is_some_and(|before| before != field.input.value())
        });
        let Some(from) = set.and_then(|field| field.value.as_ref()) else { return };
        let is_set = |range: &RangeParams| range.from.param == from.target.name();
        let range = RangeParams::all(self.seen.spec.filters).find(is_set);
        let (Some(range), Some(end)) = (range, from.period_end(today)) else { return };
        let to = self.fields.iter_mut().find(|field| field.target.name() == range.to.param);
        if let Some(to) = to.filter(|to| to.input.value().trim().is_empty()) {
            to.input = Input::new(end);
            to.check(&self.seen, today);
        }
    }

    pub fn focused(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.focus)
    }

    /// Returns `false` if the field has no choices.
    fn turn(&mut self, way: Way, today: NaiveDate) -> bool {
        let seen = &self.seen;
        let field = self.fields.get_mut(self.focus);
        let Some(field) = field.filter(|field| !field.choices(seen).is_empty()) else {
            return false;
        };
        field.turn(way, seen, today);
        true
    }

    /// Returns `false` if a space is typed instead.
    fn toggle(&mut self, today: NaiveDate) -> bool {
        let seen = &self.seen;
        let field = self.fields.get_mut(self.focus);
        field.is_some_and(|field| field.toggle(seen, today))
    }

    /// `None` if a value cannot be sent: errors are shown at their fields, and the first gets the
    /// focus.
    pub fn query(&mut self, today: NaiveDate) -> Option<ListQuery> {
        let wrong = |field: &Field| field.value.is_none() && !field.input.value().trim().is_empty();
        // Values that the server refused are sent again.
        self.fields.iter_mut().filter(|field| !wrong(field)).for_each(|field| field.problem = None);
        let values = self.fields.iter().filter_map(|field| field.value.clone()).collect();
        let mut set: Vec<&mut Field> =
            self.fields.iter_mut().filter(|field| field.value.is_some()).collect();
        let query = ListQuery::with_filters(self.seen.spec, values, today);
        if let Err(invalid) = &query
            && let Some(field) = set.get_mut(invalid.index)
        {
            field.problem = Some(invalid.error.why.clone());
        }
        if let Some(first) = self.fields.iter().position(|field| field.problem.is_some()) {
            self.focus_on(first);
            return None;
        }
        query.ok()
    }

    /// Shows refusals at their fields. Returns those without a field.
    pub fn refuse(&mut self, refused: &[(String, String)]) -> Vec<String> {
        let mut without_field = Vec::new();
        for (param, why) in refused {
            let named = self.fields.iter().position(|field| field.target.name() == param);
            match named.and_then(|at| Some((at, self.fields.get_mut(at)?))) {
                Some((at, field)) => {
                    field.problem = Some(why.clone());
                    self.focus_on(at);
                }
                None => without_field.push(format!("{param}: {why}")),
            }
        }
        without_field
    }
}

impl Modal for Form {
    fn scope(&self) -> Scope {
        Scope::Form
    }

    fn act(&mut self, action: Action, key: KeyEvent, cx: &mut Cx) -> Stay {
        match action {
            Action::NextField => self.move_focus(Way::Forward, cx.now.local.date()),
            Action::PreviousField => self.move_focus(Way::Back, cx.now.local.date()),
            Action::Mark => {
                if !self.toggle(cx.now.local.date())
                    && let Some(field) = self.focused()
                    && edit(&mut field.input, key, LONGEST_LINE)
                {
                    self.edited(cx);
                }
            }
            Action::Left | Action::Right => {
                let way = if action == Action::Right { Way::Forward } else { Way::Back };
                if !self.turn(way, cx.now.local.date())
                    && let Some(field) = self.focused()
                {
                    edit(&mut field.input, key, LONGEST_LINE);
                }
            }
            Action::Submit => {
                let Some(query) = self.query(cx.now.local.date()) else { return Stay::Open };
                _ = cx.set_query(query);
                return Stay::Close;
            }
            _ => return Stay::Close,
        }
        Stay::Open
    }

    fn input(&mut self) -> Option<(&mut Input, usize)> {
        self.focused().map(|field| (&mut field.input, LONGEST_LINE))
    }

    fn edited(&mut self, cx: &mut Cx) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            (field.picked, field.is_held) = (None, false);
            field.check(&self.seen, cx.now.local.date());
        }
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        let keys = cx.words(" {apply} apply · {next-field} next · {close-form} cancel ");
        let fields = u16::try_from(self.fields.len()).unwrap_or(u16::MAX);
        let width = layout::form(cx.size, 1).width.saturating_sub(layout::FRAME);
        let heights = self.fields.iter().map(|it| choices::height(&it.choices(&self.seen), width));
        let below = heights.max().unwrap_or_default();
        let area = layout::form(cx.size, fields.saturating_add(2).saturating_add(below));
        let title = format!("Filter {}", self.seen.spec.title.to_lowercase());
        let inside = boxed(&title, keys, area, theme, frame);
        // The fields, a blank line, the explanation of the focused field, and its choices.
        let below = below.min(inside.height.saturating_sub(1) / 3 + 1);
        let blank = u16::from(inside.height > below + 5);
        let high = inside.height.saturating_sub(below + 1 + blank).max(1);
        let room = usize::from(high);
        let first = (self.focus + 1).saturating_sub(room);
        let visible = self.fields.iter().enumerate().skip(first).take(room);
        for ((index, field), row) in visible.zip(inside.rows()) {
            field.draw(index == self.focus, row, theme, frame);
        }
        let said = Rect { y: inside.y + high + blank, height: 1, ..inside };
        let below = Rect { y: said.y + 1, height: below, ..inside };
        self.draw_focused(said, below.intersection(inside), (cx, theme), frame);
    }
}

impl Form {
    /// The explanation of the focused field, and its choices.
    fn draw_focused(
        &self,
        said: Rect,
        below: Rect,
        (cx, theme): (&Cx, &Theme),
        frame: &mut Frame<'_>,
    ) {
        let Some(field) = self.fields.get(self.focus) else { return };
        let all = field.choices(&self.seen);
        let choices = Choices { all: &all, set: field.values(), chosen: field.picked };
        choices.draw(below, theme, frame);
        let (text, style) = match &field.problem {
            Some(problem) => (format!("✗ {problem}"), theme.failure),
            None => {
                let sent = field.sent.clone().filter(|_| field.picked.is_none());
                let hidden = choices.hidden(below);
                let explained = || field.explanation(&self.seen, hidden, cx);
                (sent.unwrap_or_else(explained), theme.dim)
            }
        };
        frame.render_widget(Line::styled(truncate(text.into(), said.width), style), said);
    }
}

#[cfg(test)]
mod tests;
