//! Options that may be before or after a command, and which commands have which options.

use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command, CommandFactory};

use super::exit_code::Exit;
use super::settings::LooksFlags;
use super::{Arguments, entry, manual};
use crate::config::Flags;
use crate::config::profile::Settings;
use crate::state::Store;
use crate::writes::command::without_writes;

#[derive(Debug, Default, Clone, Args)]
pub(super) struct Shared {
    #[command(flatten)]
    pub(super) connection: Flags,
    /// Log each request to this file: profile, path, status, duration and outcome; no tokens and no names
    /// of people
    #[arg(long, value_name = "FILE")]
    pub(super) log: Option<PathBuf>,
    #[command(flatten)]
    pub(super) looks: LooksFlags,
    /// Allow the writes that the profile names in its settings
    #[arg(long = "write", id = "write")]
    pub(super) has_write: bool,
}

const HEADING: &str = "Options that can also be placed before the command";

/// What `help` and `man` show.
const TOPIC: &str = "topic";

const BASE_URL: &str = "base_url";
const TOKEN_FILE: &str = "token_file";
const PROFILE: &str = "profile";
const ALL_PROFILES: &str = "all_profiles";
const LOG: &str = "log";
const THEME: &str = "theme";
const ASCII: &str = "ascii";
const WRITE: &str = "write";

const OF_REQUESTS: &[&str] = &[BASE_URL, TOKEN_FILE, PROFILE, LOG];
const OF_PAYMENTS: &[&str] = &[PROFILE, LOG];
const OF_WRITES: &[&str] = &[PROFILE, LOG, WRITE];

/// The commands that have such options.
const COMMANDS: &[(&str, &[&str])] = &[
    ("account", OF_PAYMENTS),
    ("audit", OF_PAYMENTS),
    ("auth login", &[BASE_URL, PROFILE]),
    ("auth logout", &[PROFILE]),
    ("auth status", &[BASE_URL, TOKEN_FILE, PROFILE]),
    ("bank", OF_PAYMENTS),
    ("booking", OF_REQUESTS),
    ("changes", OF_REQUESTS),
    ("check", &[BASE_URL, TOKEN_FILE, PROFILE]),
    ("customers", &[LOG]),
    ("demo", &[LOG, THEME, ASCII, WRITE]),
    ("events", OF_PAYMENTS),
    ("list", OF_REQUESTS),
    ("payments block", OF_WRITES),
    ("payments cancel", OF_WRITES),
    ("payments cancel-fees", OF_WRITES),
    ("payments list", OF_PAYMENTS),
    ("payments match", OF_WRITES),
    ("payments show", OF_PAYMENTS),
    ("payments unblock", OF_WRITES),
    ("payments unmatch", OF_WRITES),
    ("stripe", OF_PAYMENTS),
    ("tin", OF_PAYMENTS),
    ("worklist", OF_REQUESTS),
];

