//! Made-up plans, outcomes and news, and the keys that lead to them.

use crate::domain::text::Untrusted;
use crate::net::response::Response;
use crate::payments::fields::Fields;
use crate::payments::response::Response as Payments;
use crate::payments::subject::Hosts;
use crate::payments::write::{Permit, Write};
use crate::tui::effect::Effect;
use crate::tui::msg::{Msg, Now};
use crate::tui::stack::Tui;
use crate::tui::tests::{answer_all, at, fetches, loaded, press};
use crate::tui::update::update;
use crate::tui::writes::{WriteCommand, WriteNews, Writes};
use crate::writes::outcome::{Outcome, Verdict};
use crate::writes::permission::Allowed;
use crate::writes::plan::{Place, Plan, Who, plan};
use crate::writes::seen::{Fee, FeesSeen, PaymentSeen, Seen, Text};

pub(in crate::tui) fn at_utc(elapsed: u64) -> Now {
    Now { utc: 1_795_000_000_000 + i64::try_from(elapsed).unwrap(), ..at(elapsed) }
}

/// The list of payments of a profile that allows all writes.
pub(in crate::tui) fn payments(is_open: bool) -> Tui {
    let mut tui = loaded(5);
    tui.cx.now = at_utc(1_000);
    tui.cx.size = (100, 30);
    tui.cx.connect(Hosts { payments: true, finance: true });
    let all = [Permit::Block, Permit::Cancel, Permit::CancelFees, Permit::Match];
    let place = ["acme", "PRODUCTION"].map(str::to_owned);
    tui.cx.writes = Writes::of(Allowed::new(all), place, is_open, tui.cx.now);
    let effects = press(&mut tui, "6");
    answer_all(&mut tui, effects, 5);
    tui
}

pub(in crate::tui) fn seen(is_blocked: bool, amount: i64) -> Seen {
    Seen::Payment(PaymentSeen {
        is_blocked: Some(is_blocked),
        updated_at: Some(Text::new("2026-11-09T15:13:00Z")),
        status: Some(Text::new("failed")),
        kind: Some(Text::new("rent-collection")),
        reference: Some(Text::new("HB100003")),
        due: Some(Text::new("2026-10-04")),
        amount: Some(amount),
        currency: Some(Text::new("AED")),
        last_event: Some(7),
        effects: Vec::new(),
    })
}

pub(in crate::tui) fn planned(write: Write, before: Seen) -> Plan {
    let who = Who { sub: Some(Untrusted::new("agent@example.com")), exp: None };
    let place = Place {
        profile: "acme".to_owned(),
        environment: "PRODUCTION".to_owned(),
        url: format!("https://payments.spotahome.com/{}", write.segments().unwrap().join("/")),
        who,
    };
    plan(write, before, place, 0).unwrap()
}

pub(in crate::tui) fn block() -> Plan {
    planned(Write::Block { id: "0".to_owned() }, seen(false, 37_270))
}

pub(in crate::tui) fn cancel() -> Plan {
    planned(Write::Cancel { id: "0".to_owned() }, seen(false, 37_270))
}

/// Presses a key, and says whether the payment under the cursor is blocked.
pub(in crate::tui) fn menu(tui: &mut Tui, is_blocked: bool) {
    let asked = fetches(&slowly(tui, "!"));
    let [(ticket, ..)] = &asked[..] else { panic!("{asked:?}") };
    let fields = Fields::read(&format!(r#"{{"isBlocked":{is_blocked}}}"#)).unwrap();
    let answer = Response::Payments(Box::new(Payments::Object(fields)));
    let now = tui.cx.now;
    let _ = update(tui, now, Msg::Answered(*ticket, Ok(answer)));
}

pub(in crate::tui) fn commands<'a>(effects: &'a [Effect]) -> Vec<&'a WriteCommand> {
    let command = |effect: &'a Effect| match effect {
        Effect::Write(command) => Some(command),
        _ => None,
    };
    effects.iter().filter_map(command).collect()
}

