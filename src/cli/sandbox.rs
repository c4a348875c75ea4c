//! `valora sandbox`: the embedded server alone; `valora demo`: the dashboard with it, over real HTTP.

use std::time::Duration;

use anyhow::Context;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::dashboard::{Customer, First, OfWrites, runtime, start};
use super::settings::{self, LooksFlags};
use super::{Cx, print};
use crate::clock::Clock;
use crate::config::Session;
use crate::config::payments::resolve;
use crate::domain::customer::CustomerKey;
use crate::hub::pool::Pool;
use crate::list::Host;
use crate::list::filter::{End, Filter, FilterKind};
use crate::list::{ALL, Spec};
use crate::net::budget::Pace;
use crate::net::target::{Target, Token};
use crate::sandbox::{
    ExtraList, Fault, Options, Param, ParamKind, Sandbox, Shape, WriteFaults, fault_kinds,
    served_paths,
};
use crate::state::Store;
use crate::writes::engine::Engine;

/// Days for which the demo continues the stories of its first start.
const STORY_DAYS: u16 = 28;

#[derive(Debug, Clone, Args)]
#[command(after_help = fault_help())]
pub(super) struct SandboxFlags {
    /// Generate at least N transactions
    #[arg(long, value_name = "N")]
    rows: Option<usize>,
    /// Seed of the made-up data; the same seed on the same day produces the same data
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Requests per minute for each customer; 0 for no limit
    #[arg(long, value_name = "N", default_value_t = 120)]
    limit: u32,
    /// Delay before each response, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,
    /// Inject a fault: `KIND:PATH[:TIMES]`; can be repeated
    #[arg(long, value_name = "KIND:PATH[:TIMES]")]
    fault: Vec<Fault>,
    /// Make the next writes fail: `KIND[:TIMES]`; can be repeated
    #[arg(long, value_name = "KIND[:TIMES]", hide = true)]
    write_fault: Vec<WriteFaults>,
    /// Fill the data with hostile text and wrong types
    #[arg(long)]
    hostile: bool,
    /// Field names and layout of undocumented data: the rows of the lists scheduled, invoices and
    /// debt, and the sections of a booking
    #[arg(long, value_name = "NAME", value_parser = shapes(), default_value_t)]
    shape: Shape,
    /// Make the Payments APIs of the sandbox send data with the errors of the examples in their
    /// documentation, such as other spellings
    #[arg(long)]
    quirks: bool,
    /// Bank accounts in the Payments APIs
    #[arg(long, value_name = "N")]
    accounts: Option<usize>,
    /// Send at most N rows on a page of the Payments APIs
    #[arg(long, value_name = "N", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
    page_cap: Option<usize>,
}

impl SandboxFlags {
    /// The key of this data: decisions and records about other data of the demo do not apply.
    fn customer(&self) -> CustomerKey {
        let rows = self.rows.map(|rows| format!("rows {rows}"));
        let seed = (self.seed != 1).then(|| format!("seed {}", self.seed));
        let shape = (self.shape != Shape::default()).then(|| self.shape.name().to_owned());
        let hostile = self.hostile.then(|| "hostile".to_owned());
        let words: Vec<String> = [seed, rows, shape, hostile].into_iter().flatten().collect();
        if words.is_empty() {
            CustomerKey::demo()
        } else {
            CustomerKey::demo_with(&words.join(" "))
        }
    }

    fn options(&self, port: u16) -> Options {
        Options {
            port,
            rows: self.rows,
            seed: self.seed,
            limit: self.limit,
            latency: Duration::from_millis(self.latency),
            faults: self.fault.clone(),
            write_faults: self.write_fault.clone(),
            hostile: self.hostile,
            shape: self.shape,
            quirks: self.quirks,
            accounts: self.accounts,
            page_cap: self.page_cap,
            extra: extra_lists(),
            ..Options::for_day(Clock::start().today())
        }
    }
}

fn shapes() -> impl TypedValueParser<Value = Shape> {
    PossibleValuesParser::new(Shape::all().map(Shape::name)).try_map(|name| name.parse())
}

fn fault_help() -> String {
    let kinds = fault_kinds().map(|(name, meaning)| format!("  {name:<20}{meaning}\n"));
    let paths: Vec<&str> = ALL.iter().map(|spec| spec.path).collect();
    format!(
        "Examples:\n  valora demo --rows 100000 --limit 0             large lists, no limit\n  \
         valora demo --fault 503:penalties:2             make two requests fail\n  \
         valora sandbox --port 8080                      for scripts; ctrl-c stops it\n\n\
         Kinds of faults:\n{}\nPaths: {}, conciliation/booking, tokens/limits, payments-api, finance-api, or * for all",
        kinds.collect::<String>(),
        paths.join(", ")
    )
}

