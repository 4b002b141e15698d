//! `palisade schema`: the vocabulary of `x-security` as a JSON Schema.

use super::screen::Screen;
use super::stop::{DONE, Stop};
use crate::reference;

#[derive(clap::Args)]
#[command(after_help = "\
The schema describes an OpenAPI document and looks at x-security alone: give it to an editor for the
whole file. Each level is a definition: #/$defs/root, pathItem, operation, parameter, schema, property.

Exit code:
  0  done

Examples:
  palisade schema > x-security.schema.json

  and as the first line of the document, for editors with the YAML language server:
  # yaml-language-server: $schema=./x-security.schema.json")]
pub struct Args {}

pub fn run(_: &Args, screen: &Screen) -> Result<i32, Stop> {
    screen.result(&format!("{:#}\n", reference::schema()));
    Ok(DONE)
}