pub(in crate::tui) fn news(tui: &mut Tui, news: WriteNews) -> Vec<Effect> {
    let now = tui.cx.now;
    update(tui, now, Msg::Writes(news))
}

/// Chooses the first entry of the menu, and shows this plan for it.
pub(in crate::tui) fn show(tui: &mut Tui, plan: Plan) {
    let effects = slowly(tui, "enter");
    let [WriteCommand::Prepare(number, write)] = commands(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(*write, plan.write);
    let number = *number;
    news(tui, WriteNews::Prepared(number, Ok(Box::new(plan))));
}

pub(in crate::tui) fn type_text(tui: &mut Tui, text: &str) -> Vec<Effect> {
    if text.is_empty() {
        return Vec::new();
    }
    let keys: Vec<String> =
        text.chars().map(|c| if c == ' ' { "space".to_owned() } else { c.to_string() }).collect();
    slowly(tui, &keys.join(" "))
}

/// Presses keys as a person does: with time between them.
pub(in crate::tui) fn slowly(tui: &mut Tui, keys: &str) -> Vec<Effect> {
    let each = keys.split(' ').flat_map(|key| {
        pass(tui, 100);
        press(tui, key)
    });
    each.collect()
}

/// Lets milliseconds pass, by both clocks.
pub(in crate::tui) fn pass(tui: &mut Tui, milliseconds: u64) {
    tui.cx.now = at_utc(tui.cx.now.elapsed + milliseconds);
}

/// The same, and whatever happens at that time.
pub(in crate::tui) fn wake_after(tui: &mut Tui, milliseconds: u64) -> Vec<Effect> {
    pass(tui, milliseconds);
    let now = tui.cx.now;
    update(tui, now, Msg::Woken)
}

pub(in crate::tui) fn outcome(write: &Write, verdict: Verdict, says: &str) -> Outcome {
    let is_sent = !matches!(verdict, Verdict::Changed | Verdict::NotSent | Verdict::NotLogged);
    Outcome {
        write: write.clone(),
        id: is_sent.then(|| "w1".to_owned()),
        verdict,
        is_unlogged: false,
        status: Some(204),
        says: says.to_owned(),
        fields: Vec::new(),
        wait: None,
        after: None,
        undo: (verdict == Verdict::Done).then(|| write.undo()).flatten(),
        plan: None,
    }
}

/// Confirms the plan to block the first payment; returns the effects.
pub(in crate::tui) fn confirmed(tui: &mut Tui) -> Vec<Effect> {
    menu(tui, false);
    show(tui, block());
    type_text(tui, "ticket 4711");
    slowly(tui, "enter");
    type_text(tui, "HB100003");
    slowly(tui, "enter")
}

/// The outcome of the write that is under way.
pub(in crate::tui) fn end(tui: &mut Tui, verdict: Verdict, status: Option<u16>) -> Vec<Effect> {
    let mut it = outcome(&block().write, verdict, "this is why");
    it.status = status;
    if verdict == Verdict::Changed {
        it.plan = Some(Box::new(planned(it.write.clone(), seen(false, 50_000))));
    }
    news(tui, WriteNews::Ended(Some(Box::new(it))))
}

/// A plan with this many fees of a booking, and the entry of the menu for it.
pub(in crate::tui) fn fees(count: usize) -> Plan {
    let text = |text: &str| Some(Text::new(text));
    let fee = |at: usize| Fee {
        id: Text::new(format!("8f2dbe69-b68f-4423-bc93-{at:012}")),
        status: text("Ready"),
        amount: Some(12_300 + i64::try_from(at).unwrap()),
        currency: text("EUR"),
        booking: text("b-1"),
        reference: text("HB100003"),
        due: None,
    };
    let write = Write::CancelFees { booking: "b-1".to_owned() };
    planned(write, Seen::Fees(FeesSeen { fees: (0..count).map(fee).collect() }))
}
