//! The lines of a plan, of a write under way and of an outcome.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::{Asking, Stage, Writing};
use crate::domain::date::seconds_in_words;
use crate::domain::text::sanitize;
use crate::payments::write::WriteKind;
use crate::tui::cx::Cx;
use crate::tui::msg::Now;
use crate::tui::theme::Theme;
use crate::tui::writes::UnderWay;
use crate::writes::outcome::{Outcome, Progress, Verdict};
use crate::writes::plan::{Change, Plan};
use crate::writes::site::DEMO;

/// Cells before the parts of a change.
const INDENT: &str = "  ";
/// The mark of a line that differs from the plan that was shown before.
const DIFFERS: &str = "~ ";

/// Wrapped to `width` cells.
pub(super) fn of(writing: &Writing, cx: &Cx, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let mut page = Page { lines: Vec::new(), width: usize::from(width).max(20) };
    match &writing.stage {
        Stage::Planning(_, since) => {
            let seconds = cx.now.elapsed.saturating_sub(since.elapsed) / 1_000;
            let passed = if seconds > 0 { format!(", {seconds} s") } else { String::new() };
            page.text(theme.warning, &format!("Reading what it would change{passed}…"));
        }
        Stage::NotPlanned(why) => {
            page.text(theme.failure, &format!("✗ {why}"));
            page.text(theme.dim, "Nothing was sent.");
        }
        Stage::Asking(asking) => plan(asking, theme, &mut page),
        Stage::UnderWay => match &cx.writes.under_way {
            Some(under_way) => stages(under_way, cx, theme, &mut page),
            None => page.text(theme.dim, "This write has ended."),
        },
        Stage::Ended(outcome, at) => ended((&writing.about, outcome), *at, cx, theme, &mut page),
    }
    page.lines
}

struct Page {
    lines: Vec<Line<'static>>,
    width: usize,
}

impl Page {
    fn blank(&mut self) {
        self.lines.push(Line::raw(""));
    }

    fn text(&mut self, style: Style, text: &str) {
        self.indented("", style, text);
    }

    fn indented(&mut self, indent: &str, style: Style, text: &str) {
        let options = textwrap::Options::new(self.width)
            .initial_indent(indent)
            .subsequent_indent(if indent.is_empty() { INDENT } else { "    " });
        let lines = textwrap::wrap(text, options).into_iter();
        self.lines.extend(lines.map(|line| Line::styled(line.into_owned(), style)));
    }

    /// A sentence in reverse video.
    fn badge(&mut self, text: &str, theme: &Theme) {
        let room = self.width.saturating_sub(INDENT.len() + 2);
        for line in textwrap::wrap(text, room) {
            let badge = Span::styled(format!(" {line} "), theme.badges.bad);
            self.lines.push(Line::from(vec![Span::raw(INDENT), badge]));
        }
    }

    /// `Block  not blocked → BLOCKED`, with the state that was shown before, if it differs.
    fn change(&mut self, change: &Change, before: Option<&Plan>, theme: &Theme) {
        let Change { what, now, then } = change;
        let same = |before: &Plan| before.changes.iter().find(|it| it.what == *what).cloned();
        let was = before.map(same);
        let differs = was.as_ref().is_some_and(|was| was.as_ref() != Some(change));
        let mark = if differs { DIFFERS } else { INDENT };
        let now_style = if differs { theme.warning } else { theme.plain };
        let width = what.width() + now.width() + then.width() + 9;
        let (label, arrow) = (format!("{mark}{what}  "), "  →  ");
        if width <= self.width {
            self.lines.push(Line::from(vec![
                Span::styled(label, theme.dim),
                Span::styled(now.clone(), now_style),
                Span::styled(arrow, theme.dim),
                Span::styled(then.clone(), theme.title),
            ]));
        } else {
            self.text(theme.dim, label.trim_end());
            self.indented("    ", now_style, now);
            self.indented("    ", theme.title, &format!("→ {then}"));
        }
        if let Some(was) = was.filter(|_| differs) {
            let text = was.map_or_else(|| "not there".to_owned(), |was| was.now);
            self.indented("    ", theme.warning, &format!("When you looked: {text}"));
        }
    }
}

