//! The screens of the Payments APIs: a report in lines, some of which open another screen.

pub mod state;
pub mod writable;

#[cfg(test)]
mod tests;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::command::{Command, print};
use crate::domain::text::sanitize;
use crate::domain::truncate::truncate;
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::{Answer, wrong_answer};
use crate::net::schedule::MOST_IN_FLIGHT;
use crate::payments::account::hide;
use crate::payments::fields::Fields;
use crate::payments::report::{Opens, Report, Tone};
use crate::payments::request::PaymentsRequest;
use crate::payments::subject::{Feed, Subject};
use crate::payments::write::Write;
use crate::tui::component::pieces::{DOT, Piece, line, position};
use crate::tui::component::scroll::Scroll;
use crate::tui::cx::{Cx, Next};
use crate::tui::effect::{Effect, NetCommand, Priority};
use crate::tui::keymap::{Action, Scope, Way};
use crate::tui::modal::reader::Reader;
use crate::tui::msg::{Now, Waiter};
use crate::tui::refreshes::RefreshTarget;
use crate::tui::screen::Behavior;
use crate::tui::screen::booking::state::{Booking, OpenedFrom};
use crate::tui::screen::payments::state::{LABEL, ReportScreen};
use crate::tui::theme::{CURSOR, Theme};
use crate::writes::offer::Object;

pub fn of_row(record: &Record, cx: &Cx) -> Result<ReportScreen, String> {
    let id = record.text("id").ok_or("This row names no payment.")?;
    let subject = Subject::Payment(id.expose_raw().to_owned());
    ReportScreen::about(subject, Fields::read(&record.to_json()), cx.hosts, cx.now)
}

impl Behavior for ReportScreen {
    fn scope(&self) -> Scope {
        Scope::Report
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        title(self, cx, theme, frame);
        body(self, theme, frame, cx.layout.table);
    }

    fn act(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Move(step) => {
                let (lines, height) = (self.lines().len(), usize::from(cx.layout.table.height));
                self.scroll.step(step, lines, height);
            }
            Action::Reveal => self.is_revealed = !self.is_revealed,
            Action::Open => open_line(self, cx),
            Action::Json => raw(self, cx),
            Action::NextOfList => self.show_window(Way::Forward, cx),
            Action::PreviousOfList => self.show_window(Way::Back, cx),
            Action::Filter => {
                let text = print(&Command::Show(self.report.subject.clone()));
                cx.then(Next::TypeCommand(text));
            }
            Action::CopyCell => {
                let text = self.selected().map(|line| line.text.clone()).unwrap_or_default();
                cx.copy(text, "the line");
            }
            Action::Back | Action::Quit => cx.then(Next::Close),
            _ => {}
        }
    }

    fn why_not(&self, action: Action, _cx: &Cx) -> Option<String> {
        let subject = &self.report.subject;
        let opens = action == Action::Open && self.opens().is_some();
        let why = match action {
            Action::Open | Action::Json
                if !opens && self.selected().is_none_or(|line| line.raw.is_none()) =>
            {
                "This line has no record to open."
            }
            Action::NextOfList | Action::PreviousOfList
                if !matches!(subject, Subject::Events(Feed { stream: None, .. })) =>
            {
                "Only a range of events has a next and a previous range."
            }
            Action::Filter if !matches!(subject, Subject::Events(_)) => {
                "Only events can be filtered."
            }
            _ => return None,
        };
        Some(why.to_owned())
    }

    fn writable(&self, _cx: &Cx) -> Vec<Object> {
        writable::of_report(&self.report).into_iter().collect()
    }

    fn opened(&mut self, cx: &mut Cx) {
        self.begin(cx);
        self.send(cx);
    }

    fn answered(&mut self, request: Request, answer: Answer, cx: &mut Cx) {
        let Request::Payments(request) = request else { return };
        let response = answer.and_then(|it| it.try_as_payments().ok_or_else(wrong_answer));
        if response.is_ok() {
            self.fetched = Some(cx.now);
        }
        let asks = self.report.accept(&request, response.map(|response| *response));
        self.unsent.extend(asks);
        self.changed();
        self.send(cx);
    }

    fn refresh(&mut self, cx: &mut Cx) {
        cx.effect(Effect::Network(NetCommand::RetryCredential));
        self.begin(cx);
        self.send(cx);
    }

    fn waiting_since(&self, cx: &Cx) -> Option<Now> {
        cx.is_pending(Waiter::Screen(cx.top)).then_some(self.since)
    }

    fn loaded_at(&self, _cx: &Cx) -> Option<Now> {
        self.fetched
    }

    fn status(&self, _cx: &Cx, theme: &Theme, _width: u16) -> Vec<Piece> {
        let text = position("line", self.scroll.cursor, self.lines().len() as u64);
        vec![Piece::new(1, theme.title, text)]
    }

    fn settle(&mut self, cx: &mut Cx) {
        self.make_lines(cx.size.0);
        let (lines, height) = (self.lines().len(), usize::from(cx.layout.table.height));
        self.scroll.settle(lines, height);
    }

    fn click(&mut self, x: u16, y: u16, cx: &mut Cx) {
        let line = cx.layout.line_at(x, y, 0).map(|line| self.scroll.top + line);
        if let Some(line) = line.filter(|line| *line < self.lines().len()) {
            self.scroll.cursor = line;
        }
    }
}

