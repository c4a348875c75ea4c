//! `valora list LIST [FILTER]...`: rows on standard output, all else on standard error.

use std::io::{self, BufWriter, IsTerminal, Write};

use anyhow::bail;
use clap::Args;
use clap::builder::PossibleValuesParser;

use super::exit_code::Exit;
use super::requests::{Pages, block_on, network, tell_of_waiting, waiting};
use super::{Cx, formats, till_closed, warn};
use crate::clock::Clock;
use crate::command::{Command, Context, ListCommand, from_arguments, locate, parameters, parse};
use crate::config::Flags;
use crate::domain::input::InputError;
use crate::domain::money::{counted, format_count};
use crate::export::Format;
use crate::export::rows::{Layout, RowWriter};
use crate::filter::query::{LARGEST_PAGE, ListQuery};
use crate::list::record::Record;
use crate::list::sort::order;
use crate::list::{ALL, record};
use crate::net::response::NetState;

#[derive(Debug, Args)]
#[command(after_help = help())]
pub(super) struct ListFlags {
    /// The list
    #[arg(value_name = "LIST", value_parser = PossibleValuesParser::new(ALL.iter().map(|spec| spec.key)))]
    list: String,
    /// `name=value`, as after `:` in the dashboard: `status=overdue`, `due=-30d..`, `columns=…`
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Sort the rows that were fetched by this column; `-` before it: the greatest first
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    sort: Option<String>,
    /// Fetch all rows, 500 a request
    #[arg(long)]
    all: bool,
    /// Fetch so many rows [default: 500, one request]
    #[arg(long, value_name = "N", conflicts_with = "all",
          value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Send filters that the contract does not have, too
    #[arg(long)]
    send_unknown: bool,
    /// The form
    #[arg(short, long, value_parser = formats(Format::ROWS), default_value = "table")]
    output: Format,
    #[command(flatten)]
    connection: Flags,
}

fn help() -> String {
    let filters = ALL.iter().map(|spec| {
        let names: Vec<&str> = parameters(spec).collect();
        format!("\n  {:<14}{}", spec.key, names.join(" "))
    });
    format!(
        "Examples:\n  \
         valora list penalties status=notify due=..today --sort -amount\n  \
         valora list debt status=overdue --all -o csv > debt.csv\n  \
         valora list transactions paid=2026-10 --all -o jsonl | jq .amount\n\n\
         Filters:{}\n\n\
         A list that changes while its pages are loaded ends with 1, as far as its total or a row that\n\
         comes twice shows it: a row deleted while another is added at the end can be missed.\n\n\
         Exit codes: 0 done, 1 the API or the network failed, 2 wrong usage or configuration,\n\
         3 not found, 4 not allowed, 130 interrupted",
        filters.collect::<String>()
    )
}

impl ListFlags {
    fn line(&self, today: chrono::NaiveDate) -> Result<(ListCommand, ListQuery), Exit> {
        let sort = self.sort.as_ref().map(|column| format!("sort={column}"));
        let words = [&self.list].into_iter().chain(&self.filters).chain(&sort);
        let text = from_arguments(words.map(String::as_str));
        let wrong = |error| Exit::usage(explained(&text, &error));
        let Command::List(line) = parse(&text, &Context::default()).map_err(wrong)? else {
            return Err(Exit::usage(format!("{} is no list", self.list)));
        };
        let query = line.query(today).map_err(|invalid| wrong(locate(&text, &invalid)))?;
        Ok((line, query))
    }
}

fn explained(text: &str, wrong: &InputError) -> String {
    let shown = crate::domain::text::sanitize(text);
    let carets = "^".repeat(wrong.span.len().max(1));
    let expected = match wrong.expected.as_slice() {
        [] => String::new(),
        words => format!("\n  known: {}", words.join(" ")),
    };
    format!("{wrong}\n  {shown}\n  {:>at$}{carets}{expected}", "", at = wrong.span.start)
}

/// A server that does not know a filter returns all rows.
pub(super) fn refuse_unknown(line: &ListCommand, is_sent: bool) -> anyhow::Result<()> {
    if is_sent {
        for (name, _) in line.unknown() {
            warn(&format!("{name} is not a documented filter and is sent as it is"));
        }
        return Ok(());
    }
    let Some((name, near)) = line.unknown().next() else { return Ok(()) };
    let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    let known = parameters(line.spec).collect::<Vec<_>>().join(" ");
    let list = line.spec.key;
    bail!(Exit::usage(format!(
        "{name} is not a filter of {list}{near}\n  known: {known}\n  --send-unknown sends it as it is"
    )))
}

