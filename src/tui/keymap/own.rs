//! The effective keys: the defaults, and the keys that the user has set instead.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::text::{is_invisible, sanitize};
use crate::tui::keymap::{BINDINGS, Binding, NAMED, Scope};

/// Scopes in which text is typed: a letter must stay a letter there.
const TYPED: [Scope; 6] =
    [Scope::Prompt, Scope::Form, Scope::Search, Scope::Command, Scope::Help, Scope::Writing];
/// Actions for which the key itself is the argument, such as the number of a tab.
const FIXED: [&str; 1] = ["tab"];
/// Actions that need a key, or the user could not leave a screen.
const NEEDED: [&str; 3] = ["quit", "close", "back"];
/// Second keys, for keyboards that have the first behind a modifier, and the key of writes, which few
/// profiles allow. Each yields to a key that is set.
const YIELDING: [(&str, &str); 8] = [
    ("writes", "!"),
    ("filter-by-cell", "="),
    ("next-open", "n"),
    ("previous-open", "N"),
    ("next-of-list", "n"),
    ("previous-of-list", "N"),
    ("seen-before", "<"),
    ("seen-after", ">"),
];
const OTHER: &str = "ctrl- with a letter other than h, i, j and m";

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keymap {
    /// By id.
    own: BTreeMap<&'static str, Vec<String>>,
    #[cfg(test)]
    has_usual_too: bool,
}

impl Keymap {
    pub fn keys<'a>(&'a self, binding: &'a Binding) -> impl Iterator<Item = &'a str> {
        let own = self.own.get(binding.id);
        let usual = binding.keys.iter().copied();
        let usual = usual.filter(move |key| own.is_none() && !self.yields(binding, key));
        own.into_iter().flatten().map(String::as_str).chain(usual)
    }

    fn yields(&self, binding: &Binding, key: &str) -> bool {
        let is_set = |(id, keys): (&&str, &Vec<String>)| {
            keys.iter().any(|own| own == key)
                && BINDINGS.iter().any(|other| other.id == *id && share_a_scope(other, binding))
        };
        YIELDING.contains(&(binding.id, key)) && self.own.iter().any(is_set)
    }

    pub fn is_own(&self, binding: &Binding) -> bool {
        self.own.contains_key(binding.id)
    }

    /// Each action has its own name as a key, and its default keys.
    #[cfg(test)]
    pub fn odd() -> Self {
        let odd = |binding: &'static Binding| (binding.id, vec![format!("<{}>", binding.id)]);
        let is_fixed = |binding: &&Binding| FIXED.contains(&binding.id);
        let own = BINDINGS.iter().filter(|it| !is_fixed(it)).map(odd).collect();
        Self { own, has_usual_too: true }
    }

    pub fn binding(&self, scope: Scope, key: &str) -> Option<&'static Binding> {
        let is_bound = |binding: &Binding| self.keys(binding).any(|own| own == key);
        #[cfg(test)]
        let is_bound = |it: &Binding| is_bound(it) || self.has_usual_too && it.keys.contains(&key);
        BINDINGS.iter().find(|it| it.scopes.contains(&scope) && is_bound(it))
    }

    /// `{refresh}` becomes `r`, or the id of the action if it has no key; other braces are
    /// unchanged. Text of a server or a user is never passed in: it is appended to what this
    /// returns.
    pub fn render(&self, sentence: &'static str) -> String {
        let mut out = String::with_capacity(sentence.len());
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let named = after.split_once('}').and_then(|(id, after)| {
                let binding = BINDINGS.iter().find(|binding| binding.id == id)?;
                Some((self.keys(binding).next().unwrap_or(binding.id), after))
            });
            let (key, after) = named.unwrap_or(("{", after));
            out.push_str(key);
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// Returns the keymap, and what is wrong with each entry that is not used, by its position.
    pub fn with<'a>(
        set: impl IntoIterator<Item = (&'a str, Vec<&'a str>)>,
    ) -> (Self, Vec<(usize, String)>) {
        let mut keymap = Self::default();
        let mut faults = Vec::new();
        let mut places: Vec<(usize, &'static Binding)> = Vec::new();
        for (place, (id, keys)) in set.into_iter().enumerate() {
            match checked(id, &keys) {
                Ok(binding) if keymap.own.contains_key(binding.id) => {
                    let why =
                        format!("the keys of {} are already set under another name", binding.id);
                    faults.push((place, why));
                }
                Ok(binding) => {
                    keymap.own.insert(binding.id, keys.iter().map(|&it| it.to_owned()).collect());
                    places.push((place, binding));
                }
                Err(why) => faults.push((place, why)),
            }
        }
        for (place, binding) in places {
            faults.extend(keymap.clash(binding).map(|why| (place, why)));
        }
        (keymap, faults)
    }

    fn clash(&self, binding: &'static Binding) -> Option<String> {
        let mut seen = BTreeSet::new();
        for key in self.keys(binding) {
            if !seen.insert(key) {
                return Some(format!("{key} is listed twice"));
            }
            let other = BINDINGS.iter().find(|other| {
                other.id != binding.id
                    && share_a_scope(other, binding)
                    && self.keys(other).any(|theirs| theirs == key)
            });
            if let Some(Binding { id, label, .. }) = other {
                return Some(format!(
                    "{key} is already the key of {id} ({label}); choose another key"
                ));
            }
        }
        None
    }
}

