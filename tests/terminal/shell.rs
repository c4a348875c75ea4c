//! Completion as bash does it with the script, and the pages for `man`.

use std::path::Path;

use valora::manual::{TOPICS, Topic};

use crate::program::{PROGRAM, command};

fn out(arguments: &[&str]) -> String {
    let output = command(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What bash offers at the end of a line.
fn offered(line: &str) -> Vec<String> {
    let folder = Path::new(PROGRAM).parent().unwrap().display();
    let (before, _) = line.rsplit_once(' ').unwrap();
    // Bash splits words at `=` as well, which the script must not be misled by.
    let script = format!(
        "PATH={folder}:$PATH; source <(valora completions bash); COMP_LINE='{line}'; \
         COMP_POINT=${{#COMP_LINE}}; COMP_WORDS=({before} ''); COMP_WORDS[${{#COMP_WORDS[@]}}-1]='{last}'; \
         COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
         _valora_filters valora '{last}' \"${{COMP_WORDS[COMP_CWORD-1]}}\"; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        last = line.rsplit(' ').next().unwrap(),
    );
    let mut bash = std::process::Command::new("bash");
    let output = bash.args(["--norc", "-c", &script]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Ends of lines, and a word that is offered there.
const LINES: [(&str, &str); 12] = [
    ("valora li", "list"),
    ("valora list pen", "penalties"),
    ("valora list penalties sta", "status="),
    ("valora list penalties status=noti", "notify"),
    ("valora list penalties --sort -due", "-due_date"),
    ("valora list penalties --al", "--all"),
    ("valora list penalties -o js", "jsonl"),
    ("valora penal", "penalties"),
    ("valora debt status=over", "overdue"),
    ("valora debt --al", "--all"),
    ("valora help filt", "filters"),
    ("valora man tri", "triage"),
];

#[test]
fn bash_completes_commands_lists_filters_and_values() {
    for (line, word) in LINES {
        let words = offered(line);
        assert!(words.iter().any(|offered| offered == word), "{line}: {words:?}");
    }
}

/// What a shell says to a script, `VALORA` in it being the completions for this shell; nothing where
/// the shell is not installed.
fn said(shell: &str, arguments: &[&str], script: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("_valora");
    std::fs::write(&file, out(&["completions", shell])).unwrap();
    let script = script.replace("VALORA", &file.display().to_string());
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", Path::new(PROGRAM).parent().unwrap().display());
    let mut command = std::process::Command::new(shell);
    command.args(arguments).arg("-c").arg(script).env("PATH", path).env("HOME", folder.path());
    let output = match command.output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("{shell} is not installed: not tried");
            return None;
        }
        output => output.unwrap(),
    };
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn fish_offers_the_same_where_it_is_installed() {
    for (line, word) in LINES {
        let script = format!("source VALORA; complete -C '{line}'");
        let Some(said) = said("fish", &["--no-config"], &script) else { return };
        // Whole words are offered, with what they mean behind a tab.
        let words = said.lines().filter_map(|line| line.split('\t').next());
        let mut words =
            words.map(|it| it.rsplit('=').next().filter(|it| !it.is_empty()).unwrap_or(it));
        assert!(words.any(|offered| offered == word), "{line}: {said}");
    }
}

#[test]
fn the_script_of_zsh_is_sound_where_zsh_is_installed() {
    // Its words are only offered to someone who presses tab.
    let script =
        "autoload -U compinit; compinit -D; source VALORA; whence -w _valora _valora_filters";
    let Some(said) = said("zsh", &["-f"], script) else { return };
    assert_eq!(said, "_valora: function\n_valora_filters: function\n");
}

#[test]
fn each_command_has_a_page_and_each_shell_a_script() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(out(&["completions", shell]).contains("list"));
    }
    let page = out(&["man"]);
    assert!(page.contains(".TH valora 1") && page.contains("valora demo"), "{page}");
    assert!(page.contains("penalties"), "{page}");
    let version = format!("valora {}", env!("CARGO_PKG_VERSION"));
    let list = out(&["man", "list"]);
    assert!(list.lines().any(|line| line.starts_with(".TH") && line.contains(&version)), "{list}");
    assert!(list.contains(".TH valora-list 1") && list.contains("valora list debt"), "{list}");
    let wrong = command(&["man", "nothing"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(said.contains("`nothing`: run valora help for the list"), "{said}");
    let nested = out(&["man", "auth", "login"]);
    assert!(nested.contains(".TH valora-auth-login 1"), "{nested}");
}

#[test]
fn help_and_man_show_topics_and_commands_and_name_the_near_one() {
    for topic in TOPICS {
        let text = out(&["help", topic.name]);
        let title = topic.text.lines().next().unwrap().trim_start_matches("# ");
        assert!(text.starts_with(&format!("{title}\n\n")), "{}: {text}", topic.name);
        assert!(!["<!--", "![", "|---", "```"].iter().any(|it| text.contains(it)), "{text}");
        let long = text.lines().find(|line| line.chars().count() > 80 && line.trim().contains(' '));
        assert_eq!(long, None, "{}: a pipe has 80 columns", topic.name);
        let page = out(&["man", topic.name]);
        let section = if page.contains(".SH OPTIONS") { 1 } else { 7 };
        let title = format!(".TH valora-{} {section} ", topic.name);
        assert!(page.lines().any(|line| line.starts_with(&title)), "{page}");
        assert!([".nf", ".PP", ".IP"].iter().any(|it| page.contains(it)), "{page}");
    }
    assert!(out(&["help", "booking"]).contains("Usage: valora booking"));
    assert_eq!(out(&["help", "list"]), out(&["list", "--help"]));
    assert_eq!(out(&["help", "auth", "login"]), out(&["auth", "login", "--help"]));
    let help = out(&["help"]);
    assert_eq!(help, out(&["--help"]));
    assert_eq!(out(&["help", "help"]), out(&["help", "--help"]));
    assert!(!out(&["help", "-h"]).contains("possible values"));
    let is_listed =
        |topic: &Topic| help.contains(&format!("\n  {:<17}{}", topic.name, topic.about));
    // No profile allows writes here.
    assert!(TOPICS.iter().all(|topic| is_listed(topic) != (topic.name == "writes")));
    for (words, near) in [
        (&["help", "filtres"][..], "`filtres`: did you mean `filters`?"),
        (&["help", "bookng"], "did you mean `booking`?"),
        (&["help", "auth", "logn"], "`auth logn`: did you mean `auth login`?"),
        (&["help", "nope"], "there is no topic or command `nope`: run valora help for the list"),
    ] {
        let output = command(words).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(near) && said.lines().count() <= 2, "{said}");
    }
}