pub(super) fn run(flags: &ListFlags, cx: &Cx) -> anyhow::Result<()> {
    let today = Clock::start().today();
    let (line, query) = flags.line(today)?;
    refuse_unknown(&line, flags.send_unknown)?;
    let mut layout = Layout::new(line.spec, flags.output, today);
    if !line.columns.are_usual() {
        let names = line.columns.of(line.spec);
        layout.columns = names.iter().filter_map(|name| line.spec.column_position(name)).collect();
    }
    let limit = (!flags.all).then(|| flags.limit.unwrap_or(LARGEST_PAGE.into()));
    let target = cx.find(&flags.connection)?.target;
    block_on(async {
        let mut pages = Pages::start(network(target, &cx.log)?, query, limit);
        if write_pages(&mut pages, &line, layout).await? {
            tell_what_is_missing(&pages, line.sort.is_some());
            pages.whole()?;
        }
        Ok(())
    })
}

/// Warns on drop if output has begun and not ended.
struct Unfinished(bool);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.0 {
            warn("the output is incomplete: it ends before the last row");
        }
    }
}

/// Writes each page as it arrives. Returns `false` if the reader closed the pipe.
async fn write_pages(
    pages: &mut Pages,
    line: &ListCommand,
    layout: Layout,
) -> anyhow::Result<bool> {
    let mut unfinished = Unfinished(false);
    let mut progress = Progress::start();
    let mut held: Vec<Record> = Vec::new();
    let mut writer = None;
    let start = || RowWriter::new(layout.clone(), BufWriter::new(io::stdout()));
    while let Some(page) = pages.next(&mut |network| progress.waits(network)).await? {
        progress.received(pages.received, pages.pager.total);
        if line.sort.is_some() {
            held.extend(page);
            continue;
        }
        // Begun with the first rows: a command that fails before prints nothing.
        let out = match &mut writer {
            Some(out) => out,
            none => none.insert(start()?),
        };
        unfinished.0 = true;
        unfinished.0 = till_closed(out.write(&page).and_then(|()| out.flush()))?;
        if !unfinished.0 {
            return Ok(false);
        }
    }
    drop(progress);
    unfinished.0 = true;
    let mut writer = writer.map_or_else(start, Ok)?;
    let places = line.sort.map(|sort| order(line.spec, &held, sort, layout.today));
    let sorted = places.iter().flatten().filter_map(|at| held.get(*at as usize));
    let written = writer.write(sorted);
    let unreadable = writer.unreadable;
    let is_read = till_closed(written.and_then(|()| writer.finish()))?;
    unfinished.0 = false;
    if is_read && unreadable > 0 {
        let rows = record::unreadable(unreadable);
        warn(&format!("{rows}; -o json shows what the server sent instead"));
    }
    Ok(is_read)
}

/// Warns if rows are missing, so that a part is not taken for the whole list.
fn tell_what_is_missing(pages: &Pages, is_sorted: bool) {
    if pages.received == 0 {
        warn("no rows");
    }
    if !pages.is_cut() {
        return;
    }
    let rows = format_count(pages.received);
    let sorted = if is_sorted { ", sorted among themselves" } else { "" };
    match pages.pager.total.filter(|total| *total > pages.received) {
        Some(total) => {
            let requests = (total - pages.received).div_ceil(LARGEST_PAGE.into());
            let (total, requests) = (format_count(total), counted(requests, "more request"));
            warn(&format!("{rows} of {total} rows{sorted}; --all fetches the rest in {requests}"));
        }
        None => warn(&format!("{rows} rows{sorted}; there may be more: --all fetches them")),
    }
}

/// The progress, on one line of standard error if that is a terminal.
struct Progress {
    is_shown: bool,
    is_written: bool,
}

impl Progress {
    fn start() -> Self {
        // Between rows on the same terminal it would only disturb.
        let is_shown = io::stderr().is_terminal() && !io::stdout().is_terminal();
        Self { is_shown, is_written: false }
    }

    fn received(&mut self, received: u64, total: Option<u64>) {
        let of = total.map(|total| format!(" of {}", format_count(total))).unwrap_or_default();
        self.show(&format!("{}{of} rows", format_count(received)));
    }

    /// A wait is reported in a script too: otherwise it would seem to hang.
    fn waits(&mut self, network: NetState) {
        match waiting(network).filter(|_| self.is_shown) {
            Some(text) => self.show(&text),
            None => tell_of_waiting(network),
        }
    }

    fn show(&mut self, text: &str) {
        if self.is_shown {
            // Of what is only for the eye nothing depends.
            let _ = write!(io::stderr(), "\r\x1b[K{text}");
            self.is_written = true;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_written {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
