use std::collections::BTreeMap;

use crate::ours::Extra;
use crate::table::{self, Columns, Layout, Table};

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

impl table::Column for Column {
    const ALL: &'static [Self] = &[
        Self::Id,
        Self::Type,
        Self::Sku,
        Self::Gtin,
        Self::Name,
        Self::Published,
        Self::Visibility,
        Self::ShortDescription,
        Self::Description,
        Self::SaleStarts,
        Self::SaleEnds,
        Self::InStock,
        Self::Stock,
        Self::LowStock,
        Self::SalePrice,
        Self::RegularPrice,
        Self::Categories,
        Self::Images,
        Self::Parent,
        Self::Brands,
    ];

    /// The exporter translates the names into the language of its user. The English name is the first; the German ones are
    /// those of the translations from 2018 to 2026.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Id => &["ID"],
            Self::Type => &["Type", "Typ"],
            Self::Sku => &["SKU", "Artikelnummer", "Artikelnummer (SKU)", "Art.-Nr."],
            Self::Gtin => &["GTIN, UPC, EAN, or ISBN", "GTIN, UPC, EAN oder ISBN"],
            Self::Name => &["Name"],
            Self::Published => &["Published", "Veröffentlicht"],
            Self::Visibility => &["Visibility in catalog", "Sichtbarkeit im Katalog"],
            Self::ShortDescription => &["Short description", "Kurzbeschreibung"],
            Self::Description => &["Description", "Beschreibung"],
            Self::SaleStarts => &[
                "Date sale price starts",
                "Datum, an dem der Angebotspreis beginnt",
                "Datum, an dem Angebotspreis beginnt",
            ],
            Self::SaleEnds => &[
                "Date sale price ends",
                "Datum, an dem der Angebotspreis endet",
                "Datum, an dem Angebotspreis endet",
            ],
            Self::InStock => &["In stock?", "Vorrätig?"],
            Self::Stock => &["Stock", "Bestand", "Lager", "Lagerbestand"],
            Self::LowStock => &["Low stock amount", "Geringe Lagermenge"],
            Self::SalePrice => &["Sale price", "Angebotspreis"],
            Self::RegularPrice => &["Regular price", "Regulärer Preis"],
            Self::Categories => &["Categories", "Kategorien"],
            Self::Images => &["Images", "Bilder"],
            Self::Parent => &["Parent", "Übergeordnetes Produkt"],
            Self::Brands => &["Brands", "Marken"],
        }
    }
}

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

/// Where a file has the fields of products.
#[derive(Debug)]
pub(super) struct ProductLayout {
    columns: Columns<Column>,
    attributes: Vec<AttributeColumns>,
    /// Columns of this shop, and fields of plugins.
    pub(super) extra: Extra,
}

/// The columns of an attribute, such as `Attribute 1 name` and `Attribute 1 value(s)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AttributeColumns {
    pub(super) name: usize,
    pub(super) value: usize,
}

impl ProductLayout {
    pub(super) fn of(table: &Table) -> Self {
        Self {
            columns: Columns::of(table),
            attributes: attributes(table.header()),
            extra: Extra::of(table, meta_key),
        }
    }

    /// Whether the columns are WooCommerce's rather than those of another format.
    pub(super) fn is_of_woocommerce(&self) -> bool {
        let distinctive = DISTINCTIVE.into_iter();
        let mut count = distinctive
            .filter(|column| self.columns.has(*column))
            .count();
        count += usize::from(!self.attributes.is_empty());
        count >= 2 || count == 1 && self.columns.has(Column::Type)
    }

    /// The attributes, by their numbers.
    pub(super) fn attributes(&self) -> &[AttributeColumns] {
        &self.attributes
    }
}

impl Layout for ProductLayout {
    type Column = Column;

    fn columns(&self) -> &Columns<Column> {
        &self.columns
    }
}

/// The key of a field of a plugin, by a column such as `Meta: _ingredients`. WordPress hides fields with an underscore.
fn meta_key(name: &str) -> Option<&str> {
    let key = name.strip_prefix("Meta:")?.trim();
    Some(key.trim_start_matches('_'))
}

fn attributes(header: &[String]) -> Vec<AttributeColumns> {
    let keys = header.iter().map(|name| table::folded(name));
    let mut found: BTreeMap<u32, (Option<usize>, Option<usize>)> = BTreeMap::new();
    for (at, key) in keys.enumerate() {
        if let Some((number, part)) = attribute(&key) {
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
mod tests;
