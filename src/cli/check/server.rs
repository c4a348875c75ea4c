//! Checks of the server: each endpoint, the plan, the clock; and the proxy in between.

use std::borrow::Cow;
use std::fmt::Write;

use super::{Finding, State, fields};
use crate::cli::exit_code::{ACCESS, FAILED, USAGE, Unanswered};
use crate::cli::requests::Oneshot;
use crate::clock::Clock;
use crate::config::Found;
use crate::config::profile::ChoicePlace;
use crate::domain::date::seconds_in_words;
use crate::domain::failure::{Advice, Failure, Kind};
use crate::domain::money::counted;
use crate::list::{ALL, Spec};
use crate::net::proxy::{Proxy, Unusable};
use crate::net::request::{BOOKING_PATH, Request};
use crate::net::response::{Connection, Limits, Response};
use crate::net::target::{PRODUCTION_PREFIX, SANDBOX_PREFIX, Target};
use crate::net::transport::BuildError;

/// Seconds by which the clocks may differ, due to the round trip and the precision of the header.
const SKEW: u64 = 60;
const NEWER: &str = "check the base URL; if it is right, update valora";
/// Parameters that are not filters (contract, "Every request").
const GENERAL: [&str; 3] = ["page", "per_page", "test"];

pub(super) fn pointed(found: &Found) -> Vec<Finding> {
    let target = &found.target;
    let kind = match target.token.prefix() {
        PRODUCTION_PREFIX => "for production",
        SANDBOX_PREFIX => "for sandbox data",
        _ => "of an undocumented kind",
    };
    let profile = found.profile.as_ref().map(|name| format!(", profile {name}"));
    let (token, profile) = (target.token.masked(), profile.unwrap_or_default());
    let (base, environment) = (&target.base, &found.session.environment);
    let mut findings = vec![
        Finding::well("token", format!("{token}, {kind}, from {}{profile}", found.source)),
        Finding::well("server", format!("{base} ({environment}, from {})", found.base_source)),
        if target.is_loopback() {
            Finding::well("proxy", "none: the server is this computer")
        } else {
            proxy(&Proxy::of_process(base))
        },
    ];
    let warning = found.token_warning.as_ref();
    findings.extend(warning.map(|text| Finding::of("token", text, "remove one of the two")));
    findings
}

pub(super) fn asked(target: Target, places: &[ChoicePlace]) -> anyhow::Result<Vec<Finding>> {
    let oneshot = match Oneshot::new(target) {
        // Already reported.
        Err(error) if matches!(error.downcast_ref(), Some(BuildError::Proxy(_))) => {
            return Ok(Vec::new());
        }
        oneshot => oneshot?,
    };
    let (mut findings, mut date) = (Vec::new(), None);
    for path in ALL.iter().map(|spec| spec.path).chain([BOOKING_PATH]) {
        let spec = ALL.into_iter().find(|spec| spec.path == path);
        let tested = match oneshot.ask(&Request::Connection(path)) {
            Ok((server, Response::Connection(connection))) => {
                date = date.or(server.map(|server| (server, Clock::start().now().utc / 1_000)));
                findings.push(compared(path, spec, &connection));
                let seen = spec.map(|spec| fields::seen(spec, &oneshot, places));
                seen.transpose().map(|seen| findings.extend(seen))
            }
            Ok(_) => {
                let says = "the response is not from a connection test";
                findings.push(Finding::new(State::Bad(FAILED), path, says, NEWER));
                Ok(())
            }
            Err(failure) => Err(failure),
        };
        if let Err(Unanswered(failure)) = tested {
            findings.push(refused(path, &failure));
            if failure.advice == Advice::NewToken {
                // The others would fail the same way; nothing more is sent with this token.
                return Ok(findings);
            }
        }
    }
    findings.extend([plan(oneshot.limits()), clock(date)]);
    Ok(findings)
}

pub(super) fn refused(name: &str, failure: &Failure) -> Finding {
    let (advice, code) = match failure.kind {
        Kind::Access => {
            ("create another token in the Valora web app; then run: valora auth login", ACCESS)
        }
        Kind::Passing => {
            ("check the network, the proxy and the base URL; then run this again", FAILED)
        }
        Kind::Limited => ("wait for the reset; then run this again", FAILED),
        Kind::Missing => ("check the base URL: it must end in /c", FAILED),
        _ => (NEWER, FAILED),
    };
    Finding::new(State::Bad(code), name, &failure.why, advice)
}

