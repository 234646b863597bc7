use super::*;

#[test]
fn equivalent_queries_have_the_same_key() {
    let name =
        |path: &str, query: &str| cached_read(path, query).map(|(key, _)| key.name().to_owned());
    let list = |query: &str| name("/api/products", query).unwrap();
    assert_eq!(
        list(""),
        list("limit=20&offset=0&sort=name-asc&inStock=false&")
    );
    assert_eq!(
        list("minPrice=10&search=Egg"),
        list("search=%65GG&minPrice=10.00")
    );
    assert_ne!(list(""), list("limit=21"));
    assert_ne!(list("category=a"), list("search=a"));
    assert_ne!(list("minPrice=1"), list("maxPrice=1"));
    let search = |query: &str| name("/api/products/search", query).unwrap();
    assert_eq!(search("q=Egg"), search("offset=0&q=+egg+"));
    assert_ne!(
        search("q=in-stock%20active%20a"),
        search("q=a&inStock=true")
    );
    assert_ne!(name("/api/products/a", ""), name("/api/categories/a", ""));
    let reviews = |query: &str| name("/api/products/a/reviews", query).unwrap();
    assert_eq!(reviews(""), reviews("sort=newest&offset=0&limit=20"));
    assert_ne!(reviews(""), reviews("rating=5"));
    assert_ne!(reviews("rating=1"), reviews("limit=1"));
    for (path, query) in [
        ("/api/products", "x=1"),
        ("/api/products", "status=active"),
        ("/api/products/search", ""),
        ("/api/products/search", "q=a&status=all"),
        ("/api/products/a", "x=1"),
        ("/api/products/a/reviews", "verified=true"),
        ("/api/products/A/reviews", ""),
        ("/api/categories/a/reviews", ""),
        ("/api/products/A", ""),
        ("/api/products/", ""),
        ("/api/orders", ""),
        ("/products", ""),
    ] {
        assert_eq!(name(path, query), None, "{path}?{query}");
    }
}
