//! What can be made to go wrong: the kinds of fault, and `KIND:PATH[:TIMES]` as text.

use std::fmt;
use std::str::FromStr;

/// A fault: what goes wrong, where, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub(super) kind: Kind,
    /// The endpoint's name, such as `conciliation/booking`, or `*` for all.
    pub(super) path: String,
    /// How many more requests it hits; `None` is all of them.
    pub(super) left: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Status(u16),
    LimitRetryAfter,
    LimitRetryDate,
    LimitAbsurd,
    Absurd(u16),
    ErrorPage(u16),
    BusyRetryAfter,
    BusyRetryDate,
    Refused,
    NotHttp,
    Hang,
    HangBody,
    Drip,
    Reset,
    Truncated,
    CutChunk,
    NoLength,
    ContentType,
    Html,
    Empty,
    Null,
    NoData,
    WrongTypes,
    Deep,
    HugeString,
    HugePage,
    Bomb,
    Endless,
    Redirect,
    RedirectLoop,
    RedirectDowngrade,
    RepeatPages,
    ShrinkPages,
    BadJson,
    Latency,
}

/// Every kind: its name, and what it does in one line.
const KINDS: [(&str, Kind, &str); 50] = [
    ("400", Kind::Status(400), "Bad Request with a message"),
    ("401", Kind::Status(401), "Unauthenticated."),
    ("403", Kind::Status(403), "the wrong audience"),
    ("404", Kind::Status(404), "a 404 that is not the empty answer of a list"),
    ("422", Kind::Status(422), "a message for the fields search and per_page"),
    ("429", Kind::Status(429), "the documented limit body, reset in 2 s"),
    ("429-retry-after", Kind::LimitRetryAfter, "429 with Retry-After: 2 and no limit body"),
    ("429-retry-date", Kind::LimitRetryDate, "429 with Retry-After as a date in 2 s"),
    ("400-absurd", Kind::Absurd(400), "400 whose body has every type wrong"),
    ("401-absurd", Kind::Absurd(401), "401 whose body has every type wrong"),
    ("403-absurd", Kind::Absurd(403), "403 whose body has every type wrong"),
    ("404-absurd", Kind::Absurd(404), "404 whose body has every type wrong"),
    ("422-absurd", Kind::Absurd(422), "422 whose body has every type wrong"),
    ("429-absurd", Kind::LimitAbsurd, "429 with figures and headers that make no sense"),
    ("500", Kind::Status(500), "Server Error with a message"),
    ("500-html", Kind::ErrorPage(500), "Server Error as a web page"),
    ("502", Kind::Status(502), "Bad Gateway with a message"),
    ("503", Kind::Status(503), "Service Unavailable with a message"),
    ("503-absurd", Kind::Absurd(503), "503 whose body has every type wrong"),
    ("503-html", Kind::ErrorPage(503), "Service Unavailable as a web page"),
    ("503-retry-after", Kind::BusyRetryAfter, "503 with Retry-After: 2"),
    ("503-retry-date", Kind::BusyRetryDate, "503 with Retry-After as a date in 2 s"),
    ("504", Kind::Status(504), "Gateway Timeout with a message"),
    ("refused", Kind::Refused, "a reset, and then nobody listens for 2 s"),
    ("hang", Kind::Hang, "no answer at all"),
    ("hang-body", Kind::HangBody, "headers and half of the body, then silence"),
    ("drip", Kind::Drip, "the body at a byte every 200 ms"),
    ("reset", Kind::Reset, "the connection is reset"),
    ("not-http", Kind::NotHttp, "the greeting of another protocol"),
    ("truncated", Kind::Truncated, "half of the promised length, then the end"),
    ("cut-chunk", Kind::CutChunk, "ends in the middle of a chunk"),
    ("no-length", Kind::NoLength, "no length, the end of the connection ends the body"),
    ("content-type", Kind::ContentType, "the right body as text/plain"),
    ("html", Kind::Html, "200 with a web page"),
    ("empty", Kind::Empty, "200 with an empty body"),
    ("null", Kind::Null, "data is null (a body without data is null)"),
    ("no-data", Kind::NoData, "nothing but a message"),
    ("wrong-types", Kind::WrongTypes, "numbers are strings, strings are numbers or lists"),
    ("deep", Kind::Deep, "data is nested 100,000 deep"),
    ("huge-string", Kind::HugeString, "a row with a string of 4 MiB"),
    ("huge-page", Kind::HugePage, "a well-formed page of more than 8 MiB"),
    ("bomb", Kind::Bomb, "300 MiB compressed to less than 1 MiB"),
    ("endless", Kind::Endless, "a body without an end"),
    ("redirect", Kind::Redirect, "to another host"),
    ("redirect-loop", Kind::RedirectLoop, "to the same place"),
    ("redirect-downgrade", Kind::RedirectDowngrade, "to plain http on the real host"),
    ("repeat-pages", Kind::RepeatPages, "every page is the first one again"),
    ("shrink-pages", Kind::ShrinkPages, "from page 2 on, rows vanish while one pages"),
    ("bad-json", Kind::BadJson, "the body stops being JSON half-way"),
    ("latency", Kind::Latency, "the right answer after 2 s"),
];

/// The name of each kind with its one-line description, for help texts.
pub fn fault_kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    KINDS.iter().map(|(name, _, does)| (*name, *does))
}

impl Fault {
    /// Whether the fault is meant for an endpoint and not used up.
    pub(super) fn hits(&self, endpoint: &str) -> bool {
        (self.path == "*" || self.path == endpoint) && self.left != Some(0)
    }
}

/// The text is not `KIND:PATH[:TIMES]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultError {
    /// There is no fault of this name.
    Kind(String),
    Path(String),
    /// The number of times is not a whole number from 1.
    Times(String),
}

impl fmt::Display for FaultError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(name) => {
                let names: Vec<&str> = KINDS.iter().map(|(name, ..)| *name).collect();
                write!(out, "no fault is called {name:?}; there are {}", names.join(", "))
            }
            Self::Path(text) => write!(
                out,
                "{text:?} does not say where: KIND:PATH[:TIMES], such as 500:penalties:2 or hang:*"
            ),
            Self::Times(text) => write!(out, "{text:?} is no number of times; give 1 or more"),
        }
    }
}

impl std::error::Error for FaultError {}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let mut parts = text.splitn(3, ':');
        let name = parts.next().unwrap_or_default();
        let known = KINDS.iter().find(|(known, ..)| *known == name);
        let (_, kind, _) = known.ok_or_else(|| FaultError::Kind(name.to_owned()))?;
        let path = parts.next().map(|path| path.trim_matches('/')).unwrap_or_default();
        if path.is_empty() {
            return Err(FaultError::Path(text.to_owned()));
        }
        let times = |text: &str| match text.parse() {
            Ok(times) if times > 0 => Ok(times),
            _ => Err(FaultError::Times(text.to_owned())),
        };
        let left = parts.next().map(times).transpose()?;
        Ok(Self { kind: *kind, path: path.to_owned(), left })
    }
}