fn share_a_scope(one: &Binding, other: &Binding) -> bool {
    one.scopes.iter().any(|scope| other.scopes.contains(scope))
}

/// Former ids of actions, and the ids that replaced them.
const RENAMED: [(&str, &str); 21] = [
    ("do-chosen", "run-chosen"),
    ("take", "choose"),
    ("take-columns", "apply-columns"),
    ("to-notify", "needs-notifying"),
    ("usual-columns", "default-columns"),
    ("clear-verdict", "clear-decision"),
    ("close-sheet", "close"),
    ("copy-line", "copy-cell"),
    ("export-rows", "export"),
    ("line-json", "json"),
    ("narrow-events", "filter"),
    ("next-window", "next-of-list"),
    ("previous-window", "previous-of-list"),
    ("open-line", "open"),
    ("open-reference", "open"),
    ("sheet-command", "command"),
    ("sheet-help", "help"),
    ("sheet-lookup", "lookup"),
    ("sheet-refresh", "refresh"),
    ("sheet-tab", "tab"),
    ("undo-verdict", "undo"),
];

fn checked(id: &str, keys: &[&str]) -> Result<&'static Binding, String> {
    let id = RENAMED.iter().find(|(old, _)| *old == id).map_or(id, |(_, new)| *new);
    let Some(binding) = BINDINGS.iter().find(|binding| binding.id == id) else {
        let each = BINDINGS.iter().map(|it| (strsim::osa_distance(it.id, id), it.id));
        let near = each.min().filter(|(slips, _)| *slips <= 3);
        let near = near.map(|(_, near)| format!("; did you mean {near}?")).unwrap_or_default();
        return Err(format!("unknown action{near} (`valora keys` lists all actions)"));
    };
    if FIXED.contains(&id) {
        return Err(format!("the keys of {id} are the numbers of the lists and cannot be changed"));
    }
    if NEEDED.contains(&id) && keys.is_empty() {
        return Err(format!("{id} needs a key"));
    }
    let is_typed = binding.scopes.iter().any(|scope| TYPED.contains(scope));
    for key in keys {
        sendable(key)?;
        if is_typed && (key.chars().count() == 1 || *key == "space") {
            return Err(format!(
                "{id} is used while you type text, where {key} is entered as text; use ctrl- with a \
                 letter"
            ));
        }
    }
    Ok(binding)
}

