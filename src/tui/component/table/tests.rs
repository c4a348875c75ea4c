//! The cursor and its record, rows that look the same, and the window.

use super::*;
use crate::tui::keymap::Step;
use proptest::prelude::*;

fn penalty(id: usize) -> Record {
    let spec = Spec::named("penalties").unwrap();
    Record::read(spec, &format!(r#"{{"id":"{id}","amount":{id},"currency":"EUR"}}"#))
}

fn table(ids: impl IntoIterator<Item = usize>) -> Table {
    let mut table = Table::new(Spec::named("penalties").unwrap());
    table.extend(ids.into_iter().map(penalty).collect());
    table
}

#[test]
fn the_cursor_follows_its_record_through_a_refresh() {
    let mut table = table(0..50);
    for _ in 0..30 {
        table.step(Step::Down, 10);
    }
    table.replace([[100, 101].into_iter().chain(0..50).map(penalty).collect()]);
    assert_eq!(table.cursor(), 32);
    assert_eq!(table.cursor() - table.top(), 9);
    table.replace([(40..50).map(penalty).collect()]);
    assert_eq!(table.cursor(), 9);
}

#[test]
fn rows_that_look_the_same_are_all_kept_each_with_its_own_identity() {
    let mut table = table([1, 1, 2]);
    table.extend([1, 3].map(penalty).into());
    assert_eq!(table.len(), 5);
    assert_eq!(table.identities.iter().collect::<HashSet<_>>().len(), 5);
    assert_eq!(table.figures().open.sums.to_string(), "EUR 0.08");
}

proptest! {
    #[test]
    fn the_cursor_is_always_in_the_window(
        rows in 0usize..60, steps in proptest::collection::vec((0u8..8, 0usize..30), 1..60)
    ) {
        let all = [Step::Down, Step::Up, Step::HalfDown, Step::HalfUp, Step::PageDown,
                   Step::PageUp, Step::First, Step::Last];
        let mut table = table(0..rows);
        for (step, height) in steps {
            table.step(all[usize::from(step)], height);
            prop_assert!(table.cursor() < rows.max(1));
            prop_assert!(table.top() <= table.cursor());
            prop_assert!(table.cursor() < table.top() + height.max(1));
        }
    }
}
