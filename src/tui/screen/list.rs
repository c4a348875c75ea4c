//! The lists, one a tab: the screen below all others.

pub mod chart;
pub mod export;
pub mod fetch;
pub mod filters;
pub mod state;
pub mod timer;
pub mod update;
pub mod view;

use ratatui::Frame;

use crate::list::penalties;
use crate::tui::component::detail::Detail;
use crate::tui::component::pieces::Piece;
use crate::tui::cx::{Cx, ModalAnswer, Next};
use crate::tui::keymap::{Action, Binding, Scope};
use crate::tui::layout::Shape;
use crate::tui::screen::{Behavior, table};
use crate::tui::theme::Theme;

/// The screen of the lists. Their rows are in [`Cx::lists`], since other screens show them too.
#[derive(Debug, Default)]
pub struct ListScreen {
    pub detail: Detail,
}

impl Behavior for ListScreen {
    fn scope(&self) -> Scope {
        Scope::List
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        view::tabs(cx, theme, frame);
        view::chips(cx, theme, frame);
        view::rows(cx, theme, frame);
    }

    fn act(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Triage => cx.then(Next::Triage),
            Action::Back => self.back(cx),
            _ => {
                if !cx.act_on_list(action) {
                    table::act(self, action, cx);
                }
            }
        }
    }

    fn why_not(&self, action: Action, cx: &Cx) -> Option<String> {
        update::why_not(action, cx).or_else(|| table::why_not(self, action, cx))
    }

    fn shows_list(&self) -> bool {
        true
    }

    fn hint(&self, binding: &'static Binding, cx: &Cx) -> Option<&'static str> {
        let spec = cx.list().spec();
        match binding.id {
            "triage" => binding.hint.filter(|_| spec.key == penalties::SPEC.key),
            "open" if spec.is_of_payments() => Some("payment"),
            "open" => Some("booking"),
            "undo" => None,
            _ => binding.hint,
        }
    }

    fn modal_answered(&mut self, answer: ModalAnswer, cx: &mut Cx) -> Result<(), String> {
        if let ModalAnswer::Columns(chooser) = answer {
            cx.take_columns(&chooser);
        }
        Ok(())
    }

    fn refresh(&mut self, cx: &mut Cx) {
        cx.refresh_list();
    }

    fn detail(&self) -> Detail {
        self.detail
    }

    fn detail_mut(&mut self) -> Option<&mut Detail> {
        Some(&mut self.detail)
    }

    fn shape(&self, cx: &Cx) -> Shape {
        Shape { has_chips: !cx.list().filters().is_empty(), ..Shape::default() }
    }

    fn status(&self, cx: &Cx, theme: &Theme, width: u16) -> Vec<Piece> {
        view::status(cx, theme, width)
    }

    fn settle(&mut self, cx: &mut Cx) {
        table::settle(self, cx);
    }

    fn after_event(&mut self, cx: &mut Cx) {
        cx.run_list();
    }

    fn wake_at(&self, cx: &Cx) -> Option<u64> {
        cx.auto_refresh_at()
    }
}

impl ListScreen {
    /// One step back: what was done last goes first. The lists themselves stay.
    fn back(&mut self, cx: &mut Cx) {
        if table::stop_first(self, cx) || self.detail.close() || table::undo_view(self, cx) {
            return;
        }
        let list = cx.list_mut();
        if !list.table.records().is_empty() {
            list.failure = None;
            list.is_paused = true;
        }
    }
}
