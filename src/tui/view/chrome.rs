//! The lines around the content: header, tabs, status, hints.

use ratatui::Frame;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::domain::date::seconds_in_words;
use crate::domain::money::counted;
use crate::domain::truncate::truncate;
use crate::tui::component::pieces::{DOT, Piece, indented, line, text_of};
use crate::tui::component::wait::{SPINNER_STEP, UNMARKED_WAIT, age};
use crate::tui::countdown::Countdown;
use crate::tui::cx::Cx;
use crate::tui::keymap::{Action, Scope, bindings_in};
use crate::tui::modal::writing::lines::stage;
use crate::tui::screen::list::state::List;
use crate::tui::stack::Tui;
use crate::tui::theme::Theme;
use crate::tui::writes::unknown_in_words;

const SPINNER: [&str; 4] = ["|", "/", "-", "\\"];

/// The environment is shown at every width.
pub fn header(tui: &Tui, theme: &Theme, frame: &mut Frame<'_>) {
    let (area, cx) = (tui.cx.layout.header, &tui.cx);
    let pill = if cx.session.is_production { theme.production } else { theme.sandbox };
    let environment = match cx.session.environment.as_str() {
        "" => String::new(),
        environment => format!(" {environment} "),
    };
    let environment = Piece::new(0, pill, environment);
    let environment_width = u16::try_from(environment.text.width() + 2).unwrap_or(u16::MAX);
    let room = area.width.saturating_sub(environment_width + 3);
    let all = tui.customers().map(|it| counted(it.rows().len() as u64, "customer"));
    let profile = all.or_else(|| cx.session.customer.profile()).unwrap_or_default();
    let profile = Piece::new(0, theme.title, truncate(profile.into(), room).into_owned());
    let reserved = environment_width + u16::try_from(profile.text.width() + 3).unwrap_or(u16::MAX);
    let reserved = if profile.text.is_empty() { environment_width } else { reserved };
    let network = network(tui, theme);
    let cells = |it: usize| u16::try_from(it).unwrap_or(u16::MAX);
    let of_network = cells(text_of(&network).width().min(200));
    let writes =
        of_writes(tui, theme, area.width.saturating_sub(reserved.saturating_add(of_network + 10)));
    let taken: usize = writes.iter().map(|it| it.text.width() + 2).sum();
    let reserved = reserved.saturating_add(cells(taken));
    let right = line(network, DOT, area.width.saturating_sub(reserved));
    let taken = u16::try_from(right.width() + 2).unwrap_or(u16::MAX);
    let mut left = vec![Piece::new(1, theme.title, "valora"), profile, environment];
    left.extend(writes);
    left.push(Piece::new(2, theme.dim, cx.session.place.clone()));
    let left = line(left, "  ", area.width.saturating_sub(taken).max(reserved));
    frame.buffer_mut().set_style(area, theme.band);
    frame.render_widget(Paragraph::new(indented(left)), area);
    frame.render_widget(Paragraph::new(right.right_aligned()), area);
}

/// Whether writes are unlocked, and which outcomes are unknown or were not seen; at every width, and
/// in words if there is `room`.
fn of_writes(tui: &Tui, theme: &Theme, room: u16) -> Vec<Piece> {
    let (cx, writes) = (&tui.cx, &tui.cx.writes);
    let mut pieces = Vec::new();
    if writes.is_open(cx.now) {
        // The Payments API may be that of another server than the customer API.
        let is_other = writes.environment != cx.session.environment;
        let other = if is_other { format!(" {}", writes.environment) } else { String::new() };
        pieces.push((theme.tab, format!(" WRITES{other} "), String::new()));
    }
    if !writes.unknown.is_empty() {
        let count = writes.unknown.len();
        let words = format!("? {}", unknown_in_words(count));
        pieces.push((theme.warning, format!("? {count}"), words));
    }
    if !writes.unseen.is_empty() {
        let outcomes = counted(writes.unseen.len() as u64, "outcome");
        let words = format!("{outcomes}: {}", cx.words("{writes} shows it"));
        pieces.push((theme.warning, format!("{outcomes}: {}", cx.words("{writes}")), words));
    }
    let widest = |(_, short, words): &(Style, String, String)| short.width().max(words.width()) + 2;
    let has_room = pieces.iter().map(widest).sum::<usize>() <= usize::from(room);
    let piece = |(style, short, words): (Style, String, String)| {
        Piece::new(0, style, if has_room && !words.is_empty() { words } else { short })
    };
    pieces.into_iter().map(piece).collect()
}

