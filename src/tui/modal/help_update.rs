//! The help: what it lists on each screen, and how it does what is chosen.

use crate::command::{COMMANDS, Command, PAYMENTS, Takes};
use crate::conciliation::checks::CHECKS;
use crate::conciliation::ledger;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Binding, Scope, no_key};
use crate::tui::modal::command_update as command;
use crate::tui::modal::help::{Does, Entry, Help};
use crate::tui::model::{Model, Popup};
use crate::tui::screen::payments::state::NOT_CONFIGURED;
use crate::tui::update::act;
use crate::tui::{keymap, layout};

/// Lists the keys of the screen, and its commands.
pub fn open(model: &mut Model) {
    let scope = model.scope();
    let mut entries = keys(model, scope);
    if matches!(scope, Scope::List | Scope::Triage) {
        entries.extend(commands(model));
    }
    if scope == Scope::Booking {
        entries.extend(meanings());
    }
    model.popup = Some(Popup::Help(Help::new(entries, layout::help_room(model.size))));
}

pub fn act_in_help(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Popup::Help(help)) = &mut model.popup else { return Vec::new() };
    match action {
        Action::Move(step) => help.step(step),
        Action::Submit => return run_chosen(model),
        Action::Redraw => return vec![Effect::Redraw],
        Action::Back => model.popup = None,
        _ => model.is_dirty = false,
    }
    Vec::new()
}

/// Does what is chosen on the screen below, as its key would.
fn run_chosen(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Help(help)) = &model.popup else { return Vec::new() };
    let Some(does) = help.chosen().map(|entry| entry.does) else { return Vec::new() };
    match does {
        Does::Key(binding) => {
            model.popup = None;
            let key = binding.keys.first().copied().unwrap_or_default();
            act(model, binding.action, key, no_key())
        }
        Does::Command(Command { name, takes, .. }) => match takes {
            Takes::Nothing => run_line(model, name),
            Takes::Word(word) => run_line(model, &format!("{name} {word}")),
            _ => {
                command::open(model, &format!("{name} "));
                Vec::new()
            }
        },
        Does::Nothing => {
            model.is_dirty = false;
            Vec::new()
        }
    }
}

fn run_line(model: &mut Model, line: &str) -> Vec<Effect> {
    command::open(model, line);
    command::prompt(model, Action::Submit)
}

/// The bindings of a screen, group by group in the order in which the groups first come.
fn keys(model: &Model, scope: Scope) -> Vec<Entry> {
    let has_it = |it: &&Binding| it.action != Action::Tenant || model.hosts.payments;
    let bindings: Vec<&'static Binding> = keymap::bindings_in(scope).filter(has_it).collect();
    let mut groups: Vec<&'static str> = Vec::new();
    for binding in &bindings {
        if !groups.contains(&binding.group) {
            groups.push(binding.group);
        }
    }
    let of_group = |group: &&'static str| {
        let group = *group;
        bindings.iter().filter(move |binding| binding.group == group)
    };
    groups.iter().flat_map(of_group).filter_map(|binding| entry(model, binding)).collect()
}

/// None for an action that the user has taken all keys from.
fn entry(model: &Model, binding: &'static Binding) -> Option<Entry> {
    let keys: Vec<&str> = model.looks.keymap.keys(binding).collect();
    let first = keys.first()?;
    // `1 … 9` for a row of digits, otherwise each key.
    let keys = match keys.last().filter(|_| keys.len() > 3) {
        Some(last) => format!("{first} … {last}"),
        None => keys.join(" "),
    };
    let words = binding.label.to_owned();
    Some(Entry { heading: binding.group, keys, words, does: Does::Key(binding) })
}

