//! What can be decided about a penalty. It is the user's own: nothing of it reaches the server.

#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Decision {
    /// Nothing is left to do; it leaves the queue.
    Done,
    Dispute,
    Waiver,
    #[strum(to_string = "to notify")]
    Notify,
}

impl Decision {
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// How long a penalty can be put off: the words, and the days.
pub const SNOOZES: [(&str, u64); 3] = [("1 day", 1), ("3 days", 3), ("1 week", 7)];
