//! Rows of a list that need attention, in groups with their totals: payouts that are held up, by
//! reason; open debt, by status.

pub mod opening;
#[cfg(test)]
mod tests;
pub mod view;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use indexmap::IndexMap;
use ratatui::Frame;

use crate::command::ListCommand;
use crate::conciliation::row::is_same;
use crate::domain::text::Untrusted;
use crate::filter::{FilterTarget, FilterValue};
use crate::list::record::Record;
use crate::list::{Spec, debt, scheduled};
use crate::tui::component::detail::Detail;
use crate::tui::component::pieces::Piece;
use crate::tui::component::table::groups::{Group, GroupBy, QueueLine, groups, page, visible};
use crate::tui::cx::{Cx, ModalAnswer, Next};
use crate::tui::keymap::{Action, Binding, Scope};
use crate::tui::layout::Shape;
use crate::tui::screen::groups::opening::{Opening, Origin};
use crate::tui::screen::list::state::List;
use crate::tui::screen::{Behavior, list, table};
use crate::tui::stack::Tui;
use crate::tui::theme::Theme;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Payouts that are held up, by reason.
    Blocked,
    /// Open debt, by status.
    OpenDebt,
}

#[derive(Debug)]
pub struct GroupsScreen {
    subject: Subject,
    origin: Option<Origin>,
    /// The booking whose debt was requested, as long as the list has that filter. If it has no open
    /// debt, all open debt is shown.
    of: Option<Untrusted>,
    detail: Detail,
    /// The rows that are arranged.
    arranged: Option<(u32, usize)>,
    /// What the groups were made from: the shown rows, and the day.
    grouped: Option<(u64, NaiveDate)>,
    /// The totals of the shown rows of each group.
    groups: IndexMap<String, Group>,
    /// The number of rows in each group, whether or not the search finds them.
    counts: BTreeMap<String, usize>,
    /// The number of rows of other bookings that the server sent; they are not shown.
    others: usize,
    /// Whether the user was asked to load the missing rows.
    is_rest_asked: bool,
}

impl Subject {
    fn spec(self) -> &'static Spec {
        match self {
            Self::Blocked => &scheduled::SPEC,
            Self::OpenDebt => &debt::SPEC,
        }
    }

    /// The position of its group; `None` if the row does not belong here.
    fn rank(self, record: &Record) -> Option<usize> {
        match self {
            Self::Blocked => scheduled::reason(record),
            Self::OpenDebt => {
                let is_late = record.status().is_some_and(|it| it.eq_ignore_ascii_case("overdue"));
                record.is_open().then_some(usize::from(!is_late))
            }
        }
    }
}

impl GroupBy for Subject {
    fn key(self, record: &Record) -> Option<String> {
        match self {
            Self::Blocked => {
                let reason = scheduled::reason(record).map_or("", scheduled::reason_in_words);
                Some(reason.to_owned())
            }
            Self::OpenDebt => {
                let status = record.text("status").map(|it| it.shown().replace('_', " "));
                Some(status.unwrap_or_else(|| "no status".to_owned()))
            }
        }
    }
}

impl GroupsScreen {
    fn new(subject: Subject, of: Option<Untrusted>, origin: Option<Origin>) -> Self {
        Self {
            subject,
            origin,
            of,
            detail: Detail::default(),
            arranged: None,
            grouped: None,
            groups: IndexMap::new(),
            counts: BTreeMap::new(),
            others: 0,
            is_rest_asked: false,
        }
    }

    fn count(&self) -> usize {
        self.counts.values().sum()
    }

    /// Returns `true` if the record names another booking than the requested one.
    fn is_of_other(&self, record: &Record) -> bool {
        let named = self.of.as_ref().zip(record.booking());
        named.is_some_and(|(of, booking)| !is_same(of, booking))
    }

