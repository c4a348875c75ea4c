//! What `u` takes back: the states before the last changes, the newest last.

use std::collections::VecDeque;

/// Changes that can be undone; what was before them is forgotten.
const KEPT: usize = 200;

#[derive(Debug, Clone)]
pub struct History<T>(VecDeque<T>);

impl<T> Default for History<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T> History<T> {
    pub fn push(&mut self, before: T) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(before);
    }

    pub fn pop(&mut self) -> Option<T> {
        self.0.pop_back()
    }

    /// What is taken back next comes first.
    pub fn newest_first_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().rev()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gives_back_the_newest_and_forgets_the_oldest() {
        let mut history = History::default();
        for before in 0..210 {
            history.push(before);
        }
        assert_eq!((history.len(), history.pop(), history.pop()), (200, Some(209), Some(208)));
        while history.pop().is_some() {}
        assert!(history.is_empty());
    }
}
