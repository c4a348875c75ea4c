//! The options of commands that write tables: the format, and the dialect of csv.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::{Dialect, Format};

/// The condition under which [`CsvFlag`] selects csv without `-o`.
pub const CSV: &str = "csv";

/// Parses the names and endings of these formats.
pub fn formats(offered: &'static [Format]) -> impl TypedValueParser<Value = Format> {
    let value = |format: &Format| {
        let value = PossibleValue::new(format.name()).help(format.help());
        value.aliases((format.ending() != format.name()).then(|| format.ending()))
    };
    PossibleValuesParser::new(offered.iter().map(value))
        .try_map(|name| Format::named(&name, offered).ok_or("no such format"))
}

#[derive(Debug, Clone, Copy, Default, Args)]
pub struct CsvFlag {
    /// Write csv in this dialect [default: the setting `csv`, or else plain]
    #[arg(long, value_name = "DIALECT")]
    csv: Option<Dialect>,
}

impl CsvFlag {
    /// The dialect, or that of the settings. Fails if the format is not csv.
    pub fn dialect<E>(
        self,
        format: Format,
        of_settings: impl FnOnce() -> Result<Dialect, E>,
    ) -> Result<Result<Dialect, E>, String> {
        match self.csv {
            Some(_) if format != Format::Csv => {
                Err(format!("--csv has no effect on -o {}", format.name()))
            }
            Some(dialect) => Ok(Ok(dialect)),
            None if format == Format::Csv => Ok(of_settings()),
            None => Ok(Ok(Dialect::Plain)),
        }
    }
}