    /// Shows the rows that belong here group by group, by due date.
    fn arrange(&mut self, cx: &mut Cx) {
        self.of.take_if(|of| !is_filtered_by(of, cx.list()));
        let version = cx.list().table.records_version();
        if self.arranged != Some(version) {
            self.arranged = Some(version);
            let places = self.places(cx.list().table.records());
            cx.list_mut().table.set_queue(Some(&places));
        }
        let (table, today) = (&cx.list().table, cx.now.local.date());
        let grouped = Some((table.arrangement(), today));
        if self.grouped != grouped {
            self.grouped = grouped;
            // With many rows, all are shown until they are arranged.
            let belongs =
                |row: &&Record| self.subject.rank(row).is_some() && !self.is_of_other(row);
            let shown = (0..table.len()).filter_map(|row| table.row(row)).filter(belongs);
            self.groups = groups(self.subject, shown, &self.counts, today);
        }
    }

    /// The positions of the rows that belong here, in the order of the groups. Counts them.
    fn places(&mut self, records: &[Record]) -> Vec<usize> {
        self.others = records.iter().filter(|record| self.is_of_other(record)).count();
        let key = |(place, record): (usize, &Record)| {
            let due = record.date("due_date").unwrap_or(NaiveDate::MAX);
            Some((self.subject.rank(record)?, self.subject.key(record), due, place))
        };
        let own = records.iter().enumerate().filter(|(_, record)| !self.is_of_other(record));
        let mut keyed: Vec<_> = own.filter_map(key).collect();
        keyed.sort_unstable();
        self.counts.clear();
        let place = |(_, key, _, place): (_, Option<String>, _, usize)| {
            *self.counts.entry(key.unwrap_or_default()).or_default() += 1;
            place
        };
        keyed.into_iter().map(place).collect()
    }

    /// Loads the missing rows after the first ones; shows all open debt if the booking has no open
    /// debt.
    fn complete(&mut self, cx: &mut Cx) {
        let list = cx.list();
        if list.fetched.is_none() || list.load.is_some() || list.failure.is_some() {
            return;
        }
        if list.has_more() && !std::mem::replace(&mut self.is_rest_asked, true) {
            cx.ask_to_load_all();
        } else if !list.has_more()
            // If the server sent fewer rows than it counts, the booking may have open debt.
            && list.scope().part.is_none()
            && self.arranged == Some(list.table.records_version())
            && self.counts.is_empty()
            && let Some(of) = self.of.take()
        {
            self.is_rest_asked = false;
            cx.set_filters(Vec::new());
            cx.tell(format!("{} has no open debt. Showing all open debt.", of.shown()));
        }
    }

    fn leave(&self, cx: &mut Cx) {
        let Some(Origin { tab, is_blocked }) = self.origin else { return cx.then(Next::Close) };
        cx.then(Next::ShowTab(tab));
        if is_blocked {
            cx.then(Next::Groups(Opening::BlockedAgain));
        }
    }
}

impl Behavior for GroupsScreen {
    fn scope(&self) -> Scope {
        Scope::Groups
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        view::draw(self, cx, theme, frame);
    }

    fn act(&mut self, action: Action, cx: &mut Cx) {
        let (rows, subject) = (cx.layout.rows(), self.subject);
        match action {
            Action::Open if cx.open_blocking_debt(subject == Subject::Blocked) => {}
            Action::Back => {
                if !(table::stop_first(self, cx)
                    || self.detail.close()
                    || table::unmark_all(self, cx)
                    || cx.drop_found())
                {
                    self.leave(cx);
                }
            }
            Action::Quit => self.leave(cx),
            _ if cx.act_on_list(action) => {}
            Action::Move(step) => {
                let rows = page(&cx.list().table, subject, rows, step);
                cx.list_mut().table.step(step, rows);
                self.detail.top = 0;
            }
            _ => table::act(self, action, cx),
        }
    }

    fn why_not(&self, action: Action, cx: &Cx) -> Option<String> {
        list::why_not(action, cx).or_else(|| table::why_not(self, action, cx))
    }

    fn shows_list(&self) -> bool {
        true
    }

