//! The lines around the content: header, tabs, status, hints.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::conciliation::checks::Outcome;
use crate::domain::date::seconds_in_words;
use crate::domain::money::{Sums, format_amount, format_count};
use crate::domain::truncate::truncate;
use crate::list::record;
use crate::tui::component::fitting::{euros_first, fitting};
use crate::tui::component::pieces::{Piece, line};
use crate::tui::component::table::Table;
use crate::tui::keymap::{Binding, bindings_in};
use crate::tui::model::{Countdown, Model};
use crate::tui::msg::Now;
use crate::tui::screen::booking::state::View;
use crate::tui::screen::booking::{statement, tenant};
use crate::tui::screen::list::set_filters::in_chip;
use crate::tui::screen::list::state::List;
use crate::tui::screen::list::tabs::Tabs;
use crate::tui::screen::triage::view as triage;
use crate::tui::theme::Theme;
use crate::tui::update::{SPINNER_STEP, UNMARKED_WAIT};

const SPINNER: [&str; 4] = ["|", "/", "-", "\\"];
const DOT: &str = " · ";

/// Program, environment and host on the left; budget and age on the right. Which money one looks
/// at is said at every width: all else gives way to it.
pub fn header(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let marked = if model.session.is_production { theme.environment } else { theme.warning };
    let environment = Piece::new(0, marked, model.session.environment.clone());
    let beside = u16::try_from(environment.text.width() + 2).unwrap_or(u16::MAX);
    let room = area.width.saturating_sub(beside + 3);
    let profile = model.session.customer.profile().unwrap_or_default();
    let profile = Piece::new(0, theme.title, truncate(profile.into(), room).into_owned());
    let kept = beside + u16::try_from(profile.text.width() + 3).unwrap_or(u16::MAX);
    let kept = if profile.text.is_empty() { beside } else { kept };
    let right = line(network(model, theme), DOT, area.width.saturating_sub(kept));
    let taken = u16::try_from(right.width() + 2).unwrap_or(u16::MAX);
    let left = line(
        vec![
            Piece::new(1, theme.title, "valora"),
            profile,
            environment,
            Piece::new(2, theme.dim, model.session.place.clone()),
        ],
        DOT,
        area.width.saturating_sub(taken).max(kept),
    );
    frame.render_widget(Paragraph::new(indented(left)), area);
    frame.render_widget(Paragraph::new(right.right_aligned()), area);
}

fn network(model: &Model, theme: &Theme) -> Vec<Piece> {
    let network = &model.network.0;
    let mut pieces = Vec::new();
    match model.countdown() {
        Some(Countdown::Offline(None)) => {
            let is_trying = model.waiting_since().is_some();
            let text =
                if is_trying { "offline, trying now" } else { "offline, press any key to retry" };
            pieces.push(Piece::new(0, theme.failure, text));
        }
        Some(Countdown::Offline(Some(left))) => {
            let text = format!("offline, next try {}", moment(model, left));
            pieces.push(Piece::new(0, theme.failure, text));
        }
        Some(Countdown::Closed(left)) => {
            let text = format!("limit reached, on {}", moment(model, left));
            pieces.push(Piece::new(0, theme.warning, text));
        }
        None => {}
    }
    if network.limit > 0 {
        let text = format!("{}/{} req", network.remaining, network.limit);
        pieces.push(Piece::new(1, theme.dim, text));
    }
    // A booking says its own age beside its verdict.
    if let Some(fetched) = model.fetched().filter(|_| model.bookings.is_empty()) {
        let auto = model.list().filter(|_| model.shows_list()).and_then(|list| list.auto);
        let auto = auto.map(|auto| format!(", auto {} s", auto.every)).unwrap_or_default();
        pieces.push(Piece::new(2, theme.dim, format!("{}{auto} ", age(model, fetched))));
    }
    pieces
}

/// Milliseconds from which a wait is told by the clock too, and by the day.
const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

/// A time to come: counted down while someone is looking, the time of day otherwise.
fn moment(model: &Model, left: u64) -> String {
    let wait = chrono::TimeDelta::milliseconds(i64::try_from(left).unwrap_or(i64::MAX));
    let then = model.now.local.checked_add_signed(wait).unwrap_or(model.now.local);
    let words = || seconds_in_words(left.div_ceil(1_000));
    match (model.is_watched(), left) {
        (true, ..HOUR) => format!("in {}", words()),
        (true, ..DAY) => format!("at {}, in {}", then.format("%H:%M"), words()),
        _ => format!("at {}", then.format("%Y-%m-%d %H:%M")),
    }
}

