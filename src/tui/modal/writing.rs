//! The plan of a write: shown, confirmed by a text that is typed, followed until its outcome.

mod draw;
pub mod lines;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use tui_input::Input;

use super::prompt::{Prompt, PromptAction};
use super::{Modal, Stay};
use crate::domain::date::seconds_in_words;
use crate::payments::write::Write;
use crate::tui::cx::{Cx, Next};
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Scope, Step, Way};
use crate::tui::layout::SMALLEST;
use crate::tui::msg::Now;
use crate::tui::theme::Theme;
use crate::tui::typing::LONGEST_LINE;
use crate::tui::writes::{Ended, UnderWay, WriteCommand};
use crate::writes::outcome::{Outcome, Progress, Verdict};
use crate::writes::plan::{Answer, ConfirmError, NotPlanned, Plan};

pub const CHANGED: &str = "Changed since you looked, so nothing was sent. Check the plan and confirm \
                           it again.";
pub const PASTED: &str = "Type the text, not too fast: a paste is not accepted here.";
const UNREAD: &str = "Read the plan to its end first: {plan-down} scrolls.";

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
    /// Why the last confirmation had no effect, above the plan.
    pub refusal: Vec<String>,
    /// Milliseconds since the start until which the server asks to wait.
    pub wait_until: u64,
    /// What is wrong with the fields, until the next edit.
    pub problem: Option<String>,
}

