//! Which writes are under way: before they are sent they can be stopped, afterwards not.

use tokio::sync::watch;

#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// Writes whose task runs.
    running: usize,
    /// A write is being sent or was sent.
    has_sent: bool,
    is_stopped: bool,
}

/// Clones share the state.
#[derive(Debug, Clone, Default)]
pub(super) struct Busy(watch::Sender<State>);

impl Busy {
    pub(super) fn is_busy(&self) -> bool {
        self.0.borrow().running > 0
    }

    pub(super) async fn idle(&self) {
        let mut state = self.0.subscribe();
        // Fails only without a sender, and this value has one.
        let _ = state.wait_for(|state| state.running == 0).await;
    }

    /// Counts a write as under way until the result is dropped.
    pub(super) fn start(&self) -> Running {
        self.0.send_modify(|state| state.running += 1);
        Running(self.0.clone())
    }

    /// Returns `true` if no write was sent, and none will be.
    pub(super) fn stop(&self) -> bool {
        self.0.send_modify(|state| state.is_stopped = true);
        !self.0.borrow().has_sent
    }
}

/// A write that is under way.
#[derive(Debug)]
pub(super) struct Running(watch::Sender<State>);

impl Running {
    /// Returns `false` if the user has stopped it, and otherwise prevents that.
    pub(super) fn commit(&self) -> bool {
        self.0.send_if_modified(|state| {
            state.has_sent |= !state.is_stopped;
            !state.is_stopped
        })
    }

    /// Returns once the user has stopped it.
    pub(super) async fn stopped(&self) {
        let mut state = self.0.subscribe();
        // Fails only without a sender, and this value has one.
        let _ = state.wait_for(|state| state.is_stopped).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.send_modify(|state| state.running = state.running.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_that_is_stopped_is_never_sent_and_one_that_is_sent_is_not_stopped() {
        let busy = Busy::default();
        let write = busy.start();
        assert!(busy.stop() && !write.commit() && busy.is_busy());
        drop(write);
        assert!(!busy.is_busy());
        let busy = Busy::default();
        let write = busy.start();
        assert!(write.commit() && !busy.stop());
        drop(write);
        assert!(!busy.is_busy() && !busy.stop(), "it was sent");
    }
}
