//! Words that people search the help for, where its own words are others.

/// The id of an action, the key of a list, or the name of a command or topic; and further words for it.
const TERMS: &[(&str, &str)] = &[
    ("blocked", "hold held missing iban"),
    ("booking", "reference find"),
    ("changes", "diff history yesterday"),
    ("chart", "graph bars plot diagram histogram aging sum total"),
    ("checks", "verdict reconcile mismatch difference adds up"),
    ("commands", "script shell cron pipe completion man json"),
    ("copy-cell", "clipboard"),
    ("copy-rows", "clipboard paste excel sheet tsv"),
    ("debt", "owed owes owing overdue arrears unpaid balance"),
    ("detail", "details side panel preview"),
    ("exit-codes", "return status script error"),
    ("export", "csv excel xlsx json tsv spreadsheet file download save print report"),
    ("filter", "where query range dates overdue status"),
    ("filters", "where query range dates sort columns"),
    ("group", "sum total subtotal"),
    ("invoices", "credit notes bills documents vat"),
    ("keys", "shortcut hotkey keyboard layout"),
    ("ledger", "statement running total sum"),
    ("load-all", "everything more rest sum total"),
    ("login", "password token credentials sign in account unauthorized expired"),
    ("lookup", "find search go to reference"),
    ("open", "details drill"),
    ("overview", "sum total matrix aging"),
    ("payments", "tenant rent guest"),
    ("penalties", "fines fees charges waive"),
    ("problems", "vpn proxy firewall offline network slow timeout error limit log"),
    ("profiles", "customer account switch token"),
    ("quit", "exit leave"),
    ("redraw", "garbled repaint"),
    ("refresh", "reload update retry"),
    ("refresh-all", "reload update retry"),
    ("safety", "security privacy secret data"),
    ("sandbox", "test fake mock"),
    ("scheduled", "upcoming future payouts blocked"),
    ("screen", "colors mouse theme panes"),
    ("search", "find text grep"),
    ("settings", "config configure options preferences toml"),
    ("sort", "order rank"),
    ("speed", "performance fast benchmark memory"),
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
    use crate::manual::Topic;
    use crate::tui::keymap::BINDINGS;

    #[test]
    fn each_names_an_action_a_list_a_command_or_a_topic() {
        for (name, _) in TERMS {
            let is_action = BINDINGS.iter().any(|binding| binding.id == *name);
            let is_list = ALL.iter().any(|list| list.key == *name);
            let is_named = CommandSpec::named(name).is_some() || Topic::named(name).is_some();
            assert!(is_action || is_list || is_named, "{name}");
        }
    }
}
