//! Which word of the list was meant.

use super::list;

// More slips than this in one word, and it is another word.
const SLIPS_MAX: usize = 2;
// More words than this are no hint.
const NAMED_MAX: usize = 3;

/// The place of a word in the list.
pub(super) fn place(word: &str) -> Option<u16> {
    list().position(|known| known == word).and_then(|at| u16::try_from(at).ok())
}

/// The words that may have been meant: the fewest slips of the finger away (a letter too many, too few, another, or two
/// that changed places), two slips at most, and none if too many words are as near.
pub(super) fn nearest(typed: &str) -> Vec<&'static str> {
    let near = list().filter(|known| known.len().abs_diff(typed.len()) <= SLIPS_MAX);
    let near: Vec<(usize, &str)> = near
        .map(|known| (strsim::osa_distance(typed, known), known))
        .filter(|it| it.0 <= SLIPS_MAX)
        .collect();
    let fewest = near.iter().map(|(slips, _)| *slips).min();
    let nearest: Vec<&str> =
        near.into_iter().filter(|(slips, _)| Some(*slips) == fewest).map(|(_, known)| known).collect();
    if nearest.len() <= NAMED_MAX { nearest } else { Vec::new() }
}
