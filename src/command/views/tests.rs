//! View files: read, printed, edited; and the effect of each mistake.

use chrono::NaiveDate;
use proptest::prelude::*;

use crate::command::views::*;

fn view(name: &str, line: &str) -> View {
    View::new(name, line).unwrap()
}

fn names(views: &[View]) -> Vec<&str> {
    views.iter().map(|view| view.name.as_str()).collect()
}

/// A file with a comment, a gap and both kinds of quotes.
const FILE: &str = "# mine\n[[view]]\nname = \"late\" # at the top\nline = 'debt status=overdue'\n\n\
    # the second\n[[view]]\nname = \"notes\"\nline = 'invoices doc_type=\"Credit Note\"'\n";

#[test]
fn the_built_in_views_are_lists_that_can_be_asked_for() {
    let views = built_in();
    assert_eq!(views.len(), BUILT_IN.len());
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let sent: Vec<String> = views
        .iter()
        .map(|view| {
            let query = view.line.query(today).unwrap();
            let requests = (0..query.values()).map(|value| {
                let query = query.clone().of_value(value);
                let pairs = query.pairs().into_iter();
                let pairs = pairs.map(|(param, value)| format!("{param}={value}"));
                let pairs: Vec<_> = pairs.filter(|pair| !pair.contains("page=")).collect();
                pairs.join(" ")
            });
            let requests: Vec<_> = requests.collect();
            format!("{}: {}", view.line.spec.path, requests.join(", "))
        })
        .collect();
    let expected = [
        "debtors: status=overdue",
        "penalties: status=pending",
        "transactions/scheduled: status=blocked, status=blocked_missing_details, \
         status=blocked_missing_iban, status=blocked_account_debtor",
        "transactions/scheduled: status=missing_iban, status=blocked_missing_iban",
        "transactions/scheduled: status=missing_details, status=blocked_missing_details",
        "transactions/scheduled: status=has_debt, status=blocked_account_debtor",
        "transactions: pay_date_from=2026-11-01 pay_date_to=2026-11-30",
        "invoices: doc_type=Credit Note",
    ];
    assert_eq!(sent, expected);
    assert!(views.iter().all(|view| check_view_name(&view.name).is_ok()));
}

#[test]
fn views_are_printed_so_that_people_can_read_them_and_read_back() {
    let views = built_in();
    let printed = views.iter().fold(String::new(), |file, view| put(&file, view).unwrap());
    assert_eq!(read(&printed), Views { views: views.to_vec(), faults: Vec::new() });
    let last = "[[view]]\nname = \"credit notes\"\n\
        line = 'invoices doc_type=\"Credit Note\" sort=-issue_date'\n";
    assert!(printed.ends_with(last), "{printed}");
    assert_eq!(read(""), Views::default());
}

#[test]
fn a_mistake_is_told_with_its_place_and_costs_its_view_only() {
    let good = "[[view]]\nname = \"good\"\nline = \"debt\"\n";
    let table = [
        ("name = \"x\"", 2, 1, "line is missing"),
        ("line = \"debt\"", 2, 1, "name is missing"),
        ("name = 7\nline = \"debt\"", 3, 8, "name must be text in quotes"),
        ("name = \" x\"\nline = \"debt\"", 3, 9, "a name cannot begin or end with a space"),
        (
            "name = \"x\"\nline = \"debt search=secret due=2026-02-31\"",
            4,
            40,
            "February 2026 has 28 days",
        ),
        (
            "name = \"x\"\nline = \"\\u0064ebt search=secret amount=1,500\"",
            4,
            8,
            "1500 or 1.500? Write 1500, or use two decimals",
        ),
        ("name = \"é\"\nline = \"quit\"", 4, 9, "a view is a list, not a command"),
        ("name = \"x\"\nline = \"debt status=paid", 4, 25, "invalid basic string, expected `\"`"),
        (
            "name = \"x\"\nline = \"debt\" status=paid\"",
            4,
            15,
            "unexpected key or value, expected newline, `#`",
        ),
    ];
    for (wrong, line, column, why) in table {
        let read = read(&format!("\n[[view]]\n{wrong}\n{good}"));
        assert_eq!(names(&read.views), ["good"], "{wrong}: {:?}", read.faults);
        let fault = &read.faults[0];
        assert_eq!((fault.line, fault.column, fault.why.as_str()), (line, column, why), "{wrong}");
        assert!(read.faults.iter().all(|fault| !fault.to_string().contains("secret")), "{wrong}");
    }
}

