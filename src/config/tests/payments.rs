//! The servers of the Payments APIs that a profile names, and their tokens.

use super::super::payments;
use super::super::profile::Settings;
use super::user;
use crate::domain::failure::Advice;
use crate::net::error::Cause;
use crate::net::request::Request;
use crate::payments::request::PaymentsRequest;

#[test]
fn a_profile_names_its_own_payments_servers() {
    let settings = "[profile.a.payments]\ntoken_command = [\"echo\", \"aa.bb.cc\"]\n\
                    base_url = \"http://127.0.0.1:9/p\"\n[profile.b]\n\
                    [profile.c.finance]\ntoken_command = [\"echo\", \"a canary\"]\n";
    let (_folder, environment) = user(settings, &[]);
    let of = |name: &str| payments::of_profile(name, &environment);
    let found = of("a").unwrap().hosts();
    assert!(found.payments && !found.finance);
    assert!(!of("b").unwrap().hosts().any(), "nothing of another profile");
    let table = [("c", "profile c, finance.token_command"), ("nope", "no profile nope")];
    for (name, words) in table {
        let why = of(name).unwrap_err().to_string();
        assert!(why.contains(words) && !why.contains("canary"), "{why}");
    }
}

#[tokio::test]
async fn advice_about_a_token_of_a_profile_names_its_key_and_no_variable() {
    // {"exp":1500000000}
    let settings = "[profile.a.payments]\ntoken_command = [\"echo\", \"e30.eyJleHAiOjE1MDAwMDAwMDB9.x\"]\n\
                    base_url = \"http://127.0.0.1:1\"\n";
    let (_folder, environment) = user(settings, &[]);
    let client = payments::of_profile("a", &environment).unwrap().payments.unwrap();
    let request = Request::Payments(PaymentsRequest::Block("8f2dbe69".to_owned()));
    let failure = client.send(&request).await.unwrap_err().failure(&request);
    let source = "profile a, payments.token_command";
    assert_eq!(failure.advice, Advice::TokenFrom(source.into()));
}

#[tokio::test]
async fn an_expired_token_of_a_profile_is_read_again_from_its_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwt");
    std::fs::write(&path, "e30.eyJleHAiOjE1MDAwMDAwMDB9.x").unwrap();
    let settings = format!(
        "[profile.a.payments]\ntoken_command = [\"cat\", {path:?}]\n\
         base_url = \"http://127.0.0.1:1\"\n"
    );
    let (_folder, environment) = user(&settings, &[]);
    let client = payments::of_profile("a", &environment).unwrap().payments.unwrap();
    let request = Request::Payments(PaymentsRequest::Block("8f2dbe69".to_owned()));
    let expired = client.send(&request).await.unwrap_err().cause;
    assert!(matches!(expired, Cause::Expired { .. }), "{expired:?}");
    std::fs::write(&path, "aa.bb.cc").unwrap();
    let sent = client.send(&request).await.unwrap_err().cause;
    assert!(matches!(sent, Cause::Transport(_)), "{sent:?}");
}

#[test]
fn what_is_wrong_in_the_tables_of_payments_is_named_with_its_place() {
    let settings = "[profile.a.payments]\nbase_url = \"http://x.org\"\ntoken_command = [\"\"]\n\
                    [profile.a.finance]\nbase_url = \"https://x.org\"\n";
    let (_folder, environment) = user(settings, &[]);
    let settings = Settings::read(environment.store.as_ref()).unwrap();
    let found: Vec<String> = settings.document.problems.iter().map(ToString::to_string).collect();
    let expected = [
        "line 2, column 12: profile a, payments: the base URL must begin with https://",
        "line 3, column 17: `profile.a.payments.token_command` must be a program",
        "line 5, column 12: profile a, finance: base_url is not used without a token_command",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}");
    }
}
