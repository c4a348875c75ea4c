//! All that the screen shows. Only [`crate::tui::update::update`] changes it.

pub mod shown;

use tui_input::Input;

use crate::filter::setting::Setting;
use crate::list::ALL;
use crate::list::record::Record;
use crate::net::response::NetState;
use crate::payments::wanted::Hosts;
use crate::state::persisted::PersistedState;
use crate::tui::advice;
use crate::tui::component::detail;
use crate::tui::component::table::Table;
use crate::tui::effect::Ticket;
use crate::tui::history::Walk;
use crate::tui::keymap::Scope;
use crate::tui::layout::{Regions, SMALLEST, Shape, message_lines, regions};
use crate::tui::list_columns::apply_list_columns;
use crate::tui::looks::Looks;
use crate::tui::modal::columns::Chooser;
use crate::tui::modal::command::CommandLine;
use crate::tui::modal::form::Form;
use crate::tui::modal::help::Help;
use crate::tui::modal::lookup::Lookup;
use crate::tui::msg::Now;
use crate::tui::probe::Probe;
use crate::tui::refreshes::Refreshes;
use crate::tui::screen::booking::state::Booking;
use crate::tui::screen::list::state::List;
use crate::tui::screen::payments::state::Sheet;
use crate::tui::screen::triage::ask::Ask;
use crate::tui::screen::triage::evidence;
use crate::tui::screen::triage::state::Triage;

pub use crate::config::Session;
pub use crate::tui::screen::list::saving::Save;

/// Milliseconds after the last key for which the age on the screen is kept current.
pub const ATTENTION: u64 = 10 * 60_000;

/// What the network waits for, in milliseconds from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Countdown {
    /// The server is out of reach; the next try, or none until someone asks.
    Offline(Option<u64>),
    /// The server's limit or the budget is spent.
    Closed(u64),
}

#[derive(Debug)]
pub struct Model {
    pub session: Session,
    pub size: (u16, u16),
    /// When the newest event was handled.
    pub now: Now,
    /// When the newest key was pressed, in milliseconds since the start.
    pub last_key: u64,
    /// One for each entry of [`ALL`].
    pub lists: Vec<List>,
    pub tab: usize,
    /// The bookings that were opened, one from another; the last is shown.
    pub bookings: Vec<Booking>,
    /// The bookings that were seen in this session.
    pub walk: Walk,
    /// The screens about the Payments APIs, one opened from another.
    pub sheets: Vec<Sheet>,
    /// Which of the Payments APIs are configured.
    pub hosts: Hosts,
    pub popup: Option<Popup>,
    /// Whether the detail pane is shown, and whether it is zoomed.
    pub detail: Detail,
    /// A sentence for the user, until the next key.
    pub notice: Option<String>,
    /// An addition to the message that names the exported file.
    pub export_note: Option<String>,
    /// The lines of the command line so far, the newest last.
    pub history: Vec<String>,
    /// The names of the profiles that can be shown instead.
    pub profiles: Vec<String>,
    /// The profile that is being switched to: until then no key may change anything.
    pub switching: Option<String>,
    pub kept: PersistedState,
    pub triage: Triage,
    /// What is known of the network, and when that was.
    pub network: (NetState, Now),
    /// When a server out of reach is tried again.
    pub probe: Probe,
    pub refreshes: Refreshes,
    /// Whether the counts of the other lists are still to be asked for.
    pub wants_counts: bool,
    pub looks: Looks,
    /// Whether the terminal is to be drawn.
    pub is_dirty: bool,
    newest_ticket: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Detail {
    pub is_open: bool,
    /// Whether it has the place of the table too.
    pub is_zoomed: bool,
    /// The first line shown, from 0.
    pub top: usize,
}

#[derive(Debug)]
pub enum Popup {
    Reader(Reader),
    /// What can be done on the screen below.
    Help(Help),
    Search(Input),
    Command(CommandLine),
    Columns(Chooser),
    /// The name of a view is typed.
    SaveView {
        input: Input,
        problem: Option<String>,
    },
    Form(Form),
    /// One of several entries is picked.
    Pick(Pick),
    Question(Question),
    /// The reference of a booking is typed.
    Lookup(Lookup),
    /// The path of an export is typed.
    Save(Save),
    /// A line is typed for the triage.
    Ask(Ask),
}

/// Entries of which one is picked.
#[derive(Debug)]
pub struct Pick {
    pub title: String,
    pub entries: Vec<String>,
    pub cursor: usize,
    /// What is done with the entry.
    pub then: Picked,
}

/// What is done with a picked entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picked {
    DropFilter,
    /// The profile at this place is shown instead.
    Profile,
    View,
    Snooze,
}

/// A question that is answered with yes or no.
#[derive(Debug)]
pub struct Question {
    pub title: String,
    /// What is asked, with what it costs.
    pub text: String,
    pub then: Consent,
}

/// What is done after a yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// All pages of the list are fetched.
    LoadAll,
    /// The view at this place is removed.
    RemoveView(usize),
}

/// A text that is read line by line.
#[derive(Debug)]
pub struct Reader {
    pub title: String,
    /// Its lines, printable, as long as they are.
    pub text: Vec<String>,
    /// The same, wrapped to the screen.
    pub lines: Vec<String>,
    /// The first line shown, from 0.
    pub top: usize,
    /// Whether it is a chart, whose bars are as long as the screen is wide.
    pub is_chart: bool,
}

