use super::super::tests::product;
use super::*;

#[test]
fn a_list_price_is_struck_through() {
    let mut product = product(7, "egg-white");
    product.list_price = Some("50".parse().unwrap());
    let shown = offer(&product, &Storefront::default());
    assert_eq!(shown["price"], "39.90");
    let before = json!([{
        "@type": "UnitPriceSpecification",
        "priceType": "https://schema.org/StrikethroughPrice",
        "price": "50.00",
        "priceCurrency": "EUR",
    }]);
    assert_eq!(shown["priceSpecification"], before);

    product.net_content = NetContent::new(750.into(), ContentUnit::Gram).ok();
    let shown = offer(&product, &Storefront::default());
    assert_eq!(shown["priceSpecification"][1], before[0]);
}

#[test]
fn with_a_net_content_the_price_is_only_in_its_specification() {
    for (value, unit, of_pack, base, member) in [
        ("750", ContentUnit::Gram, "0.75", "KGM", "weight"),
        ("1.5", ContentUnit::Kilogram, "1.5", "KGM", "weight"),
        ("0.001", ContentUnit::Millilitre, "0.000001", "LTR", "size"),
        ("1000", ContentUnit::Millilitre, "1", "LTR", "size"),
        ("2", ContentUnit::Litre, "2", "LTR", "size"),
        ("12", ContentUnit::Piece, "12", "C62", "size"),
    ] {
        let mut product = product(7, "egg-white");
        let content = NetContent::new(value.parse().unwrap(), unit).unwrap();
        product.net_content = Some(content);
        let offer = offer(&product, &Storefront::default());
        assert_eq!(offer.get("price"), None);
        assert_eq!(offer.get("priceCurrency"), None);
        let active = &offer["priceSpecification"][0];
        assert_eq!(active.get("priceType"), None);
        assert_eq!(active["price"], "39.90");
        assert_eq!(active["priceCurrency"], "EUR");
        let mut reference = quantity(of_pack.parse().unwrap(), base);
        reference["valueReference"] = quantity(Decimal::ONE, base);
        assert_eq!(active["referenceQuantity"], reference, "{value} {unit:?}");
        let (shown_as, shown) = net_content(content);
        assert_eq!(shown_as, member);
        assert_eq!(shown["value"], value);
    }
}
