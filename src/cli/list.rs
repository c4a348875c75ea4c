//! `valora list LIST [FILTER]...`: rows on standard output, all else on standard error.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::iter::empty;

use anyhow::bail;
use chrono::NaiveDate;
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
use crate::domain::text::sanitize;
use crate::export::Format;
use crate::export::rows::{Layout, RowWriter};
use crate::filter::query::{LARGEST_PAGE, ListQuery};
use crate::list::record::Record;
use crate::list::sort::{Sort, order};
use crate::list::{ALL, Rule, record};
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
    /// Send filters and words that the contract does not have, too
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
    fn text(&self) -> String {
        let sort = self.sort.as_ref().map(|column| format!("sort={column}"));
        let words = [&self.list].into_iter().chain(&self.filters).chain(&sort);
        from_arguments(words.map(String::as_str))
    }

    fn read(&self, context: &Context<'_>) -> Result<ListCommand, Exit> {
        let text = self.text();
        let wrong = |error| Exit::usage(explained(&text, &error));
        match parse(&text, context).map_err(wrong)? {
            Command::List(line) => Ok(line),
            _ => Err(Exit::usage(format!("{} is no list", self.list))),
        }
    }

    fn query(&self, line: &ListCommand, today: NaiveDate) -> Result<ListQuery, Exit> {
        let wrong = |error| Exit::usage(explained(&self.text(), &error));
        line.query(today).map_err(|invalid| wrong(locate(&self.text(), &invalid)))
    }

    /// The columns and the order, once the first rows have shown which fields exist.
    fn settled(
        &self,
        rows: &[Record],
        line: &ListCommand,
        today: NaiveDate,
    ) -> Result<(Layout, Option<Sort>), Exit> {
        let shape = rows.first().map_or(line.spec, Record::spec);
        let line = if rows.is_empty() {
            line.clone()
        } else {
            self.read(&Context { shapes: &[shape], ..Context::default() })?
        };
        let owner = shape.computed(Rule::Owner).map(|owner| owner.field.name);
        let mut asked = line.columns.names().into_iter().chain(line.sort.map(|sort| sort.column));
        if owner.is_some_and(|owner| asked.any(|name| name == owner)) {
            let why = "the owner of a booking is in other lists: the dashboard and valora worklist show it";
            return Err(Exit::usage(why));
        }
        let mut layout = Layout::new(shape, self.output, today);
        if !line.columns.are_usual() {
            let names = line.columns.of(shape);
            let names = names.iter().filter(|name| Some(**name) != owner);
            layout.columns = names.filter_map(|name| shape.column_position(name)).collect();
        }
        Ok((layout, line.sort))
    }
}

fn explained(text: &str, wrong: &InputError) -> String {
    let shown = sanitize(text);
    let carets = "^".repeat(wrong.span.len().max(1));
    let expected = match wrong.expected.as_slice() {
        [] => String::new(),
        words => format!("\n  known: {}", words.join(" ")),
    };
    format!("{wrong}\n  {shown}\n  {:>at$}{carets}{expected}", "", at = wrong.span.start)
}

/// A server that does not know a filter returns all rows, and one that does not know a word may, too.
pub(super) fn refuse_unknown(line: &ListCommand, is_sent: bool) -> anyhow::Result<()> {
    const HINT: &str = "--send-unknown sends it as it is";
    if is_sent {
        for unknown in line.undocumented() {
            let (word, why) = (sanitize(unknown.word), unknown.why());
            warn(&format!("{word} is {why} and is sent as it is"));
        }
        for (name, _) in line.unknown() {
            warn(&format!("{name} is not a documented filter and is sent as it is"));
        }
        return Ok(());
    }
    let meant = |near: Option<&str>| match near {
        Some(near) => format!("; did you mean {near}?"),
        None => String::new(),
    };
    if let Some(unknown) = line.undocumented().next() {
        let (word, why) = (sanitize(unknown.word), unknown.why());
        let near = meant(unknown.near(empty()));
        let known = unknown.filter.choices().join(" ");
        bail!(Exit::usage(format!("{word} is {why}{near}\n  known: {known}\n  {HINT}")));
    }
    let Some((name, near)) = line.unknown().next() else { return Ok(()) };
    let near = meant(near);
    let known = parameters(line.spec).collect::<Vec<_>>().join(" ");
    let list = line.spec.key;
    bail!(Exit::usage(format!(
        "{name} is not a filter of {list}{near}\n  known: {known}\n  {HINT}"
    )))
}

pub(super) fn run(flags: &ListFlags, cx: &Cx) -> anyhow::Result<()> {
    let today = Clock::start().today();
    let line = flags.read(&Context::default())?;
    let query = flags.query(&line, today)?;
    refuse_unknown(&line, flags.send_unknown)?;
    let limit = (!flags.all).then(|| flags.limit.unwrap_or(LARGEST_PAGE.into()));
    let target = cx.find(&flags.connection)?.target;
    let settle = |rows: &[Record]| flags.settled(rows, &line, today);
    block_on(async {
        let mut pages = Pages::start(network(target, &cx.log)?, query, limit);
        if write_pages(&mut pages, line.sort.is_some(), settle).await? {
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
    is_sorted: bool,
    settle: impl Fn(&[Record]) -> Result<(Layout, Option<Sort>), Exit>,
) -> anyhow::Result<bool> {
    let mut unfinished = Unfinished(false);
    let mut progress = Progress::start();
    let mut held: Vec<Record> = Vec::new();
    let (mut writer, mut is_checked) = (None, false);
    let start = |layout| RowWriter::new(layout, BufWriter::new(io::stdout()));
    while let Some(page) = pages.next(&mut |network| progress.waits(network)).await? {
        progress.received(pages.received, pages.pager.total);
        if !std::mem::replace(&mut is_checked, true) {
            warn_of_settings(&page);
        }
        if is_sorted {
            if held.is_empty() {
                settle(&page)?;
            }
            held.extend(page);
            continue;
        }
        // Begun with the first rows: a command that fails before prints nothing.
        let out = match &mut writer {
            Some(out) => out,
            none => none.insert(start(settle(&page)?.0)?),
        };
        unfinished.0 = true;
        unfinished.0 = till_closed(out.write(&page).and_then(|()| out.flush()))?;
        if !unfinished.0 {
            return Ok(false);
        }
    }
    drop(progress);
    unfinished.0 = true;
    // The last row knows the fields of all before it.
    let (layout, sort) = settle(held.get(held.len().saturating_sub(1)..).unwrap_or_default())?;
    let places = sort.map(|sort| order(layout.spec, &held, sort, layout.today));
    let mut writer = writer.map_or_else(|| start(layout), Ok)?;
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

/// Warns of fields of the settings that cannot be what they say: their columns are empty or wrong.
pub(super) fn warn_of_settings(rows: &[Record]) {
    let fields = rows.first().map_or(&[][..], |row| row.spec().fields);
    for misfit in fields.iter().filter_map(|field| field.misfit(rows)) {
        warn(&format!("{misfit}; valora check says where to correct it"));
    }
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