    fn hint(&self, binding: &'static Binding, cx: &Cx) -> Option<&'static str> {
        list::hint(binding, cx)
    }

    fn opened(&mut self, cx: &mut Cx) {
        self.arrange(cx);
    }

    fn closed(&mut self, cx: &mut Cx) {
        cx.list_mut().table.set_queue(None);
    }

    fn modal_answered(&mut self, answer: ModalAnswer, cx: &mut Cx) -> Result<(), String> {
        cx.apply_columns(answer);
        Ok(())
    }

    fn refresh(&mut self, cx: &mut Cx) {
        cx.refresh_list();
    }

    fn detail(&self) -> Detail {
        self.detail
    }

    fn detail_mut(&mut self) -> Option<&mut Detail> {
        Some(&mut self.detail)
    }

    fn shape(&self, cx: &Cx) -> Shape {
        let has_chips = cx.list().has_chips();
        let panel = super::panel(1, cx);
        Shape { summary: 1, has_chips, panel, ..Shape::default() }
    }

    fn status(&self, cx: &Cx, theme: &Theme, _width: u16) -> Vec<Piece> {
        view::status(self, cx, theme)
    }

    fn prepare(&mut self, cx: &mut Cx) {
        self.arrange(cx);
    }

    fn settle(&mut self, cx: &mut Cx) {
        table::settle(self, cx);
    }

    fn after_event(&mut self, cx: &mut Cx) {
        cx.run_list();
        self.complete(cx);
        cx.ask_owners(cx.list().table.shows_owner());
    }

    fn booking_under_cursor(&self, cx: &Cx) -> Option<Untrusted> {
        list::booking_to_open(cx)
    }

    fn wake_at(&self, cx: &Cx) -> Option<u64> {
        [cx.auto_refresh_at(), cx.owners_wake_at()].into_iter().flatten().min()
    }

    fn click(&mut self, x: u16, y: u16, cx: &mut Cx) {
        let Some(line) = cx.layout.line_at(x, y, 1) else { return };
        let lines = visible(&cx.list().table, self.subject, cx.layout.rows());
        // The heading of a group is not a row.
        if let Some(QueueLine::Row(row)) = lines.get(line) {
            cx.list_mut().table.go_to_row(*row);
            self.detail.top = 0;
        }
    }
}

impl Tui {
    /// Shows the rows on the tab of their list.
    pub(in crate::tui) fn show_groups(&mut self, opening: Opening) {
        let (subject, of, origin) = match opening {
            Opening::BlockedAgain => {
                // The tab is unchanged, and the user was already asked to load its missing rows.
                let again = GroupsScreen::new(Subject::Blocked, None, None);
                return self.push(Box::new(GroupsScreen { is_rest_asked: true, ..again }));
            }
            Opening::Blocked => (Subject::Blocked, None, None),
            Opening::OpenDebt => (Subject::OpenDebt, None, None),
            Opening::Debt(of, origin) => (Subject::OpenDebt, of, Some(origin)),
        };
        let spec = subject.spec();
        let filter = of.as_ref().and_then(|of| by_booking(spec, of));
        let line = ListCommand { filters: filter.into_iter().collect(), ..ListCommand::new(spec) };
        self.show(&line, None);
        self.push(Box::new(GroupsScreen::new(subject, of, origin)));
        self.cx.list_mut().table.go_to_row(0);
    }
}

fn by_booking(spec: &Spec, booking: &Untrusted) -> Option<FilterValue> {
    let target = FilterTarget::named(spec.filters, spec.booking).ok()?;
    FilterValue::literal(target, booking.expose_raw()).ok()
}

fn is_filtered_by(booking: &Untrusted, list: &List) -> bool {
    by_booking(list.spec(), booking).is_some_and(|filter| list.filters().contains(&filter))
}

impl Cx {
    /// Opens the debt that blocks the selected payout. Returns `false` if debt does not block it.
    pub fn open_blocking_debt(&mut self, is_blocked: bool) -> bool {
        let blocked = self.list().table.selected().filter(|it| scheduled::is_blocked_by_debt(it));
        let Some(record) = blocked else { return false };
        let origin = Origin { tab: self.tab, is_blocked };
        let opening = Opening::Debt(record.booking().cloned(), origin);
        self.then(Next::Groups(opening));
        true
    }
}