#[test]
fn a_word_that_no_document_has_is_no_fault_of_the_file() {
    for line in ["debt status=\"Sent To Moon\"", "debt status=payd", "payments sortType=none"] {
        let file = put("", &view("x", line)).unwrap();
        let read = read(&file);
        assert_eq!((read.views[0].line.to_string(), read.faults), (line.to_owned(), Vec::new()));
    }
}

#[test]
fn unknown_keys_and_doubled_names_are_told_and_cost_nothing() {
    let file = "colour = \"red\"\n[[view]]\nname = \"a\"\nline = \"debt\"\nlimit = 3\n\
        [[view]]\nname = \"a\"\nline = \"invoices\"\n[other]\nx = 1\n";
    let read = read(file);
    assert_eq!(read.views, [view("a", "debt")]);
    let told: Vec<String> = read.faults.iter().map(ToString::to_string).collect();
    let expected = [
        "line 1, column 1: an unknown key; views are written as [[view]]",
        "line 5, column 1: a: an unknown key; a view has a name and a line",
        "line 7, column 8: a: another view above has this name",
        "line 9, column 2: an unknown key; views are written as [[view]]",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_view_is_put_into_its_place_and_the_rest_stays_as_it_is() {
    let changed = put(FILE, &view("late", "penalties due=..-90d")).unwrap();
    assert_eq!(changed, FILE.replace("'debt status=overdue'", "\"penalties due=..-90d\""));
    let added = put(FILE, &view("new", "debt search=\"it's \\\"so\\\"\"")).unwrap();
    assert!(added.starts_with(FILE));
    assert_eq!(names(&read(&added).views), ["late", "notes", "new"]);
    assert_eq!(
        put("", &view("new", "debt")).unwrap(),
        "[[view]]\nname = \"new\"\nline = \"debt\"\n"
    );
    let mended = put(&FILE.replace("=overdue", "=nonsense"), &view("late", "debt")).unwrap();
    assert_eq!(names(&read(&mended).views), ["late", "notes"]);
}

#[test]
fn a_view_is_removed_and_the_rest_stays_as_it_is() {
    let second = FILE.split_once("# the second").unwrap().1;
    assert_eq!(remove(FILE, "late").unwrap(), format!("# mine\n# the second{second}"));
    assert_eq!(names(&read(&remove(FILE, "notes").unwrap()).views), ["late"]);
    assert_eq!(remove(FILE, "no such view").unwrap(), FILE);
    let twice = format!("{FILE}\n[[view]]\nname = \"late\"\nline = \"debt\"\n# the end\n");
    assert_eq!(names(&read(&remove(&twice, "late").unwrap()).views), ["notes"]);
    let added = put(&twice, &view("new", "debt")).unwrap();
    assert!(added.starts_with(&twice), "{added}");
}

#[test]
fn a_file_that_cannot_be_changed_without_loss_is_left_alone() {
    let inline = "view = [{ name = \"a\", line = \"debt\" }]\n";
    assert_eq!(names(&read(inline).views), ["a"]);
    assert!(put(inline, &view("b", "debt")).is_err());
    let cut = "[[view]]\nname = \"a\"\nline = '''debt\n";
    let fault = put(cut, &view("b", "debt")).unwrap_err();
    assert_eq!(fault.line, 4);
}

proptest! {
    #[test]
    fn any_file_is_read_and_no_change_loses_a_view(
        cut in 0usize..200, junk in "[\"'\\[\\]a-z=\n]{0,12}", name in "[a-z]{1,5}",
    ) {
        let (start, end) = FILE.split_at(cut.min(FILE.len()));
        let file = format!("{start}{junk}{end}");
        let before = read(&file);
        let added = view(&name, "penalties status=paid");
        if let Ok(changed) = put(&file, &added) {
            let after = read(&changed).views;
            prop_assert!(after.contains(&added));
            prop_assert!(before.views.iter().all(|v| v.name == name || after.contains(v)));
        }
        if let Ok(changed) = remove(&file, "late") {
            let left: Vec<View> = before.views.into_iter().filter(|v| v.name != "late").collect();
            prop_assert_eq!(read(&changed).views, left);
        }
    }
}
