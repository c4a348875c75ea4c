//! The sources of secrets, and the secrets that valora saves: one file each, for their owner alone.

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use super::program::{self, Interactivity};
use super::secure_file::{self, PrivateError};
use crate::state::{Store, lock, replace, temporary};

pub(super) const LARGEST_SECRET: u64 = 64 * 1024;
const ENDING: &str = ".token";

/// Trimmed. `Debug` does not show it, and there is no `Display`.
#[derive(Clone, PartialEq, Eq, derive_more::Debug)]
#[debug("SecretText")]
pub struct SecretText(Box<str>);

impl SecretText {
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        Self(text.strip_prefix('\u{FEFF}').unwrap_or(text).trim().into())
    }

    pub fn text(&self) -> &str {
        &self.0
    }
}

#[derive(Clone, PartialEq, Eq)]
pub enum Source {
    Stdin,
    File(PathBuf),
    Variable(&'static str, OsString),
    Command(Vec<String>),
    /// A file that `valora auth login` wrote, and the profile's name.
    Credentials(PathBuf, String),
}

#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("no token is saved for profile {0}; run: valora auth login --profile {0}")]
    NotKept(String),
    #[error(transparent)]
    Private(#[from] PrivateError),
    #[error("token_command: {0}")]
    Program(String),
    /// It needs the terminal, which it cannot use in the background.
    #[error("token_command: {0}")]
    Prompts(String),
    #[error("{0} contains more than {kib} KiB, but must contain only the token", kib = LARGEST_SECRET / 1024)]
    Large(String),
    #[error("{source_name} cannot be read: {why}")]
    Unreadable { source_name: String, why: io::Error },
}

impl Source {
    pub fn read(
        &self,
        interactivity: Interactivity,
        stdin: impl Read,
    ) -> Result<SecretText, SecretError> {
        match self {
            Self::Stdin => self.take(stdin),
            Self::File(path) => self.take(secure_file::open(path)?),
            Self::Variable(_, value) => Ok(SecretText::new(&value.to_string_lossy())),
            Self::Command(argv) => {
                program::run(argv, interactivity).map_err(|failed| match failed {
                    program::Failed::Prompts(why) => SecretError::Prompts(why),
                    program::Failed::Other(why) => SecretError::Program(why),
                })
            }
            Self::Credentials(path, name) => self.read_kept(path, name),
        }
    }

    /// The program that may prompt before it prints the secret; `setting` decides if there is one.
    pub fn prompter(&self, setting: Option<bool>) -> Option<&str> {
        let Self::Command(argv) = self else { return None };
        let program = argv.first()?;
        setting.unwrap_or_else(|| prompts(argv)).then_some(program)
    }

