use super::{ProductFilter, Products, Status, StockState};
use crate::operation as op;
use crate::request::Request;
use crate::text_enum::text_enum;
use crate::{Call, Download};

/// Which products a file contains, and its format.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExportProducts {
    /// A table by default.
    pub format: Option<ExportFormat>,
    /// Which products.
    pub filter: ProductFilter,
    /// Whose title, name or description contains this text, in any case.
    pub search: Option<String>,
    /// All by default.
    pub status: Option<Status>,
    /// With a stock in one of these states.
    pub stock: Vec<StockState>,
}

text_enum! {
    /// The format of an exported file.
    ExportFormat {
        /// A table in CSV.
        Csv = "csv",
        /// A JSON object a line.
        Ndjson = "ndjson",
    }
}

impl Products<'_> {
    /// Exports products as a file, in the order of their ids. An import of the file changes nothing.
    ///
    /// # Errors
    /// 403 without `products:read`.
    pub fn export(&self, export: &ExportProducts) -> Call<Download> {
        let request = Request::new(&op::EXPORT_PRODUCTS, &[]);
        let request = request.query(|query| {
            query.add("format", export.format.as_ref());
            export.filter.write(query);
            query
                .add("search", export.search.as_ref())
                .add("status", export.status.as_ref())
                .list("stock", &export.stock);
        });
        Call::download(self.0, request)
    }
}
