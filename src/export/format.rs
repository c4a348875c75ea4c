//! The formats of exports, and which of them each kind of export has.

use std::path::Path;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Table,
    Csv,
    Tsv,
    Json,
    Jsonl,
    Markdown,
    Html,
    Xlsx,
}

impl Format {
    pub const BOOKING: &'static [Self] =
        &[Self::Text, Self::Csv, Self::Xlsx, Self::Json, Self::Html];
    pub const ROWS: &'static [Self] = &[
        Self::Csv,
        Self::Xlsx,
        Self::Tsv,
        Self::Json,
        Self::Jsonl,
        Self::Html,
        Self::Markdown,
        Self::Table,
    ];
    pub const WORKLIST: &'static [Self] =
        &[Self::Csv, Self::Xlsx, Self::Json, Self::Html, Self::Markdown, Self::Table];
    /// A payment, its events, an account.
    pub const ANSWER: &'static [Self] = &[Self::Text, Self::Json];

    /// Its name, its file extensions with the default one first, and its description.
    const fn description(self) -> (&'static str, &'static [&'static str], &'static str) {
        match self {
            Self::Text => ("text", &["txt"], "For people"),
            Self::Table => ("table", &["txt"], "Aligned columns"),
            Self::Csv => ("csv", &["csv"], "For programs; for spreadsheets see --csv and xlsx"),
            Self::Tsv => ("tsv", &["tsv"], "As csv, with tabs"),
            Self::Json => ("json", &["json"], "For programs; amounts are integers in minor units"),
            Self::Jsonl => ("jsonl", &["jsonl"], "As json, but one record per line"),
            Self::Markdown => {
                ("markdown", &["md", "markdown"], "A table for a message or a ticket")
            }
            Self::Html => ("html", &["html", "htm"], "A page for a mail; a booking is a statement"),
            Self::Xlsx => ("xlsx", &["xlsx"], "An Excel workbook with sums by currency"),
        }
    }

    pub fn name(self) -> &'static str {
        self.description().0
    }

    pub fn help(self) -> &'static str {
        self.description().2
    }

    /// A file that a terminal cannot show.
    pub fn is_binary(self) -> bool {
        self == Self::Xlsx
    }

    /// A table with the columns and the words of the screen.
    pub(super) fn is_for_people(self) -> bool {
        matches!(self, Self::Table | Self::Html | Self::Markdown)
    }

    pub fn ending(self) -> &'static str {
        self.description().1.first().copied().unwrap_or_default()
    }

    /// The offered format with this name or file extension.
    pub fn named(name: &str, offered: &[Self]) -> Option<Self> {
        offered.iter().find(|format| format.name() == name || format.is_ending(name)).copied()
    }

    fn is_ending(self, ending: &str) -> bool {
        self.description().1.iter().any(|own| own.eq_ignore_ascii_case(ending))
    }

    /// The format for the extension of a path; the error lists the extensions.
    pub fn of_path(path: &Path, offered: &[Self]) -> Result<Self, String> {
        let ending = path.extension().and_then(|ending| ending.to_str());
        let format = offered.iter().find(|format| ending.is_some_and(|it| format.is_ending(it)));
        format
            .copied()
            .ok_or_else(|| format!("The file name must end in {}.", Self::endings(offered)))
    }

    /// The default extension of each: `.csv, .json or .txt`.
    pub fn endings(offered: &[Self]) -> String {
        let endings: Vec<String> =
            offered.iter().map(|format| format!(".{}", format.ending())).collect();
        let Some((last, others)) = endings.split_last() else { return String::new() };
        format!("{} or {last}", others.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_is_a_format_and_a_wrong_one_is_told_the_right_ones() {
        let of = |path: &str| Format::of_path(Path::new(path), Format::WORKLIST);
        assert_eq!(of("a/b.CSV"), Ok(Format::Csv));
        assert_eq!(of("b.markdown"), of("b.md"));
        assert_eq!(of("b.txt"), Ok(Format::Table));
        for wrong in ["", "csv", "b.tsv", "b.table"] {
            let why = "The file name must end in .csv, .xlsx, .json, .html, .md or .txt.";
            assert_eq!(of(wrong), Err(why.to_owned()), "{wrong}");
        }
        for offered in [Format::BOOKING, Format::ROWS, Format::WORKLIST, Format::ANSWER] {
            for format in offered {
                assert_eq!(Format::named(format.name(), offered), Some(*format));
                assert_eq!(Format::named(format.ending(), offered), Some(*format));
            }
        }
    }
}