/// A relative age while someone is looking, the time of day otherwise: the one that stands still
/// when nothing is drawn is never wrong.
pub fn age(model: &Model, fetched: Now) -> String {
    let minutes = model.now.minutes_since(fetched);
    match minutes {
        _ if !model.is_watched() => format!("updated at {}", fetched.local.format("%H:%M")),
        0 => "updated just now".to_owned(),
        1..60 => format!("updated {minutes} min ago"),
        _ => format!("updated at {}", fetched.local.format("%Y-%m-%d %H:%M")),
    }
}

pub fn tabs(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Tabs { labels, gap } = Tabs::of(model, area.width);
    let mut spans = vec![Span::raw(" ")];
    for (index, label) in labels.into_iter().enumerate() {
        if index > 0 {
            spans.push(Span::styled(gap, theme.dim));
        }
        let style = if index == model.tab { theme.chosen } else { theme.dim };
        spans.push(Span::styled(label, style));
    }
    frame.render_widget(Paragraph::new(Line::from(spans)), area);
}

/// The filters that are set, in words.
pub fn chips(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(settings) = model.chips() else { return };
    let room = area.width.saturating_sub(10);
    let each = |setting| {
        let chip = truncate(in_chip(setting).into(), room.saturating_sub(3));
        Piece::new(1, theme.chosen, format!("{chip} ✕"))
    };
    let all: Vec<Piece> = settings.iter().map(each).collect();
    let count = all.len();
    let shown = line(all, "   ", room);
    let left_out = count - shown.spans.len().div_ceil(2).min(count);
    frame.render_widget(Paragraph::new(indented(shown)), area);
    if left_out > 0 {
        let more = Line::styled(format!("+{left_out} more "), theme.warning).right_aligned();
        frame.render_widget(more, area);
    }
}

/// Where one is, how much is there, what it sums to, and what is waited for.
pub fn status(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let mut pieces = waiting(model, theme);
    if model.is_triaging() {
        let room = usize::from(area.width).saturating_sub(line_of(&pieces).width() + 5);
        pieces.extend(triage::progress(model, theme, room));
    } else if let Some(table) = model.table().filter(|table| !table.records().is_empty()) {
        let fetched = table.records().len();
        let is_list = model.bookings.is_empty();
        let total = model.list().filter(|_| is_list).and_then(|list| list.total);
        let all = total.map_or(fetched as u64, |total| total.max(fetched as u64));
        let row =
            format!("row {} of {}", format_count(table.cursor() as u64 + 1), format_count(all));
        pieces.push(Piece::new(1, theme.title, row));
        let has_more = model.list().is_some_and(List::has_more);
        let is_part = is_list && (has_more || all > fetched as u64);
        if is_part {
            let text = format!("{} fetched", format_count(fetched as u64));
            pieces.push(Piece::new(2, theme.warning, text));
        }
        if table.unreadable() > 0 {
            pieces.push(Piece::new(
                2,
                theme.warning,
                record::unreadable(table.unreadable() as u64),
            ));
        }
        if is_part && table.sort().is_some() {
            let text = "sorted among these, L fetches all";
            pieces.push(Piece::new(2, theme.warning, text));
        }
        let taken = line_of(&pieces).width() + DOT.width();
        let room = usize::from(area.width).saturating_sub(taken + 2);
        let text = match table.marked() {
            0 => sums_in(table.sums(), &summed(table), room),
            marked => {
                let (sums, without) = table.marked_sums();
                let without = match without {
                    0 => String::new(),
                    without => format!(", {} without an amount", format_count(without as u64)),
                };
                let told = format!("{} marked{without}", format_count(marked as u64));
                Some(sums_in(&sums, &told, room)).filter(|it| !it.is_empty()).unwrap_or(told)
            }
        };
        pieces.push(Piece::new(3, theme.dim, text));
    }
    match model.sheet() {
        Some(sheet) => {
            let text = format!("line {} of {}", sheet.scroll.cursor + 1, sheet.lines().len());
            pieces.push(Piece::new(1, theme.title, text));
        }
        None => pieces.extend(of_booking(model, theme, area.width)),
    }
    let shown = line(pieces, DOT, area.width.saturating_sub(2));
    frame.render_widget(Paragraph::new(indented(shown)), area);
}

