//! The search: what is typed narrows the fetched rows, and can be sent to the server.

use tui_input::Input;

use super::Stay;
use crate::filter::{FilterTarget, FilterValue, with};
use crate::list::filter::{Filter, FilterKind};
use crate::tui::cx::Cx;
use crate::tui::keymap::Action;

/// Keys of the search: the rows follow the text.
pub fn act(input: &Input, action: Action, cx: &mut Cx) -> Stay {
    if action == Action::Submit {
        return ask_server(input, cx);
    }
    show_all(cx);
    Stay::Close
}

pub fn narrow(input: &Input, cx: &mut Cx) {
    if let Some(list) = cx.list_mut() {
        list.table.narrow(input.value());
    }
}

fn show_all(cx: &mut Cx) {
    if let Some(list) = cx.list_mut() {
        list.table.narrow("");
    }
}

/// Sends what was typed as the filter `search`; nothing typed takes that filter away.
fn ask_server(input: &Input, cx: &mut Cx) -> Stay {
    let typed = input.value().trim();
    let Some(list) = cx.list() else { return Stay::Close };
    let by_text = |filter: &&'static Filter| filter.kind == FilterKind::Search;
    let Some(filter) = list.spec().filters.iter().find(by_text) else {
        cx.say("This list cannot be searched by the server.");
        return Stay::Close;
    };
    let others = list.settings().iter().filter(|filter| !filter.is_search());
    let others: Vec<FilterValue> = others.cloned().collect();
    let settings = if typed.is_empty() {
        Ok(others)
    } else {
        FilterValue::new(FilterTarget::Param(filter), typed).map(|setting| with(&others, setting))
    };
    match settings {
        Ok(settings) => {
            show_all(cx);
            cx.set_filters(settings);
            Stay::Close
        }
        Err(fault) => {
            cx.say(fault.why);
            Stay::Open
        }
    }
}
