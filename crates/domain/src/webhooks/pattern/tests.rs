use super::*;

#[test]
fn patterns_are_read_as_they_are_shown() {
    let known = TypePattern::known();
    // All, and those of products, categories, reviews, stock and webhooks.
    assert_eq!(known.len(), 1 + 5 + EventType::ALL.len());
    for pattern in known {
        assert_eq!(pattern.to_string().parse(), Ok(pattern));
    }
}

#[test]
fn unknown_patterns_are_refused_with_the_known_ones() {
    for text in [
        "",
        "**",
        "product",
        "product.",
        "product.*.*",
        "*.updated",
        "Product.*",
        "order.*",
        "webhook.test",
        " *",
    ] {
        assert_eq!(
            text.parse::<TypePattern>(),
            Err(UnknownTypePattern),
            "{text}"
        );
    }
    let message = UnknownTypePattern.to_string();
    assert!(
            message.starts_with(
                "Type must be one of *, product.*, category.*, review.*, stock.*, webhook.*, product.created, "
            ),
            "{message}"
        );
}

#[test]
fn a_pattern_matches_its_types() {
    let matching = |pattern: &str| -> usize {
        let pattern: TypePattern = pattern.parse().unwrap();
        let all = EventType::ALL.into_iter();
        all.filter(|kind| pattern.matches(*kind)).count()
    };
    assert_eq!(matching("*"), EventType::ALL.len());
    assert_eq!((matching("product.*"), matching("stock.*")), (5, 1));
    assert_eq!(matching("review.verified"), 1);
}
