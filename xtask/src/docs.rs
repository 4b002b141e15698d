//! `cargo xtask docs`: writes the pages of the reference anew, from the tables they are made of.

use crate::steps::{Failed, root};

pub fn write() -> Result<(), Failed> {
    for page in palisade::reference::pages() {
        let path = root().join(page.path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(Failed::at(folder.display()))?;
        }
        let same = std::fs::read_to_string(&path).is_ok_and(|found| found == page.text);
        if !same {
            std::fs::write(&path, &page.text).map_err(Failed::at(path.display()))?;
        }
        println!("{} {}", if same { "same   " } else { "written" }, page.path);
    }
    Ok(())
}

/// Fails when a page is not what `write` would write.
pub fn compare() -> Result<(), Failed> {
    let stale: Vec<&str> = palisade::reference::pages()
        .iter()
        .filter(|page| {
            let found = std::fs::read_to_string(root().join(page.path));
            !found.is_ok_and(|found| found == page.text)
        })
        .map(|page| page.path)
        .collect();
    match stale.is_empty() {
        true => Ok(()),
        false => Err(Failed(format!(
            "stale: {}; `cargo xtask docs` writes them anew",
            stale.join(", ")
        ))),
    }
}
