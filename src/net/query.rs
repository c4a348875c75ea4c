//! A page of a list under filters, as it is sent.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::filter::setting::{Unsendable, resolve_all};
use crate::filter::{Fault, Rejected, Setting, Target};
use crate::list::Spec;

/// Rows of a page unless more are wanted (contract, "Every request").
pub const PAGE: u32 = 100;
/// The most rows of a page (contract, "Every request").
pub const LARGEST_PAGE: u32 = 500;

/// A page of a list under filters. Every value of a documented parameter has passed
/// [`crate::filter::Filter::check`].
#[derive(Debug, Clone)]
pub struct ListQuery {
    pub spec: &'static Spec,
    filters: Vec<(&'static str, String)>,
    /// Parameters that the contract does not know, in the order in which they were set.
    raw: Vec<(String, String)>,
    /// The page, from 1.
    pub page: u32,
    pub per_page: u32,
}

impl PartialEq for ListQuery {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.spec, other.spec)
            && (&self.filters, &self.raw, self.page, self.per_page)
                == (&other.filters, &other.raw, other.page, other.per_page)
    }
}

impl Eq for ListQuery {}

impl ListQuery {
    /// The first page of a list without filters.
    pub fn new(spec: &'static Spec) -> Self {
        Self { spec, filters: Vec::new(), raw: Vec::new(), page: 1, per_page: PAGE }
    }

    /// The first page of a list under these settings as they are on the day `today`.
    pub fn under(
        spec: &'static Spec,
        settings: &[Setting],
        today: NaiveDate,
    ) -> Result<Self, Unsendable> {
        let mut query = Self::new(spec);
        for (param, value) in resolve_all(settings, today)? {
            query.set_raw(&param, &value).map_err(|rejected| {
                let sets = |setting: &Setting| setting.target().params().contains(&&*param);
                Unsendable {
                    index: settings.iter().position(sets).unwrap_or_default(),
                    fault: Fault { at: rejected.at, why: rejected.why },
                    name: rejected.param,
                }
            })?;
        }
        Ok(query)
    }

    /// The same query for another page.
    pub fn page(mut self, page: u32, per_page: u32) -> Self {
        self.page = page;
        self.per_page = per_page.clamp(1, LARGEST_PAGE);
        self
    }

    /// Sets a filter to what was typed; an empty text clears it.
    ///
    /// # Errors
    /// [`Rejected`] if the list has no such parameter or the value cannot be sent; nothing changed.
    pub fn set(&mut self, param: &str, typed: &str) -> Result<(), Rejected> {
        let filter = self.spec.filter(param).ok_or_else(|| Rejected {
            param: param.to_owned(),
            at: 0..typed.chars().count(),
            why: format!("{} has no such filter", self.spec.title),
        })?;
        let checked = filter.check(typed)?;
        self.filters.retain(|(name, _)| *name != filter.param);
        self.filters.extend(checked.map(|value| (filter.param, value)));
        Ok(())
    }

    /// Sets a parameter that the contract may not know; an empty text clears it. One that it knows
    /// is checked as [`Self::set`] does.
    ///
    /// # Errors
    /// [`Rejected`] for a name or a value that cannot be sent; nothing changed.
    pub fn set_raw(&mut self, name: &str, typed: &str) -> Result<(), Rejected> {
        if self.spec.filter(name).is_some() {
            return self.set(name, typed);
        }
        let reject = |Fault { at, why }| Rejected { param: name.to_owned(), at, why };
        let setting = match Target::named(self.spec.filters, name).map_err(reject)? {
            Target::Range(_) => {
                let why = format!("{name} is a range, not a parameter");
                return Err(reject(Fault { at: 0..typed.chars().count(), why }));
            }
            target if typed.trim().is_empty() => {
                self.raw.retain(|(known, _)| known != target.name());
                return Ok(());
            }
            target => Setting::new(target, typed).map_err(reject)?,
        };
        self.raw.retain(|(known, _)| known != name);
        self.raw.push((name.to_owned(), setting.typed().trim().to_owned()));
        Ok(())
    }

