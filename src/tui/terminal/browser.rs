//! Opens a link in the user's browser: as one argument, without a shell, with none of valora's own
//! environment. Where there is no screen for a browser, as over SSH, nothing is opened.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// What a browser needs of the environment, besides all names that begin as in [`FAMILIES`]. The
/// token is not among it, nor anything that valora does not know.
const KEPT: [&str; 12] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "TMPDIR",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "DBUS_SESSION_BUS_ADDRESS",
    "DESKTOP_SESSION",
    "BROWSER",
];
const FAMILIES: [&str; 3] = ["LC_", "XDG_", "KDE_"];

/// Set where the user sits at another machine.
const REMOTE: [&str; 3] = ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"];

/// How links are opened; not at all by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opener {
    program: Option<PathBuf>,
    environment: Vec<(OsString, OsString)>,
}

impl Opener {
    pub fn of_process() -> Self {
        Self::under(std::env::vars_os().collect())
    }

    /// That of a process with these variables.
    pub fn under(mut variables: Vec<(OsString, OsString)>) -> Self {
        let has = |name: &str| {
            variables.iter().any(|(known, value)| known == OsStr::new(name) && !value.is_empty())
        };
        let is_remote = REMOTE.into_iter().any(has);
        let is_mac = cfg!(target_os = "macos");
        let has_screen = is_mac || has("DISPLAY") || has("WAYLAND_DISPLAY");
        let name = if is_mac { "open" } else { "xdg-open" };
        let program = (has_screen && !is_remote).then(|| PathBuf::from(name));
        variables.retain(|(name, _)| {
            let name = name.to_string_lossy();
            KEPT.contains(&&*name) || FAMILIES.iter().any(|family| name.starts_with(family))
        });
        Self { program, environment: variables }
    }

    /// Opens a link that has passed the rules for links; `None` where there is nothing to open it
    /// with. Gives the program that was started.
    pub fn open(&self, link: &str) -> Option<io::Result<Child>> {
        let mut command = Command::new(self.program.as_ref()?);
        command
            .arg(link)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A group of its own: ctrl-z and the end of valora are nothing to the browser.
            .process_group(0);
        Some(command.spawn())
    }
}

/// Opens a link and waits for the program that does it; gives what to tell the user, if anything.
pub fn opened(opener: &Opener, link: &str) -> Option<String> {
    let instead = "it is in the terminal's clipboard";
    Some(match opener.open(link)?.and_then(|mut child| child.wait()) {
        Ok(status) if status.success() => format!("Opened in the browser: {link}"),
        Ok(status) => format!("Not opened ({status}), {instead}: {link}"),
        Err(error) => format!("Not opened ({error}), {instead}: {link}"),
    })
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
        assert!(Opener::under(variables(&[screen])).program.is_some());
        assert!(Opener::under(variables(&[("WAYLAND_DISPLAY", "wayland-0")])).program.is_some());
        for remote in REMOTE {
            let opener = Opener::under(variables(&[screen, (remote, "10.0.0.1 22")]));
            assert_eq!(opened(&opener, "https://spotahome.com/d"), None);
        }
        if !cfg!(target_os = "macos") {
            let opener = Opener::under(variables(&[("DISPLAY", ""), ("PATH", "/bin")]));
            assert_eq!(opened(&opener, "https://spotahome.com/d"), None);
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
        let opener = Opener { program: Some(script), ..Opener::under(variables(&given)) };
        let link = "https://spotahome.com/d?a=1&b=$(id);`id` 'x' -n";
        let told = opened(&opener, link).unwrap();
        assert!(told.starts_with("Opened in the browser"), "{told}");
        let out = fs::read_to_string(out).unwrap();
        assert!(out.contains("DISPLAY=:0") && !out.contains("canary"), "{out}");
        assert!(out.ends_with(&format!("<{link}>")), "{out}");
        let missing = Opener { program: Some(folder.path().join("none")), ..opener };
        assert!(opened(&missing, link).unwrap().starts_with("Not opened"));
    }
}
