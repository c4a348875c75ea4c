//! The detail pane: whether it is open, and how far it is scrolled.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Detail {
    pub is_open: bool,
    /// Whether it has the place of the table too.
    pub is_zoomed: bool,
    pub top: usize,
}

impl Detail {
    /// Closes its zoom, or itself; returns `true` if there was anything to close.
    pub fn close(&mut self) -> bool {
        let was_open = self.is_open;
        if self.is_zoomed {
            self.is_zoomed = false;
        } else {
            self.is_open = false;
        }
        was_open
    }
}
