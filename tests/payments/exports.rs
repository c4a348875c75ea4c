//! A field has one name: in csv and json, from the dashboard and from the command line.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::common::{Dashboard, options};

type Names = BTreeSet<String>;

/// The names of the columns of csv, or of the keys of the records of json.
fn names(text: &str, format: &str) -> Names {
    if format == "csv" {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        return reader.headers().unwrap().iter().map(str::to_owned).collect();
    }
    let rows: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(text).unwrap();
    let each = || rows.iter().map(|row| row.keys().cloned().collect::<Names>());
    let first = each().next().unwrap();
    assert!(each().all(|other| other == first), "each record has the same names");
    first
}

/// Writes what the screen offers first to a file, and reads its names.
fn exported(dashboard: &mut Dashboard, folder: &Path, name: &str, format: &str) -> Names {
    let path = folder.join(format!("{name}.{format}"));
    dashboard.press("e ctrl-u");
    dashboard.type_text(path.to_str().unwrap());
    dashboard.press("enter");
    let file = format!("{name}.{format} (path copied)");
    dashboard.wait("the message", |shown| {
        shown.replace(['\n', ' '], "").contains(&file.replace(' ', ""))
    });
    dashboard.press("j");
    names(&std::fs::read_to_string(path).unwrap(), format)
}

fn printed(dashboard: &Dashboard, home: &Path, arguments: &[&str], format: &str) -> Names {
    let tokens = dashboard.sandbox.payments_tokens();
    let output = Command::new(env!("CARGO_BIN_EXE_valora"))
        .args(arguments)
        .args(["-o", format])
        .env_clear()
        .env("HOME", home)
        .env("VALORA_BASE_URL", dashboard.sandbox.base_url())
        .env("VALORA_TOKEN", dashboard.sandbox.token())
        .env("VALORA_PAYMENTS_URL", dashboard.sandbox.payments_url())
        .env("VALORA_PAYMENTS_TOKEN", tokens.admin)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    names(&String::from_utf8(output.stdout).unwrap(), format)
}

#[test]
fn a_field_has_the_same_name_in_each_export_of_a_list_and_of_a_worklist() {
    const LISTS: [&str; 6] =
        ["transactions", "scheduled", "invoices", "penalties", "debt", "payments"];
    let folder = tempfile::tempdir().unwrap();
    let mut dashboard = Dashboard::with_payments(options(), (140, 40));
    dashboard.wait_for("6 Payments");
    let mut of_penalties = Names::new();
    for (tab, list) in (1..).zip(LISTS) {
        dashboard.press(&tab.to_string());
        dashboard.wait("its rows", |shown| {
            shown.contains(&format!("▸{tab} ")) && shown.contains("row 1 of")
        });
        let csv = exported(&mut dashboard, folder.path(), list, "csv");
        assert_eq!(exported(&mut dashboard, folder.path(), list, "json"), csv, "{list}");
        // A list alone does not name the owners of its bookings.
        let mut expected = csv.clone();
        let has_owner = expected.remove("owner");
        assert_eq!(has_owner, ["penalties", "debt"].contains(&list), "{list}: {csv:?}");
        for format in ["csv", "json"] {
            let printed = printed(&dashboard, folder.path(), &["list", list], format);
            assert_eq!(printed, expected, "{list} {format}");
        }
        if list == "penalties" {
            of_penalties = csv;
        }
    }
    dashboard.press("4");
    dashboard.wait_for("▸4 ");
    dashboard.press("t");
    dashboard.wait_for(" decided");
    let csv = exported(&mut dashboard, folder.path(), "worklist", "csv");
    assert_eq!(exported(&mut dashboard, folder.path(), "worklist", "json"), csv);
    for format in ["csv", "json"] {
        assert_eq!(printed(&dashboard, folder.path(), &["worklist"], format), csv, "{format}");
    }
    let own: Vec<&str> = csv.difference(&of_penalties).map(String::as_str).collect();
    assert_eq!(own, ["decision", "note"], "all other columns are named as in the list");
}
