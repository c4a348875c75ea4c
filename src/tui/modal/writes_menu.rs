//! The menu of writes for a payment, a booking or a bank account: those that fit, and why others do not.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::prompt::{Prompt, PromptAction};
use super::{Modal, Stay};
use crate::domain::failure::Failure;
use crate::domain::truncate::truncate;
use crate::payments::fields::Fields;
use crate::payments::write::{Write, WriteKind};
use crate::tui::component::boxed::boxed;
use crate::tui::cx::{Cx, Next};
use crate::tui::keymap::{Action, Scope};
use crate::tui::layout;
use crate::tui::msg::Waiter;
use crate::tui::theme::Theme;
use crate::writes::offer::{Object, Offer, menu};

/// Cells of the mark before an entry.
const MARK: usize = 2;
const LOADING: &str = "loading whether it is blocked…";

#[derive(Debug)]
pub struct WritesMenu {
    objects: Vec<Object>,
    offers: Vec<Offer>,
    cursor: usize,
    /// Whether the user chose the entry under the cursor.
    has_moved: bool,
    /// Why the block state could not be loaded.
    failure: Option<String>,
    is_loading: bool,
}

impl WritesMenu {
    /// With `is_loading`, the block state of the payment is requested.
    pub fn new(objects: Vec<Object>, is_loading: bool, cx: &Cx) -> Self {
        let (offers, failure) = (Vec::new(), None);
        let mut it = Self { objects, offers, cursor: 0, has_moved: false, failure, is_loading };
        it.offer(cx);
        it
    }

    fn offer(&mut self, cx: &Cx) {
        let allowed = cx.writes.allowed();
        self.offers = self.objects.iter().flat_map(|object| menu(object, allowed)).collect();
        for offer in &mut self.offers {
            let is_of_block = matches!(offer.kind, WriteKind::Block | WriteKind::Unblock);
            let why = if self.is_loading { Some(LOADING) } else { self.failure.as_deref() };
            if let (true, Some(why)) = (is_of_block, why) {
                offer.write = Err(why.to_owned());
            }
        }
        let is_offered = |at: &usize| self.offers.get(*at).is_some_and(|it| it.write.is_ok());
        if !self.is_loading && !self.has_moved {
            self.cursor = (0..self.offers.len()).find(is_offered).unwrap_or(self.cursor);
        }
    }

    pub fn block_answered(&mut self, answer: Result<Option<Fields>, Failure>, cx: &Cx) {
        self.is_loading = false;
        match answer {
            Ok(fields) => {
                let state = fields.and_then(|fields| fields.flag("isBlocked"));
                for object in &mut self.objects {
                    if let Object::Payment { is_blocked, .. } = object {
                        *is_blocked = state;
                    }
                }
            }
            Err(failure) => self.failure = Some(failure.why),
        }
        self.offer(cx);
    }

    fn choose(&self, cx: &mut Cx) -> Stay {
        let Some(offer) = self.offers.get(self.cursor) else { return Stay::Open };
        // Why it is not offered is shown at the entry.
        let Ok(write) = &offer.write else { return Stay::Open };
        if !cx.writes.is_open(cx.now) {
            cx.open(Prompt::new(String::new(), PromptAction::OpenWrites));
            return Stay::Open;
        }
        cx.cancel_waiters(|waiter| waiter == Waiter::BlockState);
        match write {
            Write::Match { .. } | Write::Unmatch { .. } => {
                cx.open(Prompt::new(String::new(), PromptAction::Properties(write.clone())));
            }
            _ => cx.then(Next::Write(write.clone())),
        }
        Stay::Close
    }

    /// Each entry in two lines: its name, and its consequence or why it is not offered.
    fn lines(&self, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let entry = |(at, offer): (usize, &Offer)| {
            let mark = if at == self.cursor { "▸ " } else { "  " };
            let name = match (&offer.write, at == self.cursor) {
                (Err(_), _) => theme.dim,
                (Ok(_), true) => theme.chosen,
                (Ok(_), false) => Style::new(),
            };
            let text = match &offer.write {
                Ok(_) => offer.consequence.to_owned(),
                Err(why) => format!("not now: {why}"),
            };
            let text = truncate(format!("    {text}").into(), width).into_owned();
            [
                Line::from(vec![
                    Span::styled(mark, theme.cursor),
                    Span::styled(offer.kind.title(), name),
                ]),
                Line::styled(text, theme.dim),
            ]
        };
        self.offers.iter().enumerate().flat_map(entry).collect()
    }
}

impl Modal for WritesMenu {
    fn scope(&self) -> Scope {
        Scope::Pick
    }

    fn act(&mut self, action: Action, _key: KeyEvent, cx: &mut Cx) -> Stay {
        match action {
            Action::Move(step) => {
                let last = self.offers.len().saturating_sub(1);
                self.has_moved = true;
                self.cursor = step.way().step(self.cursor).min(last);
            }
            Action::Submit => return self.choose(cx),
            Action::Remove => {}
            _ => {
                cx.cancel_waiters(|waiter| waiter == Waiter::BlockState);
                return Stay::Close;
            }
        }
        Stay::Open
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        let foot = cx.words(" {choose} plan it · {down} {up} choose · {close-pick} close ");
        let locked = "Writes are locked: choose one to unlock them.";
        let is_locked = !cx.writes.is_open(cx.now);
        let of_offer = |offer: &Offer| {
            let below = offer.write.as_ref().map_or_else(|why| why.width() + 9, |_| 0);
            let below = below.max(offer.consequence.width()) + 4;
            below.max(offer.kind.title().len() + MARK)
        };
        let widths = self.offers.iter().map(of_offer).chain([foot.width(), locked.len()]);
        let lines = 2 * self.offers.len() + usize::from(is_locked);
        let size = [widths.max().unwrap_or(0), lines];
        let size = size.map(|it| u16::try_from(it).unwrap_or(u16::MAX));
        let area = layout::choices(cx.size, size);
        let inside = boxed("Writes", foot, area, theme, frame);
        let mut lines = Vec::new();
        lines.extend(is_locked.then(|| Line::styled(locked, theme.warning)));
        lines.extend(self.lines(theme, inside.width));
        frame.render_widget(Paragraph::new(lines), inside);
        let line = 2 * self.cursor + usize::from(is_locked);
        theme.light_line(frame.buffer_mut(), inside, line);
    }
}
