//! Each answer, and each way to lose one: one request, and the verdict of the reads.

use valora::payments::write::Write;
use valora::sandbox::WriteFault;
use valora::writes::outcome::{Progress, Verdict};

use crate::setup::{Setup, block, payment};

#[tokio::test]
async fn a_lost_answer_is_found_out_by_reads_and_never_sent_again() {
    let table = [
        (WriteFault::Lost, true, Verdict::Done, None),
        (WriteFault::ServerError, true, Verdict::Done, Some(500)),
        (WriteFault::BadGateway, true, Verdict::Done, Some(502)),
        (WriteFault::Dropped, false, Verdict::Unknown, None),
        (WriteFault::ServerErrorUndone, false, Verdict::Unknown, Some(500)),
        (WriteFault::Unseen, false, Verdict::AcceptedNotSeen, Some(204)),
    ];
    for (fault, is_done, verdict, status) in table {
        let setup = Setup::start().await;
        setup.fault(fault);
        let plan = setup.plan(block()).await;
        let (outcome, steps) = setup.carry_out(&plan).await;
        assert_eq!(
            (outcome.verdict, outcome.status),
            (verdict, status),
            "{fault:?} {}",
            outcome.says
        );
        assert_eq!(
            (setup.writes().len(), setup.carried_out()),
            (1, usize::from(is_done)),
            "{fault:?}"
        );
        let looks = steps.iter().filter(|step| matches!(step, Progress::Looking { .. })).count();
        assert_eq!(looks, if is_done { 1 } else { 4 }, "{fault:?}");
        assert_eq!(
            outcome.says.contains("the server may still carry it out"),
            !is_done,
            "{}",
            outcome.says
        );
        let open = setup.engine.unresolved().await.unwrap();
        assert_eq!(open.len(), usize::from(!is_done), "{fault:?}");
        assert_eq!(outcome.undo.is_some(), is_done);
    }
}

#[tokio::test]
async fn what_is_carried_out_late_is_unknown_first_and_done_at_the_next_read() {
    let setup = Setup::start().await;
    setup.fault(WriteFault::Late);
    let outcome = setup.write(block()).await;
    assert_eq!(outcome.verdict, Verdict::Unknown, "{}", outcome.says);
    let open = setup.engine.unresolved().await.unwrap();
    let mut found = setup.engine.find_out(&open[0]).await;
    let clock = valora::clock::Clock::start();
    while found.verdict == Verdict::Unknown {
        assert!(clock.now().elapsed < 20_000, "never done: {}", found.says);
        found = setup.engine.find_out(&open[0]).await;
    }
    assert_eq!(found.verdict, Verdict::Done, "{}", found.says);
    assert_eq!((setup.writes().len(), setup.carried_out()), (1, 1));
    assert_eq!(setup.engine.unresolved().await.unwrap(), []);
}

#[tokio::test]
async fn a_refusal_is_one_request_and_says_what_the_server_said() {
    let table = [
        (WriteFault::Unauthorized, 401, "does not accept the token"),
        (WriteFault::Forbidden, 403, "denies access"),
        (WriteFault::Missing, 404, "does not know this object"),
        (WriteFault::Conflict, 409, "The state does not allow it); now the payment is not blocked"),
        (WriteFault::Invalid, 422, "rejected the request"),
        (WriteFault::Limited, 429, "confirm it again later"),
    ];
    for (fault, status, words) in table {
        let setup = Setup::start().await;
        setup.fault(fault);
        let outcome = setup.write(block()).await;
        assert_eq!((outcome.verdict, outcome.status), (Verdict::Refused, Some(status)));
        assert!(outcome.says.contains(words), "{status}: {}", outcome.says);
        assert_eq!((setup.writes().len(), setup.carried_out()), (1, 0), "{status}");
        assert_eq!(setup.engine.unresolved().await.unwrap(), [], "{status}");
        let field = ("reason".to_owned(), "The input is less than 6 characters long".to_owned());
        let fields = if status == 422 { vec![field] } else { Vec::new() };
        assert_eq!((outcome.fields, outcome.wait), (fields, (status == 429).then_some(2)));
    }
}

