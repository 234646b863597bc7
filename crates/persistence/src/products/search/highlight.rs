/// What PostgreSQL puts around a hit.
pub(super) const START: char = '\u{1}';
pub(super) const STOP: char = '\u{2}';

/// What stands for a character while PostgreSQL looks for hits: it would take markup out of a text, and take words that
/// punctuation joins for paths, hosts or numbers, of which it marks all or nothing.
const HIDDEN: [(char, char); 11] = [
    ('<', '\u{3}'),
    ('>', '\u{4}'),
    ('&', '\u{5}'),
    ('/', '\u{6}'),
    ('@', '\u{7}'),
    ('.', '\u{e}'),
    (':', '\u{f}'),
    ('-', '\u{10}'),
    ('_', '\u{11}'),
    ('+', '\u{12}'),
    ('~', '\u{13}'),
];

/// What `translate` replaces in a text before hits are marked in it, and by what; what has no counterpart goes.
pub(super) fn translation() -> (String, String) {
    let stands_for = || HIDDEN.iter().map(|(_, hidden)| *hidden);
    let from = HIDDEN.iter().map(|(character, _)| *character);
    let from = from.chain([START, STOP]).chain(stands_for());
    (from.collect(), stands_for().collect())
}

/// Turns a text with marked hits into HTML: escaped, with the hits in `<mark>`.
pub(super) fn to_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        let is_hidden = |(_, hidden): &&(char, char)| *hidden == character;
        let shown = HIDDEN
            .iter()
            .find(is_hidden)
            .map_or(character, |(shown, _)| *shown);
        match shown {
            START => html.push_str("<mark>"),
            STOP => html.push_str("</mark>"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_but_the_hits_is_escaped() {
        let (from, to) = translation();
        let translated: String = "a<b>\u{2}\u{3}'x' & \""
            .chars()
            .filter_map(
                |character| match from.chars().position(|one| one == character) {
                    Some(at) => to.chars().nth(at),
                    None => Some(character),
                },
            )
            .collect();
        let marked = translated.replace('x', &format!("{START}x{STOP}"));
        assert_eq!(
            to_html(&marked),
            "a&lt;b&gt;&#39;<mark>x</mark>&#39; &amp; &quot;"
        );
    }
}
