//! Draws all customers: the totals, a row for each, and the figures of the selected one.

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::style::Style;
use ratatui::widgets::Paragraph;

use super::CustomersScreen;
use crate::conciliation::Tone;
use crate::customers::attention::Need;
use crate::customers::rows::{NOT_COMPARED, money_in_full};
use crate::customers::state::{CustomerRow, RowState, Trouble};
use crate::customers::summary::{Debt, Payouts, Penalties, SOON, Summary};
use crate::customers::totals::Totals;
use crate::domain::failure::Failure;
use crate::domain::money::{counted, format_count};
use crate::figures::urgency::Urgency;
use crate::list::scheduled::reason_in_words;
use crate::tui::component::detail::{LABEL, Line, PaneLines};
use crate::tui::component::pieces::{DOT, Piece, indented, line};
use crate::tui::component::table::view::{Extras, Loaded, TableLine, lines, nothing};
use crate::tui::cx::Cx;
use crate::tui::screen::list;
use crate::tui::screen::list::view::weighed;
use crate::tui::theme::Theme;

/// Cells of the shortest text in the detail pane.
const NARROWEST: usize = 8;

pub(super) fn draw(screen: &CustomersScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    title(screen, cx, theme, frame);
    totals(screen, cx, theme, frame);
    list::view::chips(cx, theme, frame);
    let (area, table) = (cx.layout.table, &cx.list().table);
    if table.is_empty() {
        return nothing("No customer matches this search.", theme, frame, area);
    }
    let style = |row: usize, name: &str| Some(style_of(name, screen.row(row, cx)?, theme));
    let extras = Extras { loaded: Loaded::All, changed: &|_| None, style: &style };
    let shown = (table.top()..).map(TableLine::Row);
    lines(table, shown, &extras, (cx, theme), frame, area);
}

fn title(screen: &CustomersScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.tabs;
    let order = if cx.list().table.sort().is_none() { "most urgent first" } else { "" };
    let (loading, all) = screen.progress();
    let progress = match loading {
        0 => String::new(),
        _ => format!(
            "loading: {} of {} left",
            format_count(loading as u64),
            format_count(all as u64)
        ),
    };
    let pieces = vec![
        Piece::new(0, theme.chosen, "Customers"),
        Piece::new(2, theme.dim, order),
        Piece::new(1, theme.warning, progress),
    ];
    let line = line(pieces, DOT, area.width.saturating_sub(2));
    frame.render_widget(Paragraph::new(indented(line)), area);
}

/// Of all customers, whichever are shown.
fn totals(screen: &CustomersScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.summary;
    let room = usize::from(area.width.saturating_sub(2));
    let parts = Totals::of(&screen.rows).parts(room).into_iter();
    let pieces = parts.map(|part| Piece::new(0, weighed(part.weight, theme), part.text));
    let line = line(pieces.collect(), DOT, area.width.saturating_sub(1));
    frame.render_widget(Paragraph::new(indented(line)), area);
}

fn style_of(column: &str, row: &CustomerRow, theme: &Theme) -> Style {
    match column {
        "profile" => theme.title,
        "environment" if row.is_production => theme.production,
        "environment" | "as_of" => theme.dim,
        "need" => of_need(row, theme),
        "over_90" if row.attention(0).need <= Need::DebtOver90 => Style::new(),
        "status" => of_state(&row.state, theme),
        "changed" if row.state.figures().is_some_and(|it| it.changed.is_none()) => theme.dim,
        _ => Style::new(),
    }
}

fn of_need(row: &CustomerRow, theme: &Theme) -> Style {
    match row.attention(0).need {
        Need::DebtOver90 => theme.urgency(Urgency::VeryLate),
        Need::Blocked | Need::PenaltiesOverdue => theme.failure,
        Need::PenaltiesToDecide | Need::OverdueOrDelayed | Need::Unknown => theme.warning,
        Need::Changed => Style::new(),
        Need::Nothing | Need::NotLoaded => theme.dim,
    }
}

fn of_state(state: &RowState, theme: &Theme) -> Style {
    match state {
        RowState::Ready(summary) if summary.failures().next().is_some() => theme.failure,
        RowState::Ready(summary) if !summary.is_whole() => theme.warning,
        RowState::Stale(_, Trouble::Locked(_)) | RowState::Failed(Trouble::Locked(_)) => {
            theme.warning
        }
        RowState::Stale(..) | RowState::Failed(_) => theme.failure,
        _ => theme.dim,
    }
}

