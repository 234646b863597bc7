use super::*;

#[test]
fn ingredients_are_separated() {
    for (text, cell) in [
        ("", ""),
        (" \n", ""),
        ("Egg white", "Egg white"),
        ("Egg white, cocoa,salt.", "Egg white|cocoa|salt"),
        ("oat milk,\nsugar,\nchia seeds", "oat milk|sugar|chia seeds"),
        ("Egg white; cocoa", "Egg white|cocoa"),
        ("Egg white | cocoa", "Egg white|cocoa"),
        (
            "Egg white 97,5 %, thickener (E412, E415; gum), salt",
            "Egg white 97,5 %|thickener (E412, E415; gum)|salt",
        ),
        ("Egg (white, cocoa", "Egg (white|cocoa"),
        (
            r#"["Egg white", "Cocoa, reduced"]"#,
            "Egg white|Cocoa|reduced",
        ),
        ("[]", ""),
        (
            "<ul><li>Egg white</li><li>Salt &amp; pepper</li></ul>",
            "Egg white|Salt & pepper",
        ),
        ("-- x", "'-- x"),
    ] {
        assert_eq!(ingredients(text), cell, "{text}");
    }
}

#[test]
fn rich_texts_are_read() {
    let text = r#"{"type": "root", "children": [
            {"type": "paragraph", "children": [
                {"type": "text", "value": "Egg "},
                {"type": "link", "url": "x", "children": [{"type": "text", "value": "white"}]},
                {"type": "text", "value": ", cocoa", "bold": true}]},
            {"type": "list", "children": [{"type": "list-item", "children": [{"type": "text", "value": "Salt"}]}]}]}"#;
    assert_eq!(details(text), "Egg white, cocoa\nSalt");
    assert_eq!(ingredients(text), "Egg white|cocoa|Salt");
}

#[test]
fn other_texts_stay() {
    for (text, cell) in [
        ("100", "100"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One\nTwo", "One\nTwo"),
        ("'=1", "'=1"),
        ("{x}", "{x}"),
    ] {
        assert_eq!(details(text), cell, "{text}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(details(&deep), deep);
}
