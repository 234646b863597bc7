use std::collections::BTreeMap;

use eggypro_domain::nfc;

/// A column that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Type,
    Sku,
    Gtin,
    Name,
    Published,
    Visibility,
    ShortDescription,
    Description,
    SaleStarts,
    SaleEnds,
    InStock,
    Stock,
    LowStock,
    SalePrice,
    RegularPrice,
    Categories,
    Images,
    Parent,
    Brands,
}

/// The names of the columns: the exporter translates them into the language of its user. The English name is the first;
/// the German ones are those of the translations from 2018 to 2026.
const NAMES: [(Column, &[&str]); 20] = [
    (Column::Id, &["ID"]),
    (Column::Type, &["Type", "Typ"]),
    (
        Column::Sku,
        &["SKU", "Artikelnummer", "Artikelnummer (SKU)", "Art.-Nr."],
    ),
    (
        Column::Gtin,
        &["GTIN, UPC, EAN, or ISBN", "GTIN, UPC, EAN oder ISBN"],
    ),
    (Column::Name, &["Name"]),
    (Column::Published, &["Published", "Veröffentlicht"]),
    (
        Column::Visibility,
        &["Visibility in catalog", "Sichtbarkeit im Katalog"],
    ),
    (
        Column::ShortDescription,
        &["Short description", "Kurzbeschreibung"],
    ),
    (Column::Description, &["Description", "Beschreibung"]),
    (
        Column::SaleStarts,
        &[
            "Date sale price starts",
            "Datum, an dem der Angebotspreis beginnt",
            "Datum, an dem Angebotspreis beginnt",
        ],
    ),
    (
        Column::SaleEnds,
        &[
            "Date sale price ends",
            "Datum, an dem der Angebotspreis endet",
            "Datum, an dem Angebotspreis endet",
        ],
    ),
    (Column::InStock, &["In stock?", "Vorrätig?"]),
    (
        Column::Stock,
        &["Stock", "Bestand", "Lager", "Lagerbestand"],
    ),
    (
        Column::LowStock,
        &["Low stock amount", "Geringe Lagermenge"],
    ),
    (Column::SalePrice, &["Sale price", "Angebotspreis"]),
    (Column::RegularPrice, &["Regular price", "Regulärer Preis"]),
    (Column::Categories, &["Categories", "Kategorien"]),
    (Column::Images, &["Images", "Bilder"]),
    (Column::Parent, &["Parent", "Übergeordnetes Produkt"]),
    (Column::Brands, &["Brands", "Marken"]),
];

/// Columns whose names no other format of product files has.
const DISTINCTIVE: [Column; 9] = [
    Column::Visibility,
    Column::ShortDescription,
    Column::SaleStarts,
    Column::SaleEnds,
    Column::InStock,
    Column::LowStock,
    Column::SalePrice,
    Column::RegularPrice,
    Column::Gtin,
];

/// The columns of a file.
#[derive(Debug)]
pub(super) struct Columns {
    header: Vec<String>,
    found: Vec<(Column, usize)>,
    attributes: Vec<AttributeColumns>,
}

/// The columns of an attribute, such as `Attribute 1 name` and `Attribute 1 value(s)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AttributeColumns {
    pub(super) name: usize,
    pub(super) value: usize,
}

impl Columns {
    pub(super) fn of(header: &[String]) -> Self {
        let keys: Vec<String> = header.iter().map(|name| key(name)).collect();
        let position = |name: &&str| {
            let key = key(name);
            keys.iter().position(|other| *other == key)
        };
        let found = NAMES.iter().filter_map(|(column, names)| {
            let at = names.iter().find_map(position)?;
            Some((*column, at))
        });
        Self {
            found: found.collect(),
            attributes: attributes(&keys),
            header: header.to_vec(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether the columns are WooCommerce's rather than those of another format.
    pub(super) fn are_of_woocommerce(&self) -> bool {
        let distinctive = DISTINCTIVE.into_iter();
        let mut count = distinctive
            .filter(|column| self.at(*column).is_some())
            .count();
        count += usize::from(!self.attributes.is_empty());
        count >= 2 || count == 1 && self.at(Column::Type).is_some()
    }

    /// The index of a column.
    pub(super) fn at(&self, column: Column) -> Option<usize> {
        let found = self.found.iter().find(|(other, _)| *other == column);
        found.map(|(_, at)| *at)
    }

    /// The attributes, by their numbers.
    pub(super) fn attributes(&self) -> &[AttributeColumns] {
        &self.attributes
    }

    /// The name of a column in the file, or its English name if the file does not have it.
    pub(super) fn name(&self, column: Column) -> &str {
        let own = self.at(column).and_then(|at| self.name_at(at));
        let names = NAMES.iter().find(|(other, _)| *other == column);
        let english = names.and_then(|(_, names)| names.first().copied());
        own.or(english).unwrap_or_default()
    }

    /// The name of the column with an index.
    pub(super) fn name_at(&self, at: usize) -> Option<&str> {
        self.header.get(at).map(String::as_str)
    }
}

/// A name without case, spaces and punctuation.
fn key(name: &str) -> String {
    let name = nfc(name).to_lowercase();
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn attributes(keys: &[String]) -> Vec<AttributeColumns> {
    let mut found: BTreeMap<u32, (Option<usize>, Option<usize>)> = BTreeMap::new();
    for (at, key) in keys.iter().enumerate() {
        if let Some((number, part)) = attribute(key) {
            let (name, value) = found.entry(number).or_default();
            match part {
                "name" => *name = name.or(Some(at)),
                _ => *value = value.or(Some(at)),
            }
        }
    }
    let pairs = found.into_values();
    let pairs = pairs.filter_map(|(name, value)| {
        Some(AttributeColumns {
            name: name?,
            value: value?,
        })
    });
    pairs.collect()
}

/// The number of an attribute, and whether the column has its `name` or its `value`.
fn attribute(key: &str) -> Option<(u32, &'static str)> {
    // German: `Attribut 1 Name`, `Attribut 1 Wert(e)`.
    let english = key.strip_prefix("attribute");
    let rest = english.or_else(|| key.strip_prefix("attribut"))?;
    let end = rest.find(|character: char| !character.is_ascii_digit())?;
    let (number, part) = rest.split_at(end);
    let part = match part {
        "name" => "name",
        "value" | "values" | "wert" | "werte" => "value",
        _ => return None,
    };
    Some((number.parse().ok()?, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(header: &str) -> Columns {
        let header: Vec<String> = header.split(';').map(str::to_owned).collect();
        Columns::of(&header)
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
            ("x;Datum, an dem Angebotspreis endet", Column::SaleEnds),
            ("x;ÜBERGEORDNETES PRODUKT", Column::Parent),
            ("x;Lager", Column::Stock),
            ("x;Bestand", Column::Stock),
        ] {
            assert_eq!(columns(header).at(column), Some(1), "{header}");
        }
        assert_eq!(columns("Regular price").name(Column::Sku), "SKU");
        assert_eq!(
            columns("regular_price").name(Column::RegularPrice),
            "regular_price"
        );
    }

    #[test]
    fn attributes_are_in_the_order_of_their_numbers() {
        let header = "Attribut 2 Wert(e);Attribute 2 name;Attribute 1 name;Attribute 1 value(s);\
                      Attribute 1 visible;Attribute 3 name";
        let expected = [
            AttributeColumns { name: 2, value: 3 },
            AttributeColumns { name: 1, value: 0 },
        ];
        assert_eq!(columns(header).attributes(), expected);
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
            ("", false),
        ] {
            assert_eq!(columns(header).are_of_woocommerce(), expected, "{header}");
        }
    }
}
