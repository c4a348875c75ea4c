//! Writes into the settings which server a profile is at, for whoever logs in to one of their own.
//! Nothing else of the file is touched.

use std::io;
use std::path::PathBuf;

use url::Url;

use super::profile::Settings;
use super::schema::Document;
use crate::state::{lock, replace};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Noted {
    Known,
    /// It was added to this file.
    Added(PathBuf),
    /// The profile has a table of its own, which is its writer's to change: these lines belong there.
    ByHand(String),
}

/// Notes that `profile` is at the server `base_url`. On failure the file is as it was.
pub fn note(settings: &Settings, profile: &str, base_url: &Url) -> io::Result<Noted> {
    // Nothing that a URL spells out needs to be escaped.
    let lines = format!("[profile.{profile}]\nbase_url = \"{base_url}\"\n");
    let is_noted = |document: &Document| {
        let url = document.profile(profile).and_then(|profile| profile.base_url.as_ref());
        url.is_some_and(|url| url.get_ref() == base_url.as_str())
    };
    if is_noted(&settings.document) {
        return Ok(Noted::Known);
    }
    let (None, Some(path)) = (settings.document.profile(profile), &settings.path) else {
        return Ok(Noted::ByHand(lines));
    };
    let _lock = lock(path)?;
    // A file that people keep elsewhere and link here is changed there.
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
    // Such as a table of profiles on one line, to which none can be added below.
    if !is_noted(&Document::read(&after)) {
        return Ok(Noted::ByHand(lines));
    }
    replace(&path, &after)?;
    Ok(Noted::Added(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Store;

    #[test]
    fn a_server_is_added_once_and_a_table_of_ones_own_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(folder.path(), folder.path());
        let read = || Settings::read(Some(&store)).unwrap();
        let url = &Url::parse("http://127.0.0.1:8080/api/v1/c").unwrap();
        let Noted::Added(path) = note(&read(), "me", url).unwrap() else { panic!("not added") };
        assert_eq!(note(&read(), "me", url).unwrap(), Noted::Known);
        let before = std::fs::read_to_string(&path).unwrap();
        assert_eq!(before, format!("[profile.me]\nbase_url = \"{url}\"\n"));
        let elsewhere = Url::parse("http://127.0.0.1:1/c").unwrap();
        let Noted::ByHand(lines) = note(&read(), "me", &elsewhere).unwrap() else {
            panic!("written over")
        };
        assert!(lines.contains("127.0.0.1:1/c"));
        std::fs::write(&path, format!("# mine\n{before}# end")).unwrap();
        note(&read(), "other", url).unwrap();
        let after = std::fs::read_to_string(&path).unwrap();
        assert!(after.starts_with(&format!("# mine\n{before}# end\n\n[profile.other]")), "{after}");
        assert_eq!(read().document.problems, []);
        let on_a_line = format!("profile = {{ a = {{ base_url = \"{url}\" }} }}\n");
        std::fs::write(&path, &on_a_line).unwrap();
        assert!(matches!(note(&read(), "third", url).unwrap(), Noted::ByHand(_)));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), on_a_line);
    }
}
