//! The steps of a confirmed write, in their order.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep_until};

use super::Engine;
use crate::domain::text::sanitize;
use crate::net::write::{Answered, WriteAnswer};
use crate::payments::account::hidden_text;
use crate::payments::write::{Write, WriteKind};
use crate::writes::log::{Answer, Entry, Intent, ProblemText, Record, Unresolved, new_id};
use crate::writes::outcome::{Outcome, Progress, Verdict};
use crate::writes::plan::{Confirmed, NotPlanned, Plan, command_line};
use crate::writes::seen::Seen;
use crate::writes::verdict::{Look, verdict};

/// Hours after which a write that no read shows counts as not carried out.
const GIVEN_UP: i64 = 24;
const SECOND_SENDING: &str =
    "the server may still carry it out. valora does not send it again; `valora audit` reads again";

impl Outcome {
    fn new(write: &Write, verdict: Verdict, says: impl Into<String>) -> Self {
        Self {
            write: write.clone(),
            id: None,
            verdict,
            status: None,
            says: says.into(),
            fields: Vec::new(),
            wait: None,
            after: None,
            undo: (verdict == Verdict::Done).then(|| write.undo()).flatten(),
            plan: None,
        }
    }
}

/// The last look after an answer.
struct Looked {
    look: Look,
    after: Option<Seen>,
}

impl Engine {
    pub(super) async fn run(
        &self,
        confirmed: Confirmed,
        progress: &UnboundedSender<Progress>,
    ) -> Outcome {
        let write = confirmed.plan.write.clone();
        let say = |step: Progress| {
            // Nobody may listen any more.
            let _ = progress.send(step);
        };
        let (audit, host) = (self.audit.clone(), self.host());
        let flight = match spawn_blocking(move || audit.fly(&host)).await {
            Ok(Ok(Some(flight))) => flight,
            Ok(Ok(None)) => {
                let why = "another write to this server is under way; wait for its result";
                return Outcome::new(&write, Verdict::NotSent, why);
            }
            Ok(Err(error)) => return self.not_logged(&write, &error),
            Err(_broken) => return Outcome::new(&write, Verdict::NotSent, "internal error"),
        };
        say(Progress::Checking);
        if let Err(outcome) = self.check(&confirmed.plan).await {
            return *outcome;
        }
        let id = new_id();
        let intent = Intent::new(&confirmed, &self.author, &self.host());
        let entry = Entry::new(&id, &self.now(), Record::Intent(Box::new(intent)));
        if let Err(error) = self.record(entry).await {
            return self.not_logged(&write, &error);
        }
        say(Progress::Sending);
        let sent_at = self.site.clock.now().elapsed;
        let answer = self.client.write(&write).await;
        let ms = self.site.clock.now().elapsed.saturating_sub(sent_at);
        self.log_request(&write, &answer, ms);
        let record = Record::Answer(answer_record(&answer, ms));
        let unlogged = self.record(Entry::new(&id, &self.now(), record)).await.err();
        let before = &confirmed.plan.before;
        let mut outcome = self.result(&write, before, answer, &say).await;
        outcome.id = Some(id);
        let unlogged = self.record_verdict(&outcome).await.err().or(unlogged);
        if let Some(error) = unlogged {
            let path = self.audit.path().display();
            outcome.says =
                format!("{}; the audit log {path} could not be written: {error}", outcome.says);
        }
        drop(flight);
        outcome
    }

    /// Reads again and compares with the confirmed plan.
    async fn check(&self, confirmed: &Plan) -> Result<(), Box<Outcome>> {
        let write = &confirmed.write;
        let changed = |why: String| {
            let says = format!("changed since you looked, nothing was sent: {why}");
            Outcome::new(write, Verdict::Changed, says)
        };
        Err(Box::new(match self.prepare(write.clone()).await {
            Ok(plan) if confirmed.is_same(&plan) => return Ok(()),
            Ok(plan) => {
                let what = plan.changes.first().map(|it| format!("{}: {}", it.what, it.now));
                let mut outcome = changed(what.unwrap_or_default());
                outcome.after = Some(plan.before.clone());
                outcome.plan = Some(Box::new(plan));
                outcome
            }
            Err(NotPlanned::Unread(failure)) => {
                let says = format!("not sent, since the object could not be read again: {failure}");
                Outcome::new(write, Verdict::NotSent, says)
            }
            Err(why) => changed(why.to_string()),
        }))
    }

