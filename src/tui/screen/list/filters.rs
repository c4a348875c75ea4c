//! Sets filters: from the form, the cell under the cursor, undo, or another list.

use crate::command::{Columns, ListCommand};
use crate::domain::money::Currency;
use crate::domain::normalize::is_same_word;
use crate::domain::text::sanitize;
use crate::filter::{FilterTarget, FilterValue, InvalidFilter, ListQuery, SeenWords, with, words};
use crate::list::Kind;
use crate::list::filter::{Filter, FilterKind, RangeParams};
use crate::list::record::Value;
use crate::net::pager::Pager;
use crate::tui::cx::{Cx, Next};
use crate::tui::effect::Priority;
use crate::tui::modal::form::Form;
use crate::tui::screen::list::state::List;
use crate::tui::screen::table::NO_ROW;

/// The outcome of setting filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FiltersSet {
    /// The rows are being requested.
    Requested,
    /// The list has these filters already.
    Unchanged,
    /// They are no longer valid; the reason is shown.
    NotRequested,
}

impl Cx {
    /// Sets these filters on the current list and loads it, or shows why they cannot be sent.
    pub fn set_filters(&mut self, filters: Vec<FilterValue>) {
        match ListQuery::with_filters(self.list().spec(), filters, self.now.local.date()) {
            Ok(query) => _ = self.set_query(query),
            Err(invalid) => self.tell(in_words(&invalid)),
        }
    }

    /// Replaces all filters with those of a query, and drops the rows.
    pub fn set_query(&mut self, query: ListQuery) -> FiltersSet {
        let query = match self.as_in_rows(query) {
            Ok(query) => query,
            Err(invalid) => {
                self.tell(in_words(&invalid));
                return FiltersSet::NotRequested;
            }
        };
        if let Some(notice) = unknown(&query.filters, &self.list().seen_words) {
            self.tell(notice);
        }
        let list = self.list_mut();
        if query.filters == list.filters() {
            // A failed load is retried.
            let is_asked = list.failure.is_some() || !list.is_opened();
            match list.failure {
                Some(_) => self.replace_list(self.tab, Priority::Visible),
                None => self.open_list(),
            }
            return if is_asked { self.requested() } else { FiltersSet::Unchanged };
        }
        list.remember();
        self.restart(query);
        self.requested()
    }

    fn requested(&self) -> FiltersSet {
        let is_requested = self.list().load.is_some();
        if is_requested { FiltersSet::Requested } else { FiltersSet::NotRequested }
    }

    /// The query with its values as the rows of the list spell them.
    pub(super) fn as_in_rows(&self, query: ListQuery) -> Result<ListQuery, InvalidFilter> {
        let seen = Some(&self.list().seen_words);
        let spelled = query.filters.iter().map(|filter| filter.clone().spelled(seen));
        let spelled: Vec<FilterValue> = spelled.collect();
        if spelled == query.filters {
            return Ok(query);
        }
        ListQuery::with_filters(query.spec, spelled, self.now.local.date())
    }

    /// Restores the previous filters, unless they are no longer valid.
    pub fn undo_filters(&mut self) {
        let today = self.now.local.date();
        let list = self.list_mut();
        let Some((filters, found)) = list.earlier.pop_back() else { return };
        if filters == list.filters() {
            return list.table.set_found(found);
        }
        match ListQuery::with_filters(list.spec(), filters.clone(), today) {
            Ok(query) => {
                list.table.set_found(found);
                self.restart(query);
            }
            Err(invalid) => {
                list.earlier.push_back((filters, found));
                self.tell(in_words(&invalid));
            }
        }
    }

    fn restart(&mut self, query: ListQuery) {
        self.cancel_loads(self.tab);
        let list = self.list_mut();
        list.table.replace([]);
        list.table.unmark_all();
        list.query = query;
        list.total = None;
        list.pager = Pager::growing();
        list.failure = None;
        list.fetched = None;
        list.is_paused = false;
        self.open_list();
    }

    pub fn open_form(&mut self, refused: &[(String, String)]) {
        let (list, today) = (self.list(), self.now.local.date());
        let mut form = Form::new(list.filters(), &list.seen_words, today);
        let without_field = form.refuse(refused);
        if !without_field.is_empty() {
            self.tell(without_field.join(" · "));
        }
        self.open(form);
    }

    /// Copies the booking and text filters, and no others, to the next list.
    pub fn carry_filters(&mut self) {
        let Ok(carried) = carried(self.list()) else { return };
        let next = self.list_at((self.tab + 1) % self.lists.len());
        let there = next.spec();
        let mut settings = next.filters().to_vec();
        for (is_booking, typed) in carried {
            let fits = |filter: &&Filter| match filter.kind {
                FilterKind::Exact => is_booking && filter.over == [there.booking],
                kind => !is_booking && kind == FilterKind::Search,
            };
            let filter = there.filters.iter().find(fits);
            let made = filter
                .and_then(|filter| FilterValue::new(FilterTarget::Param(filter), &typed).ok());
            settings = made.map_or(settings.clone(), |setting| with(&settings, setting));
        }
        let (filters, sort) = (settings, next.table.sort());
        let line = ListCommand { spec: there, filters, sort, columns: Columns::default() };
        match line.query(self.now.local.date()) {
            Ok(query) => self.then(Next::ShowList(line, query)),
            Err(invalid) => self.tell(in_words(&invalid)),
        }
    }
}

