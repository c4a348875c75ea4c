//! The client and the commands do with each shape of the sandbox what they do with the
//! usual one. What a shape changes on purpose is named where it is compared.

#[cfg(test)]
#[path = "shapes/bookings.rs"]
mod bookings;
#[cfg(test)]
#[path = "shapes/commands.rs"]
mod commands;
#[cfg(test)]
mod common;
#[cfg(test)]
#[path = "shapes/lists.rs"]
mod lists;
#[cfg(test)]
#[path = "shapes/screens.rs"]
mod screens;

use valora::sandbox::Shape;

/// Without the case of words and currencies and the times of days where a shape has others.
fn plain(shape: Shape, text: &str) -> String {
    if shape.only_renames() {
        return text.to_owned();
    }
    text.to_lowercase().replace("t00:00:00z", "").replace("t00:00:00", "")
}

/// The lines with the columns of `usual` alone, if they have columns with names.
fn with_columns_of(usual: &[String], lines: &[String]) -> Vec<String> {
    let Some(header) = usual.first() else { return Vec::new() };
    let delimiter = [b',', b'\t'].into_iter().find(|it| header.as_bytes().contains(it));
    let Some(delimiter) = delimiter else { return lines.to_vec() };
    let read = |lines: &[String]| {
        let text = lines.join("\n");
        let mut reader = csv::ReaderBuilder::new();
        let mut reader =
            reader.delimiter(delimiter).has_headers(false).from_reader(text.as_bytes());
        reader.records().map(Result::unwrap).collect::<Vec<_>>()
    };
    let (usual, rows) = (read(&usual[..1]), read(lines));
    let is_own = |name: &&str| *name != "other";
    let places: Vec<usize> = usual[0]
        .iter()
        .filter(is_own)
        .filter_map(|name| rows[0].iter().position(|own| own == name))
        .collect();
    rows.iter().map(|row| places.iter().map(|at| &row[*at]).collect::<Vec<_>>().join(",")).collect()
}

fn unusual() -> impl Iterator<Item = Shape> {
    Shape::all().filter(|shape| *shape != Shape::default())
}
