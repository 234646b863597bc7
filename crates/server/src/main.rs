//! The command `eggypro`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Threads free memory that other threads allocated, which is slow with the system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    eggypro_server::run()
}
