//! The evidence for and against a penalty: its dates, its amounts, its booking, and other rows
//! there.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::conciliation::report::{BookingReport, Sources};
use crate::conciliation::totals::Comparison;
use crate::conciliation::{Figure, Role, Tone};
use crate::domain::date;
use crate::domain::money::{Currency, counted, format_amount, format_money};
use crate::domain::text::{Untrusted, sanitize};
use crate::figures::Counted;
use crate::figures::urgency::{Urgency, of_days};
use crate::list::record::{Record, Value};
use crate::net::request::Request;
use crate::net::response::{Answer, wrong_answer};
use crate::triage::fingerprint::Fingerprint;
use crate::triage::id_of;
use crate::triage::memory::Entry;
use crate::triage::queue::{TriageState, entry, triage_state};
use crate::tui::component::detail::{Line, PaneLines};
use crate::tui::cx::Cx;
use crate::tui::effect::Priority;
use crate::tui::keymap::Keymap;
use crate::tui::msg::{Now, Waiter};
use crate::tui::references::NO_SUCH_PREFIX;
use crate::tui::screen::triage::state::TriageScreen;

/// Milliseconds that the cursor rests on a row before its booking is requested.
const REST: u64 = 300;
const REMEMBERED: usize = 200;

#[derive(Debug, Default)]
pub struct Evidence {
    /// By the reference as received.
    pub known: HashMap<String, Known>,
    /// Bookings loaded before this are not shown, in milliseconds since the start.
    pub since: u64,
    /// The booking to request, and when, in milliseconds since the start.
    pub due: Option<(String, u64)>,
}

/// The report of a booking, or why it could not be loaded.
type Known = Result<Arc<BookingReport>, String>;

impl Evidence {
    /// Forgets bookings that were loaded before the current rows.
    pub fn forget_before(&mut self, fetched: Option<Now>) {
        if let Some(fetched) = fetched.filter(|fetched| fetched.elapsed > self.since) {
            self.known.clear();
            self.since = fetched.elapsed;
        }
    }
}

impl TriageScreen {
    /// Requests the booking once the cursor has rested on its row long enough.
    pub fn rest(&mut self, cx: &mut Cx) {
        let Some(reference) = self.missing_booking(cx) else {
            self.evidence.due = None;
            return;
        };
        let raw = reference.expose_raw().to_owned();
        if let Some(seen) = self.seen(&reference, cx) {
            return self.remember(raw, Ok(seen));
        }
        if cx.is_no_booking(&reference) {
            return self.remember(raw, Err(NO_SUCH_PREFIX.to_owned()));
        }
        let (request, here) = (Request::Booking(raw.clone()), Waiter::Screen(cx.here));
        if cx.pending(|waiter| waiter == here).any(|(_, pending)| *pending == request) {
            return;
        }
        // The request for the previous row is not needed any more.
        cx.cancel_of(cx.here);
        let elapsed = cx.now.elapsed;
        match &self.evidence.due {
            Some((due, at)) if *due == raw && *at <= elapsed => {
                self.evidence.due = None;
                cx.ask(Priority::Background, request);
            }
            Some((due, _)) if *due == raw => {}
            _ => self.evidence.due = Some((raw, elapsed + REST)),
        }
    }

    /// The booking that the pane needs.
    fn missing_booking(&self, cx: &Cx) -> Option<Untrusted> {
        let record = cx.list().table.selected().filter(|_| self.detail.is_open)?;
        let reference = record.booking()?;
        let is_known = self.evidence.known.contains_key(reference.expose_raw());
        (!is_known).then(|| reference.clone())
    }

    /// A booking that was opened in this session needs no request.
    fn seen(&self, reference: &Untrusted, cx: &Cx) -> Option<Arc<BookingReport>> {
        let content = cx.history.kept(reference)?.content.as_ref()?;
        let is_fresh =
            content.fetched.elapsed >= self.evidence.since && !content.report.verdict.is_loading;
        is_fresh.then(|| Arc::clone(&content.report))
    }

