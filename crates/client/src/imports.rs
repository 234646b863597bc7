//! Imports of files of products.

use std::ops::Deref;

use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;

use crate::operation as op;
use crate::page::{Items, Page, Pages};
use crate::request::{Body, Request};
use crate::text_enum::text_enum;
use crate::{Call, Client, Download, Upload};

/// How a file is imported.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportOptions {
    /// The format of the file; found from the file by default.
    pub format: Option<ImportFormat>,
    /// What rows may do; create and change products by default.
    pub mode: Option<ImportMode>,
    /// Whether nothing is written: rows are checked and counted, and the import has a `preview`.
    pub dry_run: bool,
}

text_enum! {
    /// The format of a file.
    ImportFormat {
        /// Found from the file.
        Auto = "auto",
        /// A table in CSV.
        Csv = "csv",
        /// A JSON object a line.
        Ndjson = "ndjson",
        /// A table that Shopify has exported.
        Shopify = "shopify",
        /// A table that WooCommerce has exported.
        Woocommerce = "woocommerce",
    }
}

text_enum! {
    /// What rows may do.
    ImportMode {
        /// Create and change products.
        Upsert = "upsert",
        /// Only create products.
        Create = "create",
        /// Only change products.
        Update = "update",
    }
}

/// An import that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct StartedImport {
    /// The id, to read the progress by.
    pub id: String,
    /// Whether it has ended.
    pub status: ImportStatus,
}

text_enum! {
    /// The state of an import.
    ImportStatus {
        /// Rows are read and written.
        Running = "running",
        /// Every row was read.
        Done = "done",
        /// The file can't be read on. What was written stays.
        Failed = "failed",
        /// It was cancelled. What was written stays.
        Cancelled = "cancelled",
    }
}

/// An import of a file, and the numbers of its rows so far.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ImportSummary {
    /// The id.
    pub id: String,
    /// Whether it has ended.
    pub status: ImportStatus,
    /// The format of the file; `Auto` until it is found.
    pub format: ImportFormat,
    /// What rows may do.
    pub mode: ImportMode,
    /// Whether nothing is written.
    pub dry_run: bool,
    /// The number of rows of the file, once they are counted.
    pub rows: Option<u64>,
    /// The number of rows that were read, the sum of the next four.
    pub done: u64,
    /// Rows that created a product.
    pub created: u64,
    /// Rows that changed a product.
    pub updated: u64,
    /// Rows of products that are as the file says.
    pub unchanged: u64,
    /// Rows that were refused.
    pub failed: u64,
    /// Why the import has failed.
    pub failure: Option<String>,
    /// The time of the upload.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it ended.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub finished_at: Option<OffsetDateTime>,
}

/// An import with its errors. It dereferences to its summary.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Import {
    /// The import without its errors.
    #[serde(flatten)]
    pub summary: ImportSummary,
    /// The first 1 000 errors, by row.
    pub errors: Vec<ImportError>,
    /// Of a dry run, what would become of the first products.
    pub preview: Option<Vec<ImportDifference>>,
}

impl Deref for Import {
    type Target = ImportSummary;

    fn deref(&self) -> &ImportSummary {
        &self.summary
    }
}

/// Why a row was refused.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ImportError {
    /// The number of the row.
    pub row: u64,
    /// The column.
    pub column: String,
    /// What it contains.
    pub value: String,
    /// The rule that it breaks, for people.
    pub message: String,
}

/// What a dry run would do to a product.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ImportDifference {
    /// The number of the row.
    pub row: u64,
    /// The slug of the product.
    pub slug: String,
    /// `created` or `updated`.
    pub action: String,
    /// The fields that would change.
    pub changes: Vec<ImportedField>,
}

/// A field that would change.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ImportedField {
    /// The name of the field.
    pub field: String,
    /// Its present value.
    pub before: Value,
    /// Its value afterwards.
    pub after: Value,
}

/// The calls of imports. See [`Client::imports`].
#[derive(Debug, Clone, Copy)]
pub struct Imports<'a>(&'a Client);

impl Client {
    /// Imports of files of products.
    pub fn imports(&self) -> Imports<'_> {
        Imports(self)
    }
}

impl Imports<'_> {
    /// Uploads a file of at most 200 MB, whose rows the server then reads and writes in the background.
    ///
    /// # Errors
    /// 409 if too many imports have not ended, 413 if the file is too large.
    pub fn start(&self, file: impl Into<Upload>, options: &ImportOptions) -> Call<StartedImport> {
        let request = Request::new(&op::IMPORT_PRODUCTS, &[]);
        let request = request.query(|query| {
            query
                .add("format", options.format.as_ref())
                .add("mode", options.mode.as_ref())
                .add("dry_run", options.dry_run.then_some(true));
        });
        Call::json(self.0, request.body(Body::File(file.into())))
    }

    /// Reads a page of imports, the newest first. `limit` is 1 to 100.
    ///
    /// # Errors
    /// 403 without `products:write`.
    pub fn list(&self, limit: Option<u8>, cursor: Option<&str>) -> Call<Page<ImportSummary>> {
        let request = Request::new(&op::LIST_IMPORTS, &[]);
        let request = request.query(|query| {
            query.add("limit", limit).add("cursor", cursor);
        });
        Call::json(self.0, request)
    }

    /// Reads all imports, page by page.
    pub fn all(&self) -> Items<ImportSummary> {
        let client = self.0.clone();
        let pages = Pages::new(move |cursor| client.imports().list(Some(100), cursor.as_deref()));
        pages.items()
    }

    /// Reads an import.
    ///
    /// # Errors
    /// 404 if it does not exist.
    pub fn get(&self, id: &str) -> Call<Import> {
        Call::json(self.0, Request::new(&op::READ_IMPORT, &[&id]))
    }

    /// Cancels an import. What was written stays.
    ///
    /// # Errors
    /// 404 if it does not exist, 409 if it has ended.
    pub fn cancel(&self, id: &str) -> Call<Import> {
        Call::json(self.0, Request::new(&op::CANCEL_IMPORT, &[&id]))
    }

    /// Downloads all refused rows as they came, with a column `error`.
    ///
    /// # Errors
    /// 404 if the import does not exist.
    pub fn errors(&self, id: &str) -> Call<Download> {
        Call::download(self.0, Request::new(&op::READ_IMPORT_ERRORS, &[&id]))
    }

    /// Reads an import every `interval` until it has ended, and returns it.
    ///
    /// # Errors
    /// Those of [`get`](Self::get).
    pub async fn wait(&self, id: &str, interval: std::time::Duration) -> crate::Result<Import> {
        loop {
            let import = self.get(id).await?;
            if import.status != ImportStatus::Running {
                return Ok(import);
            }
            tokio::time::sleep(interval).await;
        }
    }
}
