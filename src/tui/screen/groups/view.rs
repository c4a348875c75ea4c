//! Draws groups of rows: a title, and the totals of each group above its rows.

use ratatui::Frame;
use ratatui::widgets::Paragraph;

use crate::domain::money::{counted, format_count};
use crate::tui::component::pieces::{DOT, Piece, indented, line};
use crate::tui::component::table::groups::{QueueLine, visible};
use crate::tui::component::table::view::{Extras, Loaded, TableLine, lines, nothing};
use crate::tui::cx::Cx;
use crate::tui::screen::groups::{GroupsScreen, Subject};
use crate::tui::screen::list;
use crate::tui::screen::list::view::{row_of, unreadable};
use crate::tui::theme::Theme;

pub fn draw(screen: &GroupsScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    list::tabs::draw(cx, theme, frame);
    list::view::summary(cx, theme, frame);
    list::view::chips(cx, theme, frame);
    title(screen, cx, theme, frame);
    rows(screen, cx, theme, frame);
}

fn title(screen: &GroupsScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let (area, list) = (cx.layout.panel, cx.list());
    if area.is_empty() || list.fetched.is_none() {
        return;
    }
    let loaded = list.table.records().len() as u64;
    let total = list.total.unwrap_or(loaded).max(loaded);
    let own = loaded.saturating_sub(screen.others as u64);
    let is_part = total > loaded || list.has_more();
    let count = format_count(screen.count() as u64);
    let of = format!("{}{}", format_count(own), if is_part { " loaded" } else { "" });
    let text = match screen.subject {
        Subject::Blocked => format!("Held up: {count} of {of} scheduled payments, by reason"),
        Subject::OpenDebt => format!("Open: {count} of {of} debt records, by status"),
    };
    let mut pieces = Vec::new();
    let is_said = !cx.layout.summary.is_empty();
    if !is_said && is_part {
        let rest = cx.words(list.rest_by());
        let text = format!("{} of {} loaded, {rest}", format_count(loaded), format_count(total));
        pieces.push(Piece::new(0, theme.warning, text));
    }
    if screen.others > 0 {
        let others = counted(screen.others as u64, "record");
        let parameter = screen.subject.spec().booking;
        let hidden = format!("{others} of other bookings hidden");
        pieces.push(Piece::new(0, theme.warning, hidden));
        let why = format!("the server ignored {parameter}");
        pieces.push(Piece::new(1, theme.warning, why));
    }
    pieces.push(Piece::new(2, theme.title, text));
    let text = indented(line(pieces, DOT, area.width.saturating_sub(1)));
    frame.render_widget(Paragraph::new(text), area);
}

fn rows(screen: &GroupsScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let (list, area) = (cx.list(), cx.layout.table);
    let table = &list.table;
    if table.records().is_empty() || (table.is_empty() && table.is_narrowed()) {
        return list::view::rows(cx, theme, frame);
    }
    let is_part = list.scope().part.is_some();
    let loaded = if list.has_more() || is_part { Loaded::Part } else { Loaded::All };
    if table.is_empty() {
        let among = match loaded {
            Loaded::All => String::new(),
            Loaded::Part => {
                format!(" among {}", counted(table.records().len() as u64, "loaded row"))
            }
        };
        let text = match screen.subject {
            Subject::Blocked => format!("No scheduled payment is held up{among}."),
            Subject::OpenDebt => format!("There is no open debt{among}."),
        };
        return nothing(text, theme, frame, area);
    }
    let shown = visible(table, screen.subject, cx.layout.rows()).into_iter().map(|it| match it {
        QueueLine::Row(row) => TableLine::Row(row),
        QueueLine::Group(key) => {
            let group = screen.groups.get(&key);
            let text = group.map(|it| it.heading(&key, table.spec(), is_part, area.width));
            TableLine::Heading(text.unwrap_or(key))
        }
    });
    let extras = Extras { loaded, changed: &|_| None, style: &|_, _| None };
    lines(table, shown, &extras, (cx, theme), frame, area);
}

pub fn status(screen: &GroupsScreen, cx: &Cx, theme: &Theme) -> Vec<Piece> {
    let table = &cx.list().table;
    if table.is_empty() {
        return Vec::new();
    }
    let all = if table.is_narrowed() { table.len() } else { screen.count() };
    let mut pieces = vec![row_of(table, all as u64, theme)];
    pieces.extend(unreadable(table, theme));
    pieces
}