/// The booking and text filters of a list: whether it is the booking, and what was typed.
pub fn carried(list: &List) -> Result<Vec<(bool, String)>, String> {
    let carried = |setting: &FilterValue| {
        let FilterTarget::Param(filter) = &setting.target else { return None };
        let is_booking = filter.kind == FilterKind::Exact && filter.over == [list.spec().booking];
        let is_carried = is_booking || filter.kind == FilterKind::Search;
        is_carried.then(|| (is_booking, setting.typed.clone()))
    };
    let all: Vec<_> = list.filters().iter().filter_map(carried).collect();
    if all.is_empty() {
        return Err("No booking or text filter is set.".to_owned());
    }
    Ok(all)
}

/// A warning about names and words that are neither documented nor seen in rows.
fn unknown(filters: &[FilterValue], seen: &SeenWords) -> Option<String> {
    let names = filters.iter().filter(|filter| filter.is_raw());
    let names: Vec<&str> = names.map(|filter| filter.target.name()).collect();
    let names =
        (!names.is_empty()).then(|| format!("{}: not a documented filter", names.join(", ")));
    let words = filters.iter().flat_map(FilterValue::undocumented);
    let words = words.filter(|unknown| !unknown.is_in(seen));
    let words = words.map(|unknown| format!("{}: {}", sanitize(unknown.word), unknown.why()));
    let all: Vec<String> = names.into_iter().chain(words).collect();
    (!all.is_empty()).then(|| format!("{}; sent unchanged.", all.join("; ")))
}

pub fn in_words(invalid: &InvalidFilter) -> String {
    format!("Nothing was sent. {invalid}")
}

pub fn by_cell(list: &List) -> Result<FilterValue, String> {
    let (spec, record) = (list.table.spec(), list.table.selected().ok_or(NO_ROW)?);
    let field = spec.fields.get(list.table.field()).ok_or("No cell is selected.")?;
    let over_this = |filter: &&Filter| filter.over == [field.name];
    let is_exact = |kind| matches!(kind, FilterKind::Exact | FilterKind::OneOf(_));
    let exact = spec.filters.iter().find(|it| over_this(it) && is_exact(it.kind));
    let range = RangeParams::all(spec.filters).find(|range| over_this(&range.from));
    let target = exact.map(FilterTarget::Param).or(range.map(FilterTarget::Range));
    let target = target.ok_or_else(|| format!("The API has no filter for {}.", field.label))?;
    let value = record.value(field.name);
    let typed = match value {
        _ if field.kind.is_amount() && value.minor().is_some() => {
            record.cell(list.table.field()).replace(',', "")
        }
        Value::Text(text) => {
            // How the values of an exact filter are spelled is not documented.
            let is_of_rows = exact.is_some_and(|it| it.kind == FilterKind::Exact);
            let kind =
                if is_of_rows && field.kind != Kind::Currency { Kind::Text } else { field.kind };
            let documented = documented_spelling(value, text.expose_raw(), kind);
            documented.unwrap_or_else(|| text.expose_raw().to_owned())
        }
        Value::Date(day) => day.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Minor(number) => number.to_string(),
        Value::Decimal(_) => {
            return Err(format!(
                "Cannot filter: {} is not a whole number of cents in this row.",
                field.label
            ));
        }
        Value::Odd(_) => {
            let number = words::of_cell(value).map(str::to_owned);
            let why = || format!("Cannot filter: {} is not text in this row.", field.label);
            number.ok_or_else(why)?
        }
        Value::Missing | Value::Null => String::new(),
    };
    if typed.trim().is_empty() {
        return Err(format!("{} is empty in this row.", field.label));
    }
    let made =
        FilterValue::literal(target, &typed).map(|made| made.spelled(Some(&list.seen_words)));
    made.map_err(|error| format!("{}: {error}", field.label))
}

/// A text of a row as the filters of the API spell it: a date without a time, a currency code in
/// capitals, a documented word.
fn documented_spelling(value: &Value, text: &str, kind: Kind) -> Option<String> {
    match kind {
        Kind::Date => value.date().map(|day| day.to_string()),
        Kind::Currency => Currency::parse(text).map(|currency| currency.to_string()),
        Kind::Word(words) => {
            words.iter().find(|word| is_same_word(word, text)).map(|word| (*word).to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::record::Record;
    use crate::list::scheduled;

    #[test]
    fn a_cell_is_sent_as_the_filters_of_the_api_have_it_however_the_row_writes_it() {
        let json = r#"{"booking_id":"BK1","due_date":"2026-11-01T00:00:00Z","amount":"1234567",
            "currency":"eur","status":"MISSING_IBAN"}"#;
        let mut list = List::new(&scheduled::SPEC);
        list.table.extend([Record::read(&scheduled::SPEC, json)].into());
        let mut sent = |column: &'static str| {
            list.table.go_to_column(column);
            by_cell(&list).map(|filter| filter.typed).unwrap()
        };
        for (column, typed) in [
            ("booking_id", "BK1"),
            ("due_date", "2026-11-01"),
            ("amount", "12345.67"),
            ("currency", "EUR"),
            ("status", "missing_iban"),
        ] {
            assert_eq!(sent(column), typed, "{column}");
        }
    }
}
