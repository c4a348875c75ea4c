//! Opens links in a browser: as one argument, without a shell, and not without a display, as over
//! SSH. Unlike the crate `open`, it passes on only selected variables.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Environment variables that are passed on, besides those that begin with one of [`FAMILIES`];
/// never the token.
const KEPT: &str = "PATH HOME USER LOGNAME LANG TMPDIR DISPLAY WAYLAND_DISPLAY XAUTHORITY \
                    DBUS_SESSION_BUS_ADDRESS DESKTOP_SESSION BROWSER";
const FAMILIES: [&str; 3] = ["LC_", "XDG_", "KDE_"];

/// Set if the user is connected from another computer.
const REMOTE: [&str; 3] = ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"];

/// By default, it opens nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Browser {
    program: Option<PathBuf>,
    environment: Vec<(OsString, OsString)>,
}

impl Browser {
    pub fn of_process() -> Self {
        Self::under(std::env::vars_os().collect())
    }

    fn under(mut variables: Vec<(OsString, OsString)>) -> Self {
        let has = |name: &str| variables.iter().any(|(known, it)| known == name && !it.is_empty());
        let is_remote = REMOTE.into_iter().any(has);
        let is_mac = cfg!(target_os = "macos");
        let has_screen = is_mac || has("DISPLAY") || has("WAYLAND_DISPLAY");
        let name = if is_mac { "open" } else { "xdg-open" };
        let program = (has_screen && !is_remote).then(|| PathBuf::from(name));
        variables.retain(|(name, _)| {
            let name = name.to_string_lossy();
            KEPT.split(' ').any(|kept| kept == name)
                || FAMILIES.iter().any(|family| name.starts_with(family))
        });
        Self { program, environment: variables }
    }

    /// Waits for the program. Returns a notice; `None` if links cannot be opened here.
    pub fn open(&self, link: &str) -> Option<String> {
        let status = Command::new(self.program.as_ref()?)
            .arg(link)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // In its own process group: neither ctrl-z nor the end of valora stops the browser.
            .process_group(0)
            .status();
        let why = match status {
            Ok(status) if status.success() => {
                return Some(format!("Opened in the browser: {link}"));
            }
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        };
        Some(format!("Not opened ({why}); the link is copied: {link}"))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
        pairs.iter().map(|(name, value)| (name.into(), value.into())).collect()
    }

    #[test]
    fn nothing_is_opened_over_ssh_or_without_a_screen() {
        let screen = ("DISPLAY", ":0");
        assert!(Browser::under(variables(&[screen])).program.is_some());
        assert!(Browser::under(variables(&[("WAYLAND_DISPLAY", "wayland-0")])).program.is_some());
        for remote in REMOTE {
            let browser = Browser::under(variables(&[screen, (remote, "10.0.0.1 22")]));
            assert_eq!(browser.open("https://spotahome.com/d"), None);
        }
        if !cfg!(target_os = "macos") {
            let browser = Browser::under(variables(&[("DISPLAY", ""), ("PATH", "/bin")]));
            assert_eq!(browser.open("https://spotahome.com/d"), None);
        }
    }

    #[test]
    fn the_program_gets_one_argument_and_none_of_valoras_secrets() {
        let folder = tempfile::tempdir().unwrap();
        let (script, out) = (folder.path().join("open"), folder.path().join("out"));
        let text = format!("#!/bin/sh\nenv > {0}\nprintf '<%s>' \"$@\" >> {0}\n", out.display());
        fs::write(&script, text).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let given = [
            ("DISPLAY", ":0"),
            ("PATH", path.as_str()),
            ("VALORA_TOKEN", "vl_canary"),
            ("VALORA_BASE_URL", "https://canary.example"),
            ("AWS_SECRET_ACCESS_KEY", "canary"),
        ];
        let browser = Browser { program: Some(script), ..Browser::under(variables(&given)) };
        let link = "https://spotahome.com/d?a=1&b=$(id);`id` 'x' -n";
        let message = browser.open(link).unwrap();
        assert!(message.starts_with("Opened in the browser"), "{message}");
        let out = fs::read_to_string(out).unwrap();
        assert!(out.contains("DISPLAY=:0") && !out.contains("canary"), "{out}");
        assert!(out.ends_with(&format!("<{link}>")), "{out}");
        let missing = Browser { program: Some(folder.path().join("none")), ..browser };
        assert!(missing.open(link).unwrap().starts_with("Not opened"));
    }
}
