//! The booking screen: the line of its title, the totals, and one of three views below.

pub mod ledger;
pub mod totals;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::conciliation::changes::Change;
use crate::conciliation::checks::Outcome;
use crate::conciliation::report::ReportLine;
use crate::conciliation::report::State;
use crate::conciliation::row::RowAt;
use crate::conciliation::verdict::{Kind, Reason, Verdict};
use crate::conciliation::{Rows, SECTIONS, Tone};
use crate::domain::money::format_money;
use crate::domain::truncate::truncate;
use crate::tui::component::pieces::{DOT, Piece, line, position};
use crate::tui::component::table::grid::CURSOR;
use crate::tui::component::table::view::{Loaded, failed, nothing, rows};
use crate::tui::component::wait::{age, waiting_for};
use crate::tui::cx::Cx;
use crate::tui::screen::booking::state::{Booking, BookingView, Content};
use crate::tui::screen::booking::view::totals::panel;
use crate::tui::screen::list::view::{figures_beside, row_of, sorted, sums_in, unreadable};
use crate::tui::theme::Theme;

/// Cells of a reference beyond any that is real; whatever comes, the verdict stays on the screen.
const LONGEST_REFERENCE: u16 = 24;

pub fn draw(booking: &Booking, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    title(cx, booking, theme, frame, cx.layout.tabs);
    panel(booking, theme, frame, cx.layout.panel);
    body(cx, booking, theme, frame, cx.layout.table);
}

pub fn status(booking: &Booking, theme: &Theme, width: u16) -> Vec<Piece> {
    let room = |line: &str| usize::from(width).saturating_sub(line.width() + DOT.width() + 2);
    match (booking.view, &booking.content) {
        (BookingView::Sections, _) => {
            let table = booking.shown_table().filter(|table| !table.records().is_empty());
            let Some(table) = table else { return Vec::new() };
            let mut pieces = vec![row_of(table, table.records().len() as u64, theme)];
            pieces.extend(unreadable(table, theme));
            pieces.extend(sorted(table, None, theme));
            pieces.push(figures_beside(&pieces, table, theme, width));
            pieces
        }
        (_, None) => Vec::new(),
        (BookingView::Ledger, Some(content)) => {
            let line = position("line", booking.ledger.cursor, booking.ledger_lines() as u64);
            let room = room(&line);
            let ledger = &content.report.ledger;
            vec![
                Piece::new(1, theme.title, line),
                Piece::new(2, theme.dim, sums_in(&ledger.running_total, "balance", room)),
                Piece::new(3, theme.dim, sums_in(&ledger.left_out, "left out", room)),
                Piece::new(4, theme.warning, ledger.not_summed.to_string()),
            ]
        }
        (BookingView::Checks, Some(content)) => {
            let (mut passed, mut failed, mut open) = (0, 0, 0);
            for checked in &content.report.checks {
                *match &checked.outcome {
                    Outcome::Pass => &mut passed,
                    Outcome::Fail(_) => &mut failed,
                    Outcome::CannotCompute(_) => &mut open,
                } += 1;
            }
            let text = format!("{passed} passed · {failed} failed · {open} cannot be computed");
            vec![Piece::new(1, theme.title, text)]
        }
    }
}

fn title(cx: &Cx, booking: &Booking, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let reference =
        format!(" Booking {}", truncate(booking.reference().shown(), LONGEST_REFERENCE));
    let place = match (&booking.content, booking.view) {
        (None, _) => String::new(),
        (Some(_), BookingView::Sections) if booking.is_tenant_section() => {
            "▸Tenant payments".to_owned()
        }
        (Some(content), BookingView::Sections) => {
            let title = SECTIONS.get(booking.section).map(|kind| kind.title.into());
            let other = || Some(content.other(booking.section)?.title.shown());
            format!("▸{}", title.or_else(other).unwrap_or_default())
        }
        (Some(_), BookingView::Ledger) => "▸Ledger".to_owned(),
        (Some(_), BookingView::Checks) => "▸Checks".to_owned(),
    };
    let (headline, style) = match &booking.content {
        None => (String::new(), theme.dim),
        Some(content) => {
            let verdict = &content.report.verdict;
            // The longest headline that leaves room for the reference and for where one is.
            let kept = reference.width() + place.width() + 6;
            let room = usize::from(area.width).saturating_sub(kept);
            let forms = headlines(verdict);
            let fitting = forms.iter().find(|form| form.width() <= room).or(forms.last());
            (fitting.cloned().unwrap_or_default(), theme.tone(verdict.kind.tone()))
        }
    };
    let fetched = booking.content.as_ref().map(|content| age(cx, content.fetched));
    let pieces = vec![
        Piece::new(0, theme.chosen, reference),
        Piece::new(0, style, headline),
        Piece::new(1, theme.title, place),
        Piece::new(3, theme.dim, "conciliation"),
        Piece::new(2, theme.dim, fetched.unwrap_or_default()),
    ];
    frame.render_widget(Paragraph::new(line(pieces, DOT, area.width)), area);
}

