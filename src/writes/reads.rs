//! The deciding reads of a write: each is sent once, without the queue of the dashboard.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta};

use super::log::sha256;
use super::seen::{AccountSeen, Effect, Fee, FeesSeen, PaymentSeen, Seen, Text};
use crate::domain::failure::{Advice, Failure, Kind};
use crate::filter::{FilterTarget, FilterValue, ListQuery};
use crate::list::payments::SPEC;
use crate::list::record::Record;
use crate::net::client::Client;
use crate::net::request::Request;
use crate::net::response::{Page, wrong_answer};
use crate::payments::event::Event;
use crate::payments::fields::Fields;
use crate::payments::request::PaymentsRequest;
use crate::payments::response::Response;
use crate::payments::write::{Write, WriteKind};
use crate::payments::{iban, timestamp};

const PAGE: u32 = 100;
const MOST_PAGES: u32 = 50;
const FEE: &str = "fee-collection";
/// Days for which a changed IBAN is reported.
const RECENT: i64 = 7;
const EFFECTS: [WriteKind; 3] = [WriteKind::Block, WriteKind::Unblock, WriteKind::Cancel];

/// Fails if one of the reads without which nothing can be decided fails.
pub(super) async fn read(client: &Client, write: &Write, now: i64) -> Result<Seen, Failure> {
    match write {
        Write::Block { id } | Write::Unblock { id } | Write::Cancel { id } => {
            payment(client, id, write.kind()).await.map(Seen::Payment)
        }
        Write::CancelFees { booking } => {
            let fees = fees(client, "sourceId", booking).await?;
            Ok(Seen::Fees(FeesSeen { fees }))
        }
        Write::Match { account: id, .. } | Write::Unmatch { account: id, .. } => {
            account(client, id, now).await.map(Seen::Account)
        }
    }
}

async fn ask(client: &Client, ask: PaymentsRequest) -> Result<Response, Failure> {
    let request = Request::Payments(ask);
    let response = client.send(&request).await.map_err(|error| error.failure(&request))?;
    response.try_as_payments().map(|response| *response).ok_or_else(wrong_answer)
}

async fn object(client: &Client, request: PaymentsRequest) -> Result<Fields, Failure> {
    let response = ask(client, request).await?;
    response.object().cloned().ok_or_else(wrong_answer)
}

async fn payment(client: &Client, id: &str, kind: WriteKind) -> Result<PaymentSeen, Failure> {
    use PaymentsRequest::{Admin, Block, Public, Stream};
    let (block, admin, public, events) = tokio::join!(
        object(client, Block(id.to_owned())),
        object(client, Admin(id.to_owned())),
        object(client, Public(id.to_owned())),
        ask(client, Stream(id.to_owned())),
    );
    // The administrator's view may be denied, and the public view has no reference of the booking.
    let views: Vec<&Fields> =
        [admin.as_ref().ok(), public.as_ref().ok()].into_iter().flatten().collect();
    let text = |name: &str| views.iter().find_map(|view| view.text(name)).map(Text);
    let status = text("status");
    let needed = if kind == WriteKind::Cancel {
        admin.as_ref().err().or(public.as_ref().err()).filter(|_| status.is_none())
    } else {
        block.as_ref().err()
    };
    if let Some(failure) = needed {
        return Err(failure.clone());
    }
    let amount = views.iter().find_map(|view| view.minor("amount"));
    let (kind, reference) = (text("type"), text("sourceRefCode"));
    let (due, currency) = (text("dueDate"), text("currencyCode"));
    let block = block.unwrap_or_default();
    let mut seen = PaymentSeen {
        is_blocked: block.flag("isBlocked"),
        updated_at: block.text("updatedAt").map(Text),
        status,
        kind,
        reference,
        due,
        amount,
        currency,
        ..PaymentSeen::default()
    };
    if let Ok(Response::Events(events)) = events {
        seen.last_event = Some(events.iter().filter_map(Event::number).max().unwrap_or_default());
        seen.effects = effects(&events);
    }
    Ok(seen)
}

fn effects(events: &[Event]) -> Vec<Effect> {
    let effect = |event: &Event| {
        let kind = EFFECTS.into_iter().find(|kind| event.is_effect_of(*kind))?;
        Some(Effect { event: event.number()?, kind, at: Text::new(event.time()) })
    };
    let mut effects: Vec<Effect> = events.iter().filter_map(effect).collect();
    effects.sort_by_key(|effect| effect.event);
    effects
}

