//! Texts that are not shown as received, rows that cannot be read, totals in many currencies.

use crate::list::record::Record;
use crate::tui::theme::Theme;
use crate::tui::view::tests::Screen;

/// The lines of the list of penalties with these rows.
fn lines(size: (u16, u16), rows: &[String], keys: &str, is_ascii: bool) -> Vec<String> {
    let mut screen = Screen::loaded(size, 1_234).press("4");
    let list = &mut screen.0.cx.lists[screen.0.cx.tab];
    let spec = list.spec();
    list.table.replace([rows.iter().map(|json| Record::read(spec, json)).collect()]);
    let mut screen = screen.press(keys);
    screen.0.cx.looks.is_ascii = is_ascii;
    let buffer = screen.buffer(&Theme::mono());
    let line = |cells: &[ratatui::buffer::Cell]| {
        cells.iter().map(ratatui::buffer::Cell::symbol).collect::<String>()
    };
    buffer.content().chunks(size.0.into()).map(line).collect()
}

fn rows() -> Vec<String> {
    [
        r#"{"id":"1","booking_id":"BK1","amount":100,"currency":"EUR"}"#,
        r#"{"id":"2","booking_id":"BK\u200b1","amount":100,"currency":"EUR"}"#,
        "42",
    ]
    .map(str::to_owned)
    .to_vec()
}

#[test]
fn a_text_that_is_not_shown_as_it_came_is_marked_where_no_data_stands() {
    for (is_ascii, sign) in [(false, '≈'), (true, '~')] {
        let lines = lines((140, 40), &rows(), "", is_ascii);
        let of = |text: &str| lines.iter().filter(|line| line.contains(text)).collect::<Vec<_>>();
        let booking = of("BK1");
        assert_eq!(booking.len(), 2, "{lines:#?}");
        assert!(!booking[0].contains(sign), "{}", booking[0]);
        assert_eq!(booking[1].chars().filter(|c| *c == sign).count(), 1, "{}", booking[1]);
        // After the last cell of the column, wherever its texts end.
        let header = of("Booking").into_iter().find(|line| line.contains("Amount")).unwrap();
        let at = booking[1].chars().position(|c| c == sign).unwrap();
        let [here, behind] = [at, at + 1].map(|at| header.chars().nth(at).unwrap());
        assert_eq!((here, behind), (' ', ' '), "{header}");
    }
    let detail = lines((140, 40), &rows(), "j p", false).join("\n");
    assert!(detail.contains("≈ as received"), "{detail}");
    assert!(detail.contains(r"BK\u{200b}1"), "{detail}");
}

#[test]
fn a_row_that_could_not_be_read_says_so_and_is_counted() {
    let lines = lines((140, 40), &rows(), "", false);
    let shown = lines.join("\n");
    assert!(shown.contains("✗ cannot be read: 42"), "{shown}");
    assert!(
        lines
            .iter()
            .any(|line| line.contains("row 1 of") && line.contains("1 row could not be read")),
        "{shown}"
    );
}

#[test]
fn the_queue_of_triage_marks_them_too() {
    let lines = lines((140, 40), &rows(), "t", false);
    let marked = lines
        .iter()
        .filter(|line| line.contains("BK1≈") || line.contains("BK1 ") && line.contains('≈'));
    assert_eq!(marked.count(), 1, "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("✗ cannot be read")), "{lines:#?}");
}

#[test]
fn of_thousands_of_currencies_the_first_are_shown_and_the_rest_is_counted() {
    let row = |at: u32| {
        let letter = |of: u32| char::from_u32(u32::from('A') + of % 26).unwrap();
        let code: String = [at / 676, at / 26, at].map(letter).iter().collect();
        format!(r#"{{"id":"{at}","amount":{at},"currency":"{code}"}}"#)
    };
    let rows: Vec<String> = (0..1_500).map(row).collect();
    for keys in ["", "a", "t"] {
        let shown = lines((140, 40), &rows, keys, false).join("\n");
        let counted = shown.split(" + ").nth(1).and_then(|rest| rest.split(' ').next());
        let more: u32 = counted.unwrap_or_default().replace(',', "").parse().unwrap_or_default();
        assert!((1_480..1_500).contains(&more), "{keys}: {shown}");
    }
}
