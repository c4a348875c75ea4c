//! Synonyms and translations of the words in names, for the vocabulary of roles.

use std::sync::LazyLock;

/// Keys around a row's own fields, which have no meaning.
pub(super) static CONTAINERS: &[&str] = &[
    "data",
    "attribute",
    "attributes",
    "detail",
    "details",
    "meta",
    "field",
    "fields",
    "info",
    "properties",
    "daten",
    "datos",
    "donnees",
    "dati",
    "dados",
    "gegevens",
    "dane",
];

/// Words of the keys of objects that hold the history of a row.
pub(super) static HISTORIES: &[&str] =
    &["event", "history", "lifecycle", "timeline", "transition", "update"];

/// Words that only connect others.
pub(super) static JOINING: &[&str] = &[
    "a", "aan", "al", "am", "an", "and", "at", "d", "da", "das", "de", "del", "della", "der",
    "des", "di", "die", "do", "du", "el", "em", "en", "et", "het", "in", "is", "l", "la", "las",
    "le", "los", "o", "of", "on", "op", "par", "para", "por", "pour", "the", "und", "van", "vom",
    "von", "y", "zu", "zum",
];

/// Words of the vocabulary with their synonyms and translations.
pub(super) static TRANSLATED: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let lines = include_str!("../../../assets/words.txt").lines();
    lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": ")).collect()
});
