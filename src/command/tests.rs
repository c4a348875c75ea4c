//! Parsing of lines, errors with their positions, and that printing and parsing are inverse.

mod values;

use proptest::prelude::*;

use crate::command::columns::tests::SETTLED;
use crate::command::*;
use std::ops::Range;

use crate::domain::input::InputError;
use crate::list::ALL;
use crate::list::filter::FilterKind;
use crate::list::record::Record;

fn spec(key: &str) -> &'static Spec {
    Spec::named(key).unwrap()
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn context() -> Context<'static> {
    Context {
        here: SETTLED.iter().copied().find(|it| it.is(spec("penalties"))),
        shapes: &SETTLED,
        today: Some(today()),
        views: &["late", "this month's payouts"],
        seen_words: Some(&[]),
        ..Context::default()
    }
}

/// Parses a line, and checks its filters for today.
fn read(text: &str) -> Result<Command, InputError> {
    let command = parse(text, &context())?;
    if let Command::List(list) = &command {
        list.query(today()).map_err(|invalid| locate(text, &invalid))?;
    }
    Ok(command)
}

#[test]
fn lines_are_read_and_printed_in_one_form() {
    let table = [
        (
            "penalties status=notify due=-90d.. amount=100.. sort=-amount columns=+days,-currency",
            "penalties status=notify due=-90d.. amount=100.. sort=-amount columns=+days,-currency",
        ),
        (":Penalties  due_date=2026-11 ", "penalties due=2026-11"),
        ("penalties due_date_from=-30d", "penalties due_date_from=-30d"),
        (
            "invoices doc_type=\"Credit Note\" sort=amount",
            "invoices doc_type=\"Credit Note\" sort=amount_gross",
        ),
        ("invoices sort=+issued", "invoices sort=issue_date"),
        ("transactions search=\"a\\\"b\\\\c \"", "transactions search=\"a\\\"b\\\\c \""),
        ("transactions search=a=b&c%20+d", "transactions search=a=b&c%20+d"),
        ("invoices new_param=x", "invoices new_param=x"),
        ("debt columns=reference_id,amount", "debt columns=reference_id,amount"),
        ("booking HB=123", "booking HB=123"),
        ("b \"HB 123\"", "booking \"HB 123\""),
        ("b BK 417356", "booking \"BK 417356\""),
        ("sort -amount", "sort -amount"),
        ("sort", "sort"),
        ("columns +days -currency", "columns +days -currency"),
        ("columns +days,-currency", "columns +days -currency"),
        ("columns", "columns"),
        ("view this month's payouts", "view \"this month's payouts\""),
        ("save late", "save late"),
        ("copy-view", "copy-view"),
        ("load ALL", "load all"),
        ("asof -30D", "asof -30D"),
        ("asof", "asof"),
        ("group Booking", "group booking"),
        ("group", "group none"),
        ("worklist", "worklist csv"),
        ("changes", "changes"),
        ("changes yesterday", "changes since=yesterday"),
        ("q", "quit"),
        (":help", "help"),
    ];
    for (typed, printed) in table {
        let line = read(typed).unwrap();
        assert_eq!(print(&line), printed);
        assert_eq!(read(printed).as_ref(), Ok(&line));
    }
}