impl Model {
    pub fn new(session: Session, kept: PersistedState, size: (u16, u16), now: Now) -> Self {
        let mut lists: Vec<List> = ALL.iter().map(|spec| List::new(spec)).collect();
        for list in &mut lists {
            if let Some(columns) = kept.columns.get(list.spec().key) {
                apply_list_columns(columns, &mut list.table);
            }
        }
        Self {
            session,
            size,
            now,
            last_key: now.elapsed,
            lists,
            tab: 0,
            bookings: Vec::new(),
            walk: Walk::default(),
            sheets: Vec::new(),
            hosts: Hosts::default(),
            popup: None,
            detail: Detail::default(),
            notice: None,
            export_note: None,
            history: Vec::new(),
            profiles: Vec::new(),
            switching: None,
            kept,
            triage: Triage::default(),
            network: (NetState::default(), now),
            probe: Probe::default(),
            refreshes: Refreshes::default(),
            wants_counts: false,
            looks: Looks::default(),
            is_dirty: true,
            newest_ticket: 0,
        }
    }

    /// A ticket that no request had before.
    pub fn ticket(&mut self) -> Ticket {
        self.newest_ticket += 1;
        Ticket(self.newest_ticket)
    }

    pub fn scope(&self) -> Scope {
        match (&self.popup, self.bookings.is_empty()) {
            (Some(Popup::Reader(_)), _) => Scope::Reader,
            (Some(Popup::Help(_)), _) => Scope::Help,
            (
                Some(Popup::Lookup(_) | Popup::Save(_) | Popup::Ask(_) | Popup::SaveView { .. }),
                _,
            ) => Scope::Prompt,
            (Some(Popup::Question(_)), _) => Scope::Question,
            (Some(Popup::Form(_)), _) => Scope::Form,
            (Some(Popup::Search(_)), _) => Scope::Search,
            (Some(Popup::Command(_)), _) => Scope::Command,
            (Some(Popup::Columns(_)), _) => Scope::Columns,
            (Some(Popup::Pick(_)), _) => Scope::Pick,
            (None, _) if self.sheet().is_some() => Scope::Sheet,
            (None, false) => Scope::Booking,
            (None, true) => self.scope_of_list(),
        }
    }

    /// The list that is shown or lies below the booking.
    pub fn list(&self) -> Option<&List> {
        self.lists.get(self.tab)
    }

    /// The table that the keys move in.
    pub fn table(&self) -> Option<&Table> {
        if self.sheet().is_some() {
            return None;
        }
        match self.bookings.last() {
            Some(booking) => booking.table(),
            None => self.list().map(|list| &list.table),
        }
    }

    /// The table that the keys move in.
    pub fn table_mut(&mut self) -> Option<&mut Table> {
        if self.sheet().is_some() {
            return None;
        }
        match self.bookings.last_mut() {
            Some(booking) => booking.table_mut(),
            None => self.lists.get_mut(self.tab).map(|list| &mut list.table),
        }
    }

    /// Whether someone has pressed a key lately, so that ages on the screen are worth a redraw.
    pub fn is_watched(&self) -> bool {
        self.now.elapsed.saturating_sub(self.last_key) < ATTENTION
    }

    /// The sentence above the footer: a notice, or the failure where rows are shown all the same.
    pub fn message(&self) -> Option<String> {
        let has_rows = match self.bookings.last() {
            // Such a screen says in its own lines what failed.
            _ if self.sheet().is_some() => false,
            Some(booking) => booking.content.is_some(),
            None => self.table().is_some_and(|table| !table.records().is_empty()),
        };
        let failure = || self.failure().filter(|_| has_rows);
        let sentence = |failure| advice::sentence(failure, &self.looks.keymap);
        self.notice.clone().or_else(|| failure().map(sentence))
    }

    /// Where things stand on the screen now.
    pub fn regions(&self) -> Regions {
        let message = self.message().map_or(0, |text| message_lines(&text, self.size.0).len());
        let is_sheet = self.sheet().is_some();
        let shape = Shape {
            panel: u16::try_from(self.panel_lines().min(self.panel_room())).unwrap_or(u16::MAX),
            pane: self.evidence_width(),
            has_chips: self.chips().is_some(),
            has_detail: self.detail.is_open && !is_sheet,
            is_zoomed: self.detail.is_zoomed,
            message: u16::try_from(message).unwrap_or(u16::MAX),
        };
        regions(self.size, shape)
    }

    /// The filters that are shown as chips, where any are set.
    pub fn chips(&self) -> Option<&[Setting]> {
        let list = self.list().filter(|_| self.shows_list())?;
        Some(list.settings()).filter(|settings| !settings.is_empty())
    }

    /// Whether the terminal is large enough to draw on.
    pub fn fits(&self) -> bool {
        self.size.0 >= SMALLEST.0 && self.size.1 >= SMALLEST.1
    }

    /// Lines that the detail of the record under the cursor takes.
    pub fn detail_lines(&self) -> Vec<detail::Line> {
        let width = self.regions().detail.width.saturating_sub(2);
        if self.is_triaging() {
            return evidence::lines(self, width);
        }
        let Some(record) = self.selected() else { return Vec::new() };
        let changed = self.bookings.last().and_then(|booking| booking.changed_fields());
        let mut lines = detail::changed(changed.unwrap_or_default(), width);
        lines.extend(detail::lines(record, width));
        lines
    }

    pub fn selected(&self) -> Option<&Record> {
        if self.sheet().is_some() {
            return None;
        }
        match self.bookings.last() {
            Some(booking) => booking.selected(),
            None => self.table()?.selected(),
        }
    }

    /// Lines that the totals may take: on a low screen the rows keep half of it.
    fn panel_room(&self) -> usize {
        let body = usize::from(self.size.1.saturating_sub(4));
        (body / 2).max(body.saturating_sub(11))
    }
}