    fn remember(&mut self, reference: String, known: Known) {
        if self.evidence.known.len() >= REMEMBERED {
            self.evidence.known.clear();
        }
        self.evidence.due.take_if(|(due, _)| *due == reference);
        self.evidence.known.insert(reference, known);
    }

    pub fn accept_evidence(&mut self, request: Request, answer: Answer, cx: &Cx) {
        let Request::Booking(reference) = request else { return };
        let booking = answer.and_then(|it| it.try_as_booking().ok_or_else(wrong_answer));
        let (sources, today) = (Sources::default(), cx.now.local.date());
        let known = booking.map(|booking| Arc::new(BookingReport::of(&booking, &sources, today)));
        self.remember(reference, known.map_err(|failure| failure.why));
    }
}

pub const LABEL: u16 = 9;
const NARROWEST: usize = 12;
/// With at least this many cells, the timeline shows how long ago a day was.
const WIDE: usize = 30;

/// The events of a penalty: the field and the word for it. The contract has no `created_at`, but
/// some responses include it.
const EVENTS: [(&str, &str); 7] = [
    ("created_at", "raised"),
    ("timestamp_notify", "notified"),
    ("due_date", "due"),
    ("cancelled_on", "cancelled"),
    ("timestamp_paid", "paid"),
    ("timestamp_waived", "waived"),
    ("timestamp_settled", "settled"),
];

pub fn lines(screen: &TriageScreen, cx: &Cx, width: u16) -> Vec<Line> {
    let Some(record) = cx.list().table.selected() else { return Vec::new() };
    let today = cx.now.local.date();
    let day = screen.day(today);
    let keymap = &cx.looks.keymap;
    let mut pane = PaneLines::new(LABEL, NARROWEST, width);
    decision(&mut pane, record, entry(record, &cx.kept.memory), today, keymap);
    pane.owner(cx.owners_of(record));
    facts(&mut pane, record, day, today);
    timeline(&mut pane, record, today);
    amounts(&mut pane, record, keymap);
    booking(&mut pane, &screen.evidence, record, day, keymap);
    pane.lines
}

fn decision(
    pane: &mut PaneLines,
    record: &Record,
    entry: Option<&Entry>,
    today: NaiveDate,
    keymap: &Keymap,
) {
    let stands = triage_state(record, entry, today);
    let Some(entry) = entry else {
        let is_closed = stands == TriageState::Closed;
        let text = if is_closed { "not needed: it is closed" } else { "none yet" };
        return pane.push("Decision", text, Tone::Plain);
    };
    let word = entry.decision.map_or("none yet", crate::triage::Decision::word);
    let mut text = match (stands, entry.snoozed_until) {
        (TriageState::Snoozed(until), _) | (TriageState::Changed, Some(until)) => {
            format!("snoozed until {until}")
        }
        (_, Some(until)) if entry.decision.is_none() => {
            format!("none yet; snooze ended on {until}")
        }
        _ => word.to_owned(),
    };
    if entry.is_flagged {
        text.push_str(", flagged");
    }
    pane.push("Decision", &format!("{text} (local)"), Tone::Plain);
    pane.value("Note", &sanitize(&entry.note));
    if stands != TriageState::Changed {
        return;
    }
    pane.push("Changed", "since your decision:", Tone::Open);
    for difference in entry.seen.differences(&Fingerprint::of(record), record.spec()) {
        pane.push("", &difference.to_string(), Tone::Open);
    }
    let advice = match record.status().filter(|_| !record.is_open()) {
        Some(closed) => {
            let done = keymap.render("{done} moves it to the closed penalties.");
            format!("It is {closed} now. {done}")
        }
        None => "Decide again to confirm or change it.".to_owned(),
    };
    pane.push("", &advice, Tone::Open);
}