#[tokio::test]
async fn a_conflict_with_the_wanted_state_is_nothing_to_do() {
    let setup = Setup::start().await;
    setup.fault(WriteFault::ConflictDone);
    let outcome = setup.write(block()).await;
    assert_eq!((outcome.verdict, outcome.status), (Verdict::Already, Some(409)));
    assert!(outcome.says.starts_with("nothing to do: the payment is blocked"), "{}", outcome.says);
    assert!(outcome.says.contains("which request did it is not known"), "{}", outcome.says);
    assert!(outcome.says.contains("blocked already"), "the sandbox's real state: {}", outcome.says);
    assert_eq!((setup.writes().len(), setup.carried_out(), outcome.undo), (1, 0, None));
    assert_eq!(setup.engine.unresolved().await.unwrap(), []);
}

/// Each write that can be sent to a new sandbox.
async fn each_write(setup: &Setup) -> Vec<Write> {
    let (fee, booking) = crate::sent::open_fee(&setup.sandbox).await;
    let (_, account) = setup.sandbox.payments_ids();
    vec![
        block(),
        // It is blocked at the start.
        Write::Unblock { id: payment(5) },
        Write::Cancel { id: fee },
        Write::CancelFees { booking },
        Write::Match { account: account.clone(), properties: vec!["99001".to_owned()] },
        Write::Unmatch { account, properties: vec!["67882".to_owned()] },
    ]
}

#[tokio::test]
async fn each_write_with_a_lost_answer_is_done_or_unknown_as_the_reads_say() {
    let count = each_write(&Setup::start().await).await.len();
    for nth in 0..count {
        for (fault, is_done) in [(WriteFault::Lost, true), (WriteFault::Dropped, false)] {
            let setup = Setup::start().await;
            let write = each_write(&setup).await.swap_remove(nth);
            let plan = setup.plan(write.clone()).await;
            setup.fault(fault);
            let (outcome, _) = setup.carry_out(&plan).await;
            let expected = if is_done { Verdict::Done } else { Verdict::Unknown };
            assert_eq!(outcome.verdict, expected, "{write:?} {fault:?}: {}", outcome.says);
            let counts = (setup.writes().len(), setup.carried_out());
            assert_eq!(counts, (1, usize::from(is_done)), "{write:?} {fault:?}");
            assert_eq!(outcome.undo, if is_done { write.undo() } else { None }, "{write:?}");
        }
    }
}

#[tokio::test]
async fn a_redirect_may_have_been_carried_out_and_a_server_that_is_gone_means_not_sent() {
    let setup = Setup::start().await;
    setup.fault(WriteFault::Redirect);
    let outcome = setup.write(block()).await;
    assert_eq!(
        (outcome.verdict, outcome.status),
        (Verdict::Unknown, Some(302)),
        "{}",
        outcome.says
    );
    assert!(outcome.says.contains("elsewhere.example"), "{}", outcome.says);
    assert_eq!((setup.writes().len(), setup.carried_out()), (1, 0));
    let plan = setup.plan(block()).await;
    let Setup { sandbox, engine, .. } = setup;
    sandbox.shutdown().await;
    let confirmed = plan.confirm(&valora::writes::plan::Answer::Yes, "note").unwrap();
    let (progress, _steps) = tokio::sync::mpsc::unbounded_channel();
    let outcome = engine.carry_out(confirmed, progress).await.unwrap();
    assert_eq!(outcome.verdict, Verdict::NotSent, "{}", outcome.says);
}

#[tokio::test]
async fn a_user_without_the_administrators_view_may_block_but_not_cancel() {
    let setup = Setup::start().await;
    let user = setup.sandbox.payments_tokens().user;
    let engine = crate::setup::engine(&setup.sandbox, &setup.home, user);
    let setup = Setup { engine, ..setup };
    let plan = setup.plan(block()).await;
    assert_eq!(plan.typed, "8f2dbe69", "without the reference, the start of the id");
    let (fee, _) = crate::sent::open_fee(&setup.sandbox).await;
    let outcome = setup.write(Write::Cancel { id: fee }).await;
    assert_eq!((outcome.verdict, outcome.status), (Verdict::Refused, Some(403)));
}
