//! `valora changes [since=DATE] [LIST]...`: prints new, changed and gone rows.

use std::io;

use anyhow::{Context, bail};
use chrono::NaiveDate;
use clap::Args;

use super::exit_code::Exit;
use super::list::warn_of_settings;
use super::requests::{Pages, block_on, network, tell_of_waiting};
use super::{Cx, formats, print, warn, width};
use crate::clock::Clock;
use crate::config::Found;
use crate::domain::money::{counted, format_count};
use crate::domain::text::sanitize;
use crate::export::Format;
use crate::export::changes::render;
use crate::filter::query::LARGEST_PAGE;
use crate::filter::{ListQuery, TypedDay};
use crate::journal::DAYS;
use crate::journal::compare;
use crate::journal::look::{Look, LookBuilder};
use crate::journal::rows::Entry;
use crate::list::{ALL, Spec};
use crate::net::router::Router;
use crate::state::changes;

/// Rows of each list that are loaded: 10 requests.
const MOST: u64 = 5_000;

#[derive(Debug, Args)]
#[command(after_help = help())]
pub(super) struct ChangesFlags {
    /// `since=yesterday`, `since=2026-11-20` or `since=-7d`, and the lists to compare [default: all lists,
    /// since the last saved day before today]
    #[arg(value_name = "since=DATE|LIST")]
    words: Vec<String>,
    /// Load at most N rows of each list
    #[arg(long, value_name = "N", default_value_t = MOST,
          value_parser = clap::value_parser!(u64).range(1..))]
    limit: u64,
    /// Output format
    #[arg(short, long, value_parser = formats(Format::CHANGES), default_value = "table")]
    output: Format,
}

fn help() -> String {
    let lists: Vec<&str> = ALL.iter().map(|spec| spec.key).collect();
    format!(
        "Examples:\n  \
         valora changes since=yesterday\n  \
         valora changes since=-7d penalties debt -o csv > changes.csv\n\n\
         Lists: {}\n\n\
         Each run saves the loaded rows by day, for {DAYS} days: ids, references, statuses, amounts and dates,\n\
         but no names or account numbers. The dashboard uses the same file. The first run has nothing to\n\
         compare with. A row is reported as gone only if all rows were loaded on both days. If nothing was\n\
         saved on DATE, the last saved day before it is used, or else the first one; a warning names it.\n\n\
         Exit codes: 0 done, 1 the API or the network failed, 2 wrong usage or settings,\n\
         4 the token is not accepted",
        lists.join(" ")
    )
}

/// Reads the day and the lists.
fn read(
    words: &[String],
    today: NaiveDate,
) -> Result<(Option<NaiveDate>, Vec<&'static Spec>), Exit> {
    let (mut since, mut lists) = (None, Vec::new());
    for word in words {
        if let Some(typed) = word.strip_prefix("since=") {
            let day = TypedDay::new(typed)
                .map_err(|wrong| Exit::usage(format!("{wrong}\n  {}", sanitize(word))))?;
            let day = day.on(today).filter(|day| *day <= today);
            since =
                Some(day.ok_or_else(|| {
                    Exit::usage(format!("{} is not in the past", sanitize(typed)))
                })?);
            continue;
        }
        let spec = ALL.iter().find(|spec| spec.key.eq_ignore_ascii_case(word));
        let unknown = || {
            let known: Vec<&str> = ALL.iter().map(|spec| spec.key).collect();
            let shown = sanitize(word);
            Exit::usage(format!(
                "{shown} is neither since=DATE nor a list\n  known: {}",
                known.join(" ")
            ))
        };
        lists.push(*spec.ok_or_else(unknown)?);
    }
    if lists.is_empty() {
        lists = ALL.to_vec();
    }
    Ok((since, lists))
}

pub(super) fn run(flags: &ChangesFlags, cx: &Cx) -> anyhow::Result<()> {
    let today = Clock::start().today();
    let (since, lists) = read(&flags.words, today)?;
    let Found { target, session, .. } = cx.find()?;
    let Some(store) = cx.environment.store.as_ref() else {
        bail!(Exit::usage("there is no folder to save changes in; set HOME"));
    };
    let record = |spec, look: &Look| {
        let recorded = changes::record(store, &session.customer, spec, look, today);
        let (_, aside) = recorded.context("the record of changes could not be written")?;
        if let Some(aside) = aside {
            warn(&format!("the record of changes was broken; renamed to {}", aside.display()));
        }
        Ok(())
    };
    let requests =
        block_on(async { load_all(network(target, &cx.log)?, &lists, flags.limit, record).await })?;
    let compared = changes::compare(store, &session.customer, since, today);
    let mut compared = compared.context("the record of changes could not be read")?;
    compared.retain(|one| lists.iter().any(|spec| spec.is(one.spec)));
    let entries = Entry::all(&compared);
    let entries: Vec<&Entry> = entries.iter().collect();
    let is_table = flags.output == Format::Table;
    if !entries.is_empty() || !is_table {
        let room = width::of(&io::stdout());
        print(&render(&entries, flags.output, room).map_err(anyhow::Error::msg)?)?;
    }
    if let (day, Some(remark)) = compare::since(&compared, since) {
        warn(&format!("changes since {day} ({remark})"));
    }
    for one in &compared {
        let counts = if one.then.is_some() { format!("{}; ", one.counts()) } else { String::new() };
        warn(&format!("{}: {counts}{}", one.spec.key, one.coverage(today)));
    }
    warn(&format!("loaded in {}", counted(requests, "request")));
    Ok(())
}

/// Loads the lists one after the other with one request budget: they share the customer's limit. Returns
/// the number of requests.
async fn load_all(
    mut network: Router,
    lists: &[&'static Spec],
    limit: u64,
    record: impl Fn(&'static Spec, &Look) -> anyhow::Result<()>,
) -> anyhow::Result<u64> {
    let mut requests = 0;
    for spec in lists {
        let mut pages = Pages::start(network, ListQuery::new(spec), Some(limit));
        let (look, asked) = load(&mut pages, spec).await?;
        network = pages.into_network();
        requests += asked;
        record(spec, &look)?;
    }
    Ok(requests)
}

/// Returns the loaded rows and the number of requests.
async fn load(pages: &mut Pages, spec: &'static Spec) -> anyhow::Result<(Look, u64)> {
    let (mut builder, mut requests) = (LookBuilder::new(spec), 0);
    while let Some(page) = pages.next(&mut tell_of_waiting).await? {
        if requests == 0 {
            warn_of_settings(&page);
        }
        requests += 1;
        builder.add(&page);
    }
    let (count, total) = (pages.received, pages.pager.total);
    let is_loaded = !pages.is_cut() && pages.pager.is_whole(count);
    if pages.is_cut() && count >= LARGEST_PAGE.into() {
        let of = total.map(|total| format!(" of {}", format_count(total))).unwrap_or_default();
        warn(&format!("{}: {}{of} rows loaded; --limit loads more", spec.key, format_count(count)));
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
        let requests = load_all(network, &ALL, MOST, |_, look| {
            assert_eq!(look.rows.len(), 6);
            Ok(())
        });
        assert_eq!(requests.await.unwrap(), 30);
        // 20 at once, then one every 750 ms.
        assert_eq!(began.elapsed().as_millis(), 10 * 750);
    }

    #[test]
    fn a_day_and_lists_are_read_in_any_order_and_what_is_neither_is_refused() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let read = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            read(&words, today).map_err(|error| error.1)
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
