//! Draws the rows of the queue, with the totals above each group. Other columns are hidden before
//! an amount is cut.

use chrono::NaiveDate;
use indexmap::IndexMap;
use ratatui::Frame;
use ratatui::buffer::Buffer;
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
use crate::tui::component::table::groups::{Group, GroupBy, QueueLine, visible};
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
const SHORTEST_CUSTOMER: u16 = 8;
const LONGEST_CUSTOMER: u16 = 20;
/// Cells of `needs notifying`, where the queue has at least [`WIDE`] cells.
const LONGEST_DECISION: u16 = 15;
const WIDE: u16 = 90;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Id {
    Customer,
    Decision,
    Days,
    Owner,
    Note,
    Field(&'static str),
}

/// Title, priority, and the least and the most cells of the measured content.
const COLUMNS: [(Id, &str, u8, u16, u16); 10] = [
    (Id::Customer, "Customer", 0, SHORTEST_CUSTOMER, LONGEST_CUSTOMER),
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

/// The customer of each row, where a queue is of several.
#[derive(Clone, Copy)]
pub struct Customers<'a> {
    /// By row.
    pub name: &'a dyn Fn(usize) -> &'a str,
    /// Cells of the longest name.
    pub width: u16,
}

/// A name follows its sign after a blank.
fn gutter(customers: Option<Customers<'_>>) -> u16 {
    GUTTER + u16::from(customers.is_some())
}

fn layout(table: &Table, customers: Option<Customers<'_>>, available: u16) -> ColumnLayout<Id> {
    // Owners are only known in the session of their customer.
    let left_out = if customers.is_some() { Id::Owner } else { Id::Customer };
    let column = |(id, title, priority, least, most): (Id, &str, u8, u16, u16)| {
        let at = if let Id::Field(name) = id { table.spec().position(name) } else { None };
        let measured = match customers.filter(|_| id == Id::Customer) {
            Some(customers) => customers.width,
            None => at.and_then(|at| table.widths.get(at)).copied().unwrap_or(0),
        };
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
    let columns = COLUMNS.into_iter().filter(|(id, ..)| *id != left_out);
    fit(columns.map(column), GAP, available.saturating_sub(gutter(customers)))
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
    let entry = |row: usize| entry(table.row(row)?, &cx.kept.memory);
    let rows = QueueRows {
        table,
        customers: None,
        entry: &entry,
        groups: Some((screen.grouping, &screen.groups)),
        is_part: cx.list().scope().part.is_some(),
        day: screen.day(cx.now.local.date()),
        today: cx.now.local.date(),
    };
    rows.draw(cx.layout.rows(), theme, frame, cx.layout.table);
}

/// The rows of a queue and what is known about them, by row.
pub struct QueueRows<'a> {
    pub table: &'a Table,
    pub customers: Option<Customers<'a>>,
    pub entry: &'a dyn Fn(usize) -> Option<&'a Entry>,
    /// `None` if rows are not grouped.
    pub groups: Option<(Grouping, &'a IndexMap<String, Group>)>,
    /// Whether the list has rows that are not loaded.
    pub is_part: bool,
    /// The day for which days overdue are counted.
    pub day: NaiveDate,
    pub today: NaiveDate,
}

impl QueueRows<'_> {
    /// Draws as many rows as fit into `height`, including headings.
    pub fn draw(&self, height: usize, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let table = self.table;
        let grouping = self.groups.map_or(Grouping::None, |(grouping, _)| grouping);
        let buffer = frame.buffer_mut();
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return;
        }
        let layout = layout(table, self.customers, area.width);
        let grid = Grid { layout: &layout, gutter: gutter(self.customers), theme };
        let top = Rect { height: 1, ..area };
        grid.header(buffer, top, |column| (title(column.id).into(), theme.header));
        let lines = visible(table, grouping, height);
        for (y, queue_line) in (area.y + 1..area.bottom()).zip(lines) {
            let line = Rect { y, height: 1, ..area };
            match queue_line {
                QueueLine::Group(key) => {
                    let group = self.groups.and_then(|(_, groups)| groups.get(&key));
                    let heading =
                        |it: &Group| it.heading(&key, table.spec(), self.is_part, area.width);
                    let text = group.map(heading).unwrap_or(key);
                    buffer.set_line(area.x, y, &Line::styled(text, theme.title), area.width);
                }
                QueueLine::Row(row) => self.row(row, &grid, buffer, line),
            }
        }
    }

    fn row(&self, row: usize, grid: &Grid<'_, Id>, buffer: &mut Buffer, line: Rect) {
        let (table, theme) = (self.table, grid.theme);
        let Some(record) = table.row(row) else { return };
        let marks = (row == table.cursor(), table.is_marked(row));
        let owner = record.booking().and_then(|booking| table.names().get(booking));
        let customer = self.customers.map_or("", |customers| (customers.name)(row));
        let (entry, day, today) = ((self.entry)(row), self.day, self.today);
        let drawn = Row { record, customer, entry, owner, day, today, theme };
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
    customer: &'a str,
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
            Id::Customer => sanitize(self.customer),
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