    fn not_logged(&self, write: &Write, error: &std::io::Error) -> Outcome {
        let path = self.audit.path().display();
        let says = format!(
            "nothing was sent: the audit log {path} cannot be written ({error}); check the folder \
             and its permissions"
        );
        Outcome::new(write, Verdict::NotLogged, says)
    }

    /// The verdict by the answer and by the reads after it.
    async fn result(
        &self,
        write: &Write,
        before: &Seen,
        answer: WriteAnswer,
        say: &impl Fn(Progress),
    ) -> Outcome {
        let status = answer.status();
        let mut outcome = match answer {
            WriteAnswer::NotSent(why) => {
                return Outcome::new(
                    write,
                    Verdict::NotSent,
                    format!("not sent: {}", sanitize(&why)),
                );
            }
            WriteAnswer::Answered(answered) if (200..=299).contains(&answered.status) => {
                let looked = self.looks(write, before, status, &self.site.looks, say).await;
                seen(write, looked, status, None)
            }
            WriteAnswer::Answered(answered) => self.refused(write, before, &answered, say).await,
            WriteAnswer::Unknown(_, why) => {
                let looked = self.looks(write, before, status, &self.site.looks, say).await;
                seen(write, looked, status, Some(&why))
            }
        };
        outcome.status = status;
        outcome
    }

    async fn refused(
        &self,
        write: &Write,
        before: &Seen,
        answered: &Answered,
        say: &impl Fn(Progress),
    ) -> Outcome {
        let (status, problem) = (answered.status, &answered.problem);
        let said = problem.said(status).map(|text| hidden_text(&text.shown()).into_owned());
        let said = said.map(|text| format!(": {text}")).unwrap_or_default();
        let meaning = match status {
            401 => {
                "the server does not accept the token; the token is read again for the next request"
            }
            403 => "the server denies access with this token",
            404 | 410 => "the server does not know this object or this write",
            409 => "the server reported a conflict: the state differs from the plan",
            422 => "the server rejected the request",
            429 => "the rate limit is reached; confirm it again later",
            _ => "the server could not understand the request",
        };
        let says = format!("not carried out: {meaning} ({status}{said})");
        let mut outcome = Outcome::new(write, Verdict::Refused, says);
        outcome.wait = (status == 429).then_some(answered.retry_after).flatten();
        let text = |text: &crate::domain::text::Untrusted| hidden_text(&text.shown()).into_owned();
        outcome.fields =
            problem.fields.iter().map(|(field, why)| (text(field), text(why))).collect();
        if status != 409 {
            return outcome;
        }
        let looked = self.looks(write, before, Some(status), &[Duration::ZERO], say).await;
        outcome.after = looked.after;
        match looked.look {
            Look::Happened(now) => {
                outcome.verdict = Verdict::Already;
                outcome.says = format!(
                    "nothing to do: {now}. Not this request did it, but another one (409{said})"
                );
            }
            Look::NotYet(now) => outcome.says = format!("{}; now {now}", outcome.says),
        }
        outcome
    }

    /// Reads until the effect is seen, at most at these times after the answer.
    async fn looks(
        &self,
        write: &Write,
        before: &Seen,
        status: Option<u16>,
        times: &[Duration],
        say: &impl Fn(Progress),
    ) -> Looked {
        let start = Instant::now();
        let mut last = Looked { look: Look::NotYet("nothing was read".to_owned()), after: None };
        for time in times {
            let at = start + *time;
            let now = Instant::now();
            if at > now {
                say(Progress::Waiting { next: at - now });
                sleep_until(at).await;
            }
            say(Progress::Looking { status });
            match self.look(write).await {
                Ok(after) => {
                    let look = verdict(write, before, &after);
                    let has_happened = look.has_happened();
                    last = Looked { look, after: Some(after) };
                    if has_happened {
                        break;
                    }
                }
                Err(failure) => last.look = Look::NotYet(failure.to_string()),
            }
        }
        last
    }

