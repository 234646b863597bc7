use super::*;
use crate::Unvalidated;
use crate::testing::InMemoryShop;
use pollster::block_on;

#[test]
fn each_rule_has_its_message() {
    let errors = |name: &str, slug: Option<&str>, description: Option<&str>| {
        let category = NewCategory {
            name: name.into(),
            slug: slug.map(|slug| slug.parse().unwrap()),
            description: description.map(Into::into),
            is_active: true,
        };
        category
            .validate()
            .map_or_else(|report| report.to_string(), |()| String::new())
    };
    assert_eq!(errors("Crème & Co", None, Some("x")), "");
    assert_eq!(errors(&"я".repeat(100), None, None), "");
    assert_eq!(errors("", None, None), "name: Name is required\n");
    assert_eq!(errors("  ", None, None), "name: Name is required\n");
    assert_eq!(
        errors(&"é".repeat(101), None, None),
        "name: Name too long\n"
    );
    assert_eq!(
        errors("a\0", None, None),
        "name: Name must not contain NUL characters\n"
    );
    assert_eq!(
        errors("Bars", Some(&"a".repeat(101)), None),
        "slug: Slug too long\n"
    );
    assert_eq!(
        errors("!!!", None, None),
        "slug: Slug is required, since none can be made from this name\n"
    );
    assert_eq!(
        errors("Bars", None, Some("")),
        "description: Description is required\n"
    );
}

#[test]
fn the_service_lists_and_removes() {
    let service = CategoryService::new(Arc::<InMemoryShop>::default());
    let bars = NewCategory {
        name: "Bars".into(),
        slug: None,
        description: None,
        is_active: true,
    };
    let bars = Unvalidated::new(bars).validate().unwrap();
    let bars = block_on(service.create(bars)).unwrap();
    assert_eq!(bars.id.to_string(), bars.id.0.to_string());
    let list = || block_on(service.list(StatusFilter::All)).unwrap();
    assert_eq!(list(), std::slice::from_ref(&bars));
    block_on(service.remove(&bars.slug, Expected::Any)).unwrap();
    assert_eq!(list(), []);
    let gone = block_on(service.remove(&bars.slug, Expected::Any));
    assert!(matches!(gone, Err(CategoryError::NotFound)));
}