impl Asking {
    fn new(plan: Plan, before: Option<Plan>, refusal: Vec<String>) -> Box<Self> {
        Box::new(Self { plan, before, refusal, wait_until: 0, problem: None })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    Note,
    Confirmation,
}

#[derive(Debug)]
pub struct Writing {
    pub write: Write,
    /// The object; empty until it is known.
    pub about: String,
    pub stage: Stage,
    pub note: Input,
    pub typed: Input,
    pub focus: Focus,
    /// The first line that is shown.
    pub top: usize,
    /// The last line of this stage was shown.
    is_read: bool,
}

impl Writing {
    fn new(write: Write, stage: Stage) -> Self {
        let (note, typed) = (Input::default(), Input::default());
        let about = String::new();
        Self { write, about, stage, note, typed, focus: Focus::Note, top: 0, is_read: false }
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

    /// The window of an outcome that no window has shown yet.
    pub fn of_ended(ended: Ended) -> Self {
        let mut window = Self::new(ended.outcome.write.clone(), Stage::UnderWay);
        window.ended(ended);
        window
    }

    pub fn awaits(&self, number: u64) -> bool {
        matches!(self.stage, Stage::Planning(own, _) if own == number)
    }

    pub fn is_under_way(&self) -> bool {
        matches!(self.stage, Stage::UnderWay)
    }

    fn turn_to(&mut self, stage: Stage) {
        (self.stage, self.top, self.is_read) = (stage, 0, false);
        // A text confirms once.
        self.typed.reset();
    }

    pub fn prepared(&mut self, plan: Result<Box<Plan>, NotPlanned>) {
        self.turn_to(match plan {
            Ok(plan) => Stage::Asking(Asking::new(*plan, None, Vec::new())),
            Err(why) => Stage::NotPlanned(why.to_string()),
        });
    }

    /// The outcome of its write. The plan stays if it may be confirmed again.
    pub fn ended(&mut self, Ended { about, outcome, at, confirmed }: Ended) {
        self.about = about;
        let Some((before, note)) = confirmed else {
            return self.turn_to(Stage::Ended(Box::new(outcome), at));
        };
        self.note = Input::new(note);
        self.focus = Focus::Confirmation;
        self.turn_to(match outcome {
            Outcome { verdict: Verdict::Changed, plan: Some(plan), .. } => {
                Stage::Asking(Asking::new(*plan, Some(*before), vec![CHANGED.to_owned()]))
            }
            outcome if may_be_sent_again(&outcome) => {
                let mut asking = Asking::new(*before, None, lines::refusal(&outcome));
                asking.wait_until = at.elapsed + 1_000 * outcome.wait.unwrap_or(0);
                Stage::Asking(asking)
            }
            outcome => Stage::Ended(Box::new(outcome), at),
        });
    }

    /// Notes whether the last line is shown now.
    pub fn look(&mut self, cx: &Cx) {
        let (lines, height) = draw::room(self, cx);
        self.is_read |= self.top + height >= lines;
    }

    fn scroll(&mut self, step: Step, cx: &Cx) {
        let (lines, height) = draw::room(self, cx);
        // The last line of the window may say how many follow.
        let page = height.saturating_sub(1).max(1);
        let last = lines.saturating_sub(height);
        self.top = match step.way() {
            Way::Forward => (self.top.min(last) + page).min(last),
            Way::Back => self.top.min(last).saturating_sub(page),
        };
        self.look(cx);
    }

    fn submit(&mut self, cx: &mut Cx) -> Stay {
        let (width, height) = SMALLEST;
        if cx.size.0 < width || cx.size.1 < height {
            // Nothing of the plan is shown.
            return Stay::Open;
        }
        if self.focus == Focus::Note {
            self.leave_note();
            return Stay::Open;
        }
        let is_read = self.is_read;
        let Stage::Asking(asking) = &mut self.stage else { return Stay::Open };
        let shortest = asking.plan.shortest_note();
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
        asking.problem = why_not_yet(asking, is_read, cx);
        if asking.problem.is_some() {
            return Stay::Open;
        }
        if !cx.writes.is_open(cx.now) {
            self.typed.reset();
            cx.open(Prompt::new(
                String::new(),
                PromptAction::OpenWrites(cx.writes.profile.clone()),
            ));
            return Stay::Open;
        }
        let under_way = UnderWay {
            plan: Box::new(asking.plan.clone()),
            note: self.note.value().to_owned(),
            stage: Progress::Checking,
            stage_since: cx.now,
        };
        cx.writes.under_way = Some(under_way);
        cx.effect(Effect::Write(WriteCommand::CarryOut(Box::new(confirmed))));
        self.turn_to(Stage::UnderWay);
        Stay::Open
    }

    fn leave_note(&mut self) {
        let Stage::Asking(asking) = &mut self.stage else { return };
        let shortest = asking.plan.shortest_note();
        let length = self.note.value().trim().chars().count();
        asking.problem = (length < shortest).then(|| short_note(shortest));
        if asking.problem.is_none() {
            self.focus = Focus::Confirmation;
        }
    }

    fn undo(&self, cx: &mut Cx) -> Stay {
        let Stage::Ended(outcome, _) = &self.stage else { return Stay::Open };
        let Some(undo) = outcome.undo.clone() else { return Stay::Open };
        if !cx.writes.is_open(cx.now) {
            cx.open(Prompt::new(
                String::new(),
                PromptAction::OpenWrites(cx.writes.profile.clone()),
            ));
            return Stay::Open;
        }
        cx.then(Next::Write(undo));
        Stay::Close
    }

    fn field(&mut self) -> &mut Input {
        if self.focus == Focus::Note { &mut self.note } else { &mut self.typed }
    }
}

/// Why a plan with the right text is not carried out now.
fn why_not_yet(asking: &Asking, is_read: bool, cx: &Cx) -> Option<String> {
    let left = asking.wait_until.saturating_sub(cx.now.elapsed).div_ceil(1_000);
    if cx.writes.under_way.is_some() {
        return Some("Another write is under way: wait for its outcome.".to_owned());
    }
    if left > 0 {
        return Some(format!("The server asks to wait: {} left.", seconds_in_words(left)));
    }
    (!is_read).then(|| cx.words(UNREAD))
}

/// Returns `true` if the server did not carry it out, so that the plan and its note stay.
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
                self.scroll(step, cx);
            }
            Action::NextField | Action::PreviousField => {
                self.focus = match self.focus {
                    Focus::Note => Focus::Confirmation,
                    Focus::Confirmation => Focus::Note,
                };
            }
            Action::Submit => return self.submit(cx),
            Action::Undo => return self.undo(cx),
            // Its outcome says whether it was stopped before it was sent.
            _ if self.is_under_way() && cx.stop_write() => {}
            _ => return Stay::Close,
        }
        Stay::Open
    }

    fn input(&mut self) -> Option<(&mut Input, usize)> {
        matches!(self.stage, Stage::Asking(_)).then(|| (self.field(), LONGEST_LINE))
    }

    fn edited(&mut self, _cx: &mut Cx) {
        if let Stage::Asking(asking) = &mut self.stage {
            asking.problem = None;
        }
    }

    fn resized(&mut self, cx: &Cx) {
        self.look(cx);
    }

    fn refuses_paste(&mut self) -> bool {
        let Stage::Asking(asking) = &mut self.stage else { return false };
        let is_refused = self.focus == Focus::Confirmation;
        if is_refused {
            asking.problem = Some(PASTED.to_owned());
            self.typed.reset();
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
