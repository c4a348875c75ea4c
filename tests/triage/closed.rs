//! Closed penalties are in no queue: they are counted, shown by a key, and exported when shown.

use crate::common::{Dashboard, options};
use crate::{open_and_closed, quit, store, triage};

#[test]
fn only_open_penalties_are_in_the_queue_and_the_closed_ones_are_behind_a_count() {
    let (open, closed) = open_and_closed(options());
    assert!(open > 1 && closed > 1);
    for size in [(80, 24), (140, 40)] {
        let folder = tempfile::tempdir().unwrap();
        let mut dashboard = triage(options(), size, &store(folder.path()));
        let shown = dashboard.wait_for(&format!("0 of {open} decided"));
        assert!(shown.contains(&format!("{closed} closed, H shows")), "{shown}");
        assert!(shown.contains(&format!("▸4 Penalties {open} open")), "{shown}");
        let path = folder.path().join("list.csv");
        let exported = |dashboard: &mut Dashboard| {
            dashboard.press("e ctrl-u");
            dashboard.type_text(path.to_str().unwrap());
            dashboard.press("enter");
            dashboard.wait_for("Exported ");
            let rows = csv::Reader::from_path(&path).unwrap().into_records().count();
            std::fs::remove_file(&path).unwrap();
            dashboard.press("j");
            dashboard.wait_until_gone("Exported ");
            rows
        };
        assert_eq!(exported(&mut dashboard), open, "what is written is what is shown");
        // The next undecided one is an open one, also among closed ones.
        dashboard.press("G }");
        dashboard.wait_for("There is no undecided penalty below.");
        dashboard.press("H G");
        dashboard.wait_for("all shown");
        assert_eq!(exported(&mut dashboard), open + closed);
        dashboard.press("G }");
        dashboard.wait_for("There is no undecided penalty below.");
        dashboard.press("{");
        dashboard.wait_for(&format!("row {open} of "));
        dashboard.press("H");
        dashboard.wait_for(&format!("{closed} closed, H shows"));
        quit(dashboard);
    }
}
