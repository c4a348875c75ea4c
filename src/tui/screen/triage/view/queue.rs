//! Draws the rows of the queue, with the totals above each group. Other columns are hidden before
//! an amount is cut.

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::domain::columns::{Column, ColumnLayout, Cut, PlacedColumn, Side, fit};
use crate::domain::text::{Untrusted, sanitize};
use crate::figures::urgency::of_days;
use crate::list::derived::days_in_words;
use crate::list::record::Record;
use crate::triage::memory::Entry;
use crate::triage::queue::{Grouping, TriageState, entry, triage_state};
use crate::tui::component::table::Table;
use crate::tui::component::table::grid::{Cell, Grid};
use crate::tui::component::table::groups::{GroupBy, QueueLine, visible};
use crate::tui::component::table::view::{nothing, style_of};
use crate::tui::cx::Cx;
use crate::tui::screen::list;
use crate::tui::screen::triage::state::TriageScreen;
use crate::tui::theme::{CURSOR, Theme};

/// The cursor, the mark of the user, and the sign of a flag or a note.
const GUTTER: u16 = 3;
const GAP: u16 = 2;
/// With fewer cells, notes are only shown in the evidence.
const SHORTEST_NOTE: u16 = 8;
/// With fewer cells, owners are only shown in the evidence.
const SHORTEST_OWNER: u16 = 14;
const LONGEST_OWNER: u16 = 24;
/// Cells of `needs notifying`, where the queue has at least [`WIDE`] cells.
const LONGEST_DECISION: u16 = 15;
const WIDE: u16 = 90;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Id {
    Decision,
    Days,
    Owner,
    Note,
    Field(&'static str),
}

/// Title, priority, and the least and the most cells of the measured content.
const COLUMNS: [(Id, &str, u8, u16, u16); 9] = [
    (Id::Decision, "Decision", 1, 9, 9),
    (Id::Field("booking_id"), "Booking", 0, 0, 14),
    (Id::Days, "Overdue", 2, 8, 8),
    (Id::Field("amount"), "Amount", 0, 0, u16::MAX),
    (Id::Field("currency"), "Cur", 0, 3, 12),
    (Id::Field("status"), "Status", 3, 0, 16),
    (Id::Field("due_date"), "Due", 5, 10, 10),
    (Id::Owner, "Owner", 4, SHORTEST_OWNER, SHORTEST_OWNER),
    (Id::Note, "Note", 6, SHORTEST_NOTE, SHORTEST_NOTE),
];

fn layout(table: &Table, available: u16) -> ColumnLayout<Id> {
    let column = |(id, title, priority, least, most): (Id, &str, u8, u16, u16)| {
        let at = if let Id::Field(name) = id { table.spec().position(name) } else { None };
        let measured = at.and_then(|at| table.widths.get(at)).copied().unwrap_or(0);
        let title = u16::try_from(title.len()).unwrap_or(u16::MAX);
        let least = measured.clamp(least, most).max(title);
        let is_right = matches!(id, Id::Days | Id::Field("amount"));
        Column {
            id,
            side: if is_right { Side::Right } else { Side::Left },
            priority,
            least,
            natural: match id {
                Id::Note => u16::MAX,
                Id::Owner => LONGEST_OWNER,
                Id::Decision if available >= WIDE => LONGEST_DECISION,
                _ => least,
            },
            cut: if id == Id::Field("amount") { Cut::Never } else { Cut::Allowed },
        }
    };
    fit(COLUMNS.map(column), GAP, available.saturating_sub(GUTTER))
}

impl GroupBy for Grouping {
    fn key(self, record: &Record) -> Option<String> {
        Self::key(self, record)
    }
}

pub fn rows(screen: &TriageScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let table = &cx.list().table;
    if table.records().is_empty() || (table.is_empty() && table.is_narrowed()) {
        return list::view::rows(cx, theme, frame);
    }
    if table.is_empty() {
        return nothing(why_empty(screen, cx), theme, frame, cx.layout.table);
    }
    let buffer = frame.buffer_mut();
    let area = cx.layout.table.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let layout = layout(table, area.width);
    let grid = Grid { layout: &layout, gutter: GUTTER, theme };
    let is_part = cx.list().scope().part.is_some();
    let top = Rect { height: 1, ..area };
    grid.header(buffer, top, |column| (title(column.id).into(), theme.header));
    let lines = visible(table, screen.grouping, cx.layout.rows());
    let (today, day) = (cx.now.local.date(), screen.day(cx.now.local.date()));
    for (y, queue_line) in (area.y + 1..area.bottom()).zip(lines) {
        let line = Rect { y, height: 1, ..area };
        match queue_line {
            QueueLine::Group(key) => {
                let group = screen.groups.get(&key);
                let text = group.map(|it| it.heading(&key, table.spec(), is_part, area.width));
                let text = text.unwrap_or(key);
                buffer.set_line(area.x, y, &Line::styled(text, theme.title), area.width);
            }
            QueueLine::Row(row) => {
                let Some(record) = table.row(row) else { continue };
                let marks = (row == table.cursor(), table.is_marked(row));
                let entry = entry(record, &cx.kept.memory);
                let owner = record.booking().and_then(|booking| table.names().get(booking));
                let drawn = Row { record, entry, owner, day, today, theme };
                grid.signs(buffer, line, &drawn.signs(marks));
                match record.unreadable() {
                    Some(json) => grid.unreadable(json, buffer, line),
                    None => _ = grid.line(buffer, line, |column| drawn.cell(column)),
                }
                if marks.0 {
                    theme.light(buffer, line);
                }
            }
        }
    }
}

fn why_empty(screen: &TriageScreen, cx: &Cx) -> String {
    let hidden = super::hidden(&screen.queue, cx).map(|it| format!(" {it}.")).unwrap_or_default();
    match screen.cell {
        Some(cell) => {
            let all = cx.words("{back} shows all.");
            format!("No penalties for {}. {all}{hidden}", cell.in_words())
        }
        None => format!("There are no open penalties in the queue.{hidden}"),
    }
}

fn title(id: Id) -> &'static str {
    COLUMNS.iter().find(|(own, ..)| *own == id).map_or("", |(_, title, ..)| title)
}

