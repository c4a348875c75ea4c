//! Undo: the states before the last changes, the newest last.

use std::collections::VecDeque;

/// Changes.
const KEPT: usize = 200;

pub fn remember<T>(history: &mut VecDeque<T>, before: T) {
    if history.len() == KEPT {
        history.pop_front();
    }
    history.push_back(before);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_the_newest_and_forgets_the_oldest() {
        let mut history = VecDeque::new();
        for before in 0..210 {
            remember(&mut history, before);
        }
        assert_eq!((history.len(), history.front(), history.back()), (200, Some(&10), Some(&209)));
    }
}
