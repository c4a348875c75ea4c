//! Profiles: named customers, each with the source of its token and possibly its own server.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use url::Url;

use super::schema::{Document, ProfileTable, Severity};
use super::secret::{Credentials, Source};
use super::{ConfigError, lists, secure_file, writes};
use crate::domain::text::sanitize;
use crate::list::shape::Choices;
use crate::net::target::Target;
use crate::state::{Store, lock, replace};

const LARGEST_FILE: u64 = 1024 * 1024;
const LONGEST_NAME: usize = 32;
/// The name of the profile if the user does not name one.
pub const UNNAMED: &str = "default";

type Fault = (usize, Severity, String);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    pub base_url: Option<String>,
    pub source: Source,
    /// The program that may prompt before it prints the token.
    pub prompter: Option<String>,
}

/// Where the settings name the server's field for a field of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoicePlace {
    pub list: &'static str,
    pub field: &'static str,
    /// File, line and column.
    pub place: String,
}

#[derive(Debug, Default)]
pub struct Settings {
    pub path: Option<PathBuf>,
    pub document: Document,
    pub credentials: Option<Credentials>,
}

/// Fails for a name that cannot be part of a file name and of the header.
pub fn check_name(name: &str) -> Result<(), &'static str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_plain) {
        return Err("a profile name has 1 to 32 letters, digits, - or _");
    }
    Ok(())
}

impl Settings {
    /// Fails for a file that others can change: its keys and servers could mislead the user.
    pub fn read(store: Option<&Store>) -> Result<Self, ConfigError> {
        let path = store.map(Store::config_file);
        let text = path.as_deref().map(read_file).transpose()?.unwrap_or_default();
        let credentials = store.map(Credentials::of);
        let mut settings = Self { path, document: Document::read(&text), credentials };
        let profiles = settings.document.profiles().into_iter();
        let faults = profiles.flat_map(|(at, name, table)| settings.check(at, name, table));
        let of_lists = lists::faults(&settings.document).into_iter();
        let of_lists = of_lists.map(|(at, text)| (at, Severity::Error, text));
        let faults: Vec<_> = faults.chain(settings.check_default()).chain(of_lists).collect();
        for (at, weight, text) in faults {
            settings.document.fault(at, weight, text);
        }
        Ok(settings)
    }

    fn check(&self, at: usize, name: &str, table: &ProfileTable) -> Vec<Fault> {
        if let Err(why) = check_name(name) {
            let text = format!("this profile name is not allowed: {why}");
            return vec![(at, Severity::Error, text)];
        }
        let twin = self.twin(name).map(|twin| {
            let text =
                format!("the profiles {name} and {twin} differ only in letter case; rename one");
            (at, Severity::Error, text)
        });
        let mut faults = Vec::from_iter(twin);
        let (payments, finance) = (&table.payments, &table.finance);
        for (api, url, command) in [
            ("", &table.base_url, &table.token_command),
            (", payments", &payments.base_url, &payments.token_command),
            (", finance", &finance.base_url, &finance.token_command),
        ] {
            let Some(url) = url else { continue };
            let at = url.span().start;
            if let Err(why) = Target::check_base(url.get_ref()) {
                faults.push((at, Severity::Error, format!("profile {name}{api}: {why}")));
            } else if !api.is_empty() && command.is_none() {
                let text =
                    format!("profile {name}{api}: base_url is not used without a token_command");
                faults.push((at, Severity::Warning, text));
            }
        }
        faults.extend(writes::faults(name, table));
        if let (Some(asks), None) = (&table.token_command_asks, &table.token_command) {
            let text =
                format!("profile {name}: token_command_asks is not used without a token_command");
            faults.push((asks.span().start, Severity::Warning, text));
        }
        if let Some(command) = &table.token_command
            && self.credentials.as_ref().is_some_and(|kept| kept.has(name))
        {
            let text = format!(
                "profile {name} has a token_command, so its saved token is not used; \
                 remove one of them (valora auth logout --profile {name})"
            );
            faults.push((command.span().start, Severity::Warning, text));
        }
        faults
    }

    fn check_default(&self) -> Option<Fault> {
        let default = self.document.values.default_profile.as_ref()?;
        let name = default.get_ref();
        if self.names().contains(name) {
            return None;
        }
        let shown = if check_name(name).is_ok() { name } else { "NAME" };
        let text = format!(
            "default_profile: there is no such profile yet; create it: valora auth login --profile \
             {shown}"
        );
        Some((default.span().start, Severity::Warning, text))
    }