struct Row<'a> {
    record: &'a Record,
    entry: Option<&'a Entry>,
    owner: Option<&'a Untrusted>,
    /// The day for which days overdue are counted.
    day: NaiveDate,
    today: NaiveDate,
    theme: &'a Theme,
}

impl<'a> Row<'a> {
    fn note(&self) -> &'a str {
        self.entry.map(|entry| entry.note.as_str()).unwrap_or_default()
    }

    fn signs(&self, (is_here, is_marked): (bool, bool)) -> [Option<(&'static str, Style)>; 3] {
        let theme = self.theme;
        let sign = |is_so: bool, sign, style| Some((if is_so { sign } else { " " }, style));
        [
            sign(is_here, CURSOR, theme.cursor),
            sign(is_marked, "*", theme.warning),
            if self.entry.is_some_and(|entry| entry.is_flagged) {
                Some(("!", theme.failure))
            } else {
                sign(!self.note().is_empty(), "\"", theme.dim)
            },
        ]
    }

    fn cell(&self, column: &PlacedColumn<Id>) -> Cell<'a> {
        let record = self.record;
        let state = triage_state(record, self.entry, self.today);
        let position = match column.id {
            Id::Field(name) => record.spec().position(name),
            _ => None,
        };
        let text = match column.id {
            Id::Decision => state.word().into(),
            Id::Days => record.days_late(self.day).map(days_in_words).unwrap_or_default().into(),
            Id::Note => sanitize(self.note()),
            Id::Owner => self.owner.map(Untrusted::shown).unwrap_or_default(),
            Id::Field(_) => position.map(|at| record.cell(at)).unwrap_or_default(),
        };
        let style = match column.id {
            Id::Decision if state == TriageState::Changed => self.theme.warning,
            _ if !state.wants_attention() => self.theme.dim,
            Id::Days => record
                .days_late(self.day)
                .map_or(Style::new(), |days| self.theme.urgency(of_days(days))),
            Id::Field(_) => {
                position.map_or(Style::new(), |at| style_of(record, at, self.today, self.theme))
            }
            _ => Style::new(),
        };
        Cell { text, style, is_changed: position.is_some_and(|at| record.is_changed(at)) }
    }
}
