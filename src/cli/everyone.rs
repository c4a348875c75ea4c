//! `--all-profiles`: a command for each customer, with its own token and requests, and its own exit code
//! if one of them fails.

use anyhow::bail;
use clap::Args;

use super::exit_code::{Exit, FAILED, Unanswered};
use super::requests::block_on;
use super::{Cx, warn};
use crate::clock::Clock;
use crate::config::{ConfigError, Session};
use crate::customers::state::Trouble;
use crate::domain::money::counted;
use crate::domain::text::sanitize;
use crate::export::several::{CustomerError, CustomerRows};
use crate::hub::Hub;
use crate::hub::pages::Shifted;
use crate::hub::pool::{Pool, SharedPool};
use crate::hub::profiles::Profiles;
use crate::hub::report::Reporter;
use crate::net::budget::Pace;
use crate::net::router::Router;
use crate::process::tokens::without_tokens;

#[derive(Debug, Clone, Copy, Args)]
pub(super) struct AllProfiles {
    /// Run this for each profile, four at once, each with its own token and requests
    #[arg(long)]
    pub(super) all_profiles: bool,
    /// With `--all-profiles`: also run each `token_command` that may ask for a password, one after the
    /// other
    #[arg(long, requires = "all_profiles")]
    pub(super) unlock: bool,
}

/// Must be called before a runtime starts, as a program may prompt.
pub(super) fn profiles(unlock: bool, cx: &Cx) -> Result<Profiles, ConfigError> {
    Profiles::read(&cx.environment, unlock, warn)
}

/// Must be called on a runtime.
pub(super) fn hub(profiles: Profiles, cx: &Cx) -> Hub {
    let pool = SharedPool::start(Pool::new(cx.log.clone(), Pace::Metered));
    profiles.hub(cx.environment.store.clone(), pool, Clock::start())
}

/// The rows of one customer, and why some or all are missing.
pub(super) type Loaded<T> = (Vec<T>, anyhow::Result<()>);

/// Loads the rows of each customer. Prints what each reports, in the order of the profiles.
pub(super) fn load<T, W>(
    flags: AllProfiles,
    cx: &Cx,
    work: impl Fn(Session, Router, Reporter) -> W + Send + Sync + 'static,
) -> anyhow::Result<Vec<CustomerRows<T>>>
where
    T: Send + 'static,
    W: Future<Output = (Reporter, anyhow::Result<Loaded<T>>)> + Send + 'static,
{
    let profiles = profiles(flags.unlock, cx)?;
    let names = profiles.names.clone();
    let loaded = block_on(async {
        let mut hub = hub(profiles, cx);
        let all = hub.each(&names, move |customer, router| {
            let reporter = Reporter::of_one_of_many(customer.profile(), warn);
            work(customer.session, router, reporter)
        });
        Ok(all.all().await)
    })?;
    let all = names.into_iter().zip(loaded).map(|(customer, done)| {
        let (part, (rows, error)) = match done {
            Ok((mut reporter, done)) => {
                let part = std::mem::take(&mut reporter.part);
                reporter.into_reports().iter().for_each(|text| warn(text));
                let failed = |error| (Vec::new(), Some(error));
                (part, done.map_or_else(failed, |(rows, end)| (rows, end.err())))
            }
            Err(trouble) => {
                let text = in_words(&trouble, &customer);
                let error = CustomerError { text, ..CustomerError::of(&trouble, &customer) };
                let part = String::new();
                return CustomerRows { customer, rows: Vec::new(), part, error: Some(error) };
            }
        };
        let error = error.map(|error| error_of(&error, &customer));
        CustomerRows { customer, rows, part, error }
    });
    Ok(all.collect())
}

pub(super) fn in_words(trouble: &Trouble, profile: &str) -> String {
    let text = trouble.in_words(profile);
    if matches!(trouble, Trouble::Locked(_)) { text + "; --unlock runs it" } else { text }
}

fn error_of(error: &anyhow::Error, profile: &str) -> CustomerError {
    if let Some(Unanswered(failure)) = error.downcast_ref() {
        return CustomerError::of(&Trouble::of_failure(failure.clone()), profile);
    }
    let kind = if error.is::<Shifted>() { "partial" } else { "failed" };
    let text = sanitize(&without_tokens(&format!("{error:#}"))).into_owned();
    CustomerError { kind: kind.to_owned(), text }
}

/// Returns `true` if there are neither rows nor errors.
pub(super) fn is_empty<T>(all: &[CustomerRows<T>]) -> bool {
    all.iter().all(|it| it.rows.is_empty() && it.error.is_none())
}

/// Reports the customers that failed. Fails if there are any.
pub(super) fn finish<T>(all: &[CustomerRows<T>]) -> anyhow::Result<()> {
    let errors = all.iter().filter_map(|it| Some((it.customer.as_str(), it.error.as_ref()?)));
    ended(all.len(), errors.map(|(customer, error)| (customer, error.text.clone())))
}

pub(super) fn ended<'a>(
    customers: usize,
    errors: impl Iterator<Item = (&'a str, String)>,
) -> anyhow::Result<()> {
    let mut failed = 0;
    for (customer, error) in errors {
        failed += 1;
        warn(&format!("{customer}: {error}"));
    }
    if failed == 0 {
        return Ok(());
    }
    let of = counted(customers as u64, "customer");
    bail!(Exit(FAILED, format!("{failed} of {of} could not be loaded completely")))
}
