use super::columns::ProductLayout;
use crate::table;

/// The cells of one row.
pub(super) type RowCells<'a> = table::RowCells<'a, ProductLayout>;
