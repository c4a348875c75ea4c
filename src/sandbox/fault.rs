//! What can be made to go wrong: the kinds of fault, and `KIND:PATH[:TIMES]` as text.

use std::str::FromStr;

/// A fault: what goes wrong, where, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A name of [`KINDS`].
    pub(super) kind: &'static str,
    /// The endpoint's name, such as `conciliation/booking`, or `*` for all.
    pub(super) path: String,
    /// How many more requests it hits; `None` is all of them.
    pub(super) left: Option<u32>,
}

/// Every kind: its name, and what it does in one line.
const KINDS: [(&str, &str); 50] = [
    ("400", "Bad Request with a message"),
    ("401", "Unauthenticated."),
    ("403", "the wrong audience"),
    ("404", "a 404 that is not the empty answer of a list"),
    ("422", "a message for the fields search and per_page"),
    ("429", "the documented limit body, reset in 2 s"),
    ("429-retry-after", "429 with Retry-After: 2 and no limit body"),
    ("429-retry-date", "429 with Retry-After as a date in 2 s"),
    ("400-absurd", "400 whose body has every type wrong"),
    ("401-absurd", "401 whose body has every type wrong"),
    ("403-absurd", "403 whose body has every type wrong"),
    ("404-absurd", "404 whose body has every type wrong"),
    ("422-absurd", "422 whose body has every type wrong"),
    ("429-absurd", "429 with figures and headers that make no sense"),
    ("500", "Server Error with a message"),
    ("500-html", "Server Error as a web page"),
    ("502", "Bad Gateway with a message"),
    ("503", "Service Unavailable with a message"),
    ("503-absurd", "503 whose body has every type wrong"),
    ("503-html", "Service Unavailable as a web page"),
    ("503-retry-after", "503 with Retry-After: 2"),
    ("503-retry-date", "503 with Retry-After as a date in 2 s"),
    ("504", "Gateway Timeout with a message"),
    ("refused", "a reset, and then nobody listens for 2 s"),
    ("hang", "no answer at all"),
    ("hang-body", "headers and half of the body, then silence"),
    ("drip", "the body at a byte every 200 ms"),
    ("reset", "the connection is reset"),
    ("not-http", "the greeting of another protocol"),
    ("truncated", "half of the promised length, then the end"),
    ("cut-chunk", "ends in the middle of a chunk"),
    ("no-length", "no length, the end of the connection ends the body"),
    ("content-type", "the right body as text/plain"),
    ("html", "200 with a web page"),
    ("empty", "200 with an empty body"),
    ("null", "data is null (a body without data is null)"),
    ("no-data", "nothing but a message"),
    ("wrong-types", "numbers are strings, strings are numbers or lists"),
    ("deep", "data is nested 100,000 deep"),
    ("huge-string", "a row with a string of 4 MiB"),
    ("huge-page", "a well-formed page of more than 8 MiB"),
    ("bomb", "300 MiB compressed to less than 1 MiB"),
    ("endless", "a body without an end"),
    ("redirect", "to another host"),
    ("redirect-loop", "to the same place"),
    ("redirect-downgrade", "to plain http on the real host"),
    ("repeat-pages", "every page is the first one again"),
    ("shrink-pages", "from page 2 on, rows vanish while one pages"),
    ("bad-json", "the body stops being JSON half-way"),
    ("latency", "the right answer after 2 s"),
];

/// The name of each kind with its one-line description, for help texts.
pub fn fault_kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    KINDS.into_iter()
}

impl Fault {
    /// Returns `true` if the fault is meant for an endpoint and not used up.
    pub(super) fn hits(&self, endpoint: &str) -> bool {
        (self.path == "*" || self.path == endpoint) && self.left != Some(0)
    }
}

/// The text is not `KIND:PATH[:TIMES]`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    #[error("no fault is called {0:?}; there are {names}", names = KINDS.map(|(name, _)| name).join(", "))]
    Kind(String),
    #[error("{0:?} does not say where: KIND:PATH[:TIMES], such as 500:penalties:2 or hang:*")]
    Path(String),
    #[error("{0:?} is no number of times; give 1 or more")]
    Times(String),
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let mut parts = text.splitn(3, ':');
        let name = parts.next().unwrap_or_default();
        let kind = KINDS.iter().find(|(kind, _)| *kind == name);
        let (kind, _) = kind.ok_or_else(|| FaultError::Kind(name.to_owned()))?;
        let path = parts.next().map(|path| path.trim_matches('/')).unwrap_or_default();
        if path.is_empty() {
            return Err(FaultError::Path(text.to_owned()));
        }
        let times = |text: &str| match text.parse() {
            Ok(times) if times > 0 => Ok(times),
            _ => Err(FaultError::Times(text.to_owned())),
        };
        let left = parts.next().map(times).transpose()?;
        Ok(Self { kind, path: path.to_owned(), left })
    }
}
