//! The entries of the help on each screen: keys, commands, meanings of columns, the manual.

use super::help::{Does, Entry};
use super::help_terms;
use crate::command::{COMMANDS, CommandSpec, PAYMENTS, WRITES};
use crate::manual::{TOPICS, Topic};
use crate::tui::keymap::{Action, Binding, Scope, bindings_in};
use crate::tui::screen::payments::state::NOT_CONFIGURED;
use crate::tui::stack::Tui;

/// The topic of the manual that is listed only where writes are allowed.
const OF_WRITES: &str = "writes";

pub fn of(tui: &Tui) -> Vec<Entry> {
    let scope = tui.scope();
    let mut entries = keys(tui, scope);
    if bindings_in(scope).any(|binding| binding.action == Action::Command) {
        entries.extend(commands(tui));
    }
    if tui.modal().is_none() {
        let meaning =
            |[heading, name, meaning]: [&str; 3]| read(heading, &format!("{name}: "), meaning);
        entries.extend(tui.top().meanings().into_iter().map(meaning));
    }
    let has_writes = tui.cx.writes.are_allowed();
    let topics = TOPICS.iter().filter(|topic| has_writes || topic.name != OF_WRITES);
    entries.extend(topics.map(topic));
    entries
}

fn topic(topic: &'static Topic) -> Entry {
    let (does, terms) = (Does::Topic(topic), help_terms::of(topic.name));
    Entry { does, terms, ..read("Manual", topic.name, topic.about) }
}

/// Group by group, in the order of the first binding of each group.
fn keys(tui: &Tui, scope: Scope) -> Vec<Entry> {
    let is_offered = |it: &&Binding| {
        tui.has(it.action) && (tui.modal().is_some() || tui.top().offers(it.action, &tui.cx))
    };
    let bindings: Vec<&'static Binding> = bindings_in(scope).filter(is_offered).collect();
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
    groups.iter().flat_map(of_group).flat_map(|binding| of_binding(tui, binding)).collect()
}

/// Empty without a key; one entry for each list for the numbers of the tabs.
fn of_binding(tui: &Tui, binding: &'static Binding) -> Vec<Entry> {
    let keys: Vec<&str> = tui.cx.looks.keymap.keys(binding).collect();
    if keys.is_empty() {
        return Vec::new();
    }
    let entry = |keys: String, words: &'static str, does: Does, terms: &'static str| Entry {
        heading: binding.group.to_owned(),
        keys,
        words: tui.cx.words(words),
        does,
        why_not: None,
        terms,
    };
    if binding.action == Action::PickTab {
        let tabs = keys.iter().zip(tui.cx.lists.iter().enumerate());
        let of_tab =
            |(key, (tab, list)): (&&str, (usize, &crate::tui::screen::list::state::List))| {
                let spec = list.spec();
                let terms = help_terms::of(spec.key);
                entry((*key).to_owned(), spec.title, Does::Tab(tab), terms)
            };
        return tabs.map(of_tab).collect();
    }
    let why_not = tui.why_not(binding.action);
    let terms = help_terms::of(binding.id);
    vec![Entry { why_not, ..entry(keys.join(" "), binding.label, Does::Key(binding), terms) }]
}

fn commands(tui: &Tui) -> Vec<Entry> {
    let heading = tui.cx.words("Commands ({command})");
    let of = |command: &'static CommandSpec| Entry {
        heading: heading.clone(),
        keys: format!("{:<24} ", format!("{} {}", command.name, command.takes.shown())),
        words: command.does.to_owned(),
        does: Does::Command(command),
        why_not: tui.why_not_command(command.name),
        terms: help_terms::of(command.name),
    };
    let mut entries: Vec<Entry> = COMMANDS.iter().map(of).collect();
    if tui.cx.hosts.any() {
        entries.extend(PAYMENTS.iter().map(of));
    } else {
        entries.push(read(&heading, &format!("{NOT_CONFIGURED} "), ""));
    }
    if tui.cx.writes.are_allowed() {
        entries.extend(WRITES.iter().map(of));
    }
    let example = "penalties status=notify due=-90d.. sort=-amount";
    entries.push(read(&heading, "list with filters: ", example));
    entries
}

