//! `palisade completions`: a script that lets a shell complete palisade's arguments.

use super::screen::Screen;
use super::stop::{DONE, Stop};
use clap::CommandFactory;

#[derive(clap::Args)]
#[command(after_help = "\
Exit code:
  0  printed
  2  usage

Examples:
  palisade completions bash > ~/.local/share/bash-completion/completions/palisade
  palisade completions fish > ~/.config/fish/completions/palisade.fish
  palisade completions zsh > ~/.zfunc/_palisade        with ~/.zfunc in fpath")]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

pub fn run(args: &Args, screen: &Screen) -> Result<i32, Stop> {
    let mut script = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut super::Cli::command(),
        "palisade",
        &mut script,
    );
    screen.result(&String::from_utf8_lossy(&script));
    Ok(DONE)
}