/// What it does and what cannot be undone is above the list of changes, which may be long.
fn plan(Asking { plan, before, refusal, .. }: &Asking, theme: &Theme, page: &mut Page) {
    for (at, text) in refusal.iter().enumerate() {
        let style = if before.is_some() { theme.warning } else { theme.failure };
        page.indented(if at == 0 { "" } else { INDENT }, style, text);
    }
    if !refusal.is_empty() {
        page.blank();
    }
    for (at, line) in plan.about.iter().enumerate() {
        let differs = before.as_ref().is_some_and(|before| !before.about.contains(line));
        let style = match (differs, at) {
            (true, _) => theme.warning,
            (false, 0) => theme.title,
            (false, _) => theme.plain,
        };
        let mark = if differs { DIFFERS } else { "" };
        page.text(style, &format!("{mark}{line}"));
    }
    page.indented(INDENT, theme.plain, &plan.consequence);
    match &plan.undo {
        // No command reaches the server of the demo.
        Some(_) if plan.place.environment == DEMO => {
            page.indented(INDENT, theme.dim, "Undone by the opposite write of this menu");
        }
        Some(undo) => page.indented(INDENT, theme.dim, &format!("Undone by: {undo}")),
        None => page.badge("NOTHING UNDOES THIS", theme),
    }
    for warning in &plan.warnings {
        page.badge(warning, theme);
    }
    page.blank();
    for change in &plan.changes {
        page.change(change, before.as_ref(), theme);
    }
    page.blank();
    page.text(theme.dim, &plan.call());
    if let Some(body) = plan.body() {
        page.text(theme.dim, &sanitize(&body));
    }
    let differs = before.as_ref().is_some_and(|before| who(before) != who(plan));
    let (mark, style) = if differs { (DIFFERS, theme.warning) } else { ("", theme.dim) };
    page.text(style, &format!("{mark}{}", who(plan)));
}

fn who(plan: &Plan) -> String {
    let who = &plan.place.who;
    let name = who.sub.as_ref().map(|sub| sub.shown().into_owned());
    let name = name.unwrap_or_else(|| "an unnamed user".to_owned());
    let until = who.exp.as_ref().map(|exp| format!(", valid until {exp}")).unwrap_or_default();
    format!("With the token of {name}{until}")
}

/// What must be typed, as a sentence.
pub fn to_type(plan: &Plan) -> String {
    format!("Type exactly {} to confirm; nothing was sent.", plan.typed)
}

/// The label of the confirmation: `Type HB100003 to block it: `.
pub fn confirmation(plan: &Plan) -> String {
    let verb = match plan.kind() {
        WriteKind::Block => "block it",
        WriteKind::Unblock => "unblock it",
        WriteKind::Cancel => "cancel it",
        WriteKind::CancelFees => "cancel them",
        WriteKind::Match => "match them",
        WriteKind::Unmatch => "unmatch them",
    };
    format!("Type {} to {verb}:", plan.typed)
}

/// The stages so far, the last one with its seconds.
fn stages(under_way: &UnderWay, cx: &Cx, theme: &Theme, page: &mut Page) {
    for line in &under_way.plan.about {
        page.text(theme.title, line);
    }
    page.text(theme.dim, &under_way.plan.call());
    page.text(theme.dim, &format!("Note: {}", sanitize(&under_way.note)));
    page.blank();
    let done: &[&str] = match under_way.stage {
        Progress::Checking => &[],
        Progress::Sending => &["read again: unchanged", "in the audit log"],
        Progress::Looking { .. } | Progress::Waiting { .. } => {
            &["read again: unchanged", "in the audit log", "sent once"]
        }
    };
    for stage in done {
        page.text(theme.dim, &format!("✓ {stage}"));
    }
    page.text(theme.warning, &format!("● {}", stage(under_way, cx.now)));
    page.blank();
    page.text(
        theme.dim,
        &cx.words(match under_way.stage {
            Progress::Checking => "{close-outcome} stops it: nothing is sent.",
            _ => "{close-outcome} closes this window; the write continues.",
        }),
    );
    if let Some(notice) = &cx.notice {
        page.text(theme.notice, notice);
    }
}

