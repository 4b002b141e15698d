//! Text of the document in messages: short, and told apart from ours.

/// Longer names are cut; the place says which one it is.
const LONGEST: usize = 80;

/// `text` between back quotes, none of its own among it.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::from("`");
    for (index, c) in text.chars().enumerate() {
        if index == LONGEST {
            quoted.push('…');
            break;
        }
        quoted.push(if c == '`' { '\'' } else { c });
    }
    quoted.push('`');
    quoted
}
