//! The key of a customer, which names the customer's files in the state directory.

use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

const PROFILE: &str = "profile-";

/// Names one customer in the state directory, safe in a file name. Two customers never share one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CustomerKey(String);

impl CustomerKey {
    pub fn of_profile(name: &str) -> Self {
        Self(format!("{PROFILE}{}", utf8_percent_encode(name, NON_ALPHANUMERIC)))
    }

    pub fn of_fingerprint(fingerprint: &str) -> Self {
        Self(format!("token-{fingerprint}"))
    }

    /// Of no customer: nothing is saved under it.
    pub fn all() -> Self {
        Self("all".to_owned())
    }

    pub fn demo() -> Self {
        Self("demo".to_owned())
    }

    /// The demo with other data, such as another seed.
    pub fn demo_with(options: &str) -> Self {
        Self(format!("demo-{}", utf8_percent_encode(options, NON_ALPHANUMERIC)))
    }

    pub fn is_demo(&self) -> bool {
        *self == Self::demo() || self.0.starts_with("demo-")
    }

    pub fn profile(&self) -> Option<String> {
        let encoded = self.0.strip_prefix(PROFILE)?;
        Some(percent_decode_str(encoded).decode_utf8_lossy().into_owned())
    }
}

impl fmt::Display for CustomerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leaves_its_folder_nor_meets_another_kind() {
        assert_eq!(CustomerKey::of_profile("../x").0, "profile-%2E%2E%2Fx");
        assert_ne!(CustomerKey::of_profile("demo"), CustomerKey::demo());
        assert_ne!(CustomerKey::demo_with("seed 2"), CustomerKey::demo_with("seed 20"));
        assert_eq!(CustomerKey::of_profile("a_b-1").profile().as_deref(), Some("a_b-1"));
        let demos = [CustomerKey::demo(), CustomerKey::demo_with("seed 2")];
        assert!(demos.iter().all(CustomerKey::is_demo));
        assert!(!CustomerKey::of_profile("demo-x").is_demo());
        assert_eq!(CustomerKey::of_fingerprint("profile-x").profile(), None);
        assert_ne!(CustomerKey::of_profile("a b"), CustomerKey::of_profile("a_b"));
    }
}
