//! One customer at one glance: each line is a figure of a list, and opens its rows.

pub mod lines;
pub mod view;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use ratatui::Frame;

use crate::domain::failure::Failure;
use crate::filter::query::LARGEST_PAGE;
use crate::list::{Spec, debt, penalties, scheduled, transactions};
use crate::tui::component::pieces::{Piece, position};
use crate::tui::component::scroll::Scroll;
use crate::tui::cx::{Cx, Next};
use crate::tui::effect::{Effect, NetCommand, Priority};
use crate::tui::keymap::{Action, Binding, Scope};
use crate::tui::layout::Shape;
use crate::tui::msg::Now;
use crate::tui::screen::Behavior;
use crate::tui::stack::Tui;
use crate::tui::theme::Theme;

pub use lines::HomeLine;

/// The lists whose rows it counts, each loaded by the request of its tab.
static LISTS: [&Spec; 4] = [&transactions::SPEC, &scheduled::SPEC, &penalties::SPEC, &debt::SPEC];

#[derive(Debug, Default)]
pub struct HomeScreen {
    pub(super) lines: Vec<HomeLine>,
    pub(super) scroll: Scroll,
    made_from: Option<Origin>,
}

/// What the lines were made from.
#[derive(Debug, PartialEq, Eq)]
struct Origin {
    lists: Vec<(u32, usize, bool, Option<String>, bool)>,
    decisions: u64,
    changes: Option<(usize, bool)>,
    today: NaiveDate,
}

/// The tabs of its lists.
fn tabs(cx: &Cx) -> Vec<usize> {
    LISTS.iter().filter_map(|spec| cx.tab_of(spec.key)).collect()
}

impl Origin {
    fn of(cx: &Cx) -> Self {
        let lists = tabs(cx).into_iter().map(|tab| {
            let list = cx.list_at(tab);
            let (replaced, rows) = list.table.records_version();
            let failure = list.failure.as_ref().map(ToString::to_string);
            let is_part = list.scope().part.is_some();
            (replaced, rows, list.load.is_some(), failure, is_part)
        });
        Self {
            lists: lists.collect(),
            decisions: cx.decisions_version,
            changes: lines::changes(cx),
            today: cx.now.local.date(),
        }
    }
}

impl Behavior for HomeScreen {
    fn scope(&self) -> Scope {
        Scope::Home
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        view::draw(self, cx, theme, frame);
    }

