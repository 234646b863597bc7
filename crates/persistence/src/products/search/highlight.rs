/// What PostgreSQL puts around a hit. Texts hold these characters hardly ever, and the statement takes them out of
/// those that do.
pub(super) const START: char = '\u{1}';
pub(super) const STOP: char = '\u{2}';

/// Turns a text with marked hits into HTML: escaped, with the hits in `<mark>`.
pub(super) fn to_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            START => html.push_str("<mark>"),
            STOP => html.push_str("</mark>"),
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn everything_but_the_hits_is_escaped() {
        assert_eq!(
            to_html("a<b>\u{1}\"egg\"\u{2} & 'white'"),
            "a&lt;b&gt;<mark>&quot;egg&quot;</mark> &amp; &#39;white&#39;",
        );
    }
}
