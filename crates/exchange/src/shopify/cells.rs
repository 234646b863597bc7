use eggypro_domain::Decimal;

use super::columns::{Column, ProductLayout};
use crate::{cells, table};

/// The cells of one row.
pub(super) type RowCells<'a> = table::RowCells<'a, ProductLayout>;

impl RowCells<'_> {
    /// The number of a cell.
    pub(super) fn decimal(&mut self, column: Column) -> Option<Decimal> {
        let numbers = self.layout().numbers;
        self.read(column, |text| cells::decimal(text, numbers))
    }

    /// The whole number of a cell.
    pub(super) fn whole(&mut self, column: Column) -> Option<i64> {
        let numbers = self.layout().numbers;
        self.read(column, |text| cells::whole(text, numbers))
    }

    /// Whether the row describes a variant, not only a picture.
    pub(super) fn has_variant(&self) -> bool {
        use Column::{Barcode, Option1Value, Option2Value, Option3Value, Price, Sku};

        let mut columns = [
            Option1Value,
            Option2Value,
            Option3Value,
            Sku,
            Price,
            Barcode,
        ]
        .into_iter();
        columns.any(|column| self.text(column).is_some())
    }
}
