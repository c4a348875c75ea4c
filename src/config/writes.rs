//! The writes that a profile allows: `writes` in its table of the Payments API.

use strum::VariantNames;
use toml::Spanned;

use super::ConfigError;
use super::profile::Settings;
use super::schema::{ProfileTable, Severity, join};
use crate::payments::write::Permit;

/// Problems of the settings, each with its byte offset.
pub(super) fn faults(profile: &str, table: &ProfileTable) -> Vec<(usize, Severity, String)> {
    let mut faults = Vec::new();
    if let Some(writes) = &table.finance.writes {
        let text =
            format!("profile {profile}, finance: nothing can be written there; remove writes");
        faults.push((writes.span().start, Severity::Error, text));
    }
    let Some(writes) = &table.payments.writes else { return faults };
    let valid = Permit::VARIANTS.join(", ");
    for name in writes.get_ref() {
        if name.get_ref().parse::<Permit>().is_err() {
            let shown = join("", name.get_ref());
            let text = format!(
                "profile {profile}, payments: `{shown}` is not a write; the writes are: {valid}"
            );
            faults.push((name.span().start, Severity::Error, text));
        }
    }
    if table.payments.token_command.is_none() {
        let text =
            format!("profile {profile}, payments: writes is not used without a token_command");
        faults.push((writes.span().start, Severity::Warning, text));
    }
    faults
}

impl Settings {
    /// The writes that a profile allows; empty for an unknown profile. Fails for settings with errors.
    pub fn permits(&self, profile: &str) -> Result<Vec<Permit>, ConfigError> {
        self.ensure_valid()?;
        let table = self.document.profile(profile);
        let writes = table.and_then(|table| table.payments.writes.as_ref());
        let names = writes.into_iter().flat_map(Spanned::get_ref);
        Ok(names.filter_map(|name| name.get_ref().parse().ok()).collect())
    }

    /// A line for each profile that allows writes.
    pub fn writers_in_words(&self) -> String {
        let names = |permits: &[Permit]| {
            permits.iter().map(|permit| permit.name()).collect::<Vec<_>>().join(", ")
        };
        let line = |(profile, permits): (String, Vec<Permit>)| {
            format!("profile {profile} allows writes: {}\n", names(&permits))
        };
        self.writers().into_iter().map(line).collect()
    }

    /// The profiles that allow writes, each with what it allows, in the order of the file.
    pub fn writers(&self) -> Vec<(String, Vec<Permit>)> {
        let names = self.document.profiles().into_iter().map(|(_, name, _)| name.to_owned());
        let permits = |name: String| Some((name.clone(), self.permits(&name).ok()?));
        names.filter_map(permits).filter(|(_, permits)| !permits.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Store;

    fn settings(text: &str) -> (tempfile::TempDir, Settings) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(folder.path(), folder.path());
        std::fs::create_dir_all(store.config_file().parent().unwrap()).unwrap();
        std::fs::write(store.config_file(), text).unwrap();
        let settings = Settings::read(Some(&store)).unwrap();
        (folder, settings)
    }

    #[test]
    fn a_profile_allows_what_it_names_and_nothing_without_a_name() {
        let text = "[profile.a.payments]\ntoken_command = [\"echo\"]\n\
                    writes = [\"block\", \"cancel-fees\"]\n\
                    [profile.b.payments]\ntoken_command = [\"echo\"]\n";
        let (_folder, settings) = settings(text);
        assert_eq!(settings.document.problems, []);
        assert_eq!(settings.permits("a").unwrap(), [Permit::Block, Permit::CancelFees]);
        assert_eq!(settings.permits("b").unwrap(), []);
        assert_eq!(settings.permits("nobody").unwrap(), []);
        assert_eq!(settings.writers(), [("a".to_owned(), vec![Permit::Block, Permit::CancelFees])]);
    }

    #[test]
    fn an_unknown_name_is_an_error_that_lists_the_valid_ones() {
        for (line, words) in [
            (
                "writes = [\"block\", \"unblock\"]",
                "line 3, column 20: profile a, payments: `unblock` is not a write; the writes are: \
                 block, cancel, cancel-fees, match",
            ),
            ("writes = \"block\"", "must be an array of names, such as [\"block\"], not this text"),
            ("writes = [1]", "must be an array of names"),
            ("writes = [\"eyJhbGciOiJub25lIn0.aa.bb\"]", "`…` is not a write"),
        ] {
            let text = format!("[profile.a.payments]\ntoken_command = [\"echo\"]\n{line}\n");
            let (_folder, settings) = settings(&text);
            let problem = settings.document.problems.first().unwrap().to_string();
            assert!(problem.contains(words), "{line}: {problem}");
            assert!(settings.permits("a").is_err());
        }
        let (_folder, finance) = settings("[profile.a.finance]\nwrites = [\"block\"]\n");
        assert!(finance.document.problems[0].text.contains("nothing can be written"));
        let (_folder, unused) = settings("[profile.a.payments]\nwrites = [\"block\"]\n");
        assert!(unused.document.problems[0].text.contains("without a token_command"));
    }
}
