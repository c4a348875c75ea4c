//! `valora payments`, `events`, `account`, `tin`: the two Payments APIs on the command line.

use std::collections::HashMap;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::entry::PaymentsList;
use super::exit_code::{Exit, Unanswered};
use super::requests::block_on;
use super::{Cx, formats, list, print, warn};
use crate::command::{Command, Context, from_arguments, parse};
use crate::config::payments::for_command;
use crate::domain::text::{Untrusted, escape_json};
use crate::export::Format;
use crate::net::budget::Pace;
use crate::net::client::PaymentsClients;
use crate::net::request::{NetCommand, Priority, Request, Ticket};
use crate::net::response::{NetEvent, wrong_answer};
use crate::net::router::Router;
use crate::payments::account::hide;
use crate::payments::event::Event;
use crate::payments::fields::Fields;
use crate::payments::report::{Line, Part, Report, Tone};
use crate::payments::response::Response as PaymentsResponse;
use crate::payments::subject::{Hosts, Subject};
use crate::tui::screen::payments::state::NOT_CONFIGURED;

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
    let report = block_on(async { fetch(network(cx, clients), hosts, subject).await })?;
    if let Some(failure) = report.failure() {
        bail!(Unanswered(failure.clone()));
    }
    let text = match form.output {
        Format::Json => json_of(&report, form.reveal)?,
        _ => text(&report, form.reveal),
    };
    print(&escape_json(&text))
}

fn read(command: &str, words: &[String]) -> anyhow::Result<Command> {
    let arguments = std::iter::once(command).chain(words.iter().map(String::as_str));
    let line = from_arguments(arguments);
    parse(&line, &Context::default()).map_err(|error| Exit::usage(error.why).into())
}

fn text(report: &Report, is_revealed: bool) -> String {
    let line = |line: Line| {
        let indent = if line.tone == Tone::Title { "" } else { "  " };
        let width = if line.label.is_empty() { 0 } else { 15 };
        format!("{indent}{:<width$}{}\n", line.label, line.text)
    };
    report.lines(is_revealed).into_iter().map(line).collect()
}

fn json_of(report: &Report, is_revealed: bool) -> anyhow::Result<String> {
    let part = |part: &Part| {
        let result = match &part.response {
            Some(Ok(response)) => json!({"answer": value(response)}),
            Some(Err(failure)) => json!({"error": failure.why}),
            None => json!({"error": "no response"}),
        };
        json!({"path": part.request.endpoint(), "result": result})
    };
    let mut all: Value = report.parts.iter().map(part).collect();
    if !is_revealed {
        hide(&mut all, false);
    }
    let text = serde_json::to_string_pretty(&all);
    Ok(text.context("the responses cannot be written as JSON")? + "\n")
}

fn value(response: &PaymentsResponse) -> Value {
    let event = |event: &Event| {
        json!({
            "id": event.number(), "at": event.time(), "family": event.family().word(),
            "type": event.type_name.expose_raw(), "body": event.body.to_value(),
        })
    };
    match response {
        PaymentsResponse::Object(fields) => fields.to_value(),
        PaymentsResponse::Rows(rows) => rows.rows.iter().map(Fields::to_value).collect(),
        PaymentsResponse::Properties(ids) => ids.iter().map(Untrusted::expose_raw).collect(),
        PaymentsResponse::Valid(is_valid) => (*is_valid).into(),
        PaymentsResponse::Events(events) => events.iter().map(event).collect(),
    }
}

pub(super) fn clients(cx: &Cx) -> anyhow::Result<PaymentsClients> {
    let (clients, unused) = for_command(&cx.environment, cx.profile())?;
    if let Some(unused) = unused {
        warn(&unused);
    }
    if !clients.hosts().any() {
        bail!(Exit::usage(NOT_CONFIGURED));
    }
    Ok(clients)
}

pub(super) fn network(cx: &Cx, clients: PaymentsClients) -> Router {
    Router::start(&cx.log, Pace::Metered, None, clients)
}

async fn fetch(mut network: Router, hosts: Hosts, subject: Subject) -> anyhow::Result<Report> {
    let (mut report, mut asks) = Report::begin(subject, None, hosts);
    if asks.is_empty() {
        bail!(Exit::usage(NOT_CONFIGURED));
    }
    let (mut tickets, mut waiting) = ((0..).map(Ticket), HashMap::new());
    loop {
        for (ask, ticket) in asks.drain(..).zip(&mut tickets) {
            let request = Request::Payments(ask.clone());
            network.send(NetCommand::Send(ticket, Priority::Visible, request))?;
            waiting.insert(ticket, ask);
        }
        if waiting.is_empty() {
            return Ok(report);
        }
        let event = network.next().await.context("internal error: the network task ended")?;
        let NetEvent::Response(ticket, answer) = event else { continue };
        let response =
            answer.and_then(|it| it.try_as_payments().map(|it| *it).ok_or_else(wrong_answer));
        let ask =
            waiting.remove(&ticket).context("internal error: a response belongs to no request")?;
        asks = report.accept(&ask, response);
    }
}

#[cfg(test)]
mod tests {
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
        String::from_utf8(bytes).unwrap()
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
