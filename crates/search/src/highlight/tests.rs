use proptest::prelude::*;

use super::*;

fn marks(words: &[&str]) -> HighlightTerms {
    let mut marks = HighlightTerms::default();
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    marks.add(&words);
    marks
}

fn marked(text: &str, words: &[&str]) -> String {
    let hits = marks(words).hits(text, false);
    html(text, fragment(text, &hits), &hits)
}

#[test]
fn matches_are_highlighted_in_every_script() {
    for (text, word, expected) in [
        ("Ёлка & ёж", "еж", "Ёлка &amp; <mark>ёж</mark>"),
        ("протеин йогурт", "иогурт", "протеин <mark>йогурт</mark>"),
        ("プロテインバー", "バー", "プロテイン<mark>バー</mark>"),
        ("계란 단백질바", "단백", "계란 <mark>단백</mark>질바"),
        ("1 kg Käse", "1000g", "<mark>1 kg</mark> Käse"),
        ("1 kg Käse", "kaese", "1 kg <mark>Käse</mark>"),
    ] {
        assert_eq!(marked(text, &[word]), expected, "{text}");
    }
}

#[test]
fn fragment_with_most_hits_is_shown() {
    let text = format!("egg {} egg and egg. {}", "x ".repeat(300), "y ".repeat(300));
    let shown = marked(&text, &["egg"]);
    assert_eq!(shown.matches("<mark>").count(), 2);
    assert!(shown.len() < 400 && !shown.starts_with(' '));
}

proptest! {
    #[test]
    fn any_text_can_be_highlighted(text in ".{0,400}", long in "[a-zäёあ́̈ ,.'-]{250,600}") {
        for text in [text, long] {
            let words = analysis::words(&text);
            analysis::query_terms(&text);
            let found: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
            marked(&text, &found);
            marked(&text, &found[..found.len().min(3)]);
        }
    }
}
