//! The booking screen: its title, the totals, and one of three views below.

pub mod below;
pub mod ledger;
pub mod totals;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::conciliation::changes::Change;
use crate::conciliation::ledger::Ledger;
use crate::conciliation::report::ReportLine;
use crate::conciliation::report::State;
use crate::conciliation::row::RowAt;
use crate::conciliation::totals::Compared;
use crate::conciliation::{Role, Rows, SECTIONS, Tone};
use crate::domain::money::{Sums, format_count};
use crate::domain::truncate::truncate;
use crate::figures::summary::Of;
use crate::figures::tenant::TenantPaid;
use crate::owners::Owner;
use crate::tui::component::pieces::{DOT, Piece, line, position, text_of};
use crate::tui::component::table::Table;
use crate::tui::component::table::view::{Loaded, failed, failed_with, nothing, rows};
use crate::tui::component::wait::waiting_for;
use crate::tui::cx::Cx;
use crate::tui::screen::booking::state::{Booking, BookingView, Content};
use crate::tui::screen::booking::tenant::Tenant;
use crate::tui::screen::booking::view::totals::panel;
use crate::tui::screen::list::view::{figures_beside, row_of, sorted, sums_in, unreadable};
use crate::tui::theme::{CURSOR, Theme};

/// The most cells of the owner's names.
const LONGEST_OWNER: u16 = 32;
/// What else may help if the customer has no such booking.
const IN_ALL: &str = "or press {profiles}, then {lookup}, to search all customers";
/// The most cells of a reference, longer than any real one, so that the verdict stays on the
/// screen.
const LONGEST_REFERENCE: u16 = 24;

pub fn draw(booking: &Booking, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    title(cx, booking, theme, frame);
    panel(booking, theme, frame, cx.layout.panel);
    body(cx, booking, theme, frame, cx.layout.table);
}

pub fn status(booking: &Booking, theme: &Theme, width: u16) -> Vec<Piece> {
    let room = |line: &str| usize::from(width).saturating_sub(line.width() + DOT.width() + 2);
    match (booking.view, &booking.content) {
        (BookingView::Sections, content) => {
            let table = booking.shown_table().filter(|table| !table.records().is_empty());
            let Some(table) = table else { return Vec::new() };
            let mut pieces = vec![row_of(table, table.records().len() as u64, theme)];
            pieces.extend(unreadable(table, theme));
            let mut totals = content.iter().flat_map(|content| &content.report.totals.sections);
            let tenant = booking.tenant.as_ref().filter(|_| booking.is_tenant_section());
            match totals.nth(booking.section).filter(|it| !has_open_state(it.role)) {
                // The sum of all payments would be read as what the tenant paid.
                None if tenant.is_some() && table.counts() == Of::All => {
                    let paid = tenant.and_then(Tenant::paid).map(TenantPaid::in_short);
                    pieces.push(Piece::new(3, theme.dim, paid.unwrap_or_default()));
                }
                Some(all) => pieces.extend(total_of(all, table, theme, room(&text_of(&pieces)))),
                None => pieces.push(figures_beside(&pieces, table, theme, width)),
            }
            pieces.extend(sorted(table, None, theme));
            pieces.extend(content.as_ref().map(|it| Piece::new(2, theme.dim, below::counted(it))));
            pieces
        }
        (_, None) => Vec::new(),
        (BookingView::Ledger, Some(content)) => {
            let line = position("line", booking.ledger.cursor, booking.ledger_lines() as u64);
            let ledger = &content.report.ledger;
            let total = sums_in(&ledger.running_total, "running total", room(&line));
            let mut pieces =
                vec![Piece::new(1, theme.title, line), Piece::new(2, theme.dim, total)];
            let not_included = not_included(ledger, room(&text_of(&pieces)));
            pieces.push(Piece::new(3, theme.dim, not_included));
            pieces.push(Piece::new(4, theme.warning, ledger.not_summed.to_string()));
            pieces
        }
        (BookingView::Checks, Some(content)) => {
            let [passed, failed, open] = below::outcomes(content);
            let text = format!("{passed} passed · {failed} failed · {open} cannot be computed");
            vec![Piece::new(1, theme.title, text)]
        }
    }
}

/// Returns `true` if the open amounts of the rows matter more than their total.
fn has_open_state(role: Role) -> bool {
    matches!(role, Role::Penalties | Role::Debt)
}

