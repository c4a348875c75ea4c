//! Looks for a booking in all customers. The first one that has it is opened on that booking.

use super::CustomersScreen;
use crate::customers::state::Trouble;
use crate::domain::money::counted;
use crate::domain::reference::meant;
use crate::domain::text::Untrusted;
use crate::hub::{HubCommand, HubEvent, JobId, News};
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::landing::{Landing, Visit};
use crate::tui::msg::Now;

/// Customers that could not be asked and are named.
const NAMED: usize = 4;

#[derive(Debug)]
pub(super) struct Finding {
    pub(super) job: JobId,
    reference: Untrusted,
    pub(super) since: Now,
}

impl CustomersScreen {
    pub(super) fn find(&mut self, reference: &Untrusted, cx: &mut Cx) {
        self.stop_finding(cx);
        let job = cx.new_job();
        let profiles: Vec<String> = self.rows.iter().map(|row| row.profile.clone()).collect();
        let references = meant(reference.expose_raw(), &[]);
        let all = counted(profiles.len() as u64, "customer");
        let text = format!("Looking for {} in {all}… ", reference.shown());
        cx.tell(text + &cx.words("{back} cancels"));
        cx.effect(Effect::Hub(HubCommand::Find { job, profiles, references }));
        self.finding = Some(Finding { job, reference: reference.clone(), since: cx.now });
    }

    /// Returns `true` if there was a search.
    pub(super) fn stop_finding(&mut self, cx: &mut Cx) -> bool {
        let Some(Finding { job, reference, .. }) = self.finding.take() else { return false };
        cx.effect(Effect::Hub(HubCommand::Cancel(job)));
        cx.tell(format!("Stopped looking for {}.", reference.shown()));
        true
    }

    pub(super) fn found(&mut self, event: HubEvent, cx: &mut Cx) {
        let Some(Finding { reference, .. }) = self.finding.take() else { return };
        match event.news {
            News::Found(reference) => {
                let landing = Landing::Booking(reference);
                cx.visit(Visit { profile: event.profile, landing });
            }
            News::NotFound(troubles) => {
                let asked = self.rows.len().saturating_sub(troubles.len());
                cx.tell(not_found(&reference, asked, &troubles));
            }
            _ => {}
        }
    }
}

fn not_found(reference: &Untrusted, asked: usize, troubles: &[(String, Trouble)]) -> String {
    let of = counted(asked as u64, "customer");
    let text = format!("{} was not found in {of}.", reference.shown());
    if troubles.is_empty() {
        return text;
    }
    let each = troubles.iter().take(NAMED);
    let each = each.map(|(profile, trouble)| format!("{profile} ({})", trouble.word()));
    let more = troubles.len().saturating_sub(NAMED);
    let more = (more > 0).then(|| format!("{more} more"));
    let names = each.chain(more).collect::<Vec<_>>().join(", ");
    format!("{text} {} could not be searched: {names}.", troubles.len())
}
