//! How a command writes its rows: the dialect of csv, and no binary file on a terminal.

use std::io::{self, IsTerminal};

use crate::config::ConfigError;
use crate::config::profile::Settings;
use crate::export::flags::CsvFlag;
use crate::export::{Dialect, Format, Output};
use crate::process::width;
use crate::state::Store;

/// Why a command cannot write in this form.
#[derive(Debug, thiserror::Error)]
pub enum NoOutput {
    #[error(transparent)]
    Settings(#[from] ConfigError),
    #[error("{0}")]
    Usage(String),
}

/// Called before the first request.
pub fn output(
    format: Format,
    csv: CsvFlag,
    store: Option<&Store>,
) -> Result<Output<'static>, NoOutput> {
    if format.is_binary() && io::stdout().is_terminal() {
        let name = format.name();
        return Err(NoOutput::Usage(format!(
            "a terminal cannot show {name}; write it to a file: valora … -o {name} > FILE.{name}"
        )));
    }
    let of_settings = || -> Result<Dialect, ConfigError> {
        let settings = Settings::read(store)?;
        settings.ensure_valid()?;
        Ok(settings.document.values.csv.unwrap_or_default())
    };
    let dialect = csv.dialect(format, of_settings).map_err(NoOutput::Usage)??;
    Ok(Output { dialect, room: width::of(&io::stdout()), ..Output::of(format) })
}
