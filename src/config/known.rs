//! What the file of settings may hold, as one table: for the check, and for whoever adds a setting.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Text,
    Switch,
    /// An array of texts with at least one entry.
    Words,
    /// A text or an array of texts.
    TextOrWords,
}

impl Takes {
    pub fn words(self) -> &'static str {
        match self {
            Self::Text => "a text in quotes",
            Self::Switch => "true or false",
            Self::Words => "an array of texts such as [\"pass\", \"show\", \"valora\"]",
            Self::TextOrWords => "a text in quotes or an array of texts",
        }
    }
}

#[derive(Debug)]
pub struct Known {
    /// Its name, table by table; `*` stands for a name of the user's.
    pub path: &'static [&'static str],
    pub takes: Takes,
}

macro_rules! known {
    ($($path:expr => $takes:ident;)*) => { &[$(Known { path: &$path, takes: Takes::$takes }),*] };
}

pub static KNOWN: &[Known] = known! {
    ["default_profile"] => Text;
    ["theme"] => Text;
    ["mouse"] => Switch;
    ["ascii"] => Switch;
    ["keys", "*"] => TextOrWords;
    ["profile", "*", "base_url"] => Text;
    ["profile", "*", "token_command"] => Words;
    ["profile", "*", "payments", "base_url"] => Text;
    ["profile", "*", "payments", "token_command"] => Words;
    ["profile", "*", "finance", "base_url"] => Text;
    ["profile", "*", "finance", "token_command"] => Words;
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Setting(Takes),
    Table,
    Unknown,
}

pub(super) fn place(path: &[&str]) -> Place {
    let fits = |known: &&Known| {
        let pairs = known.path.iter().zip(path);
        known.path.len() >= path.len()
            && pairs.into_iter().all(|(known, given)| *known == "*" || known == given)
    };
    match KNOWN.iter().find(fits) {
        Some(known) if known.path.len() == path.len() => Place::Setting(known.takes),
        Some(_) => Place::Table,
        None => Place::Unknown,
    }
}

/// The known name beside `path` that is most like its last part.
pub(super) fn similar(path: &[&str]) -> Option<&'static str> {
    let (last, above) = path.split_last()?;
    let beside = KNOWN.iter().filter(|known| {
        known.path.len() > above.len()
            && known.path.iter().zip(above).all(|(known, given)| *known == "*" || known == given)
    });
    let names = beside.filter_map(|known| known.path.get(above.len()).copied());
    names
        .filter(|name| *name != "*")
        .map(|name| (strsim::damerau_levenshtein(name, last), name))
        .filter(|(distance, _)| *distance <= 2)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_setting_a_table_or_unknown() {
        assert_eq!(place(&["profile"]), Place::Table);
        assert_eq!(place(&["profile", "acme"]), Place::Table);
        assert_eq!(place(&["profile", "acme", "base_url"]), Place::Setting(Takes::Text));
        assert_eq!(place(&["profile", "acme", "base_url", "x"]), Place::Unknown);
        assert_eq!(place(&["keys", "open"]), Place::Setting(Takes::TextOrWords));
        assert_eq!(place(&["token"]), Place::Unknown);
        assert_eq!(similar(&["profile", "acme", "base-url"]), Some("base_url"));
        assert_eq!(similar(&["profle"]), Some("profile"));
        assert_eq!(similar(&["profile", "acme", "nothing"]), None);
    }
}
