//! The `valora` binary, which only calls the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    valora::cli::run()
}
