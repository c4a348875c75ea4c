//! The steps of a confirmed write, in their order.

use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep_until};

use super::Engine;
use super::busy::Running;
use super::ready::{is_late, late};
use crate::clock::Now;
use crate::domain::text::sanitize;
use crate::net::client::Sender;
use crate::net::write::{Answered, Logged, WriteAnswer};
use crate::payments::account::hidden_text;
use crate::payments::write::Write;
use crate::writes::log::{
    Answer, AnswerKind, Entry, InFlight, Intent, ProblemText, Record, new_id, object_of,
};
use crate::writes::outcome::{Outcome, Progress, Verdict};
use crate::writes::plan::{Confirmed, NotPlanned, Plan, command_line};
use crate::writes::seen::Seen;
use crate::writes::verdict::{Look, verdict};

const SECOND_SENDING: &str =
    "the server may still carry it out. valora does not send it again; `valora audit` reads again";

impl Outcome {
    pub(super) fn new(write: &Write, verdict: Verdict, says: impl Into<String>) -> Self {
        Self {
            write: write.clone(),
            id: None,
            verdict,
            is_unlogged: false,
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
pub(super) struct Looked {
    pub(super) look: Look,
    /// What was read; `None` if no read succeeded.
    pub(super) after: Option<Seen>,
}

impl Engine {
    pub(super) async fn run(
        &self,
        confirmed: Confirmed,
        progress: &UnboundedSender<Progress>,
        (running, since): (Running, Now),
    ) -> Outcome {
        let write = confirmed.plan.write.clone();
        let say = |step: Progress| {
            // Nobody may listen any more.
            let _ = progress.send(step);
        };
        let [object, server] = match self.locks(&write).await {
            Ok(locks) => locks,
            Err(outcome) => return *outcome,
        };
        say(Progress::Checking);
        let sender = match self.ready(&confirmed.plan, (&running, since)).await {
            Ok(sender) => sender,
            Err(outcome) => return *outcome,
        };
        let id = new_id();
        let logged = match self.log_intent(&id, &confirmed, &sender, [&object, &server]).await {
            Ok(logged) => logged,
            Err(error) => return self.not_logged(&write, &error),
        };
        if is_late(since, self.site.clock.now()) {
            let outcome = Outcome { id: Some(id), ..late(&write) };
            // The intent alone would be an open write, which a read closes.
            let _ = self.record_verdict(&outcome).await;
            return outcome;
        }
        say(Progress::Sending);
        let sent_at = self.site.clock.now().elapsed;
        let answer = sender.write(logged).await;
        let ms = self.site.clock.now().elapsed.saturating_sub(sent_at);
        self.log_request(&write, &answer, ms);
        let record = Record::Answer(answer_record(&answer, ms));
        let unlogged = self.record(Entry::new(&id, &self.now(), record)).await.err();
        drop(server);
        // Only now, because its program may take long.
        if answer.status() == Some(401) {
            sender.reread().await;
        }
        let before = &confirmed.plan.before;
        let mut outcome = self.result(&write, before, answer, &say).await;
        outcome.id = Some(id);
        if let Some(error) = self.record_verdict(&outcome).await.err().or(unlogged) {
            self.unlogged(&mut outcome, &error);
        }
        drop((object, running));
        outcome
    }

    /// The locks of the object, until the result is known, and of the server, until its answer.
    async fn locks(&self, write: &Write) -> Result<[InFlight; 2], Box<Outcome>> {
        let (audit, host) = (self.audit.clone(), self.host());
        let object = object_of(&host, write);
        let locked: Result<std::io::Result<_>, _> =
            spawn_blocking(move || Ok((audit.fly(&object)?, audit.fly(&host)?))).await;
        let unsent = |why: &str| Outcome::new(write, Verdict::NotSent, why);
        Err(Box::new(match locked {
            Ok(Ok((Some(object), Some(server)))) => return Ok([object, server]),
            Ok(Ok((None, _))) => {
                unsent("another write to this object is under way; wait for its result")
            }
            Ok(Ok((_, None))) => {
                unsent("another write to this server is under way; wait for its answer")
            }
            Ok(Err(error)) => self.not_logged(write, &error),
            Err(_broken) => unsent("internal error"),
        }))
    }

    /// Writes the intent to the log. After a failure, part of its line may be there: it is closed.
    async fn log_intent(
        &self,
        id: &str,
        confirmed: &Confirmed,
        sender: &Sender,
        locks: [&InFlight; 2],
    ) -> std::io::Result<Logged> {
        for lock in locks {
            lock.name(id)?;
        }
        let intent = Intent::new(confirmed, &self.author, &self.host(), &super::who(sender));
        let (audit, own, now) = (self.audit.clone(), id.to_owned(), self.now());
        let written = spawn_blocking(move || audit.append_intent(&own, &now, intent)).await;
        let written =
            written.unwrap_or_else(|_broken| Err(std::io::Error::other("internal error")));
        if let Err(error) = &written {
            let record = Record::Verdict {
                verdict: Verdict::NotLogged,
                says: format!("nothing was sent: the intent could not be written ({error})"),
                after: None,
                undo: None,
            };
            // It most likely fails for the same reason; then a read decides.
            let _ = self.record(Entry::new(id, &self.now(), record)).await;
        }
        written
    }

    /// Reads again and compares with the confirmed plan. Returns the token to send it with.
    pub(super) async fn check(&self, confirmed: &Plan) -> Result<Sender, Box<Outcome>> {
        let write = &confirmed.write;
        let changed = |why: String| {
            let says = format!("changed since you looked, nothing was sent: {why}");
            Outcome::new(write, Verdict::Changed, says)
        };
        Err(Box::new(match self.planned(write.clone()).await {
            Ok((plan, sender)) => {
                let Some(what) = confirmed.difference(&plan) else { return Ok(sender) };
                let mut outcome = changed(what);
                outcome.after = Some(plan.before.clone());
                outcome.plan = Some(Box::new(plan));
                outcome
            }
            Err(NotPlanned::Unread(failure)) => {
                let why = failure.to_string();
                let why = hidden_text(&why);
                let says = format!("not sent, since the object could not be read again: {why}");
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

    pub(super) fn unlogged(&self, outcome: &mut Outcome, error: &std::io::Error) {
        let path = self.audit.path().display();
        outcome.is_unlogged = true;
        outcome.says = format!(
            "the audit log {path} could not be written ({error}), so it does not have this result: {}",
            outcome.says
        );
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
        let refusal = format!("{meaning} ({status}{said})");
        let mut outcome = Outcome::new(write, Verdict::Refused, "");
        outcome.wait = (status == 429).then_some(answered.retry_after).flatten();
        let text = |text: &crate::domain::text::Untrusted| hidden_text(&text.shown()).into_owned();
        outcome.fields =
            problem.fields.iter().map(|(field, why)| (text(field), text(why))).collect();
        // A proxy may have sent it twice: the second one is refused, the first one was carried out.
        let looked = self.looks(write, before, Some(status), &[Duration::ZERO], say).await;
        let is_read = looked.after.is_some();
        outcome.after = looked.after;
        outcome.says = match looked.look {
            Look::Happened(now) => {
                outcome.verdict = Verdict::Already;
                let unknown = "which request did it is not known";
                if status == 409 {
                    format!("nothing to do: {now}, as requested; {unknown} (409{said})")
                } else {
                    format!("{now}, although {refusal}; {unknown}")
                }
            }
            Look::Reverted(now) => {
                outcome.verdict = Verdict::Reverted;
                format!("{now}, although {refusal}; which request did it is not known")
            }
            Look::Partly(now) | Look::NotYet(now) if is_read => format!("{refusal}; now {now}"),
            Look::Partly(why) | Look::NotYet(why) => {
                format!("{refusal}; the object could not be read afterwards: {why}")
            }
        };
        outcome
    }

    /// Reads until the effect is seen, at most at these times after the answer.
    pub(super) async fn looks(
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
                    let is_final = look.is_final();
                    last = Looked { look, after: Some(after) };
                    if is_final {
                        break;
                    }
                }
                Err(failure) if last.after.is_none() => {
                    let why = hidden_text(&failure.to_string()).into_owned();
                    last.look = Look::NotYet(why);
                }
                // The read before says more.
                Err(_) => {}
            }
        }
        last
    }

    pub(super) async fn record_verdict(&self, outcome: &Outcome) -> std::io::Result<()> {
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
}

fn answer_record(answer: &WriteAnswer, ms: u64) -> Answer {
    match answer {
        WriteAnswer::Answered(answered) => Answer {
            kind: AnswerKind::Answered,
            status: Some(answered.status),
            problem: ProblemText::of(&answered.problem),
            error: None,
            ms,
        },
        WriteAnswer::NotSent(why) | WriteAnswer::Unknown(_, why) => {
            let error = Some(hidden_text(&sanitize(why)).into_owned());
            let is_sent = matches!(answer, WriteAnswer::Unknown(..));
            let kind = if is_sent { AnswerKind::Unknown } else { AnswerKind::NotSent };
            Answer { kind, status: answer.status(), problem: None, error, ms }
        }
    }
}

/// The outcome after the reads; `why` says why the answer alone does not decide.
pub(super) fn seen(
    write: &Write,
    looked: Looked,
    status: Option<u16>,
    why: Option<&str>,
) -> Outcome {
    let accepted = status.filter(|status| (200..=299).contains(status) && why.is_none());
    let why = why.map(|why| sanitize(why).into_owned()).unwrap_or_default();
    let (verdict, says) = match (looked.look, accepted) {
        (Look::Happened(now), Some(_)) => (Verdict::Done, now),
        (Look::Happened(now), None) => (Verdict::Done, format!("{now}, although {why}")),
        (Look::Reverted(now), _) => (Verdict::Reverted, now),
        (Look::Partly(now) | Look::NotYet(now), Some(status)) => {
            (Verdict::AcceptedNotSeen, format!("accepted ({status}), but {now}; {SECOND_SENDING}"))
        }
        (Look::Partly(now) | Look::NotYet(now), None) => {
            (Verdict::Unknown, format!("result unknown: {why}. Not seen: {now}; {SECOND_SENDING}"))
        }
    };
    Outcome { after: looked.after, ..Outcome::new(write, verdict, says) }
}
