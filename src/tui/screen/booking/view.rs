//! The booking screen: the line of its title, the totals, and one of three views below.

pub mod checks;
pub mod ledger;
pub mod totals;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::conciliation::changes::Change;
use crate::conciliation::checks::Outcome;
use crate::conciliation::report::State;
use crate::conciliation::row::RowAt;
use crate::conciliation::verdict::{Kind, Reason, Verdict};
use crate::conciliation::{Rows, SECTIONS};
use crate::domain::money::format_money;
use crate::domain::truncate::truncate;
use crate::tui::component::pieces::{DOT, Piece, line};
use crate::tui::component::table::view::{Loaded, failed, nothing, rows};
use crate::tui::component::wait::{age, waiting_for};
use crate::tui::cx::Cx;
use crate::tui::screen::booking::state::{Booking, Content, View};
use crate::tui::screen::booking::view::totals::panel;
use crate::tui::screen::list::view::{row_of, sums_beside, sums_in, unreadable};
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
        (View::Sections, _) => {
            let table = booking.shown_table().filter(|table| !table.records().is_empty());
            let Some(table) = table else { return Vec::new() };
            let mut pieces = vec![row_of(table, table.records().len() as u64, theme)];
            pieces.extend(unreadable(table, theme));
            pieces.push(sums_beside(&pieces, table, theme, width));
            pieces
        }
        (_, None) => Vec::new(),
        (View::Ledger, Some(content)) => {
            let at = booking.ledger.cursor + 1;
            let all = booking.ledger_lines();
            let line = format!("line {at} of {all}");
            let room = room(&line);
            let ledger = &content.report.ledger;
            vec![
                Piece::new(1, theme.title, line),
                Piece::new(2, theme.dim, sums_in(&ledger.balance, "balance", room)),
                Piece::new(3, theme.dim, sums_in(&ledger.left_out, "left out", room)),
            ]
        }
        (View::Checks, Some(content)) => {
            let of = |is_it: fn(&Outcome) -> bool| {
                let checks = content.report.checks.iter();
                checks.filter(|checked| is_it(&checked.outcome)).count()
            };
            let passed = of(|outcome| matches!(outcome, Outcome::Pass));
            let failed = of(|outcome| matches!(outcome, Outcome::Fail(_)));
            let open = of(|outcome| matches!(outcome, Outcome::CannotCompute(_)));
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
        (Some(_), View::Sections) if booking.is_tenant_section() => "▸Tenant payments".to_owned(),
        (Some(_), View::Sections) => {
            format!("▸{}", SECTIONS.get(booking.section).map_or("", |kind| kind.title))
        }
        (Some(_), View::Ledger) => "▸Ledger".to_owned(),
        (Some(_), View::Checks) => "▸Checks".to_owned(),
    };
    let fetched = booking.content.as_ref().map(|content| age(cx, content.fetched));
    let pieces = |headline: String, style: Style| {
        vec![
            Piece::new(0, theme.chosen, reference.clone()),
            Piece::new(0, style, headline),
            Piece::new(1, theme.title, place.clone()),
            Piece::new(3, theme.dim, "conciliation"),
            Piece::new(2, theme.dim, fetched.clone().unwrap_or_default()),
        ]
    };
    let Some(content) = &booking.content else {
        let shown = line(pieces(String::new(), theme.dim), " · ", area.width);
        return frame.render_widget(Paragraph::new(shown), area);
    };
    let verdict = &content.report.verdict;
    let style = theme.tone(verdict.kind.tone());
    // The longest headline that leaves room for the reference and for where one is.
    let kept = reference.chars().count() + place.chars().count() + 6;
    let room = usize::from(area.width).saturating_sub(kept);
    let forms = headlines(verdict);
    let fitting = forms.iter().find(|form| form.chars().count() <= room).or(forms.last());
    let shown = line(pieces(fitting.cloned().unwrap_or_default(), style), " · ", area.width);
    frame.render_widget(Paragraph::new(shown), area);
}

/// The verdict in ever fewer words; an amount is left out whole.
fn headlines(verdict: &Verdict) -> Vec<String> {
    let mut forms = vec![verdict.headline()];
    if verdict.kind == Kind::OutBy {
        let amounts: Vec<String> = verdict
            .reasons
            .iter()
            .filter_map(|reason| match reason {
                Reason::Differs(_, by) => Some(format_money(by.by, by.currency)),
                _ => None,
            })
            .collect();
        if let [first, others @ ..] = &amounts[..] {
            let more = if others.is_empty() {
                String::new()
            } else {
                format!(" and {} more", others.len())
            };
            forms.push(format!("out by {first}{more}"));
        }
        forms.push("does not add up".to_owned());
        forms.push("≠".to_owned());
    }
    forms
}

fn body(cx: &Cx, booking: &Booking, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(content) = &booking.content else {
        return match &booking.failure {
            Some(failure) => failed(cx, failure, theme, frame, area),
            None => {
                let text = waiting(booking, "the conciliation of the booking", cx);
                nothing(text, theme, frame, area);
            }
        };
    };
    match booking.view {
        View::Sections if booking.is_tenant_section() => {
            tenant_rows(booking, (cx, theme), frame, area);
        }
        View::Sections => section(booking.section, content, (cx, theme), frame, area),
        View::Ledger => ledger::draw(booking, content, (cx, theme), frame, area),
        View::Checks => checks::draw(booking, theme, frame, area),
    }
}

fn waiting(booking: &Booking, what: &str, cx: &Cx) -> String {
    waiting_for(what, booking.load.map(|(_, since)| since), cx)
}

/// What the tenant paid, or why nothing is shown of it.
fn tenant_rows(booking: &Booking, look: (&Cx, &Theme), frame: &mut Frame<'_>, area: Rect) {
    let Some(tenant) = &booking.tenant else { return };
    if !tenant.table.is_empty() {
        return rows(&tenant.table, Loaded::All, |_| None, look, frame, area);
    }
    let text = match &tenant.state {
        State::Failed(why) => format!("Tenant payments: {why}"),
        State::Loaded => "No tenant payments are known for this booking.".to_owned(),
        State::Unasked | State::Waiting => waiting(booking, "the tenant payments", look.0),
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
    let Some(section) = content.report.booking.sections.get(index) else { return };
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
        Rows::Null(key) => format!("The answer has null for {key}."),
        Rows::Missing => format!("The answer holds no section for {title}."),
        Rows::Odd(json) => format!("The section for {title} is no list: {}", json.shown()),
    };
    nothing(text, look.1, frame, area);
}