/// A line, the position of its mistake, and the error.
const WRONG: &[(&str, Range<usize>, &str)] = &[
    ("", 0..0, "type a list name or a command"),
    (
        "penalites status=paid",
        0..9,
        "there is no list or command penalites; did you mean penalties?",
    ),
    ("xyzzy", 0..5, "there is no list or command xyzzy"),
    ("penalties status=payd", 17..21, "not a documented status; did you mean paid?"),
    (
        "penalties sort=-due_date stauts=pending",
        25..31,
        "stauts is not a filter of penalties; did you mean status?",
    ),
    (
        "transactions issued=2026-10",
        13..19,
        "issued is not a filter of transactions; did you mean paid?",
    ),
    ("penalties status=", 17..17, "a value is missing"),
    ("penalties status", 16..16, "a value is missing: status=…"),
    ("penalties HB1", 10..13, "HB1 is not a filter; write name=value, as in search=…"),
    ("penalties due=2026-02-31", 22..24, "February 2026 has 28 days"),
    (":penalties due=\"2026-02-31\"", 24..26, "February 2026 has 28 days"),
    ("penalties amount=1,500", 17..22, "1500 or 1.500? Write 1500, or use two decimals"),
    ("penalties page=2", 10..14, "page is set by valora itself"),
    ("penalties é=2", 10..11, "names can contain only letters, digits and _"),
    ("penalties status=paid status=paid", 22..33, "status is set twice"),
    ("penalties due=-1d.. due_date_to=today", 20..37, "due already sets this filter"),
    ("penalties due_date_from=today due_date_to=-1d", 42..45, "the range ends before it begins"),
    (
        "penalties due=2026-11-21..today",
        26..31,
        "ends on 2026-11-20, before it begins on 2026-11-21",
    ),
    ("penalties sort=amuont", 15..21, "Penalties has no such column; did you mean amount?"),
    ("penalties sort=amount sort=status", 22..33, "sort is set twice"),
    ("penalties columns=+days,-nope", 24..29, "Penalties has no such column"),
    (
        "penalties columns=+days,status",
        24..30,
        "write either a list of columns, or changes with + and -",
    ),
    ("penalties columns=+days,-days", 24..29, "days is named twice"),
    ("penalties columns=-booking_id", 18..29, "the first column cannot be hidden"),
    ("penalties search=\"a b", 17..21, "the quote is not closed"),
    ("penalties search=\"a\"b", 20..21, "a space is missing after the quoted text"),
    (
        "penalties search=a\"b",
        18..19,
        "put the value in quotes; inside quotes, write \\\" for a quote",
    ),
    (
        "penalties search=\"a\\b\"",
        19..20,
        "inside quotes, write \\\\ for a backslash and \\\" for a quote",
    ),
    ("booking", 7..7, "the booking reference is missing"),
    ("booking A B", 10..11, "booking accepts only REF"),
    ("booking \"a\u{7}\"", 10..11, "contains a control character"),
    ("asof 2026-02-30", 13..15, "February 2026 has 28 days"),
    ("group colour", 6..12, "group accepts one of none, booking, status"),
    ("changes yesterday now", 18..21, "changes accepts only [since=DATE]"),
    ("changes until=today", 8..13, "changes accepts only since="),
    ("quit now", 5..8, "quit takes no arguments"),
    ("load some", 5..9, "load accepts only all"),
    ("view ", 4..4, "the view name is missing"),
    ("save \" x\"", 5..9, "a name cannot begin or end with a space"),
];

#[test]
fn a_mistake_is_explained_at_its_place() {
    for (typed, at, why) in WRONG {
        let error = read(typed).unwrap_err();
        assert_eq!((&error.span, error.why.as_str()), (at, *why), "{typed}");
    }
    assert_eq!(read("debt status=payd").unwrap_err().expected[..2], ["pending", "overdue"]);
    assert!(parse("sort amount", &Context::default()).unwrap_err().why.contains("no list here"));
    let strange = read("\u{1b}[31mstrange\u{202e}").unwrap_err().why;
    assert!(!strange.contains(['\u{1b}', '\u{202e}']), "{strange}");
}

#[test]
fn what_depends_on_the_day_is_judged_on_that_day() {
    let text = "penalties due=2026-11-21..today";
    let Ok(Command::List(line)) = parse(text, &Context::default()) else { panic!("not read") };
    assert_eq!(line.query(today()).unwrap_err().name, "due");
    assert!(line.query(today().succ_opt().unwrap()).is_ok());
}

#[test]
fn parameters_that_nobody_knows_are_kept_and_told() {
    let text = "invoices new_param=x doctype=y";
    let Ok(Command::List(line)) = parse(text, &Context::default()) else { panic!("not read") };
    assert_eq!(
        line.unknown().collect::<Vec<_>>(),
        [("new_param", None), ("doctype", Some("doc_type"))]
    );
    let query = line.query(today()).unwrap();
    let sent: Vec<_> = query.pairs().into_iter().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(sent[..2], ["new_param", "doctype"]);
}

#[test]
fn columns_are_changed_or_listed_and_the_first_one_stays() {
    let columns = |text: &str| match read(&format!("transactions columns={text}")) {
        Ok(Command::List(line)) => line.columns.of(line.spec).join(" "),
        other => panic!("{other:?}"),
    };
    let usual = "booking_id issued_on amount currency beneficiary type action bank_account";
    assert_eq!(Columns::default().of(spec("transactions")).join(" "), usual);
    assert_eq!(
        columns("-type,-action,+amount"),
        "booking_id issued_on amount currency beneficiary bank_account"
    );
    assert_eq!(columns("amount,paid"), "booking_id amount issued_on");
    assert_eq!(spec("penalties").column("days"), Some("days"));
}

