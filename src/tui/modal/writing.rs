//! The plan of a write: shown, confirmed by a text that is typed, followed until its outcome.

mod draw;
pub mod lines;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use tui_input::Input;

use super::prompt::{Prompt, PromptAction};
use super::{Modal, Stay};
use crate::payments::write::Write;
use crate::tui::component::scroll::Scroll;
use crate::tui::cx::{Cx, Next};
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Scope};
use crate::tui::msg::Now;
use crate::tui::theme::Theme;
use crate::tui::typing::LONGEST_LINE;
use crate::tui::writes::{UnderWay, WriteCommand};
use crate::writes::outcome::{Outcome, Progress, Verdict};
use crate::writes::plan::{Answer, ConfirmError, NotPlanned, Plan};

pub const CHANGED: &str = "Changed since you looked, so nothing was sent. Check the plan and confirm \
                           it again.";
pub const PASTED: &str = "Type the text: a paste is not accepted here.";
const LOCKED: &str = "Writes are locked again. Type the name of the profile to unlock them.";

/// What is shown.
#[derive(Debug)]
pub enum Stage {
    /// The object is read, since then, for the plan with this number.
    Planning(u64, Now),
    /// Why there is no plan.
    NotPlanned(String),
    Asking(Box<Asking>),
    /// The write of [`crate::tui::writes::Writes::under_way`].
    UnderWay,
    /// With the time of the news.
    Ended(Box<Outcome>, Now),
}

/// A plan that waits for its note and its confirmation.
#[derive(Debug, Clone)]
pub struct Asking {
    pub plan: Plan,
    /// The plan that was shown before it changed.
    pub before: Option<Plan>,
    pub problem: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    Note,
    Confirmation,
}

#[derive(Debug)]
pub struct Writing {
    pub write: Write,
    pub stage: Stage,
    pub note: Input,
    pub typed: Input,
    pub focus: Focus,
    /// The first line that is shown.
    pub top: usize,
}

impl Writing {
    fn new(write: Write, stage: Stage) -> Self {
        let (note, typed) = (Input::default(), Input::default());
        Self { write, stage, note, typed, focus: Focus::Note, top: 0 }
    }

    /// Waits for the plan with this number.
    pub fn awaiting(number: u64, write: Write, now: Now) -> Self {
        Self::new(write, Stage::Planning(number, now))
    }

    /// The window of the write that is under way.
    pub fn of(under_way: &UnderWay) -> Self {
        let note = Input::new(under_way.note.clone());
        Self { note, ..Self::new(under_way.plan.write.clone(), Stage::UnderWay) }
    }

    pub fn awaits(&self, number: u64) -> bool {
        matches!(self.stage, Stage::Planning(own, _) if own == number)
    }

    pub fn is_under_way(&self) -> bool {
        matches!(self.stage, Stage::UnderWay)
    }

    pub fn prepared(&mut self, plan: Result<Box<Plan>, NotPlanned>) {
        self.top = 0;
        self.stage = match plan {
            Ok(plan) => {
                Stage::Asking(Box::new(Asking { plan: *plan, before: None, problem: None }))
            }
            Err(why) => Stage::NotPlanned(why.to_string()),
        };
    }

    /// The outcome of its write; `before` is the plan that was confirmed.
    pub fn ended(&mut self, outcome: Outcome, before: &Plan, now: Now) {
        self.top = 0;
        let ask = |plan: Plan, before: Option<Plan>, problem: String| {
            Stage::Asking(Box::new(Asking { plan, before, problem: Some(problem) }))
        };
        self.stage = match outcome {
            Outcome { verdict: Verdict::Changed, plan: Some(plan), .. } => {
                self.typed.reset();
                self.focus = Focus::Confirmation;
                ask(*plan, Some(before.clone()), CHANGED.to_owned())
            }
            outcome if may_be_sent_again(&outcome) => {
                // The rate limit ends the confirmation.
                if outcome.status == Some(429) {
                    self.typed.reset();
                }
                self.focus = Focus::Confirmation;
                ask(before.clone(), None, lines::refusal(&outcome))
            }
            outcome => Stage::Ended(Box::new(outcome), now),
        };
    }

