//! The lists as they are drawn: tabs, chips, rows, what the status line says.

use ratatui::Frame;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::domain::money::{Sums, format_amount, format_count};
use crate::domain::truncate::truncate;
use crate::figures;
use crate::figures::summary::{Part, Scope, Weight};
use crate::filter::FilterValue;
use crate::list::record;
use crate::list::sort::AmountBasis;
use crate::tui::component::fitting::fitting;
use crate::tui::component::pieces::{DOT, Piece, indented, line, position, text_of};
use crate::tui::component::table::view::{Loaded, failed};
use crate::tui::component::table::{Table, view as table};
use crate::tui::component::wait::waiting_for;
use crate::tui::cx::Cx;
use crate::tui::screen::list::found::nothing_found;
use crate::tui::screen::list::state::List;
use crate::tui::theme::Theme;

/// Whether tabs have titles, whether one has its count (given whether it is on top), and the text
/// between two tabs.
type TabsForm = (bool, fn(bool) -> bool, &'static str);
const FORMS: [TabsForm; 4] = [
    (true, |_| true, " │ "),
    (true, |_| true, "│"),
    (true, |is_here| is_here, "│"),
    (true, |_| false, "│"),
];
const LEAST: TabsForm = (false, |_| false, "│");

pub struct Tabs {
    labels: Vec<String>,
    gap: &'static str,
}

impl Tabs {
    /// The fullest form that fits `width` cells.
    pub fn of(cx: &Cx, width: u16) -> Self {
        let made = |(has_titles, is_counted, gap)| Self {
            labels: cx
                .lists
                .iter()
                .zip(0..)
                .map(|of| label(cx, of, has_titles, is_counted))
                .collect(),
            gap,
        };
        let fitting = FORMS.into_iter().map(made).find(|tabs| tabs.width() <= usize::from(width));
        fitting.unwrap_or_else(|| made(LEAST))
    }

    fn width(&self) -> usize {
        let gaps = self.gap.width() * self.labels.len().saturating_sub(1);
        1 + gaps + self.labels.iter().map(|label| label.width()).sum::<usize>()
    }

    pub fn at(&self, x: u16) -> Option<usize> {
        let mut from = 1;
        for (index, label) in self.labels.iter().enumerate() {
            let until = from + label.width();
            if (from..until).contains(&usize::from(x)) {
                return Some(index);
            }
            from = until + self.gap.width();
        }
        None
    }
}

/// Without titles only the list that is shown has its name.
fn label(
    cx: &Cx,
    (list, index): (&List, usize),
    has_titles: bool,
    is_counted: fn(bool) -> bool,
) -> String {
    let is_here = index == cx.tab;
    let mut text = format!("{}{}", if is_here { "▸" } else { "" }, index + 1);
    if has_titles || is_here {
        text = format!("{text} {}", list.spec().title);
    }
    if is_counted(is_here) {
        let news = cx.since.count(list.spec().key) as u64;
        let total = list.total.map(|total| format!(" {}", format_count(total)));
        let news = (news > 0).then(|| format!(" +{}", format_count(news)));
        text.extend([total, news].into_iter().flatten());
    }
    let signs = [(list.has_chips(), '*'), (list.failure.is_some(), '!')];
    text.extend(signs.iter().filter(|(is_so, _)| *is_so).map(|(_, sign)| sign));
    text
}

pub fn tabs(cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.tabs;
    let Tabs { labels, gap } = Tabs::of(cx, area.width);
    let mut spans = vec![Span::raw(" ")];
    for (index, label) in labels.into_iter().enumerate() {
        if index > 0 {
            spans.push(Span::styled(gap, theme.dim));
        }
        let style = if index == cx.tab { theme.chosen } else { theme.dim };
        spans.push(Span::styled(label, style));
    }
    frame.render_widget(Paragraph::new(Line::from(spans)), area);
}

pub fn chips(cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.chips;
    let list = cx.list();
    if !list.has_chips() {
        return;
    }
    let room = area.width.saturating_sub(10);
    let each = |chip: String| {
        let chip = truncate(chip.into(), room.saturating_sub(3));
        Piece::new(1, theme.chosen, format!("{chip} ✕"))
    };
    let all: Vec<Piece> = list.chips().map(each).collect();
    let count = all.len();
    let shown = line(all, "   ", room);
    let left_out = count - shown.spans.len().div_ceil(2).min(count);
    frame.render_widget(Paragraph::new(indented(shown)), area);
    if left_out > 0 {
        let more = Line::styled(format!("+{left_out} more "), theme.warning).right_aligned();
        frame.render_widget(more, area);
    }
}

pub fn rows(cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.table;
    let list = cx.list();
    if !list.table.is_empty() {
        let loaded = if list.has_more() { Loaded::Part } else { Loaded::All };
        return table::rows(&list.table, loaded, |_| None, (cx, theme), frame, area);
    }
    if let Some(failure) = &list.failure {
        return failed(cx, failure, theme, frame, area);
    }
    table::nothing(why_empty(list, cx), theme, frame, area);
}

fn why_empty(list: &List, cx: &Cx) -> String {
    let title = list.spec().title.to_lowercase();
    if list.table.is_narrowed() && !list.table.records().is_empty() {
        let is_behind = list.table.is_behind();
        return if is_behind { "Searching…".to_owned() } else { nothing_found(list, cx) };
    }
    if list.load.is_some() {
        return waiting_for(&title, list.waiting_since(), cx);
    }
    if !list.filters().is_empty() {
        let is_search = list.filters().iter().any(FilterValue::is_search);
        let accents = if is_search { " The server's search may be accent-sensitive." } else { "" };
        return format!("No {title} match these filters.{accents}");
    }
    if list.fetched.is_some() {
        return format!("This customer has no {title}.");
    }
    format!("No {title} were loaded. {}", cx.words("{refresh} loads them."))
}

/// What the rows come to, below the tabs.
pub fn summary(cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let (area, list) = (cx.layout.summary, cx.list());
    if area.is_empty() || list.table.records().is_empty() {
        return;
    }
    let room = usize::from(area.width.saturating_sub(2));
    let parts = of_table(&list.table, list.scope(), room);
    let style = |weight| match weight {
        Weight::Strong => theme.title,
        Weight::Plain => Style::new(),
        Weight::Quiet => theme.dim,
        Weight::Warning => theme.warning,
    };
    let pieces = parts.into_iter().map(|it| Piece::new(0, style(it.weight), it.text)).collect();
    frame.render_widget(Paragraph::new(indented(line(pieces, DOT, area.width))), area);
}

fn of_table(table: &Table, scope: Scope, room: usize) -> Vec<Part> {
    figures::summary::summary(table.spec(), table.figures(), scope, room)
}

pub fn status(cx: &Cx, theme: &Theme) -> Vec<Piece> {
    let list = cx.list();
    let loaded = list.table.records().len() as u64;
    if loaded == 0 {
        return Vec::new();
    }
    let all = list.total.map_or(loaded, |total| total.max(loaded));
    let position = if list.table.is_narrowed() {
        let position = position("row", list.table.cursor(), list.table.len() as u64);
        Piece::new(1, theme.title, format!("{position} found"))
    } else {
        row_of(&list.table, all, theme)
    };
    let mut pieces = vec![position];
    let is_part = list.scope().part.is_some();
    if is_part && cx.layout.summary.is_empty() {
        let text = format!("{} loaded", format_count(loaded));
        pieces.push(Piece::new(2, theme.warning, text));
    }
    pieces.extend(unreadable(&list.table, theme));
    let rest = is_part.then(|| cx.words(list.rest_by()));
    pieces.extend(sorted(&list.table, rest.as_deref(), theme));
    pieces
}

/// The row of the cursor among `all`.
pub fn row_of(table: &Table, all: u64, theme: &Theme) -> Piece {
    Piece::new(1, theme.title, position("row", table.cursor(), all))
}

pub fn unreadable(table: &Table, theme: &Theme) -> Option<Piece> {
    let count = table.unreadable as u64;
    (count > 0).then(|| Piece::new(2, theme.warning, record::unreadable(count)))
}

/// Why the first of the sorted rows need not be the greatest of all; `rest` loads those that are missing.
pub fn sorted(table: &Table, rest: Option<&str>, theme: &Theme) -> Option<Piece> {
    table.sort()?;
    let basis = table.amount_basis().filter(|basis| *basis == AmountBasis::Currency);
    let text = match (basis.map(<&str>::from), rest) {
        (None, None) => return None,
        (None, Some(rest)) => format!("sorted among these, {rest}"),
        (Some(basis), None) => format!("sorted {basis}"),
        (Some(basis), Some(rest)) => format!("sorted among these {basis}; {rest}"),
    };
    Some(Piece::new(if basis.is_some() { 1 } else { 2 }, theme.warning, text))
}

/// What the rows of a table come to, in the room that other pieces leave.
pub fn figures_beside(pieces: &[Piece], table: &Table, theme: &Theme, width: u16) -> Piece {
    let taken = text_of(pieces).width() + DOT.width();
    let room = usize::from(width).saturating_sub(taken + 2);
    let scope = Scope { of: table.counts(), part: None, is_numbered: true };
    Piece::new(3, theme.dim, figures::summary::text_of(&of_table(table, scope, room)))
}

/// Sums in `room` cells. A currency that does not fit is counted, not cut.
pub fn sums_in(sums: &Sums, of: &str, room: usize) -> String {
    let each = sums.euros_first().map(|(currency, minor)| {
        format!("{currency} {}", format_amount(minor, currency)).trim().to_owned()
    });
    fitting(each, sums.len(), room, |shown| format!("{of}: {shown}")).unwrap_or_default()
}
