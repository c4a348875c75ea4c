//! Finds another customer while the screen is drawn on: its token beside the screen's thread, and
//! nothing of the one before on its way when it is shown.

use tokio::sync::mpsc::{self, Receiver, Sender, UnboundedSender};
use tokio::task::spawn_blocking;

use crate::config::Session;
use crate::config::profile::Settings;
use crate::config::{Environment, find_profile, payments};
use crate::domain::text::sanitise;
use crate::net::client::PaymentsClients;
use crate::net::target::Target;
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;

/// A customer that can be shown.
pub(super) struct Customer {
    pub(super) target: Target,
    /// The clients of the Payments APIs.
    pub(super) payments: PaymentsClients,
    pub(super) session: Session,
    pub(super) profiles: Vec<String>,
}

/// The names of the profiles; none where the settings cannot be read.
pub(super) fn names(environment: &Environment) -> Vec<String> {
    Settings::read(environment.store.as_ref()).map(|settings| settings.names()).unwrap_or_default()
}

/// Takes the names of profiles and gives their customers. Of two wishes only the later one counts;
/// one that cannot be fulfilled is told through `messages`.
pub(super) fn find_beside(
    environment: Environment,
    messages: Sender<Msg>,
) -> (UnboundedSender<String>, Receiver<Customer>) {
    let (wishes, mut asked_for) = mpsc::unbounded_channel::<String>();
    let (send, found) = mpsc::channel(1);
    tokio::spawn(async move {
        while let Some(mut name) = asked_for.recv().await {
            let result = loop {
                let (environment, asked) = (environment.clone(), name.clone());
                let finding = spawn_blocking(move || customer(&asked, &environment));
                tokio::select! {
                    newer = asked_for.recv() => match newer {
                        Some(newer) => name = newer,
                        None => return,
                    },
                    result = finding => break result,
                }
            };
            let is_heard = match result {
                Ok(Ok(customer)) => send.send(customer).await.is_ok(),
                Ok(Err(error)) => {
                    let text = sanitise(&format!("Not switched to {name}: {error:#}")).into_owned();
                    messages.send(Msg::SwitchFailed(name, text)).await.is_ok()
                }
                // The program ends, or what was read broke it; the screen stays as it is.
                Err(_broken) => true,
            };
            if !is_heard {
                return;
            }
        }
    });
    (wishes, found)
}

fn customer(name: &str, environment: &Environment) -> anyhow::Result<Customer> {
    let found = find_profile(name, environment)?;
    let payments = payments::of_profile(name, environment)?;
    let (target, session) = (found.target, found.session);
    Ok(Customer { target, payments, session, profiles: names(environment) })
}

/// Forgets what was queued for the customer before: answers, and keys that were meant for its rows.
/// Gives whether the terminal is gone.
pub(super) fn forget_queued(messages: &mut Receiver<Msg>) -> bool {
    let mut is_over = false;
    while let Ok(msg) = messages.try_recv() {
        is_over |= matches!(msg, Msg::Ended);
    }
    is_over
}

/// What is said when another customer is shown.
pub(super) fn arrived(tui: &Tui) -> Option<String> {
    let name = tui.cx.session.customer.profile()?;
    Some(format!("Switched to {name} · {}.", tui.cx.session.environment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_customer_before_is_left_in_the_queue_but_the_end_counts() {
        let (send, mut queue) = mpsc::channel(8);
        send.try_send(Msg::Woken).unwrap();
        send.try_send(Msg::Paste("x".to_owned())).unwrap();
        assert!(!forget_queued(&mut queue));
        assert!(queue.try_recv().is_err());
        send.try_send(Msg::Ended).unwrap();
        send.try_send(Msg::Woken).unwrap();
        assert!(forget_queued(&mut queue));
    }
}