fn read(heading: &str, name: &str, meaning: &str) -> Entry {
    let (keys, words) = (name.to_owned(), meaning.to_owned());
    let heading = heading.to_owned();
    Entry { heading, keys, words, does: Does::Nothing, why_not: None, terms: "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::OF_LIST;
    use crate::payments::subject::Hosts;
    use crate::tui::effect::Effect;
    use crate::tui::keymap::BINDINGS;
    use crate::tui::modal::command::CommandLine;
    use crate::tui::modal::help::Help;
    use crate::tui::modal::reader::Reader;
    use crate::tui::tests::loaded;
    use crate::tui::tests::press;

    fn text(model: &Tui) -> String {
        let Some(help) = model.modal_of::<Help>() else { panic!("no help") };
        let lines: Vec<&str> = help.shown().map(|(line, _)| line.text.as_str()).collect();
        lines.join("\n")
    }

    #[test]
    fn the_help_lists_every_key_of_its_screen() {
        let mut model = loaded(5);
        model.cx.size = (200, 200);
        press(&mut model, "?");
        let shown = text(&model).split_whitespace().collect::<Vec<_>>().join(" ");
        let is_named = |it: &&Binding| !matches!(it.action, Action::PickTab | Action::Writes);
        let bindings = BINDINGS.iter().filter(|it| it.scopes.contains(&Scope::List));
        for binding in bindings.filter(is_named) {
            let label = model.cx.looks.keymap.render(binding.label);
            assert!(shown.contains(&label), "{}", binding.id);
        }
        press(&mut model, "esc");
        assert!(model.modal().is_none());
    }

    #[test]
    fn a_report_lists_its_commands_and_which_of_them_are_for_a_list_that_is_shown() {
        let mut model = loaded(5);
        model.cx.connect(Hosts { payments: true, finance: true });
        press(&mut model, ": a c c o u n t enter");
        let entries = of(&model);
        for command in COMMANDS.iter().chain(PAYMENTS) {
            let entry = entries.iter().find(|entry| entry.words == command.does);
            let is_refused = entry.expect(command.name).why_not.is_some();
            assert_eq!(is_refused, OF_LIST.contains(&command.name), "{}", command.name);
        }
        assert!(OF_LIST.iter().all(|name| CommandSpec::named(name).is_some()));
    }

    #[test]
    fn each_list_is_chosen_by_its_own_line() {
        for (tab, title) in [(0, "Transactions"), (2, "Invoices"), (4, "Debt")] {
            let mut model = loaded(5);
            press(&mut model, "2 ?");
            let keys: Vec<String> = title.to_lowercase().chars().map(String::from).collect();
            press(&mut model, &keys.join(" "));
            while !text(&model).contains(&format!("▸{}", tab + 1)) {
                let Some(help) = model.modal_of::<Help>() else { panic!("no help") };
                if help.chosen().is_some_and(|it| it.words == title) {
                    break;
                }
                press(&mut model, "down");
            }
            press(&mut model, "enter");
            assert_eq!((model.cx.tab, model.modal().is_none()), (tab, true), "{title}");
        }
    }

    #[test]
    fn an_unavailable_action_shows_its_reason() {
        let mut model = loaded(5);
        press(&mut model, "? c l e a r space a l l space f i l t e r s");
        assert!(text(&model).contains("(No filter is set.)"), "{}", text(&model));
    }

    #[test]
    fn what_is_typed_narrows_it_and_enter_does_what_is_chosen() {
        let mut model = loaded(5);
        press(&mut model, "? f o r space s p r e a d");
        assert_eq!(
            text(&model),
            "Marks and clipboard\n  Y             copy the row, or the marked rows, for a spreadsheet"
        );
        let effects = press(&mut model, "enter");
        assert!(matches!(effects.as_slice(), [Effect::Copy(_)]), "{effects:?}");
        assert!(model.modal().is_none());
        press(&mut model, "? n o t h i n g space o f");
        assert_eq!(press(&mut model, "enter"), []);
        assert!(model.modal().is_some(), "nothing was found, so nothing is done");
    }

    #[test]
    fn the_name_of_a_topic_finds_it_first() {
        for topic in TOPICS.iter().filter(|topic| topic.name != OF_WRITES) {
            let mut model = loaded(5);
            let keys: Vec<String> = topic.name.chars().map(String::from).collect();
            press(&mut model, &format!("? {} enter", keys.join(" ")));
            let Some(reader) = model.modal_of::<Reader>() else { panic!("{}", topic.name) };
            assert_eq!(reader.title, format!("Manual · {}", topic.name));
        }
    }

    #[test]
    fn what_people_call_it_finds_it() {
        for (typed, found) in [
            ("export", "export the shown, marked"),
            ("csv", "export the shown, marked"),
            ("excel", "copy the row, or the marked rows"),
            ("credit", "Invoices"),
            ("owed", "Debt"),
            ("overdue", "Debt"),
            ("graph", "chart the rows"),
            ("sum", "chart the rows"),
            ("password", "tokens, profiles"),
            ("vpn", "offline, proxies"),
            ("slow", "offline, proxies"),
            ("spreadsheet", "write rows, a booking"),
        ] {
            let mut model = loaded(5);
            model.cx.size = (120, 60);
            let keys: Vec<String> = typed.chars().map(String::from).collect();
            press(&mut model, &format!("? {}", keys.join(" ")));
            assert!(text(&model).contains(found), "{typed}: {}", text(&model));
        }
    }

    #[test]
    fn a_command_is_run_or_waits_for_its_words() {
        let mut model = loaded(5);
        press(&mut model, "? : space b o o k i n g space o p e n enter");
        let Some(line) = model.modal_of::<CommandLine>() else { panic!("no command line") };
        assert_eq!(line.input.value(), "booking ");
        press(&mut model, "esc ? c h a r t space c o m m a n d s enter");
        assert!(model.modal_of::<Reader>().is_some_and(|reader| reader.title.contains("Chart")));
    }

    #[test]
    fn a_topic_of_the_manual_is_found_read_and_wrapped_again_in_another_width() {
        let mut model = loaded(5);
        press(&mut model, "? e x i t space c o d e s");
        assert!(text(&model).starts_with("Manual\n"), "{}", text(&model));
        press(&mut model, "enter");
        let Some(reader) = model.modal_of::<Reader>() else { panic!("no reader") };
        assert_eq!((&*reader.title, &*reader.lines[0]), ("Manual · exit-codes", "Exit codes"));
        let lines = reader.lines.len();
        model.cx.size = (40, 20);
        model.modals.last_mut().expect("a reader").resized(&model.cx);
        let Some(reader) = model.modal_of::<Reader>() else { panic!("no reader") };
        assert!(reader.lines.len() > lines, "{:?}", reader.lines);
        let Some(reader) = model.modal() else { panic!("no reader") };
        assert!(bindings_in(Scope::Reader).any(|it| reader.hint(it) == Some("scroll")));
        press(&mut model, "esc");
        assert!(text(&model).starts_with("Manual\n"), "the help has its search: {}", text(&model));
        press(&mut model, "esc");
        assert!(model.modal().is_none());
    }

    #[test]
    fn an_action_that_can_do_nothing_now_says_why() {
        let mut model = loaded(5);
        press(&mut model, "? c l e a r space a l l space f i l t e r s enter");
        assert_eq!(model.cx.notice.as_deref(), Some("No filter is set."));
    }

    #[test]
    fn the_chosen_entry_stays_on_the_screen_whatever_is_pressed() {
        let mut model = loaded(5);
        press(&mut model, "?");
        for keys in
            ["down down down", "pgdn pgdn pgdn pgdn pgdn pgdn pgdn", "down", "pgup", "up up"]
        {
            press(&mut model, keys);
            let Some(help) = model.modal_of::<Help>() else { panic!("no help") };
            assert!(help.shown().any(|(_, is_chosen)| is_chosen), "after {keys}");
        }
    }
}