/// `Err` says why no terminal sends this key, spelled as [`crate::tui::keymap::name_of`] spells it.
fn sendable(key: &str) -> Result<(), String> {
    let (plain, modifiers) = without_modifiers(key);
    let is_named = NAMED.iter().any(|(_, name)| *name == plain);
    let is_letter = plain.len() == 1 && plain.bytes().all(|byte| byte.is_ascii_alphabetic());
    let lower = plain.to_ascii_lowercase();
    // What terminals send for ctrl with this character, where that is another key.
    let same = match plain {
        "i" => "tab",
        "m" | "j" => "enter",
        "h" | "?" | "8" => "backspace",
        "[" | "3" => "esc",
        "@" | "2" => "ctrl-space",
        _ => "",
    };
    let why = match (modifiers.as_str(), plain) {
        ("", _) if is_character(plain) => return Ok(()),
        // Terminals send the same bytes with and without ctrl.
        ("ctrl-", "enter" | "esc" | "tab") => {
            format!("reaches valora as {plain}: use {plain}, or ctrl- with a letter")
        }
        ("" | "ctrl-", _) if is_named => return Ok(()),
        ("ctrl-", _) if is_letter && lower != plain => {
            format!("reaches valora as ctrl-{lower}: write that, or use {plain}")
        }
        ("ctrl-", _) if !same.is_empty() => {
            format!("is the same as {same} in a terminal: use {OTHER}")
        }
        ("ctrl-", _) if is_letter => return Ok(()),
        ("ctrl-", _) if is_character(plain) => format!("is sent by few terminals: use {OTHER}"),
        ("shift-", "tab") => return Ok(()),
        ("shift-", _) if is_letter => format!("is written {}", plain.to_ascii_uppercase()),
        ("shift-" | "ctrl-shift-", _) if is_letter || is_named => {
            let sent = modifiers.replace("shift-", "");
            format!(
                "reaches valora as {sent}{lower} from most terminals: use {OTHER}, or a capital letter"
            )
        }
        (modifiers, _) if modifiers.contains("alt-") || modifiers.contains("meta-") => {
            format!("has a modifier that valora does not support: use {OTHER}")
        }
        _ => {
            let all = NAMED.map(|(_, name)| name).join(" ");
            format!("is not a key: use a letter, ctrl- with a letter, or one of {all}")
        }
    };
    Err(format!("{} {why}", sanitize(key)))
}

/// The name and its modifiers in alphabetical order. A `-` alone is a key.
fn without_modifiers(key: &str) -> (&str, String) {
    let mut rest = key;
    let mut modifiers = BTreeSet::new();
    while let Some((modifier, plain)) = rest.split_once('-')
        && ["alt", "ctrl", "meta", "shift"].contains(&modifier)
        && !plain.is_empty()
    {
        modifiers.insert(modifier);
        rest = plain;
    }
    (rest, modifiers.into_iter().flat_map(|modifier| [modifier, "-"]).collect())
}

