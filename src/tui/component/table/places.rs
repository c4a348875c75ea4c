//! Rows by the place that their records have in the answer, whatever is shown in which order.

use crate::tui::component::table::Table;

impl Table {
    /// The place of a row's record in the order of the server.
    pub fn place(&self, row: usize) -> Option<usize> {
        self.shown.get(row).map(|place| *place as usize)
    }

    /// Marks the records at these places and no others, and goes to the first of them.
    pub fn select_places(&mut self, places: &[usize]) {
        self.marks.clear();
        self.marks.extend(places.iter().filter_map(|place| self.identities.get(*place)));
        let wanted = places.first().copied();
        if let Some(row) = self.shown.iter().position(|place| Some(*place as usize) == wanted) {
            self.cursor = row;
            self.settle(1);
        }
    }
}
