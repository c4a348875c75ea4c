//! The program `valora`: a thin entry to the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    valora::cli::run()
}