    /// The profiles of the file in its order, then those that only have a saved token.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let tables = self.document.profiles().into_iter().map(|(_, name, _)| name.to_owned());
        for name in tables.chain(self.credentials.iter().flat_map(Credentials::names)) {
            if check_name(&name).is_ok() && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    pub fn profile(&self, name: &str) -> Result<Profile, ConfigError> {
        self.ensure_valid()?;
        let known = self.names();
        let (Some(credentials), true) = (&self.credentials, known.iter().any(|it| it == name))
        else {
            let name = if check_name(name).is_ok() { name } else { "of this name" };
            return Err(ConfigError::NoProfile { name: name.to_owned(), known });
        };
        let own = self.document.profile(name);
        let source = match own.and_then(|own| own.token_command.as_ref()) {
            Some(command) => Source::Command(command.get_ref().0.clone()),
            None => credentials.source(name),
        };
        let base_url = own.and_then(|own| own.base_url.as_ref()).map(|url| url.get_ref().clone());
        let asks = own.and_then(|own| own.token_command_asks.as_ref());
        let prompter = source.prompter(asks.map(|asks| *asks.get_ref()));
        let prompter = prompter.map(|program| sanitize(program).into_owned());
        Ok(Profile { name: name.to_owned(), base_url, source, prompter })
    }

    /// The server's fields for the lists, for a profile, or for a token without one.
    pub fn choices(&self, profile: Option<&str>) -> Choices {
        lists::choices(&self.document, profile).0
    }

    /// Where the settings name each of [`Self::choices`].
    pub fn choice_places(&self, profile: Option<&str>) -> Vec<ChoicePlace> {
        let path = self.path.as_deref().unwrap_or(Path::new("")).display();
        let places = lists::places(&self.document, profile).map(|(list, field, at)| {
            let (line, column) = self.document.place(at);
            ChoicePlace { list, field, place: format!("{path}: line {line}, column {column}") }
        });
        places.collect()
    }

    /// The profile whose name differs only in letter case: the same file on some systems, such as macOS.
    pub fn twin(&self, name: &str) -> Option<String> {
        self.names().into_iter().find(|known| known != name && known.eq_ignore_ascii_case(name))
    }

    /// Returns `default_profile`, which need not exist yet, or the only profile, or `default`.
    pub fn default_profile_name(&self) -> Result<Option<String>, ConfigError> {
        self.ensure_valid()?;
        let names = self.names();
        let name = match (&self.document.values.default_profile, names.as_slice()) {
            (Some(name), _) => name.get_ref(),
            (None, []) => return Ok(None),
            (None, [only]) => only,
            (None, _) if names.iter().any(|name| name == UNNAMED) => UNNAMED,
            (None, _) => return Err(ConfigError::Several(names)),
        };
        Ok(Some(name.to_owned()))
    }

    pub fn ensure_valid(&self) -> Result<(), ConfigError> {
        match &self.path {
            Some(path) if self.document.is_broken() => Err(ConfigError::Broken {
                path: path.clone(),
                problems: self.document.problems.clone(),
            }),
            _ => Ok(()),
        }
    }

    pub fn warnings(&self) -> Vec<String> {
        let path = self.path.as_deref().unwrap_or(Path::new("")).display();
        self.document.problems.iter().map(|problem| format!("{path}: {problem}")).collect()
    }
}

fn read_file(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |why| ConfigError::Unreadable { path: path.to_owned(), why };
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        opened => opened.map_err(unreadable)?,
    };
    secure_file::check_settings(path, &file.metadata().map_err(unreadable)?)
        .map_err(|why| ConfigError::Exposed { path: path.to_owned(), why })?;
    let mut text = String::new();
    let read = file.take(LARGEST_FILE + 1).read_to_string(&mut text).map_err(unreadable)?;
    if read as u64 > LARGEST_FILE {
        return Err(unreadable(io::Error::other("it is larger than 1 MiB")));
    }
    Ok(text)
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SavedBaseUrl {
    Known,
    Added(PathBuf),
    /// The profile has a table already, which only the user changes; these lines belong there.
    ByHand(String),
}

/// Adds the base URL of a profile to the settings; on failure the file is unchanged.
pub fn save_base_url(settings: &Settings, profile: &str, base: &Url) -> io::Result<SavedBaseUrl> {
    // A URL contains nothing that needs to be escaped.
    let lines = format!("[profile.{profile}]\nbase_url = \"{base}\"\n");
    let is_saved = |document: &Document| {
        let url = document.profile(profile).and_then(|profile| profile.base_url.as_ref());
        url.is_some_and(|url| url.get_ref() == base.as_str())
    };
    if is_saved(&settings.document) {
        return Ok(SavedBaseUrl::Known);
    }
    let (None, Some(path)) = (settings.document.profile(profile), &settings.path) else {
        return Ok(SavedBaseUrl::ByHand(lines));
    };
    let _lock = lock(path)?;
    // A link is followed, so that its target is changed.
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
    let before = match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        read => read?,
    };
    let gap = match before.as_str() {
        "" => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let after = format!("{before}{gap}{lines}");
    // Profiles in an inline table, for one, cannot be extended below it.
    if !is_saved(&Document::read(&after)) {
        return Ok(SavedBaseUrl::ByHand(lines));
    }
    replace(&path, &after)?;
    Ok(SavedBaseUrl::Added(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_added_once_and_a_table_of_ones_own_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(folder.path(), folder.path());
        let read = || Settings::read(Some(&store)).unwrap();
        let url = &Url::parse("http://127.0.0.1:8080/api/v1/c").unwrap();
        let SavedBaseUrl::Added(path) = save_base_url(&read(), "me", url).unwrap() else {
            panic!("not added")
        };
        assert_eq!(save_base_url(&read(), "me", url).unwrap(), SavedBaseUrl::Known);
        let before = std::fs::read_to_string(&path).unwrap();
        assert_eq!(before, format!("[profile.me]\nbase_url = \"{url}\"\n"));
        let elsewhere = Url::parse("http://127.0.0.1:1/c").unwrap();
        let SavedBaseUrl::ByHand(lines) = save_base_url(&read(), "me", &elsewhere).unwrap() else {
            panic!("written over")
        };
        assert!(lines.contains("127.0.0.1:1/c"));
        std::fs::write(&path, format!("# mine\n{before}# end")).unwrap();
        save_base_url(&read(), "other", url).unwrap();
        let after = std::fs::read_to_string(&path).unwrap();
        assert!(after.starts_with(&format!("# mine\n{before}# end\n\n[profile.other]")), "{after}");
        assert_eq!(read().document.problems, []);
        let on_a_line = format!("profile = {{ a = {{ base_url = \"{url}\" }} }}\n");
        std::fs::write(&path, &on_a_line).unwrap();
        assert!(matches!(save_base_url(&read(), "third", url).unwrap(), SavedBaseUrl::ByHand(_)));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), on_a_line);
    }
}
