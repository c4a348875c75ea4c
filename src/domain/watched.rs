//! Work whose panic is reported as a failure instead of ending the program.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;

thread_local! {
    static IS_WATCHED: Cell<bool> = const { Cell::new(false) };
}

/// Restores the previous state, also if the work panics.
struct Guard(bool);

impl Drop for Guard {
    fn drop(&mut self) {
        IS_WATCHED.set(self.0);
    }
}

/// Runs some work. The caller reports a panic as a failure.
pub fn watched<T>(work: impl FnOnce() -> T) -> T {
    let _guard = Guard(IS_WATCHED.replace(true));
    work()
}

pub async fn watched_task<F: Future>(task: F) -> F::Output {
    let mut task = pin!(task);
    poll_fn(|context| watched(|| task.as_mut().poll(context))).await
}

pub fn is_watched() -> bool {
    IS_WATCHED.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_work_itself_is_watched_also_after_a_panic() {
        assert!(!is_watched());
        assert!(watched(|| watched(is_watched) && is_watched()));
        let broken = std::panic::catch_unwind(|| watched(|| panic!("broken")));
        assert!(broken.is_err() && !is_watched());
    }
}
