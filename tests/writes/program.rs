//! The built program with its own home, and a sandbox.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;
use tokio::runtime::Runtime;
use valora::sandbox::{Options, Sandbox, WriteFault, WriteFaults};

use crate::common::{options, runtime};

pub(crate) const ALL: &str = r#"writes = ["block", "cancel", "cancel-fees", "match"]"#;

pub(crate) struct Program {
    pub(crate) home: TempDir,
    pub(crate) sandbox: Sandbox,
    pub(crate) runtime: Runtime,
}

impl Program {
    /// With a profile `acme` that allows these writes.
    pub(crate) fn start(writes: &str) -> Self {
        Self::with(writes, options())
    }

    pub(crate) fn with(writes: &str, options: Options) -> Self {
        let runtime = runtime();
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let home = tempfile::tempdir().unwrap();
        let program = Self { home, sandbox, runtime };
        program.set(&[("acme", &program.sandbox.payments_url(), writes)]);
        program
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.home.path().join(".config/valora/config.toml")
    }

    /// Profiles by name, server and the line that allows writes.
    pub(crate) fn set(&self, profiles: &[(&str, &str, &str)]) {
        let token = self.sandbox.payments_tokens().admin;
        let text = profiles.iter().map(|(name, url, writes)| {
            format!(
                "[profile.{name}.payments]\nbase_url = \"{url}\"\ntoken_command = \
                 [\"echo\", \"{token}\"]\n{writes}\n"
            )
        });
        fs::create_dir_all(self.settings().parent().unwrap()).unwrap();
        fs::write(self.settings(), text.collect::<String>()).unwrap();
    }

    /// `_` is a space within an argument.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_valora"));
        let words = line.split_whitespace().map(|word| word.replace('_', " "));
        command.args(words).env_clear().env("HOME", self.home.path());
        command.env("PATH", std::env::var_os("PATH").unwrap()).stdin(Stdio::null());
        command
    }

    /// Exit code, standard output, standard error.
    pub(crate) fn run(&self, line: &str) -> (i32, String, String) {
        let Output { status, stdout, stderr } = self.command(line).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }

    pub(crate) fn fault(&self, fault: WriteFault) {
        self.sandbox.set_write_faults(&[WriteFaults(fault, 1)]);
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.home.path().join(".local/state/valora/audit/acme.jsonl")
    }
}
