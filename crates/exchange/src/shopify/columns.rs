//! The columns of Shopify's product CSV that are read, by their names in both column sets.

use crate::cells::Numbers;
use crate::ours::Extra;
use crate::table::{self, Columns, Layout, Table};

/// A column that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Handle,
    Title,
    Description,
    Vendor,
    Type,
    Tags,
    Published,
    Status,
    Option1Name,
    Option1Value,
    Option2Name,
    Option2Value,
    Option3Name,
    Option3Value,
    Sku,
    Barcode,
    Price,
    CompareAtPrice,
    Stock,
    StockTracker,
    Weight,
    Content,
    ContentUnit,
    Image,
    ImagePosition,
    ImageAltText,
    VariantImage,
    SeoTitle,
    SeoDescription,
}

impl table::Column for Column {
    const ALL: &'static [Self] = &[
        Self::Handle,
        Self::Title,
        Self::Description,
        Self::Vendor,
        Self::Type,
        Self::Tags,
        Self::Published,
        Self::Status,
        Self::Option1Name,
        Self::Option1Value,
        Self::Option2Name,
        Self::Option2Value,
        Self::Option3Name,
        Self::Option3Value,
        Self::Sku,
        Self::Barcode,
        Self::Price,
        Self::CompareAtPrice,
        Self::Stock,
        Self::StockTracker,
        Self::Weight,
        Self::Content,
        Self::ContentUnit,
        Self::Image,
        Self::ImagePosition,
        Self::ImageAltText,
        Self::VariantImage,
        Self::SeoTitle,
        Self::SeoDescription,
    ];

    /// Its names: in the newer column set first, then in the older one.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Handle => &["URL handle", "Handle"],
            Self::Title => &["Title"],
            Self::Description => &["Description", "Body (HTML)"],
            Self::Vendor => &["Vendor"],
            Self::Type => &["Type"],
            Self::Tags => &["Tags"],
            Self::Published => &["Published on online store", "Published"],
            Self::Status => &["Status"],
            Self::Option1Name => &["Option1 name"],
            Self::Option1Value => &["Option1 value"],
            Self::Option2Name => &["Option2 name"],
            Self::Option2Value => &["Option2 value"],
            Self::Option3Name => &["Option3 name"],
            Self::Option3Value => &["Option3 value"],
            Self::Sku => &["SKU", "Variant SKU"],
            Self::Barcode => &["Barcode", "Barcodes", "Variant Barcode", "Variant Barcodes"],
            Self::Price => &["Price", "Variant Price"],
            Self::CompareAtPrice => &["Compare-at price", "Variant Compare At Price"],
            Self::Stock => &["Inventory quantity", "Variant Inventory Qty"],
            Self::StockTracker => &["Inventory tracker", "Variant Inventory Tracker"],
            Self::Weight => &["Weight value (grams)", "Variant Grams"],
            Self::Content => &["Unit price total measure"],
            Self::ContentUnit => &["Unit price total measure unit"],
            Self::Image => &["Product image URL", "Image Src"],
            Self::ImagePosition => &["Image position"],
            Self::ImageAltText => &["Image alt text"],
            Self::VariantImage => &["Variant image URL", "Variant Image"],
            Self::SeoTitle => &["SEO title"],
            Self::SeoDescription => &["SEO description"],
        }
    }
}

impl Column {
    /// The columns of the names and values of options.
    pub(super) const OPTIONS: [(Self, Self); 3] = [
        (Self::Option1Name, Self::Option1Value),
        (Self::Option2Name, Self::Option2Value),
        (Self::Option3Name, Self::Option3Value),
    ];
}

/// Where a file has the fields of products.
#[derive(Debug)]
pub(super) struct ProductLayout {
    columns: Columns<Column>,
    /// Columns of this shop, and metafields.
    pub(super) extra: Extra,
    /// How the file writes its numbers.
    pub(super) numbers: Numbers,
}

impl ProductLayout {
    pub(super) fn of(table: &Table) -> Self {
        let columns = Columns::of(table);
        let decimals = [
            Column::Price,
            Column::CompareAtPrice,
            Column::Weight,
            Column::Content,
        ];
        let decimals = decimals.into_iter().filter_map(|column| columns.at(column));
        let decimals: Vec<usize> = decimals.collect();
        // Shopify writes points. A spreadsheet may have changed them.
        let mark = table.numbers(&decimals).decimal_mark.unwrap_or('.');
        Self {
            columns,
            extra: Extra::of(table, metafield),
            numbers: Numbers {
                decimal_mark: Some(mark),
            },
        }
    }
}

impl Layout for ProductLayout {
    type Column = Column;

    fn columns(&self) -> &Columns<Column> {
        &self.columns
    }
}

/// The key of a metafield, by a column such as `Ingredients (product.metafields.custom.ingredients)`.
fn metafield(name: &str) -> Option<&str> {
    let (_, path) = name.split_once("(product.metafields.")?;
    let (_, key) = path.strip_suffix(')')?.rsplit_once('.')?;
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Column as _;

    #[test]
    fn names_belong_to_one_column() {
        let names = Column::ALL.iter().flat_map(|column| column.names());
        let mut names: Vec<_> = names.map(|name| table::folded(name)).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn metafields_have_keys() {
        for (name, key) in [
            (
                "Ingredients (product.metafields.custom.ingredients)",
                Some("ingredients"),
            ),
            (
                "Zutaten (Liste) (product.metafields.my-app.ingredients)",
                Some("ingredients"),
            ),
            ("Ingredients", None),
            ("x (product.metafields.custom)", None),
            ("x (product.metafields.custom.a", None),
        ] {
            assert_eq!(metafield(name), key, "{name}");
        }
    }
}
