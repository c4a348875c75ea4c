//! Which of several amounts is the one that sums add up.

use super::*;

#[test]
fn one_row_of_other_amounts_is_not_taken_for_the_amount() {
    let rows: [&[(&str, &str, &str)]; 2] = [
        &[
            ("original_amount", "12349", "amount"),
            ("collected_amount", "9262", "paid_amount"),
            ("balance_due", "3087", "remaining_amount"),
        ],
        // The object around says what only one of them is.
        &[
            ("balance.original", "12349", "amount"),
            ("balance.paid", "12349", "paid_amount"),
            ("balance.outstanding", "0", "remaining_amount"),
        ],
    ];
    for row in rows {
        let columns: Vec<Column> = row
            .iter()
            .map(|(path, value, _)| ((*path).to_owned(), vec![(*value).to_owned()]))
            .collect();
        for (role, path) in pairs(list("debt"), &columns) {
            let (.., expected) = row.iter().find(|(own, ..)| *own == path).unwrap();
            assert_eq!(role, *expected, "{path}");
        }
        assert_eq!(pairs(list("debt"), &columns).len(), row.len());
    }
}
