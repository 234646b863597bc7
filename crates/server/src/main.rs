//! The command `eggypro`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Many threads allocate and free each other's memory, which the allocator of the system does slowly.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    eggypro_server::run()
}