#[test]
fn arguments_of_a_shell_make_the_same_line() {
    let arguments = ["invoices", "doc_type=Credit Note", "search=a\"b", "x=", "\\"];
    let text = from_arguments(arguments);
    assert_eq!(text, "invoices doc_type=\"Credit Note\" search=\"a\\\"b\" x=\"\" \"\\\\\"");
}

fn offered(text: &str) -> Vec<String> {
    let cursor = text.chars().count();
    complete(text, cursor, &context()).into_iter().map(|offered| offered.text).collect()
}

#[test]
fn what_can_stand_at_the_cursor_is_offered() {
    let table: &[(&str, &[&str])] = &[
        ("py", &["copy-view"]),
        (":deb", &["debt"]),
        ("penalties st", &["status="]),
        ("penalties status=paid st", &[]),
        ("penalties du", &["due=", "due_date_from=", "due_date_to="]),
        ("penalties due=-1d.. du", &[]),
        ("penalties due_date_to=today du", &["due_date_from="]),
        ("penalties status=p", &["pending", "paid"]),
        ("penalties status=\"p", &["pending", "paid"]),
        ("penalties sort=-am", &["-amount", "-amount_eur"]),
        ("penalties columns=-type,da", &["-due_date", "-days"]),
        ("invoices doc_type=c", &["\"Credit Note\"", "Invoice"]),
        ("scheduled currency=u", &["USD", "EUR"]),
        ("penalties new_param=", &[]),
        ("sort am", &["amount", "amount_eur", "-amount", "-amount_eur"]),
        ("columns +days -cu", &["-currency"]),
        ("view th", &["\"this month's payouts\""]),
        ("view ", &["late", "\"this month's payouts\""]),
        ("load ", &["all"]),
        ("quit ", &[]),
        ("nonsense ", &[]),
    ];
    for (text, expected) in table {
        let offered = offered(text);
        let known: Vec<_> =
            offered.iter().filter(|text| expected.contains(&text.as_str())).collect();
        assert_eq!(known, *expected, "{text}: {offered:?}");
        assert_eq!(expected.is_empty(), offered.is_empty(), "{text}: {offered:?}");
    }
    assert_eq!(offered("").len(), ALL.len() + COMMANDS.len());
}

#[test]
fn a_completion_says_what_it_replaces_and_means() {
    let one = |text: &str, cursor| complete(text, cursor, &context()).remove(0);
    let days = one("penalties due=-3 sort=amount", 16);
    assert_eq!((days.replace, days.text.as_str()), (14..16, "-30d"));
    assert_eq!(days.describes, "due_date_from=2026-10-21 due_date_to=2026-11-20");
    let own = one("penalties due=-7d", 17);
    assert_eq!(own.describes, "due_date_from=2026-11-13 due_date_to=2026-11-20");
    let inside = one("penal debt", 3);
    assert_eq!((inside.replace, inside.text.as_str()), (0..5, "penalties"));
    let next = one("penalties  status=paid", 10);
    assert_eq!((next.replace, next.text.as_str()), (10..10, "search="));
    let column = one("penalties columns=+days,-cu", 27);
    assert_eq!((column.replace, column.text.as_str()), (24..27, "-currency"));
}

#[test]
fn every_parameter_of_every_list_is_offered_and_every_known_value_can_be_read() {
    for spec in ALL {
        let text = format!("{} ", spec.key);
        for offered in complete(&text, text.len(), &context()) {
            let with_name = format!("{text}{}", offered.text);
            for value in complete(&with_name, with_name.chars().count(), &context()) {
                let whole = format!("{with_name}{}", value.text);
                assert!(read(&whole).is_ok(), "{whole}: {:?}", read(&whole));
            }
        }
        let names: Vec<_> =
            complete(&text, text.len(), &context()).into_iter().map(|c| c.text).collect();
        for filter in spec.filters {
            assert!(names.contains(&format!("{}=", filter.param)), "{}.{}", spec.key, filter.param);
        }
    }
}

/// Any value of a text filter.
fn any_text() -> impl Strategy<Value = String> {
    let odd = "[ \"\\\\&=+%:,'a-cé李\u{a0}-]{1,8}";
    prop_oneof!["\\PC{1,20}", odd].prop_filter("means something", |text| !text.trim().is_empty())
}