/// Where one is in the ledger or among the checks of a booking.
fn of_booking(model: &Model, theme: &Theme, width: u16) -> Vec<Piece> {
    let Some(booking) = model.bookings.last() else { return Vec::new() };
    let Some(content) = &booking.content else { return Vec::new() };
    let findings = &content.report.findings;
    match booking.view {
        View::Sections => Vec::new(),
        View::Ledger => {
            let (at, all) = (
                booking.ledger.cursor + 1,
                statement::len(content) + tenant::ledger_lines(booking),
            );
            let ledger = &findings.ledger;
            let line = format!("line {at} of {all}");
            let room = usize::from(width).saturating_sub(line.width() + DOT.width() + 2);
            vec![
                Piece::new(1, theme.title, line),
                Piece::new(2, theme.dim, sums_in(&ledger.balance, "balance", room)),
                Piece::new(3, theme.dim, sums_in(&ledger.left_out, "left out", room)),
            ]
        }
        View::Checks => {
            let of = |is_it: fn(&Outcome) -> bool| {
                findings.checks.iter().filter(|checked| is_it(&checked.outcome)).count()
            };
            let passed = of(|outcome| matches!(outcome, Outcome::Pass));
            let failed = of(|outcome| matches!(outcome, Outcome::Fail(_)));
            let open = of(|outcome| matches!(outcome, Outcome::CannotCompute(_)));
            let text = format!("{passed} passed · {failed} failed · {open} cannot be computed");
            vec![Piece::new(1, theme.title, text)]
        }
    }
}

fn line_of(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join(DOT)
}

/// Which rows a sum is of; those without a readable amount are told apart.
fn summed(table: &Table) -> String {
    let rows = format_count(table.len() as u64);
    let sum = if table.is_net() { "net of" } else { "sum of" };
    match table.without_amount() {
        0 => format!("{sum} {rows}"),
        without => format!("{sum} {} of {rows}", format_count((table.len() - without) as u64)),
    }
}

/// Sums in `room` cells. A currency that does not fit is counted, not cut.
fn sums_in(sums: &Sums, of: &str, room: usize) -> String {
    let each = euros_first(sums).map(|(currency, minor)| {
        format!("{currency} {}", format_amount(minor, currency)).trim().to_owned()
    });
    fitting(each, sums.len(), room, |shown| format!("{of}: {shown}")).unwrap_or_default()
}

fn waiting(model: &Model, theme: &Theme) -> Vec<Piece> {
    let Some(since) = model.waiting_since() else { return Vec::new() };
    let waited = model.now.elapsed.saturating_sub(since.elapsed);
    if waited < UNMARKED_WAIT {
        return Vec::new();
    }
    let step = usize::try_from(waited / SPINNER_STEP).unwrap_or(0) % SPINNER.len();
    let picture = SPINNER.get(step).copied().unwrap_or_default();
    let bar = model.list().filter(|list| list.all.is_some() && model.shows_list());
    let text = match (bar.map(progress_bar), waited / 1_000) {
        (Some(bar), _) => format!("{bar} esc stops"),
        (None, 0) => format!("{picture} fetching"),
        (None, seconds) => format!("{picture} fetching, {seconds} s, esc cancels"),
    };
    vec![Piece::new(0, theme.warning, text)]
}

/// How much of the list is there, in ten cells and in numbers.
fn progress_bar(list: &List) -> String {
    let fetched = list.table.records().len() as u64;
    let total = list.total.unwrap_or(0).max(fetched).max(1);
    let full = usize::try_from(fetched * 10 / total).unwrap_or(10);
    format!("[{}{}] {}%", "#".repeat(full), "·".repeat(10 - full.min(10)), fetched * 100 / total)
}

/// The keys that work here, as many as fit; how to find the others is always among them.
pub fn hints(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let is_of_here = |binding: &&Binding| binding.id != "triage" || model.is_at_penalties();
    let is_payments = model.list().is_some_and(|list| list.spec().is_of_payments());
    let all = bindings_in(model.scope()).filter(is_of_here).filter_map(|binding| {
        let hint = if binding.id == "open" && is_payments { "payment" } else { binding.hint? };
        let text = format!("{} {hint}", model.looks.keymap.keys(binding).next()?);
        let priority = u8::from(binding.id != "help");
        Some(Piece::new(priority, theme.dim, text))
    });
    let shown = line(all.collect(), "  ", area.width.saturating_sub(2));
    let mut spans = vec![Span::raw(" ")];
    for span in shown.spans {
        match span.content.split_once(' ').filter(|(key, _)| !key.is_empty()) {
            Some((key, hint)) => {
                spans.push(Span::styled(key.to_owned(), theme.key));
                spans.push(Span::styled(format!(" {hint}"), theme.dim));
            }
            None => spans.push(span.clone()),
        }
    }
    frame.render_widget(Paragraph::new(Line::from(spans)), area);
}

fn indented(mut line: Line<'static>) -> Line<'static> {
    line.spans.insert(0, Span::raw(" "));
    line
}
