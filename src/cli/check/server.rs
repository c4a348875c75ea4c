//! What the server says: each endpoint, the plan, the clock; and the way to it.

use super::finding::Finding;
use crate::cli::auth::limits;
use crate::cli::once::Once;
use crate::cli::outcome::{ACCESS, FAILED, USAGE, Unanswered};
use crate::clock::Clock;
use crate::config::Found;
use crate::domain::date::seconds_in_words;
use crate::domain::failure::Kind;
use crate::list::{ALL, Spec};
use crate::net::proxy::{Proxy, Unusable};
use crate::net::request::{BOOKING_PATH, Request};
use crate::net::response::{Connection, Limits, Response};
use crate::net::target::Target;
use crate::net::transport::BuildError;

/// Seconds by which the clocks may differ: the way there and back, and the second of the header.
const SKEW: u64 = 60;
/// Parameters that are no filters (contract, "Every request").
const GENERAL: [&str; 3] = ["page", "per_page", "test"];

/// Where valora is pointed, before anything is asked.
pub(super) fn pointed(found: &Found) -> Vec<Finding> {
    let target = &found.target;
    let kind = match target.token().prefix() {
        "vl_" => "for production",
        "sd_" => "for sandbox data",
        _ => "of an undocumented kind",
    };
    let profile = found.profile.as_ref().map(|name| format!(", profile {name}"));
    let token = target.token().masked();
    let (from, profile) = (&found.source, profile.unwrap_or_default());
    let mut findings = vec![
        Finding::well("token", &format!("{token}, {kind}, from {from}{profile}")),
        Finding::well(
            "server",
            &format!(
                "{} ({}, from {})",
                target.base(),
                found.session.environment,
                found.base_source
            ),
        ),
        proxy(target),
    ];
    for warning in found.warnings.iter().filter(|warning| !warning.contains(": line ")) {
        findings.push(Finding::odd("token", warning, "take one of the two away"));
    }
    findings
}

/// Asks each endpoint whether it is there, then for the limits.
pub(super) fn asked(target: Target) -> anyhow::Result<Vec<Finding>> {
    let once = match Once::new(target) {
        Ok(once) => once,
        // It was reported already.
        Err(error) if is_about_proxy(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut findings = Vec::new();
    let mut date = None;
    let paths = ALL.iter().map(|spec| spec.path).chain([BOOKING_PATH]);
    for path in paths {
        match once.ask(&Request::Connection(path)) {
            Ok((server, Response::Connection(connection))) => {
                date = date.or(server.map(|server| (server, Clock::seconds())));
                findings.push(compared(path, &connection));
            }
            Ok(_) => {
                let todo = "the API has changed; look for a newer valora";
                findings.push(Finding::bad(path, "this is not a connection test", todo, FAILED));
            }
            Err(failed) => {
                let is_access = failed.0.kind == Kind::Access;
                findings.push(refused(path, &failed));
                if is_access && failed.0.why.contains("401") {
                    // The others would say the same; everything stops for this token.
                    return Ok(findings);
                }
            }
        }
    }
    findings.push(plan(limits(&once)));
    findings.push(clock(date));
    Ok(findings)
}

fn is_about_proxy(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(BuildError::Proxy(_)))
}

fn refused(name: &str, failed: &Unanswered) -> Finding {
    let failure = &failed.0;
    let (todo, code) = match failure.kind {
        Kind::Access => {
            ("make another token in the Valora web app; then: valora auth login", ACCESS)
        }
        Kind::Passing => {
            ("check the network, the proxy and the base URL; then run it again", FAILED)
        }
        Kind::Limited => ("wait for the reset; then run it again", FAILED),
        Kind::Missing => ("check the base URL: it ends in /c", FAILED),
        _ => ("check the base URL; if it is right, look for a newer valora", FAILED),
    };
    Finding::bad(name, &failure.why, todo, code)
}

/// What the server takes beside what valora knows.
fn compared(path: &'static str, connection: &Connection) -> Finding {
    let accepted: Vec<String> =
        connection.accepted.iter().map(|(name, _)| name.shown().into_owned()).collect();
    let spec = ALL.iter().find(|spec| spec.path == path);
    let known = known(spec.copied());
    let strange: Vec<&str> =
        accepted.iter().map(String::as_str).filter(|name| !known.contains(name)).collect();
    let missing: Vec<&str> = known
        .iter()
        .copied()
        .filter(|name| !GENERAL.contains(name) && !accepted.iter().any(|given| given == name))
        .collect();
    let count = accepted.len();
    match (strange.is_empty(), missing.is_empty() || accepted.is_empty()) {
        (true, true) => Finding::well(path, &format!("connected, {count} parameters")),
        (false, true) => Finding::odd(
            path,
            &format!("connected; it takes what valora does not know: {}", strange.join(", ")),
            "valora sends it as it is typed: name=value; look for a newer valora",
        ),
        (is_known, false) => {
            let also = if is_known {
                String::new()
            } else {
                format!("; it takes what valora does not know: {}", strange.join(", "))
            };
            let missing = missing.join(", ");
            Finding::odd(
                path,
                &format!("connected; it does not name what valora knows: {missing}{also}"),
                "a filter by it may have no effect: compare the rows",
            )
        }
    }
}

fn known(spec: Option<&Spec>) -> Vec<&'static str> {
    let own: Vec<&str> = match spec {
        Some(spec) => spec.filters.iter().map(|filter| filter.param).collect(),
        None => vec!["booking_id"],
    };
    own.into_iter().chain(GENERAL).collect()
}

