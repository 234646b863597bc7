use super::*;

fn folded(text: &str) -> String {
    Folded::of(text).text
}

#[test]
fn equivalent_characters_are_equal() {
    for (one, other) in [
        ("BRÛLÉE", "brulee"),
        ("Œuf", "oeuf"),
        ("ΣΟΦΟΣ", "σοφος".replace('ς', "σ").as_str()),
        ("ıspanak", "ispanak"),
        ("İspanak", "ispanak"),
        ("ﾊﾞﾅﾅ", "バナナ"),
        ("й", "и"),
        ("مُحَمَّد", "محمد"),
        ("½ kg", "0.5 kg"),
        ("1½", "1.5"),
        ("단백질", "단백질"),
    ] {
        assert_eq!(folded(one), folded(other), "{one}");
    }
    assert_ne!(folded("が"), folded("か"));
}

#[test]
fn parts_map_to_their_source() {
    let text = "Crème œuf";
    let folded = Folded::of(text);
    assert_eq!(folded.text, "creme oeuf");
    assert_eq!(&text[folded.source(0..5)], "Crème");
    assert_eq!(&text[folded.source(6..10)], "œuf");
    assert_eq!(&text[folded.source(6..7)], "œ");
    let cheese = Folded::of("Käse");
    assert_eq!(cheese.without_umlauts(0..4).as_deref(), Some("kaese"));
    assert_eq!(Folded::of("Kase").without_umlauts(0..4), None);
}
