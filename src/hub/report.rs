//! What a command reports besides its output: of one customer at once, of several under their names.

use crate::net::response::NetState;

#[derive(Debug, Clone)]
pub struct Reporter {
    /// If there are several: the reports of each follow each other.
    profile: Option<String>,
    reports: Vec<String>,
    /// Which rows are missing although nothing failed, for a file; empty if none is.
    pub part: String,
    print: fn(&str),
}

impl Reporter {
    /// Prints at once, without a name.
    pub fn of_one(print: fn(&str)) -> Self {
        Self { profile: None, reports: Vec::new(), part: String::new(), print }
    }

    pub fn of_one_of_many(profile: String, print: fn(&str)) -> Self {
        Self { profile: Some(profile), reports: Vec::new(), part: String::new(), print }
    }

    pub fn say(&mut self, text: &str) {
        match &self.profile {
            Some(profile) => self.reports.push(format!("{profile}: {text}")),
            None => (self.print)(text),
        }
    }

    /// Reports a wait at once, so that the command does not seem to hang.
    pub fn wait(&self, network: NetState) {
        match (waiting(network), &self.profile) {
            (Some(text), Some(profile)) => (self.print)(&format!("{profile}: {text}")),
            (Some(text), None) => (self.print)(&text),
            (None, _) => {}
        }
    }

    /// What was not printed at once.
    pub fn into_reports(self) -> Vec<String> {
        self.reports
    }
}

pub fn waiting(network: NetState) -> Option<String> {
    let (what, wait) = match (network.offline_for, network.limited_for) {
        (Some(wait), _) => ("the server cannot be reached; retrying", wait),
        (None, Some(wait)) if matches!(network.left, Some((0, _))) => {
            ("rate limit reached; resuming", wait)
        }
        (None, Some(wait)) => ("pacing requests to stay within the limit; next one", wait),
        (None, None) => return None,
    };
    Some(format!("{what} in {} s", wait.div_ceil(1_000)))
}