fn network(tui: &Tui, theme: &Theme) -> Vec<Piece> {
    let cx = &tui.cx;
    let mut pieces = Vec::new();
    match cx.countdown() {
        Some(Countdown::Offline(None)) => {
            let is_trying = tui.top().waiting_since(cx).is_some();
            let text =
                if is_trying { "offline, retrying now" } else { "offline, press any key to retry" };
            pieces.push(Piece::new(0, theme.failure, text));
        }
        Some(Countdown::Offline(Some(left))) => {
            let text = format!("offline, retrying {}", moment(cx, left));
            pieces.push(Piece::new(0, theme.failure, text));
        }
        Some(Countdown::Closed(left)) => {
            // While the server has requests left, valora paces itself to make them last the minute.
            let is_reached = cx.left_at_server() == Some(0);
            let what = if is_reached { "limit reached, resuming" } else { "next request" };
            let text = format!("{what} {}", moment(cx, left));
            pieces.push(Piece::new(0, theme.warning, text));
        }
        None => {}
    }
    if let Some(requests) = cx.requests_left() {
        let text = format!("{} left", counted(requests.into(), "request"));
        pieces.push(Piece::new(1, theme.warning, text));
    }
    let top = tui.top();
    if let Some(loaded) = top.loaded_at(cx) {
        let auto = cx.list().auto.filter(|_| top.shows_list());
        let auto = auto.map(|auto| format!(", auto {} s", auto.every)).unwrap_or_default();
        pieces.push(Piece::new(2, theme.dim, format!("{}{auto} ", age(cx, loaded))));
    }
    pieces
}

/// Milliseconds.
const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

/// A countdown while someone is watching, else the time of day.
fn moment(cx: &Cx, left: u64) -> String {
    let wait = chrono::TimeDelta::milliseconds(i64::try_from(left).unwrap_or(i64::MAX));
    let then = cx.now.local.checked_add_signed(wait).unwrap_or(cx.now.local);
    let words = || seconds_in_words(left.div_ceil(1_000));
    match (cx.is_watched(), left) {
        (true, ..HOUR) => format!("in {}", words()),
        (true, ..DAY) => format!("at {}, in {}", then.format("%H:%M"), words()),
        _ => format!("at {}", then.format("%Y-%m-%d %H:%M")),
    }
}

pub fn status(tui: &Tui, theme: &Theme, frame: &mut Frame<'_>) {
    let (area, cx) = (tui.cx.layout.status, &tui.cx);
    let mut pieces: Vec<Piece> = waiting(tui, theme).into_iter().collect();
    pieces.extend(cx.writes.under_way.as_ref().map(|under_way| {
        let text = format!("write: {}", stage(under_way, cx.now));
        Piece::new(0, theme.warning, text)
    }));
    if cx.writes.is_quitting() {
        let text = cx.words("quitting after this write, {back} stays");
        pieces.push(Piece::new(0, theme.warning, text));
    }
    let taken = match text_of(&pieces).width() {
        0 => 0,
        taken => taken + DOT.width(),
    };
    let left = area.width.saturating_sub(u16::try_from(taken).unwrap_or(u16::MAX));
    pieces.extend(tui.top().status(cx, theme, left));
    let shown = line(pieces, DOT, area.width.saturating_sub(2));
    frame.render_widget(Paragraph::new(indented(shown)), area);
}

fn waiting(tui: &Tui, theme: &Theme) -> Option<Piece> {
    let cx = &tui.cx;
    let waited = cx.now.elapsed.saturating_sub(tui.top().waiting_since(cx)?.elapsed);
    if waited < UNMARKED_WAIT {
        return None;
    }
    let step = usize::try_from(waited / SPINNER_STEP).unwrap_or(0) % SPINNER.len();
    let picture = SPINNER.get(step).copied().unwrap_or_default();
    let bar = Some(cx.list()).filter(|list| list.all.is_some() && tui.top().shows_list());
    let text = match (bar.map(progress_bar), waited / 1_000) {
        (Some(bar), _) => format!("{bar} {}", cx.words("{back} stops")),
        (None, 0) => format!("{picture} loading"),
        (None, seconds) => {
            format!("{picture} loading, {seconds} s, {}", cx.words("{back} cancels"))
        }
    };
    Some(Piece::new(0, theme.warning, text))
}

