//! How a command writes its rows: the dialect of csv, and no binary file on a terminal.

use std::io::{self, IsTerminal};

use anyhow::bail;

use super::exit_code::Exit;
use super::{Cx, width};
use crate::config::ConfigError;
use crate::config::profile::Settings;
use crate::export::flags::CsvFlag;
use crate::export::{Dialect, Format, Output};

/// Called before the first request.
pub(super) fn output(format: Format, csv: CsvFlag, cx: &Cx) -> anyhow::Result<Output<'static>> {
    if format.is_binary() && io::stdout().is_terminal() {
        let name = format.name();
        bail!(Exit::usage(format!(
            "a terminal cannot show {name}; write it to a file: valora … -o {name} > FILE.{name}"
        )));
    }
    let of_settings = || -> Result<Dialect, ConfigError> {
        let settings = Settings::read(cx.environment.store.as_ref())?;
        settings.ensure_valid()?;
        Ok(settings.document.values.csv.unwrap_or_default())
    };
    let dialect = csv.dialect(format, of_settings).map_err(Exit::usage)??;
    Ok(Output { dialect, room: width::of(&io::stdout()), ..Output::of(format) })
}
