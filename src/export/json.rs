//! A booking as json: amounts are integers in minor units, each with its currency. One that is not a
//! whole number of minor units is null, with the server's text in another field. Currencies are unchanged.

use serde_json::{Value, json};

use super::BookingExport;
use crate::conciliation::Figure;
use crate::conciliation::checks::{Checked, Finding, Outcome};
use crate::conciliation::ledger::{Entry, Ledger, Line, Source};
use crate::conciliation::report::{ExtraList, State};
use crate::conciliation::row::RowAt;
use crate::conciliation::summary::Amounts;
use crate::conciliation::totals::{Compared, Comparison};
use crate::domain::money::{Currency, Sums};
use crate::domain::text::{Untrusted, escape_json};
use crate::list::record::Record;
use crate::list::record::sums::NotSummed;

pub(super) fn render(export: &BookingExport<'_>) -> Result<String, String> {
    let (report, booking) = (export.report, &export.report.booking);
    let (verdict, ledger) = (&report.verdict, &report.ledger);
    let reasons: Vec<String> = verdict.reasons.iter().map(ToString::to_string).collect();
    let count = &report.totals.count;
    let suggestions = report.suggestions.iter().map(|one| {
        json!({"section": one.role.kind().title, "words": one.words, "rows": rows(&one.rows)})
    });
    let others = booking.others.iter();
    let others = others.map(|other| {
        let rows = other.rows.iter().map(Record::to_json);
        // Values that cannot be parsed stay texts.
        let rows = rows.map(|row| serde_json::from_str(&row).unwrap_or(Value::String(row)));
        json!({"section": raw(&other.title), "rows": rows.collect::<Vec<_>>()})
    });
    let totals = booking
        .other_totals()
        .map(|other| json!({"name": raw(&other.name), "server": figure(&other.figure)}));
    let mut value = json!({
        "reference": raw(&booking.reference),
        "fetched": export.at.format("%Y-%m-%dT%H:%M:%S").to_string(),
        "today": export.today.to_string(),
        "verdict": {
            "kind": verdict.kind.to_string(),
            "headline": verdict.headline(),
            "reasons": reasons,
            "failed_checks": verdict.failed_checks,
            "is_loading": verdict.is_loading,
        },
        "summary": summary(export),
        "totals": report.totals.sections.iter().map(total).collect::<Vec<_>>(),
        "other_totals": totals.collect::<Vec<_>>(),
        "transactions_counted": {"server": count.server, "rows": count.rows},
        "ledger": ledger.entries().into_iter().filter_map(Entry::line).map(line).collect::<Vec<_>>(),
        "running_total": sums(&ledger.running_total),
        "not_included": not_included(ledger),
        "rows_in_no_sum": in_no_sum(&ledger.not_summed),
        "checks": report.checks.iter().map(check).collect::<Vec<_>>(),
        "suggestions": suggestions.collect::<Vec<_>>(),
        "also_in_the_answer": others.collect::<Vec<_>>(),
        "sources": ExtraList::ALL.map(|which| source(export, which)),
    });
    if let (Some(customer), Some(object)) = (export.customer, value.as_object_mut()) {
        object.insert("customer".to_owned(), json!(customer));
    }
    let json = serde_json::to_string_pretty(&value).map_err(|why| why.to_string())?;
    Ok(escape_json(&json).into_owned() + "\n")
}

/// The raw text; [`escape_json`] escapes the finished document.
fn raw(text: &Untrusted) -> &str {
    text.expose_raw()
}

fn figure(figure: &Figure) -> Value {
    match figure {
        Figure::Number(number) | Figure::Minor(number) => json!(number),
        Figure::Decimal(text) | Figure::Odd(text) => json!(raw(text)),
    }
}

/// Minor units as a JSON number; as a string if they do not fit in an `i64`.
pub(super) fn minor(minor: i128) -> Value {
    i64::try_from(minor).map_or_else(|_beyond| json!(minor.to_string()), |minor| json!(minor))
}

fn code(currency: Currency) -> Value {
    if currency == Currency::NONE { Value::Null } else { json!(currency.code()) }
}

fn sums(sums: &Sums) -> Value {
    let sum = |(currency, sum)| json!({"currency": code(currency), "minor": minor(sum)});
    sums.iter().map(sum).collect()
}

/// The amounts that the running total leaves out, by reason.
fn not_included(ledger: &Ledger) -> Value {
    let each = ledger.not_included.iter();
    each.map(|(why, left_out)| json!({"why": why, "sums": sums(left_out)})).collect()
}