    fn submit(&mut self, cx: &mut Cx) -> Stay {
        let Stage::Asking(asking) = &mut self.stage else { return Stay::Open };
        let shortest = asking.plan.shortest_note();
        if self.focus == Focus::Note {
            let length = self.note.value().trim().chars().count();
            asking.problem = (length < shortest).then(|| short_note(shortest));
            if asking.problem.is_none() {
                self.focus = Focus::Confirmation;
            }
            return Stay::Open;
        }
        let answer = Answer::Typed(self.typed.value().to_owned());
        let confirmed = match asking.plan.confirm(&answer, self.note.value()) {
            Ok(confirmed) => confirmed,
            Err(error) => {
                if error != ConfirmError::Typed {
                    self.focus = Focus::Note;
                }
                asking.problem = Some(match error {
                    ConfirmError::Typed => lines::to_type(&asking.plan),
                    ConfirmError::NoNote | ConfirmError::ShortNote => short_note(shortest),
                    ConfirmError::Note => error.to_string(),
                });
                return Stay::Open;
            }
        };
        if !cx.writes.is_open(cx.now) {
            asking.problem = Some(LOCKED.to_owned());
            cx.open(Prompt::new(String::new(), PromptAction::OpenWrites));
            return Stay::Open;
        }
        if cx.writes.under_way.is_some() {
            asking.problem = Some("Another write is under way: wait for its outcome.".to_owned());
            return Stay::Open;
        }
        let under_way = UnderWay {
            plan: Box::new(asking.plan.clone()),
            note: self.note.value().to_owned(),
            stage: Progress::Checking,
            stage_since: cx.now,
            since: cx.now,
        };
        cx.writes.extend(cx.now);
        cx.writes.under_way = Some(under_way);
        cx.effect(Effect::Write(WriteCommand::CarryOut(Box::new(confirmed))));
        (self.stage, self.top) = (Stage::UnderWay, 0);
        Stay::Open
    }

    fn undo(&self, cx: &mut Cx) -> Stay {
        let Stage::Ended(outcome, _) = &self.stage else { return Stay::Open };
        let Some(undo) = outcome.undo.clone() else { return Stay::Open };
        if !cx.writes.is_open(cx.now) {
            cx.open(Prompt::new(String::new(), PromptAction::OpenWrites));
            return Stay::Open;
        }
        cx.then(Next::Write(undo));
        Stay::Close
    }

    fn field(&mut self) -> &mut Input {
        if self.focus == Focus::Note { &mut self.note } else { &mut self.typed }
    }
}

/// Returns `true` if the server did not carry it out, so that the plan stays as it was typed.
fn may_be_sent_again(outcome: &Outcome) -> bool {
    match outcome.verdict {
        Verdict::NotSent | Verdict::NotLogged => true,
        Verdict::Refused => matches!(outcome.status, Some(401 | 422 | 429)),
        _ => false,
    }
}

fn short_note(shortest: usize) -> String {
    match shortest {
        1 => "Write a note first: it is saved in your audit log.".to_owned(),
        least => format!("Because of the warning, the note needs {least} characters or more."),
    }
}

impl Modal for Writing {
    fn scope(&self) -> Scope {
        match self.stage {
            Stage::Asking(_) => Scope::Writing,
            _ => Scope::Written,
        }
    }

    fn act(&mut self, action: Action, _key: KeyEvent, cx: &mut Cx) -> Stay {
        match action {
            Action::Move(step) => {
                let (lines, height) = draw::room(self, cx);
                Scroll::step_window(&mut self.top, step, lines, height.max(1));
            }
            Action::NextField | Action::PreviousField => {
                self.focus = match self.focus {
                    Focus::Note => Focus::Confirmation,
                    Focus::Confirmation => Focus::Note,
                };
            }
            Action::Submit => return self.submit(cx),
            Action::Undo => return self.undo(cx),
            _ => return Stay::Close,
        }
        Stay::Open
    }

    fn input(&mut self) -> Option<(&mut Input, usize)> {
        matches!(self.stage, Stage::Asking(_)).then(|| (self.field(), LONGEST_LINE))
    }

    fn edited(&mut self, _cx: &mut Cx) {
        if let Stage::Asking(asking) = &mut self.stage
            && asking.before.is_none()
        {
            asking.problem = None;
        }
    }

    fn refuses_paste(&mut self) -> bool {
        let is_refused = self.focus == Focus::Confirmation;
        if let Stage::Asking(asking) = &mut self.stage
            && is_refused
        {
            asking.problem = Some(PASTED.to_owned());
        }
        is_refused
    }

    fn follows_wheel(&self) -> bool {
        false
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        draw::draw(self, cx, theme, frame);
    }
}

#[cfg(test)]
pub(in crate::tui) mod tests;
