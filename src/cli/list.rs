//! `valora list LIST [FILTER]...`: rows on standard output, everything else on standard error.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::iter::empty;

use anyhow::bail;
use chrono::NaiveDate;
use clap::Args;
use clap::builder::ArgPredicate;

use super::entry::{Server, lists};
use super::exit_code::Exit;
use super::requests::{block_on, tell_of_waiting, unanswered};
use super::{Cx, say, till_closed, warn};
use crate::clock::Clock;
use crate::command::{Command, Context, ListCommand, from_arguments, locate, parameters, parse};
use crate::domain::input::InputError;
use crate::domain::money::{counted, format_count};
use crate::domain::text::sanitize;
use crate::export::flags::{CSV, CsvFlag, formats};
use crate::export::rows::{Layout, RowWriter};
use crate::export::{Format, Output};
use crate::figures::summary::{summary, text_of};
use crate::filter::query::{LARGEST_PAGE, ListQuery};
use crate::hub::pages::{Pages, misfits};
use crate::hub::report::waiting;
use crate::list::record::Record;
use crate::list::sort::{Sort, order};
use crate::list::{Rule, record};
use crate::net::response::NetState;
use crate::payments::account::masked;

#[derive(Debug, Args)]
pub(super) struct ListFlags {
    // Set by the command.
    #[arg(skip)]
    list: String,
    // Account and tax numbers of payments are not masked.
    #[arg(skip)]
    reveals: bool,
    /// `name=value`, as typed after `:` in the dashboard: `status=overdue`, `due=-30d..`, `columns=…`
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Sort by this column; with `-` before it, in descending order. Loads all rows unless --limit is set
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    sort: Option<String>,
    /// Load all rows, 500 per request
    #[arg(long)]
    all: bool,
    /// Load at most N rows [default: 500, one request; with --sort, all]
    #[arg(long, value_name = "N", conflicts_with = "all",
          value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Send unknown filters and values too
    #[arg(long)]
    send_unknown: bool,
    /// Output format
    #[arg(short, long, value_parser = formats(Format::ROWS), default_value = "table",
          default_value_if(CSV, ArgPredicate::IsPresent, CSV))]
    output: Format,
    #[command(flatten)]
    csv: CsvFlag,
}

pub(super) fn help() -> String {
    let filters = lists().map(|spec| {
        let names: Vec<&str> = parameters(spec).collect();
        format!("\n  {:<14}{}", spec.key, names.join(" "))
    });
    format!(
        "Examples:\n  \
         valora list penalties status=notify due=..today --sort -amount\n  \
         valora list debt status=overdue --all -o xlsx > debt.xlsx\n  \
         valora list scheduled 'status=missing iban,blocked missing iban'\n  \
         valora list transactions paid=2026-10 --all -o jsonl | jq .amount\n  \
         valora penalties status=notify          short for list penalties; works for every list\n\n\
         json and jsonl use the column names of csv. Amounts are integers in minor units, other values are\n\
         as the server sent them, and `other` contains the fields without a column. There is no owner\n\
         column, because owners are in other lists: valora worklist and the dashboard show them.\n\n\
         Filters:{}\n\n\
         If the list changes while loading, the exit code is 1. This is detected if the total\n\
         changes or a row appears twice, but not if one row is deleted and another is added at the end.\n\n\
         Exit codes: 0 done, 1 the API or the network failed, 2 wrong usage or settings,\n\
         3 not found, 4 the token is not accepted, 130 interrupted",
        filters.collect::<String>()
    )
}

