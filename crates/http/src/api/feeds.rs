//! What the shop sells, for services that read all of it: feeds for Google Merchant Center and OpenAI, and a sitemap for search
//! engines.

mod google;
mod openai;
mod report;
mod rules;
mod serve;
mod sitemap;

pub(crate) use self::report::{__path_report, report};
pub(crate) use self::serve::{
    __path_google_feed, __path_openai_feed, __path_pages, google_feed, openai_feed, pages,
    part_of_pages,
};

/// Appends an XML element with a text, unless the text is blank.
fn push_element(out: &mut String, name: &str, text: &str) {
    let is_blank = |character: char| character.is_whitespace() || !is_allowed(character);
    if text.chars().all(is_blank) {
        return;
    }
    for part in ["<", name, ">"] {
        out.push_str(part);
    }
    push_escaped(out, text);
    for part in ["</", name, ">"] {
        out.push_str(part);
    }
}

/// Appends a text of an XML document. Leaves out the characters that XML does not allow, not even escaped.
fn push_escaped(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            _ if is_allowed(character) => out.push(character),
            _ => {}
        }
    }
}

/// Whether a character may occur in XML 1.0 (section 2.2).
fn is_allowed(character: char) -> bool {
    matches!(
        character,
        '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped() {
        for (text, expected) in [
            ("", ""),
            ("Egg", "Egg"),
            ("Egg & Co", "Egg &amp; Co"),
            ("&amp;", "&amp;amp;"),
            (
                "<b>\"a\" 'b'</b>",
                "&lt;b&gt;&quot;a&quot; &apos;b&apos;&lt;/b&gt;",
            ),
            ("]]>", "]]&gt;"),
            ("Crème Brûlée 蛋 🥚", "Crème Brûlée 蛋 🥚"),
            ("a\tb\nc\rd", "a\tb\nc\rd"),
            ("a\0b\u{1}c\u{b}d\u{1f}e", "abcde"),
            ("a\u{fffe}b\u{ffff}c\u{fffd}", "abc\u{fffd}"),
            (
                "\u{7f}\u{85}\u{d7ff}\u{e000}\u{10ffff}",
                "\u{7f}\u{85}\u{d7ff}\u{e000}\u{10ffff}",
            ),
        ] {
            let mut out = String::new();
            push_escaped(&mut out, text);
            assert_eq!(out, expected, "{text:?}");
        }
    }

    #[test]
    fn elements_without_a_text_are_left_out() {
        let mut out = String::new();
        for text in ["", " \n", "\0\u{1}", "a < b", "c"] {
            push_element(&mut out, "g:title", text);
        }
        assert_eq!(out, "<g:title>a &lt; b</g:title><g:title>c</g:title>");
    }
}
