//! The loop: take a message, drain what is queued, hand the effects on, draw once if anything changed.

use std::io;
use std::time::Duration;

use ratatui::backend::{Backend, ClearType};
use ratatui::{Frame, Terminal};
use tokio::sync::mpsc;

use crate::state::writer::StateWriter;
use crate::tui::effect::Effect;
use crate::tui::msg::{Msg, Now};
use crate::tui::stack::Tui;
use crate::tui::terminal::job::JobControl;
use crate::tui::terminal::screen::{drawn, whole_letters};
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
    /// Keys, answers, the state of the network.
    pub messages: mpsc::Receiver<Msg>,
    pub effects: mpsc::UnboundedSender<Effect>,
    /// Keeps what is kept between sessions, if anything is.
    pub writer: Option<StateWriter>,
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
            let Some(first) = self.next().await else { break };
            is_running = self.take(first)?;
            for _ in 0..DRAINED {
                let Ok(msg) = self.messages.try_recv() else { break };
                is_running &= self.take(msg)?;
            }
            if is_running && self.tui.cx.is_dirty {
                self.draw()?;
            }
        }
        Ok(())
    }

    /// The next message; `Woken` when the screen changes by itself before one comes.
    async fn next(&mut self) -> Option<Msg> {
        let Some(at) = wake_at(&self.tui) else { return self.messages.recv().await };
        let wait = at.saturating_sub((self.clock)().elapsed);
        let received =
            tokio::time::timeout(Duration::from_millis(wait), self.messages.recv()).await;
        received.unwrap_or(Some(Msg::Woken))
    }

    fn take(&mut self, msg: Msg) -> io::Result<bool> {
        let was_dirty = self.tui.cx.is_dirty;
        let effects = update(&mut self.tui, (self.clock)(), msg);
        self.tui.cx.is_dirty |= was_dirty;
        self.perform(effects)
    }

    /// Hands the effects on; gives whether the program goes on.
    fn perform(&mut self, effects: Vec<Effect>) -> io::Result<bool> {
        for effect in effects {
            match effect {
                Effect::Quit => return Ok(false),
                Effect::Suspend => {
                    (self.job.stop)()?;
                    self.come_back()?;
                }
                Effect::Retake => self.come_back()?,
                Effect::Redraw => self.forget_screen()?,
                Effect::Keep(change) => {
                    if let Some(writer) = &self.writer {
                        writer.write(change);
                    }
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
                fetch => {
                    if self.effects.send(fetch).is_err() {
                        return Err(io::Error::other("the worker ended before the screen"));
                    }
                }
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