impl ListFlags {
    pub(super) fn of(self, list: &str, reveals: bool) -> Self {
        Self { list: list.to_owned(), reveals, ..self }
    }

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
            _ => Err(Exit::usage(format!("{} is not a list", self.list))),
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
        (output, today): (Output<'_>, NaiveDate),
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
            let why = "this list has no owner column, because owners are in other lists; the dashboard and valora worklist show them";
            return Err(Exit::usage(why));
        }
        let mut layout = Layout::new(shape, self.output, today);
        (layout.room, layout.dialect) = (output.room, output.dialect);
        layout.about = self.query(&line, today)?.described() + &format!(", as of {today}");
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

/// For an unknown filter a server returns all rows; for an unknown value it may, too.
pub(super) fn refuse_unknown(line: &ListCommand, is_sent: bool) -> anyhow::Result<()> {
    const HINT: &str = "to send it anyway, add --send-unknown";
    if is_sent {
        for unknown in line.undocumented() {
            let (word, why) = (sanitize(unknown.word), unknown.why());
            warn(&format!("{word} is {why}; sent anyway"));
        }
        for (name, _) in line.unknown() {
            warn(&format!("{name} is not a documented filter; sent anyway"));
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
    let why = line.not_a_filter(name, near);
    let known = parameters(line.spec).collect::<Vec<_>>().join(" ");
    bail!(Exit::usage(format!("{why}\n  known: {known}\n  {HINT}")))
}

pub(super) fn run(flags: &ListFlags, cx: &Cx) -> anyhow::Result<()> {
    let (today, output) = (Clock::start().today(), cx.output(flags.output, flags.csv)?);
    let line = flags.read(&Context::default())?;
    let query = flags.query(&line, today)?;
    refuse_unknown(&line, flags.send_unknown)?;
    // The first row of a part need not be the first of all rows, so sorting loads all rows.
    let is_sorted = line.sort.is_some();
    let usual = (!flags.all && !is_sorted).then_some(LARGEST_PAGE.into());
    let limit = flags.limit.or(usual);
    let is_masked = line.spec.is_of_payments() && !flags.reveals;
    if flags.reveals && !line.spec.is_of_payments() {
        bail!(Exit::usage("--reveal works only for payments: no other list masks values"));
    }
    let server = Server::of(line.spec, cx)?;
    let shown = |rows: Vec<Record>| {
        if is_masked { rows.iter().map(masked).collect() } else { rows }
    };
    let settle = |rows: &[Record]| flags.settled(rows, &line, (output, today));
    block_on(async {
        let mut pages = Pages::start(server.start(cx)?, query, limit);
        if write_pages(&mut pages, is_sorted, shown, settle).await? {
            if !is_sorted {
                tell_what_is_missing(&pages, false);
            }
            pages.whole()?;
        }
        Ok(())
    })
}

/// Warns on drop if loading stopped early.
#[derive(Default)]
struct Unfinished {
    /// After how many rows; empty if there were none.
    stopped: String,
    has_written: bool,
    is_over: bool,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.is_over || self.stopped.is_empty() {
            return;
        }
        let written =
            if self.has_written { "the output is incomplete" } else { "nothing was written" };
        warn(&format!("{}; {written}", self.stopped));
    }
}

type Writer = RowWriter<BufWriter<io::Stdout>>;

/// Writes each page as it arrives. Returns `false` if the reader closed the pipe.
async fn write_pages(
    pages: &mut Pages,
    is_sorted: bool,
    shown: impl Fn(Vec<Record>) -> Vec<Record>,
    settle: impl Fn(&[Record]) -> Result<(Layout, Option<Sort>), Exit>,
) -> anyhow::Result<bool> {
    let (mut unfinished, mut progress) = (Unfinished::default(), Progress::start());
    let mut held: Vec<Record> = Vec::new();
    let (mut writer, mut is_checked): (Option<Writer>, bool) = (None, false);
    let start = |layout| RowWriter::new(layout, BufWriter::new(io::stdout()));
    while let Some(page) = next(pages, &mut progress, &mut writer).await? {
        progress.received(pages.received, pages.pager.total);
        unfinished.stopped = pages.stopped_in_words();
        let page = shown(page);
        if !std::mem::replace(&mut is_checked, true) {
            warn_of_settings(&page);
        }
        if is_sorted {
            if held.is_empty() {
                settle(&page).inspect_err(|_| unfinished.is_over = true)?;
            }
            held.extend(page);
            continue;
        }
        // Created with the first rows: a command that fails earlier prints nothing.
        let out = match &mut writer {
            Some(out) => out,
            none => {
                let settled = settle(&page).inspect_err(|_| unfinished.is_over = true)?;
                none.insert(start(settled.0)?)
            }
        };
        unfinished.has_written = !out.is_binary();
        if !till_closed(out.write(&page).and_then(|()| out.flush()))? {
            unfinished.is_over = true;
            return Ok(false);
        }
    }
    drop(progress);
    // The shape of the last row has the fields of all rows before it.
    let (layout, sort) = settle(held.get(held.len().saturating_sub(1)..).unwrap_or_default())?;
    let (spec, format) = (layout.spec, layout.format);
    let sorted = sort.map(|sort| order(spec, &held, sort, layout.today));
    let (places, basis) = sorted.unwrap_or_default();
    if is_sorted {
        // Before the first row, as a reader of only some rows closes the pipe before the end.
        tell_what_is_missing(pages, true);
    }
    if let Some(basis) = basis {
        warn(&format!("sorted {}", <&str>::from(basis)));
    }
    let mut writer = writer.map_or_else(|| start(layout), Ok)?;
    (writer.part, writer.scope) = (pages.part(), pages.scope());
    unfinished.has_written = true;
    let sorted = places.iter().filter_map(|at| held.get(*at as usize));
    let written = writer.write(sorted).and_then(|()| writer.flush());
    let (unreadable, hidden) = (writer.unreadable, writer.hidden());
    let figures = writer.figures.clone();
    let is_read = till_closed(written.and_then(|()| writer.finish()))?;
    unfinished.is_over = true;
    if is_read {
        tell_what_is_not_shown(unreadable, &hidden);
    }
    if is_read && format == Format::Table && pages.received > 0 {
        say(&text_of(&summary(spec, &figures, pages.scope(), usize::MAX)));
    }
    Ok(is_read)
}

fn tell_what_is_not_shown(unreadable: u64, hidden: &[&str]) {
    if unreadable > 0 {
        let rows = record::unreadable(unreadable);
        warn(&format!("{rows}; -o json shows what the server sent instead"));
    }
    if !hidden.is_empty() {
        warn(&format!("columns that do not fit: {}; -o csv has all columns", hidden.join(", ")));
    }
}

/// If loading stops, a page that was begun says so.
async fn next(
    pages: &mut Pages,
    progress: &mut Progress,
    writer: &mut Option<Writer>,
) -> anyhow::Result<Option<Vec<Record>>> {
    let page = pages.next(&mut |network| progress.waits(network)).await.map_err(unanswered);
    if page.is_err()
        && let Some(writer) = writer.take()
    {
        till_closed(writer.stop(format!("Incomplete: {}", pages.stopped_in_words())))?;
    }
    page
}

/// Warns about fields named in the settings that do not fit the rows: their columns are empty or wrong.
fn warn_of_settings(rows: &[Record]) {
    misfits(rows).for_each(|misfit| warn(&misfit));
}

/// Warns if rows are missing, so that a part is not mistaken for the complete list.
fn tell_what_is_missing(pages: &Pages, is_sorted: bool) {
    if pages.received == 0 {
        warn("no rows");
    }
    if is_sorted && pages.whole().is_err() {
        warn("sorted, but rows may be missing or duplicated: the list changed while loading");
    }
    if let Some(text) = pages.missing_in_words(is_sorted) {
        warn(&text);
    }
}

/// The progress, on one line of standard error if that is a terminal.
struct Progress {
    is_shown: bool,
    is_written: bool,
}

impl Progress {
    fn start() -> Self {
        // Not between rows on the same terminal.
        let is_shown = io::stderr().is_terminal() && !io::stdout().is_terminal();
        Self { is_shown, is_written: false }
    }

    fn received(&mut self, received: u64, total: Option<u64>) {
        let rows = counted(total.unwrap_or(received), "row");
        let part = total.map(|_| format!("{} of ", format_count(received))).unwrap_or_default();
        self.show(&format!("{part}{rows}"));
    }

    /// Reported in scripts too, so that the command does not seem to hang.
    fn waits(&mut self, network: NetState) {
        match waiting(network).filter(|_| self.is_shown) {
            Some(text) => self.show(&text),
            None => tell_of_waiting(network),
        }
    }

    fn show(&mut self, text: &str) {
        if self.is_shown {
            // Nothing depends on it, so a failure is ignored.
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
