//! The command line with its completions and its history.

mod offers;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line as TextLine;
use ratatui::widgets::{Block, Borders, Clear, Paragraph};
use tui_input::Input;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::pick::{Pick, PickAction};
use super::question::{ConfirmAction, Question};
use super::{Modal, Stay};
use crate::command::views::View;
use crate::command::{
    COMMANDS, Columns, Command, Completion, Context, ListCommand, check_view_name, complete,
    locate, parse,
};
use crate::domain::input::{InputError, Spanned};
use crate::domain::text::sanitize;
use crate::domain::truncate::truncate;
use crate::filter::SeenWords;
use crate::list::Spec;
use crate::payments::subject::Subject;
use crate::state::persisted::Change;
use crate::tui::component::boxed::typed;
use crate::tui::component::fitting::fitting;
use crate::tui::cx::{Cx, Next};
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Scope, Way};
use crate::tui::theme::Theme;
use crate::tui::typing::LONGEST_LINE;

const REMEMBERED: usize = 100;

#[derive(Debug, Default)]
pub struct CommandLine {
    pub input: Input,
    pub problem: Option<InputError>,
    pub offers: Vec<Completion>,
    pub taken: Option<usize>,
    offered_for: Option<(String, usize)>,
    /// Steps back in the history; 0 is the line being typed.
    back: usize,
    /// What was typed before older lines were recalled.
    draft: String,
}

impl CommandLine {
    pub fn open(text: &str, cx: &Cx) -> Self {
        with_context(cx, |context| Self::with(text, context))
    }

    fn with(text: &str, context: &Context<'_>) -> Self {
        let mut line = Self { input: Input::new(text.to_owned()), ..Self::default() };
        line.offer(context);
        line
    }

    fn offer(&mut self, context: &Context<'_>) {
        (self.problem, self.taken) = (None, None);
        self.offers = complete(self.input.value(), self.input.cursor(), context);
        self.offered_for = Some((self.input.value().to_owned(), self.input.cursor()));
    }

    pub fn take_offer(&mut self, way: Way, context: &Context<'_>) {
        let count = self.offers.len();
        if count == 0 {
            return;
        }
        let next = match (self.taken, way) {
            (None, Way::Forward) => 0,
            (None, Way::Back) => count - 1,
            (Some(at), way) => way.turn(at, count),
        };
        let (Some(offer), Some((text, _))) = (self.offers.get(next), &self.offered_for) else {
            return;
        };
        let before = text.chars().take(offer.replace.start);
        let after = text.chars().skip(offer.replace.end);
        let cursor = offer.replace.start + offer.text.chars().count();
        let whole: String = before.chain(offer.text.chars()).chain(after).collect();
        self.input = Input::new(whole).with_cursor(cursor);
        self.taken = Some(next);
        self.problem = None;
        // A single suggestion is accepted at once; what can follow it is offered next.
        if count == 1 {
            self.offer(context);
        }
    }

    /// The newest line of `history` is the last.
    pub fn recall(&mut self, history: &[String], way: Way, context: &Context<'_>) {
        let back = match (way, self.back) {
            (Way::Back, back) => back + 1,
            (Way::Forward, 0) => return,
            (Way::Forward, back) => back - 1,
        };
        if self.back == 0 {
            self.input.value().clone_into(&mut self.draft);
        }
        let line = match back {
            0 => Some(self.draft.clone()),
            back => history.len().checked_sub(back).and_then(|at| history.get(at)).cloned(),
        };
        if let Some(line) = line {
            self.back = back;
            self.input = Input::new(line);
            self.offer(context);
        }
    }

    pub fn read(&mut self, context: &Context<'_>) -> Option<Command> {
        parse(self.input.value(), context).map_err(|problem| self.refuse(problem)).ok()
    }

    fn refuse(&mut self, problem: InputError) {
        let at = problem.span.end.min(self.input.value().chars().count());
        self.input = self.input.clone().with_cursor(at);
        self.problem = Some(problem);
    }
}