fn facts(pane: &mut PaneLines, record: &Record, day: NaiveDate, today: NaiveDate) {
    let cell = |name: &str| {
        record.spec().position(name).map(|at| record.cell(at).into_owned()).unwrap_or_default()
    };
    pane.value("Status", &cell("status"));
    pane.value("Invoice", &cell("invoice_number"));
    if let Some(days) = record.days_overdue(day) {
        let is_late = matches!(of_days(days), Urgency::Late | Urgency::VeryLate);
        let tone = if is_late { Tone::Bad } else { Tone::Open };
        let days = counted(days.unsigned_abs(), "day");
        let on = if day == today { String::new() } else { format!(" on {day}") };
        pane.push("Overdue", &format!("{days}{on}"), tone);
    }
    if id_of(record).is_none() {
        pane.push("", "It has no id, so decisions about it cannot be saved.", Tone::Open);
    }
}

/// The events, the earliest first. A timestamp is shown as its day in UTC, as the API sends it.
fn timeline(pane: &mut PaneLines, record: &Record, today: NaiveDate) {
    let mut events: Vec<(NaiveDate, &str)> =
        EVENTS.iter().filter_map(|(field, word)| Some((day_of(record, field)?, *word))).collect();
    events.sort_by_key(|(day, _)| *day);
    for (index, (day, word)) in events.iter().enumerate() {
        let label = if index == 0 { "Timeline" } else { "" };
        let away = match today.signed_duration_since(*day).num_days() {
            0 => "today".to_owned(),
            days @ 1.. => format!("{days} d ago"),
            days => format!("in {} d", -days),
        };
        let away = if pane.room < WIDE { String::new() } else { format!(", {away}") };
        pane.push(label, &format!("{day} {word}{away}"), Tone::Plain);
    }
    if events.is_empty() {
        pane.push("Timeline", "no dates", Tone::Plain);
    }
}

fn day_of(record: &Record, field: &str) -> Option<NaiveDate> {
    if *record.value(field) != Value::Missing {
        return record.date(field);
    }
    let extra = record.extras().iter().find(|(key, _)| key.expose_raw() == field)?;
    date::day(extra.1.expose_raw().trim_matches('"'))
}

fn amounts(pane: &mut PaneLines, record: &Record, keymap: &Keymap) {
    let own = |name: &str| record.money(name);
    pane.value("Amount", &own("amount").unwrap_or_else(|| "cannot be read".to_owned()));
    pane.value("", &record.sum_remark("amount").unwrap_or_default());
    if let Some(euros) = own("amount_eur").filter(|_| record.currency() != Currency::EUR) {
        let rate = record.text("rate_to_eur").map(|rate| format!(" at {}", rate.shown()));
        pane.value("In EUR", &format!("{euros}{}", rate.unwrap_or_default()));
    }
    let settled = record.reference("settled_booking");
    if let Some(from) = settled {
        let opens = keymap.render("({open-settling} opens it)");
        pane.value("Settled", &format!("by booking {} {opens}", from.shown()));
    }
    match (own("original_booking_amount"), own("final_amount")) {
        (Some(before), Some(after)) => pane.value("Payout", &format!("{before} → {after}")),
        (before, after) => {
            pane.value("Payout", &before.unwrap_or_default());
            pane.value("Final", &after.unwrap_or_default());
        }
    }
}

fn booking(
    pane: &mut PaneLines,
    evidence: &Evidence,
    record: &Record,
    day: NaiveDate,
    keymap: &Keymap,
) {
    let Some(reference) = record.booking() else { return };
    match evidence.known.get(reference.expose_raw()) {
        Some(Ok(report)) => {
            let headline = report.verdict.headline();
            let text = format!("{}: {headline}", reference.shown());
            pane.push("Booking", &text, report.verdict.tone());
            conciliation(pane, report);
            others(pane, report, record, day);
        }
        Some(Err(why)) => {
            let again = keymap.render("{refresh} retries");
            pane.push("Booking", &format!("not loaded: {why}; {again}"), Tone::Quiet);
        }
        None => pane.push("Booking", "loading totals…", Tone::Quiet),
    }
}

