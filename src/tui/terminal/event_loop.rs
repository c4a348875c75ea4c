//! The event loop: handles queued messages, performs their effects, then draws once if needed.

use std::io;
use std::time::Duration;

use ratatui::backend::{Backend, ClearType};
use ratatui::{Frame, Terminal};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::hub::Hub;
use crate::net::response::NetEvent;
use crate::net::router::Router;
use crate::tui::effect::Effect;
use crate::tui::landing::Destination;
use crate::tui::msg::{Msg, Now};
use crate::tui::stack::Tui;
use crate::tui::terminal::background::Background;
use crate::tui::terminal::screen::blank_split_wide_cells;
use crate::tui::terminal::session::TerminalControl;
use crate::tui::terminal::writer::Writer;
use crate::tui::theme::Theme;
use crate::tui::update::{start, update, wake_at};
use crate::tui::view::view;

/// Messages handled before the screen is drawn again.
const DRAINED: usize = 256;

/// Generic over the terminal, so that tests run the same loop.
#[derive(Debug)]
pub struct EventLoop<B: Backend, C> {
    pub terminal: Terminal<B>,
    pub tui: Tui,
    pub clock: C,
    pub messages: mpsc::Receiver<Msg>,
    pub network: Router,
    pub background: Background,
    pub control: TerminalControl,
    /// Reads the settings and tokens of other customers; `None` in the demo.
    pub switch: Option<mpsc::UnboundedSender<Destination>>,
    /// Loads the figures of all customers. Its news wait while one of them is shown.
    pub hub: Option<Hub>,
    pub writes: Writer,
}

impl<B, C> EventLoop<B, C>
where
    B: Backend,
    B::Error: Send + Sync + 'static,
    C: Fn() -> Now,
{
    /// Can be dropped while it waits, and run again with another [`Tui`].
    pub async fn run(&mut self) -> io::Result<()> {
        let effects = start(&mut self.tui);
        self.take_mouse()?;
        self.draw()?;
        if self.tui.cx.looks.follows_background {
            (self.control.ask_background)()?;
        }
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

    /// The next message, or `Woken` if the screen must change before one is received.
    async fn next(&mut self) -> io::Result<Option<Msg>> {
        let wake = wake_at(&self.tui).map(|at| at.saturating_sub((self.clock)().elapsed));
        let hub = self.hub.as_mut().filter(|_| self.tui.cx.is_overview());
        let received = async {
            tokio::select! {
                biased;
                msg = self.messages.recv() => Ok(msg),
                Some(msg) = self.background.reported.recv() => Ok(Some(msg)),
                news = self.writes.next() => Ok(Some(Msg::Writes(news))),
                Some(event) = async { hub?.next().await } => Ok(Some(Msg::Hub(event))),
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
        match self.messages.try_recv().ok().or_else(|| self.background.reported.try_recv().ok()) {
            Some(msg) => Ok(Some(msg)),
            None => match self.writes.try_next() {
                Some(news) => Ok(Some(Msg::Writes(news))),
                None => self.try_next_of_network(),
            },
        }
    }

    fn try_next_of_network(&mut self) -> io::Result<Option<Msg>> {
        match self.hub.as_mut().filter(|_| self.tui.cx.is_overview()) {
            Some(hub) => Ok(hub.try_next().map(Msg::Hub)),
            None => self.network.try_next().map(message).transpose(),
        }
    }

    fn take(&mut self, msg: Msg) -> io::Result<bool> {
        let was_dirty = self.tui.cx.is_dirty;
        let effects = update(&mut self.tui, (self.clock)(), msg);
        self.tui.cx.is_dirty |= was_dirty;
        self.perform(effects)
    }

    /// Returns `false` if the program ends.
    fn perform(&mut self, effects: Vec<Effect>) -> io::Result<bool> {
        for effect in effects {
            match effect {
                Effect::Network(command) => {
                    self.network.send(command).map_err(io::Error::other)?;
                }
                Effect::Quit => return Ok(false),
                Effect::HangUp => return Err(hung_up()),
                Effect::Suspend => {
                    (self.control.suspend)()?;
                    self.come_back()?;
                }
                Effect::Retake => self.come_back()?,
                Effect::Redraw => self.forget_screen()?,
                Effect::Keep(change) => self.background.keep(change),
                Effect::Open(link) => self.background.open(link),
                Effect::Arrange(tab, job) => self.background.arrange(tab, job),
                Effect::Save(path, content, what) => {
                    self.background
                        .save(path, what, move |out| out.write_all(&content).map(|()| 0));
                }
                Effect::SaveRows(path, extract, what) => {
                    self.background.save(path, what, move |mut out| extract.write(&mut out));
                }
                Effect::Go(destination) => {
                    let _sent = self.switch.as_ref().map(|switch| switch.send(destination));
                }
                Effect::Hub(command) => {
                    if let Some(hub) = &mut self.hub {
                        hub.run(command);
                    }
                }
                Effect::Write(command) => self.writes.run(command),
                Effect::Mouse(is_on) => (self.control.mouse)(is_on)?,
                Effect::Copy(text) => {
                    if let Err(error) = (self.control.copy)(&text) {
                        self.take(Msg::Notice(format!("Not copied: {error}")))?;
                    }
                }
            }
        }
        Ok(true)
    }

    /// Takes the terminal again. Its size may have changed: a stopped program gets no signal for
    /// that.
    fn come_back(&mut self) -> io::Result<()> {
        (self.control.retake)()?;
        self.take_mouse()?;
        if let Ok(size) = self.terminal.size() {
            self.take(Msg::Resized(size.width, size.height))?;
        }
        self.forget_screen()
    }

    fn take_mouse(&self) -> io::Result<()> {
        if self.tui.cx.looks.has_mouse { (self.control.mouse)(true) } else { Ok(()) }
    }

    /// Instead of `Terminal::clear`, which waits two seconds for a reply that may never arrive.
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
            blank_split_wide_cells(frame.buffer_mut());
        };
        self.terminal.draw(draw).map_err(io::Error::other)?;
        self.tui.cx.is_dirty = false;
        Ok(())
    }
}

/// The error for a terminal that is gone. The watchdog usually notices first and ends the program.
pub fn hung_up() -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, "the terminal was closed")
}

/// Fails when there is no network at all.
pub fn message(event: NetEvent) -> io::Result<Msg> {
    match event {
        NetEvent::Response(ticket, response) => Ok(Msg::Answered(ticket, response)),
        NetEvent::State(state) => Ok(Msg::Network(state)),
        NetEvent::Unusable(error) => Err(io::Error::other(error)),
    }
}

#[cfg(test)]
mod tests;
