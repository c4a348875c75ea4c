//! The booking of the penalty under the cursor: requested from the server of its own customer, and
//! known under that customer only.

use super::TriageAllScreen;
use super::part::cancel;
use crate::conciliation::Tone;
use crate::domain::customer::CustomerKey;
use crate::domain::text::Untrusted;
use crate::hub::{HubCommand, HubEvent, JobId, News};
use crate::net::response::wrong_answer;
use crate::tui::component::detail::Line;
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::screen::triage::evidence::{Case, known};

/// A customer, and the reference as received.
pub(super) type BookingKey = (CustomerKey, String);

/// The booking that is requested.
#[derive(Debug)]
pub(super) struct Asked {
    pub job: JobId,
    pub profile: String,
    pub booking: BookingKey,
}

impl TriageAllScreen {
    /// Requests the booking once the cursor has rested on its row long enough.
    pub(super) fn rest(&mut self, cx: &mut Cx) {
        let Some((profile, booking)) = self.missing_booking() else {
            self.evidence.due = None;
            return self.stop_asking(cx);
        };
        if self.asked.as_ref().is_some_and(|asked| asked.booking == booking) {
            return;
        }
        // The request for the previous row is not needed any more.
        self.stop_asking(cx);
        if self.evidence.has_rested(booking.clone(), cx.now.elapsed) {
            let job = cx.new_job();
            let (of, reference) = (profile.clone(), booking.1.clone());
            cx.effect(Effect::Hub(HubCommand::Evidence { job, profile: of, reference }));
            self.asked = Some(Asked { job, profile, booking });
        }
    }

    /// The booking that the pane needs, and the profile of its customer.
    fn missing_booking(&self) -> Option<(String, BookingKey)> {
        let (part, record) = self.selected_row().filter(|_| self.detail.is_open)?;
        let booking = (part.customer.clone(), record.booking()?.expose_raw().to_owned());
        let is_known = self.evidence.known.contains_key(&booking);
        (!is_known).then(|| (part.profile.clone(), booking))
    }

    pub(super) fn stop_asking(&mut self, cx: &mut Cx) {
        if let Some(asked) = self.asked.take() {
            cx.effect(cancel(asked.job));
        }
    }

    pub(super) fn asks(&self, event: &HubEvent) -> bool {
        let asked = self.asked.as_ref();
        asked.is_some_and(|asked| asked.job == event.job && asked.profile == event.profile)
    }

    pub(super) fn accept_evidence(&mut self, event: HubEvent, cx: &Cx) {
        if !event.news.is_last() {
            return;
        }
        let Some(Asked { profile, booking, .. }) = self.asked.take() else { return };
        let known = match event.news {
            News::Evidence(reference, answer) if reference == booking.1 => {
                known(&answer, cx.now.local.date())
            }
            News::Trouble(trouble) => Err(trouble.in_words(&profile)),
            // Of another booking: nothing of it is used.
            _ => Err(wrong_answer().why),
        };
        self.evidence.remember(booking, known);
    }

    pub(super) fn evidence_lines(&self, cx: &Cx, width: u16) -> Vec<Line> {
        let Some((part, record)) = self.selected_row() else { return Vec::new() };
        let booking = record.booking().map(Untrusted::expose_raw);
        let booking = booking.map(|booking| (part.customer.clone(), booking.to_owned()));
        let today = cx.now.local.date();
        let case = Case {
            record,
            entry: part.entry(record),
            known: booking.and_then(|booking| self.evidence.known.get(&booking)),
            day: today,
            today,
            keymap: &cx.looks.keymap,
        };
        case.lines(width, |pane| pane.push("Customer", &part.profile, Tone::Title))
    }
}
