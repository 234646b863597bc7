//! The columns of Shopify's product CSV that are read, by their names in both column sets.

use crate::cells::Numbers;
use crate::table::Table;

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

impl Column {
    const ALL: [Self; 29] = [
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

    /// The columns of the names and values of options.
    pub(super) const OPTIONS: [(Self, Self); 3] = [
        (Self::Option1Name, Self::Option1Value),
        (Self::Option2Name, Self::Option2Value),
        (Self::Option3Name, Self::Option3Value),
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

/// Which columns a file has.
#[derive(Debug)]
pub(super) struct Columns {
    /// Where each of [`Column::ALL`] is.
    places: Vec<Option<usize>>,
    header: Vec<String>,
    /// How the file writes its numbers.
    pub(super) numbers: Numbers,
}

impl Columns {
    pub(super) fn of(table: &Table) -> Self {
        let place = |column: Column| {
            let mut names = column.names().iter();
            names.find_map(|name| table.column(name))
        };
        let decimals = [
            Column::Price,
            Column::CompareAtPrice,
            Column::Weight,
            Column::Content,
        ];
        let decimals: Vec<usize> = decimals.into_iter().filter_map(place).collect();
        // Shopify writes points. A spreadsheet may have changed them.
        let mark = table.numbers(&decimals).decimal_mark.unwrap_or('.');
        Self {
            numbers: Numbers {
                decimal_mark: Some(mark),
            },
            places: Column::ALL.into_iter().map(place).collect(),
            header: table.header().to_vec(),
        }
    }

    fn place(&self, column: Column) -> Option<usize> {
        self.places.get(column as usize).copied().flatten()
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.place(column).is_some()
    }

    /// The cell of a column; `None` if the file does not have the column.
    pub(super) fn cell<'a>(&self, cells: &'a [String], column: Column) -> Option<&'a str> {
        cells.get(self.place(column)?).map(String::as_str)
    }

    /// The name of a column: as the file has it, or else its name in the newer column set.
    pub(super) fn name(&self, column: Column) -> &str {
        let own = self.place(column).and_then(|place| self.header.get(place));
        let newest = column.names().first().copied();
        own.map(String::as_str).or(newest).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_listed_in_their_order() {
        for (place, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!(column as usize, place, "{column:?}");
        }
    }

    #[test]
    fn names_belong_to_one_column() {
        let names = Column::ALL.into_iter().flat_map(Column::names);
        let mut names: Vec<_> = names.map(|name| name.to_lowercase()).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