fn summary(export: &BookingExport<'_>) -> Value {
    let (summary, owner) = (&export.report.summary, export.owner());
    let tenant_paid = export.tenant.paid().map(|tenant| {
        let statuses = tenant.statuses.iter();
        let statuses = statuses.map(|(word, rows)| {
            json!({
                "status": raw(word),
                "rows": rows.count,
                "sums": sums(&rows.sums),
                "rows_in_no_sum": in_no_sum(&rows.not_summed),
            })
        });
        json!({
            "sums": sums(&tenant.paid.sums),
            "rows_in_no_sum": in_no_sum(&tenant.paid.not_summed),
            "rows_not_marked_as_paid": tenant.not_paid(),
            "statuses_not_marked_as_paid": statuses.collect::<Vec<Value>>(),
            "payments_of_other_bookings": tenant.of_others,
            "incomplete": tenant.incomplete,
        })
    });
    let figure = |figure: &Amounts| {
        (!figure.is_unknown).then(|| {
            json!({
                "sums": sums(&figure.sums),
                "rows_in_no_sum": in_no_sum(&figure.not_summed),
            })
        })
    };
    json!({
        "owner": owner.as_ref().map(|owner| raw(&owner.name)),
        "other_names": owner.as_ref().map_or(0, |owner| owner.others),
        "tenant_payments": {"state": export.tenant.state(), "why": export.tenant.why_incomplete()},
        "tenant_paid": tenant_paid,
        "paid_out": figure(&summary.paid_out),
        "invoiced": figure(&summary.invoiced),
        "still_open": figure(&summary.still_open),
    })
}

fn in_no_sum(rows: &NotSummed) -> Value {
    rows.each().map(|(why, count)| (why.to_string(), json!(count))).collect()
}

fn total(compared: &Compared) -> Value {
    let outcome = match &compared.comparison {
        Comparison::Agrees => json!({"word": "agrees"}),
        Comparison::Differs(by) => {
            let words: Vec<&str> = by.explanations.iter().map(|one| one.words.as_str()).collect();
            json!({
                "word": "differs",
                "by": minor(by.by),
                "currency": code(by.currency),
                "explanations_found_not_documented": words,
            })
        }
        Comparison::Incomparable(why) => json!({"word": "open", "why": why.to_string()}),
    };
    json!({
        "section": compared.role.kind().title,
        "server_minor": compared.server.as_ref().map(figure),
        "rows": compared.count,
        "rows_in_no_sum": in_no_sum(&compared.not_summed),
        "sums": sums(&compared.rows),
        "outcome": outcome,
    })
}

fn line(line: &Line) -> Value {
    let counts = line.counts();
    let unknown = line.unknown_currency.as_ref();
    json!({
        "date": line.date.map(|day| day.to_string()),
        "kind": line.kind.to_string(),
        "reference": line.reference.as_ref().map(raw),
        "status": line.status.as_ref().map(raw),
        "charged": line.charged.map(minor),
        "paid": line.paid.map(minor),
        "amount_as_it_came": line.odd_amount.as_ref().map(raw),
        "currency": unknown.map_or_else(|| code(line.currency), |text| json!(raw(text))),
        "running_total": unknown.is_none().then(|| minor(line.running_total)),
        "is_included": counts,
        "note": (!counts).then(|| line.effect_in_words()),
        "is_scheduled": matches!(line.source, Source::Scheduled(_)),
        "is_future": line.is_future,
    })
}

fn rows(rows: &[RowAt]) -> Value {
    let row = |at: &RowAt| json!({"section": at.role.kind().title, "row": at.row + 1});
    rows.iter().map(row).collect()
}

fn check(checked: &Checked) -> Value {
    let name = checked.check.name;
    let finding = |finding: &Finding| {
        let Finding { one, other, rows: at, is_guess, booking: _ } = finding;
        json!({"one": one, "other": other, "is_guess": is_guess, "rows": rows(at)})
    };
    match &checked.outcome {
        Outcome::Pass => json!({"name": name, "outcome": "pass"}),
        Outcome::CannotCompute(why) => {
            json!({"name": name, "outcome": "cannot_compute", "why": why})
        }
        Outcome::Fail(findings) => {
            let each: Vec<Value> = findings.iter().map(finding).collect();
            json!({"name": name, "outcome": "fail", "findings": each})
        }
    }
}

fn source(export: &BookingExport<'_>, which: ExtraList) -> Value {
    let source = export.sources.of(which);
    let (state, why) = match &source.state {
        State::Unasked => ("not_needed", None),
        State::Waiting => ("waiting", None),
        State::Loaded => ("came", None),
        State::Failed(why) => ("failed", Some(why)),
    };
    let at = source.at.map(|at| at.format("%Y-%m-%dT%H:%M:%S").to_string());
    let others = source.of_other_bookings.len();
    json!({
        "name": which.title(), "state": state, "why": why, "rows": source.rows.len(),
        "rows_of_other_bookings": others, "fetched": at,
    })
}
