//! The files of the commands: workbooks, csv for spreadsheets, pages for mails, the statement of a booking.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::process::Output;

use calamine::{Data, DataType, Range, Reader, Xlsx};

use crate::customers::Customers;
use crate::program::{Server, Session, command};

fn run(server: &Server, arguments: &[&str]) -> (i32, Vec<u8>, String) {
    let mut command = command(arguments);
    command.env("VALORA_TOKEN", &server.token).env("VALORA_BASE_URL", &server.base_url);
    let output = command.output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), output.stdout, err)
}

fn written(server: &Server, arguments: &[&str]) -> Vec<u8> {
    let (code, out, err) = run(server, arguments);
    assert_eq!(code, 0, "{arguments:?}: {err}");
    out
}

fn text(server: &Server, arguments: &[&str]) -> String {
    String::from_utf8(written(server, arguments)).unwrap()
}

fn by_user(customers: &Customers, arguments: &[&str]) -> Output {
    command(arguments).envs(customers.user.variables()).output().unwrap()
}

struct Book(Xlsx<Cursor<Vec<u8>>>);

impl Book {
    fn of(server: &Server, arguments: &[&str]) -> Self {
        Self(Xlsx::new(Cursor::new(written(server, arguments))).unwrap())
    }

    fn sheet(&mut self, name: &str) -> Range<Data> {
        assert!(self.0.worksheet_formula(name).unwrap().is_empty(), "{name} has a formula");
        self.0.worksheet_range(name).unwrap()
    }
}

fn column(sheet: &Range<Data>, title: &str) -> Vec<Data> {
    let titles: Vec<String> = sheet.rows().next().unwrap().iter().map(Data::to_string).collect();
    let at = titles.iter().position(|it| it == title).unwrap_or_else(|| panic!("{titles:?}"));
    sheet.rows().skip(1).map(|row| row[at].clone()).collect()
}

/// An amount in thousandths.
fn thousandths(amount: &Data) -> i64 {
    let Data::Float(amount) = amount else { panic!("{amount:?} is no number") };
    format!("{amount:.3}").replace('.', "").parse().unwrap()
}

/// The sums of a column by currency, as a spreadsheet adds them up.
fn sums(sheet: &Range<Data>, amount: &str) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for (amount, code) in column(sheet, amount).iter().zip(column(sheet, "Cur")) {
        *sums.entry(code.to_string()).or_default() += thousandths(amount);
    }
    sums
}

/// The sums of the minor units that the server sent, in thousandths; credit notes are negative.
fn of_json(rows: &[serde_json::Value], amount: &str) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for row in rows {
        let minor = row[amount].as_i64().unwrap();
        let is_credit = row["doc_type"].as_str().is_some_and(|it| it.starts_with("Credit"));
        let code = row["currency"].as_str().unwrap();
        let thousandths = match code {
            "JPY" => 1_000,
            "KWD" => 1,
            _ => 10,
        };
        let sign = if is_credit { -minor.abs() } else { minor };
        *sums.entry(code.to_owned()).or_default() += sign * thousandths;
    }
    sums
}

#[test]
fn a_workbook_of_a_list_adds_up_to_its_summary_and_to_the_list() {
    let server = Server::start(&[]);
    for (list, amount) in [
        ("debt", "Amount"),
        ("penalties", "Amount"),
        ("invoices", "Gross"),
        ("transactions", "Amount"),
        ("scheduled", "Amount"),
    ] {
        let mut book = Book::of(&server, &[list, "--all", "-o", "xlsx"]);
        let title = book.0.sheet_names()[0].clone();
        let (rows, summary) = (book.sheet(&title), book.sheet("Summary"));
        let mut told = BTreeMap::new();
        let (codes, all) = (column(&summary, "Currency"), column(&summary, amount));
        for (code, sum) in codes.iter().zip(&all).filter(|(_, sum)| **sum != Data::Empty) {
            told.insert(code.to_string(), thousandths(sum));
        }
        assert_eq!(sums(&rows, amount), told, "{list}");
        let json = text(&server, &[list, "--all", "-o", "json"]);
        let json: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        assert_eq!(rows.height(), json.len() + 1, "{list}");
        assert_eq!(
            of_json(&json, if list == "invoices" { "amount_gross" } else { "amount" }),
            told
        );
    }
}

