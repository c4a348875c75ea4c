//! Snapshots of the menu, the plan, the outcome and the log of writes.

use insta::assert_debug_snapshot;

use crate::payments::write::Write;
use crate::tui::modal::writing::Writing;
use crate::tui::modal::writing::tests::{
    block, cancel, confirmed, fees, menu, news, outcome, payments, planned, seen, show, slowly,
    type_text,
};
use crate::tui::stack::Tui;
use crate::tui::tests::press;
use crate::tui::theme::Theme;
use crate::tui::view::tests::Screen;
use crate::tui::writes::WriteNews;
use crate::writes::log::{Contents, Entry};
use crate::writes::outcome::{Progress, Verdict};
use crate::writes::plan::Plan;
use crate::writes::seen::{AccountSeen, Seen, Text};

const SIZES: [(u16, u16); 2] = [(80, 24), (140, 40)];

fn snapshot(name: &str, make: impl Fn(&mut Tui)) {
    for size in SIZES {
        let mut tui = payments(true);
        tui.cx.session.environment = "PRODUCTION".to_owned();
        tui.cx.session.is_production = true;
        tui.cx.size = size;
        press(&mut tui, "ctrl-l");
        make(&mut tui);
        let buffer = Screen(tui).buffer(&Theme::sixteen());
        assert_debug_snapshot!(format!("{name}_{}x{}", size.0, size.1), buffer);
    }
}

#[test]
fn menus() {
    snapshot("writes_menu", |tui| menu(tui, true));
    snapshot("writes_menu_locked", |tui| {
        tui.cx.writes.close();
        menu(tui, false);
    });
    snapshot("writes_unlock", |tui| {
        tui.cx.writes.close();
        slowly(tui, ": w r i t e enter a c m");
    });
}

#[test]
fn plans() {
    snapshot("write_plan", |tui| {
        menu(tui, false);
        show(tui, block());
        type_text(tui, "tenant disputes the amount, ticket 4711");
        slowly(tui, "enter H");
    });
    snapshot("write_plan_final", |tui| {
        menu(tui, false);
        press(tui, "j j");
        show(tui, cancel());
        press(tui, "enter");
    });
    snapshot("write_plan_fees", |tui| {
        show_now(tui, fees(9));
        slowly(tui, "x enter");
    });
    snapshot("write_plan_match", |tui| show_now(tui, matched()));
    snapshot("write_plan_changed", |tui| {
        confirmed(tui);
        let now = block_now();
        let mut changed = outcome(&now.write, Verdict::Changed, "changed");
        (changed.id, changed.plan) = (None, Some(Box::new(now)));
        news(tui, WriteNews::Ended(Some(Box::new(changed))));
    });
}

/// Shows a plan whatever the menu offers.
fn show_now(tui: &mut Tui, plan: Plan) {
    let mut window = Writing::awaiting(7, plan.write.clone(), tui.cx.now);
    window.prepared(Ok(Box::new(plan)));
    tui.cx.open(window);
    slowly(tui, "tab");
}

/// Two properties, with a warning, in wide letters.
fn matched() -> Plan {
    let id = |at: u8| format!("5c4cd17f-89d5-4b5f-8f0f-9649d629781{at}");
    let write = Write::Match { account: id(0), properties: vec![id(1), id(2)] };
    let text = |text: &str| Some(Text::new(text));
    planned(
        write,
        Seen::Account(AccountSeen {
            beneficiary: text("王小明租赁管理有限公司上海分公司第一营业部"),
            iban: text("ES•• •••• •••• •••• •••• 1332"),
            iban_changed: text("2026-11-08T09:13:58Z"),
            ..AccountSeen::default()
        }),
    )
}

fn block_now() -> Plan {
    let write = Write::Block { id: "0".to_owned() };
    planned(write, seen(false, 50_000))
}

#[test]
fn outcomes() {
    let end = |tui: &mut Tui, verdict, says: &str, status| {
        confirmed(tui);
        let mut it = outcome(&block().write, verdict, says);
        it.status = status;
        news(tui, WriteNews::Ended(Some(Box::new(it))));
    };
    snapshot("write_under_way", |tui| {
        confirmed(tui);
        let next = std::time::Duration::from_secs(5);
        news(tui, WriteNews::Progress(Progress::Waiting { next }));
    });
    snapshot("write_done", |tui| end(tui, Verdict::Done, "the payment is blocked", Some(204)));
    snapshot("write_refused", |tui| {
        let says = "not carried out: the server denies access with this token (403: Forbidden)";
        end(tui, Verdict::Refused, says, Some(403));
    });
    snapshot("write_unknown", |tui| {
        let says = "result unknown: the server closed the connection. Not seen: the payment is not \
                    blocked; it may still come. The program does not send it again; `valora audit` \
                    looks again";
        end(tui, Verdict::Unknown, says, None);
    });
}

fn log() -> Contents {
    let lines = include_str!("audit.jsonl").lines();
    let entries: Vec<Entry> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    Contents { entries, broken: vec![4], ..Contents::default() }
}

#[test]
fn the_log() {
    snapshot("audit", |tui| {
        press(tui, ": a u d i t enter");
        news(tui, WriteNews::Log(Ok(Box::new(log()))));
    });
    snapshot("audit_detail", |tui| {
        press(tui, ": a u d i t enter");
        news(tui, WriteNews::Log(Ok(Box::new(log()))));
        press(tui, "j enter");
    });
    snapshot("audit_empty", |tui| {
        press(tui, ": a u d i t enter");
        news(tui, WriteNews::Log(Ok(Box::default())));
    });
}

#[test]
fn any_size_is_drawn() {
    for size in [(40, 10), (60, 12), (200, 60), (30, 3)] {
        let mut tui = payments(true);
        tui.cx.size = size;
        menu(&mut tui, false);
        show(&mut tui, block());
        press(&mut tui, "pgdn pgdn pgup");
        let buffer = Screen(tui).buffer(&Theme::mono());
        let text: String = buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect();
        let words = if size.1 < 10 { "valora needs" } else { "Type HB100003" };
        assert!(text.contains(words), "{size:?}: {text}");
    }
}
