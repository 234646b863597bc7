use std::ops::Range;

/// Length of the fragment of a description, in bytes.
const FRAGMENT: usize = 300;

/// The fragment of a text with the most hits, cut between words.
pub(super) fn fragment(text: &str, hits: &[Range<usize>]) -> Range<usize> {
    if text.len() <= FRAGMENT {
        return 0..text.len();
    }
    // The number of hits in the fragment that begins at each hit.
    let mut end = 0;
    let within = hits.iter().enumerate().map(|(index, hit)| {
        let is_within = |other: &Range<usize>| other.end <= hit.start + FRAGMENT;
        while hits.get(end).is_some_and(is_within) {
            end += 1;
        }
        (end - index.min(end), hit)
    });
    // The first of several fragments with the same number of hits.
    let best = within.fold(
        None,
        |best: Option<(usize, &Range<usize>)>, (count, hit)| match best {
            Some((most, _)) if most >= count => best,
            _ => Some((count, hit)),
        },
    );
    let best = best.map(|(_, hit)| hit);
    // Start a little before the hit, for context.
    let start = best.map_or(0, |hit| hit.start.saturating_sub(FRAGMENT / 6));
    let start = start.min(text.len() - FRAGMENT);
    let (start, end) = (
        text.ceil_char_boundary(start),
        text.floor_char_boundary(start + FRAGMENT),
    );
    let begin = match text[..start].ends_with(char::is_whitespace) || start == 0 {
        true => start,
        false => text[start..end]
            .find(char::is_whitespace)
            .map_or(start, |at| start + at),
    };
    let is_whole = end == text.len() || text[end..].starts_with(char::is_whitespace);
    let finish = match is_whole {
        true => end,
        false => text[begin..end]
            .rfind(char::is_whitespace)
            .map_or(end, |at| begin + at),
    };
    let (begin, finish) = match best {
        // Never cut a hit.
        Some(hit) => (begin.min(hit.start), finish.max(hit.end)),
        None => (begin, finish),
    };
    let part = &text[begin..finish];
    let begin = begin + part.len() - part.trim_start().len();
    begin..begin + part.trim().len()
}
