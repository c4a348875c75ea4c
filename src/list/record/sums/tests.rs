//! Why rows are not counted, in words; the sums are in the tests of [`crate::figures`].

use super::*;
use crate::list::Spec;

#[test]
fn one_row_is_said_as_one_and_none_is_not_said() {
    let mut not_summed = NotSummed::default();
    assert_eq!(not_summed.to_string(), "");
    not_summed.add(InNoSum::NoWholeMinorUnits);
    assert_eq!(not_summed.to_string(), "1 row with an amount that is not a whole number of cents");
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
    assert_eq!(row.sum_remark("amount").unwrap(), "unknown currency: not counted");
    assert_eq!(row.sum_remark("amount_eur"), None);
    assert_eq!(row.sum_remark("paid_amount"), None, "nothing came, so nothing is said");
}