impl ReportScreen {
    /// What the line under the cursor opens, unless it is already shown.
    fn opens(&self) -> Option<&Opens> {
        let opens = self.selected()?.opens.as_ref()?;
        match (opens, &self.report.subject) {
            (
                Opens::Stream(id),
                Subject::Payment(own) | Subject::Events(Feed { stream: Some(own), .. }),
            )
            | (Opens::Payment(id), Subject::Payment(own))
                if id == own =>
            {
                None
            }
            _ => Some(opens),
        }
    }

    /// Clears the report, and prepares the requests for a new one.
    fn begin(&mut self, cx: &mut Cx) {
        cx.cancel_of(cx.here);
        let (subject, known) = (self.report.subject.clone(), self.report.known.clone());
        let (report, asks) = Report::begin(subject, known, cx.hosts);
        (self.report, self.unsent, self.since, self.fetched) = (report, asks, cx.now, None);
        self.changed();
    }

    /// Loads what a write may have changed again; all lines stay until the answers.
    pub fn load_again(&mut self, cx: &mut Cx) {
        let parts = self.report.parts.iter().map(|part| part.request.clone());
        let again: Vec<PaymentsRequest> = parts.filter(writable::is_changed_by_a_write).collect();
        // Their answers may be of the time before the write.
        let is_again = |request: &Request| matches!(request, Request::Payments(request) if again.contains(request));
        let here = cx.here;
        let old = cx.pending(|waiter| waiter == Waiter::Screen(here));
        let old = old.filter(|(_, request)| is_again(request)).map(|(ticket, _)| ticket).collect();
        cx.cancel(old);
        self.unsent.retain(|request| !again.contains(request));
        self.unsent.splice(0..0, again);
        self.send(cx);
    }

    /// Sends as many requests as may be in flight: those of the lines in sight before others.
    fn send(&mut self, cx: &mut Cx) {
        let in_flight = cx.pending(|waiter| waiter == Waiter::Screen(cx.here)).count();
        for _ in in_flight..MOST_IN_FLIGHT {
            let Some(at) = self.next_unsent(usize::from(cx.layout.table.height)) else { return };
            cx.ask(Priority::Visible, Request::Payments(self.unsent.remove(at)));
        }
    }

    fn next_unsent(&self, height: usize) -> Option<usize> {
        let is_detail =
            |request: &PaymentsRequest| matches!(request, PaymentsRequest::MyProperties(_));
        let shown = self.lines().iter().skip(self.scroll.top).take(height);
        let mut shown = shown.filter_map(|line| line.awaits.as_ref());
        let place = |request: &PaymentsRequest| self.unsent.iter().position(|it| it == request);
        let first = self.unsent.iter().position(|request| !is_detail(request));
        first.or_else(|| shown.find_map(place)).or((!self.unsent.is_empty()).then_some(0))
    }

