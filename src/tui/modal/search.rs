//! The search: what is typed narrows the fetched rows, and can be sent to the server.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Clear;
use tui_input::Input;

use super::{Modal, Stay};
use crate::domain::money::format_count;
use crate::filter::{FilterTarget, FilterValue, with};
use crate::list::filter::{Filter, FilterKind};
use crate::tui::component::boxed::typed;
use crate::tui::cx::Cx;
use crate::tui::keymap::{Action, Scope};
use crate::tui::theme::Theme;
use crate::tui::typing::LONGEST_LINE;

#[derive(Debug)]
pub struct Search {
    pub input: Input,
}

impl Modal for Search {
    fn scope(&self) -> Scope {
        Scope::Search
    }

    fn act(&mut self, action: Action, _key: KeyEvent, cx: &mut Cx) -> Stay {
        if action == Action::Submit {
            return ask_server(&self.input, cx);
        }
        narrow("", cx);
        Stay::Close
    }

    fn input(&mut self) -> Option<(&mut Input, usize)> {
        Some((&mut self.input, LONGEST_LINE))
    }

    fn edited(&mut self, cx: &mut Cx) {
        narrow(self.input.value(), cx);
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        let area = cx.layout.status;
        let list = cx.list();
        let count = list.table.records().len() as u64;
        let [found, fetched] = [list.table.len() as u64, count].map(format_count);
        let summary = match list.total.filter(|total| *total > count) {
            Some(total) => format!("{found} of {fetched} fetched, {} in all ", format_count(total)),
            None => format!("{found} of {fetched} "),
        };
        let right = Line::styled(summary, theme.dim).right_aligned();
        let taken = u16::try_from(right.width()).unwrap_or(0);
        frame.render_widget(Clear, area);
        frame.render_widget(right, area);
        let left = Rect { width: area.width.saturating_sub(taken + 1), ..area };
        typed(&self.input, " / ", theme, frame, left);
    }
}

fn narrow(text: &str, cx: &mut Cx) {
    cx.list_mut().table.narrow(text);
}

fn ask_server(input: &Input, cx: &mut Cx) -> Stay {
    let typed = input.value().trim();
    let list = cx.list();
    let by_text = |filter: &&'static Filter| filter.kind == FilterKind::Search;
    let Some(filter) = list.spec().filters.iter().find(by_text) else {
        cx.say("This list cannot be searched by the server.");
        return Stay::Close;
    };
    let others = list.filters().iter().filter(|filter| !filter.is_search());
    let others: Vec<FilterValue> = others.cloned().collect();
    let settings = if typed.is_empty() {
        Ok(others)
    } else {
        FilterValue::new(FilterTarget::Param(filter), typed).map(|setting| with(&others, setting))
    };
    match settings {
        Ok(settings) => {
            narrow("", cx);
            cx.set_filters(settings);
            Stay::Close
        }
        Err(fault) => {
            cx.tell(fault.why);
            Stay::Open
        }
    }
}
