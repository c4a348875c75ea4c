//! Which failure a report has, and which of its lists are incomplete.

use super::tests::{BOTH, failure, id, missing, take, text};
use super::*;
use crate::domain::failure::Advice;

fn unavailable() -> Failure {
    let why = "Payments has a problem (503)";
    Failure::new(Kind::Passing, "The block state could not be loaded", why, Advice::Retry)
}

#[test]
fn one_404_of_several_failures_does_not_hide_the_others() {
    for other in [failure(), unavailable()] {
        let (mut report, requests) = Report::begin(Subject::Payment(id()), None, BOTH);
        for request in &requests {
            match request {
                Request::Public(_) => report.accept(request, Err(missing())),
                Request::Stream(_) => take(&mut report, request, r#"{"events":[]}"#),
                _ => report.accept(request, Err(other.clone())),
            };
        }
        let found = report.failure().unwrap();
        assert_eq!(found, other);
        assert_eq!(report.failures_besides(&found), [missing()]);
        let shown = text(&report, false);
        assert!(!shown.contains("was not found"), "{shown}");
        for why in [&missing().why, &other.why] {
            assert!(shown.contains(why), "{shown}");
        }
    }
}

#[test]
fn an_account_is_not_missing_while_one_of_the_servers_did_not_answer() {
    let (mut report, requests) = Report::begin(Subject::Bank("a".to_owned()), None, BOTH);
    for request in &requests {
        let is_known = matches!(request, Request::BankAccount(_));
        report.accept(request, Err(if is_known { unavailable() } else { missing() }));
    }
    assert_eq!(report.failure(), Some(unavailable()));
    report.accept(&Request::BankAccount("a".to_owned()), Err(missing()));
    assert_eq!(report.failure(), Some(missing()));
}

#[test]
fn a_list_whose_first_page_fails_is_incomplete() {
    let (mut report, _) = Report::begin(Subject::Account, None, BOTH);
    take(&mut report, &Request::AccountHolder, r#"{"id":"h"}"#);
    report.accept(&Request::MyAccounts(1), Err(unavailable()));
    report.accept(&Request::Methods(1), Err(failure()));
    let expected = [unavailable().to_string(), failure().to_string()];
    assert_eq!(report.incomplete(), expected);
    assert_eq!(report.list_failure(), Some(Kind::Access));
    assert!(report.failure().is_none());
}

#[test]
fn properties_that_fail_are_one_line_for_all_accounts() {
    let (mut report, _) = Report::begin(Subject::Account, None, BOTH);
    let accounts = r#"[{"id":"1"},{"id":"2"},{"id":"3"}]"#;
    let follow = take(&mut report, &Request::MyAccounts(1), accounts);
    take(&mut report, &follow[1], r#"{"propertyIds":[]}"#);
    for request in &follow[2..] {
        report.accept(request, Err(unavailable()));
    }
    take(&mut report, &Request::MyAccounts(2), "[]");
    let expected =
        "The properties of 2 of 3 accounts could not be loaded: Payments has a problem (503)";
    assert_eq!(report.incomplete(), [expected]);
    assert_eq!(report.list_failure(), Some(Kind::Passing));
}

#[test]
fn the_properties_of_an_account_on_the_other_server_are_not_missed() {
    let (mut report, requests) = Report::begin(Subject::Bank("a".to_owned()), None, BOTH);
    for request in &requests {
        match request {
            Request::BankAccount(_) => take(&mut report, request, r#"{"id":"a"}"#),
            _ => report.accept(request, Err(missing())),
        };
    }
    assert!(report.incomplete().is_empty() && report.list_failure().is_none());
    take(&mut report, &Request::Account("a".to_owned()), r#"{"id":"a"}"#);
    assert_eq!(report.incomplete(), [missing().to_string()]);
    assert_eq!(report.list_failure(), Some(Kind::Missing));
}

#[test]
fn a_404_after_a_page_without_a_count_is_its_end_and_after_a_counted_one_it_is_not() {
    let counted = r#"{"total":9,"_embedded":{"bank-account-details":[{"id":"1"}]}}"#;
    for (first, is_end) in [(r#"[{"id":"1"}]"#, true), (counted, false)] {
        let (mut report, _) = Report::begin(Subject::Account, None, BOTH);
        let follow = take(&mut report, &Request::MyAccounts(1), first);
        assert_eq!(follow[0], Request::MyAccounts(2));
        assert!(report.accept(&Request::MyAccounts(2), Err(missing())).is_empty());
        assert_eq!(report.list_failure().is_none(), is_end, "{first}");
        assert_eq!(report.incomplete().is_empty(), is_end, "{first}");
    }
    let (mut report, _) = Report::begin(Subject::Account, None, BOTH);
    report.accept(&Request::MyAccounts(1), Err(missing()));
    assert_eq!(report.list_failure(), Some(Kind::Missing), "the first page is not an end");
}
