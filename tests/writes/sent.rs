//! Each write: one request, and the read that shows the result; and what is never sent.

use std::sync::{Arc, Barrier};

use serde_json::json;
use tokio::sync::mpsc::unbounded_channel;
use valora::payments::write::Write;
use valora::sandbox::{LoggedRequest, Sandbox};
use valora::writes::outcome::{Progress, Verdict};
use valora::writes::plan::{Answer, ConfirmError, NotPlanned};

use crate::setup::{NOTE, Setup, block, engine_at, in_front, payment};

/// The first fee that can be cancelled: its id and its `sourceId`.
pub(crate) async fn open_fee(sandbox: &Sandbox) -> (String, String) {
    use valora::list::{Host, Spec};
    use valora::net::request::Request;
    let token = sandbox.payments_tokens().admin;
    let token = valora::net::target::Token::jwt(token).unwrap();
    let base = sandbox.payments_url();
    let client = crate::common::side_client(Host::Payments, &base, token);
    let spec = Spec::named("payments").unwrap();
    let query = crate::common::filtered(spec, &[("type", "fee-collection")]).page(1, 500);
    let page = client.send(&Request::List(query)).await.unwrap().try_as_page().unwrap();
    let text = |row: &valora::list::record::Record, name: &str| {
        row.text(name).unwrap().expose_raw().to_owned()
    };
    let row = page.rows.iter().find(|row| text(row, "status") == "Ready").unwrap();
    (text(row, "id"), text(row, "sourceId"))
}

fn is_read(request: &LoggedRequest) -> bool {
    request.method == "GET"
}

#[tokio::test]
async fn each_write_is_one_request_with_the_documented_path_and_the_read_follows() {
    let setup = Setup::start().await;
    let (fee, booking) = open_fee(&setup.sandbox).await;
    let (_, account) = setup.sandbox.payments_ids();
    let properties = || vec!["99001".to_owned(), "99002".to_owned()];
    let body = json!({"propertyIds": properties()}).to_string();
    let writes = [
        (block(), "PUT", format!("payments/{}/block", payment(1)), ""),
        (Write::Unblock { id: payment(1) }, "DELETE", format!("payments/{}/block", payment(1)), ""),
        (
            Write::CancelFees { booking: booking.clone() },
            "PUT",
            format!("bookings/{booking}/fee/cancellation"),
            "",
        ),
        (
            Write::Match { account: account.clone(), properties: properties() },
            "POST",
            format!("admin/bank-account-details/{account}/properties"),
            body.as_str(),
        ),
        (
            Write::Unmatch { account: account.clone(), properties: properties() },
            "DELETE",
            format!("admin/bank-account-details/{account}/properties"),
            &body,
        ),
    ];
    for (sent, (write, method, path, body)) in (1..).zip(writes) {
        let plan = setup.plan(write).await;
        assert!(plan.call().ends_with(&path), "{}", plan.call());
        let (outcome, steps) = setup.carry_out(&plan).await;
        assert_eq!(outcome.verdict, Verdict::Done, "{path}: {}", outcome.says);
        let all = setup.writes();
        assert_eq!(all.len(), sent, "{path}");
        let last = all.last().unwrap();
        assert_eq!((last.method.as_str(), &last.path, last.body.as_str()), (method, &path, body));
        assert_eq!(last.content_type, "application/json");
        assert!(last.is_carried_out);
        let order =
            [Progress::Checking, Progress::Sending, Progress::Looking { status: outcome.status }];
        assert_eq!(steps, order, "{path}");
        assert!(is_read(setup.sandbox.requests().last().unwrap()), "the read follows");
    }
    let cancelled = setup.engine.prepare(Write::Cancel { id: fee }).await;
    assert!(matches!(cancelled, Err(NotPlanned::Already(_))), "{cancelled:?}");
}

#[tokio::test]
async fn a_payment_is_cancelled_and_nothing_undoes_it() {
    let setup = Setup::start().await;
    let (fee, _) = open_fee(&setup.sandbox).await;
    let plan = setup.plan(Write::Cancel { id: fee.clone() }).await;
    assert!(plan.typed.starts_with("cancel ") && plan.undo.is_none(), "{plan:?}");
    let (outcome, _) = setup.carry_out(&plan).await;
    assert_eq!((outcome.verdict, outcome.undo), (Verdict::Done, None));
    let write = setup.writes().pop().unwrap();
    assert_eq!(
        (write.method.as_str(), write.path),
        ("PUT", format!("admin/payments/{fee}/cancel"))
    );
}

