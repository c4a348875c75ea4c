//! A scrollable text: a record as JSON, a chart, changes, a topic of the manual.

use std::collections::BTreeSet;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::{Modal, Stay};
use crate::chart::{BARS, PARTIAL, TOTAL};
use crate::domain::money::counted;
use crate::domain::text::sanitize;
use crate::list::record::Record;
use crate::manual::{Topic, page};
use crate::tui::component::boxed::boxed;
use crate::tui::component::scroll::Scroll;
use crate::tui::cx::Cx;
use crate::tui::keymap::{Action, Binding, Scope, Step};
use crate::tui::layout;
use crate::tui::screen::list::chart;
use crate::tui::theme::Theme;

/// Lines; a record can hold megabytes.
const LONGEST_TEXT: usize = 5_000;

#[derive(Debug)]
pub struct Reader {
    pub title: String,
    /// Printable lines, not wrapped.
    pub text: Vec<String>,
    pub lines: Vec<String>,
    pub top: usize,
    /// Set for a chart, which is redrawn when the screen is resized: whether rows are missing in
    /// it.
    chart: Option<bool>,
    topic: Option<&'static Topic>,
    /// The lines that are headings.
    headings: BTreeSet<usize>,
    /// Wrapped lines of the first line of the text.
    first: usize,
    /// Lines on the screen.
    room: usize,
    /// Cells of the widest line, the title and the number of lines below.
    widest: u16,
}

impl Reader {
    pub fn new(title: String, text: Vec<String>) -> Self {
        Self {
            title,
            text,
            lines: Vec::new(),
            top: 0,
            chart: None,
            topic: None,
            headings: BTreeSet::new(),
            first: 0,
            room: 0,
            widest: 0,
        }
    }

    pub fn of_topic(topic: &'static Topic) -> Self {
        Self { topic: Some(topic), ..Self::new(format!("Manual · {}", topic.name), Vec::new()) }
    }

    pub fn of_chart(title: String, text: Vec<String>, lacks_rows: bool) -> Self {
        Self { chart: Some(lacks_rows), ..Self::new(title, text) }
    }

    pub fn of_json(title: &str, json: &str) -> Self {
        let mut text: Vec<String> =
            json.lines().take(LONGEST_TEXT).map(|line| sanitize(line).into_owned()).collect();
        let more = json.lines().count() - text.len();
        if more > 0 {
            text.push(format!("… and {}", counted(more as u64, "more line")));
        }
        Self::new(sanitize(title).into_owned(), text)
    }

    pub fn of_record(record: &Record) -> Self {
        let title = record.booking().map(|reference| reference.shown().into_owned());
        Self::of_json(&format!("Record · {}", title.unwrap_or_default()), &record.to_json())
    }

    /// Colors the bars of a chart and the remarks about missing rows.
    fn styled<'a>(&self, at: usize, line: &'a str, theme: &Theme) -> Line<'a> {
        if self.headings.contains(&at) {
            return Line::styled(line, theme.title);
        }
        let Some(lacks_rows) = self.chart else { return Line::raw(line) };
        if lacks_rows && at < self.first {
            return Line::styled(line, theme.warning);
        }
        let is_total = line.trim_start().starts_with(TOTAL);
        let style = if is_total { theme.title } else { theme.plain };
        let (words, bar) = line.split_at(line.find(BARS).unwrap_or(line.len()));
        let mut spans: Vec<Span<'a>> = match words.split_once(PARTIAL) {
            Some((before, after)) => {
                let [before, after] = [before, after].map(|text| Span::styled(text, style));
                vec![before, Span::styled(PARTIAL, theme.warning), after]
            }
            None => vec![Span::styled(words, style)],
        };
        spans.push(Span::styled(bar, theme.key));
        Line::from(spans)
    }

    /// As large as the text, within the size of the screen; bars fill its width.
    fn area(&self, cx: &Cx) -> Rect {
        let most = layout::reader(cx.size);
        let lines = u16::try_from(self.lines.len()).unwrap_or(u16::MAX);
        let height = lines.saturating_add(2).min(most.height);
        if self.chart.is_some() {
            return Rect { height, ..most };
        }
        let width = self.widest.saturating_add(layout::FRAME).min(most.width);
        Rect { x: (cx.size.0 - width) / 2, width, height, ..most }
    }
}

