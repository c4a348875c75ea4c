//! The search: typed text narrows the loaded rows; it can then be kept or sent to the server.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Clear;
use tui_input::Input;

use super::{Modal, Stay};
use crate::domain::money::format_count;
use crate::search::server::fields_searched;
use crate::tui::component::boxed::typed;
use crate::tui::component::pieces::{DOT, Piece, line};
use crate::tui::cx::Cx;
use crate::tui::keymap::{Action, Scope};
use crate::tui::screen::list::found::{ask, nothing_found};
use crate::tui::theme::Theme;
use crate::tui::typing::LONGEST_LINE;

/// Cells reserved for the typed text.
const TYPED: u16 = 24;

#[derive(Debug, Default)]
pub struct Search {
    pub input: Input,
}

impl Modal for Search {
    fn scope(&self) -> Scope {
        Scope::Search
    }

    fn act(&mut self, action: Action, _key: KeyEvent, cx: &mut Cx) -> Stay {
        match action {
            Action::Submit => self.keep(cx),
            Action::AskServer => self.ask_server(cx),
            _ => {
                cx.list_mut().table.narrow("");
                cx.list_mut().table.end_search();
                Stay::Close
            }
        }
    }

    fn input(&mut self) -> Option<(&mut Input, usize)> {
        Some((&mut self.input, LONGEST_LINE))
    }

    fn edited(&mut self, cx: &mut Cx) {
        cx.list_mut().table.narrow(self.input.value());
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        let area = cx.layout.status;
        let table = &cx.list().table;
        let loaded = table.records().len();
        let [found, of] = [table.len(), loaded].map(|count| format_count(count as u64));
        let is_part = cx.list().has_more() || cx.list().total.is_some_and(|it| it > loaded as u64);
        let of =
            if is_part { format!("{found} of {of} loaded") } else { format!("{found} of {of}") };
        let pieces = vec![Piece::new(0, theme.dim, of), Piece::new(1, theme.dim, self.asked(cx))];
        let room = area.width.saturating_sub(typed_cells(&self.input) + 5);
        let right = line(pieces, DOT, room);
        let width = u16::try_from(right.width()).unwrap_or(0);
        frame.render_widget(Clear, area);
        let left = Rect { width: area.width.saturating_sub(width + 2), ..area };
        let right_area = Rect { x: area.x + left.width, width: width.min(area.width), ..area };
        frame.render_widget(right, right_area);
        typed(&self.input, " / ", theme, frame, left);
    }
}

impl Search {
    /// What is sent to the server for this text; without text, the fields that it searches.
    fn asked(&self, cx: &Cx) -> String {
        let (list, typed) = (cx.list(), self.input.value());
        let asked = if typed.trim().is_empty() {
            fields_searched(list.spec()).map(|fields| format!("searches {fields}"))
        } else {
            ask(list, typed).ok().map(|ask| ask.shown(list.spec()))
        };
        asked.map(|asked| cx.words("{ask-server} ") + &asked).unwrap_or_default()
    }

    fn keep(&self, cx: &mut Cx) -> Stay {
        let list = cx.list();
        if list.table.is_empty() && !list.table.is_behind() && !self.input.value().trim().is_empty()
        {
            cx.tell(nothing_found(list, cx));
            return Stay::Open;
        }
        cx.keep_found();
        cx.list_mut().table.end_search();
        Stay::Close
    }

    fn ask_server(&self, cx: &mut Cx) -> Stay {
        let asked = ask(cx.list(), self.input.value());
        let Some(ask) = cx.ok_or_tell(asked) else { return Stay::Open };
        if !cx.ask_server(&ask) {
            return Stay::Open;
        }
        cx.list_mut().table.narrow("");
        cx.list_mut().table.end_search();
        Stay::Close
    }
}

fn typed_cells(input: &Input) -> u16 {
    u16::try_from(input.value().chars().count()).unwrap_or(u16::MAX).min(TYPED)
}
