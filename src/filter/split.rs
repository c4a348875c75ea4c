//! A range as the settings of its two parameters, for a form that has one field for each.

use super::setting::{Setting, Target};
use super::{Kind, amount, days};
use crate::filter::part::Part;

impl Setting {
    /// The same filter set parameter by parameter, still relative where it was typed so.
    pub fn by_parameter(&self) -> Vec<Self> {
        let Target::Range(ends) = self.target() else { return vec![self.clone()] };
        let part = Part::trimmed(self.typed());
        let (from, to) = match ends.from.kind {
            Kind::Date => days::ends_as_typed(part),
            _ => amount::parse_range(part).map(|range| (range.from, range.to)).unwrap_or_default(),
        };
        [(ends.from, from), (ends.to, to)]
            .into_iter()
            .filter_map(|(filter, typed)| Self::new(Target::Param(filter), typed?).ok())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::setting::resolve_all;
    use crate::list::Spec;
    use chrono::NaiveDate;

    #[test]
    fn both_forms_of_a_range_send_the_same() {
        let filters = Spec::named("penalties").unwrap().filters;
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        for typed in [
            "due=2026-11",
            "due=-30d",
            "due=+2w",
            "due=-90d..",
            "due=..today",
            "due=2025..2026-02",
            "due=today",
            "due=2026-11-20",
            "amount=100",
            "amount=100..",
            "amount=..500.50",
            "amount=100..500",
            "status=notify",
            "new_param=x",
        ] {
            let (name, value) = typed.split_once('=').unwrap();
            let setting = Setting::new(Target::named(filters, name).unwrap(), value).unwrap();
            let whole = resolve_all(std::slice::from_ref(&setting), today).unwrap();
            assert_eq!(resolve_all(&setting.by_parameter(), today).unwrap(), whole, "{typed}");
        }
    }
}
