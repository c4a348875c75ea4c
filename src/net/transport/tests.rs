//! How long a reply asks to wait, and which failures are temporary.

use crate::net::transport::*;

fn after(headers: &[(reqwest::header::HeaderName, &str)]) -> Option<u64> {
    let map = headers
        .iter()
        .map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()))
        .collect();
    retry_after(&map)
}

#[test]
fn retry_after_is_seconds_or_a_date_against_the_servers_own_clock() {
    let at = (RETRY_AFTER, "Wed, 21 Oct 2026 07:28:30 GMT");
    let from = (DATE, "Wed, 21 Oct 2026 07:28:00 GMT");
    assert_eq!(after(&[(RETRY_AFTER, " 17 ")]), Some(17));
    assert_eq!(after(&[at.clone(), from.clone()]), Some(30));
    assert_eq!(after(&[(RETRY_AFTER, from.1), (DATE, at.1)]), Some(0));
    assert_eq!(after(&[at]), None);
    for odd in ["-1", "soon", "", "1e9", "99999999999999999999999"] {
        assert_eq!(after(&[(RETRY_AFTER, odd), from.clone()]), None, "{odd}");
    }
}

#[test]
fn what_is_left_of_the_limit_is_a_whole_number_or_nothing() {
    let said = |left: &'static str, limit: &'static str| {
        let pairs = [("x-ratelimit-remaining", left), ("x-ratelimit-limit", limit)];
        let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let value = |text| HeaderValue::from_static(text);
        remaining(&pairs.map(|(name, text)| (name.parse().unwrap(), value(text))).collect())
    };
    let found = |requests, limit| Some(Remaining { requests, limit });
    assert_eq!(said("59", "120"), found(59, Some(120)));
    assert_eq!(said(" 0 ", ""), found(0, None));
    assert_eq!(said("7", "many"), found(7, None));
    for odd in ["", "-1", "lots", "1e2", "5.5", "99999999999999999999"] {
        assert_eq!(said(odd, "120"), None, "{odd}");
    }
}

#[test]
fn only_failures_of_the_network_are_passing() {
    assert!(TransportError::Connect(String::new()).is_passing());
    assert!(TransportError::Truncated.is_passing());
    assert!(!TransportError::Certificate(Distrust::Expired).is_passing());
    assert!(!TransportError::Redirect { host: String::new() }.is_passing());
}
