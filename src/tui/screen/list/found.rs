//! Searches of a list: kept, removed, and sent to the server.

use crate::domain::money::{counted, format_count};
use crate::domain::text::sanitize;
use crate::filter::{ListQuery, with};
use crate::search::server::Ask;
use crate::tui::cx::Cx;
use crate::tui::modal::search::Search;
use crate::tui::msg::ScreenId;
use crate::tui::screen::list::filters::{FiltersSet, in_words};
use crate::tui::screen::list::state::List;
use crate::tui::undo;

const NOT_SEARCHED: &str = "Nothing to search for: press {search} first.";

/// Why the last kept search cannot be sent to the server.
pub fn why_not_asked(cx: &Cx) -> Option<String> {
    let list = cx.list();
    match list.table.found().last() {
        Some(typed) => ask(list, typed).err(),
        None => Some(cx.words(NOT_SEARCHED)),
    }
}

pub fn ask(list: &List, typed: &str) -> Result<Ask, String> {
    Ask::new(list.spec(), list.table.records(), typed)
}

/// Says that no loaded row matches, and what else can be searched.
pub fn nothing_found(list: &List, cx: &Cx) -> String {
    let loaded = list.table.records().len() as u64;
    let rows = counted(loaded, "loaded row");
    let typed = Some(&list.table.options.typed).filter(|typed| !typed.trim().is_empty());
    let typed = typed.or(list.table.found().last());
    let can_ask = typed.is_some_and(|typed| ask(list, typed).is_ok());
    let all = list.total.filter(|total| *total > loaded).map(format_count);
    let rest = match (list.has_more() || all.is_some(), can_ask) {
        (true, true) => cx.words(" {ask-server} searches all"),
        (true, false) => cx.words(" {load-all} loads all"),
        (false, true) => {
            return format!("Not in the {rows}. {}", cx.words("{ask-server} searches the server."));
        }
        (false, false) => return format!("Not in the {rows}."),
    };
    let all = all.map(|all| format!(" {all}")).unwrap_or_default();
    format!("Not in the {rows}.{rest}{all}.")
}

impl Cx {
    pub fn open_search(&mut self) {
        self.list_mut().table.begin_search();
        self.open(Search::default());
    }

    /// Sends the last kept search to the server.
    pub fn ask_server_for_found(&mut self) {
        let list = self.list();
        let Some(typed) = list.table.found().last() else { return };
        let asked = ask(list, typed);
        if let Some(ask) = self.ok_or_tell(asked)
            && self.ask_server(&ask)
        {
            // The loaded rows will match it: only the other searches narrow them.
            _ = self.list_mut().table.drop_found();
        }
    }

    /// Adds the search to the filters. Returns `false` if it contradicts them.
    pub fn ask_server(&mut self, ask: &Ask) -> bool {
        let (list, today) = (self.list(), self.now.local.date());
        let spelled = ask.filters.iter().map(|it| it.clone().spelled(Some(&list.seen_words)));
        let ask = Ask { filters: spelled.collect() };
        let added = ask.filters.iter().cloned();
        let filters = added.fold(list.filters().to_vec(), |filters, added| with(&filters, added));
        let sent = sanitize(&ask.sent(list.spec(), today)).into_owned();
        let query = ListQuery::with_filters(list.spec(), filters, today);
        match query.and_then(|query| self.as_in_rows(query)) {
            Ok(query) => {
                let said = match self.set_query(query) {
                    FiltersSet::Requested => format!("Sent to the server: {sent}."),
                    FiltersSet::Unchanged => {
                        self.words("This filter is already set; {refresh} refreshes the list.")
                    }
                    FiltersSet::NotRequested => format!("Not sent to the server: {sent}."),
                };
                self.tell_also(&said);
                true
            }
            Err(invalid) => {
                self.tell(in_words(&invalid));
                false
            }
        }
    }

    pub fn keep_found(&mut self) {
        let table = &mut self.list_mut().table;
        let before = table.found().len();
        table.keep_found();
        if table.found().len() > before {
            self.say(
                "Only these rows are shown. {back} shows all again, {search} searches within them.",
            );
        }
    }

    /// Removes the last kept search. Returns `true` if there was one.
    pub fn drop_found(&mut self) -> bool {
        let list = self.list_mut();
        if list.table.found().is_empty() {
            return false;
        }
        list.remember();
        _ = list.table.drop_found();
        match list.table.found().last() {
            Some(left) => {
                let left = sanitize(left).into_owned();
                self.tell(format!("Search removed. Still searching for: {left}."));
            }
            None => self.say("Search removed; {undo} restores it."),
        }
        if self.here != ScreenId::LISTS {
            // Undo is for decisions there.
            self.notice = None;
        }
        true
    }

    pub fn clear_filters(&mut self) {
        let list = self.list_mut();
        let (has_filters, has_found) = (!list.filters().is_empty(), !list.table.found().is_empty());
        if has_filters {
            self.set_filters(Vec::new());
        } else if has_found {
            list.remember();
        }
        if has_found {
            self.list_mut().table.set_found(Vec::new());
        }
        let cleared = match (has_filters, self.here == ScreenId::LISTS) {
            (true, true) => "Filters cleared; {undo} restores them.",
            (true, false) => "Filters cleared.",
            (false, true) => "Search cleared; {undo} restores it.",
            (false, false) => "Search cleared.",
        };
        self.tell_also(&self.words(cleared));
    }

    /// Removes a filter or a kept search; searches are counted after filters.
    pub fn drop_narrowing(&mut self, index: usize) {
        let list = self.list_mut();
        let mut filters = list.filters().to_vec();
        if let Some(at) = index.checked_sub(filters.len()) {
            let mut found = list.table.found().to_vec();
            if at < found.len() {
                list.remember();
                found.remove(at);
                list.table.set_found(found);
            }
        } else {
            filters.remove(index);
            self.set_filters(filters);
        }
    }
}

impl List {
    /// Saves the filters and searches for undo.
    pub fn remember(&mut self) {
        let now = (self.filters().to_vec(), self.table.found().to_vec());
        undo::remember(&mut self.earlier, now);
    }
}

#[cfg(test)]
mod tests;