/// The total of a section, or of its marked rows, in `room` cells.
fn total_of(all: &Compared, table: &Table, theme: &Theme, room: usize) -> [Piece; 2] {
    let (rows, (sums, not_summed), marked) = match table.marks.len() {
        0 => (all.count, (all.rows.clone(), all.not_summed), ""),
        rows => (rows, all.role.kind().sums(table.marked()), " marked"),
    };
    let counted = format_count(rows.saturating_sub(not_summed.count()) as u64);
    let label = match not_summed.count() {
        0 => format!("total of {counted}{marked}"),
        _ => format!("total of {counted} of {}{marked}", format_count(rows as u64)),
    };
    [
        Piece::new(3, theme.dim, sums_in(&sums, &label, room)),
        Piece::new(4, theme.warning, not_summed.to_string()),
    ]
}

/// How much is not in the running total and why; without the reasons if there is no room.
fn not_included(ledger: &Ledger, room: usize) -> String {
    let words = ledger.not_included_in_words();
    if words.is_empty() || "Not included: ".len() + words.width() <= room {
        return if words.is_empty() { words } else { format!("Not included: {words}") };
    }
    let mut all = Sums::default();
    ledger.not_included.values().for_each(|sums| all.merge(sums));
    sums_in(&all, "Not included", room)
}

/// The owner of the booking and its figures, as many as fit.
fn summary(booking: &Booking, content: &Content, theme: &Theme) -> impl Iterator<Item = Piece> {
    let summary = &content.report.summary;
    let owner = content.owner.as_ref().map(Owner::in_words).unwrap_or_default();
    let owner = truncate(owner.into(), LONGEST_OWNER).into_owned();
    let [paid_out, invoiced, still_open] = summary.figures().map(|it| summary.in_words(it));
    let tenant = booking.tenant.as_ref().and_then(Tenant::paid);
    let tenant = tenant.map(TenantPaid::in_short).unwrap_or_default();
    let pieces = [
        (3, theme.title, owner),
        (5, Style::new(), tenant),
        (1, theme.title, paid_out),
        (4, Style::new(), invoiced),
        (1, Style::new(), still_open),
    ];
    pieces.into_iter().map(|(priority, style, text)| Piece::new(priority, style, text))
}

/// The owner and the figures in one line, the verdict in a second one; if there is only one, the
/// verdict.
fn title(cx: &Cx, booking: &Booking, theme: &Theme, frame: &mut Frame<'_>) {
    let (first, second) = (cx.layout.tabs, cx.layout.chips);
    let reference =
        format!(" Booking {}", truncate(booking.reference().shown(), LONGEST_REFERENCE));
    frame.buffer_mut().set_style(first, theme.band);
    let mut pieces = vec![Piece::new(0, theme.chosen, reference)];
    let Some(content) = &booking.content else {
        return frame.render_widget(Paragraph::new(line(pieces, DOT, first.width)), first);
    };
    if second.height == 0 {
        pieces.extend(one_line_verdict(booking, content, theme, (first.width, &pieces)));
        return frame.render_widget(Paragraph::new(line(pieces, DOT, first.width)), first);
    }
    pieces.extend(summary(booking, content, theme));
    frame.render_widget(Paragraph::new(line(pieces, DOT, first.width)), first);
    let look = (second.width, cx.layout.panel.height > 0);
    frame.render_widget(Paragraph::new(verdict(booking, content, theme, look)), second);
}

/// The name of the verdict as a badge, the longest reason that fits, and the shown view, unless the
/// panel with the totals names it.
fn verdict(
    booking: &Booking,
    content: &Content,
    theme: &Theme,
    (width, has_panel): (u16, bool),
) -> Line<'static> {
    let verdict = &content.report.verdict;
    let name = format!(" {} ", verdict.name().to_uppercase());
    let width = usize::from(width).saturating_sub(name.width() + 1);
    let is_section = booking.view == BookingView::Sections && booking.section < SECTIONS.len();
    let place = if is_section && has_panel { String::new() } else { place(booking, content) };
    let kept = if place.is_empty() { 0 } else { place.width() + DOT.width() };
    let remark = verdict.remark().trim_start();
    let is_good = verdict.tone() == Tone::Good;
    let good = is_good.then(|| "The rows match the server's totals".to_owned());
    let reasons = good.into_iter().chain(verdict.reasons_in_words());
    let mut reasons = reasons.map(|reason| format!("{remark} {reason}").trim().to_owned());
    let reason = reasons.find(|reason| reason.width() + kept <= width).unwrap_or_default();
    let pieces = vec![Piece::new(0, theme.plain, reason), Piece::new(1, theme.title, place)];
    let mut shown = line(pieces, DOT, u16::try_from(width).unwrap_or(u16::MAX));
    let badge = Span::styled(name, theme.badge(verdict.tone()));
    shown.spans.splice(0..0, [badge, Span::raw(" ")]);
    shown
}

