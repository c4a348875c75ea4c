//! Profiles: a customer under a name, with the source of its token and, where it is not the
//! documented one, its server.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::credentials::Credentials;
use super::document::{Document, Value, Weight};
use super::secret::Source;
use super::{ConfigError, payments, private};
use crate::net::target::{Target, Token};
use crate::state::Store;
use crate::tui::keymap::Keymap;
use crate::tui::looks::{THEMES, ThemeName};

/// Bytes of the file of settings that are read at most.
const LARGEST_FILE: u64 = 1024 * 1024;
/// Characters of the name of a profile, which stands in the header.
const LONGEST_NAME: usize = 32;
/// The profile of whoever has only one and gives it no name.
pub const UNNAMED: &str = "default";

#[derive(Debug, Clone)]
pub struct Profile {
    pub name: String,
    /// The base URL, where the settings give one.
    pub base_url: Option<String>,
    pub source: Source,
}

/// The settings of a user, with the names of the kept secrets.
#[derive(Debug)]
pub struct Settings {
    /// The file, where the system says where files of settings belong.
    pub path: Option<PathBuf>,
    /// What it holds, and what is wrong in it.
    pub document: Document,
    credentials: Option<Credentials>,
}

/// Takes the name of a profile: it becomes part of a file's name and of the header.
pub fn check_name(name: &str) -> Result<(), &'static str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_plain) {
        return Err("the name of a profile is 1 to 32 letters, digits, - or _");
    }
    Ok(())
}

impl Settings {
    /// Reads them; without a file there are none.
    ///
    /// # Errors
    /// [`ConfigError::Exposed`] if others can change the file: then nothing of it counts, since keys
    /// and looks mislead as a server does. [`ConfigError::Unreadable`] if it cannot be read.
    pub fn read(store: Option<&Store>) -> Result<Self, ConfigError> {
        let path = store.map(Store::config_file);
        let text = path.as_deref().map(read_file).transpose()?.unwrap_or_default();
        let credentials = store.map(Credentials::of);
        let mut settings = Self { path, document: Document::read(&text), credentials };
        settings.check();
        Ok(settings)
    }

    /// What is wrong beyond the types: names, addresses, and what contradicts itself.
    fn check(&mut self) {
        let mut faults = Vec::new();
        for (name, entry) in self.document.below(&["profile"]) {
            if let Err(why) = check_name(name) {
                faults.push((
                    entry.at,
                    Weight::Fatal,
                    format!("a profile cannot be called so: {why}"),
                ));
                continue;
            }
            if let Some(twin) = self.twin(name) {
                let text =
                    format!("the profiles {name} and {twin} differ only in capitals; rename one");
                faults.push((entry.at, Weight::Fatal, text));
            }
            faults.extend(self.check_payments(name));
            let base = ["profile", name, "base_url"];
            if let (Some(entry), Some(url)) = (self.document.get(&base), self.document.text(&base))
                && let Err(why) = Target::check_base(url)
            {
                faults.push((entry.at, Weight::Fatal, format!("profile {name}: {why}")));
            }
            let command = self.document.get(&["profile", name, "token_command"]);
            let Some(command) = command else { continue };
            if matches!(&command.value, Value::Words(words) if words.first().is_none_or(|first| first.trim().is_empty()))
            {
                let text = format!("profile {name}: token_command names no program");
                faults.push((command.at, Weight::Fatal, text));
            }
            if self.credentials.as_ref().is_some_and(|kept| kept.has(name)) {
                let text = format!(
                    "profile {name} has a token_command and a kept token too, which is not used; \
                     remove one of them (valora auth logout --profile {name})"
                );
                faults.push((command.at, Weight::Idle, text));
            }
        }
        faults.extend(self.check_default());
        if let (Some(entry), Some(name)) =
            (self.document.get(&["theme"]), self.document.text(&["theme"]))
            && ThemeName::named(name).is_none()
        {
            let names = THEMES.map(|(name, _)| name).join(", ");
            faults.push((entry.at, Weight::Fatal, format!("theme is one of {names}")));
        }
        let keys: Vec<usize> = self.document.below(&["keys"]).map(|(_, entry)| entry.at).collect();
        for (place, why) in self.keymap().1 {
            faults.extend(keys.get(place).map(|at| (*at, Weight::Fatal, format!("keys: {why}"))));
        }
        for (at, weight, text) in faults {
            self.document.fault(at, weight, text);
        }
        self.document.problems.sort_by_key(|problem| (problem.line, problem.column));
    }

    /// What is wrong with the name of the usual profile.
    fn check_default(&self) -> Option<(usize, Weight, String)> {
        let default = self.document.get(&["default_profile"]);
        if let (Some(entry), Some(name)) = (default, self.document.text(&["default_profile"]))
            && !self.names().iter().any(|known| known == name)
        {
            let shown = if check_name(name).is_ok() { name } else { "it" };
            let text = format!(
                "default_profile: there is no such profile yet; valora auth login --profile {shown} \
                 makes one"
            );
            return Some((entry.at, Weight::Idle, text));
        }
        None
    }