    fn act(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Move(step) => {
                self.scroll.step(step, self.lines.len(), usize::from(cx.layout.table.height));
            }
            Action::Open => {
                if let Some(line) = self.lines.get(self.scroll.cursor) {
                    let tab = line.spec.and_then(|spec| cx.tab_of(spec.key)).unwrap_or(cx.tab);
                    let list = cx.list_at(tab);
                    let before = Box::new((list.query.clone(), list.table.sort()));
                    line.open(cx);
                    cx.then(Next::MarkFromHome(cx.here, self.scroll.cursor, before));
                }
            }
            Action::LoadAll => {
                if let Some(tab) = self.selected_list(cx) {
                    cx.tab = tab;
                    cx.ask_to_load_all();
                }
            }
            Action::CopyCell => {
                if let Some(line) = self.lines.get(self.scroll.cursor) {
                    cx.copy(line.text(), "the line");
                }
            }
            Action::Back if Self::stop(cx) => {}
            Action::Back | Action::Quit => cx.then(Next::Close),
            _ => {}
        }
    }

    fn why_not(&self, action: Action, cx: &Cx) -> Option<String> {
        let why = match action {
            Action::Open | Action::CopyCell if self.lines.is_empty() => "Nothing is loaded yet.",
            Action::LoadAll => match self.selected_list(cx) {
                Some(tab) if cx.list_at(tab).cost_of_all(&cx.network.0).is_some() => return None,
                _ => "All rows of this line are loaded.",
            },
            _ => return None,
        };
        Some(why.to_owned())
    }

    fn hint(&self, binding: &'static Binding, _cx: &Cx) -> Option<&'static str> {
        if binding.action == Action::Home { None } else { binding.hint }
    }

    fn shape(&self, cx: &Cx) -> Shape {
        Shape { panel: super::panel(1, cx), ..Shape::default() }
    }

    fn opened(&mut self, cx: &mut Cx) {
        for tab in tabs(cx) {
            if !cx.list_at(tab).is_opened() {
                cx.list_at_mut(tab).reach = LARGEST_PAGE as usize;
                cx.open_list_at(tab);
            }
        }
    }

    fn refresh(&mut self, cx: &mut Cx) {
        cx.effect(Effect::Network(NetCommand::RetryCredential));
        for tab in tabs(cx) {
            cx.replace_list(tab, Priority::Visible);
        }
    }

    fn probe(&mut self, cx: &mut Cx) -> bool {
        let failed = tabs(cx).into_iter().find(|tab| cx.list_at(*tab).failure.is_some());
        if let Some(tab) = failed {
            cx.replace_list(tab, Priority::Background);
        }
        failed.is_some()
    }

    fn failure_beside_rows<'a>(&'a self, cx: &'a Cx) -> Option<&'a Failure> {
        tabs(cx).into_iter().find_map(|tab| cx.list_at(tab).failure_beside_rows())
    }

    fn is_loading(&self, cx: &Cx) -> bool {
        self.waiting_since(cx).is_some()
    }

    fn waiting_since(&self, cx: &Cx) -> Option<Now> {
        let lists = tabs(cx).into_iter().map(|tab| cx.list_at(tab));
        lists
            .filter_map(|list| list.all.or(list.load.as_ref().map(|load| load.since)))
            .min_by_key(|it| it.elapsed)
    }

    fn loaded_at(&self, cx: &Cx) -> Option<Now> {
        let lists = tabs(cx).into_iter().map(|tab| cx.list_at(tab));
        lists.filter_map(|list| list.fetched).min_by_key(|it| it.elapsed)
    }

    fn status(&self, _cx: &Cx, theme: &Theme, _width: u16) -> Vec<Piece> {
        let text = position("line", self.scroll.cursor, self.lines.len() as u64);
        vec![Piece::new(1, theme.title, text)]
    }

    fn prepare(&mut self, cx: &mut Cx) {
        let origin = Origin::of(cx);
        if self.made_from.as_ref() != Some(&origin) {
            self.made_from = Some(origin);
            self.lines = lines::lines(cx);
        }
    }

    fn settle(&mut self, cx: &mut Cx) {
        self.scroll.settle(self.lines.len(), usize::from(cx.layout.table.height));
    }

    fn click(&mut self, x: u16, y: u16, cx: &mut Cx) {
        let Some(line) = cx.layout.line_at(x, y, 0) else { return };
        if self.scroll.top + line < self.lines.len() {
            self.scroll.cursor = self.scroll.top + line;
        }
    }
}

impl HomeScreen {
    pub fn at(line: usize) -> Self {
        Self { scroll: Scroll { cursor: line, top: 0 }, ..Self::default() }
    }

    /// Stops the loads of its lists. Returns `true` if there were any.
    fn stop(cx: &mut Cx) -> bool {
        let loading = |tab: &usize| {
            let list = cx.list_at(*tab);
            list.load.is_some() || list.all.is_some()
        };
        let loading: Vec<usize> = tabs(cx).into_iter().filter(loading).collect();
        for tab in &loading {
            cx.cancel_loads(*tab);
        }
        if !loading.is_empty() {
            cx.say("Cancelled. {refresh} refreshes.");
        }
        !loading.is_empty()
    }

    /// The tab of the list that the selected line counts.
    fn selected_list(&self, cx: &Cx) -> Option<usize> {
        let line = self.lines.get(self.scroll.cursor)?;
        cx.tab_of(line.spec?.key)
    }
}

impl Tui {
    /// `0` and `:home`.
    pub(in crate::tui) fn show_home(&mut self) {
        if self.screens::<HomeScreen>().next().is_some() {
            while self.stack.last().is_some_and(|layer| layer.is::<HomeScreen>().is_none()) {
                drop(self.close());
            }
            return;
        }
        let from = self.cx.behind.home.take();
        self.push(Box::new(HomeScreen::at(from.as_ref().map_or(0, |from| from.line))));
        if from.is_some_and(|from| from.was_landing) {
            self.land();
        }
    }
}
