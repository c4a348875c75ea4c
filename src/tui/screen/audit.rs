//! The log of the writes of this profile, the newest first; a line opens its details.

pub mod lines;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::truncate::truncate;
use crate::tui::component::pieces::{DOT, Piece, line, position};
use crate::tui::component::scroll::Scroll;
use crate::tui::component::table::view::nothing;
use crate::tui::cx::{Cx, Next};
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Binding, Scope};
use crate::tui::layout::Shape;
use crate::tui::modal::reader::Reader;
use crate::tui::msg::Now;
use crate::tui::screen::Behavior;
use crate::tui::theme::{CURSOR, Theme};
use crate::tui::writes::{WriteCommand, unknown_in_words};
use crate::writes::log::Contents;

use lines::{Item, items};

/// Cells of the word of an outcome.
const WORD: usize = 18;

#[derive(Debug, Default)]
pub struct AuditScreen {
    /// `None` until the log was read.
    items: Option<Vec<Item>>,
    /// Lines of the log that were cut or changed.
    broken: Vec<usize>,
    failure: Option<String>,
    scroll: Scroll,
    fetched: Option<Now>,
    since: Option<Now>,
}

impl AuditScreen {
    pub fn accept(&mut self, log: Result<&Contents, String>, now: Now) {
        self.since = None;
        match log {
            Ok(contents) => {
                (self.fetched, self.failure) = (Some(now), None);
                self.items = Some(items(&contents.entries));
                self.broken.clone_from(&contents.broken);
            }
            Err(why) => self.failure = Some(why),
        }
    }

    /// Returns `true` for the write that this session is carrying out.
    fn is_under_way(&self, item: &Item, cx: &Cx) -> bool {
        let newest = self.items.as_ref().and_then(|items| items.first());
        let is_newest = newest.is_some_and(|it| std::ptr::eq(it, item));
        let write = cx.writes.under_way.as_ref().map(|it| &it.plan.write);
        is_newest && write.is_some_and(|write| item.is_open_write(write))
    }

    fn selected(&self) -> Option<&Item> {
        self.items.as_ref()?.get(self.scroll.cursor)
    }

    fn count(&self) -> usize {
        self.items.as_ref().map_or(0, Vec::len)
    }

    /// What is wrong with the log, and what is unknown.
    fn warnings(&self, cx: &Cx) -> Vec<String> {
        let mut warnings = Vec::new();
        warnings.extend(self.failure.as_ref().map(|why| format!("✗ {why}")));
        if let Some(first) = self.broken.first() {
            warnings.push(format!(
                "✗ The log was changed or cut: line {first} does not follow the line before it."
            ));
        }
        let unknown = cx.writes.unknown.len();
        if unknown > 0 {
            let keys = cx.words("{refresh} looks again; nothing is sent a second time.");
            warnings.push(format!("? {}: {keys}", unknown_in_words(unknown)));
        }
        warnings
    }
}

impl Behavior for AuditScreen {
    fn scope(&self) -> Scope {
        Scope::Audit
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        let pieces = vec![
            Piece::new(0, theme.chosen, " Your writes"),
            Piece::new(1, theme.dim, format!("profile {}", cx.writes.profile)),
        ];
        let title = line(pieces, DOT, cx.layout.tabs.width);
        frame.render_widget(Paragraph::new(title), cx.layout.tabs);
        let warnings = self.warnings(cx).into_iter().map(|text| {
            let style = if text.starts_with('✗') { theme.failure } else { theme.warning };
            Line::styled(format!(" {text}"), style)
        });
        frame.render_widget(Paragraph::new(warnings.collect::<Vec<_>>()), cx.layout.panel);
        body(self, (cx, theme), frame, cx.layout.table);
    }

