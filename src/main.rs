use std::process::ExitCode;

fn main() -> ExitCode {
    palisade::cli::run(std::env::args_os().collect())
}