fn commands(model: &Model) -> Vec<Entry> {
    let heading = "Commands (:)";
    let of = |command: &'static Command| Entry {
        heading,
        keys: format!("{:<24} ", format!("{} {}", command.name, command.takes.shown())),
        words: command.does.to_owned(),
        does: Does::Command(command),
    };
    let read = |keys: &str, words: &str| Entry {
        heading,
        keys: format!("{keys} "),
        words: words.to_owned(),
        does: Does::Nothing,
    };
    let mut entries: Vec<Entry> = COMMANDS.iter().map(of).collect();
    if model.hosts.any() {
        entries.extend(PAYMENTS.iter().map(of));
    } else {
        entries.push(read(NOT_CONFIGURED, ""));
    }
    entries.push(read("list with filters:", "penalties status=notify due=-90d.. sort=-amount"));
    entries
}

/// What the columns of the ledger mean, and what each check compares.
fn meanings() -> Vec<Entry> {
    let read = |heading, name: &str, meaning: &str| Entry {
        heading,
        keys: format!("{name}: "),
        words: meaning.to_owned(),
        does: Does::Nothing,
    };
    let columns = ledger::MEANINGS.iter().map(|(name, meaning)| read("Ledger", name, meaning));
    let checks = CHECKS.iter().map(|check| read("Checks", check.name, check.compares));
    columns.chain(checks).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keymap::BINDINGS;
    use crate::tui::tests::loaded;
    use crate::tui::tests::press;

    fn text(model: &Model) -> String {
        let Some(Popup::Help(help)) = &model.popup else { panic!("no help") };
        let lines: Vec<&str> = help.shown().map(|(line, _)| line.text.as_str()).collect();
        lines.join("\n")
    }

    #[test]
    fn the_help_lists_every_key_of_its_screen() {
        let mut model = loaded(5);
        model.size = (200, 200);
        press(&mut model, "?");
        let shown = text(&model);
        for binding in BINDINGS.iter().filter(|it| it.scopes.contains(&Scope::List)) {
            assert!(shown.contains(binding.label), "{}", binding.id);
        }
        press(&mut model, "esc");
        assert!(model.popup.is_none());
    }

    #[test]
    fn what_is_typed_narrows_it_and_enter_does_what_is_chosen() {
        let mut model = loaded(5);
        press(&mut model, "? s p r e a d");
        assert_eq!(
            text(&model),
            "Mark\n  Y             copy the row, or the marked rows, for a spreadsheet"
        );
        let effects = press(&mut model, "enter");
        assert!(matches!(effects.as_slice(), [Effect::Copy(_)]), "{effects:?}");
        assert!(model.popup.is_none());
        press(&mut model, "? n o t h i n g space o f");
        assert_eq!(press(&mut model, "enter"), []);
        assert!(model.popup.is_some(), "nothing was found, so nothing is done");
    }

    #[test]
    fn a_command_is_run_or_waits_for_its_words() {
        let mut model = loaded(5);
        press(&mut model, "? : space b o o k i n g space o p e n enter");
        let Some(Popup::Command(line)) = &model.popup else { panic!("no command line") };
        assert_eq!(line.input.value(), "booking ");
        press(&mut model, "esc ? c h a r t space c o m m a n d s enter");
        assert!(
            matches!(&model.popup, Some(Popup::Reader(reader)) if reader.title.contains("Chart"))
        );
    }

    #[test]
    fn an_action_that_can_do_nothing_now_says_why() {
        let mut model = loaded(5);
        press(&mut model, "? t a k e space a l l space f i l t e r s enter");
        assert_eq!(model.notice.as_deref(), Some("No filter is set."));
    }

    #[test]
    fn the_chosen_entry_stays_on_the_screen_whatever_is_pressed() {
        let mut model = loaded(5);
        press(&mut model, "?");
        for keys in
            ["down down down", "pgdn pgdn pgdn pgdn pgdn pgdn pgdn", "down", "pgup", "up up"]
        {
            press(&mut model, keys);
            let Some(Popup::Help(help)) = &model.popup else { panic!("no help") };
            assert!(help.shown().any(|(_, is_chosen)| is_chosen), "after {keys}");
        }
    }
}
