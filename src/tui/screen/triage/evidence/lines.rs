//! Draws the evidence for and against a penalty: its dates, its amounts, its booking, and other rows
//! there.

use chrono::NaiveDate;

use super::Known;
use crate::conciliation::report::BookingReport;
use crate::conciliation::totals::Comparison;
use crate::conciliation::{Figure, Role, Tone};
use crate::domain::date;
use crate::domain::money::{Currency, counted, format_amount, format_money};
use crate::domain::text::sanitize;
use crate::figures::Counted;
use crate::figures::urgency::{Urgency, of_days};
use crate::list::record::{Record, Value};
use crate::triage::fingerprint::Fingerprint;
use crate::triage::id_of;
use crate::triage::memory::Entry;
use crate::triage::queue::{TriageState, triage_state};
use crate::tui::component::detail::{Line, PaneLines};
use crate::tui::keymap::Keymap;

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

/// A penalty, and what is known about it.
pub struct Case<'a> {
    pub record: &'a Record,
    pub entry: Option<&'a Entry>,
    /// `None` while its booking is loaded.
    pub known: Option<&'a Known>,
    /// The day for which days overdue are counted.
    pub day: NaiveDate,
    pub today: NaiveDate,
    pub keymap: &'a Keymap,
}

impl Case<'_> {
    /// `before` adds the first lines after the decision.
    pub fn lines(&self, width: u16, before: impl FnOnce(&mut PaneLines)) -> Vec<Line> {
        let Self { record, entry, day, today, keymap, .. } = *self;
        let mut pane = PaneLines::new(LABEL, NARROWEST, width);
        decision(&mut pane, record, entry, today, keymap);
        before(&mut pane);
        facts(&mut pane, record, day, today);
        timeline(&mut pane, record, today);
        amounts(&mut pane, record, keymap);
        booking(&mut pane, self.known, record, day, keymap);
        pane.lines
    }
}

fn decision(
    pane: &mut PaneLines,
    record: &Record,
    entry: Option<&Entry>,
    today: NaiveDate,
    keymap: &Keymap,
) {
    let state = triage_state(record, entry, today);
    let Some(entry) = entry else {
        let is_closed = state == TriageState::Closed;
        let text = if is_closed { "not needed: it is closed" } else { "none yet" };
        return pane.push("Decision", text, Tone::Plain);
    };
    let word = entry.decision.map_or("none yet", crate::triage::Decision::word);
    let mut text = match (state, entry.snoozed_until) {
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
    if state != TriageState::Changed {
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
    known: Option<&Known>,
    record: &Record,
    day: NaiveDate,
    keymap: &Keymap,
) {
    let Some(reference) = record.booking() else { return };
    match known {
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
