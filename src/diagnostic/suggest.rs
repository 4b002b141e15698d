//! "Did you mean …?"

/// Longer words are not compared: nobody mistypes them by a letter, and the comparison is quadratic.
const LONGEST: usize = 100;

/// The candidate nearest to `word`: at most two edits away, or a third of the word's length when that is more; a swap of
/// neighbours is one edit. The first of several that are equally near; `None` when nothing is.
pub fn suggest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let length = word.chars().count();
    if length > LONGEST {
        return None;
    }
    // A word of one or two letters is two edits away from everything of its kind.
    let most = (length / 3).max(2).min(length.saturating_sub(1));
    let mut nearest = None;
    for candidate in candidates {
        if candidate.len().abs_diff(word.len()) > most.saturating_mul(4) {
            continue;
        }
        let distance = strsim::osa_distance(word, candidate);
        let nearer = nearest.is_none_or(|(best, _)| distance < best);
        if distance <= most && nearer {
            nearest = Some((distance, candidate));
        }
    }
    nearest.map(|(_, candidate)| candidate)
}
