//! Hands the sandbox the lists that it has no stories for, made from their descriptions: it imports
//! nothing of the client itself, so that a mistake cannot be shared.

use crate::list::filter::{End, Filter, FilterKind};
use crate::list::{ALL, Spec};
use crate::sandbox::{ExtraList, Param, ParamKind, served_paths};

/// Every list of [`ALL`] that the sandbox does not serve by itself.
pub fn extra_lists() -> Vec<ExtraList> {
    let served = served_paths();
    let others = ALL.iter().filter(|spec| !served.iter().any(|path| path == spec.path));
    others.map(|spec| extra_list(spec)).collect()
}

/// A list as the sandbox takes it: its filters, and its sample as rows.
pub fn extra_list(spec: &Spec) -> ExtraList {
    // A filter that looks at no field is none of the server's.
    let filters = spec.filters.iter().filter(|filter| !filter.over.is_empty());
    ExtraList {
        path: spec.path.to_owned(),
        params: filters.map(|it| Param::new(it.param, kind(it), it.over)).collect(),
        rows: serde_json::from_str(spec.sample).unwrap_or_default(),
    }
}

fn kind(filter: &Filter) -> ParamKind {
    let is_end = filter.end() == End::To;
    match filter.kind {
        FilterKind::Search => ParamKind::Text,
        FilterKind::Exact => ParamKind::Exact,
        FilterKind::OneOf(values) => {
            ParamKind::OneOf(values.iter().map(|it| (*it).to_owned()).collect())
        }
        FilterKind::Date if is_end => ParamKind::DateTo,
        FilterKind::Date => ParamKind::DateFrom,
        FilterKind::Amount if is_end => ParamKind::AmountTo,
        FilterKind::Amount => ParamKind::AmountFrom,
    }
}
