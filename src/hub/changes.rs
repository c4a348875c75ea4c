//! What changed for one customer: the lists are loaded, recorded and compared.

use std::io;
use std::path::Path;

use chrono::NaiveDate;
use tokio::task::block_in_place;

use super::pages::{Pages, PagesError, misfits};
use super::report::Reporter;
use crate::domain::customer::CustomerKey;
use crate::domain::money::{counted, format_count};
use crate::domain::text::sanitize;
use crate::filter::query::LARGEST_PAGE;
use crate::filter::{ListQuery, TypedDay};
use crate::journal::compare;
use crate::journal::compare::Compared;
use crate::journal::look::{Look, LookBuilder};
use crate::list::{ALL, Spec};
use crate::net::router::Router;
use crate::state::{Store, changes};

/// What is compared.
#[derive(Debug, Clone)]
pub struct Comparison {
    pub since: Option<NaiveDate>,
    pub lists: Vec<&'static Spec>,
    /// Rows of each list.
    pub limit: u64,
    pub today: NaiveDate,
}

#[derive(Debug, thiserror::Error)]
pub enum ChangesError {
    #[error(transparent)]
    Pages(#[from] PagesError),
    #[error("the record of changes could not be written: {0}")]
    NotWritten(io::Error),
    #[error("the record of changes could not be read: {0}")]
    NotRead(io::Error),
}

/// Reports what was compared, and the number of requests.
pub fn report(
    compared: &[Compared],
    comparison: &Comparison,
    requests: u64,
    reporter: &mut Reporter,
) {
    if let (day, Some(remark)) = compare::since(compared, comparison.since) {
        reporter.say(&format!("changes since {day} ({remark})"));
    }
    for one in compared {
        let counts = if one.then.is_some() { format!("{}; ", one.counts()) } else { String::new() };
        let coverage = one.coverage(comparison.today);
        reporter.say(&format!("{}: {counts}{coverage}", one.spec.key));
    }
    reporter.say(&format!("loaded in {}", counted(requests, "request")));
}

/// Reads the day and the lists from words such as `since=yesterday` and `debt`.
pub fn requested(
    words: &[String],
    today: NaiveDate,
) -> Result<(Option<NaiveDate>, Vec<&'static Spec>), String> {
    let (mut since, mut lists) = (None, Vec::new());
    for word in words {
        if let Some(typed) = word.strip_prefix("since=") {
            let day =
                TypedDay::new(typed).map_err(|wrong| format!("{wrong}\n  {}", sanitize(word)))?;
            let day = day.on(today).filter(|day| *day <= today);
            since = Some(day.ok_or_else(|| format!("{} is not in the past", sanitize(typed)))?);
            continue;
        }
        let spec = ALL.iter().find(|spec| spec.key.eq_ignore_ascii_case(word));
        let unknown = || {
            let known: Vec<&str> = ALL.iter().map(|spec| spec.key).collect();
            let shown = sanitize(word);
            format!("{shown} is neither since=DATE nor a list\n  known: {}", known.join(" "))
        };
        lists.push(*spec.ok_or_else(unknown)?);
    }
    if lists.is_empty() {
        lists = ALL.to_vec();
    }
    Ok((since, lists))
}

/// Which lists were not compared with all their rows, for a file; empty if all were.
pub fn part(compared: &[Compared], today: NaiveDate) -> String {
    let parts = compared.iter().filter(|list| !list.is_complete(today));
    let parts: Vec<&str> = parts.map(|list| list.spec.title).collect();
    if parts.is_empty() {
        return String::new();
    }
    format!("Incomplete: not all rows were compared in: {}", parts.join(", "))
}

/// Loads and records the lists, and compares them. Must be called on a runtime with several threads.
/// Returns the number of requests, too.
pub async fn load_all(
    network: Router,
    comparison: &Comparison,
    (store, customer): (&Store, &CustomerKey),
    reporter: &mut Reporter,
) -> Result<(Vec<Compared>, u64), ChangesError> {
    let Comparison { since, lists, limit, today } = comparison;
    let record = |spec, look: &Look| {
        let record = || changes::record(store, customer, spec, look, *today);
        let (_, aside) = block_in_place(record).map_err(ChangesError::NotWritten)?;
        let renamed = |path: &Path| {
            format!("the record of changes was broken; renamed to {}", path.display())
        };
        Ok(aside.as_deref().map(renamed))
    };
    let requests = load_lists(network, lists, *limit, record, reporter).await?;
    let compared = block_in_place(|| changes::compare(store, customer, *since, *today));
    let mut compared = compared.map_err(ChangesError::NotRead)?;
    compared.retain(|one| lists.iter().any(|spec| spec.is(one.spec)));
    Ok((compared, requests))
}

/// Loads the lists one after the other with one request budget: they share the customer's limit. `record`
/// may return what to report. Returns the number of requests.
async fn load_lists(
    mut network: Router,
    lists: &[&'static Spec],
    limit: u64,
    record: impl Fn(&'static Spec, &Look) -> Result<Option<String>, ChangesError>,
    reporter: &mut Reporter,
) -> Result<u64, ChangesError> {
    let mut requests = 0;
    for spec in lists {
        let mut pages = Pages::start(network, ListQuery::new(spec), Some(limit));
        let (look, asked) = load(&mut pages, spec, reporter).await?;
        network = pages.into_network();
        requests += asked;
        if let Some(said) = record(spec, &look)? {
            reporter.say(&said);
        }
    }
    Ok(requests)
}

/// Returns the loaded rows and the number of requests.
async fn load(
    pages: &mut Pages,
    spec: &'static Spec,
    reporter: &mut Reporter,
) -> Result<(Look, u64), PagesError> {
    let (mut builder, mut requests) = (LookBuilder::new(spec), 0);
    while let Some(page) = pages.next(&mut |network| reporter.wait(network)).await? {
        if requests == 0 {
            misfits(&page).for_each(|misfit| reporter.say(&misfit));
        }
        requests += 1;
        builder.add(&page);
    }
    let (count, total) = (pages.received, pages.pager.total);
    let is_loaded = !pages.is_cut() && pages.pager.is_whole(count);
    if pages.is_cut() && count >= LARGEST_PAGE.into() {
        let of = total.map(|total| format!(" of {}", format_count(total))).unwrap_or_default();
        let loaded = format_count(count);
        reporter.say(&format!("{}: {loaded}{of} rows loaded; --limit loads more", spec.key));
    }
    Ok((builder.take(total, is_loaded, false).unwrap_or_default(), requests))
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;

    use super::*;
    use crate::list::Host;
    use crate::list::record::Record;
    use crate::net::budget::Pace;
    use crate::net::log::Log;
    use crate::net::request::Request;
    use crate::net::response::{Page, Response};
    use crate::net::schedule::Scheduler;
    use crate::net::worker::Worker;

    #[tokio::test(start_paused = true)]
    async fn all_lists_share_one_request_budget() {
        let exchange = |request| {
            let Request::List(query): Request = request else { panic!("no list") };
            let at = query.page;
            let json = format!(r#"{{"id":"{at}","document_id":"{at}","booking_id":"BK{at}"}}"#);
            let row = Record::read(query.spec, &json);
            let (total, last, per_page) = (Some(6), Some(6), query.per_page);
            let page = Page { rows: vec![row], total, current: query.page, last, per_page };
            Box::pin(async move { Ok(Response::Page(page)).into() })
                as Pin<Box<dyn Future<Output = _> + Send>>
        };
        let worker = Worker::new(Host::Customer, Scheduler::new(Pace::Metered, 7), Log::default());
        let (mut network, events) = Router::without_workers();
        network.add(worker, Box::new(exchange), &events);
        let began = tokio::time::Instant::now();
        let record = |_: &_, look: &Look| {
            assert_eq!(look.rows.len(), 6);
            Ok(None)
        };
        let mut reporter = Reporter::of_one(|text| panic!("{text}"));
        let requests = load_lists(network, &ALL, 5_000, record, &mut reporter);
        assert_eq!(requests.await.unwrap(), 30);
        // 20 at once, then one every 750 ms.
        assert_eq!(began.elapsed().as_millis(), 10 * 750);
    }

    #[test]
    fn a_day_and_lists_are_read_in_any_order_and_what_is_neither_is_refused() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let read = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            requested(&words, today)
        };
        let (since, lists) = read(&["debt", "since=yesterday", "Penalties"]).unwrap();
        assert_eq!(since, today.pred_opt());
        assert_eq!(lists.iter().map(|spec| spec.key).collect::<Vec<_>>(), ["debt", "penalties"]);
        assert_eq!(read(&[]).unwrap(), (None, ALL.to_vec()));
        for (word, why) in [
            ("since=tomorrow", "tomorrow is not in the past"),
            ("since=soon", "not a day"),
            ("debts", "debts is neither since=DATE nor a list"),
        ] {
            let said = read(&[word]).unwrap_err();
            assert!(said.starts_with(why), "{said}");
        }
    }
}
