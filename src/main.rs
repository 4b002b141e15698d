use std::process::ExitCode;

/// Emission makes and drops millions of tokens on several threads: a third of its time was the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    palisade::cli::run(std::env::args_os().collect())
}