    pub(super) async fn look_again(&self, unresolved: &Unresolved) -> Outcome {
        let Intent { write, before, .. } = &unresolved.intent;
        let looked = self.looks(write, before, unresolved.status, &[Duration::ZERO], &|_| ()).await;
        let has_read = looked.after.is_some();
        let is_accepted = unresolved.status.is_some_and(|status| (200..=299).contains(&status));
        let why = (!is_accepted).then_some("there was no clear answer");
        let mut outcome = seen(write, looked, unresolved.status, why);
        (outcome.id, outcome.status) = (Some(unresolved.id.clone()), unresolved.status);
        if outcome.verdict != Verdict::Done && has_read && self.is_given_up(&unresolved.at) {
            outcome.verdict = Verdict::NotSeen;
            outcome.says =
                format!("{GIVEN_UP} hours later the reads do not show it: it did not happen");
        }
        // An open verdict is in the log already, or follows from the missing one.
        if !outcome.verdict.is_open()
            && let Err(error) = self.record_verdict(&outcome).await
        {
            let path = self.audit.path().display();
            outcome.says =
                format!("{}; the audit log {path} could not be written: {error}", outcome.says);
        }
        outcome
    }

    fn is_given_up(&self, at: &str) -> bool {
        let now = DateTime::from_timestamp_millis(self.site.clock.now().utc).unwrap_or_default();
        let sent = DateTime::parse_from_rfc3339(at).map(|at| at.with_timezone(&Utc));
        sent.is_ok_and(|sent| now - sent > TimeDelta::hours(GIVEN_UP))
    }

    async fn record_verdict(&self, outcome: &Outcome) -> std::io::Result<()> {
        let Some(id) = &outcome.id else { return Ok(()) };
        let undo = outcome.undo.as_ref().map(|undo| command_line(undo, &self.site.profile));
        let record = Record::Verdict {
            verdict: outcome.verdict,
            says: outcome.says.clone(),
            after: outcome.after.clone(),
            undo,
        };
        self.record(Entry::new(id, &self.now(), record)).await
    }

    fn log_request(&self, write: &Write, answer: &WriteAnswer, ms: u64) {
        self.site.log.line(|| {
            let status = answer.status().map_or_else(|| "-".to_owned(), |it| it.to_string());
            let meaning = match answer {
                WriteAnswer::Answered(_) => "answered",
                WriteAnswer::NotSent(_) => "not sent",
                WriteAnswer::Unknown(..) => "result unknown",
            };
            format!(
                "{} {} {status} {ms} ms: {meaning}, sent once",
                write.method(),
                write.endpoint()
            )
        });
    }

    /// When this user blocked the payment, and why, by the audit log.
    pub(super) async fn own_block(&self, write: &Write) -> Option<String> {
        let Write::Unblock { id } = write else { return None };
        let (audit, id) = (self.audit.clone(), id.clone());
        let contents = spawn_blocking(move || audit.read()).await.ok()?.ok()?;
        let last = contents.entries.iter().rev().find_map(|entry| match &entry.record {
            Record::Intent(intent)
                if intent.write.kind() == WriteKind::Block && intent.write.id() == id =>
            {
                Some(format!("blocked by {} at {}: {}", intent.os_user, entry.at, intent.note))
            }
            _ => None,
        })?;
        Some(sanitize(&last).into_owned())
    }
}

fn answer_record(answer: &WriteAnswer, ms: u64) -> Answer {
    match answer {
        WriteAnswer::Answered(answered) => Answer {
            status: Some(answered.status),
            problem: ProblemText::of(&answered.problem),
            error: None,
            ms,
        },
        WriteAnswer::NotSent(why) | WriteAnswer::Unknown(_, why) => {
            let error = Some(hidden_text(&sanitize(why)).into_owned());
            Answer { status: answer.status(), problem: None, error, ms }
        }
    }
}

/// The outcome after the reads; `why` says why the answer alone does not decide.
fn seen(write: &Write, looked: Looked, status: Option<u16>, why: Option<&str>) -> Outcome {
    let accepted = status.filter(|status| (200..=299).contains(status) && why.is_none());
    let why = why.map(|why| sanitize(why).into_owned()).unwrap_or_default();
    let (verdict, says) = match (looked.look, accepted) {
        (Look::Happened(now), Some(_)) => (Verdict::Done, now),
        (Look::Happened(now), None) => (Verdict::Done, format!("{now}, although {why}")),
        (Look::NotYet(now), Some(status)) => {
            (Verdict::AcceptedNotSeen, format!("accepted ({status}), but {now}; {SECOND_SENDING}"))
        }
        (Look::NotYet(now), None) => {
            (Verdict::Unknown, format!("result unknown: {why}. Not seen: {now}; {SECOND_SENDING}"))
        }
    };
    Outcome { after: looked.after, ..Outcome::new(write, verdict, says) }
}
