//! The README's table of keys is the table of bindings. `UPDATE_README=1` rewrites it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use valora::tui::keymap::{BINDINGS, Keymap};

const BEGIN: &str = "<!-- keys: begin -->\n";
const END: &str = "<!-- keys: end -->";

fn table() -> String {
    let mut groups: Vec<&str> = Vec::new();
    for binding in BINDINGS {
        if !groups.contains(&binding.group) {
            groups.push(binding.group);
        }
    }
    let mut out = String::from("| keys | do | where |\n|---|---|---|\n");
    for binding in groups.iter().flat_map(|g| BINDINGS.iter().filter(move |b| b.group == *g)) {
        let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{key}`")).collect();
        let places: Vec<String> =
            binding.scopes.iter().map(|scope| format!("{scope:?}").to_lowercase()).collect();
        let label = Keymap::default().render(binding.label);
        writeln!(out, "| {} | {} | {} |", keys.join(" "), label, places.join(", ")).unwrap();
    }
    out
}

#[test]
fn the_table_of_keys_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let current = format!("{before}{BEGIN}{}{END}{after}", table());
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(&path, &current).unwrap();
    }
    assert!(readme == current, "run UPDATE_README=1 cargo test --test readme");
}