fn compared(path: &str, spec: Option<&Spec>, connection: &Connection) -> Finding {
    let accepted: Vec<_> = connection.accepted.iter().map(|(name, _)| name.shown()).collect();
    let known = known(spec);
    let mut strange: Vec<&str> = accepted.iter().map(Cow::as_ref).collect();
    strange.retain(|name| !known.contains(name));
    let mut missing = if accepted.is_empty() { Vec::new() } else { known.clone() };
    missing.retain(|name| !GENERAL.contains(name) && !accepted.iter().any(|it| it == name));
    // A booking is tested by a request without parameters (contract, "Every request").
    let how = if path == BOOKING_PATH { " (request without parameters)" } else { "" };
    let mut says =
        format!("connected{how}; server lists {}", counted(accepted.len() as u64, "parameter"));
    let mut advice = "";
    if !strange.is_empty() {
        let _ = write!(says, "; server accepts unknown parameters: {}", strange.join(", "));
        advice = "to send one, type it as name=value";
    }
    if !missing.is_empty() {
        let _ = write!(says, "; server does not list: {}", missing.join(", "));
        advice = "filters that use them may have no effect; check the rows";
    }
    Finding::of(path, says, advice)
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
        Err(error) => return Finding::of("plan", error, "valora assumes 100 requests per minute"),
    };
    let name = limits.plan.as_ref().map_or("unnamed".into(), |plan| plan.shown());
    let windows = limits.windows.iter().map(|window| {
        let resets = seconds_in_words(window.resets_in_seconds);
        let (left, of) = (window.remaining, window.limit);
        format!("{left} of {of} requests per {} left (resets in {resets})", window.name.shown())
    });
    let says = format!("{name}: {}", windows.collect::<Vec<_>>().join(", "));
    let is_spent = limits.windows.iter().any(|window| window.remaining == 0);
    let advice = if is_spent { "no requests are left until the limit resets" } else { "" };
    Finding::of("plan", says, advice)
}

/// Compares the clock of the server with that of this machine, both in seconds since 1970.
fn clock(date: Option<(i64, i64)>) -> Finding {
    let Some((server, here)) = date else {
        return Finding::well("clock", "the server did not send its time");
    };
    let by = server.abs_diff(here);
    if by <= SKEW {
        return Finding::well("clock", "within a minute of the server's clock");
    }
    let side = if here > server { "ahead of" } else { "behind" };
    Finding::of(
        "clock",
        format!("{} {side} the server's clock", seconds_in_words(by)),
        "set the clock of this computer (timedatectl set-ntp true): `today` depends on it",
    )
}

fn proxy(found: &Result<Option<Proxy>, Unusable>) -> Finding {
    match found {
        // Without its user name and password.
        Ok(Some(proxy)) => Finding::well("proxy", format!("{proxy}, from {}", proxy.name)),
        Ok(None) => Finding::well("proxy", "none"),
        Err(why) => {
            let advice = "correct or unset the variable; valora does not bypass a proxy";
            Finding::new(State::Bad(USAGE), "proxy", why, advice)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Untrusted;

    fn said(path: &'static str, names: &[&str]) -> Finding {
        let text = |text: &&str| (Untrusted::new(*text), Untrusted::new(String::new()));
        let accepted = names.iter().map(text).collect();
        let spec = ALL.into_iter().find(|spec| spec.path == path);
        compared(path, spec, &Connection { message: Untrusted::new(String::new()), accepted })
    }

    #[test]
    fn parameters_of_one_side_only_are_named() {
        let known = known(Some(ALL[0]));
        assert_eq!(said(ALL[0].path, &known).state, State::Well);
        let less = &known[1..];
        let finding = said(ALL[0].path, less);
        assert!(finding.state == State::Odd && finding.says.contains(known[0]), "{finding:?}");
        let more: Vec<&str> = known.iter().copied().chain(["new_one"]).collect();
        assert!(said(ALL[0].path, &more).says.contains("unknown parameters: new_one"));
        let booking = said(BOOKING_PATH, &["booking_id"]);
        assert_eq!(booking.state, State::Well);
        assert_eq!(
            booking.says,
            "connected (request without parameters); server lists 1 parameter"
        );
        assert_eq!(said(BOOKING_PATH, &[]).state, State::Well, "it lists no parameter");
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
            proxy(&Proxy::between(&server, variable))
        };
        for value in ["socks5://proxy:1080", "http://", "a b"] {
            let finding = found(value);
            assert_eq!(finding.state, State::Bad(USAGE), "{finding:?}");
        }
        let finding = found("http://ann:secret@proxy:3128");
        assert_eq!(
            (finding.state, finding.says.as_str()),
            (State::Well, "proxy:3128, from HTTPS_PROXY")
        );
    }
}
