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
    /// The object, for the title.
    name: String,
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
    pub fn new(name: String, objects: Vec<Object>, is_loading: bool, cx: &Cx) -> Self {
        let (offers, failure, has_moved) = (Vec::new(), None, false);
        let mut it = Self { name, objects, offers, cursor: 0, has_moved, failure, is_loading };
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

    /// The block state of the payment with this id.
    pub fn block_answered(
        &mut self,
        payment: &str,
        answer: Result<Option<Fields>, Failure>,
        cx: &Cx,
    ) {
        let is_own = |it: &Object| matches!(it, Object::Payment { id, .. } if id == payment);
        if !self.objects.iter().any(is_own) {
            return;
        }
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
            cx.open(Prompt::new(
                String::new(),
                PromptAction::OpenWrites(cx.writes.profile.clone()),
            ));
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

    /// Each entry: its name, and its consequence or why it is not offered. With the lines of the entry
    /// under the cursor.
    fn lines(&self, theme: &Theme, width: u16) -> (Vec<Line<'static>>, [usize; 2]) {
        let (mut lines, mut here) = (Vec::new(), [0, 0]);
        for (at, offer) in self.offers.iter().enumerate() {
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
            let first = lines.len();
            lines.push(Line::from(vec![
                Span::styled(mark, theme.cursor),
                Span::styled(offer.kind.title(), name),
            ]));
            let options = textwrap::Options::new(usize::from(width).max(20))
                .initial_indent("    ")
                .subsequent_indent("    ");
            let wrapped = textwrap::wrap(&text, options).into_iter();
            lines.extend(wrapped.map(|line| Line::styled(line.into_owned(), theme.dim)));
            if at == self.cursor {
                here = [first, lines.len()];
            }
        }
        (lines, here)
    }

    fn title(&self) -> String {
        if self.name.is_empty() { "Writes".to_owned() } else { format!("Writes: {}", self.name) }
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
        let title = self.title();
        let widths = self.offers.iter().map(of_offer);
        let widest = widths.chain([foot.width(), locked.len(), title.width() + 2]).max();
        let cells = |it: usize| u16::try_from(it).unwrap_or(u16::MAX);
        let width = cells(widest.unwrap_or(0)).min(cx.size.0.saturating_sub(layout::FRAME));
        let locked = is_locked.then(|| Line::styled(locked, theme.warning));
        let (lines, [first, end]) = self.lines(theme, width);
        let above = usize::from(is_locked);
        let area = layout::choices(cx.size, [width, cells(lines.len() + above)]);
        let title = truncate(title.into(), area.width.saturating_sub(4));
        let inside = boxed(&title, foot, area, theme, frame);
        // On a low screen, the entry under the cursor is in sight.
        let room = usize::from(inside.height).saturating_sub(above);
        let top = end.saturating_sub(room).min(first);
        let shown = locked.into_iter().chain(lines.into_iter().skip(top));
        frame.render_widget(Paragraph::new(shown.collect::<Vec<_>>()), inside);
        theme.light_line(frame.buffer_mut(), inside, first - top + above);
    }
}
