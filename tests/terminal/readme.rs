//! Every command of the README and the manual is run as it is written, one after another, by one user.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;
use valora::manual::TOPICS;

use crate::program::{PROGRAM, Server};

/// Commands that are not valora's own.
const NOT_HERE: [&str; 1] = ["cargo "];
/// How the lines begin that show the dashboard, which a test in pipes cannot: it must say just that.
const DASHBOARD: [&str; 3] = ["valora --", "valora demo", "pass show valora/acme | valora --"];
/// How the lines begin that serve until they are stopped.
const SERVES: &str = "valora sandbox";

/// The lines of the README and the manual for a shell.
fn lines() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(path).unwrap();
    let manual = TOPICS.iter().flat_map(|topic| topic.text.lines());
    let mut lines = Vec::new();
    let mut is_shell = false;
    for line in readme.lines().chain(manual) {
        match line {
            "```sh" => is_shell = true,
            "```" => is_shell = false,
            _ if is_shell && !NOT_HERE.iter().any(|it| line.starts_with(it)) => {
                lines.push(line.to_owned());
            }
            _ => {}
        }
    }
    lines
}

fn write_program(path: &Path, script: &str) {
    fs::write(path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Someone with a folder of their own, a store of passwords and the folders that shells read.
struct Reader {
    home: TempDir,
    server: Server,
    /// A booking of the server, for the one of the README.
    booking: String,
}

impl Reader {
    fn new() -> Self {
        let (home, server) =
            (tempfile::tempdir().unwrap(), Server::start(&["--rows", "1200", "--limit", "0"]));
        let at = |name: &str| home.path().join(name);
        for folder in [
            "bin",
            ".zfunc",
            ".config/fish/completions",
            ".local/share/bash-completion/completions",
        ] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        fs::write(at(".valora-token"), &server.token).unwrap();
        fs::set_permissions(at(".valora-token"), fs::Permissions::from_mode(0o600)).unwrap();
        write_program(&at("bin/pass"), &format!("echo {}", server.token));
        write_program(&at("bin/man"), "cat > /dev/null");
        std::os::unix::fs::symlink(PROGRAM, at("bin/valora")).unwrap();
        let mut reader = Self { home, server, booking: String::new() };
        reader.write_settings();
        let (_, rows, err) =
            reader.types("VALORA_TOKEN=$(pass) valora list transactions --limit 1 -o csv");
        let row = rows.lines().nth(1).unwrap_or_else(|| panic!("{rows}{err}"));
        let mut words = row.split(',');
        reader.booking = words.find(|word| word.starts_with("BK")).unwrap().to_owned();
        reader.log_in();
        reader
    }

    /// Saves a token for each profile: the README shows what to do with customers before it shows how
    /// to log in, and the manual also logs out.
    fn log_in(&self) {
        for name in ["default", "acme", "globex"] {
            let (code, _, err) = self.types(&format!("valora auth login --profile {name}"));
            assert_eq!(code, Some(0), "{err}");
        }
    }

    /// Names the server for each customer of the README, since a kept token goes nowhere else.
    fn write_settings(&self) {
        let table = |name| format!("[profile.{name}]\nbase_url = \"{}\"\n", self.server.base_url);
        let path = self.home.path().join(".config/valora/config.toml");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, ["default", "acme", "globex"].map(table).concat()).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::set_permissions(path.parent().unwrap(), fs::Permissions::from_mode(0o700)).unwrap();
    }

    fn shell(&self, line: &str) -> Command {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut shell = Command::new("bash");
        shell.args(["-o", "pipefail", "-c", &line.replace("BK123456", &self.booking)]);
        shell.current_dir(self.home.path()).env_clear();
        shell.env("HOME", self.home.path()).env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
        shell.env("PATH", format!("{}/bin:{path}", self.home.path().display()));
        shell.env("VALORA_BASE_URL", &self.server.base_url);
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        shell
    }

    /// Types a line, and the token where it is asked for; returns the code and what was said.
    fn types(&self, line: &str) -> (Option<i32>, String, String) {
        let mut child = self.shell(line).spawn().unwrap();
        // Whoever does not ask for the token does not read it.
        let _unread = writeln!(child.stdin.take().unwrap(), "{}", self.server.token);
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    /// What a server says first.
    fn serves(&self, line: &str) -> String {
        let mut child = self.shell(&format!("exec {line}")).spawn().unwrap();
        let mut said = [0; 16];
        child.stdout.take().unwrap().read_exact(&mut said).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        String::from_utf8_lossy(&said).into_owned()
    }
}

#[test]
fn every_command_of_the_readme_and_the_manual_works_as_it_is_written() {
    let reader = Reader::new();
    let lines = lines();
    assert!(lines.len() > 25, "{lines:?}");
    for line in lines {
        if line.starts_with(SERVES) {
            // The port of the README may be taken here.
            let said = reader.serves(&line.replace("--port 8080", "--port 0"));
            assert_eq!(said, "VALORA_BASE_URL=", "{line}");
            continue;
        }
        if line == "valora config init" {
            // Whoever has not named a server of their own has no settings yet.
            fs::remove_file(reader.home.path().join(".config/valora/config.toml")).unwrap();
        }
        if line.starts_with("valora customers") || line.contains("--all-profiles") {
            reader.log_in();
        }
        let (code, out, err) = reader.types(&line);
        if line == "valora config init" {
            reader.write_settings();
        }
        if line == "valora" || DASHBOARD.iter().any(|start| line.starts_with(start)) {
            assert_eq!((code, out.as_str()), (Some(2), ""), "{line}: {err}");
            assert!(err.contains("needs a terminal"), "{line}: {err}");
            continue;
        }
        assert_eq!(code, Some(0), "{line}: {out}{err}");
        let is_told = line.starts_with("mkdir")
            || line.contains('>')
            || line.contains("man -l")
            || !out.is_empty()
            || !err.is_empty();
        assert!(is_told, "{line} says nothing");
    }
    for (file, word) in [
        ("booking.csv", "check,"),
        ("penalties.csv", "booking"),
        ("debt.csv", "overdue"),
        (".zfunc/_valora", "#compdef valora"),
    ] {
        let text = fs::read_to_string(reader.home.path().join(file)).unwrap();
        assert!(text.contains(word), "{file}: {text}");
    }
}
