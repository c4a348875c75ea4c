//! The names of saved views: short, on one line, and without surprises.

use crate::domain::text::sanitise;
use crate::filter::Fault;

/// Characters of a name, so that it fits a menu.
const LONGEST: usize = 40;

/// Checks the name of a view.
///
/// # Errors
/// [`Fault`] for a name that is empty, too long, or not shown as it is written.
pub fn check_view_name(name: &str) -> Result<(), Fault> {
    let length = name.chars().count();
    let fault = |at, why: &str| Err(Fault { at, why: why.to_owned() });
    if name.trim().is_empty() {
        return fault(0..length, "a name is missing");
    }
    if length > LONGEST {
        return fault(LONGEST..length, "a name has at most 40 characters");
    }
    if name.trim() != name {
        return fault(0..length, "a name neither begins nor ends with a space");
    }
    if sanitise(name) != name {
        return fault(0..length, "a name has no control or invisible characters");
    }
    Ok(())
}