/// All figures of a customer, each with its extent, and what could not be loaded.
pub(super) fn detail_lines(row: &CustomerRow, cx: &Cx, width: u16) -> Vec<Line> {
    let mut pane = PaneLines::new(LABEL, NARROWEST, width);
    pane.push("Customer", &row.profile, Tone::Title);
    pane.value("Server", &row.environment);
    pane.push("Needs you", &row.need_in_words(), Tone::Plain);
    if let Some(trouble) = row.state.trouble() {
        pane.push("Status", trouble.word(), Tone::Bad);
        pane.push("", &trouble.in_words(&row.profile), Tone::Bad);
        if matches!(trouble, Trouble::Locked(_)) {
            pane.push("", &cx.words("{refresh} runs it"), Tone::Remark);
        }
    }
    let Some(summary) = row.state.figures() else { return pane.lines };
    figures(summary, &mut pane);
    pane.lines
}

fn figures(summary: &Summary, pane: &mut PaneLines) {
    match &summary.debt {
        Ok(debt) => of_debt(debt, pane),
        Err(failure) => failed("Open debt", failure, pane),
    }
    match &summary.penalties {
        Ok(penalties) => of_penalties(penalties, pane),
        Err(failure) => failed("Penalties", failure, pane),
    }
    match &summary.payouts {
        Ok(payouts) => of_payouts(payouts, pane),
        Err(failure) => failed("Payouts", failure, pane),
    }
    let changed = match summary.changed {
        None => NOT_COMPARED.to_owned(),
        Some(changed) => {
            let more = if changed.is_complete { "" } else { "at least " };
            format!("{more}{}", counted(changed.count as u64, "row"))
        }
    };
    pane.push("Changed", &changed, Tone::Plain);
    for line in &summary.coverage {
        pane.push("", line, Tone::Quiet);
    }
    pane.push("As of", &summary.at.format("%Y-%m-%d %H:%M:%S").to_string(), Tone::Quiet);
}

fn failed(label: &str, failure: &Failure, pane: &mut PaneLines) {
    pane.push(label, &failure.to_string(), Tone::Bad);
}

fn of_debt(debt: &Debt, pane: &mut PaneLines) {
    pane.push("Open debt", &money_in_full(&debt.open, debt.extent), Tone::Plain);
    pane.push("Overdue", &money_in_full(&debt.overdue, debt.extent), Tone::Plain);
    pane.push("Over 90 days", &money_in_full(&debt.over_90, debt.extent), Tone::Plain);
    pane.value("Oldest due", &day(debt.oldest));
}

fn of_penalties(penalties: &Penalties, pane: &mut PaneLines) {
    let of = |rows| money_in_full(rows, penalties.extent);
    let count = format_count(penalties.to_decide.count as u64);
    let to_decide = match penalties.to_decide.count {
        0 => of(&penalties.to_decide),
        _ => format!("{count}: {}", of(&penalties.to_decide)),
    };
    pane.push("To decide", &to_decide, Tone::Plain);
    if penalties.overdue.count > 0 {
        pane.push("  overdue", &of(&penalties.overdue), Tone::Plain);
        pane.value("  oldest due", &day(penalties.oldest));
    }
}

fn of_payouts(payouts: &Payouts, pane: &mut PaneLines) {
    for (at, (reason, rows)) in payouts.held.iter().enumerate() {
        let sums = money_in_full(rows, payouts.extent);
        let text =
            format!("{} {}: {sums}", format_count(rows.count as u64), reason_in_words(*reason));
        pane.push(if at == 0 { "Held up" } else { "" }, &text, Tone::Plain);
    }
    if let Some((day, rows)) = &payouts.next {
        let text = format!("{day}: {}", money_in_full(rows, payouts.extent));
        pane.push("Next payout", &text, Tone::Plain);
    }
    for (days, rows) in SOON.iter().zip(&payouts.due) {
        pane.push(
            &format!("Due in {days} days"),
            &money_in_full(rows, payouts.extent),
            Tone::Plain,
        );
    }
}

fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}
