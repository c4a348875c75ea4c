//! Penalties as a queue to decide: matrix, rows, evidence, decisions.

pub mod change;
pub mod decide;
pub mod evidence;
pub mod state;
pub mod update;
pub mod view;

#[cfg(test)]
mod tests;

use ratatui::Frame;

use crate::domain::text::Untrusted;
use crate::net::request::Request;
use crate::net::response::Answer;
use crate::state::persisted::Change;
use crate::triage::id_of;
use crate::triage::queue::Grouping;
use crate::tui::component::detail;
use crate::tui::component::detail::Detail;
use crate::tui::component::pieces::Piece;
use crate::tui::component::table::groups::{QueueLine, page, visible};
use crate::tui::cx::{Cx, ModalAnswer};
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Binding, Scope, Way};
use crate::tui::layout::Shape;
use crate::tui::screen::booking::state::{Booking, OpenedFrom};
use crate::tui::screen::triage::change::NOTHING_TO_UNDO;
use crate::tui::screen::triage::state::TriageScreen;
use crate::tui::screen::{Behavior, list, table};
use crate::tui::theme::Theme;
use strum::VariantArray;

impl Behavior for TriageScreen {
    fn scope(&self) -> Scope {
        if self.is_in_overview { Scope::Overview } else { Scope::Triage }
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        view::draw(self, cx, theme, frame);
    }

    fn act(&mut self, action: Action, cx: &mut Cx) {
        if self.is_in_overview && update::act_in_overview(self, action, cx)
            || decide::act(self, action, cx)
        {
            return;
        }
        match action {
            Action::NextOpen => update::step_to_open(self, Way::Forward, cx),
            Action::PreviousOpen => update::step_to_open(self, Way::Back, cx),
            Action::Overview => self.is_in_overview = true,
            Action::Group => {
                let next = Grouping::VARIANTS.iter().cycle().nth(self.grouping as usize + 1);
                update::group(self, next.copied().unwrap_or_default(), cx);
            }
            Action::ShowHidden => self.shows_all = !self.shows_all,
            Action::OpenSettling => {
                if let Some(reference) = update::settling(cx) {
                    cx.push(Booking::opening(reference, OpenedFrom::List));
                }
            }
            Action::Worklist => update::ask_for_worklist(self, cx, "csv"),
            Action::Back => update::back(self, cx),
            #[cfg(test)]
            Action::Small => cx.push(super::tests::small::Small::default()),
            Action::Quit => update::leave(self, cx),
            _ if cx.act_on_list(action) => {}
            Action::Move(step) => {
                let rows = page(&cx.list().table, self.grouping, cx.layout.rows(), step);
                cx.list_mut().table.step(step, rows);
                self.detail.top = 0;
            }
            _ => table::act(self, action, cx),
        }
    }

    fn why_not(&self, action: Action, cx: &Cx) -> Option<String> {
        let table = &cx.list().table;
        let why = match action {
            Action::Undo if self.decisions.is_empty() => NOTHING_TO_UNDO,
            Action::Decide(_)
            | Action::Flag
            | Action::ClearDecision
            | Action::Snooze
            | Action::Note => {
                change::why_not(table.chosen().iter().map(|record| id_of(record).is_some()))?
            }
            Action::NextOpen => return update::next_undecided(Way::Forward, cx).err(),
            Action::PreviousOpen => return update::next_undecided(Way::Back, cx).err(),
            Action::OpenSettling if update::settling(cx).is_none() => {
                "This penalty was not settled by a booking."
            }
            // Undo applies to decisions here, not to filters.
            Action::Undo => return None,
            _ => {
                return list::why_not(action, cx).or_else(|| table::why_not(self, action, cx));
            }
        };
        Some(cx.words(why))
    }

    fn shows_list(&self) -> bool {
        true
    }

    fn hint(&self, binding: &'static Binding, cx: &Cx) -> Option<&'static str> {
        match binding.action {
            Action::Open => Some("booking"),
            Action::AskServer => binding.hint.filter(|_| !cx.list().table.found().is_empty()),
            _ => binding.hint,
        }
    }

    fn opened(&mut self, cx: &mut Cx) {
        self.arrange(cx);
    }

    fn closed(&mut self, cx: &mut Cx) {
        self.evidence.due = None;
        if self.is_left {
            self.arranged = None;
            cx.list_mut().table.set_queue(None);
        }
    }

    fn answered(&mut self, request: Request, answer: Answer, cx: &mut Cx) {
        cx.owner_answered(&request, &answer);
        self.accept_evidence(request, answer, cx);
    }

    fn modal_answered(&mut self, answer: ModalAnswer, cx: &mut Cx) -> Result<(), String> {
        match answer {
            ModalAnswer::Snooze(at) => self.snooze_for(at, cx),
            ModalAnswer::Note(text) => return self.note(&text, cx),
            ModalAnswer::Export(path) => return update::save_worklist(self, &path, cx),
            ModalAnswer::Columns(choice, seen) => cx.take_columns(&choice, seen),
            ModalAnswer::Find(_) => {}
        }
        Ok(())
    }

    /// Loads the penalties and the file of decisions again.
    fn refresh(&mut self, cx: &mut Cx) {
        self.evidence.known.retain(|_, known| known.is_ok());
        cx.refresh_list();
        if cx.kept.remembers {
            let customer = cx.session.customer.clone();
            cx.effect(Effect::Keep(Change::Reload(customer, cx.decisions_version)));
        }
    }

    fn detail(&self) -> Detail {
        self.detail
    }

    fn detail_mut(&mut self) -> Option<&mut Detail> {
        Some(&mut self.detail)
    }

    fn pane(&self) -> (&'static str, u16) {
        (" Evidence ", evidence::LABEL)
    }

    fn detail_lines(&self, cx: &Cx, width: u16) -> Vec<detail::Line> {
        self.evidence_lines(cx, width)
    }

    fn shape(&self, cx: &Cx) -> Shape {
        Shape {
            has_chips: cx.list().has_chips(),
            panel: super::panel(view::overview_lines(&self.overview, cx.size), cx),
            pane: state::evidence_width(cx.size.0),
            ..Shape::default()
        }
    }

    fn status(&self, cx: &Cx, theme: &Theme, width: u16) -> Vec<Piece> {
        view::status(self, cx, theme, usize::from(width).saturating_sub(5))
    }

    fn prepare(&mut self, cx: &mut Cx) {
        self.evidence.forget_before(cx.list().fetched);
        self.arrange(cx);
        self.group(cx);
    }

    fn settle(&mut self, cx: &mut Cx) {
        table::settle(self, cx);
    }

    fn after_event(&mut self, cx: &mut Cx) {
        cx.run_list();
        self.rest(cx);
        cx.ask_owners(true);
    }

    fn booking_under_cursor(&self, cx: &Cx) -> Option<Untrusted> {
        // With the pane open, the evidence loads it.
        list::booking_to_open(cx).filter(|_| !self.detail.is_open && !self.is_in_overview)
    }

    fn wake_at(&self, cx: &Cx) -> Option<u64> {
        [self.evidence.wake_at(cx), cx.auto_refresh_at(), cx.owners_wake_at()]
            .into_iter()
            .flatten()
            .min()
    }

    fn click(&mut self, x: u16, y: u16, cx: &mut Cx) {
        let Some(line) = cx.layout.line_at(x, y, 1) else { return };
        let lines = visible(&cx.list().table, self.grouping, cx.layout.rows());
        // The heading of a group is not a row.
        if let Some(QueueLine::Row(row)) = lines.get(line) {
            cx.list_mut().table.go_to_row(*row);
            self.detail.top = 0;
        }
    }
}
