//! Keys on a screen about the Payments APIs, and how it is filled.

use super::state::ReportScreen;
use crate::command::{Command, print};
use crate::domain::failure::Failure;
use crate::net::request::Request;
use crate::net::response::{Response, wrong_answer};
use crate::payments::account::hide;
use crate::payments::report::{Opens, Report};
use crate::payments::request::PaymentsRequest;
use crate::payments::subject::{Feed, Subject};
use crate::tui::component::scroll::Scroll;
use crate::tui::cx::{Cx, Next};
use crate::tui::effect::{Priority, Ticket};
use crate::tui::keymap::{Action, Way};
use crate::tui::modal::reader::Reader;
use crate::tui::screen::booking::state::Booking;

pub fn why_not(screen: &ReportScreen, action: Action) -> Option<String> {
    let wanted = &screen.report.subject;
    let why = match action {
        Action::Json if screen.selected().is_none_or(|line| line.raw.is_none()) => {
            "No record stands behind this line."
        }
        Action::NextOfList | Action::PreviousOfList
            if !matches!(wanted, Subject::Events(Feed { stream: None, .. })) =>
        {
            "Only events come in windows."
        }
        Action::Filter if !matches!(wanted, Subject::Events(_)) => "Only events are narrowed.",
        _ => return None,
    };
    Some(why.to_owned())
}

pub fn act(screen: &mut ReportScreen, action: Action, cx: &mut Cx) {
    match action {
        Action::Move(step) => {
            let (lines, height) = (screen.lines().len(), usize::from(cx.layout.table.height));
            screen.scroll.step(step, lines, height);
        }
        Action::Reveal => screen.is_revealed = !screen.is_revealed,
        Action::Open => open_line(screen, cx),
        Action::Json => raw(screen, cx),
        Action::NextOfList => window(screen, Way::Forward, cx),
        Action::PreviousOfList => window(screen, Way::Back, cx),
        Action::Filter => {
            let text = print(&Command::Show(screen.report.subject.clone()));
            cx.then(Next::TypeCommand(text));
        }
        Action::CopyCell => {
            let text = screen.selected().map(|line| line.text.clone()).unwrap_or_default();
            cx.copy(text, "the line");
        }
        Action::Back | Action::Quit => cx.then(Next::Close),
        _ => cx.is_dirty = false,
    }
}

impl ReportScreen {
    pub fn ask(&mut self, asks: Vec<PaymentsRequest>, cx: &mut Cx) {
        for ask in asks {
            let ticket = cx.ask(Priority::Visible, Request::Payments(ask.clone()));
            self.awaited.push((ticket, ask));
        }
    }

    pub fn accept_answer(
        &mut self,
        ticket: Ticket,
        answer: Result<Response, Failure>,
        cx: &mut Cx,
    ) {
        let Some(at) = self.awaited.iter().position(|(own, _)| *own == ticket) else { return };
        let (_, asked) = self.awaited.remove(at);
        let told = match answer {
            Ok(Response::Payments(told)) => Ok(*told),
            Ok(_) => Err(wrong_answer()),
            Err(failure) => Err(failure),
        };
        self.fetched = Some(cx.now);
        let asks = self.report.accept(&asked, told);
        self.changed();
        self.ask(asks, cx);
    }

    pub fn reload(&mut self, cx: &mut Cx) {
        self.awaited.clear();
        cx.cancel_of(cx.here);
        let (wanted, known) = (self.report.subject.clone(), self.report.known.clone());
        let (report, asks) = Report::begin(wanted, known, cx.hosts);
        self.report = report;
        self.changed();
        self.since = cx.now;
        self.ask(asks, cx);
    }
}

/// Shows the next or the previous window of the events in the place of this one.
fn window(screen: &mut ReportScreen, way: Way, cx: &mut Cx) {
    if let Subject::Events(feed) = &mut screen.report.subject {
        *feed = feed.moved(way == Way::Forward);
        screen.scroll = Scroll::default();
        crate::tui::screen::Behavior::refresh(screen, cx);
    }
}

fn open_line(screen: &mut ReportScreen, cx: &mut Cx) {
    let Some(line) = screen.selected().cloned() else { return };
    let is_own = |id: &str| match &screen.report.subject {
        Subject::Payment(own) | Subject::Events(Feed { stream: Some(own), .. }) => own == id,
        _ => false,
    };
    match line.opens {
        Some(Opens::Booking(reference)) => {
            cx.push(Booking::opening(reference, None));
        }
        Some(Opens::Stream(id)) if !is_own(&id) => {
            let feed = Feed { stream: Some(id), ..Feed::from(1) };
            cx.show(Subject::Events(feed));
        }
        _ if line.raw.is_none() => cx.say("No record stands behind this line."),
        _ => raw(screen, cx),
    }
}

/// The JSON behind the line; what is hidden on the screen is hidden there too.
fn raw(screen: &ReportScreen, cx: &mut Cx) {
    let Some(mut raw) = screen.selected().and_then(|line| line.raw.clone()) else { return };
    hide(&mut raw, screen.is_revealed);
    let json = serde_json::to_string_pretty(&raw).unwrap_or_default();
    cx.open(Reader::of_json(&screen.report.subject.title(), &json));
}

impl Cx {
    pub fn show(&mut self, wanted: Subject) {
        let screen = ReportScreen::about(wanted, None, self.hosts, self.now);
        if let Some(screen) = self.done(screen) {
            self.push(screen);
        }
    }
}