#[tokio::test]
async fn what_is_typed_is_of_the_object_and_nothing_else_is_accepted() {
    let setup = Setup::start().await;
    let plan = setup.plan(block()).await;
    assert!(plan.about[0].starts_with(&plan.typed), "the reference: {plan:?}");
    for wrong in ["", "y", "yes", "HB", "block", &format!("{} {}", plan.typed, plan.typed)] {
        let refused = plan.confirm(&Answer::Typed(wrong.to_owned()), NOTE);
        assert_eq!(refused.unwrap_err(), ConfirmError::Typed, "{wrong}");
    }
    let typed = Answer::Typed(plan.typed.clone());
    for note in ["", "  ", "two\nlines", &"x".repeat(501)] {
        assert!(plan.confirm(&typed, note).is_err(), "{note}");
    }
    setup.write(block()).await;
    let unblock = setup.plan(Write::Unblock { id: payment(1) }).await;
    assert!(unblock.about[0].contains("EUR"), "{unblock:?}");
    let (amount, currency) = unblock.typed.split_once(' ').unwrap();
    assert!(unblock.about[0].contains(&format!("{currency} {amount}")), "{unblock:?}");
    let own = unblock.about.last().unwrap();
    assert!(own.contains(NOTE), "by whom, by the own log: {own}");
    assert_eq!(setup.writes().len(), 1);
}

#[tokio::test]
async fn a_second_time_nothing_is_sent() {
    let setup = Setup::start().await;
    let plan = setup.plan(block()).await;
    assert_eq!(setup.carry_out(&plan).await.0.verdict, Verdict::Done);
    let again = setup.engine.prepare(block()).await;
    assert!(matches!(again, Err(NotPlanned::Already(_))), "{again:?}");
    // The old plan does not fit either.
    let (outcome, steps) = setup.carry_out(&plan).await;
    assert_eq!(outcome.verdict, Verdict::Changed, "{}", outcome.says);
    assert_eq!(steps, [Progress::Checking]);
    assert_eq!(setup.writes().len(), 1);
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_said_and_nothing_is_sent() {
    let setup = Setup::start().await;
    let blocked = Write::Block { id: payment(2) };
    let plan = setup.plan(blocked.clone()).await;
    let other = Setup {
        engine: crate::setup::engine(
            &setup.sandbox,
            &setup.home,
            setup.sandbox.payments_tokens().admin,
        ),
        ..setup
    };
    other.write(blocked).await;
    let (outcome, _) = other.carry_out(&plan).await;
    assert_eq!(outcome.verdict, Verdict::Changed);
    assert!(outcome.says.contains("changed since you looked"), "{}", outcome.says);
    assert_eq!(other.writes().len(), 1, "the other's");
}

#[tokio::test]
async fn of_two_writes_at_once_only_one_is_under_way() {
    let setup = Setup::start().await;
    let go_on = Arc::new(Barrier::new(2));
    let arrived = Arc::clone(&go_on);
    let base = in_front(&setup.sandbox, move || _ = arrived.wait()).await;
    let engine = || engine_at(&base, &setup.home, setup.sandbox.payments_tokens().admin);
    let (one, other) = (engine(), engine());
    let first = one.prepare(block()).await.unwrap().confirm(&Answer::Yes, NOTE).unwrap();
    let second = other.prepare(Write::Block { id: payment(2) }).await.unwrap();
    let (progress, mut steps) = unbounded_channel();
    let first = one.carry_out(first, progress);
    assert!(one.is_busy());
    assert_eq!(steps.recv().await, Some(Progress::Checking));
    assert_eq!(steps.recv().await, Some(Progress::Sending));
    let (progress, _steps) = unbounded_channel();
    let second = other.carry_out(second.confirm(&Answer::Yes, NOTE).unwrap(), progress);
    let second = second.await.unwrap();
    assert_eq!(second.verdict, Verdict::NotSent, "{}", second.says);
    tokio::task::spawn_blocking(move || go_on.wait()).await.unwrap();
    one.idle().await;
    assert!(!one.is_busy());
    assert_eq!(first.await.unwrap().verdict, Verdict::Done);
    assert_eq!(setup.writes().len(), 1);
}