/// The verdict in ever fewer words. An amount is left out, never cut.
fn headlines(verdict: &Verdict) -> Vec<String> {
    let mut forms = vec![verdict.headline()];
    if verdict.kind == Kind::OutBy {
        let mut amounts = verdict.reasons.iter().filter_map(|reason| match reason {
            Reason::Differs(_, by) => Some(format_money(by.by, by.currency)),
            _ => None,
        });
        if let Some(first) = amounts.next() {
            let more = match amounts.count() {
                0 => String::new(),
                others => format!(" and {others} more"),
            };
            forms.push(format!("out by {first}{more}"));
        }
        forms.extend(["does not add up", "≠"].map(str::to_owned));
    }
    forms
}

fn body(cx: &Cx, booking: &Booking, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(content) = &booking.content else {
        return match &booking.failure {
            Some(failure) => failed(cx, failure, theme, frame, area),
            None => {
                let text = waiting_for("the conciliation of the booking", booking.load, cx);
                nothing(text, theme, frame, area);
            }
        };
    };
    match booking.view {
        BookingView::Sections if booking.is_tenant_section() => {
            tenant_rows(booking, (cx, theme), frame, area);
        }
        BookingView::Sections => section(booking.section, content, (cx, theme), frame, area),
        BookingView::Ledger => ledger::draw(booking, content, (cx, theme), frame, area),
        BookingView::Checks => checks(booking, theme, frame, area),
    }
}

fn tenant_rows(booking: &Booking, look: (&Cx, &Theme), frame: &mut Frame<'_>, area: Rect) {
    let Some(tenant) = &booking.tenant else { return };
    if !tenant.table.is_empty() {
        return rows(&tenant.table, Loaded::All, |_| None, look, frame, area);
    }
    let text = match &tenant.state {
        State::Failed(why) => format!("Tenant payments: {why}"),
        State::Loaded => "No tenant payments are known for this booking.".to_owned(),
        State::Unasked | State::Waiting => waiting_for("the tenant payments", booking.load, look.0),
    };
    nothing(text, look.1, frame, area);
}

fn section(
    index: usize,
    content: &Content,
    look: (&Cx, &Theme),
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let Some(table) = content.tables.get(index) else { return };
    let Some(section) = content.report.booking.sections.get(index) else {
        return rows(table, Loaded::All, |_| None, look, frame, area);
    };
    let role = section.kind.role;
    if !table.is_empty() {
        let changed = |row: usize| {
            let row = table.index(row)?;
            match content.changes.of(RowAt { role, row })? {
                Change::New(_) => Some("+"),
                _ => Some("~"),
            }
        };
        return rows(table, Loaded::All, changed, look, frame, area);
    }
    let title = section.kind.title.to_lowercase();
    let text = match &section.rows {
        Rows::Present(_) => format!("This booking has no {title}."),
        Rows::Null(key) => format!("The answer has null for {}.", key.shown()),
        Rows::Missing => format!("The answer holds no section for {title}."),
        Rows::Odd(key) => format!("There are no rows in {}, the section for {title}.", key.shown()),
    };
    nothing(text, look.1, frame, area);
}

fn checks(booking: &Booking, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let all = check_lines(booking, area.width);
    let scroll = booking.checks;
    let visible = all.into_iter().enumerate().skip(scroll.top).take(area.height.into());
    let lines: Vec<Line<'_>> = visible
        .map(|(index, line)| {
            let is_here = index == scroll.cursor;
            let mark = if is_here { Span::styled(CURSOR, theme.cursor) } else { Span::raw(" ") };
            // A line that leads to rows says so where the cursor is.
            let leads = if is_here && !line.rows.is_empty() { "›" } else { " " };
            let text = Span::styled(line.text, theme.tone(line.tone));
            Line::from(vec![mark, Span::styled(leads, theme.key), text])
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}

/// All lines in a body of `width` cells; each leads to the rows that it is about.
pub fn check_lines(booking: &Booking, width: u16) -> Vec<ReportLine> {
    let Some(content) = &booking.content else { return Vec::new() };
    let report = &content.report;
    let title = |text: &str| ReportLine::new(0, text.to_owned(), Tone::Title);
    let mut lines = report.verdict_lines();
    lines.push(title("Checks"));
    lines.extend(report.check_lines());
    lines.extend(changes(content));
    lines.push(title("Sources"));
    let at = content.fetched.local.format("%Y-%m-%d %H:%M");
    lines.push(ReportLine::new(2, format!("Conciliation: at {at}"), Tone::Plain));
    lines.extend(report.source_lines(&booking.sources, "%H:%M"));
    // The first cells are for the mark of the cursor.
    let width = usize::from(width.saturating_sub(3)).max(20);
    lines.into_iter().flat_map(|line| wrapped(&line, width)).collect()
}

fn wrapped(line: &ReportLine, width: usize) -> Vec<ReportLine> {
    let (first, further) = (" ".repeat(line.indent), " ".repeat(line.indent + 2));
    let options = textwrap::Options::new(width).initial_indent(&first).subsequent_indent(&further);
    let parts = textwrap::wrap(&line.text, options).into_iter();
    parts.map(|part| ReportLine { text: part.into_owned(), indent: 0, ..line.clone() }).collect()
}

fn changes(content: &Content) -> Vec<ReportLine> {
    let Some(before) = &content.before else { return Vec::new() };
    let at = content.fetched.local.format("%H:%M");
    let what = if content.changes.is_empty() { "Nothing changed" } else { "Changed" };
    let title = ReportLine::new(0, format!("{what} at the refresh of {at}"), Tone::Title);
    let mut lines = vec![title];
    lines.extend(content.changes.lines(before, &content.raw));
    lines
}