fn is_of(path: &str, id: &str) -> bool {
    let path = if entry::is_named(path) { "list" } else { path };
    // A group has the options of its commands.
    let is_below = |command: &str| {
        command.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    COMMANDS.iter().any(|(command, ids)| is_below(command) && ids.contains(&id))
}

/// The command line, with these options after each command that has them.
pub fn command() -> Command {
    complete(true, true)
}

/// The same, without writes in help and completion if no profile allows any, and without the audit log if
/// there is none.
pub(super) fn command_here() -> Command {
    let store = Store::of_process();
    let settings = Settings::read(store.as_ref());
    let has_writes = settings.is_ok_and(|settings| !settings.writers().is_empty());
    // It stays when the permission is taken away.
    let has_audit = store.is_some_and(|store| store.audit().exists());
    complete(has_writes, has_audit)
}

fn complete(has_writes: bool, has_audit: bool) -> Command {
    let shared = Shared::augment_args(Command::new(""));
    let shared = shared.get_arguments().map(|arg| arg.clone().help_heading(HEADING));
    let shared: Vec<Arg> = shared.collect();
    let root = with_long_help(Arguments::command(), "valora");
    let examples = root.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let topics = manual::topics(has_writes);
    let root = root.after_long_help(format!("{examples}\n\nManual, valora help TOPIC:\n{topics}"));
    let root = root.mut_subcommands(|command| with_shared(command, "", &shared));
    let root = if has_writes { root } else { without_writes(root, has_audit) };
    let names = manual::Names::of(&root, has_writes);
    let with_names = |command: Command| {
        command.mut_arg(TOPIC, |arg| arg.value_parser(names.clone()).hide_possible_values(true))
    };
    root.mut_subcommand("help", with_names).mut_subcommand("man", with_names)
}

fn with_shared(command: Command, group: &str, shared: &[Arg]) -> Command {
    let path = format!("{group} {}", command.get_name()).trim_start().to_owned();
    let own = shared.iter().filter(|arg| is_of(&path, arg.get_id().as_str()));
    let command = with_long_help(command.args(own.cloned()), &format!("valora {path}"));
    command.mut_subcommands(|below| with_shared(below, &path, shared))
}

/// Examples and all that follows the options are for `--help`; `-h` is short.
fn with_long_help(command: Command, path: &str) -> Command {
    let Some(long) = command.get_after_help().cloned() else { return command };
    command.after_long_help(long).after_help(format!("Details and examples: {path} --help"))
}

/// The values of these options, before or after the command. Fails if one is set in both places, or if it
/// names a server, token or profile that the command does not use.
pub(super) fn given(command: &Command, matches: &ArgMatches) -> Result<Shared, Exit> {
    let (mut levels, mut names) = (vec![matches], Vec::new());
    while let Some((name, below)) = levels.last().and_then(|matches| matches.subcommand()) {
        levels.push(below);
        names.push(name);
    }
    let path = names.join(" ");
    for arg in command.get_arguments() {
        let (id, long) = (arg.get_id().as_str(), arg.get_long().unwrap_or_default());
        let times = levels.iter().filter(|matches| is_given(matches, id)).count();
        if times > 1 {
            return Err(Exit::usage(format!("--{long} is set before and after the command")));
        }
        let is_of_one = matches!(id, BASE_URL | TOKEN_FILE | PROFILE);
        if times == 1 && is_of_one && levels.iter().any(|matches| is_given(matches, ALL_PROFILES)) {
            let why = "--all-profiles uses the server and the token of each profile";
            return Err(Exit::usage(format!("--{long} has no effect here: {why}")));
        }
        let is_misleading = match id {
            // An alias may pass them to any command; help is always shown.
            BASE_URL | TOKEN_FILE | WRITE => !matches!(&*path, "help" | "man"),
            PROFILE => matches!(&*path, "customers" | "demo" | "sandbox"),
            _ => false,
        };
        if times == 1 && is_misleading && !path.is_empty() && !is_of(&path, id) {
            return Err(Exit::usage(format!("--{long} has no effect on valora {path}")));
        }
    }
    let levels = levels.as_slice();
    Ok(Shared {
        connection: Flags {
            base_url: value(levels, BASE_URL),
            token_file: value(levels, TOKEN_FILE),
            profile: value(levels, PROFILE),
        },
        log: value(levels, LOG),
        has_write: levels.iter().any(|matches| is_given(matches, WRITE)),
        looks: LooksFlags {
            theme: value(levels, THEME),
            ascii: levels.iter().any(|matches| is_given(matches, ASCII)),
        },
    })
}

fn is_given(matches: &ArgMatches, id: &str) -> bool {
    let is_known = matches.try_contains_id(id).unwrap_or(false);
    is_known && matches.value_source(id) == Some(ValueSource::CommandLine)
}

fn value<T: Clone + Send + Sync + 'static>(levels: &[&ArgMatches], id: &str) -> Option<T> {
    levels.iter().find_map(|matches| matches.try_get_one::<T>(id).ok().flatten().cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Shared, String> {
        let mut command = command();
        let words = std::iter::once("valora").chain(line.split_whitespace());
        let matches = command.try_get_matches_from_mut(words).map_err(|error| error.to_string())?;
        given(&command, &matches).map_err(|error| error.to_string())
    }

    #[test]
    fn options_before_the_command_count_as_those_after_it() {
        for line in [
            "--base-url http://a --token-file f --profile acme --log l list debt",
            "--base-url http://a --profile acme list debt --token-file f --log l",
            "list debt --base-url http://a --token-file f --profile acme --log l",
            "--base-url http://a --token-file f --profile acme --log l debt",
            "worklist --base-url http://a --token-file f --profile acme --log l",
            "--base-url http://a --token-file f --profile acme --log l",
        ] {
            let Shared { connection, log, .. } = read(line).unwrap();
            let text = |path: Option<PathBuf>| path.map(|path| path.display().to_string());
            let given = (connection.base_url, text(connection.token_file), connection.profile);
            let all = ("http://a", "f", "acme");
            let expected = (Some(all.0.into()), Some(all.1.into()), Some(all.2.into()));
            assert_eq!((given, text(log)), (expected, Some("l".to_owned())), "{line}");
        }
        let status = read("--profile acme auth --base-url http://a status").unwrap();
        assert_eq!(status.connection.profile.as_deref(), Some("acme"));
        assert_eq!(status.connection.base_url.as_deref(), Some("http://a"));
        let demo = read("--theme light demo --ascii").unwrap();
        assert!(demo.looks.theme.is_some() && demo.looks.ascii);
    }

    #[test]
    fn an_option_that_is_given_twice_or_would_mislead_is_refused() {
        for (line, words) in [
            ("--base-url http://a list debt --base-url http://a", "before and after the command"),
            ("--profile a penalties --profile b", "--profile is set before and after"),
            ("auth --profile a status --profile b", "--profile is set before and after"),
            ("--base-url http://a keys", "--base-url has no effect on valora keys"),
            ("--base-url http://a payments list", "has no effect on valora payments list"),
            ("--token-file f sandbox", "--token-file has no effect on valora sandbox"),
            ("--profile a demo", "--profile has no effect on valora demo"),
            ("--profile a customers", "--profile has no effect on valora customers"),
            ("--profile a worklist --all-profiles", "--profile has no effect here: --all-profiles"),
            ("changes --all-profiles --token-file f", "--token-file has no effect here"),
            ("--base-url http://a booking BK1 --all-profiles", "--base-url has no effect here"),
            ("worklist --unlock", "--all-profiles"),
            ("customers --all-profiles", "unexpected argument '--all-profiles'"),
            ("man --profile a", "unexpected argument '--profile'"),
            ("completions bash --theme light", "unexpected argument '--theme'"),
            ("keys --log f", "unexpected argument '--log'"),
        ] {
            let why = read(line).unwrap_err();
            assert!(why.contains(words), "{line}: {why}");
        }
        for line in [
            "--profile acme --theme light keys",
            "--token-file - help login",
            "--base-url http://a help",
            "--base-url http://a --token-file - man auth login",
        ] {
            assert!(read(line).is_ok(), "{line}: as an alias passes them");
        }
    }

    #[test]
    fn each_row_names_a_command() {
        let command = command();
        for (path, ids) in COMMANDS {
            let found = path.split(' ').try_fold(&command, |at, name| at.find_subcommand(name));
            let found = found.unwrap_or_else(|| panic!("{path}"));
            for id in *ids {
                assert!(found.get_arguments().any(|arg| arg.get_id() == id), "{path} {id}");
            }
        }
        for named in command.get_subcommands().filter(|it| it.get_name() != "help") {
            let name = named.get_name();
            let is_server = named.get_arguments().any(|arg| arg.get_id() == BASE_URL);
            let is_row = |(path, _): &(&str, _)| path.split(' ').next() == Some(name);
            let has_row = COMMANDS.iter().any(is_row) || entry::is_named(name);
            assert!(!is_server || has_row, "{name} has no row");
        }
    }
}