impl Modal for Reader {
    fn scope(&self) -> Scope {
        Scope::Reader
    }

    fn resized(&mut self, cx: &Cx) {
        if self.chart.is_some()
            && let Some(chart) = chart::of_list(cx)
        {
            *self = Self { top: self.top, ..chart };
        }
        let area = layout::reader(cx.size);
        let room = area.width.saturating_sub(layout::FRAME);
        if let Some(topic) = self.topic {
            let lines = page::lines(topic, usize::from(room));
            let headings = (0..).zip(&lines).filter(|(_, line)| line.is_heading);
            self.headings = headings.map(|(at, _)| at).collect();
            self.lines = lines.into_iter().map(|line| line.text).collect();
        } else {
            let mut lines = self.text.iter().map(|line| wrapped_with_indent(line, room));
            self.lines = lines.next().unwrap_or_default();
            self.first = self.lines.len();
            self.lines.extend(lines.flatten());
        }
        let foot = more_lines(self.lines.len());
        let texts = self.lines.iter().chain([&foot]).map(|line| line.width());
        let widest = texts.chain([self.title.width() + 2]).max().unwrap_or(0);
        self.widest = u16::try_from(widest).unwrap_or(u16::MAX);
        self.room = usize::from(area.height.saturating_sub(2));
        self.top = self.top.min(self.lines.len().saturating_sub(self.room));
    }

    fn act(&mut self, action: Action, _key: KeyEvent, cx: &mut Cx) -> Stay {
        let step = match action {
            Action::Move(step) => step,
            Action::LoadAll => {
                if self.chart.is_some() {
                    chart::load_rest(cx);
                    self.resized(cx);
                }
                return Stay::Open;
            }
            _ => return Stay::Close,
        };
        Scroll::step_window(&mut self.top, step, self.lines.len(), self.room.max(1));
        Stay::Open
    }

    fn hint(&self, binding: &Binding) -> Option<&'static str> {
        let is_longer = self.lines.len() > self.room;
        match binding.action {
            Action::Move(Step::Down) if is_longer => Some("scroll"),
            Action::Move(Step::PageDown) if is_longer => Some("next page"),
            _ => binding.hint,
        }
    }

    fn rows_came(&mut self, cx: &Cx) {
        if self.chart.is_some() {
            self.resized(cx);
        }
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        let area = self.area(cx);
        let room = usize::from(area.height.saturating_sub(2));
        let below = self.lines.len().saturating_sub(self.top + room);
        let covered = cx.notice.as_ref().filter(|_| area.intersects(cx.layout.message));
        let foot = match (covered, below) {
            (Some(notice), _) => format!(" {notice} "),
            (None, 0) => String::new(),
            (None, below) => more_lines(below),
        };
        let inside = boxed(&self.title, foot, area, theme, frame);
        let shown = self.lines.iter().enumerate().skip(self.top).take(room);
        let lines: Vec<Line<'_>> = shown.map(|(at, line)| self.styled(at, line, theme)).collect();
        frame.render_widget(Paragraph::new(lines), inside);
    }
}

fn more_lines(count: usize) -> String {
    format!(" {} ", counted(count as u64, "more line"))
}

fn wrapped_with_indent(line: &str, room: u16) -> Vec<String> {
    let text = line.trim_start();
    let indent = " ".repeat(line.len() - text.len());
    let further = format!("{indent}    ");
    if text.is_empty() {
        return vec![String::new()];
    }
    let options = textwrap::Options::new(usize::from(room).max(20))
        .initial_indent(&indent)
        .subsequent_indent(&further);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}