    /// What is wrong in a profile's tables of the two Payments APIs.
    fn check_payments(&self, name: &str) -> Vec<(usize, Weight, String)> {
        let mut faults = Vec::new();
        for table in payments::tables() {
            let at = |key| ["profile", name, table, key];
            let (base, command) = (at("base_url"), at("token_command"));
            let command = self.document.get(&command);
            if let Some(entry) = self.document.get(&base) {
                let url = self.document.text(&base).unwrap_or_default();
                if let Err(why) = Target::check_base(url) {
                    faults.push((
                        entry.at,
                        Weight::Fatal,
                        format!("profile {name}, {table}: {why}"),
                    ));
                } else if command.is_none() {
                    let text =
                        format!("profile {name}: {table} has no token_command and is not used");
                    faults.push((entry.at, Weight::Idle, text));
                }
            }
            if let Some(entry) = command
                && matches!(&entry.value, Value::Words(words) if words.first().is_none_or(|first| first.trim().is_empty()))
            {
                let text = format!("profile {name}, {table}: token_command names no program");
                faults.push((entry.at, Weight::Fatal, text));
            }
        }
        faults
    }

    /// The keys that are in force, and what is wrong with those that are set, by their place in the
    /// table `keys`.
    pub fn keymap(&self) -> (Keymap, Vec<(usize, String)>) {
        Keymap::with(self.document.below(&["keys"]).map(|(id, entry)| {
            let keys = match &entry.value {
                Value::Text(key) => vec![key.as_str()],
                Value::Words(keys) => keys.iter().map(String::as_str).collect(),
                _ => Vec::new(),
            };
            (id, keys)
        }))
    }

    /// The names of all profiles: those of the file in its order, then those that have a kept token
    /// only.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .document
            .below(&["profile"])
            .map(|(name, _)| name.to_owned())
            .filter(|name| check_name(name).is_ok())
            .collect();
        let kept = self.credentials.as_ref().map(Credentials::names).unwrap_or_default();
        for name in kept.into_iter().filter(|name| check_name(name).is_ok()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The profile of this name.
    ///
    /// # Errors
    /// [`ConfigError`] if there is none, or the settings are broken.
    pub fn profile(&self, name: &str) -> Result<Profile, ConfigError> {
        self.sound()?;
        let (Some(credentials), true) =
            (&self.credentials, self.names().iter().any(|known| known == name))
        else {
            let name = if check_name(name).is_ok() { name } else { "of this name" };
            return Err(ConfigError::NoProfile { name: name.to_owned(), known: self.names() });
        };
        let command = self.document.get(&["profile", name, "token_command"]);
        let source = match command.map(|entry| &entry.value) {
            Some(Value::Words(argv)) => Source::Command(argv.clone()),
            _ => credentials.source(name),
        };
        let base_url = self.document.text(&["profile", name, "base_url"]).map(str::to_owned);
        Ok(Profile { name: name.to_owned(), base_url, source })
    }

    /// The profile that is kept under the same file name where capitals do not count, as on macOS.
    pub fn twin(&self, name: &str) -> Option<String> {
        self.names().into_iter().find(|known| known != name && known.eq_ignore_ascii_case(name))
    }

    /// The profile that is meant when none is named: the one that `default_profile` names, or the
    /// only one, or the one called `default`. `None` if there is no profile at all.
    ///
    /// # Errors
    /// [`ConfigError`] if it is not clear which is meant, or the settings are broken.
    pub fn usual(&self) -> Result<Option<Profile>, ConfigError> {
        self.sound()?;
        let names = self.names();
        let default = self.document.text(&["default_profile"]);
        match (default, names.as_slice()) {
            (Some(name), _) => self.profile(name).map(Some),
            (None, []) => Ok(None),
            (None, [only]) => self.profile(only).map(Some),
            (None, _) if names.iter().any(|name| name == UNNAMED) => {
                self.profile(UNNAMED).map(Some)
            }
            (None, _) => Err(ConfigError::Several(names)),
        }
    }

    /// The name under which a token is kept when none is given, whether or not there is a profile
    /// of this name yet.
    ///
    /// # Errors
    /// [`ConfigError`] if it is not clear which is meant, or the settings are broken.
    pub fn name_for_login(&self) -> Result<String, ConfigError> {
        self.sound()?;
        if let Some(name) = self.document.text(&["default_profile"]) {
            return Ok(name.to_owned());
        }
        Ok(self.usual()?.map_or_else(|| UNNAMED.to_owned(), |profile| profile.name))
    }

    /// The kept secrets, where the system says where they belong.
    pub fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    /// # Errors
    /// [`ConfigError::Broken`] with all that is wrong in the file.
    pub fn sound(&self) -> Result<(), ConfigError> {
        match &self.path {
            Some(path) if self.document.is_broken() => Err(ConfigError::Broken {
                path: path.clone(),
                problems: self.document.problems.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// What of the file has no effect, in words.
    pub fn warnings(&self) -> Vec<String> {
        let path = self.path.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
        self.document.problems.iter().map(|problem| format!("{path}: {problem}")).collect()
    }
}

/// Gives the text of a file that nobody else can change.
fn read_file(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |why| ConfigError::Unreadable { path: path.to_owned(), why };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(unreadable(error)),
    };
    private::check_settings(path, &file.metadata().map_err(unreadable)?)
        .map_err(|why| ConfigError::Exposed { path: path.to_owned(), why })?;
    let mut text = String::new();
    let read = file.take(LARGEST_FILE + 1).read_to_string(&mut text).map_err(unreadable)?;
    if read as u64 > LARGEST_FILE {
        let why = io::Error::new(io::ErrorKind::InvalidData, "it is larger than 1 MiB");
        return Err(unreadable(why));
    }
    Ok(text)
}

impl Profile {
    /// The name of the server that its token is for, where the settings give none: by the kind of
    /// the token.
    pub fn base<'a>(&'a self, token: &Token) -> Option<(String, &'a str)> {
        match &self.base_url {
            Some(url) => Some((format!("profile {}", self.name), url)),
            None => Some(("the contract".to_owned(), Target::documented_base(token)?)),
        }
    }
}