fn variables(sandbox: &Sandbox) -> [(&'static str, String); 6] {
    let tokens = sandbox.payments_tokens();
    [
        ("VALORA_BASE_URL", sandbox.base_url()),
        (Host::Customer.token_variable(), sandbox.token().to_owned()),
        ("VALORA_PAYMENTS_URL", sandbox.payments_url()),
        (Host::Payments.token_variable(), tokens.admin.to_owned()),
        ("VALORA_FINANCE_URL", sandbox.finance_url()),
        (Host::Finance.token_variable(), tokens.finance.to_owned()),
    ]
}

pub(super) fn run(port: u16, flags: &SandboxFlags) -> anyhow::Result<()> {
    let options = flags.options(port);
    runtime()?.block_on(async {
        let sandbox = Sandbox::start(options)
            .await
            .with_context(|| format!("the sandbox cannot be started on 127.0.0.1:{port}"))?;
        let lines = variables(&sandbox).map(|(name, value)| format!("{name}={value}\n"));
        // Printed in one write, so that a reader of only the first lines does not break the pipe.
        print(&lines.concat())?;
        tokio::signal::ctrl_c().await.context("could not listen for ctrl-c")?;
        sandbox.shutdown().await;
        Ok(())
    })
}

pub(super) fn demo(flags: &SandboxFlags, looks: &LooksFlags, cx: &Cx) -> anyhow::Result<()> {
    let looks = settings::looks(looks, &cx.environment)?;
    // Without a state folder, each day has its own stories.
    let day = |store: &Store| store.demo_day(Clock::start().today(), STORY_DAYS).ok();
    let stories_of = cx.environment.store.as_ref().and_then(day);
    let options = Options { stories_of, ..flags.options(0) };
    // A sandbox started without a limit needs no budget.
    let pace = if flags.limit > 0 { Pace::Metered } else { Pace::Free };
    start(looks, Pool::new(cx.log.clone(), pace), None, |handle| {
        let sandbox = handle
            .block_on(Sandbox::start(options))
            .context("the embedded sandbox cannot be started")?;
        let target = Target::new(&sandbox.base_url(), Token::new(sandbox.token())?)?;
        let session = Session {
            environment: "DEMO".to_owned(),
            place: "made-up data".to_owned(),
            is_production: false,
            customer: flags.customer(),
        };
        let variables = variables(&sandbox);
        let given = |name: &str| Some((&variables.iter().find(|(own, _)| *own == name)?.1).into());
        let payments = resolve(given)?;
        let engine = || {
            let (client, store) = (payments.payments.clone()?, cx.environment.store.clone()?);
            Some(Engine::of_demo(client, store, Clock::start(), &cx.log))
        };
        let writes = OfWrites { engine: engine(), is_open: cx.has_write };
        let customer = Customer { target, payments, session, profiles: Vec::new(), writes };
        Ok((First::Customer(Box::new(customer)), Some(sandbox)))
    })
}

/// Lists without generated stories. The sandbox itself imports nothing from the client.
pub fn extra_lists() -> Vec<ExtraList> {
    let served = served_paths();
    let others = ALL.iter().filter(|spec| !served.iter().any(|path| path == spec.path));
    others.map(|spec| extra_list(spec)).collect()
}

pub fn extra_list(spec: &Spec) -> ExtraList {
    // The server cannot apply a filter over no field.
    let filters = spec.filters.iter().filter(|filter| !filter.over.is_empty());
    ExtraList {
        path: spec.path.to_owned(),
        params: filters.map(|it| Param::new(it.param, kind(it), it.over)).collect(),
        rows: serde_json::from_str(spec.sample).unwrap_or_default(),
    }
}

fn kind(filter: &Filter) -> ParamKind {
    let is_end = filter.end() == End::To;
    match filter.kind {
        FilterKind::Search => ParamKind::Text,
        FilterKind::Exact => ParamKind::Exact,
        FilterKind::OneOf(values) => {
            ParamKind::OneOf(values.iter().map(|it| (*it).to_owned()).collect())
        }
        FilterKind::Date if is_end => ParamKind::DateTo,
        FilterKind::Date => ParamKind::DateFrom,
        FilterKind::Amount if is_end => ParamKind::AmountTo,
        FilterKind::Amount => ParamKind::AmountFrom,
    }
}
