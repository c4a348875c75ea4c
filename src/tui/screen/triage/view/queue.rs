//! The rows of the queue, with the sums of each group above it. Amounts are never cut: other columns
//! give way.

use std::collections::HashMap;

use ratatui::Frame;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::domain::money::{Sums, format_money};
use crate::domain::text::{CHANGED, sanitise};
use crate::domain::truncate::truncate;
use crate::list::record::Record;
use crate::triage::ageing::days_overdue;
use crate::triage::queue::{Grouping, TriageState, entry, standing};
use crate::tui::component::fitting::{euros_first, fitting};
use crate::tui::component::table::Table;
use crate::tui::component::table::view::{CURSOR, centred};
use crate::tui::cx::Cx;
use crate::tui::screen::list;
use crate::tui::screen::triage::lines::{QueueLine, visible};
use crate::tui::screen::triage::state::TriageScreen;
use crate::tui::theme::Theme;

/// The marks of the cursor and of the user, and the sign of a flag or a note.
const GUTTER: usize = 3;
/// Cells of a note below which it is left to the evidence.
const SHORTEST_NOTE: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Verdict,
    Booking,
    Days,
    Amount,
    Currency,
    Status,
    Due,
    Note,
}

impl Column {
    const ALL: [Self; 8] = [
        Self::Verdict,
        Self::Booking,
        Self::Days,
        Self::Amount,
        Self::Currency,
        Self::Status,
        Self::Due,
        Self::Note,
    ];
    /// The columns that give way, the first of them first.
    const GIVES_WAY: [Self; 4] = [Self::Due, Self::Status, Self::Days, Self::Verdict];

    fn title(self) -> &'static str {
        match self {
            Self::Verdict => "Verdict",
            Self::Booking => "Booking",
            Self::Days => "Days",
            Self::Amount => "Amount",
            Self::Currency => "Cur",
            Self::Status => "Status",
            Self::Due => "Due",
            Self::Note => "Note",
        }
    }

    fn is_right_aligned(self) -> bool {
        matches!(self, Self::Days | Self::Amount)
    }

    /// The cells that its widest value takes.
    fn natural(self, table: &Table) -> usize {
        let measured = |name: &str| {
            let at = table.spec().position(name);
            at.and_then(|at| table.widths().get(at)).map_or(0, |width| usize::from(*width))
        };
        let content = match self {
            Self::Verdict => 9,
            Self::Booking => measured("booking_id").min(14),
            Self::Days => 5,
            Self::Amount => measured("amount"),
            Self::Currency => 3,
            Self::Status => measured("status").min(26),
            Self::Due => 10,
            Self::Note => 0,
        };
        content.max(if self == Self::Note { 0 } else { self.title().width() })
    }
}

/// The columns that fit, each with its width.
fn placed(table: &Table, room: usize) -> Vec<(Column, usize)> {
    let mut columns: Vec<(Column, usize)> = Column::ALL
        .into_iter()
        .filter(|column| *column != Column::Note)
        .map(|column| (column, column.natural(table)))
        .collect();
    let taken = |columns: &[(Column, usize)]| -> usize {
        GUTTER + columns.iter().map(|(_, width)| width + 1).sum::<usize>() - 1
    };
    for column in Column::GIVES_WAY {
        if taken(&columns) <= room {
            break;
        }
        columns.retain(|(it, _)| *it != column);
    }
    let over = taken(&columns).saturating_sub(room);
    if let Some((_, width)) = columns.iter_mut().find(|(it, _)| *it == Column::Booking) {
        *width = width.saturating_sub(over).max(4);
    }
    let left = room.saturating_sub(taken(&columns) + 1);
    if left >= SHORTEST_NOTE {
        columns.push((Column::Note, left));
    }
    columns
}

