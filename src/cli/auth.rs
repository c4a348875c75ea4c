//! `valora auth`: saves and deletes tokens, and shows which one is used, with its source.

use std::fmt::Write;
use std::io;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::exit_code::{ACCESS, Exit, MISSING, code};
use super::requests::Oneshot;
use super::{Cx, password_prompt, print, warn};
use crate::config::profile::{SavedBaseUrl, Settings, UNNAMED, check_name, save_base_url};
use crate::config::program::Interactivity;
use crate::config::secret::{Credentials, SecretText, Source};
use crate::config::{ConfigError, given_base, parse_token, read_token, target};
use crate::domain::date::seconds_in_words;
use crate::net::response::Limits;
use crate::net::target::Target;

#[derive(Debug, Subcommand)]
pub(super) enum AuthCommand {
    /// Save the token of a profile: typed at a hidden prompt, or read from standard input
    Login(Login),
    /// Show which token is used, where it is from, and the limits of the customer's plan
    #[command(after_help = "Examples:\n  valora auth status\n  valora auth status --profile acme")]
    Status,
    /// Delete the saved token of a profile
    #[command(after_help = "Example:\n  valora auth logout --profile acme")]
    Logout,
    /// List the profiles, each with the source of its token
    #[command(after_help = "Example:\n  valora auth list")]
    List,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  valora auth login --profile acme\n  \
                  pass show valora/acme | valora auth login --profile acme\n  \
                  valora auth login --profile mine --base-url http://127.0.0.1:8080/api/v1/c\n\n\
                  The profile is created if it does not exist. The token is tested, then saved in a file\n\
                  that only you can read, not in the settings. If the token's prefix\n\
                  does not identify the server, name it with --base-url; the URL is saved in the settings.")]
pub(super) struct Login {
    /// Save the token without testing it
    #[arg(long)]
    no_check: bool,
}

pub(super) fn run(command: AuthCommand, cx: &Cx) -> anyhow::Result<()> {
    match command {
        AuthCommand::Status => status(cx),
        AuthCommand::Login(login) => keep(&login, cx),
        AuthCommand::Logout => forget(cx),
        AuthCommand::List => list(cx),
    }
}

/// Returns the named profile, or else the default one; it need not exist yet.
fn name(
    cx: &Cx,
    default: impl FnOnce() -> Result<Option<String>, ConfigError>,
) -> Result<String, ConfigError> {
    let name = cx.environment.profile(cx.profile());
    let name = name.map_or_else(default, |name| Ok(Some(name)))?.unwrap_or(UNNAMED.to_owned());
    check_name(&name).map_err(ConfigError::Name)?;
    Ok(name)
}

fn keep(login: &Login, cx: &Cx) -> anyhow::Result<()> {
    let settings = Settings::read(cx.environment.store.as_ref())?;
    settings.ensure_valid()?;
    let name = name(cx, || settings.default_profile_name())?;
    let credentials = settings.credentials.as_ref().ok_or(ConfigError::Homeless)?;
    if let Some(known) = settings.twin(&name) {
        bail!(ConfigError::Twin { name, known });
    }
    let names = settings.names();
    let text = password_prompt::ask(&format!("Token of profile {name} (it is not shown): "))?;
    let secret = SecretText::new(&text);
    let token = parse_token(&Source::Stdin, &secret)?;
    let cut = |why| ConfigError::Token { source_name: Source::Stdin.to_string(), why };
    token.check_length().map_err(cut)?;
    let base = given_base(cx.connection.base_url.as_deref(), &cx.environment);
    let own = settings.profile(&name).ok();
    let (target, _) = target(token.clone(), base.as_ref(), own.as_ref(), Some(&name))?;
    let tried = if login.no_check { Ok(None) } else { tried(&target).map(Some) };
    let (limits, failure) = match tried {
        Ok(limits) => (limits, None),
        Err(error) if code(&error) == ACCESS => return Err(error),
        // A token is shown only once, in the web app, so it is saved even if it could not be tested.
        Err(error) => (None, Some(error)),
    };
    credentials
        .keep(&name, &secret)
        .with_context(|| format!("could not save the token of profile {name}"))?;
    let plan = limits.as_ref().map(plan_in_words).unwrap_or_default();
    print(&format!(
        "Saved the token {} of profile {name} for {}.\n{plan}Next: valora --profile {name}\n",
        token.masked(),
        &target.base
    ))?;
    if cx.connection.base_url.is_some() {
        note_server(&settings, &name, &target);
    }
    if own.is_some_and(|own| matches!(own.source, Source::Command(_))) {
        warn(&format!("profile {name} has a token_command, which overrides the saved token"));
    }
    let is_usual_named = settings.document.values.default_profile.is_some();
    if !names.is_empty() && !names.contains(&name) && !is_usual_named {
        warn("there are several profiles now; set default_profile in the settings to choose one");
    }
    if cx.environment.token.is_some() {
        warn("VALORA_TOKEN is set and overrides every profile");
    }
    let not_tried = "the token was saved, but could not be tested";
    failure.map_or(Ok(()), |error| Err(error.context(not_tried)))
}

fn note_server(settings: &Settings, name: &str, target: &Target) {
    match save_base_url(settings, name, &target.base) {
        Ok(SavedBaseUrl::Known) => {}
        Ok(SavedBaseUrl::Added(path)) => {
            warn(&format!("saved its server in {}", path.display()));
        }
        Ok(SavedBaseUrl::ByHand(lines)) => warn(&format!(
            "profile {name} already has a table in the settings (valora config path); add its \
             server there:\n{lines}"
        )),
        Err(why) => warn(&format!("could not save its server in the settings: {why}")),
    }
}

fn tried(target: &Target) -> anyhow::Result<Limits> {
    Oneshot::new(target.clone())?.limits()
}

fn status(cx: &Cx) -> anyhow::Result<()> {
    let found = cx.find()?;
    found.warnings.iter().chain(&found.token_warning).for_each(|warning| warn(warning));
    let target = &found.target;
    print(&format!(
        "profile      {}\ntoken        {}\nfrom         {}\nenvironment  {}\n\
         server       {} (from {})\n",
        found.profile.as_deref().unwrap_or("none"),
        target.token.masked(),
        found.source,
        found.session.environment,
        &target.base,
        found.base_source
    ))?;
    print(&plan_in_words(&tried(target)?))
}

fn plan_in_words(limits: &Limits) -> String {
    let plan = limits.plan.as_ref().map_or("unnamed".into(), |plan| plan.shown());
    let mut out = format!("{:<12} {plan}\n", "plan");
    for window in &limits.windows {
        let resets = seconds_in_words(window.resets_in_seconds);
        let (name, left, of) = (window.name.shown(), window.remaining, window.limit);
        let _ = writeln!(out, "{name:<12} {left} of {of} requests left, resets in {resets}");
    }
    out
}

fn forget(cx: &Cx) -> anyhow::Result<()> {
    let store = cx.environment.store.as_ref().ok_or(ConfigError::Homeless)?;
    // The token of a named profile can be deleted even if the settings have errors.
    let name = name(cx, || Settings::read(Some(store))?.default_profile_name())?;
    let was_kept = Credentials::of(store).forget(&name);
    if !was_kept.with_context(|| format!("could not delete the token of profile {name}"))? {
        let text = format!("no token is saved for profile {name}; see valora auth list");
        bail!(Exit(MISSING, text));
    }
    print(&format!(
        "Deleted the token of profile {name}. The server still accepts it: revoke it there.\n"
    ))
}

fn list(cx: &Cx) -> anyhow::Result<()> {
    let settings = Settings::read(cx.environment.store.as_ref())?;
    settings.ensure_valid()?;
    let names = settings.names();
    if names.is_empty() {
        warn("there are no profiles yet; create one: valora auth login --profile NAME");
        return Ok(());
    }
    let usual = settings.default_profile_name().ok().flatten();
    let width = names.iter().map(String::len).max().unwrap_or(0).max("PROFILE".len());
    let mut out = format!("  {:<width$}  {:<10}  FROM\n", "PROFILE", "TOKEN");
    for name in &names {
        let source = settings.profile(name)?.source;
        let mark = if usual.as_ref() == Some(name) { '*' } else { ' ' };
        let token = match source {
            Source::Command(_) => Ok("-".to_owned()),
            _ => read_token(&source, Interactivity::Background, io::empty()).map(|it| it.masked()),
        };
        let (masked, from) = match token {
            Ok(masked) => (masked, source.to_string()),
            Err(error) => ("-".to_owned(), error.to_string()),
        };
        let _ = writeln!(out, "{mark} {name:<width$}  {masked:<10}  {from}");
    }
    print(&out)
}