#[test]
fn the_values_of_a_workbook_have_their_types_and_a_part_says_so() {
    let server = Server::start(&[]);
    let mut book = Book::of(&server, &["debt", "--limit", "7", "-o", "xlsx"]);
    let (rows, summary) = (book.sheet("Debt"), book.sheet("Summary"));
    assert!(column(&rows, "Due").iter().all(|it| matches!(it, Data::DateTime(_))));
    assert!(column(&rows, "Created on (UTC)").iter().all(|it| matches!(it, Data::DateTime(_))));
    assert!(column(&rows, "Reference").iter().all(Data::is_string));
    let said: Vec<String> = column(&summary, "Currency").iter().map(Data::to_string).collect();
    assert!(said.iter().any(|line| line.starts_with("Incomplete: only 7 of ")), "{said:?}");
    let mut paid = Book::of(&server, &["transactions", "--limit", "9", "-o", "xlsx"]);
    assert!(column(&paid.sheet("Transactions"), "Bank account").iter().all(Data::is_string));
}

#[test]
fn each_command_writes_a_workbook() {
    let server = Server::start(&[]);
    let mut worklist = Book::of(&server, &["worklist", "-o", "xlsx"]);
    let rows = worklist.sheet("Worklist");
    let mut told = BTreeMap::new();
    let summary = worklist.sheet("Summary");
    for row in summary.rows().skip(1).filter(|row| matches!(row[2], Data::Float(_))) {
        told.insert(row[0].to_string(), thousandths(&row[2]));
    }
    let mut added = BTreeMap::new();
    for (amount, code) in column(&rows, "amount").iter().zip(column(&rows, "cur")) {
        *added.entry(code.to_string()).or_default() += thousandths(amount);
    }
    assert_eq!(added, told);
    assert!(column(&rows, "overdue").iter().any(|days| matches!(days, Data::Float(_))));
    let mut changes = Book::of(&server, &["changes", "-o", "xlsx"]);
    assert_eq!(changes.0.sheet_names(), ["Changes", "Summary"]);
    assert_eq!(changes.sheet("Changes").rows().next().unwrap().len(), 11);
    let booking = column(&rows, "booking")[0].to_string();
    let mut book = Book::of(&server, &["booking", &booking, "-o", "xlsx"]);
    assert_eq!(book.0.sheet_names(), ["Totals", "Ledger", "Summary", "Checks"]);
    let (totals, ledger) = (book.sheet("Totals"), book.sheet("Ledger"));
    let ledgers = book.sheet("Summary");
    for title in ["Charged", "Paid", "Planned", "Not counted"] {
        let cells = column(&ledger, title).into_iter().filter(|it| matches!(it, Data::Float(_)));
        let added: i64 = cells.map(|it| thousandths(&it)).sum();
        let told = column(&ledgers, title).into_iter().filter(|it| matches!(it, Data::Float(_)));
        assert_eq!(added, told.map(|it| thousandths(&it)).sum::<i64>(), "{title}");
    }
    assert!(totals.rows().any(|row| row[0] == "Invoices"));
    assert!(column(&book.sheet("Checks"), "Result").iter().any(|it| *it == "pass"));
}

