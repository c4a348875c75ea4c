//! The loop: take a message, drain what is queued, hand the effects on, draw once if anything changed.

use std::io;
use std::time::Duration;

use ratatui::backend::{Backend, ClearType};
use ratatui::{Frame, Terminal};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::net::channel::{NetCommand, NetEvent};
use crate::net::router::Router;
use crate::tui::effect::Effect;
use crate::tui::msg::{Msg, Now};
use crate::tui::stack::Tui;
use crate::tui::terminal::background::Background;
use crate::tui::terminal::screen::{drawn, whole_letters};
use crate::tui::terminal::suspend::JobControl;
use crate::tui::theme::Theme;
use crate::tui::update::{start, update, wake_at};
use crate::tui::view::view;

/// Messages taken before the screen is drawn again, however many are queued.
const DRAINED: usize = 256;

/// A running screen. Generic over the terminal, so that tests run the same loop.
#[derive(Debug)]
pub struct EventLoop<B: Backend, C> {
    pub terminal: Terminal<B>,
    pub tui: Tui,
    pub clock: C,
    /// Keys, signals, profiles that were looked for.
    pub messages: mpsc::Receiver<Msg>,
    pub network: Router,
    pub background: Background,
    /// Gives a text to the terminal's clipboard.
    pub copy: fn(&str) -> io::Result<()>,
    /// Listens to the mouse, or leaves it to the terminal.
    pub mouse: fn(bool) -> io::Result<()>,
    /// Takes the names of the profiles that are to be shown instead, if there can be any.
    pub switch: Option<mpsc::UnboundedSender<String>>,
    pub job: JobControl,
}

impl<B, C> EventLoop<B, C>
where
    B: Backend,
    B::Error: Send + Sync + 'static,
    C: Fn() -> Now,
{
    /// Runs until the user quits or the terminal is gone. Where it waits it may be dropped, and be
    /// run again with another model.
    pub async fn run(&mut self) -> io::Result<()> {
        let effects = start(&mut self.tui);
        if self.tui.cx.looks.has_mouse {
            (self.mouse)(true)?;
        }
        self.draw()?;
        let mut is_running = self.perform(effects)?;
        while is_running {
            let Some(first) = self.next().await? else { break };
            is_running = self.take(first)?;
            for _ in 0..DRAINED {
                let Some(msg) = self.try_next()? else { break };
                is_running &= self.take(msg)?;
            }
            if is_running && self.tui.cx.is_dirty {
                self.draw()?;
            }
        }
        Ok(())
    }

    /// The next message; `Woken` when the screen changes by itself before one comes.
    async fn next(&mut self) -> io::Result<Option<Msg>> {
        let wake = wake_at(&self.tui).map(|at| at.saturating_sub((self.clock)().elapsed));
        let received = async {
            tokio::select! {
                biased;
                msg = self.messages.recv() => Ok(msg),
                Some(msg) = self.background.next() => Ok(Some(msg)),
                Some(event) = self.network.next() => message(event).map(Some),
            }
        };
        match wake {
            None => received.await,
            Some(wait) => {
                let received = timeout(Duration::from_millis(wait), received).await;
                received.unwrap_or(Ok(Some(Msg::Woken)))
            }
        }
    }

    fn try_next(&mut self) -> io::Result<Option<Msg>> {
        match self.messages.try_recv().ok().or_else(|| self.background.try_next()) {
            None => self.network.try_next().map(message).transpose(),
            msg => Ok(msg),
        }
    }

    fn take(&mut self, msg: Msg) -> io::Result<bool> {
        let was_dirty = self.tui.cx.is_dirty;
        let effects = update(&mut self.tui, (self.clock)(), msg);
        self.tui.cx.is_dirty |= was_dirty;
        self.perform(effects)
    }

    /// Hands the effects on; returns `true` if the program goes on.
    fn perform(&mut self, effects: Vec<Effect>) -> io::Result<bool> {
        for effect in effects {
            let effect = match network_command(effect) {
                Ok(command) => {
                    self.network.send(command).map_err(io::Error::other)?;
                    continue;
                }
                Err(effect) => effect,
            };
            match effect {
                Effect::Quit => return Ok(false),
                Effect::Suspend => {
                    (self.job.stop)()?;
                    self.come_back()?;
                }
                Effect::Retake => self.come_back()?,
                Effect::Redraw => self.forget_screen()?,
                Effect::Keep(change) => self.background.keep(change),
                Effect::Open(link) => self.background.open(link),
                Effect::Arrange(tab, job) => self.background.arrange(tab, job),
                Effect::Save(path, text) => {
                    self.background.save(path, move |out| out.write_all(text.as_bytes()));
                }
                Effect::SaveRows(path, rows) => {
                    self.background.save(path, move |mut out| rows.write(&mut out));
                }
                Effect::Switch(name) => {
                    if let Some(switch) = &self.switch {
                        // Whoever takes it ends with the program.
                        let _ = switch.send(name);
                    }
                }
                Effect::Mouse(is_wanted) => (self.mouse)(is_wanted)?,
                Effect::Copy(text) => {
                    if let Err(error) = (self.copy)(&text) {
                        self.tui.cx.notice = Some(format!("Not copied: {error}"));
                    }
                }
                Effect::Fetch(..) | Effect::Promote(_) | Effect::Cancel(_) | Effect::RetryCredential => {}
            }
        }
        Ok(true)
    }

    /// Takes the terminal after a stop. It may have another size: a program that is stopped is not
    /// told.
    fn come_back(&mut self) -> io::Result<()> {
        (self.job.retake)()?;
        if self.tui.cx.looks.has_mouse {
            (self.mouse)(true)?;
        }
        if let Ok(size) = self.terminal.size() {
            let (width, height) = drawn((size.width, size.height));
            self.take(Msg::Resized(width, height))?;
        }
        self.forget_screen()
    }

    /// Makes the next frame a whole one. `Terminal::clear` would ask the terminal where its cursor
    /// is and wait two seconds for an answer that may never come.
    fn forget_screen(&mut self) -> io::Result<()> {
        self.terminal.backend_mut().clear_region(ClearType::All).map_err(io::Error::other)?;
        self.terminal.swap_buffers();
        self.tui.cx.is_dirty = true;
        Ok(())
    }

    fn draw(&mut self) -> io::Result<()> {
        let (tui, theme) = (&self.tui, &Theme::of(self.tui.cx.looks.theme));
        let draw = |frame: &mut Frame<'_>| {
            view(tui, theme, frame);
            whole_letters(frame.buffer_mut());
        };
        self.terminal.draw(draw).map_err(io::Error::other)?;
        self.tui.cx.is_dirty = false;
        Ok(())
    }
}

/// What an effect asks of the network, or the effect itself if that is nothing.
pub fn network_command(effect: Effect) -> Result<NetCommand, Effect> {
    Ok(match effect {
        Effect::Fetch(ticket, priority, request) => NetCommand::Send(ticket, priority, request),
        Effect::Promote(ticket) => NetCommand::Promote(ticket),
        Effect::Cancel(ticket) => NetCommand::Cancel(ticket),
        Effect::RetryCredential => NetCommand::RetryCredential,
        other => return Err(other),
    })
}

/// What an event of the network is to the screen.
///
/// # Errors
/// When there is no network at all.
pub fn message(event: NetEvent) -> io::Result<Msg> {
    match event {
        NetEvent::Response(ticket, response) => Ok(Msg::Answered(ticket, response)),
        NetEvent::State(state) => Ok(Msg::Network(state)),
        NetEvent::Unusable(error) => Err(io::Error::other(error)),
    }
}

#[cfg(test)]
mod tests;
