//! Who may ask, and how often: tokens and the window of one minute.

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use fastrand::Rng;
use tokio::time::{Duration, Instant};

use super::answer::Answer;
use super::calendar::now;
use super::json::Object;

/// The length of the rate limit's window.
const WINDOW: Duration = Duration::from_secs(60);

/// The two tokens of a sandbox.
pub(super) struct Tokens {
    pub(super) customer: String,
    /// Belongs to an employee, whom this API refuses.
    pub(super) employee: String,
}

impl Tokens {
    /// Tokens with the sandbox's prefix, always the same for a seed.
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed ^ 0x7091);
        let mut token = || -> String {
            let tail = (0..40).map(|_| rng.alphanumeric());
            "sd_".chars().chain(tail).collect()
        };
        Self { customer: token(), employee: token() }
    }

    /// The answer to a request without the customer's token. A JWT is an unknown token here.
    pub(super) fn refuse(&self, authorization: Option<&str>) -> Option<Answer> {
        let (scheme, token) = authorization.unwrap_or_default().split_once(' ').unwrap_or_default();
        let bearer = scheme.eq_ignore_ascii_case("bearer");
        match token.trim() {
            token if bearer && token == self.customer => None,
            token if bearer && token == self.employee => {
                let why = "Access denied. This resource is restricted to customers.";
                Some(Answer::message(403, why))
            }
            _ => Some(Answer::message(401, "Unauthenticated.")),
        }
    }
}

/// The contract calls `Accept: application/json` required; it does not say with which status a
/// request without it is refused. 406 is what HTTP has for the case.
pub(super) fn refuse_accept(accept: Option<&str>) -> Option<Answer> {
    let media = accept.unwrap_or_default().split(',');
    let mut types = media.map(|part| part.split(';').next().unwrap_or_default().trim());
    let json = types.any(|name| name.eq_ignore_ascii_case("application/json"));
    (!json).then(|| Answer::message(406, "The header Accept: application/json is required."))
}

/// The customer's requests in the current window, which begins with its first request.
pub(super) struct Window {
    limit: u32,
    used: u32,
    start: Option<Instant>,
}

impl Window {
    /// A window for `limit` requests; 0 is no limit.
    pub(super) fn new(limit: u32) -> Self {
        Self { limit, used: 0, start: None }
    }

    /// Counts one request, or gives the 429 that it earns.
    pub(super) fn count(&mut self) -> Option<Answer> {
        let now = Instant::now();
        if self.start.is_none_or(|start| now.duration_since(start) >= WINDOW) {
            self.start = Some(now);
            self.used = 0;
        }
        if self.limit > 0 && self.used >= self.limit {
            let body = Object::default()
                .with("message", "Rate limit exceeded.")
                .with_object("rate_limit", self.usage());
            return Some(Answer::json(429, &body));
        }
        self.used = self.used.saturating_add(1);
        None
    }

    pub(super) fn limits(&self) -> Answer {
        let plan = Object::default()
            .with("id", 1)
            .with("name", "Customer Standard")
            .with("slug", "customer-standard");
        let windows = if self.limit == 0 { Vec::new() } else { vec![self.usage()] };
        let limits = Object::default()
            .with("audience", "customer")
            .with_object("plan", plan)
            .with_rows("limits", windows);
        let body = Object::default()
            .with("message", "Rate limits retrieved successfully.")
            .with_object("rate_limits", limits);
        Answer::json(200, &body)
    }

    fn usage(&self) -> Object {
        let gone = self.start.map(|start| start.elapsed()).unwrap_or_default();
        let left = WINDOW.saturating_sub(gone);
        // Rounded up, so that who waits as long as told is not told again.
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        Object::default()
            .with("window", "minute")
            .with("limit", self.limit)
            .with("used", self.used)
            .with("remaining", self.limit.saturating_sub(self.used))
            .with("resets_in_seconds", seconds)
            .with("resets_at", local(now() + left))
    }
}

/// A time as the API shows it here: to the second, with an offset, as in the documents' summer.
fn local(at: DateTime<Utc>) -> String {
    match FixedOffset::east_opt(2 * 3600) {
        Some(zone) => at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, true),
        None => at.to_rfc3339_opts(SecondsFormat::Secs, true),
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Window};

    #[tokio::test(start_paused = true)]
    async fn the_window_begins_with_its_first_request_and_lasts_a_minute() {
        let mut window = Window::new(2);
        assert!(window.count().is_none());
        tokio::time::advance(Duration::from_millis(59_900)).await;
        assert!(window.count().is_none());
        assert_eq!(window.count().map(|answer| answer.status), Some(429));
        assert!(String::from_utf8_lossy(&window.limits().body).contains("in_seconds\":1,"));
        tokio::time::advance(Duration::from_millis(100)).await;
        assert!(window.count().is_none() && window.count().is_none());
        assert!(window.count().is_some());
    }

    #[test]
    fn no_limit_is_no_window() {
        let mut window = Window::new(0);
        assert!((0..1000).all(|_| window.count().is_none()));
        assert!(String::from_utf8_lossy(&window.limits().body).contains("\"limits\":[]"));
    }
}
