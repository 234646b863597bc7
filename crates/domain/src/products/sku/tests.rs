use super::*;

#[test]
fn valid_numbers_stay_as_given() {
    let longest = "a".repeat(64);
    for text in ["1", "EGG-1kg", "a.b_c-D", "...", "0123456789", &longest] {
        let sku: Sku = text.parse().unwrap();
        assert_eq!(sku.as_str(), text);
        assert_eq!(sku.to_string(), text);
        assert_eq!(String::from(sku), text);
    }
}

#[test]
fn names_the_broken_rule() {
    assert_eq!("".parse::<Sku>(), Err(InvalidSku::Empty));
    assert_eq!("a".repeat(65).parse::<Sku>(), Err(InvalidSku::TooLong));
    for text in ["a b", " a", "a\n", "a/b", "a+b", "é", "a\0"] {
        assert_eq!(text.parse::<Sku>(), Err(InvalidSku::Characters), "{text:?}");
    }
}

#[test]
fn folding_ignores_case() {
    let folded = |text: &str| text.parse().map(|sku: Sku| sku.folded());
    assert_eq!(folded("EGG-1kg"), Ok("egg-1kg".to_owned()));
    assert_eq!(folded("EGG-1KG"), folded("egg-1kg"));
    assert_ne!(folded("egg-1kg"), folded("egg_1kg"));
}