#[test]
fn customers_are_a_workbook_and_a_page() {
    let customers = Customers::new().with("acme", Customers::options(1));
    let run = |format: &str| {
        let output = by_user(&customers, &["customers", "-o", format]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let mut book = Book(Xlsx::new(Cursor::new(run("xlsx"))).unwrap());
    let rows = book.sheet("Customers");
    let open = column(&rows, "Open EUR");
    assert!(matches!(open[..], [Data::Float(_)]), "{open:?}");
    let summary = book.sheet("Summary");
    assert!(summary.rows().any(|row| row[0] == "EUR"), "{summary:?}");
    let page = String::from_utf8(run("html")).unwrap();
    assert!(page.contains(">acme</td>") && page.contains("Open debt: "), "{page}");
    assert!(String::from_utf8(run("md")).unwrap().starts_with("| Customer | "));
}

#[test]
fn a_workbook_is_not_written_to_a_terminal() {
    let server = Server::start(&[]);
    let variables = [("VALORA_TOKEN", &*server.token), ("VALORA_BASE_URL", &*server.base_url)];
    for arguments in [
        &["debt", "-o", "xlsx"][..],
        &["worklist", "-o", "xlsx"],
        &["booking", "BK1", "-o", "xlsx"],
    ] {
        let mut session = Session::start(arguments, &variables);
        session.wait_for("a terminal cannot show xlsx");
        session.wait_for("FILE.xlsx");
        assert_eq!(session.ended().exit_code(), 2);
    }
}

#[test]
fn csv_for_a_spreadsheet_has_its_signs_and_quotes_its_digits() {
    let server = Server::start(&[]);
    let excel = written(&server, &["debt", "--limit", "5", "--csv", "excel"]);
    let excel = String::from_utf8(excel).unwrap();
    let plain = text(&server, &["debt", "--limit", "5", "-o", "csv"]);
    let rest = excel.strip_prefix('\u{feff}').unwrap();
    assert_eq!(rest.matches("\r\n").count(), 6);
    let read = |text: &str, delimiter: u8| -> Vec<csv::StringRecord> {
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        reader.records().map(Result::unwrap).collect()
    };
    let (excel, plain) = (read(rest, b';'), read(&plain, b','));
    assert_eq!(excel.len(), plain.len());
    for (excel, plain) in excel.iter().zip(&plain) {
        assert_eq!(excel[3], plain[3].replace('.', ","));
        assert_eq!((&excel[0], &excel[1]), (&plain[0], &plain[1]));
    }
    let (code, out, err) = run(&server, &["debt", "--csv", "excel", "-o", "json"]);
    assert_eq!((code, out.len()), (2, 0));
    assert!(err.contains("--csv has no effect on -o json"), "{err}");
    let (code, _, err) = run(&server, &["debt", "--csv", "german"]);
    assert!(code == 2 && err.contains("plain") && err.contains("excel"), "{err}");
}

#[test]
fn the_dialect_is_a_setting_too() {
    let mut customers = Customers::new();
    customers.settings = "csv = \"excel\"\n".to_owned();
    let customers = customers.with("acme", Customers::options(1));
    let run = |arguments: &[&str]| {
        let output = by_user(&customers, arguments);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let list = ["--profile", "acme", "debt", "--limit", "1", "-o", "csv"];
    assert!(run(&list).starts_with("\u{feff}reference_id;due_date;"));
    assert!(run(&[&list[..], &["--csv", "plain"]].concat()).starts_with("reference_id,due_date,"));
    assert!(run(&["customers", "-o", "csv"]).starts_with("\u{feff}profile;"));
    let customers = Customers::new().with("acme", Customers::options(1));
    customers.user.write_settings("csv = \"german\"\n");
    let output = by_user(&customers, &["config", "check"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("`csv` must be \"plain\" or \"excel\", not this text"), "{said}");
}

#[test]
fn tables_for_a_mail_have_only_text_and_styles() {
    let server = Server::start(&[]);
    for arguments in [&["debt", "--limit", "3"][..], &["worklist"], &["changes", "debt"]] {
        let page = text(&server, &[arguments, &["-o", "html"]].concat());
        assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"), "{page}");
        for active in ["<a ", "<script", "<img", "<link", "href", "src=", "url(", "http://"] {
            assert!(!page.contains(active), "{active} in {page}");
        }
        let markdown = text(&server, &[arguments, &["-o", "md"]].concat());
        assert!(markdown.starts_with("| ") && markdown.contains("| --- |"), "{markdown}");
    }
    let page = text(&server, &["debt", "--limit", "3", "-o", "html"]);
    assert!(page.contains("<p>Incomplete: only 3 of "), "{page}");
    for format in ["html", "md"] {
        let page = text(&server, &["debt", "status=overdue", "--all", "-o", format]);
        assert!(page.contains("Debt, status overdue, as of 20"), "{page}");
    }
}

#[test]
fn a_statement_for_the_owner_has_no_notes() {
    let server = Server::start(&[]);
    let list = text(&server, &["scheduled", "status=has_debt", "--limit", "1", "-o", "json"]);
    let rows: serde_json::Value = serde_json::from_str(&list).unwrap();
    let booking = rows[0]["booking_id"].as_str().unwrap();
    let for_owner = text(&server, &["booking", booking, "--to-owner"]);
    let with_notes = text(&server, &["booking", booking, "-o", "html"]);
    assert!(for_owner.contains(&format!("<h1>Statement for booking {booking}</h1>")));
    for words in ["to you", "on hold because a debt is not paid yet.", "You still have to pay"] {
        assert!(for_owner.contains(words), "{words} in {for_owner}");
    }
    assert!(!for_owner.contains("Notes") && with_notes.contains("Notes, not for the owner"));
    let (code, _, err) = run(&server, &["booking", booking, "--to-owner", "-o", "json"]);
    assert!(code == 2 && err.contains("--to-owner has no effect on -o json"), "{err}");
}
