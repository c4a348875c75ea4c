//! Each kind of suggestion, its rank and its bounds.

use std::fmt::Write;

use proptest::prelude::*;

use super::*;
use crate::conciliation::totals::Totals;

/// A booking with these payouts and this total.
fn payouts(total: i64, amounts: &[i64]) -> Conciliation {
    let mut rows = String::new();
    for (day, amount) in amounts.iter().enumerate() {
        let comma = if day > 0 { "," } else { "" };
        write!(rows, r#"{comma}{{"amount":{amount},"beneficiary":"{day}","currency":"EUR"}}"#)
            .unwrap();
    }
    let body = format!(r#"{{"totals":{{"transactions_made":{total}}},"transactions":[{rows}]}}"#);
    Conciliation::read("BK1", &body).unwrap()
}

fn suggested(booking: &Conciliation) -> Vec<(SuggestionKind, Vec<usize>)> {
    let totals = Totals::of(booking);
    let all = totals.sections.iter().flat_map(|compared| suggest(booking, compared));
    all.map(|one| (one.kind, one.rows.iter().map(|at| at.row).collect())).collect()
}

#[test]
fn each_sort_is_found() {
    let all = [1_013, 2_029, 40_817];
    let sum: i64 = all.iter().sum();
    let table = [
        (sum - 2_029, vec![(SuggestionKind::LeftOut, vec![1])]),
        (sum + 40_817, vec![(SuggestionKind::CountedTwice, vec![2])]),
        (sum - 2 * 1_013, vec![(SuggestionKind::SignTurned, vec![0])]),
        (sum + 7_200, vec![(SuggestionKind::DigitsSwapped, vec![2])]),
        (sum - 63, vec![]),
        (sum - 1_013 - 2_029, vec![(SuggestionKind::TwoLeftOut, vec![0, 1])]),
        (sum + 1_013 + 40_817, vec![(SuggestionKind::TwoCountedTwice, vec![0, 2])]),
        (sum, vec![]),
        (sum + 1, vec![]),
    ];
    for (total, expected) in table {
        assert_eq!(suggested(&payouts(total, &all)), expected, "{total}");
    }
}

#[test]
fn a_row_that_stands_twice_comes_before_one_that_is_left_out() {
    let body =
        r#"{"totals":{"debt":500},"debt":[{"id":"a","amount":500},{"id":"a","amount":500}]}"#;
    let booking = Conciliation::read("BK1", body).unwrap();
    assert_eq!(suggested(&booking), [(SuggestionKind::StandsTwice, vec![0, 1])]);
}

#[test]
fn turned_credit_notes_and_other_sections_are_searched() {
    let body = r#"{"totals":{"credit_notes_gross":100,"debt":0},
        "credit_notes":[{"amount_gross":-100},{"amount_gross":-77,"doc_number":"CN-1"}],
        "penalties":[{"id":"p","amount":77,"currency":"EUR"}]}"#;
    let booking = Conciliation::read("BK1", body).unwrap();
    assert_eq!(
        suggested(&booking),
        [(SuggestionKind::LeftOut, vec![1]), (SuggestionKind::Elsewhere, vec![0])]
    );
    let totals = Totals::of(&booking);
    let all = suggest(&booking, totals.section(Role::CreditNotes));
    assert_eq!(all[0].to_string(), "the total may leave out CN-1 (-0.77) (a guess)");
    let elsewhere = "the difference equals p (EUR 0.77) in Penalties (a guess)";
    assert_eq!(all[1].to_string(), elsewhere);
}

#[test]
fn alike_rows_do_not_hide_the_rest_and_work_is_bounded() {
    let mut amounts = vec![500; 20_000];
    amounts.extend([250; 3]);
    let total = amounts.iter().sum::<i64>() - 500;
    let found = suggested(&payouts(total, &amounts));
    assert!(found.len() <= MOST);
    let first =
        |n: usize| found.iter().filter(|(kind, _)| *kind == SuggestionKind::LeftOut).count() == n;
    assert!(first(3) && found.iter().all(|(_, rows)| rows.iter().all(|row| *row < MOST_ROWS)));
    amounts = vec![500, 500, 500, 500, 250, 250, 250];
    let found = suggested(&payouts(amounts.iter().sum::<i64>() - 500, &amounts));
    let sorts: Vec<SuggestionKind> = found.iter().map(|(kind, _)| *kind).collect();
    let (left, turned, two) =
        (SuggestionKind::LeftOut, SuggestionKind::SignTurned, SuggestionKind::TwoLeftOut);
    assert_eq!(sorts, [left, left, left, turned, turned, turned, two]);
}

#[test]
fn swapped_digits_are_neighbours() {
    let table = [
        (12, 9, true),
        (-12, -9, true),
        (1_234, 90, true),
        (1_234, 900, true),
        (1_234, 1_998, false),
        (10, -9, true),
        (5, 9, false),
        (i128::from(i64::MIN), 9, false),
    ];
    for (amount, by, is) in table {
        assert_eq!(is_swapped(amount, by), is, "{amount} {by}");
    }
}

proptest! {
    #[test]
    fn what_is_suggested_makes_up_the_difference(
        amounts in prop::collection::vec(-300_i64..300, 0..40), off in -900_i64..900,
    ) {
        let total = amounts.iter().sum::<i64>() + off;
        for (kind, rows) in suggested(&payouts(total, &amounts)) {
            let sum: i64 = rows.iter().map(|row| amounts[*row]).sum();
            let makes_up = match kind {
                SuggestionKind::StandsTwice => amounts[rows[0]] == -off && rows[0] < rows[1],
                SuggestionKind::LeftOut | SuggestionKind::TwoLeftOut => sum == -off,
                SuggestionKind::CountedTwice | SuggestionKind::TwoCountedTwice => sum == off,
                SuggestionKind::SignTurned => 2 * sum == -off,
                SuggestionKind::DigitsSwapped => off % 9 == 0,
                SuggestionKind::Elsewhere => false,
            };
            prop_assert!(makes_up, "{kind:?} {rows:?} {off}");
        }
    }

    #[test]
    fn a_row_left_out_is_always_found(
        amounts in prop::collection::vec(1_i64..1_000_000, 1..200), at in any::<prop::sample::Index>(),
    ) {
        let left_out = amounts[at.index(amounts.len())];
        let found = suggested(&payouts(amounts.iter().sum::<i64>() - left_out, &amounts));
        prop_assert_eq!(found[0].0, SuggestionKind::LeftOut);
        prop_assert_eq!(amounts[found[0].1[0]], left_out);
    }

    #[test]
    fn any_amounts_are_survived(
        amounts in prop::collection::vec(any::<i64>(), 0..20), total in any::<i64>(),
    ) {
        prop_assert!(suggested(&payouts(total, &amounts)).len() <= MOST);
    }
}