/// Draws the rows, or why there are none.
pub fn rows(screen: &TriageScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.table;
    let Some(table) = cx.list().map(|list| &list.table) else { return };
    if table.records().is_empty() || (table.is_empty() && table.is_narrowed()) {
        return list::view::rows(cx, theme, frame);
    }
    if table.is_empty() {
        return centred(vec![Line::styled(nothing(screen, cx), theme.dim)], frame, area);
    }
    let columns = placed(table, usize::from(area.width));
    let groups = groups(screen, table);
    let mut lines = vec![header(&columns, theme)];
    for line in visible(table, screen.grouping, cx.layout.rows()) {
        lines.extend(match line {
            QueueLine::Group(key) => group_line(&key, &groups, usize::from(area.width), theme),
            QueueLine::Row(row) => {
                let record = table.row(row);
                record.map(|record| row_line(screen, cx, (table, row, record), &columns, theme))
            }
        });
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn nothing(screen: &TriageScreen, cx: &Cx) -> String {
    let hidden = crate::tui::screen::triage::view::hidden(&screen.queue);
    let hidden = match hidden.as_str() {
        "" => hidden,
        hidden => format!(" {hidden} hidden: {{show-hidden}} shows them."),
    };
    let text = match screen.cell {
        Some(cell) => format!("Nothing here for {}; {{back}} shows all.{hidden}", cell.in_words()),
        None => format!("The queue is empty.{hidden}"),
    };
    cx.looks.keymap.render(&text)
}

type Groups = HashMap<String, (usize, Sums)>;

/// How many rows each group has, and their sums.
fn groups(screen: &TriageScreen, table: &Table) -> Groups {
    let mut groups = Groups::new();
    let grouping = screen.grouping;
    if grouping == Grouping::None {
        return groups;
    }
    for record in (0..table.len()).filter_map(|row| table.row(row)) {
        let Some(key) = grouping.key(record) else { continue };
        let (count, sums) = groups.entry(key).or_default();
        *count += 1;
        if let Some(minor) = record.minor("amount").filter(|_| !record.has_odd_currency()) {
            sums.add(minor, record.currency());
        }
    }
    groups
}

fn group_line(key: &str, groups: &Groups, room: usize, theme: &Theme) -> Option<Line<'static>> {
    let (count, sums) = groups.get(key)?;
    let each = euros_first(sums).map(|(currency, minor)| format_money(minor, currency));
    let head = format!("── {key} · {count}");
    let room_of_sums = room.saturating_sub(1);
    let text = fitting(each, sums.len(), room_of_sums, |sums| format!("{head} · {sums}"));
    let text = text.unwrap_or(head);
    let text = truncate(text.into(), u16::try_from(room).unwrap_or(u16::MAX)).into_owned();
    Some(Line::styled(text, theme.title))
}

fn header(columns: &[(Column, usize)], theme: &Theme) -> Line<'static> {
    let mut spans = vec![Span::raw(" ".repeat(GUTTER))];
    for (column, width) in columns {
        let title = column.title();
        let gap = Span::raw(" ".repeat(width.saturating_sub(title.width())));
        let title = Span::styled(title, theme.header);
        spans.extend(if column.is_right_aligned() { [gap, title] } else { [title, gap] });
        spans.push(Span::raw(" "));
    }
    Line::from(spans)
}

fn row_line(
    screen: &TriageScreen,
    cx: &Cx,
    (table, row, record): (&Table, usize, &Record),
    columns: &[(Column, usize)],
    theme: &Theme,
) -> Line<'static> {
    let is_here = row == table.cursor();
    let today = cx.now.local.date();
    let entry = entry(record, &cx.kept.memory);
    let stands = standing(record, entry, today);
    let sign = |is_so: bool, sign: &'static str| if is_so { sign } else { " " };
    let note = entry.map(|entry| entry.note.as_str()).unwrap_or_default();
    let is_flagged = entry.is_some_and(|entry| entry.is_flagged);
    let mut spans = vec![
        Span::styled(sign(is_here, CURSOR), theme.cursor),
        Span::styled(sign(table.is_marked(row), "*"), theme.warning),
        if is_flagged {
            Span::styled("!", theme.failure)
        } else {
            Span::styled(sign(!note.is_empty(), "\""), theme.dim)
        },
    ];
    if let Some(json) = record.unreadable() {
        let room: usize = columns.iter().map(|(_, width)| width + 1).sum();
        let text = format!("✗ not readable: {}", json.shown());
        let text = truncate(text.into(), u16::try_from(room).unwrap_or(u16::MAX)).into_owned();
        spans.push(Span::styled(text, theme.odd));
        return Line::from(spans);
    }
    for (column, width) in columns {
        let text = match column {
            Column::Verdict => stands.word().to_owned(),
            Column::Days => {
                let days = days_overdue(record, screen.day(today));
                days.map(|days| days.to_string()).unwrap_or_default()
            }
            Column::Note => sanitise(note).into_owned(),
            Column::Booking => cell(record, "booking_id"),
            Column::Amount => cell(record, "amount"),
            Column::Currency => cell(record, "currency"),
            Column::Status => cell(record, "status"),
            Column::Due => cell(record, "due_date"),
        };
        let style = match column {
            Column::Booking if is_here => theme.cursor,
            Column::Verdict if stands == TriageState::Changed => theme.warning,
            _ if !stands.wants_attention() => theme.dim,
            _ => ratatui::style::Style::new(),
        };
        let text = truncate(text.into(), u16::try_from(*width).unwrap_or(u16::MAX)).into_owned();
        let gap = Span::raw(" ".repeat(width.saturating_sub(text.width())));
        let text = Span::styled(text, style);
        spans.extend(if column.is_right_aligned() { [gap, text] } else { [text, gap] });
        spans.push(if is_changed(record, *column) {
            Span::styled(CHANGED, theme.warning)
        } else {
            Span::raw(" ")
        });
    }
    Line::from(spans)
}

/// Whether the text in a column is not shown as it came.
fn is_changed(record: &Record, column: Column) -> bool {
    let name = match column {
        Column::Booking => "booking_id",
        Column::Amount => "amount",
        Column::Currency => "currency",
        Column::Status => "status",
        Column::Due => "due_date",
        Column::Verdict | Column::Days | Column::Note => return false,
    };
    record.spec().position(name).is_some_and(|at| record.is_changed(at))
}

fn cell(record: &Record, name: &str) -> String {
    record.spec().position(name).map(|at| record.cell(at).into_owned()).unwrap_or_default()
}
