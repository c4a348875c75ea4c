//! What is offered, shown and typed, by what the reads say.

use super::*;
use crate::writes::seen::{AccountSeen, Fee, FeesSeen, Text};

fn payment_seen(is_blocked: Option<bool>, status: &str) -> PaymentSeen {
    PaymentSeen {
        is_blocked,
        status: Some(Text::new(status)),
        reference: Some(Text::new("HB100003")),
        amount: Some(137_270),
        currency: Some(Text::new("AED")),
        ..PaymentSeen::default()
    }
}

fn planned(write: Write, before: Seen) -> Result<Plan, NotPlanned> {
    let place = Place { profile: "acme".to_owned(), ..Place::default() };
    plan(write, before, place, 0)
}

fn of(write: fn(String) -> Write, seen: PaymentSeen) -> Result<Plan, NotPlanned> {
    planned(write("5c4cd17f-1".to_owned()), Seen::Payment(seen))
}

fn block(id: String) -> Write {
    Write::Block { id }
}

fn unblock(id: String) -> Write {
    Write::Unblock { id }
}

fn cancel(id: String) -> Write {
    Write::Cancel { id }
}

#[test]
fn what_is_typed_is_read_off_the_object() {
    let typed = |plan: Result<Plan, NotPlanned>| plan.unwrap().typed;
    assert_eq!(typed(of(block, payment_seen(Some(false), "Ready"))), "HB100003");
    assert_eq!(typed(of(unblock, payment_seen(Some(true), "Ready"))), "1,372.70 AED");
    assert_eq!(typed(of(cancel, payment_seen(None, "Ready"))), "cancel HB100003");
    let nameless = || PaymentSeen { is_blocked: Some(false), ..PaymentSeen::default() };
    assert_eq!(typed(of(block, nameless())), "5c4cd17f");
    for hostile in ["y", "HB\u{202e}1", "HB1 "] {
        let reference = Some(Text::new(hostile));
        assert_eq!(
            typed(of(block, PaymentSeen { reference, ..nameless() })),
            "5c4cd17f",
            "{hostile}"
        );
    }
    let blocked = PaymentSeen { is_blocked: Some(true), ..nameless() };
    assert_eq!(typed(of(unblock, blocked)), "unblock 5c4cd17f", "without an amount");
}

#[test]
fn what_does_not_fit_the_state_has_a_reason() {
    let seen = |is_blocked| payment_seen(is_blocked, "Ready");
    for (plan, is_already) in [
        (of(block, seen(Some(true))), true),
        (of(unblock, seen(Some(false))), true),
        (of(cancel, payment_seen(None, "Canceled")), true),
        (of(block, seen(None)), false),
        (of(unblock, seen(None)), false),
        (of(cancel, payment_seen(None, "paid")), false),
    ] {
        match plan.unwrap_err() {
            NotPlanned::Already(why) => assert!(is_already, "{why}"),
            NotPlanned::NotOffered(why) => assert!(!is_already, "{why}"),
            other => panic!("{other}"),
        }
    }
    assert!(of(cancel, payment_seen(None, "moon")).is_ok(), "the server decides");
}

fn fee(id: &str, status: &str, booking: &str) -> Fee {
    Fee {
        id: Text::new(id),
        status: Some(Text::new(status)),
        amount: Some(1_000),
        currency: Some(Text::new("EUR")),
        booking: Some(Text::new(booking)),
        reference: Some(Text::new("HB1")),
        due: None,
    }
}

#[test]
fn the_fees_of_a_booking_are_listed_and_only_those_of_this_booking() {
    let plan_of = |fees: Vec<Fee>| {
        planned(Write::CancelFees { booking: "b".to_owned() }, Seen::Fees(FeesSeen { fees }))
    };
    let all = vec![fee("1", "Ready", "b"), fee("2", "Paid", "b"), fee("3", "Failed", "b")];
    let plan = plan_of(all).unwrap();
    assert_eq!((plan.typed.as_str(), plan.changes.len()), ("cancel fee HB1", 3));
    assert_eq!(plan.about, ["HB1 · 2 of 3 fees · EUR 20.00"]);
    assert_eq!(plan.undo, None);
    assert!(matches!(plan_of(vec![fee("1", "canceled", "b")]), Err(NotPlanned::Already(_))));
    for refused in [
        vec![],
        vec![fee("1", "Paid", "b")],
        vec![fee("1", "Ready", "b"), fee("2", "Ready", "c")],
        vec![Fee { booking: None, ..fee("1", "Ready", "b") }],
        vec![fee("1", "Ready", "b"), Fee { reference: None, ..fee("2", "Ready", "b") }],
        vec![
            fee("1", "Ready", "b"),
            Fee { reference: Some(Text::new("HB2")), ..fee("2", "Ready", "b") },
        ],
    ] {
        assert!(matches!(plan_of(refused), Err(NotPlanned::NotOffered(_))));
    }
}