/// All fees of a booking, by `sourceId` or `sourceRefCode`.
pub(super) async fn fees(client: &Client, by: &str, value: &str) -> Result<Vec<Fee>, Failure> {
    let filter = |param: &str, value: &str| {
        let target = FilterTarget::named(SPEC.filters, param).ok()?;
        FilterValue::literal(target, value).ok()
    };
    let filters: Option<Vec<FilterValue>> =
        [filter(by, value), filter("type", FEE)].into_iter().collect();
    let query = filters
        .and_then(|filters| ListQuery::with_filters(&SPEC, filters, NaiveDate::default()).ok())
        .ok_or_else(|| unread("the id is not valid"))?;
    let (mut fees, mut known) = (Vec::new(), HashSet::new());
    for number in 1..=MOST_PAGES {
        let request = Request::List(query.clone().page(number, PAGE));
        let response = client.send(&request).await.map_err(|error| error.failure(&request))?;
        let page: Page = response.try_as_page().ok_or_else(wrong_answer)?;
        let mut has_new = false;
        for row in &page.rows {
            let Some(fee) = fee(row) else {
                return Err(unread("a row of the list has no id or cannot be read"));
            };
            let is_new = known.insert(fee.id.clone());
            has_new |= is_new;
            if is_new && row.text("type").is_some_and(|kind| kind.expose_raw() == FEE) {
                fees.push(fee);
            }
        }
        // A server that repeats its page has no next one.
        if !has_new || page.last.is_some_and(|last| last <= number) {
            return Ok(fees);
        }
    }
    Err(unread("the list has too many pages"))
}

pub(super) fn too_late() -> Failure {
    let why = "the server did not respond within 10 s";
    Failure::new(Kind::Passing, "The object could not be loaded", why, Advice::Retry)
}

fn unread(why: &str) -> Failure {
    Failure::new(Kind::Refused, "The fees could not be loaded", why, Advice::None)
}

fn fee(row: &Record) -> Option<Fee> {
    let text = |name: &str| row.text(name).cloned().map(Text);
    Some(Fee {
        id: text("id")?,
        status: text("status"),
        amount: row.minor("amount"),
        currency: Some(Text::new(row.currency_text())).filter(|code| !code.raw().is_empty()),
        booking: text("sourceId"),
        reference: row.booking().cloned().map(Text),
        due: row.date("dueDate").map(|day| Text::new(day.to_string())),
    })
}

async fn account(client: &Client, id: &str, now: i64) -> Result<AccountSeen, Failure> {
    use PaymentsRequest::{Account, AccountProperties, Stream};
    let (details, properties, events) = tokio::join!(
        object(client, Account(id.to_owned())),
        ask(client, AccountProperties(id.to_owned())),
        ask(client, Stream(id.to_owned())),
    );
    let (details, properties) = (details?, properties?);
    let Response::Properties(properties) = properties else { return Err(wrong_answer()) };
    let number = details.text("iban");
    let names = ["beneficiaryName", "beneficiarySurname"].into_iter();
    let names: Vec<String> =
        names.filter_map(|name| details.text(name)).map(|it| it.expose_raw().to_owned()).collect();
    let events = events.ok().and_then(|response| match response {
        Response::Events(events) => Some(events),
        _ => None,
    });
    Ok(AccountSeen {
        properties: properties.into_iter().map(Text).collect(),
        beneficiary: Some(Text::new(names.join(" "))).filter(|name| !name.raw().is_empty()),
        has_wrong_digits: number.as_ref().is_some_and(|it| !iban::is_sound(it.expose_raw())),
        iban_hash: number.as_ref().map(|it| sha256(iban::plain(it.expose_raw()).as_bytes())),
        iban: number.map(|number| Text::new(iban::masked(number.expose_raw()))),
        iban_changed: changed(events.as_deref().unwrap_or_default(), now),
        is_iban_history_unread: events.is_none(),
    })
}

/// When the IBAN was changed, if in the last days or at a time that cannot be read.
fn changed(events: &[Event], now: i64) -> Option<Text> {
    let now = DateTime::from_timestamp_millis(now).unwrap_or_default();
    let since = now.checked_sub_signed(TimeDelta::days(RECENT)).unwrap_or_default();
    let is_change = |event: &&Event| {
        let fields = event.body.fields();
        let before = fields.text("previousIban");
        before.is_some() && before != fields.text("iban")
    };
    let time = |event: &Event| timestamp::parse(event.occurred()?.expose_raw());
    let times: Vec<_> = events.iter().filter(is_change).map(time).collect();
    if times.contains(&None) {
        return Some(Text::new("an unknown time"));
    }
    let last = times.into_iter().flatten().filter(|at| *at >= since).max()?;
    Some(Text::new(last.format("%Y-%m-%d %H:%M:%SZ").to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(occurred: &str, before: &str) -> Event {
        let json = format!(
            r#"{{"id":1,"typeName":"BankAccountDetailWasUpdated","occurredOn":"{occurred}",
                "eventBody":{{"previousIban":"{before}","iban":"ES9121000418450200051332"}}}}"#
        );
        Event::read(&json)
    }

    #[test]
    fn a_change_of_the_iban_is_recent_within_a_week_or_if_its_time_cannot_be_read() {
        let now = timestamp::parse("2026-11-09T12:00:00Z").unwrap().timestamp_millis();
        let other = "DE89370400440532013000";
        let changed = |events: &[Event]| changed(events, now).map(|at| at.shown());
        let (recent, old) = ("2026-11-08T09:00:00Z", "2026-10-01T09:00:00Z");
        assert_eq!(changed(&[event(recent, other)]).as_deref(), Some("2026-11-08 09:00:00Z"));
        assert_eq!(changed(&[event(old, other)]), None);
        assert_eq!(changed(&[event(recent, "ES9121000418450200051332")]), None, "the same IBAN");
        let unread = [event(recent, other), event("soon", other)];
        assert_eq!(changed(&unread).as_deref(), Some("an unknown time"));
    }
}
