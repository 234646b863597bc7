use super::*;

fn layout(header: &'static str) -> ProductLayout {
    ProductLayout::of(&Table::open(header.as_bytes()).unwrap())
}

#[test]
fn names_are_found_in_both_languages_without_case_and_punctuation() {
    for (header, column) in [
        ("x;SKU", Column::Sku),
        ("x;sku", Column::Sku),
        ("x;Artikelnummer", Column::Sku),
        ("x;In Stock", Column::InStock),
        ("x;Vorra\u{308}tig?", Column::InStock),
        ("x;gtin upc ean or isbn", Column::Gtin),
        ("x;\"Datum, an dem Angebotspreis endet\"", Column::SaleEnds),
        ("x;ÜBERGEORDNETES PRODUKT", Column::Parent),
        ("x;Lager", Column::Stock),
        ("x;Bestand", Column::Stock),
    ] {
        assert_eq!(layout(header).columns().at(column), Some(1), "{header}");
    }
    assert_eq!(layout("Regular price").columns().name(Column::Sku), "SKU");
    assert_eq!(
        layout("regular_price").columns().name(Column::RegularPrice),
        "regular_price"
    );
}

#[test]
fn fields_of_plugins_have_keys() {
    for (name, key) in [
        ("Meta: ingredients", Some("ingredients")),
        ("Meta:_ingredients", Some("ingredients")),
        ("Meta: _yoast_wpseo_title", Some("yoast_wpseo_title")),
        ("Ingredients", None),
    ] {
        assert_eq!(meta_key(name), key, "{name}");
    }
}

#[test]
fn attributes_are_in_the_order_of_their_numbers() {
    let header = "Attribut 2 Wert(e);Attribute 2 name;Attribute 1 name;Attribute 1 value(s);\
                      Attribute 1 visible;Attribute 3 name";
    let expected = [
        AttributeColumns { name: 2, value: 3 },
        AttributeColumns { name: 1, value: 0 },
    ];
    assert_eq!(layout(header).attributes(), expected);
}

#[test]
fn other_formats_are_not_woocommerce() {
    for (header, expected) in [
        (
            "ID;Type;SKU;Name;Published;Short description;Regular price",
            true,
        ),
        ("ID;Typ;Artikelnummer;Regulärer Preis", true),
        (
            "Handle;Title;Body (HTML);Vendor;Type;Tags;Published;Variant SKU;Variant Price",
            false,
        ),
        (
            "Title;URL handle;Description;Vendor;Type;SKU;Barcode;Price;Compare-at price",
            false,
        ),
        (
            "sku;gtin;slug;name;title;description;details;price;list_price;low_stock_at",
            false,
        ),
    ] {
        assert_eq!(layout(header).is_of_woocommerce(), expected, "{header}");
    }
}
