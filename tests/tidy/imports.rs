//! Which file names which: read from the paths in the code.

use std::collections::{BTreeMap, BTreeSet};

use super::{code, is_test, rust_files, source};

/// A module as its path below the crate: `["net", "client"]`.
pub(crate) type Module = Vec<String>;

/// For each module of the crate the modules that it names, but not those that contain it: a part
/// may know its whole.
pub(crate) struct Imports(pub(crate) BTreeMap<Module, BTreeSet<Module>>);

impl Imports {
    pub(crate) fn read() -> Self {
        let files: BTreeMap<Module, String> = rust_files("src")
            .into_iter()
            .filter(|(path, _)| !is_test(path) && !path.ends_with("main.rs"))
            .map(|(path, text)| {
                let below = path.strip_prefix(source()).unwrap().with_extension("");
                let names = below.iter().map(|part| part.to_string_lossy().into_owned());
                (names.filter(|name| name != "lib").collect(), text)
            })
            .collect();
        let named = |module: &Module, text: &str| {
            let paths = paths(text).into_iter();
            let modules = paths.filter_map(|path| resolve(&files, module, &path));
            modules.filter(|other| !module.starts_with(other)).collect()
        };
        Self(files.iter().map(|(module, text)| (module.clone(), named(module, text))).collect())
    }

    /// The sets of modules that reach each other, the largest first.
    pub(crate) fn circles(&self) -> Vec<BTreeSet<&Module>> {
        let reached: BTreeMap<&Module, BTreeSet<&Module>> =
            self.0.keys().map(|module| (module, self.reached(module))).collect();
        let circle = |module: &Module| -> BTreeSet<&Module> {
            let others = reached[module].iter().copied();
            others.filter(|other| reached[other].contains(module)).collect()
        };
        let all: BTreeSet<_> = self.0.keys().map(circle).filter(|one| one.len() > 1).collect();
        let mut all: Vec<_> = all.into_iter().collect();
        all.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
        all
    }

    /// What a module names, and what that names in turn.
    fn reached<'a>(&'a self, module: &'a Module) -> BTreeSet<&'a Module> {
        let mut reached = BTreeSet::new();
        let mut open = vec![module];
        while let Some(next) = open.pop() {
            open.extend(self.0[next].iter().filter(|other| reached.insert(*other)));
        }
        reached
    }
}

/// The paths of `use` statements, one by one, and all other paths of a file.
pub(crate) fn paths(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut statement: Option<String> = None;
    for (_, line) in code(text) {
        let line = line.trim();
        let is_use = line.starts_with("use ") || line.starts_with("pub") && line.contains(" use ");
        if statement.is_none() && !is_use {
            let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
            found.extend(words.filter(|word| word.contains("::")).map(str::to_owned));
            continue;
        }
        let begun = statement.get_or_insert_default();
        begun.push_str(line.rsplit_once("use ").map_or(line, |(_, path)| path));
        if let Some(whole) = begun.strip_suffix(';') {
            expand(whole, &mut found);
            statement = None;
        }
    }
    found
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`.
fn expand(path: &str, found: &mut Vec<String>) {
    let Some((front, inner)) = path.split_once('{') else {
        return found.push(path.split(" as ").next().unwrap().trim().to_owned());
    };
    let inner = inner.trim_end().strip_suffix('}').unwrap();
    let mut depth = 0;
    let parts = inner.split(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    for part in parts.filter(|part| !part.trim().is_empty()) {
        expand(&format!("{front}{}", part.trim()), found);
    }
}

/// The module that a path in `from` leads into; `None` for another crate's.
fn resolve(files: &BTreeMap<Module, String>, from: &Module, path: &str) -> Option<Module> {
    let mut names = path.split("::").map(str::trim).peekable();
    let mut at = from.clone();
    match names.peek()? {
        &"crate" => {
            names.next();
            at.clear();
        }
        &"super" | &"self" => {
            while let Some(step) = names.next_if(|name| ["super", "self"].contains(name)) {
                if step == "super" {
                    at.pop();
                }
            }
        }
        first => {
            at.push((*first).to_owned());
            files.get(&at)?;
            at.pop();
        }
    }
    for name in names {
        at.push(name.to_owned());
        if !files.contains_key(&at) {
            at.pop();
            break;
        }
    }
    Some(at)
}

#[test]
fn paths_are_found_wherever_they_are() {
    let text = "use crate::net::{\n    a::B,\n    c::{D, E as F},\n};\npub use super::g::H;\n\
                fn f() { crate::net::i::j(); k::l() }\n// crate::no::comment\n";
    let found = paths(text);
    for path in ["crate::net::a::B", "crate::net::c::E", "super::g::H", "crate::net::i::j", "k::l"]
    {
        assert!(found.iter().any(|known| known == path), "{path}: {found:?}");
    }
    assert!(!found.iter().any(|path| path.contains("comment")));
}