    /// The parameters that are set, in the order in which they were, unknown ones last.
    pub fn filters(&self) -> impl Iterator<Item = (&str, &str)> {
        let known = self.filters.iter().map(|(param, value)| (*param, value.as_str()));
        known.chain(self.raw.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// The query parameters as they are sent: filters in the order of the form, unknown ones, then
    /// the page.
    pub fn pairs(&self) -> Vec<(&str, Cow<'_, str>)> {
        let mut pairs: Vec<(&str, _)> = self
            .spec
            .filters
            .iter()
            .filter_map(|filter| self.filters.iter().find(|(name, _)| *name == filter.param))
            .map(|(name, value)| (*name, Cow::Borrowed(value.as_str())))
            .collect();
        pairs.extend(self.raw.iter().map(|(name, value)| (name.as_str(), value.as_str().into())));
        pairs.push(("page", Cow::Owned(self.page.to_string())));
        let rows = if self.spec.is_of_payments() { "itemsPerPage" } else { "per_page" };
        pairs.push((rows, Cow::Owned(self.per_page.to_string())));
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Kind;
    use crate::filter::setting::Ends;

    #[test]
    fn filters_are_sent_in_the_order_of_the_form_and_cleared_by_an_empty_text() {
        let mut query = ListQuery::new(Spec::named("penalties").unwrap());
        query.set("amount_from", "100.50").unwrap();
        query.set("status", "notify").unwrap();
        query.set("search", "x").unwrap();
        query.set("search", " ").unwrap();
        let query = query.page(2, 900);
        let sent: Vec<String> =
            query.pairs().iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(sent, ["status=notify", "amount_from=100.50", "page=2", "per_page=500"]);
    }

    #[test]
    fn an_unknown_parameter_or_a_wrong_value_changes_nothing() {
        let mut query = ListQuery::new(Spec::named("debt").unwrap());
        query.set("status", "overdue").unwrap();
        let before = query.clone();
        assert!(query.set("booking_id", "BK1").unwrap_err().to_string().contains("Debt"));
        assert!(query.set("status", "late").unwrap_err().why.contains("written_off"));
        assert_eq!(query, before);
    }

    #[test]
    fn an_unknown_parameter_is_sent_raw_and_a_known_one_never_is() {
        let mut query = ListQuery::new(Spec::named("invoices").unwrap());
        query.set_raw("new_param", " a&b ").unwrap();
        query.set_raw("doc_type", "Credit Note").unwrap();
        query.set_raw("gone", "x").unwrap();
        query.set_raw("gone", " ").unwrap();
        let sent: Vec<_> = query.pairs().into_iter().take(2).collect();
        assert_eq!(sent, [("doc_type", "Credit Note".into()), ("new_param", "a&b".into())]);
        assert_eq!(query.filters().count(), 2);
        let before = query.clone();
        for (name, value) in [
            ("page", "2"),
            ("issued", "2026"),
            ("amount_from", "1,5"),
            ("x", "\u{7}"),
            ("a b", "1"),
        ] {
            assert!(query.set_raw(name, value).is_err(), "{name}");
        }
        assert_eq!(query, before);
    }

    /// What the first filter of a list can be set to, and what is sent for it on 2026-11-20.
    fn example(kind: Kind) -> (&'static str, String) {
        match kind {
            Kind::Search | Kind::Exact => ("x & y=+%é", "x & y=+%é".to_owned()),
            Kind::OneOf(values) => (values[0], values[0].to_owned()),
            Kind::Date => ("-30d", "2026-10-21".to_owned()),
            Kind::Amount => ("12.50", "12.50".to_owned()),
        }
    }

    fn under(spec: &'static Spec, name: &str, typed: &str) -> Vec<(String, String)> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let target = Target::named(spec.filters, name).unwrap();
        let setting = Setting::new(target, typed).unwrap();
        let query = ListQuery::under(spec, &[setting], today).unwrap();
        query.filters().map(|(param, value)| (param.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn every_parameter_of_every_list_is_sent_as_documented() {
        for spec in crate::list::ALL {
            for filter in spec.filters {
                let (typed, sent) = example(filter.kind);
                assert_eq!(
                    under(spec, filter.param, typed),
                    [(filter.param.to_owned(), sent)],
                    "{}.{}",
                    spec.key,
                    filter.param
                );
                let is_end = filter.param.ends_with("_from") || filter.param.ends_with("_to");
                assert_eq!(is_end, filter.bound.is_some(), "{}.{}", spec.key, filter.param);
            }
        }
    }

    #[test]
    fn every_range_of_every_list_sets_both_its_parameters() {
        let mut names = Vec::new();
        for spec in crate::list::ALL {
            for ends in Ends::all(spec.filters) {
                let (typed, from, to) = match ends.from.kind {
                    Kind::Date => ("2026-02", "2026-02-01", "2026-02-28"),
                    _ => ("1..2.5", "1", "2.5"),
                };
                let expected = [(ends.from.param, from), (ends.to.param, to)];
                let expected = expected.map(|(param, value)| (param.to_owned(), value.to_owned()));
                assert_eq!(under(spec, ends.bound.range, typed), expected);
                names.push(format!("{}.{}", spec.key, ends.bound.range));
            }
        }
        let expected = [
            "transactions.paid",
            "transactions.amount",
            "scheduled.due",
            "scheduled.amount",
            "invoices.issued",
            "invoices.amount",
            "penalties.due",
            "penalties.amount",
            "debt.due",
            "debt.amount",
        ];
        // A new list may have ranges of its own.
        assert!(expected.iter().all(|name| names.iter().any(|found| found == name)), "{names:?}");
    }

    #[test]
    fn settings_that_cannot_be_sent_are_named() {
        let spec = Spec::named("penalties").unwrap();
        let setting =
            |name, typed| Setting::new(Target::named(spec.filters, name).unwrap(), typed).unwrap();
        let settings = [setting("status", "paid"), setting("due", "2026-11-20..today")];
        let early = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let refused = ListQuery::under(spec, &settings, early).unwrap_err();
        assert_eq!((refused.index, refused.name.as_str()), (1, "due"));
    }
}
