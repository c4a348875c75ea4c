//! `valora payments`, `events`, `account`, `stripe`, `bank`, `tin`: the two Payments APIs on the command
//! line.

use anyhow::bail;
use clap::{Args, Subcommand};

use super::entry::PaymentsList;
use super::exit_code::{ACCESS, Exit, FAILED, Unanswered};
use super::requests::block_on;
use super::{Cx, list, print, warn, writes};
use crate::command::{Command, Context, from_arguments, parse};
use crate::config::payments::for_command;
use crate::domain::failure::Kind;
use crate::domain::text::escape_json;
use crate::export::Format;
use crate::export::flags::formats;
use crate::hub::reports;
use crate::net::budget::Pace;
use crate::net::client::PaymentsClients;
use crate::net::router::Router;
use crate::tui::screen::payments::state::NOT_CONFIGURED;
use crate::writes::command::WriteCommand;

#[derive(Debug, Subcommand)]
pub(super) enum PaymentsCommand {
    /// List tenant payments; filters such as `type=rent-collection sourceRefCode=REF sortBy=dueDate`
    #[command(after_help = "Examples:\n  valora payments list sourceRefCode=BK232470\n  \
                      valora payments list type=rent-collection --sort -dueDate --all -o csv\n\n\
                      Same as: valora list payments")]
    List(PaymentsList),
    /// One payment with its holders and its timeline
    #[command(after_help = "Example:\n  valora payments show 8f2dbe69-b68f-4423-bc93-000000000b30")]
    Show {
        /// The id of the payment
        id: String,
        #[command(flatten)]
        form: Form,
    },
    #[command(flatten)]
    Write(WriteCommand),
}

#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Form {
    /// Output format
    #[arg(short, long, value_parser = formats(Format::ANSWER), default_value = "text")]
    output: Format,
    /// Print account and tax numbers in full
    #[arg(long)]
    reveal: bool,
}

#[derive(Debug, Args)]
pub(super) struct Words {
    /// As typed after `:` in the dashboard
    #[arg(value_name = "ARGUMENT")]
    words: Vec<String>,
    #[command(flatten)]
    form: Form,
}

pub(super) fn run(command: PaymentsCommand, cx: &Cx) -> anyhow::Result<()> {
    match command {
        PaymentsCommand::Write(command) => writes::run(&command, cx),
        PaymentsCommand::Show { id, form } => show("payment", &Words { words: vec![id], form }, cx),
        PaymentsCommand::List(flags) => list::run(&flags.flags(), cx),
    }
}

pub(super) fn show(command: &str, Words { words, form }: &Words, cx: &Cx) -> anyhow::Result<()> {
    let Command::Show(subject) = read(command, words)? else {
        bail!("this command cannot be run here")
    };
    let clients = clients(cx)?;
    let hosts = clients.hosts();
    let report = block_on(async { Ok(reports::load(network(cx, clients), hosts, subject).await?) });
    let report = report?.ok_or_else(|| Exit::usage(NOT_CONFIGURED))?;
    if let Some(failure) = report.failure() {
        if failure.kind != Kind::Missing {
            report.failures_besides(&failure).iter().for_each(|other| warn(&other.to_string()));
        }
        bail!(Unanswered(failure));
    }
    let text = match form.output {
        Format::Json => serde_json::to_string_pretty(&report.to_json(form.reveal))? + "\n",
        _ => report.to_text(form.reveal),
    };
    print(&escape_json(&text))?;
    report.incomplete().iter().for_each(|note| warn(note));
    if let Some(kind) = report.list_failure() {
        let code = if kind == Kind::Access { ACCESS } else { FAILED };
        bail!(Exit(code, "a list could not be loaded completely".to_owned()));
    }
    Ok(())
}

fn read(command: &str, words: &[String]) -> anyhow::Result<Command> {
    let arguments = std::iter::once(command).chain(words.iter().map(String::as_str));
    let line = from_arguments(arguments);
    parse(&line, &Context::default()).map_err(|error| Exit::usage(error.why).into())
}

pub(super) fn clients(cx: &Cx) -> anyhow::Result<PaymentsClients> {
    let (clients, unused) = for_command(&cx.environment, cx.profile())?;
    if let Some(unused) = unused {
        warn(&unused);
    }
    writes::remind(cx);
    if !clients.hosts().any() {
        bail!(Exit::usage(NOT_CONFIGURED));
    }
    Ok(clients)
}

pub(super) fn network(cx: &Cx, clients: PaymentsClients) -> Router {
    Router::start(&cx.log, Pace::Metered, None, clients)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Reader, Xlsx};

    use super::*;
    use crate::export::rows::{Layout, RowWriter};
    use crate::list::payments::SPEC;
    use crate::list::record::Record;
    use crate::payments::account::masked;

    fn written(rows: &[Record], layout: Layout) -> String {
        let mut bytes = Vec::new();
        let mut writer = RowWriter::new(layout, &mut bytes).unwrap();
        writer.write(rows).unwrap();
        writer.finish().unwrap();
        if !bytes.starts_with(b"PK") {
            return String::from_utf8(bytes).unwrap();
        }
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let sheets = book.worksheets();
        let cells = sheets.iter().flat_map(|(_, sheet)| sheet.rows().flatten());
        cells.map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn no_form_of_a_list_shows_an_account_or_tax_number_that_is_not_revealed() {
        let rows = [
            r#"{"id":"1","amount":7899,"currency":"EUR","isAutomatic":true,"tin":"27484819A",
                "vatNumber":"ESB12345678","token":"secret-word","iban":"ES9704874526943884555358",
                "reason":"to ES9121000418450200051332","deep":{"tin":[12345678]}}"#,
            r#"["ES9121000418450200051332"]"#,
        ];
        let rows = rows.map(|json| Record::read(&SPEC, json));
        let numbers = ["27484819", "B1234567", "secret", "4874526943", "2100041845", "12345678"];
        for format in Format::ROWS {
            let layout = Layout::new(&SPEC, *format, chrono::NaiveDate::default());
            let hidden = written(&rows.each_ref().map(masked), layout.clone());
            for number in numbers {
                assert!(!hidden.contains(number), "{format:?} {number}: {hidden}");
            }
            assert!(hidden.contains("1332") && hidden.contains("EUR"), "{hidden}");
            let revealed = written(&rows, layout);
            assert!(revealed.contains("2100041845"), "{revealed}");
        }
    }
}