fn with_context<T>(cx: &Cx, run: impl FnOnce(&Context<'_>) -> T) -> T {
    let views = cx.kept.all_views();
    let names: Vec<&str> = views.iter().map(|view| view.name.as_str()).collect();
    let shapes: Vec<&'static Spec> = cx.lists.iter().map(|list| list.table.spec()).collect();
    let seen: Vec<&SeenWords> = cx.lists.iter().map(|list| &list.seen_words).collect();
    run(&Context {
        here: Some(cx.list().table.spec()),
        seen_words: Some(&seen),
        shapes: &shapes,
        today: Some(cx.now.local.date()),
        views: &names,
        has_payments: cx.hosts.any(),
        has_writes: cx.writes.are_allowed(),
    })
}

impl Modal for CommandLine {
    fn scope(&self) -> Scope {
        Scope::Command
    }

    fn act(&mut self, action: Action, _key: KeyEvent, cx: &mut Cx) -> Stay {
        match action {
            Action::NextField => with_context(cx, |it| self.take_offer(Way::Forward, it)),
            Action::PreviousField => with_context(cx, |it| self.take_offer(Way::Back, it)),
            Action::Older | Action::Newer => {
                let way = if action == Action::Older { Way::Back } else { Way::Forward };
                with_context(cx, |context| self.recall(&cx.command_history, way, context));
            }
            Action::Submit if !self.input.value().trim().is_empty() => {
                let Some(said) = with_context(cx, |context| self.read(context)) else {
                    return Stay::Open;
                };
                let next = match said {
                    Command::List(list) => match list.query(cx.now.local.date()) {
                        Ok(query) => Next::ShowList(list, query),
                        Err(invalid) => {
                            self.refuse(locate(self.input.value(), &invalid));
                            return Stay::Open;
                        }
                    },
                    other => Next::Run(other),
                };
                // A tax number is never saved.
                if !matches!(next, Next::Run(Command::Show(Subject::Tin(_)))) {
                    remember(&mut cx.command_history, self.input.value().trim());
                }
                let is_awaited = matches!(next, Next::Run(Command::Booking(_) | Command::Show(_)));
                cx.then(next);
                return if is_awaited { Stay::Open } else { Stay::Close };
            }
            _ => return Stay::Close,
        }
        Stay::Open
    }

    fn input(&mut self) -> Option<(&mut Input, usize)> {
        Some((&mut self.input, LONGEST_LINE))
    }

    fn edited(&mut self, cx: &mut Cx) {
        with_context(cx, |context| self.offer(context));
    }

    fn handed_on(&mut self, result: &Result<(), String>) -> bool {
        let Err(why) = result else { return true };
        let whole = Spanned::all(self.input.value());
        self.refuse(whole.error(why.as_str()));
        false
    }

    /// Draws the error or the completions above the status line.
    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        let area = cx.layout.status;
        frame.render_widget(Clear, area);
        typed(&self.input, " : ", theme, frame, area);
        let above = match &self.problem {
            Some(problem) => {
                let cells = |until: usize| {
                    self.input.value().chars().take(until).filter_map(UnicodeWidthChar::width).sum()
                };
                let (start, end): (usize, usize) =
                    (cells(problem.span.start), cells(problem.span.end));
                let scroll =
                    self.input.visual_scroll(usize::from(area.width.saturating_sub(4)).max(1));
                let at = start.saturating_sub(scroll);
                let length = end.saturating_sub(start.max(scroll)).max(1);
                let room = usize::from(area.width).saturating_sub(at + 4);
                let marks =
                    format!("{}{}", " ".repeat(at + 3), "^".repeat(length.min(room.max(1))));
                let room = area.width.saturating_sub(2);
                let words = truncate(explained(problem, room, cx).into(), room).into_owned();
                vec![TextLine::styled(words, theme.failure), TextLine::styled(marks, theme.failure)]
            }
            // Leaves room for the header and the border.
            None => offers::lines(
                &self.offers,
                self.taken,
                (area.width, area.y.saturating_sub(2)),
                theme,
            ),
        };
        let height = u16::try_from(above.len()).unwrap_or(0);
        if height == 0 || area.y <= height + 1 {
            return;
        }
        let block = Block::new().borders(Borders::TOP).border_style(theme.dim);
        let over = Rect { y: area.y - height - 1, height: height + 1, ..area };
        frame.render_widget(Clear, over);
        frame.render_widget(Paragraph::new(above).block(block), over);
    }
}

/// What is wrong, and as many of the expected words as fit; for an unknown command, where they are.
fn explained(problem: &InputError, room: u16, cx: &Cx) -> String {
    let InputError { why, expected, .. } = problem;
    let words = format!(" ✗ {why}");
    // The error suggests one of them, or lists them.
    if expected.is_empty() || why.ends_with('?') || why.contains(&expected.join(", ")) {
        return words;
    }
    if COMMANDS.iter().all(|command| expected.contains(&command.name)) {
        let lists = cx.words("{complete} completes, {command}help lists all");
        return format!("{words}; {lists}");
    }
    let each = expected.iter().map(|one| (*one).to_owned());
    let tried = |some: &str| format!("{words}; try {some}");
    fitting(each, expected.len(), room.into(), tried).unwrap_or(words)
}

fn remember(history: &mut Vec<String>, line: &str) {
    if history.last().is_none_or(|last| last != line) {
        history.push(line.to_owned());
    }
    if history.len() > REMEMBERED {
        history.remove(0);
    }
}

/// The command that shows the list in its current state.
fn current(cx: &Cx) -> ListCommand {
    with_columns(cx, |_| true)
}