fn any_columns(spec: &'static Spec) -> impl Strategy<Value = Columns> {
    let names: Vec<&'static str> = columns::names(spec).map(|(name, _)| name).skip(1).collect();
    let some = proptest::sample::subsequence(names.clone(), 0..names.len());
    (some, any::<u32>(), any::<bool>()).prop_map(|(names, signs, is_list)| {
        if is_list && !names.is_empty() {
            return Columns::Exactly(names);
        }
        let change =
            |(at, column): (u32, &'static str)| Change { column, is_shown: signs >> at & 1 == 1 };
        Columns::Changed((0..32).zip(names).map(change).collect())
    })
}

fn any_list() -> impl Strategy<Value = ListCommand> {
    (0..ALL.len()).prop_flat_map(|at| {
        let spec = ALL[at];
        let names: Vec<&'static str> = columns::names(spec).map(|(name, _)| name).collect();
        let sort = (proptest::sample::select(names), any::<bool>())
            .prop_map(|(column, descending)| Sort { column, descending });
        let values = proptest::collection::vec(any_text(), 3);
        let ranges = proptest::sample::select(vec!["100..500", "..0.5", " 7 "]);
        let parts = (values, ranges, any::<u8>(), proptest::option::of(sort), any_columns(spec));
        parts.prop_map(move |(texts, amount, which, sort, columns)| {
            let mut pairs: Vec<(&str, String)> = vec![
                ("search", texts[0].clone()),
                ("new.param[]", texts[1].clone()),
                ("amount", amount.to_owned()),
            ];
            let exact = spec.filters.iter().find(|f| f.kind == FilterKind::Exact).unwrap();
            pairs.push((exact.param, texts[2].clone()));
            let filters = (0..8u32)
                .zip(pairs)
                .filter(|(at, _)| which >> at & 1 == 1)
                .map(|(_, (name, typed))| {
                    let target = FilterTarget::named(spec.filters, name).unwrap();
                    FilterValue::literal(target, &typed).unwrap()
                })
                .collect();
            ListCommand { spec, filters, sort, columns }
        })
    })
}

fn any_line() -> impl Strategy<Value = Command> {
    let here = spec("penalties");
    let name = || {
        "[a-zé\"\\\\=:'-][a-z \"\\\\=]{0,6}[a-z\"\\\\]"
            .prop_filter("is a name", |name| check_view_name(name).is_ok())
    };
    prop_oneof![
        6 => any_list().prop_map(Command::List),
        2 => any_text().prop_map(Command::Booking),
        1 => any_columns(here).prop_map(Command::Columns),
        1 => any::<bool>().prop_map(|descending| Command::Sort(Some(Sort { column: "days", descending }))),
        1 => name().prop_map(Command::View),
        1 => name().prop_map(Command::Save),
        1 => proptest::sample::select(vec![Command::CopyView, Command::Theme("light"), Command::Mouse, Command::Chart, Command::LoadAll, Command::Quit, Command::Help, Command::Sort(None), Command::Auto(None), Command::Auto(Some(90))]),
    ]
}

proptest! {
    #[test]
    fn reading_what_was_printed_gives_the_same_line(line in any_line()) {
        let printed = print(&line);
        prop_assert_eq!(read(&printed), Ok(line), "{}", printed);
        prop_assert!(!printed.contains('\n'));
    }

    #[test]
    fn any_text_is_read_or_explained_and_can_be_completed(
        text in "\\PC{0,30}|(penalties|debt|invoices|sort|columns|view|load)( [a-z_]{0,8}=?[\"\\\\0-9a-z,.+-]{0,10}){0,3}",
        cursor in 0usize..40,
    ) {
        let length = text.chars().count();
        match read(&text) {
            Ok(line) => prop_assert_eq!(read(&print(&line)), Ok(line)),
            Err(error) => prop_assert!(error.span.start <= error.span.end && error.span.end <= length, "{error:?}"),
        }
        for offered in complete(&text, cursor, &context()) {
            prop_assert!(offered.replace.start <= offered.replace.end && offered.replace.end <= length);
        }
    }
}

#[test]
fn an_error_repeats_at_most_25_cells_of_what_was_typed() {
    let error = parse(&"李".repeat(30), &Context::default()).unwrap_err();
    let shown = format!("there is no list or command {}…", "李".repeat(12));
    assert_eq!(error.why, shown);
}
