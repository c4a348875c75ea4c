//! Where the user was in the lists of a customer (the tab, and the filters, order and row of each list),
//! and what is shown first.

use super::cx::{Cx, Next};
use super::screen::groups::opening::Opening;
use super::screen::home::HomeScreen;
use super::screen::list::state::List;
use super::stack::Tui;
use crate::command::Command;
use crate::domain::text::Untrusted;
use crate::filter::ListQuery;
use crate::hub::MOST_ROWS;
use crate::list::sort::Sort;
use crate::tui::component::table::Anchor;
use crate::tui::landing::Landing;

#[derive(Debug, Clone)]
pub struct Place {
    /// Whether the home was shown.
    pub is_home: bool,
    tab: usize,
    lists: Vec<ListPlace>,
}

#[derive(Debug, Clone)]
struct ListPlace {
    query: ListQuery,
    sort: Option<Sort>,
    found: Vec<String>,
    anchor: Anchor,
    column: usize,
}

impl Tui {
    pub fn place(&self) -> Place {
        self.cx.place(self.screens::<HomeScreen>().next().is_some())
    }
}

impl Cx {
    fn place(&self, is_home: bool) -> Place {
        let opened = self.lists.iter().filter(|list| list.is_opened());
        let of = |list: &List| ListPlace {
            query: list.query.clone(),
            sort: list.table.sort(),
            found: list.table.found().to_vec(),
            anchor: list.table.anchor(),
            column: list.table.column,
        };
        Place { is_home, tab: self.tab, lists: opened.map(of).collect() }
    }

    /// Returns to a place, except in the list of a landing. Must be called before the first load.
    pub fn return_to(&mut self, place: &Place, landing: &Landing) {
        self.tab = place.tab.min(self.lists.len() - 1);
        let today = self.now.local.date();
        for ListPlace { query, sort, found, anchor, column } in &place.lists {
            let is_landing = landing.spec().is_some_and(|spec| spec.is(query.spec));
            let Some(tab) = self.tab_of(query.spec.key).filter(|_| !is_landing) else { continue };
            let list = self.list_at_mut(tab);
            list.query = query.clone();
            list.reach = anchor.row() + 1;
            list.table.resume(*anchor);
            list.table.sort_by(*sort, today);
            list.table.set_found(found.clone());
            list.table.column = (*column).min(list.table.columns.len().saturating_sub(1));
        }
    }
}

impl Cx {
    /// Chooses what is shown first. Must be called before the first load.
    pub fn land(&mut self, landing: &Landing) {
        let tab = landing.spec().and_then(|spec| self.tab_of(spec.key));
        if let Some(tab) = tab {
            self.tab = tab;
            // As many rows as the overview counted, so that both show the same figures.
            self.list_at_mut(tab).reach = MOST_ROWS;
        }
        match landing {
            Landing::Place | Landing::Lists => {}
            Landing::Home => {
                self.behind.home_first = self.behind.customers;
                self.then(Next::Run(Command::Home));
            }
            Landing::HeldUp => self.then(Next::Groups(Opening::Blocked)),
            Landing::Coming => {
                self.then(Next::RunText(
                    "scheduled due=today.. status=upcoming sort=due_date".to_owned(),
                ));
            }
            Landing::Penalties => self.then(Next::Triage),
            Landing::OpenDebt => self.then(Next::Groups(Opening::OpenDebt)),
            Landing::OldDebt => self.then(Next::RunText("debt due=..-91d sort=-days".to_owned())),
            Landing::Changes => self.then(Next::Run(Command::Changes(None))),
            Landing::Booking(reference) => {
                let shown = Untrusted::new(reference.as_str()).shown().into_owned();
                let profile = self.session.customer.profile().unwrap_or_default();
                self.tell(format!("{shown} belongs to {profile}."));
                self.then(Next::Run(Command::Booking(reference.clone())));
            }
        }
    }
}