fn progress_bar(list: &List) -> String {
    let fetched = list.table.records().len() as u64;
    let total = list.total.unwrap_or(0).max(fetched).max(1);
    let full = usize::try_from(fetched * 10 / total).unwrap_or(10);
    format!("[{}{}] {}%", "#".repeat(full), "·".repeat(10 - full.min(10)), fetched * 100 / total)
}

/// Popups that show their keys in their border.
const OWN: [Scope; 8] = [
    Scope::Form,
    Scope::Columns,
    Scope::Pick,
    Scope::Prompt,
    Scope::Question,
    Scope::Help,
    Scope::Writing,
    Scope::Written,
];

/// Keys that are hinted on lists only: other screens have more important ones.
fn of_lists(action: Action) -> bool {
    matches!(action, Action::PickTab | Action::Home | Action::Mark)
}

/// Columns from which all keys that people do not guess are shown.
const WIDE: u16 = 100;

/// The keys that work here, as many as fit; the key of the help is always shown.
pub fn hints(tui: &Tui, theme: &Theme, frame: &mut Frame<'_>) {
    let (area, cx) = (tui.cx.layout.hints, &tui.cx);
    if OWN.contains(&tui.scope()) {
        return;
    }
    let bindings = bindings_in(tui.scope()).filter(|binding| tui.has(binding.action));
    let all = bindings.filter_map(|binding| {
        let hint = match tui.modal() {
            Some(modal) => modal.hint(binding),
            None if !tui.top().shows_list() && of_lists(binding.action) => None,
            None if binding.action == Action::Writes && tui.why_no_write().is_some() => None,
            None => tui.top().hint(binding, cx),
        };
        let key = cx.looks.keymap.keys(binding).next()?;
        let key = match binding.action {
            // The keys of all tabs, if they are the default ones.
            Action::PickTab if key == "1" => format!("1-{}", cx.lists.len()),
            _ => key.to_owned(),
        };
        let text = format!("{key} {}", hint?);
        let priority = match binding.action {
            Action::Help => 0,
            // First the main tasks, then keys that nobody guesses.
            Action::Open
            | Action::Triage
            | Action::Search
            | Action::Filter
            | Action::AskServer
            | Action::Writes
            | Action::Decide(_) => 1,
            Action::Snooze | Action::Note | Action::Undo | Action::Overview | Action::Views => 2,
            Action::Export if tui.top().shows_list() => 2,
            Action::Chart | Action::PickTab | Action::Home | Action::Mark if area.width >= WIDE => {
                2
            }
            Action::Chart | Action::PickTab | Action::Home | Action::Mark => 3,
            _ => 4,
        };
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

#[cfg(test)]
mod tests {
    use crate::domain::failure::Kind;
    use crate::tui::msg::Msg;
    use crate::tui::stack::Tui;
    use crate::tui::tests::sentences::drawn;
    use crate::tui::tests::{at, failure, fetches, loaded, press};
    use crate::tui::update::update;

    fn hints(tui: &mut Tui, width: u16) -> String {
        let _ = update(tui, at(0), Msg::Resized(width, 24));
        drawn(tui).lines().last().unwrap().to_owned()
    }

    #[test]
    fn lists_hint_the_keys_that_nobody_guesses_and_keep_export_on_a_narrow_screen() {
        for tab in ["1", "2", "3", "4", "5"] {
            let mut tui = loaded(5);
            press(&mut tui, tab);
            for (width, keys) in [
                (80, &["v views", "e export", "? help"][..]),
                (100, &["v views", "w chart", "1-5 lists", "space mark", "? help"]),
                (120, &["v views", "w chart", "1-5 lists", "space mark", "e export", "? help"]),
            ] {
                let shown = hints(&mut tui, width);
                let lacks = keys.iter().find(|key| !shown.contains(*key));
                assert_eq!(lacks, None, "{tab} at {width}: {shown}");
            }
        }
    }

    #[test]
    fn a_booking_that_failed_hints_no_key_that_does_nothing_there() {
        let mut tui = loaded(5);
        let effects = press(&mut tui, "enter");
        for (ticket, ..) in fetches(&effects) {
            let _ = update(&mut tui, at(0), Msg::Answered(ticket, Err(failure(Kind::Passing))));
        }
        let shown = hints(&mut tui, 140);
        assert_eq!(shown.trim(), "b find booking  ? help  q close");
    }
}
