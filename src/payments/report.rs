//! The requests for one [`Subject`], their responses, and the lines that screens and commands show.

mod account;
mod events;
mod failures;
pub mod output;
mod payment;

use std::collections::HashSet;
use std::mem::discriminant;

use serde_json::Value;

use super::fields::Fields;
use super::request::PaymentsRequest as Request;
use super::response::{Response, Rows};
use super::subject::{Hosts, Subject};
use crate::domain::failure::{Failure, Kind};
use crate::domain::money::format_count;
use crate::domain::text::Untrusted;

const MOST_PAGES: u32 = 50;

type Fits = fn(&Request) -> bool;

/// A list that has pages, with its title.
type List = (&'static str, Fits);

const LISTS: [List; 3] = [
    ("Bank accounts", |it| matches!(it, Request::MyAccounts(_))),
    ("Payment methods", |it| matches!(it, Request::Methods(_))),
    ("Currencies", |it| matches!(it, Request::Currencies(_))),
];

#[derive(Debug, Clone)]
pub struct Part {
    pub request: Request,
    pub response: Option<Result<Response, Failure>>,
}

impl Part {
    fn answer(&self) -> Option<&Response> {
        self.response.as_ref()?.as_ref().ok()
    }

    fn object(&self) -> Option<&Fields> {
        self.answer()?.object()
    }

    fn rows(&self) -> &[Fields] {
        if let Some(Response::Rows(rows)) = self.answer() { &rows.rows } else { &[] }
    }

    fn failure(&self) -> Option<&Failure> {
        self.response.as_ref()?.as_ref().err()
    }

    fn is_missing(&self) -> bool {
        self.failure().is_some_and(|failure| failure.kind == Kind::Missing)
    }

    fn lines_of(&self, render: impl Fn(&Self) -> Vec<Line>) -> Vec<Line> {
        Line::of_state(self).map_or_else(|| render(self), |line| vec![line])
    }
}

#[derive(Debug, Clone)]
pub struct Report {
    pub subject: Subject,
    /// The fields of a payment from the list in which it was opened.
    pub known: Option<Fields>,
    pub parts: Vec<Part>,
}

impl Report {
    pub fn begin(subject: Subject, known: Option<Fields>, hosts: Hosts) -> (Self, Vec<Request>) {
        let mut requests = subject.first(hosts);
        // The administrator's view has no amount, and the list has no reference.
        let has_reference = known.as_ref().is_some_and(|known| known.text("reference").is_some());
        if let (Subject::Payment(id), false, true) = (&subject, has_reference, hosts.payments) {
            requests.push(Request::Public(id.clone()));
        }
        let mut report = Self { subject, known, parts: Vec::new() };
        report.add(&requests);
        (report, requests)
    }

    fn add(&mut self, requests: &[Request]) {
        let part = |request: &Request| Part { request: request.clone(), response: None };
        self.parts.extend(requests.iter().map(part));
    }

    pub fn accept(
        &mut self,
        request: &Request,
        mut response: Result<Response, Failure>,
    ) -> Vec<Request> {
        if let Err(failure) = &response
            && failure.kind == Kind::Missing
            && self.is_behind_an_array(request)
        {
            response = Ok(Response::Rows(Rows::default()));
        }
        if let Ok(Response::Rows(rows)) = &mut response {
            self.drop_repeats(request, rows);
        }
        let mut requests: Vec<Request> = Vec::new();
        for next in Self::following(request, &response) {
            if !self.parts.iter().any(|part| part.request == next) && !requests.contains(&next) {
                requests.push(next);
            }
        }
        if let Some(part) = self.parts.iter_mut().find(|part| part.request == *request) {
            part.response = Some(response);
        }
        self.add(&requests);
        requests
    }

    fn following(request: &Request, response: &Result<Response, Failure>) -> Vec<Request> {
        let id = |fields: &Fields, name: &str| Some(fields.text(name)?.expose_raw().to_owned());
        match (request, response) {
            (Request::Admin(payment), Err(_)) => vec![Request::Public(payment.clone())],
            (Request::Admin(_), Ok(Response::Object(payment))) => {
                let holders = ["originPaymentHolderId", "targetPaymentHolderId"];
                holders.iter().filter_map(|name| id(payment, name)).map(Request::Holder).collect()
            }
            (Request::MyAccounts(_), Ok(Response::Rows(rows))) => {
                let ids = rows.rows.iter().filter_map(|row| id(row, "id"));
                let next = Self::next(rows, Request::MyAccounts).into_iter();
                next.chain(ids.map(Request::MyProperties)).collect()
            }
            (Request::Methods(_), Ok(Response::Rows(rows))) => {
                Vec::from_iter(Self::next(rows, Request::Methods))
            }
            (Request::Currencies(_), Ok(Response::Rows(rows))) => {
                Vec::from_iter(Self::next(rows, Request::Currencies))
            }
            (
                Request::DefaultAccount(_) | Request::AccountOfProperty(..),
                Ok(Response::Object(account)),
            ) => id(account, "id").map(Request::AccountProperties).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Drops the rows that the list has already, by their ids; rows without an id by their fields.
    fn drop_repeats(&self, request: &Request, rows: &mut Rows) {
        let key = |row: &Fields| match row.text("id") {
            Some(id) => id.expose_raw().to_owned(),
            None => row.to_value().to_string(),
        };
        let known = self.of_same_list(request).flat_map(Part::rows);
        let mut known: HashSet<String> = known.map(key).collect();
        rows.rows.retain(|row| known.insert(key(row)));
    }

    fn of_same_list(&self, request: &Request) -> impl Iterator<Item = &Part> {
        let kind = discriminant(request);
        self.parts.iter().filter(move |part| discriminant(&part.request) == kind)
    }

    /// Returns `true` for a page after one that was a plain array. Such a list has no page count, so
    /// some servers answer 404 where it ends.
    fn is_behind_an_array(&self, request: &Request) -> bool {
        let is_array = |part: &Part| {
            part.request != *request
                && matches!(part.answer(), Some(Response::Rows(rows)) if rows.is_plain)
        };
        self.of_same_list(request).any(is_array)
    }

    /// The next page, unless this one has no new rows.
    fn next(rows: &Rows, request: fn(u32) -> Request) -> Option<Request> {
        let has_more = rows.next.filter(|next| *next <= MOST_PAGES && !rows.rows.is_empty());
        has_more.map(request)
    }

    pub fn is_complete(&self) -> bool {
        self.parts.iter().all(|part| part.response.is_some())
    }

    /// The rows that are loaded, if these are not all: `Payment methods: 3 of 20 loaded`.
    fn incomplete_list(&self, (title, fits): List) -> Option<String> {
        let parts = || self.all(fits);
        let loaded = parts().map(|part| part.rows().len() as u64).sum::<u64>();
        if loaded == 0 || parts().any(|part| part.response.is_none()) {
            return None;
        }
        let rows = |part: &Part| match part.answer()? {
            Response::Rows(rows) => Some((rows.total, rows.next, rows.rows.is_empty())),
            _ => None,
        };
        let total = parts().filter_map(rows).filter_map(|(total, ..)| total).max();
        if let Some(total) = total.filter(|total| *total > loaded) {
            let total = format_count(total);
            return Some(format!("{title}: {} of {total} loaded", format_count(loaded)));
        }
        let is_cut = parts().last().and_then(rows).is_none_or(|(_, next, is_empty)| {
            !is_empty && next.is_some_and(|next| next > MOST_PAGES)
        });
        is_cut.then(|| format!("{title}: only the first {} loaded", format_count(loaded)))
    }

    fn part(&self, request: &Request) -> Option<&Part> {
        self.parts.iter().find(|part| part.request == *request)
    }

    fn all(&self, fits: Fits) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| fits(&part.request))
    }

    fn lines_of(&self, fits: Fits, render: impl Fn(&Part) -> Vec<Line>) -> Vec<Line> {
        self.all(fits).flat_map(|part| part.lines_of(&render)).collect()
    }

    pub fn lines(&self, is_revealed: bool) -> Vec<Line> {
        match &self.subject {
            Subject::Payment(id) => payment::lines(self, id),
            Subject::Events(feed) => events::lines(self, feed),
            Subject::Account => account::all(self, is_revealed),
            Subject::Stripe(_) => account::stripe(self),
            Subject::BankOf(..) | Subject::Bank(_) => account::bank(self, is_revealed),
            Subject::Tin(tin) => account::tin(self, tin, is_revealed),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Title,
    Plain,
    Quiet,
    Warning,
    Failure,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opens {
    Booking(Untrusted),
    Payment(String),
    Stream(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Empty if the text needs no label.
    pub label: &'static str,
    pub text: String,
    pub tone: Tone,
    pub opens: Option<Opens>,
    /// The JSON behind the line, with nothing masked.
    pub raw: Option<Value>,
    /// The request whose response replaces this line.
    pub awaits: Option<Request>,
}

impl Line {
    fn new(label: &'static str, text: impl Into<String>, tone: Tone) -> Self {
        Self { label, text: text.into(), tone, opens: None, raw: None, awaits: None }
    }

    fn title(text: impl Into<String>) -> Self {
        Self::new("", text, Tone::Title)
    }

    fn plain(label: &'static str, text: impl Into<String>) -> Self {
        Self::new(label, text, Tone::Plain)
    }

    fn opening(mut self, opens: Option<Opens>) -> Self {
        self.opens = opens;
        self
    }

    fn with_raw(mut self, raw: &Value) -> Self {
        self.raw = Some(raw.clone());
        self
    }

    fn all_with_raw(lines: Vec<Self>, raw: &Value) -> Vec<Self> {
        lines.into_iter().map(|line| line.with_raw(raw)).collect()
    }

    fn of_fields(fields: &Fields, table: &[(&str, &'static str)]) -> Vec<Self> {
        let text = |name| Some(fields.text(name)?.shown().into_owned());
        table.iter().filter_map(|(name, label)| Some(Self::plain(label, text(name)?))).collect()
    }

    fn of_state(part: &Part) -> Option<Self> {
        match &part.response {
            None => {
                let text = format!("{}: loading…", part.request.subject());
                let awaits = Some(part.request.clone());
                Some(Self { awaits, ..Self::new("", text, Tone::Quiet) })
            }
            Some(Err(failure)) => Some(Self::failed(failure)),
            Some(Ok(_)) => None,
        }
    }

    fn failed(failure: &Failure) -> Self {
        Self::new("", format!("✗ {}: {}", failure.what, failure.why), Tone::Failure)
    }
}

#[cfg(test)]
mod failure_tests;
#[cfg(test)]
mod tests;
