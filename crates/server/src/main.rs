//! The command `eggypro`.

use std::process::ExitCode;

fn main() -> ExitCode {
    eggypro_server::run()
}
