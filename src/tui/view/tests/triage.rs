//! Snapshots of triage: the queue, its groups, the matrix, notes, what changed, an empty queue.

use crate::net::pager::Pager;
use crate::triage::Decision;
use crate::triage::memory::Entry;
use crate::tui::view::tests::*;

/// Penalties in every status, of all ages, in several currencies; some of one booking.
fn penalty(index: u32) -> Record {
    let status = ["notify", "pending", "paid", "waived", "settled"][index as usize % 5];
    let due = match index % 7 {
        0 => "null".to_owned(),
        age => format!(
            "\"{}\"",
            at(0).local.date() - chrono::TimeDelta::days(i64::from(age) * 31 - 40)
        ),
    };
    let currency = ["EUR", "PLN", "EUR", "HUF"][index as usize % 4];
    let json = format!(
        r#"{{"id":"p{index}","booking_id":"BK{}","status":"{status}","amount":{},
            "currency":"{currency}","due_date":{due},"invoice_number":"PEN-2026-{index}",
            "amount_eur":{},"rate_to_eur":"4.2500000000","timestamp_notify":"2026-01-20T09:00:00Z",
            "settled_booking":{},"original_booking_amount":90000,"final_amount":60000}}"#,
        100_234 + index / 2,
        u64::from(index) * 73_219 + 5_000,
        u64::from(index) * 17_000 + 1_000,
        if status == "settled" { "\"BK999999\"" } else { "null" },
    );
    Record::read(Spec::named("penalties").unwrap(), &json)
}

/// A session in triage with so many penalties; the booking of the first row is loaded.
fn queue(size: (u16, u16), total: u32) -> Screen {
    let mut screen = Screen::loaded(size, 5);
    let rows: Vec<Record> = (0..total).map(penalty).collect();
    let asked = screen.key("4");
    screen.come(asked, &rows);
    let model = &mut screen.0;
    model.cx.kept.remembers = true;
    for (index, verdict) in [(3, Decision::Done), (5, Decision::Dispute), (8, Decision::Waiver)] {
        let Some(row) = rows.get(index) else { continue };
        let note = if index == 5 { "called, the tenant never arrived" } else { "" }.to_owned();
        let entry =
            Entry { decision: Some(verdict), note, is_flagged: index == 8, ..Entry::new(row) };
        model.cx.kept.memory.entries.insert(format!("p{index}"), entry);
    }
    screen.press("t").rested()
}

impl Screen {
    /// Answers the requests with these rows.
    fn come(&mut self, asked: Vec<Effect>, rows: &[Record]) {
        for effect in asked {
            let Effect::Network(NetCommand::Send(ticket, ..)) = effect else { continue };
            let total = Some(rows.len() as u64);
            let page =
                Page { rows: rows.to_vec(), total, current: 1, last: Some(1), per_page: 100 };
            let answer = Ok(Response::Page(page));
            let _ = update(&mut self.0, at(1_000), Msg::Answered(ticket, answer));
        }
    }

    /// Rests on the row until its booking is loaded.
    fn rested(mut self) -> Self {
        for elapsed in [4_000, 5_000] {
            let effects = update(&mut self.0, at(elapsed), Msg::Woken);
            self.answer(effects, 5);
        }
        self
    }
}

#[test]
fn the_queue_and_what_it_says() {
    snapshot("triage", |size| queue(size, 42));
    snapshot("triage_settled", |size| {
        let mut screen = queue(size, 42).press("H");
        let settled = |it: &Record| it.text("status").unwrap().shown() == "settled";
        while !screen.0.table().unwrap().selected().is_some_and(settled) {
            let _ = screen.key("j");
        }
        screen.rested()
    });
    snapshot("triage_decided", |size| queue(size, 42).press("d D W H G"));
    snapshot("triage_by_booking", |size| queue(size, 42).press("s j j j j j j j j j j j j"));
    snapshot("triage_by_status", |size| queue(size, 42).press("s s"));
    snapshot("triage_snooze", |size| queue(size, 42).press("w j"));
    snapshot("triage_note", |size| queue(size, 42).press("i c a l l"));
    snapshot("triage_empty", |size| queue(size, 2).press("a d"));
    snapshot("triage_changed", |size| {
        let mut screen = queue(size, 42);
        let changed = r#"{"id":"p5","booking_id":"BK100236","status":"paid","amount":5000,
            "currency":"PLN","timestamp_paid":"2026-11-19T09:00:00Z"}"#;
        let record = Record::read(Spec::named("penalties").unwrap(), changed);
        let rows = (0..42).map(|at| if at == 5 { record.clone() } else { penalty(at) });
        let asked = screen.key("r");
        screen.come(asked, &rows.collect::<Vec<_>>());
        screen.press("g")
    });
}

#[test]
fn the_matrix_and_its_cells() {
    snapshot("overview", |size| queue(size, 42).press("t j l l"));
    snapshot("overview_far", |size| queue(size, 42).press("t j l l l l l l l l l l"));
    snapshot("overview_narrowed", |size| queue(size, 42).press("t l l enter"));
    snapshot("overview_unkept", |size| {
        let mut screen = queue(size, 42);
        screen.0.cx.kept.remembers = false;
        screen
    });
    snapshot("overview_part", |size| {
        let mut screen = queue(size, 42);
        let list = &mut screen.0.cx.lists[3];
        let rows = list.table.records().to_vec();
        let page = Page { rows, total: Some(412), current: 1, last: Some(5), per_page: 100 };
        (list.total, list.pager) = (Some(412), Pager::growing());
        let _ = list.pager.next_query(&list.query.clone(), 1);
        let _ = list.pager.on_page(1, page);
        screen
    });
}

#[test]
fn no_amount_is_cut_at_any_width_that_valora_takes() {
    for width in 40..160 {
        let mut screen = queue((width, 30), 42);
        let _ = screen.key("p");
        let (table, mut seen) = (screen.0.table().unwrap(), 0);
        let buffer = screen.buffer(&Theme::sixteen());
        let lines: Vec<String> =
            (0..30).map(|y| (0..width).map(|x| buffer[(x, y)].symbol()).collect()).collect();
        for row in 0..5 {
            let record = table.row(row).unwrap();
            let amount = format!(" {}  {}", record.cell(3), record.currency());
            seen += usize::from(lines.iter().any(|line| line.contains(&amount)));
        }
        assert_eq!(seen, 5, "{width}:\n{}", lines.join("\n"));
    }
}