fn is_character(name: &str) -> bool {
    let mut chars = name.chars();
    matches!((chars.next(), chars.next()), (Some(c), None) if !is_invisible(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_ones_own_takes_the_place_of_the_usual_one() {
        let (keymap, faults) = Keymap::with([("lookup", vec!["ctrl-o", "K"]), ("redraw", vec![])]);
        assert_eq!(faults, []);
        let id = |key| keymap.binding(Scope::List, key).map(|binding| binding.id);
        assert_eq!(
            (id("ctrl-o"), id("b"), id("ctrl-l"), id("j")),
            (Some("lookup"), None, None, Some("down"))
        );
        assert_eq!(Keymap::default().binding(Scope::List, "b").unwrap().id, "lookup");
    }

    #[test]
    fn a_second_key_yields_to_one_that_is_set_and_a_first_one_does_not() {
        for (id, key) in YIELDING {
            let binding = BINDINGS.iter().find(|binding| binding.id == id).unwrap();
            let is_second = binding.keys.get(1) == Some(&key);
            assert!(is_second || (id, binding.keys) == ("writes", &[key][..]), "{id}");
            let keymap = Keymap::default();
            assert!(keymap.keys(binding).any(|usual| usual == key), "{id}");
        }
        let (keymap, faults) = Keymap::with([("filter", vec!["n"])]);
        assert_eq!(faults, []);
        let id = |scope, key| keymap.binding(scope, key).map(|binding| binding.id);
        assert_eq!(id(Scope::Triage, "n"), Some("filter"));
        assert_eq!(id(Scope::Report, "n"), Some("filter"));
        assert_eq!(id(Scope::Booking, "n"), None, "it is the same key as in a report");
        assert_eq!(id(Scope::Triage, "}"), Some("next-open"));
        let (_, faults) = Keymap::with([("filter", vec!["}"])]);
        assert!(faults[0].1.contains("already the key of next-open"), "{faults:?}");
    }

    #[test]
    fn an_earlier_name_of_an_action_still_sets_its_key() {
        for (old, new) in RENAMED {
            let binding = checked(old, &["ctrl-o"]);
            assert!(binding.is_ok_and(|it| it.id == new) || FIXED.contains(&new), "{old}");
        }
    }

    #[test]
    fn an_action_that_is_set_by_two_names_keeps_the_first_and_says_so() {
        let (keymap, faults) =
            Keymap::with([("refresh", vec!["ctrl-t"]), ("sheet-refresh", vec!["ctrl-o"])]);
        assert_eq!(keymap.render("{refresh}"), "ctrl-t");
        let [(1, why)] = &faults[..] else { panic!("{faults:?}") };
        assert!(why.contains("the keys of refresh are already set"), "{why}");
    }

    #[test]
    fn each_fault_has_its_own_reason() {
        let table: [(&str, &[&str], &str); 10] = [
            ("lokup", &["b"], "did you mean lookup?"),
            ("nothing-at-all-like-it", &["b"], "`valora keys` lists all"),
            ("lookup", &["ctrl-B"], "reaches valora as ctrl-b"),
            ("lookup", &["\u{200b}"], "is not a key"),
            ("lookup", &["f2"], "is not a key"),
            ("lookup", &["j"], "already the key of down"),
            ("lookup", &["K", "K"], "listed twice"),
            ("apply", &["y"], "y is entered as text"),
            ("quit", &[], "needs a key"),
            ("tab", &["0"], "cannot be changed"),
        ];
        for (id, keys, words) in table {
            let (_, faults) = Keymap::with([(id, keys.to_vec())]);
            assert_eq!(faults.len(), 1, "{id} {keys:?}");
            assert!(faults[0].1.contains(words), "{faults:?}");
        }
    }

    #[test]
    fn a_key_that_terminals_do_not_send_as_itself_is_refused_with_what_to_use_instead() {
        let table = [
            ("ctrl-i", "same as tab"),
            ("ctrl-m", "same as enter"),
            ("ctrl-j", "same as enter"),
            ("ctrl-h", "same as backspace"),
            ("ctrl-?", "same as backspace"),
            ("ctrl-[", "same as esc"),
            ("ctrl-@", "same as ctrl-space"),
            ("ctrl-enter", "reaches valora as enter"),
            ("ctrl-tab", "reaches valora as tab"),
            ("ctrl-shift-x", "reaches valora as ctrl-x"),
            ("shift-ctrl-x", "reaches valora as ctrl-x"),
            ("shift-enter", "reaches valora as enter"),
            ("shift-up", "reaches valora as up"),
            ("shift-x", "is written X"),
            ("ctrl-1", "few terminals"),
            ("ctrl-5", "few terminals"),
            ("ctrl-.", "few terminals"),
            ("ctrl--", "few terminals"),
            ("ctrl-é", "few terminals"),
            ("alt-x", "does not support"),
            ("ctrl-alt-x", "does not support"),
            ("f2", "is not a key"),
            ("ctrl-f2", "is not a key"),
            ("ctrl-", "is not a key"),
            ("", "is not a key"),
        ];
        for (key, words) in table {
            let (_, faults) = Keymap::with([("lookup", vec![key])]);
            assert_eq!(faults.len(), 1, "{key}");
            assert!(faults[0].1.contains(words), "{faults:?}");
        }
        for binding in BINDINGS {
            for key in binding.keys {
                assert_eq!(sendable(key), Ok(()));
            }
        }
        for key in ["ctrl-o", "ctrl-space", "ctrl-left", "-", "é", "X"] {
            assert_eq!(sendable(key), Ok(()));
        }
    }

    #[test]
    fn two_actions_can_change_places() {
        let (keymap, faults) = Keymap::with([("lookup", vec!["f"]), ("filter", vec!["b"])]);
        assert_eq!(faults, []);
        assert_eq!(keymap.binding(Scope::List, "f").unwrap().id, "lookup");
    }
}
