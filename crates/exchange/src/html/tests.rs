use super::*;

#[test]
fn markup_becomes_text() {
    for (html, text) in [
        ("", ""),
        ("<p></p>", ""),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<p>One</p>\n\n  <p>Two</p>\n", "One\n\nTwo"),
        ("One<br>Two<br/><br />Three", "One\nTwo\n\nThree"),
        ("<b>24&nbsp;g</b> of\n  protein", "24 g of protein"),
        ("Egg &amp; milk &lt; 5 &euro;", "Egg & milk < 5 €"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        (
            "<p>With</p><ul><li>egg</li><li>cacao</li></ul>",
            "With\n\n- egg\n- cacao",
        ),
        (
            "<ul><li><p>egg</p></li><li></li></ul>After",
            "- egg\n\nAfter",
        ),
        (
            "<table><tr><th>Protein</th><td>80 g</td></tr></table>",
            "Protein 80 g",
        ),
        ("<a href='x'>link</a><img alt='no'>", "link"),
        ("Caf\u{e9}<p>\u{1f95a}", "Café\n\n🥚"),
    ] {
        assert_eq!(to_text(html), text, "{html}");
    }
}

#[test]
fn text_without_tags_keeps_its_lines() {
    for (html, text) in [
        ("One\nTwo", "One\nTwo"),
        ("One\r\nTwo\r\n\r\n\r\nThree", "One\nTwo\n\nThree"),
        ("less < more\nand more", "less < more\nand more"),
    ] {
        assert_eq!(to_text(html), text, "{html}");
    }
}

#[test]
fn hostile_markup_leaves_no_code() {
    for (html, text) in [
        (
            "<p>a</p><script>alert('<b>1</b>')</script><p>b</p>",
            "a\n\nb",
        ),
        ("a<ScRiPt type=x>alert(1)</sCrIpT >b", "ab"),
        ("a<script>alert(1)", "a"),
        ("a<script><!--<script>alert(1)</script>--></script>b", "ab"),
        ("a<style>p{}</style><!-- c --><!doctype html>b", "ab"),
        ("a<img src=x onerror=alert(1)>b", "ab"),
        (
            "a<svg><svg onload=alert(1)></svg><text>x</text></svg>b",
            "ab",
        ),
        ("a<svg/>b", "ab"),
        (
            "a<iframe src='javascript:alert(1)'><p>x</p></iframe>b",
            "ab",
        ),
        (
            "a<noscript><p title='</noscript><img src=x onerror=alert(1)>'>b",
            "a'>b",
        ),
        ("a<template><p>x</p></template>b", "ab"),
        ("a\0\u{7}b<p>", "ab"),
    ] {
        assert_eq!(to_text(html), text, "{html}");
    }
}

#[test]
fn deep_nesting_and_long_input_are_read_in_one_pass() {
    let html = format!("{}a{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
    assert_eq!(to_text(&html), "a");
    let html = "<svg>".repeat(100_000);
    assert_eq!(to_text(&html), "");
    let html = "<".repeat(500_000);
    assert_eq!(to_text(&html).len(), 500_000);
    let html = format!("<a {}>b</a>", "x='y' ".repeat(100_000));
    assert_eq!(to_text(&html), "b");
}
