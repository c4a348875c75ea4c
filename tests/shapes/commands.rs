//! The commands print the same for each shape.

use std::process::Command;

use valora::sandbox::{Sandbox, Shape, Special};

use crate::common::runtime;
use crate::common::shapes::in_shape;
use crate::{plain, unusual, with_columns_of};

const COMMANDS: [&str; 7] = [
    "list scheduled --all -o csv",
    "list scheduled --sort -amount -o table",
    "list invoices --all -o tsv",
    "list invoices doc_type=Invoice columns=booking_id,issue_date,amount_gross,currency",
    "list debt status=overdue columns=reference_id,due_date,days,amount,status",
    "list debt --all -o csv",
    "worklist --all -o csv",
];

/// The lines that each command prints.
fn printed(shape: Shape) -> Vec<(String, Vec<String>)> {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(in_shape(shape))).unwrap();
    let booking = format!("booking {} -o csv", sandbox.known().one(Special::Balanced));
    let home = tempfile::tempdir().unwrap();
    let run = |line: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_valora"));
        command.args(line.split(' ')).env_clear().env("HOME", home.path()).env("LANG", "C.UTF-8");
        command.env("VALORA_TOKEN", sandbox.token()).env("VALORA_BASE_URL", sandbox.base_url());
        let output = command.output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{shape} {line}: {err}");
        let out = String::from_utf8(output.stdout).unwrap();
        (line.to_owned(), out.lines().map(str::to_owned).collect())
    };
    COMMANDS.iter().copied().chain([booking.as_str()]).map(run).collect()
}

#[test]
fn lists_a_worklist_and_a_booking_are_printed_as_in_the_usual_shape() {
    let usual = printed(Shape::default());
    for (line, printed) in &usual {
        assert!(printed.len() > 3, "{line} {printed:?}");
    }
    for shape in unusual() {
        for ((line, printed), (_, usual)) in printed(shape).iter().zip(&usual) {
            assert_eq!(printed.len(), usual.len(), "{shape} {line}");
            // The signs of credit notes and their total differ on purpose; the ledger's do not.
            // So does the minute in which a list was asked for.
            let is_open =
                |line: &str| line.contains(",Credit notes,") || line.starts_with("source,");
            let [printed, usual] = [printed, usual].map(|lines| with_columns_of(usual, lines));
            for (printed, usual) in printed.iter().zip(&usual).filter(|(_, it)| !is_open(it)) {
                assert_eq!(plain(shape, printed), plain(shape, usual), "{shape} {line}");
            }
        }
    }
}

#[test]
fn json_has_the_names_of_csv_whatever_the_server_calls_its_fields() {
    for shape in Shape::all() {
        let runtime = runtime();
        let sandbox = runtime.block_on(Sandbox::start(in_shape(shape))).unwrap();
        let home = tempfile::tempdir().unwrap();
        let run = |list: &str, form: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_valora"));
            command.args([list, "--limit", "50", "-o", form]).env_clear().env("HOME", home.path());
            command.env("VALORA_TOKEN", sandbox.token());
            command.env("VALORA_BASE_URL", sandbox.base_url());
            String::from_utf8(command.output().unwrap().stdout).unwrap()
        };
        for spec in valora::list::ALL {
            let csv = run(spec.key, "csv");
            let mut names: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
            names.sort_unstable();
            let rows: Vec<serde_json::Value> =
                serde_json::from_str(&run(spec.key, "json")).unwrap();
            assert!(rows.len() > 5, "{shape} {}", spec.key);
            for row in &rows {
                let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
                assert_eq!(keys, names, "{shape} {}", spec.key);
            }
        }
    }
}
