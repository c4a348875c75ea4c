//! Access control and rate limit: tokens and the window of one minute.

use chrono::TimeDelta;
use fastrand::Rng;
use tokio::time::{Duration, Instant};

use super::calendar::now;
use super::fault::documented;
use super::json::{Node, Object, object};
use super::reply::HttpReply;

const WINDOW: Duration = Duration::from_secs(60);

pub(super) struct Tokens {
    pub(super) customer: String,
    pub(super) employee: String,
}

impl Tokens {
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed ^ 0x7091);
        let mut token = || "sd_".chars().chain((0..40).map(|_| rng.alphanumeric())).collect();
        Self { customer: token(), employee: token() }
    }

    /// The refusal of a request without the customer's token. A JWT counts as an unknown token.
    pub(super) fn refuse(&self, authorization: &str) -> Option<HttpReply> {
        let (scheme, token) = authorization.split_once(' ').unwrap_or_default();
        let is_bearer = scheme.eq_ignore_ascii_case("bearer");
        match token.trim() {
            token if is_bearer && token == self.customer => None,
            token if is_bearer && token == self.employee => Some(documented(403)),
            _ => Some(documented(401)),
        }
    }
}

/// The contract requires `Accept: application/json`, but names no status for its absence; HTTP has 406.
pub(super) fn refuse_accept(accept: &str) -> Option<HttpReply> {
    let mut types = accept.split(',').map(|part| part.split(';').next().unwrap_or_default().trim());
    let json = types.any(|name| name.eq_ignore_ascii_case("application/json"));
    (!json).then(|| HttpReply::message(406, "The header Accept: application/json is required."))
}

/// The customer's requests in the current window, which starts with its first request.
#[derive(Default)]
pub(super) struct Window {
    /// 0 means no limit.
    pub(super) limit: u32,
    pub(super) used: u32,
    pub(super) start: Option<Instant>,
}

impl Window {
    pub(super) fn count(&mut self) -> Option<HttpReply> {
        let now = Instant::now();
        if self.start.is_none_or(|start| now.duration_since(start) >= WINDOW) {
            self.start = Some(now);
            self.used = 0;
        }
        if self.limit > 0 && self.used >= self.limit {
            let body = object! {"message": "Rate limit exceeded.", "rate_limit": self.usage()};
            return Some(HttpReply::json(429, &body));
        }
        self.used = self.used.saturating_add(1);
        None
    }

    /// Adds the headers of Laravel's throttle, if there is a limit.
    pub(super) fn label(&self, reply: HttpReply) -> HttpReply {
        if self.limit == 0 {
            return reply;
        }
        let left = self.limit.saturating_sub(self.used);
        let reply = reply.header("X-RateLimit-Limit", self.limit.to_string());
        reply.header("X-RateLimit-Remaining", left.to_string())
    }

    pub(super) fn limits(&self) -> HttpReply {
        let windows = if self.limit == 0 { Vec::new() } else { vec![self.usage()] };
        let body = object! {
            "message": "Rate limits retrieved successfully.",
            "rate_limits": object! {
                "audience": "customer",
                "plan": object! {"id": 1, "name": "Customer Standard", "slug": "customer-standard"},
                "limits": Node::List(windows),
            },
        };
        HttpReply::json(200, &body)
    }

    fn usage(&self) -> Object {
        let gone = self.start.map(|start| start.elapsed()).unwrap_or_default();
        let left = WINDOW.saturating_sub(gone);
        object! {
            "window": "minute",
            "limit": self.limit,
            "used": self.used,
            "remaining": self.limit.saturating_sub(self.used),
            // Rounded up, so that a client that waits this long is not rejected again.
            "resets_in_seconds": left.as_secs() + u64::from(left.subsec_nanos() > 0),
            "resets_at": (now() + left + TimeDelta::hours(2)).format("%FT%T+02:00").to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Window};

    #[tokio::test(start_paused = true)]
    async fn the_window_begins_with_its_first_request_and_lasts_a_minute() {
        let mut window = Window { limit: 2, ..Window::default() };
        assert!(window.count().is_none());
        tokio::time::advance(Duration::from_millis(59_900)).await;
        assert!(window.count().is_none());
        assert_eq!(window.count().map(|reply| reply.status), Some(429));
        assert!(String::from_utf8_lossy(&window.limits().body).contains("in_seconds\":1,"));
        tokio::time::advance(Duration::from_millis(100)).await;
        assert!(window.count().is_none() && window.count().is_none());
        assert!(window.count().is_some());
    }

    #[test]
    fn no_limit_is_no_window() {
        let mut window = Window::default();
        assert!((0..1000).all(|_| window.count().is_none()));
        assert!(String::from_utf8_lossy(&window.limits().body).contains("\"limits\":[]"));
    }
}
