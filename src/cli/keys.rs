//! `valora keys`: the keys that are in force, with the names by which the settings change them.

use std::fmt::Write;

use clap::Args;

use super::print;
use crate::config::profile::Settings;
use crate::config::schema::Weight;
use crate::config::{ConfigError, Environment};
use crate::tui::keymap::{BINDINGS, Keymap};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  valora keys\n  valora keys --own                      only those that you have set\n\n\
                  To set the keys of an action, in the file that valora config path names:\n  \
                  [keys]\n  lookup = [\"ctrl-o\", \"b\"]"
)]
pub(super) struct KeysFlags {
    /// Only the actions whose keys you have set
    #[arg(long)]
    own: bool,
}

/// The settings with the keymap that they make; what is wrong with the keys is among their problems.
pub(super) fn settings(environment: &Environment) -> Result<(Settings, Keymap), ConfigError> {
    let mut settings = Settings::read(environment.store.as_ref())?;
    let document = &mut settings.document;
    let own = document.values.keys.iter().map(|(id, keys)| (id.as_str(), keys.get_ref().names()));
    let (keymap, faults) = Keymap::with(own);
    let places: Vec<usize> = document.values.keys.values().map(|keys| keys.span().start).collect();
    for (place, why) in faults {
        let at = places.get(place).copied().unwrap_or_default();
        document.fault(at, Weight::Fatal, format!("keys: {why}"));
    }
    Ok((settings, keymap))
}

pub(super) fn run(flags: &KeysFlags, environment: &Environment) -> anyhow::Result<()> {
    let (settings, keymap) = settings(environment)?;
    settings.sound()?;
    let mut text = String::new();
    for binding in BINDINGS.iter().filter(|binding| !flags.own || keymap.is_own(binding)) {
        let keys: Vec<&str> = keymap.keys(binding).collect();
        let keys = if keys.is_empty() { "(none)".to_owned() } else { keys.join(" ") };
        let own = if keymap.is_own(binding) { "*" } else { " " };
        let scopes = binding.scopes.iter().map(|scope| format!("{scope:?}").to_lowercase());
        let places = scopes.collect::<Vec<_>>().join(", ");
        let (id, label) = (binding.id, keymap.render(binding.label));
        // A String takes everything.
        let _ = writeln!(text, "{own} {id:<18} {keys:<20} {label} ({places})");
    }
    print(&text)
}
