use super::*;

#[test]
fn lists_have_escaped_commas() {
    for (cell, expected) in [
        ("", &[][..]),
        (" , ", &[]),
        ("a", &["a"]),
        ("a, b,c", &["a", "b", "c"]),
        ("Bars\\, big > 1\\,5 kg, b", &["Bars, big > 1,5 kg", "b"]),
        ("a\\b", &["a\\b"]),
        ("a\\", &["a\\"]),
    ] {
        assert_eq!(list(cell), expected, "{cell}");
    }
    assert_eq!(single("1\\,5 kg"), "1,5 kg");
    assert_eq!(single("1,5 kg"), "1,5 kg");
}

#[test]
fn the_exporters_line_breaks_are_undone() {
    assert_eq!(with_line_breaks("a\\nb"), "a\nb");
    assert_eq!(with_line_breaks("a\\\\nb\\n"), "a\\nb\n");
}

#[test]
fn line_breaks_become_tags_as_in_wordpress() {
    for (html, expected) in [
        ("a", "a"),
        ("a\nb", "a<br>b"),
        ("a\r\n\r\nb", "a<p>b"),
        ("<ul>\n<li>a</li>\n</ul>", "<ul>\n<li>a</li>\n</ul>"),
        ("<p>a\nb</p>", "<p>a\nb</p>"),
        ("a\nb<br />c", "a\nb<br />c"),
    ] {
        assert_eq!(with_paragraphs(html), expected, "{html}");
    }
}

#[test]
fn hyphens_of_a_gtin_are_ignored() {
    let gtin = |text: &str| gtin(text).map(String::from);
    assert_eq!(gtin("978-3-16-148410-0"), Ok("9783161484100".to_owned()));
    assert!(gtin("4,00638E+12").is_err());
    assert!(gtin("-").is_err());
}