#[test]
fn an_account_with_a_warning_needs_a_longer_note() {
    let seen = |has_wrong_digits| {
        Seen::Account(AccountSeen {
            properties: vec![Text::new("1")],
            beneficiary: Some(Text::new("Ana")),
            iban: Some(Text::new("ES•• •••• •••• •••• •••• 1332")),
            has_wrong_digits,
            ..AccountSeen::default()
        })
    };
    let matched = |ids: &[&str]| Write::Match {
        account: "a".to_owned(),
        properties: ids.iter().map(|id| (*id).to_owned()).collect(),
    };
    let sound = planned(matched(&["2"]), seen(false)).unwrap();
    assert_eq!((sound.typed.as_str(), sound.shortest_note()), ("1332", 1));
    let wrong = planned(matched(&["2"]), seen(true)).unwrap();
    let typed = Answer::Typed("1332".to_owned());
    assert_eq!(wrong.confirm(&typed, "as agreed").unwrap_err(), ConfirmError::ShortNote);
    assert!(wrong.confirm(&typed, "as agreed with Ana today").is_ok());
    assert!(matches!(planned(matched(&["1"]), seen(false)), Err(NotPlanned::Already(_))));
    assert!(matches!(planned(matched(&["1", "2"]), seen(false)), Err(NotPlanned::NotOffered(_))));
    let unmatched = Write::Unmatch { account: "a".to_owned(), properties: vec!["1".to_owned()] };
    assert!(planned(unmatched, seen(false)).is_ok());
}

#[test]
fn a_later_plan_is_the_same_unless_the_object_changed() {
    let first = of(block, payment_seen(Some(false), "Ready")).unwrap();
    let event = PaymentSeen { last_event: Some(7), ..payment_seen(Some(false), "Ready") };
    assert!(first.is_same(&Plan { read_at: 9, ..of(block, event).unwrap() }));
    assert!(!first.is_same(&of(block, payment_seen(Some(false), "Failed")).unwrap()));
}

#[test]
fn a_later_plan_with_the_token_of_another_user_is_another_plan() {
    let with = |sub: Option<&str>, exp: &str| {
        let who = Who { sub: sub.map(Untrusted::new), exp: Some(exp.to_owned()) };
        let plan = of(block, payment_seen(Some(false), "Ready")).unwrap();
        Plan { place: Place { who, ..plan.place.clone() }, ..plan }
    };
    let alice = with(Some("alice"), "09:15");
    assert!(alice.is_same(&with(Some("alice"), "09:30")), "a renewed token");
    let other = alice.difference(&with(Some("bob"), "09:15")).unwrap();
    assert!(other.contains("as alice") && other.contains("as bob"), "{other}");
    assert!(!alice.is_same(&with(None, "09:15")));
    assert!(with(None, "09:15").is_same(&with(None, "09:15")));
    assert!(!with(None, "09:15").is_same(&with(None, "09:30")), "without a name");
}

#[test]
fn an_account_with_another_iban_or_unread_events_is_noticed() {
    let seen = |number: &str, is_iban_history_unread| {
        Seen::Account(AccountSeen {
            iban: Some(Text::new("ES•• •••• •••• •••• •••• 1332")),
            iban_hash: Some(number.to_owned()),
            is_iban_history_unread,
            ..AccountSeen::default()
        })
    };
    let matched =
        |seen| planned(Write::Match { account: "a".into(), properties: vec!["2".into()] }, seen);
    let first = matched(seen("one", false)).unwrap();
    assert!(first.is_same(&matched(seen("one", false)).unwrap()));
    let other = matched(seen("two", false)).unwrap();
    assert_eq!(first.difference(&other).as_deref(), Some("the IBAN of the account"));
    let unread = matched(seen("one", true)).unwrap();
    assert_eq!((unread.warnings.len(), unread.shortest_note()), (1, LONG_NOTE));
}