    /// Replaces the shown window of events with the next or the previous one. While a key is held,
    /// only the last window is loaded.
    fn show_window(&mut self, way: Way, cx: &mut Cx) {
        let Subject::Events(feed) = &mut self.report.subject else { return };
        *feed = feed.moved(way == Way::Forward);
        self.scroll = Scroll::default();
        if cx.refreshes.ask(RefreshTarget::Screen(cx.here), cx.now.elapsed) {
            self.refresh(cx);
        } else {
            // The requests are sent later.
            self.begin(cx);
        }
    }
}

fn open_line(screen: &ReportScreen, cx: &mut Cx) {
    match screen.opens().cloned() {
        Some(Opens::Booking(reference)) => {
            cx.push(Booking::opening(reference, OpenedFrom::Elsewhere));
        }
        Some(Opens::Payment(id)) => cx.show(Subject::Payment(id)),
        Some(Opens::Stream(id)) => {
            let feed = Feed { stream: Some(id), ..Feed::from(1) };
            cx.show(Subject::Events(feed));
        }
        None => raw(screen, cx),
    }
}

/// The JSON of the line; what is masked on the screen is masked there, too.
fn raw(screen: &ReportScreen, cx: &mut Cx) {
    let Some(mut raw) = screen.selected().and_then(|line| line.raw.clone()) else { return };
    hide(&mut raw, screen.is_revealed);
    let json = serde_json::to_string_pretty(&raw).unwrap_or_default();
    cx.open(Reader::of_json(&screen.report.subject.title(), &json));
}

impl Cx {
    pub fn push_payment(&mut self, record: &Record) {
        if let Some(screen) = self.ok_or_tell(of_row(record, self)) {
            self.push(screen);
        }
    }

    pub fn show(&mut self, subject: Subject) {
        let screen = ReportScreen::about(subject, None, self.hosts, self.now);
        if let Some(screen) = self.ok_or_tell(screen) {
            self.push(screen);
        }
    }
}

fn title(screen: &ReportScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.tabs;
    let title = screen.report.subject.title();
    let hidden = if screen.is_revealed { "numbers revealed" } else { "" };
    let subject = &screen.report.subject;
    let is_open = |write: &Write| matches!(subject, Subject::Payment(id) if id == write.id());
    let is_open = cx.writes.unknown.values().any(is_open);
    let open = if is_open { "? a write with an unknown outcome" } else { "" };
    let pieces = vec![
        Piece::new(0, theme.chosen, format!(" {}", truncate(sanitize(&title), 60))),
        Piece::new(0, theme.warning, open),
        Piece::new(1, theme.warning, hidden),
    ];
    frame.render_widget(Paragraph::new(line(pieces, DOT, area.width)), area);
}

fn body(screen: &ReportScreen, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let shown: Vec<Line<'_>> = screen
        .lines()
        .iter()
        .enumerate()
        .skip(screen.scroll.top)
        .take(usize::from(area.height))
        .map(|(at, it)| {
            let is_here = at == screen.scroll.cursor;
            let mark = if is_here { Span::styled(CURSOR, theme.cursor) } else { Span::raw(" ") };
            let style = match it.tone {
                Tone::Title => theme.title,
                Tone::Plain => Style::new(),
                Tone::Quiet => theme.dim,
                Tone::Warning => theme.warning,
                Tone::Failure => theme.failure,
            };
            let indent = if it.tone == Tone::Title { " " } else { "   " };
            let label =
                if it.label.is_empty() { String::new() } else { format!("{:<LABEL$}", it.label) };
            let taken = 1 + indent.len() + label.len();
            let room = area.width.saturating_sub(u16::try_from(taken).unwrap_or(u16::MAX));
            let text = truncate(it.text.as_str().into(), room).into_owned();
            Line::from(vec![
                mark,
                Span::raw(indent),
                Span::styled(label, theme.dim),
                Span::styled(text, style),
            ])
        })
        .collect();
    frame.render_widget(Paragraph::new(shown), area);
    let here = screen.scroll.cursor.saturating_sub(screen.scroll.top);
    theme.light_line(frame.buffer_mut(), area, here);
}
