//! What tests look for on the screen.

use std::any::Any;

use crate::tui::component::table::Table;
use crate::tui::modal::Modal;
use crate::tui::stack::Tui;

impl Tui {
    pub fn table(&self) -> Option<&Table> {
        self.top().table(&self.cx)
    }

    /// The modal on top, if it is of this kind.
    pub fn modal_of<T: Modal>(&self) -> Option<&T> {
        (self.modal()? as &dyn Any).downcast_ref()
    }
}
