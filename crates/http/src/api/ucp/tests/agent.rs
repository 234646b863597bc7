use super::super::agent::version;
use super::super::ids::CatalogId;
use super::product;

#[test]
fn a_version_is_a_member_or_a_parameter() {
    for (header, expected) in [
        ("", None),
        ("profile=\"https://a.b/ucp\"", None),
        (
            "profile=\"https://a.b/ucp\";version=\"2026-01-23\"",
            Some("2026-01-23"),
        ),
        (
            "profile=\"...\"; version=\"2099-01-01\"",
            Some("2099-01-01"),
        ),
        ("version=\"2026-04-08\", profile=\"x\"", Some("2026-04-08")),
        ("Version=2026-04-08", Some("2026-04-08")),
        ("profile=\"https://a.b/;version=1\"", None),
        ("profile=\"a\\\";version=1\"", None),
        ("profile=\"a\\\\\";version=1", Some("1")),
        ("profile=\"unterminated;version=1", None),
        ("my-version=1;versions=2", None),
    ] {
        assert_eq!(version(header), expected, "{header}");
    }
}

#[test]
fn ids_round_trip() {
    let mut grouped = product(7, "7");
    grouped.group = Some("7".parse().unwrap());
    for (id, text) in [
        (CatalogId::of(&product(7, "egg")), "prod_7"),
        (CatalogId::of(&grouped), "prod_g_7"),
        (CatalogId::Group("g-7".parse().unwrap()), "prod_g_g-7"),
        (CatalogId::Variant(grouped.id), "var_7"),
    ] {
        assert_eq!(id.to_string(), text);
        assert_eq!(CatalogId::parse(text), Some(id));
    }
    for text in [
        "",
        "7",
        "prod_",
        "prod_07",
        "prod_+7",
        "prod_-7",
        "prod_0",
        "prod_egg",
        "prod_99999999999",
        "prod_g_",
        "prod_g_A",
        "prod_g_g_7",
        "var_7 ",
        "var_",
        "VAR_7",
    ] {
        assert_eq!(CatalogId::parse(text), None, "{text}");
    }
}