    fn act(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Move(step) => {
                let height = usize::from(cx.layout.table.height);
                self.scroll.step(step, self.count(), height);
            }
            Action::Open => {
                let is_here = |item: &Item| self.is_under_way(item, cx);
                let details =
                    self.selected().map(|item| (item.title(), item.details(is_here(item))));
                if let Some((title, text)) = details {
                    cx.open(Reader::new(title, text));
                }
            }
            Action::Json => {
                if let Some(item) = self.selected() {
                    cx.open(Reader::of_json(&item.title(), &item.json()));
                }
            }
            Action::CopyCell => {
                let text = self.selected().map(Item::line).unwrap_or_default();
                cx.copy(text, "the line");
            }
            Action::Back | Action::Quit => cx.then(Next::Close),
            _ => {}
        }
    }

    fn why_not(&self, action: Action, _cx: &Cx) -> Option<String> {
        let needs_line = matches!(action, Action::Open | Action::Json | Action::CopyCell);
        (needs_line && self.selected().is_none())
            .then(|| "There is no write in the log.".to_owned())
    }

    fn hint(&self, binding: &'static Binding, _cx: &Cx) -> Option<&'static str> {
        match binding.action {
            Action::Open => Some("details"),
            Action::Refresh => Some("look again"),
            _ => binding.hint,
        }
    }

    fn opened(&mut self, cx: &mut Cx) {
        self.since = Some(cx.now);
        cx.effect(Effect::Write(WriteCommand::ReadLog));
    }

    /// Looks up writes with an unknown outcome, too; the log is read again after that.
    fn refresh(&mut self, cx: &mut Cx) {
        self.opened(cx);
        if !cx.writes.unknown.is_empty() {
            cx.find_out();
        }
    }

    fn is_loading(&self, _cx: &Cx) -> bool {
        self.since.is_some()
    }

    fn waiting_since(&self, _cx: &Cx) -> Option<Now> {
        self.since
    }

    fn loaded_at(&self, _cx: &Cx) -> Option<Now> {
        self.fetched
    }

    fn shape(&self, cx: &Cx) -> Shape {
        let lines = self.warnings(cx).len();
        Shape { panel: super::panel(lines, cx), ..Shape::default() }
    }

    fn status(&self, _cx: &Cx, theme: &Theme, _width: u16) -> Vec<Piece> {
        if self.count() == 0 {
            return Vec::new();
        }
        let text = position("write", self.scroll.cursor, self.count() as u64);
        vec![Piece::new(1, theme.title, text)]
    }

    fn settle(&mut self, cx: &mut Cx) {
        self.scroll.settle(self.count(), usize::from(cx.layout.table.height));
    }

    fn click(&mut self, x: u16, y: u16, cx: &mut Cx) {
        let line = cx.layout.line_at(x, y, 0).map(|line| self.scroll.top + line);
        if let Some(line) = line.filter(|line| *line < self.count()) {
            self.scroll.cursor = line;
        }
    }
}

fn body(screen: &AuditScreen, (cx, theme): (&Cx, &Theme), frame: &mut Frame<'_>, area: Rect) {
    let Some(items) = screen.items.as_ref().filter(|items| !items.is_empty()) else {
        let text = match (&screen.failure, &screen.items) {
            (Some(_), _) => "",
            (None, None) => "Reading the log…",
            (None, Some(_)) => "This profile has written nothing yet.",
        };
        return nothing(text, theme, frame, area);
    };
    let shown = items.iter().enumerate().skip(screen.scroll.top).take(area.height.into());
    let lines = shown.map(|(at, item)| {
        let is_here = at == screen.scroll.cursor;
        let mark = if is_here { Span::styled(CURSOR, theme.cursor) } else { Span::raw(" ") };
        let (word, style) = item.outcome(theme, screen.is_under_way(item, cx));
        let head = format!(" {}  ", item.time());
        let word = format!("{word:<WORD$}  ");
        let taken = 1 + head.chars().count() + word.chars().count();
        let room = area.width.saturating_sub(u16::try_from(taken).unwrap_or(u16::MAX));
        let text = truncate(item.what().into(), room).into_owned();
        Line::from(vec![
            mark,
            Span::styled(head, theme.dim),
            Span::styled(word, style),
            Span::raw(text),
        ])
    });
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), area);
    let here = screen.scroll.cursor.saturating_sub(screen.scroll.top);
    theme.light_line(frame.buffer_mut(), area, here);
}
