//! The columns of a table as they are kept between sessions.

use crate::state::persisted::ListColumns;
use crate::tui::component::table::Table;

pub fn list_columns(table: &Table) -> ListColumns {
    let spec = table.spec();
    let name = |position: usize| spec.described(position).map(|column| column.name.to_owned());
    ListColumns {
        columns: table.columns().iter().filter_map(|position| name(*position)).collect(),
        widths: (table.fixed_widths().iter())
            .filter_map(|(position, width)| Some((name(*position)?, *width)))
            .collect(),
    }
}

/// Applies saved columns; unknown ones are left out, the first of the list stays.
pub fn apply_list_columns(kept: &ListColumns, table: &mut Table) {
    let spec = table.spec();
    let first = spec.columns().next();
    let known = kept.columns.iter().filter_map(|name| spec.column(name));
    let mut names: Vec<&str> = first.into_iter().collect();
    for name in known {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if !kept.columns.is_empty() {
        table.set_columns(&names);
    }
    for (name, width) in &kept.widths {
        if let Some(position) = spec.column_position(name) {
            table.fix_width(position, Some(*width));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Spec;
    use crate::state::persisted::read_columns;

    #[test]
    fn columns_survive_a_round_and_strange_ones_do_no_harm() {
        let spec = Spec::named("penalties").unwrap();
        let mut table = Table::new(spec, "amount");
        table.set_columns(&["booking_id", "days", "amount"]);
        table.fix_width(0, Some(20));
        let kept = list_columns(&table);
        let mut other = Table::new(spec, "amount");
        apply_list_columns(&kept, &mut other);
        assert_eq!(other.columns(), table.columns());
        assert_eq!(other.fixed_widths(), table.fixed_widths());
        let strange = r#"{"penalties":{"columns":["nope","amount","amount"],"widths":{"x":9}},
                          "gone":{"columns":["a"]}}"#;
        let read = read_columns(strange).unwrap();
        apply_list_columns(&read["penalties"], &mut other);
        assert_eq!(list_columns(&other).columns, ["booking_id", "amount"]);
        assert_eq!(read.len(), 1);
        assert_eq!(read_columns("{"), None);
    }
}
