//! The check of the terminal's clipboard.

use super::{Finding, State};
use crate::cli::settings::{clipboard, variable};
use crate::tui::theme::Clipboard;

/// Terminals do not report OSC 52 support; this names what may prevent copying.
pub(super) fn found(is_terminal: bool) -> Finding {
    if is_terminal && clipboard() == Clipboard::Missing {
        let advice = "use another terminal, or export to a file";
        return Finding::of("clipboard", "this terminal cannot copy (OSC 52)", advice);
    }
    let (way, advice) = match (variable("TMUX"), variable("STY")) {
        (Some(_), _) => {
            (" through tmux", "if nothing is copied, run: tmux set -g set-clipboard on")
        }
        (None, Some(_)) => (" through screen", ""),
        (None, None) => ("", ""),
    };
    let from = if variable("SSH_CONNECTION").is_some() { ", over SSH" } else { "" };
    let says = format!("copies by OSC 52{way}{from}; the terminal must allow it");
    Finding::new(State::Well, "clipboard", says, advice)
}