/// The same without columns that no row has had: a line that names them is rejected.
pub fn readable(cx: &Cx) -> ListCommand {
    let shape = cx.list().table.spec();
    with_columns(cx, |name| !shape.is_settled || shape.column(name).is_some())
}

fn with_columns(cx: &Cx, is_named: impl Fn(&str) -> bool) -> ListCommand {
    let list = cx.list();
    let names = list.table.column_names().into_iter().filter(|name| is_named(name));
    let columns = Columns::shortest(list.table.spec(), names.collect());
    let (filters, sort) = (list.filters().to_vec(), list.table.sort());
    ListCommand { spec: list.spec(), filters, sort, columns }
}

pub fn pick_view(cx: &mut Cx) {
    let views = cx.kept.all_views();
    let widest = views.iter().map(|view| view.name.width()).max().unwrap_or(0);
    let entry = |view: &View| format!("{:<widest$} {}", view.name, view.line);
    let entries = views.iter().map(|view| sanitize(&entry(view)).into_owned()).collect();
    cx.open(Pick::new("Views", entries, PickAction::View));
    if !cx.kept.faults.is_empty() {
        let faults = cx.kept.faults.join("; ");
        cx.tell(format!("Some saved views or columns cannot be read: {faults}"));
    }
}

/// Built-in views cannot be removed.
pub fn ask_to_remove_view(index: usize, cx: &mut Cx) -> Stay {
    let Some(view) = cx.kept.views.get(index) else {
        cx.say("Built-in views cannot be removed.");
        return Stay::Open;
    };
    let text = format!("{} will be deleted. This cannot be undone.", view.name);
    let title = "Remove this view".to_owned();
    let then = ConfirmAction::RemoveView(index);
    cx.open(Question { title, text, then });
    Stay::Close
}

pub fn remove_view(index: usize, cx: &mut Cx) {
    if index < cx.kept.views.len() {
        let view = cx.kept.views.remove(index);
        pick_view(cx);
        cx.tell(format!("View {} removed.", view.name));
        cx.effect(Effect::Keep(Change::RemoveView(view.name)));
    }
}

pub fn save_view(name: &str, cx: &mut Cx) -> Result<(), String> {
    check_view_name(name).map_err(|fault| fault.why)?;
    let view = View { name: name.to_owned(), line: current(cx) };
    cx.kept.put_view(view.clone());
    cx.tell(format!("Saved as {name}; {}", cx.words("{views} lists the views.")));
    cx.effect(Effect::Keep(Change::SaveView(Box::new(view))));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context<'static> {
        Context {
            here: Spec::named("penalties"),
            today: chrono::NaiveDate::from_ymd_opt(2026, 11, 20),
            views: &["late"],
            seen_words: Some(&[]),
            ..Context::default()
        }
    }

    #[test]
    fn tab_goes_through_the_offers_for_what_was_typed() {
        let mut line = CommandLine::with("penalties status=", &context());
        let mut seen = Vec::new();
        for _ in 0..6 {
            line.take_offer(Way::Forward, &context());
            seen.push(line.input.value().to_owned());
        }
        let status = |word: &str| format!("penalties status={word}");
        let words = ["pending", "notify", "paid", "waived", "settled", "pending"];
        assert_eq!(seen, words.map(status));
        line.take_offer(Way::Back, &context());
        assert_eq!(line.input.value(), status("settled"));
    }

    #[test]
    fn behind_the_only_offer_its_values_are_offered() {
        let mut line = CommandLine::with("penalties stat", &context());
        line.take_offer(Way::Forward, &context());
        assert_eq!(line.input.value(), "penalties status=");
        line.take_offer(Way::Forward, &context());
        assert_eq!(line.input.value(), "penalties status=pending");
    }

    #[test]
    fn a_mistake_is_shown_at_its_place_and_nothing_typed_is_lost() {
        let mut line = CommandLine::with("penalties status=payd amount=12,5", &context());
        assert_eq!(line.read(&context()), None);
        let problem = line.problem.clone().unwrap();
        assert_eq!((problem.span, line.input.cursor()), (17..21, 21));
        assert_eq!(line.input.value(), "penalties status=payd amount=12,5");
        let mut line = CommandLine::with("sort -amount", &context());
        assert!(matches!(line.read(&context()), Some(Command::Sort(Some(_)))));
    }

    #[test]
    fn earlier_lines_come_back() {
        let mut history = Vec::new();
        for text in ["one", "two", "two"] {
            remember(&mut history, text);
        }
        let mut line = CommandLine::with("typed", &context());
        let mut recall = |way| {
            line.recall(&history, way, &context());
            line.input.value().to_owned()
        };
        let seen = [
            recall(Way::Forward),
            recall(Way::Back),
            recall(Way::Back),
            recall(Way::Back),
            recall(Way::Forward),
            recall(Way::Forward),
        ];
        assert_eq!(seen, ["typed", "two", "one", "one", "two", "typed"]);
    }
}
