//! Hands the sandbox the lists that it has no stories for, made from their descriptions: it imports
//! nothing of the client itself, so that a mistake cannot be shared.

use crate::filter::{End, Filter, Kind};
use crate::list::{ALL, Spec};
use crate::sandbox::{ExtraList, ParamRule, served_paths};

/// Every list of [`ALL`] that the sandbox does not serve by itself.
pub fn extra_lists() -> Vec<ExtraList> {
    let served = served_paths();
    let others = ALL.iter().filter(|spec| !served.iter().any(|path| path == spec.path));
    others.map(|spec| extra_list(spec)).collect()
}

/// A list as the sandbox takes it: its filters, and its sample as rows.
pub fn extra_list(spec: &Spec) -> ExtraList {
    let param = |filter: &Filter| Some((filter.param.to_owned(), rule(filter)?));
    ExtraList {
        path: spec.path.to_owned(),
        params: spec.filters.iter().filter_map(param).collect(),
        rows: serde_json::from_str(spec.sample).unwrap_or_default(),
    }
}

/// What a filter means; `None` for one that looks at nothing.
fn rule(filter: &Filter) -> Option<ParamRule> {
    let field = (*filter.over.first()?).to_owned();
    let all = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let is_end = filter.bound.is_some_and(|bound| bound.end == End::To);
    Some(match filter.kind {
        Kind::Search => ParamRule::Text(all(filter.over)),
        Kind::Exact => ParamRule::Exact(field),
        Kind::OneOf(values) => ParamRule::OneOf(field, all(values)),
        Kind::Date if is_end => ParamRule::DateTo(field),
        Kind::Date => ParamRule::DateFrom(field),
        Kind::Amount if is_end => ParamRule::AmountTo(field),
        Kind::Amount => ParamRule::AmountFrom(field),
    })
}
