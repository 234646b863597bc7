use super::*;
use proptest::prelude::*;

#[test]
fn names_the_broken_rule() {
    assert_eq!("".parse::<Slug>(), Err(InvalidSlug::Empty));
    assert_eq!("a b".parse::<Slug>(), Err(InvalidSlug::Characters));
    assert_eq!("Abc".parse::<Slug>(), Err(InvalidSlug::Characters));
    assert_eq!("é".parse::<Slug>(), Err(InvalidSlug::Characters));
    assert_eq!("a".repeat(256).parse::<Slug>(), Err(InvalidSlug::TooLong));
    let longest = "a".repeat(255);
    let slug = longest.parse::<Slug>().unwrap();
    assert_eq!(String::from(slug), longest);
}

#[test]
fn slugs_are_made_from_names() {
    assert_eq!(Slug::from_name("A_b  C").unwrap().as_str(), "a-b-c");
    assert_eq!(
        Slug::from_name("Crème brûlée").unwrap().as_str(),
        "creme-brulee"
    );
    assert_eq!(Slug::from_name("___"), None);
}

proptest! {
    #[test]
    fn slugs_from_names_are_valid(name in ".*") {
        if let Some(slug) = Slug::from_name(&name) {
            prop_assert_eq!(slug.as_str().parse::<Slug>(), Ok(slug.clone()));
        }
    }

    #[test]
    fn names_with_a_letter_or_digit_have_a_slug(name in "[ _-]{0,5}[a-zA-Z0-9][a-zA-Z0-9 _-]{0,100}") {
        prop_assert!(Slug::from_name(&name).is_some());
    }
}