fn plan(limits: anyhow::Result<Limits>) -> Finding {
    let limits = match limits {
        Ok(limits) => limits,
        Err(error) => {
            let todo = "valora goes on with 100 requests a minute";
            return Finding::odd("plan", &error.to_string(), todo);
        }
    };
    let name = limits.plan.as_ref().map_or("not named".into(), |plan| plan.shown());
    let windows = limits.windows.iter().map(|window| {
        let resets = seconds_in_words(window.resets_in_seconds);
        let (left, of) = (window.remaining, window.limit);
        format!("{left} of {of} a {} left (anew in {resets})", window.name.shown())
    });
    let says = format!("{name}: {}", windows.collect::<Vec<_>>().join(", "));
    if limits.windows.iter().any(|window| window.remaining == 0) {
        Finding::odd("plan", &says, "nothing can be asked until the window begins anew")
    } else {
        Finding::well("plan", &says)
    }
}

/// The clock of the server beside that of this machine, both in seconds since 1970.
fn clock(date: Option<(i64, i64)>) -> Finding {
    let Some((server, here)) = date else {
        return Finding::well("clock", "the server does not say what time it is");
    };
    let by = server.abs_diff(here);
    if by <= SKEW {
        return Finding::well("clock", "as the server's, within a minute");
    }
    let side = if here > server { "ahead of" } else { "behind" };
    let says = format!("{} {side} the server's", seconds_in_words(by));
    let todo =
        "set the clock of this machine (timedatectl set-ntp true): dates as today depend on it";
    Finding::odd("clock", &says, todo)
}

/// The proxy that a request passes, as the client itself finds it.
fn proxy(target: &Target) -> Finding {
    if target.is_loopback() {
        return Finding::well("proxy", "none: the server is this machine");
    }
    told_proxy(&Proxy::of_process(target.base()))
}

fn told_proxy(found: &Result<Option<Proxy>, Unusable>) -> Finding {
    match found {
        // Its user name and password are nobody's business.
        Ok(Some(proxy)) => Finding::well("proxy", &format!("{proxy}, by {}", proxy.variable())),
        Ok(None) => Finding::well("proxy", "none"),
        Err(why) => {
            let todo = "nothing is sent past a proxy that cannot be used";
            Finding::bad("proxy", &why.to_string(), todo, USAGE)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;
    use crate::domain::text::Untrusted;

    fn said(path: &'static str, names: &[&str]) -> Finding {
        let text = |text: &&str| (Untrusted::new(*text), Untrusted::new(String::new()));
        let accepted = names.iter().map(text).collect();
        compared(path, &Connection { message: Untrusted::new(String::new()), accepted })
    }

    #[test]
    fn parameters_of_one_side_only_are_named() {
        let known = known(Some(ALL[0]));
        assert_eq!(said(ALL[0].path, &known).state, State::Well);
        let less = &known[1..];
        let finding = said(ALL[0].path, less);
        assert!(finding.state == State::Odd && finding.says.contains(known[0]), "{finding:?}");
        let more: Vec<&str> = known.iter().copied().chain(["new_one"]).collect();
        assert!(said(ALL[0].path, &more).says.contains("does not know: new_one"));
        assert_eq!(said(BOOKING_PATH, &["booking_id"]).state, State::Well);
        assert_eq!(said(BOOKING_PATH, &[]).state, State::Well, "it names none at all");
    }

    #[test]
    fn a_clock_may_differ_by_a_minute() {
        assert_eq!(clock(Some((1_000, 1_060))).state, State::Well);
        assert_eq!(clock(None).state, State::Well);
        let late = clock(Some((1_000, 7_000)));
        assert!(late.state == State::Odd && late.says.contains("ahead of"), "{late:?}");
        assert!(clock(Some((7_000, 1_000))).says.contains("behind"));
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_bad_and_one_that_can_is_named_without_its_password() {
        let found = |value: &str| {
            let server = url::Url::parse("https://valora.example/c").unwrap();
            let variable = |name: &str| (name == "HTTPS_PROXY").then(|| value.to_owned());
            told_proxy(&Proxy::between(&server, variable))
        };
        for value in ["socks5://proxy:1080", "http://", "a b"] {
            let finding = found(value);
            assert_eq!(finding.state, State::Bad(USAGE), "{finding:?}");
        }
        let finding = found("http://ann:secret@proxy:3128");
        assert_eq!(
            (finding.state, finding.says.as_str()),
            (State::Well, "proxy:3128, by HTTPS_PROXY")
        );
    }
}