    fn read_kept(&self, path: &Path, name: &str) -> Result<SecretText, SecretError> {
        if let Some(folder) = path.parent() {
            secure_file::check_folder(folder)?;
        }
        match secure_file::open(path) {
            Ok(file) => self.take(file),
            Err(PrivateError::Unreadable { why, .. }) if why.kind() == io::ErrorKind::NotFound => {
                Err(SecretError::NotKept(name.to_owned()))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn take(&self, from: impl Read) -> Result<SecretText, SecretError> {
        let unreadable = |why| SecretError::Unreadable { source_name: self.to_string(), why };
        let mut bytes = Vec::new();
        from.take(LARGEST_SECRET + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > LARGEST_SECRET {
            return Err(SecretError::Large(self.to_string()));
        }
        // The error of the standard library would contain the bytes.
        let not_text = |_| unreadable(io::Error::other("it is not UTF-8 text"));
        str::from_utf8(&bytes).map(SecretText::new).map_err(not_text)
    }
}

/// Programs that ask for a password, a PIN or a touch, at least at first.
const PROMPTERS: [&str; 18] = [
    "pass",
    "gopass",
    "gpg",
    "gpg2",
    "age",
    "rage",
    "op",
    "bw",
    "rbw",
    "lpass",
    "ykman",
    "ssh",
    "sudo",
    "doas",
    "keepassxc-cli",
    "security",
    "secret-tool",
    "pinentry",
];
/// Programs that run the programs named in their arguments.
const RUNNERS: [&str; 9] = ["sh", "bash", "dash", "zsh", "fish", "env", "nix", "timeout", "nohup"];

/// Returns `true` for a program that is known to prompt, itself or run by a shell.
fn prompts(argv: &[String]) -> bool {
    let name = |word: &str| word.rsplit('/').next().unwrap_or_default().to_owned();
    let is_known = |name: &str| PROMPTERS.contains(&name) || name.starts_with("pinentry-");
    let Some((program, arguments)) = argv.split_first() else { return false };
    let program = name(program);
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.');
    let mut words = arguments.iter().flat_map(|it| it.split(|c| !is_word(c)));
    is_known(&program)
        || RUNNERS.contains(&program.as_str()) && words.any(|word| is_known(&name(word)))
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("standard input"),
            Self::File(path) => write!(f, "--token-file {}", path.display()),
            Self::Variable(name, _) => f.write_str(name),
            // Its arguments may contain a secret.
            Self::Command(argv) => {
                let name = argv.first().map(String::as_str).unwrap_or_default();
                write!(f, "token_command ({})", crate::domain::text::sanitize(name))
            }
            Self::Credentials(path, _) => write!(f, "{}", path.display()),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({self})")
    }
}

#[derive(Debug, Clone)]
pub struct Credentials {
    folder: PathBuf,
}

impl Credentials {
    pub fn of(store: &Store) -> Self {
        Self { folder: store.credentials() }
    }

    pub fn source(&self, name: &str) -> Source {
        Source::Credentials(self.path(name), name.to_owned())
    }

    /// Returns `true` if there is a token, even one that cannot be read.
    pub fn has(&self, name: &str) -> bool {
        fs::symlink_metadata(self.path(name)).is_ok()
    }

    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let name = |name: String| Some(name.strip_suffix(ENDING)?.to_owned());
        let names = entries.filter_map(|entry| name(entry.file_name().into_string().ok()?));
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    /// Replaces the token of the same name. On failure, nothing is changed.
    pub fn keep(&self, name: &str, secret: &SecretText) -> io::Result<()> {
        let path = self.path(name);
        let _lock = lock(&path)?;
        secure_file::check_folder(&self.folder).map_err(io::Error::other)?;
        // Half-written secrets are removed here too, for users who never open the dashboard.
        let _ = temporary::sweep(&self.folder);
        replace(&path, &format!("{}\n", secret.text()))
    }

    pub fn forget(&self, name: &str) -> io::Result<bool> {
        let (path, is_kept) = (self.path(name), self.has(name));
        if is_kept {
            let _lock = lock(&path)?;
            fs::remove_file(&path)?;
        }
        Ok(is_kept)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{ENDING}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_mark_of_an_editor_is_no_part_of_the_token_and_a_file_of_another_kind_is_named_so() {
        let read = |bytes: &[u8]| {
            let read = Source::Stdin.read(Interactivity::Background, bytes);
            read.map(|secret| secret.text().to_owned()).map_err(|error| error.to_string())
        };
        assert_eq!(read("\u{FEFF}vl_a\r\n".as_bytes()).unwrap(), "vl_a");
        assert_eq!(read(" \u{FEFF} vl_a".as_bytes()).unwrap(), "vl_a");
        for size in [64 * 1024 + 1, 1024 * 1024] {
            let large = read(&vec![b'x'; size]).unwrap_err();
            assert!(large.contains("standard input contains more than 64 KiB"), "{large}");
        }
        let bytes = read(b"\xFF\xFEv\0l\0_\0").unwrap_err();
        assert!(bytes.ends_with("it is not UTF-8 text"), "{bytes}");
    }

    #[test]
    fn a_program_that_may_prompt_is_known_and_the_setting_decides() {
        let command =
            |line: &str| Source::Command(line.split('|').map(str::to_owned).collect::<Vec<_>>());
        for (line, may_prompt) in [
            ("pass|show|valora/acme", true),
            ("/usr/bin/gpg2|-d|token.gpg", true),
            ("op|read|op://work/valora", true),
            ("pinentry-curses", true),
            ("sh|-c|cat x && gpg -d token.gpg", true),
            ("env|HOME=/x|/opt/bin/bw|get", true),
            ("bash|-c|$(pass show x)", true),
            ("cat|/run/secrets/pass", false),
            ("vault|read|-field=token|secret/valora", false),
            ("sh|-c|cat compass", false),
            ("passage", false),
        ] {
            let program = line.split('|').next().unwrap();
            assert_eq!(command(line).prompter(None), may_prompt.then_some(program), "{line}");
            assert_eq!(command(line).prompter(Some(true)), Some(program), "{line}");
            assert_eq!(command(line).prompter(Some(false)), None, "{line}");
        }
        assert_eq!(Source::Stdin.prompter(Some(true)), None);
    }

    #[test]
    fn what_a_program_failed_of_is_said_once() {
        let failed =
            Source::Command(vec!["false".to_owned()]).read(Interactivity::Background, io::empty());
        let said = format!("{:#}", anyhow::Error::from(failed.unwrap_err()));
        assert_eq!(said.matches("failed (").count(), 1, "{said}");
    }

    #[test]
    fn a_secret_is_kept_for_its_owner_alone_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
        let all = Credentials::of(&store);
        let read = |name| all.source(name).read(Interactivity::Background, io::empty());
        assert!(read("acme").unwrap_err().to_string().contains("valora auth login --profile acme"));
        all.keep("acme", &SecretText::new("vl_one")).unwrap();
        all.keep("acme", &SecretText::new(" vl_two\n")).unwrap();
        assert_eq!(read("acme").unwrap().text(), "vl_two");
        let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(all.path("acme")), mode(store.credentials())), (0o600, 0o700));
        assert_eq!(all.names(), ["acme"]);
        fs::set_permissions(store.credentials(), fs::Permissions::from_mode(0o750)).unwrap();
        assert!(read("acme").unwrap_err().to_string().contains("chmod 700"));
        assert!(all.keep("acme", &SecretText::new("vl_three")).is_err());
        fs::set_permissions(store.credentials(), fs::Permissions::from_mode(0o700)).unwrap();
        assert!(all.forget("acme").unwrap() && !all.forget("acme").unwrap());
        assert!(all.names().is_empty());
    }
}
