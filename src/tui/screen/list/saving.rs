//! The choice of what is exported of a list, and what waits for rows that are still to come.

use crate::domain::money::format_count;
use crate::net::response::NetState;
use crate::tui::component::table::extract::Which;
use crate::tui::screen::list::state::{Cost, List};

#[derive(Debug, Clone)]
pub struct Choice {
    pub which: Which,
    /// What can be chosen, each with what it is in words.
    offers: Vec<(Which, String)>,
}

impl Choice {
    /// What a list offers now: marked rows are what someone who has marked some wants.
    pub fn of(list: &List, network: &NetState) -> Self {
        let table = &list.table;
        let rows = |count: usize| match count {
            1 => "1 row".to_owned(),
            count => format!("{} rows", format_count(count as u64)),
        };
        let mut offers = Vec::new();
        if table.marks.len() > 0 {
            offers
                .push((Which::Marked, format!("the {} that are marked", rows(table.marks.len()))));
        }
        let fetched = table.records().len();
        let of = match (table.is_narrowed(), list.total.filter(|total| *total > fetched as u64)) {
            (true, _) => format!(" found in {} fetched ones", format_count(fetched as u64)),
            (false, Some(total)) => format!(" fetched so far, of {}", format_count(total)),
            (false, None) => String::new(),
        };
        offers.push((Which::Shown, format!("the {}{of}", rows(table.len()))));
        match list.cost_of_all(network) {
            Some(Cost { requests, seconds }) => {
                let all = list.total.map_or_else(
                    || "all rows".to_owned(),
                    |total| format!("all {} rows", format_count(total)),
                );
                let plural = if requests == 1 { "" } else { "s" };
                let cost = format!("{requests} more request{plural}, about {seconds} s");
                offers.push((Which::All, format!("{all}: {cost}")));
            }
            None if fetched > table.len() => {
                offers.push((Which::All, format!("all {}", rows(fetched))));
            }
            None => {}
        }
        let which = offers.first().map_or(Which::Shown, |(which, _)| *which);
        Self { which, offers }
    }

    pub fn words(&self) -> &str {
        let chosen = self.offers.iter().find(|(which, _)| *which == self.which);
        chosen.map_or("", |(_, words)| words)
    }

    /// Whether there is more than one thing to choose from.
    pub fn is_open(&self) -> bool {
        self.offers.len() > 1
    }

    pub fn next(&mut self) {
        let at = self.offers.iter().position(|(which, _)| *which == self.which).unwrap_or(0);
        if let Some((which, _)) = self.offers.get((at + 1) % self.offers.len().max(1)) {
            self.which = *which;
        }
    }
}