/// The verdict next to other `pieces` of a line, in the longest form that fits, and the view.
fn one_line_verdict(
    booking: &Booking,
    content: &Content,
    theme: &Theme,
    (width, pieces): (u16, &[Piece]),
) -> [Piece; 2] {
    let verdict = &content.report.verdict;
    let place = place(booking, content);
    let taken = text_of(pieces).width() + place.width() + 2 * DOT.width();
    let room = usize::from(width).saturating_sub(taken);
    let forms = verdict.forms();
    let fitting = forms.iter().find(|form| form.width() <= room).or(forms.last());
    let headline = fitting.cloned().unwrap_or_default();
    [Piece::new(0, theme.tone(verdict.tone()), headline), Piece::new(1, theme.title, place)]
}

fn place(booking: &Booking, content: &Content) -> String {
    match booking.view {
        BookingView::Sections if booking.is_tenant_section() => "▸Tenant payments".to_owned(),
        BookingView::Sections => {
            let title = SECTIONS.get(booking.section).map(|kind| kind.title.into());
            let other = || Some(content.other(booking.section)?.title.shown());
            format!("▸{}", title.or_else(other).unwrap_or_default())
        }
        BookingView::Ledger => "▸Ledger".to_owned(),
        BookingView::Checks => "▸Checks".to_owned(),
    }
}

fn body(cx: &Cx, booking: &Booking, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(content) = &booking.content else {
        return match &booking.failure {
            Some(failure) if booking.is_unknown() && cx.profiles.len() > 1 => {
                failed_with(failure, IN_ALL, (cx, theme), frame, area);
            }
            Some(failure) => failed(cx, failure, theme, frame, area),
            None => {
                let text = waiting_for("the booking", booking.load, cx);
                nothing(text, theme, frame, area);
            }
        };
    };
    match booking.view {
        BookingView::Sections if booking.is_tenant_section() => {
            tenant_rows(booking, (cx, theme), frame, area);
        }
        BookingView::Sections => {
            let rows = content.tables.get(booking.section).map_or(0, Table::len);
            let (above, below) = below::divided(area, rows);
            section(booking.section, content, (cx, theme), frame, above);
            below::draw(booking, content, (cx, theme), frame, below);
        }
        BookingView::Ledger => {
            let cursor = Some(booking.ledger.cursor);
            ledger::draw(booking, content, cursor, (cx, theme), frame, area);
        }
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
        State::Loaded => "This booking has no tenant payments.".to_owned(),
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
        let guess = content.report.suggestions.iter().find(|guess| guess.role == role);
        let sign = |row: usize| {
            let at = RowAt { role, row: table.index(row)? };
            match content.changes.of(at) {
                Some(Change::New(_)) => Some("+"),
                Some(_) => Some("~"),
                // The reason above the rows may be these: a guess.
                None => guess.filter(|guess| guess.rows.contains(&at)).map(|_| "?"),
            }
        };
        return rows(table, Loaded::All, sign, look, frame, area);
    }
    let title = section.kind.title.to_lowercase();
    let text = match &section.rows {
        Rows::Present(_) => format!("This booking has no {title}."),
        Rows::Null(key) => format!(
            "The server sent no data for {} (null), so it is unknown whether there are any.",
            key.shown()
        ),
        Rows::Missing => format!("The response has no section for {title}."),
        Rows::Odd(key) => format!("{}, the section for {title}, contains no rows.", key.shown()),
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
            // Shows that the line under the cursor leads to rows.
            let leads = if is_here && !line.rows.is_empty() { "›" } else { " " };
            let text = Span::styled(line.text, theme.tone(line.tone));
            Line::from(vec![mark, Span::styled(leads, theme.key), text])
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
    theme.light_line(frame.buffer_mut(), area, scroll.cursor.saturating_sub(scroll.top));
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
    lines.push(ReportLine::new(2, format!("Totals and sections: loaded at {at}"), Tone::Plain));
    lines.extend(report.source_lines(&booking.sources, "%H:%M"));
    // The first cells are reserved for the cursor.
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
    let title = ReportLine::new(0, format!("{what} at the {at} refresh"), Tone::Title);
    let mut lines = vec![title];
    lines.extend(content.changes.lines(before, &content.raw));
    lines
}
