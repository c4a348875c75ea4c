//! Which rows are in a sum, and why others are in none.

use super::*;
use crate::list::Spec;

fn rows(pairs: &[(&str, &str)]) -> Vec<Record> {
    let spec = Spec::named("debt").unwrap();
    let row = |(amount, currency): &(&str, &str)| {
        Record::read(spec, &format!(r#"{{"amount":{amount},"currency":{currency}}}"#))
    };
    pairs.iter().map(row).collect()
}

#[test]
fn each_row_is_in_one_sum_or_has_one_reason_why_it_is_in_none() {
    let rows = rows(&[
        ("100", r#""EUR""#),
        (r#""2000""#, r#""EUR""#),
        ("100", "null"),
        ("100", r#"" ""#),
        ("100", r#""Euro""#),
        ("200", r#""US Dollar""#),
        ("300", "978"),
        ("866.604", r#""EUR""#),
        (r#""2000.00""#, r#""Euro""#),
        ("{}", r#""EUR""#),
        (r#""200 EUR""#, r#""EUR""#),
        ("99999999999999999999", r#""EUR""#),
        ("true", r#""EUR""#),
        (r#"" ""#, r#""EUR""#),
        (r#""much""#, r#""Euro""#),
        ("null", "null"),
    ]);
    let (sums, not_summed) = sums(&rows, "amount");
    assert_eq!(sums.to_string(), "2.00 · EUR 21.00");
    let counts: Vec<usize> = not_summed.each().map(|(_, count)| count).collect();
    assert_eq!((counts, not_summed.count()), (vec![2, 2, 5, 3], 12));
    assert_eq!(
        not_summed.to_string(),
        "2 rows without an amount, 2 rows with an amount that is no whole number of cents, \
         5 rows with an unreadable amount, 3 rows in an unknown currency"
    );
    let names: Vec<String> = not_summed.each().map(|(why, _)| why.to_string()).collect();
    assert_eq!(
        names,
        ["no_amount", "no_whole_minor_units", "unreadable_amount", "unknown_currency"]
    );
}

#[test]
fn one_row_is_said_as_one_and_none_is_not_said() {
    let mut not_summed = NotSummed::default();
    assert_eq!(not_summed.to_string(), "");
    not_summed.add(InNoSum::NoWholeMinorUnits);
    assert_eq!(not_summed.to_string(), "1 row with an amount that is no whole number of cents");
    let mut both = not_summed;
    both.merge(&not_summed);
    assert_eq!(both.count(), 2);
}

#[test]
fn an_amount_in_euros_is_summed_whatever_the_currency_of_its_row() {
    let spec = Spec::named("debt").unwrap();
    let row = Record::read(spec, r#"{"amount":1,"amount_eur":700,"currency":"Euro"}"#);
    assert_eq!(row.summand("amount_eur"), Ok((700, Currency::EUR)));
    assert_eq!(row.summand("amount"), Err(InNoSum::UnknownCurrency));
    assert_eq!(row.sum_remark("amount").unwrap(), "unknown currency: in no sum");
    assert_eq!(row.sum_remark("amount_eur"), None);
    assert_eq!(row.sum_remark("paid_amount"), None, "nothing came, so nothing is said");
}
