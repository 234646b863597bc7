/// What PostgreSQL puts around a hit.
pub(super) const START: char = '\u{1}';
pub(super) const STOP: char = '\u{2}';

/// PostgreSQL would take markup out of a text, so these stand for `<`, `>` and `&` while it looks for hits.
const LESS: char = '\u{3}';
const GREATER: char = '\u{4}';
const AND: char = '\u{5}';

/// What `translate` replaces in a text before hits are marked in it, and by what; what has no counterpart goes.
pub(super) fn translation() -> (String, String) {
    let to = [LESS, GREATER, AND];
    let from = ['<', '>', '&', START, STOP].into_iter().chain(to);
    (from.collect(), to.iter().collect())
}

/// Turns a text with marked hits into HTML: escaped, with the hits in `<mark>`.
pub(super) fn to_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            START => html.push_str("<mark>"),
            STOP => html.push_str("</mark>"),
            LESS => html.push_str("&lt;"),
            GREATER => html.push_str("&gt;"),
            AND => html.push_str("&amp;"),
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