fn conciliation(pane: &mut PaneLines, report: &BookingReport) {
    for compared in &report.totals.sections {
        let agrees = compared.comparison == Comparison::Agrees;
        let tone = if agrees { Tone::Plain } else { Tone::Open };
        let figure = match &compared.server {
            Some(Figure::Minor(minor)) => format_money((*minor).into(), compared.currency()),
            Some(figure) => figure.shown(Currency::NONE),
            None => "no total".to_owned(),
        };
        let title = compared.role.kind().title;
        let comparison = format!(", {:#}", compared.comparison);
        let comparison = if agrees { "" } else { &comparison };
        pane.push("", &format!("{title} {figure}{comparison}"), tone);
    }
}

fn others(pane: &mut PaneLines, report: &BookingReport, record: &Record, day: NaiveDate) {
    let is_same = |other: &&Record| id_of(record).is_some() && id_of(other) == id_of(record);
    let penalties = report.booking.rows(Role::Penalties).iter();
    let penalties: Vec<&Record> = penalties.filter(|other| !is_same(other)).collect();
    let debt: Vec<&Record> = report.booking.rows(Role::Debt).iter().collect();
    for (label, rows, none) in
        [("Penalties", penalties, "no others"), ("Debt", debt, "no debt in this booking")]
    {
        if rows.is_empty() {
            pane.push(label, none, Tone::Plain);
        }
        for (index, row) in rows.iter().enumerate() {
            pane.push(if index == 0 { label } else { "" }, &in_words(row, day), Tone::Plain);
        }
    }
}

fn in_words(row: &Record, day: NaiveDate) -> String {
    let word = |name: &str| row.text(name).map(|text| text.shown().replace('_', " "));
    let due = row.date("due_date").map(|day| format!("due {day}"));
    let parts = [amount_in_words(row, day), word("status"), word("debt_type"), due];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The amount of a row; for an open row, what remains of it, as in every sum.
fn amount_in_words(row: &Record, day: NaiveDate) -> Option<String> {
    let amount = row.money("amount");
    if !row.is_open() {
        return amount;
    }
    match (Counted::of(row, day).amount, row.minor("amount")) {
        (Ok((open, currency)), Some(full)) if open != i128::from(full) => {
            let full = format_amount(full.into(), currency);
            Some(format!("{} of {full} open", format_money(open, currency)))
        }
        (Ok((open, currency)), None) => Some(format!("{} open", format_money(open, currency))),
        (Err(why), Some(_)) => amount.map(|amount| format!("{amount} ({})", why.of_a_row())),
        _ => amount,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Spec;

    #[test]
    fn an_open_debt_is_shown_by_what_remains_of_it_and_a_closed_one_by_its_amount() {
        let table = [
            (r#""amount":10000,"remaining_amount":4000"#, "EUR 40.00 of 100.00 open, overdue"),
            (r#""amount":10000,"remaining_amount":10000"#, "EUR 100.00, overdue"),
            (r#""amount":10000"#, "EUR 100.00, overdue"),
            (r#""remaining_amount":4000"#, "EUR 40.00 open, overdue"),
            (r#""amount":10000,"remaining_amount":"much""#, "EUR 100.00 (invalid amount), overdue"),
            (r#""amount":"much""#, "overdue"),
        ];
        let words = |status: &str, json: &str| {
            let json = format!(r#"{{"status":"{status}","currency":"EUR",{json}}}"#);
            in_words(&Record::read(Spec::named("debt").unwrap(), &json), NaiveDate::default())
        };
        for (json, expected) in table {
            assert_eq!(words("overdue", json), expected, "{json}");
        }
        let paid = r#""amount":10000,"remaining_amount":0"#;
        assert_eq!(words("paid", paid), "EUR 100.00, paid");
    }
}
