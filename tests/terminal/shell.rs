//! Completion as bash does it with the script, and the pages for `man`.

use std::path::Path;

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

#[test]
fn bash_completes_commands_lists_filters_and_values() {
    for (line, word) in [
        ("valora li", "list"),
        ("valora list pen", "penalties"),
        ("valora list penalties sta", "status="),
        ("valora list penalties status=noti", "notify"),
        ("valora list penalties --sort -due", "-due_date"),
        ("valora list penalties --al", "--all"),
        ("valora list penalties -o js", "jsonl"),
    ] {
        let words = offered(line);
        assert!(words.iter().any(|offered| offered == word), "{line}: {words:?}");
    }
}

#[test]
fn each_command_has_a_page_and_each_shell_a_script() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(out(&["completions", shell]).contains("list"));
    }
    let page = out(&["man"]);
    assert!(page.contains(".TH valora 1") && page.contains("valora demo"), "{page}");
    let list = out(&["man", "list"]);
    assert!(list.contains(".TH valora-list 1") && list.contains("valora list debt"), "{list}");
    let wrong = command(&["man", "nothing"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("known: "));
}
