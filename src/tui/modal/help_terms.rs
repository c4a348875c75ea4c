//! Words that people search the help for, where its own words are others.

/// The id of an action, the key of a list or the name of a command, and further words for it.
const TERMS: &[(&str, &str)] = &[
    ("blocked", "hold held missing iban"),
    ("booking", "reference find"),
    ("changes", "diff history yesterday"),
    ("chart", "graph bars plot diagram histogram aging sum total"),
    ("checks", "verdict reconcile mismatch difference adds up"),
    ("copy-cell", "clipboard"),
    ("copy-rows", "clipboard paste excel sheet tsv"),
    ("debt", "owed owes owing overdue arrears unpaid balance"),
    ("detail", "details side panel preview"),
    ("export", "csv excel xlsx json tsv spreadsheet file download save print report"),
    ("filter", "where query range dates overdue status"),
    ("group", "sum total subtotal"),
    ("invoices", "credit notes bills documents vat"),
    ("ledger", "statement running total sum"),
    ("load-all", "everything more rest sum total"),
    ("lookup", "find search go to reference"),
    ("open", "details drill"),
    ("overview", "sum total matrix aging"),
    ("penalties", "fines fees charges waive"),
    ("profiles", "customer account switch token"),
    ("quit", "exit leave"),
    ("redraw", "garbled repaint"),
    ("refresh", "reload update retry"),
    ("refresh-all", "reload update retry"),
    ("scheduled", "upcoming future payouts blocked"),
    ("search", "find text grep"),
    ("sort", "order rank"),
    ("theme", "colors dark light"),
    ("transactions", "paid payouts transfers money"),
    ("triage", "todo work queue overdue decide"),
    ("undo", "revert"),
    ("views", "bookmark favorite preset"),
    ("worklist", "csv excel markdown spreadsheet file download save report"),
];

/// Empty where there are none.
pub fn of(name: &str) -> &'static str {
    TERMS.iter().find(|(own, _)| *own == name).map_or("", |(_, words)| words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::CommandSpec;
    use crate::list::ALL;
    use crate::tui::keymap::BINDINGS;

    #[test]
    fn each_names_an_action_a_list_or_a_command() {
        for (name, _) in TERMS {
            let is_action = BINDINGS.iter().any(|binding| binding.id == *name);
            let is_list = ALL.iter().any(|list| list.key == *name);
            assert!(is_action || is_list || CommandSpec::named(name).is_some(), "{name}");
        }
    }
}