/// What happens now: `not seen yet; next look in 5 s`.
pub fn stage(under_way: &UnderWay, now: Now) -> String {
    let passed = now.elapsed.saturating_sub(under_way.stage_since.elapsed);
    let seconds = match passed / 1_000 {
        0 => String::new(),
        seconds => format!(", {}", seconds_in_words(seconds)),
    };
    match under_way.stage {
        Progress::Checking => format!("reading it again before anything is sent{seconds}"),
        Progress::Sending => format!("sent, waiting for the answer{seconds}"),
        Progress::Looking { status: Some(status) } => {
            format!("answered {status}; reading what it changed{seconds}")
        }
        Progress::Looking { status: None } => format!("no answer; reading what changed{seconds}"),
        Progress::Waiting { next } => {
            let total = u64::try_from(next.as_millis()).unwrap_or(u64::MAX);
            let left = total.saturating_sub(passed).div_ceil(1_000);
            format!("not seen yet; next look in {}", seconds_in_words(left))
        }
    }
}

fn ended((about, outcome): (&str, &Outcome), at: Now, cx: &Cx, theme: &Theme, page: &mut Page) {
    page.text(theme.title, about);
    page.text(style(outcome.verdict, theme), &headline(outcome, at));
    page.indented(INDENT, theme.plain, &outcome.says);
    for (field, why) in &outcome.fields {
        page.indented(INDENT, theme.failure, &format!("{field}: {why}"));
    }
    page.blank();
    match (outcome.verdict, &outcome.undo) {
        (Verdict::Done, Some(_)) => {
            page.text(theme.plain, &cx.words("{undo-write} plans the write that undoes it."));
        }
        (Verdict::Done, None) => page.text(theme.warning, "Nothing undoes this."),
        (verdict, _) if verdict.is_open() => page.text(
            theme.warning,
            "valora does not send it again. It looks again by itself, also after a restart; :audit \
             shows the state.",
        ),
        // Whether anything changed is what the reads say, above.
        _ => {}
    }
}

pub fn style(verdict: Verdict, theme: &Theme) -> Style {
    match verdict {
        Verdict::Done => theme.good,
        Verdict::Already => theme.dim,
        Verdict::Unknown
        | Verdict::AcceptedNotSeen
        | Verdict::Changed
        | Verdict::Reverted
        | Verdict::Partly
        | Verdict::NotSeen => theme.warning,
        Verdict::Refused | Verdict::NotSent | Verdict::NotLogged => theme.failure,
    }
}

/// `✓ blocked, seen at 09:14:03Z`
pub fn headline(outcome: &Outcome, at: Now) -> String {
    let time = chrono::DateTime::from_timestamp_millis(at.utc).unwrap_or_default();
    let time = time.format("%H:%M:%SZ");
    match outcome.verdict {
        Verdict::Done => format!("✓ {}, seen at {time}", outcome.write.kind().done()),
        verdict if verdict.is_open() => format!("? {} at {time}", verdict.word()),
        Verdict::Already => "✓ nothing to do".to_owned(),
        verdict @ (Verdict::Reverted | Verdict::Partly | Verdict::NotSeen) => {
            format!("! {}", verdict.word())
        }
        verdict => format!("✗ {}", verdict.word()),
    }
}

/// Why nothing was carried out, then the message of each field; the plan stays.
pub fn refusal(outcome: &Outcome) -> Vec<String> {
    let wait = outcome.wait.map(|seconds| format!("; wait {}", seconds_in_words(seconds)));
    let first = format!("✗ {}{}", outcome.says, wait.unwrap_or_default());
    let fields = outcome.fields.iter().map(|(field, why)| format!("{field}: {why}"));
    [first].into_iter().chain(fields).collect()
}
