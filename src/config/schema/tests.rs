//! Valid settings files, and the problems that are reported for others.

use super::*;

fn problems(text: &str) -> Vec<String> {
    Document::read(text).problems.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_wrong_is_named_with_line_and_column() {
    let table = [
        (
            "default_profil = \"a\"",
            "line 1, column 1: `default_profil` is not a setting; did you mean `default_profile`?",
        ),
        ("profle = 1", "line 1, column 1: `profle` is not a setting; did you mean `profile`?"),
        (
            "[profile.acme]\nbase-url = 1",
            "`profile.acme.base-url` is not a setting; did you mean `base_url`?",
        ),
        ("[profile.acme]\nnothing = 1", "`profile.acme.nothing` is not a setting of valora"),
        ("mouse = \"on\"", "line 1, column 9: `mouse` must be true or false, not this text"),
        ("theme = \"blue\"", "line 1, column 9: `theme` must be \"16\", \"dark\", \"light\" or"),
        (
            "\n[profile.acme]\ntoken_command = []",
            "line 3, column 17: `profile.acme.token_command` must be a program",
        ),
        ("[profile.acme]\ntoken_command = [\" \"]", "must be a program and its arguments"),
        ("[profile.acme]\ntoken_command = \"pass\"", "line 2, column 17: "),
        ("[profile.acme]\ntoken_command = [\"a\", 1]", "not this array"),
        ("profile = 1", "line 1, column 11: `profile` must be a table, not a number"),
        ("[profile.a]\npayments = 1", "line 2, column 12: `profile.a.payments` must be a table"),
        ("[profile.a.finance]\nurl = 1", "line 2, column 1: `profile.a.finance.url` is not"),
        ("theme = \"dark\"\n[profile.\"é\"]\n\"éé\".a = 1", "line 3, column 1: "),
        ("[profile.acme]\ntoken = \"x\"", "valora auth login"),
        ("theme = dark", "this is not valid TOML: text needs quotes around it"),
        (
            "[lists.scheduled]\ndue = faellig_am",
            "line 2, column 7: this is not valid TOML: text needs",
        ),
        (
            "[profile.acme.list.scheduled]\na = \"b\"",
            "`profile.acme.list` is not a setting; did you mean `lists`?",
        ),
    ];
    for (text, expected) in table {
        let found = problems(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].contains(expected), "{text}: {found:?}");
    }
}

#[test]
fn what_concerns_the_whole_file_blames_no_line() {
    let lines: Vec<_> = (0..MOST_PROBLEMS).map(|number| format!("unknown{number} = 1")).collect();
    let found = problems(&lines.join("\n"));
    assert_eq!(found[0], "the file has too many problems to be read");
    assert!(found[1].starts_with("line 1, column 1: `unknown0`"), "{}", found[1]);
}

#[test]
fn a_setting_that_ended_up_inside_a_table_is_sent_above_the_first() {
    for (table, name) in
        [("profile.acme", "theme"), ("keys", "mouse"), ("profile.a.finance", "ascii")]
    {
        let found = problems(&format!("[{table}]\n{name} = true\n"));
        let expected = format!(
            "line 2, column 1: `{name}` is inside the table [{table}], where it has no effect; \
             move it above the first table of the file"
        );
        assert_eq!(found, [expected]);
    }
}

#[test]
fn a_broken_file_is_said_to_be_so_without_its_text() {
    for text in [
        "a = vl_canary",
        "a = \"vl_canary",
        "vl_canary = 1\nvl_canary = 2",
        "[vl_canary]\n[vl_canary]",
        "= vl_canary",
        "vl_canary",
        "sd_canary = \"x\"",
        "token = 'vl_canary\\q\"",
        "[profile.acme]\nbase_url = \"\\q vl_canary\"",
        "theme = { vl_canary }",
        "theme = \"vl_canary\"",
        "mouse = \"vl_canary\"",
        "mouse = tru_vl_canary",
        "\u{1b}[31mvl_canary = 1",
    ] {
        let found = problems(text);
        assert!(!found.is_empty(), "{text}");
        let all = found.join("\n");
        assert!(!all.contains("canary") && !all.contains('\x1b'), "{all}");
        assert!(found.iter().all(|problem| problem.starts_with("line ")), "{all}");
        assert!(!all.contains("too many"), "{all}");
    }
}

#[test]
fn one_wrong_setting_costs_no_other() {
    let text = "theme = \"dark\"\nmouse = 1\n[keys]\nopen = [\"o\", \"enter\"]\nup = 3\n[profile.other]\n\
                token_command = 5\nbase_url = \"https://o\"\n[profile.acme]\nbase_url = \"https://x\"\n";
    let document = Document::read(text);
    assert_eq!(document.problems.len(), 3, "{:?}", document.problems);
    let values = &document.values;
    assert_eq!((values.theme, values.mouse), (Some(ThemeName::Dark), None));
    let url = |name| document.profile(name).and_then(|it| it.base_url.as_ref());
    assert_eq!(url("acme").unwrap().get_ref(), "https://x");
    assert_eq!(url("other").unwrap().get_ref(), "https://o");
    let names: Vec<&str> = document.profiles().iter().map(|(_, name, _)| *name).collect();
    assert_eq!(names, ["other", "acme"], "in the order of the file");
    let keys: Vec<_> = values.keys.iter().map(|(id, it)| (id, it.get_ref().names())).collect();
    assert_eq!(keys, [(&"open".to_owned(), vec!["o", "enter"])]);
}
