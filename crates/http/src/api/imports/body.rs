use eggypro_domain::imports::{
    Difference, FieldDifference, Import, ImportError, ImportId, ImportStatus,
};
use serde::Serialize;
use serde_json::value::RawValue;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::api::products::Pagination;
use crate::message::problem::Problem;
use crate::state::Api;

/// Maximum number of errors in an answer.
const MAX_ERRORS: u32 = 1_000;

/// An import of a file, and how many of its rows became what so far.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportSummary {
    #[schema(example = "3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7")]
    id: String,
    /// `running`, `done` (every row was read), `failed` (the file can't be read on) or `cancelled`. What was written stays.
    #[schema(example = "done")]
    status: &'static str,
    /// `csv`, `ndjson`, `shopify` or `woocommerce`; `auto` until it is found.
    #[schema(example = "csv")]
    format: String,
    /// `upsert`, `create` or `update`.
    #[schema(example = "upsert")]
    mode: &'static str,
    /// Whether nothing is written. Then the counts say what would become of the rows.
    dry_run: bool,
    /// The rows of the file, once they are counted.
    #[schema(example = 120)]
    rows: Option<u64>,
    /// The rows that were read, the sum of the next four.
    #[schema(example = 120)]
    done: u64,
    /// Those that created a product.
    #[schema(example = 2)]
    created: u64,
    /// Those that changed a product.
    #[schema(example = 17)]
    updated: u64,
    /// Those of products that are as the file says.
    #[schema(example = 100)]
    unchanged: u64,
    /// Those that were refused.
    #[schema(example = 1)]
    failed: u64,
    /// Why the import has failed.
    failure: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    finished_at: Option<OffsetDateTime>,
}

/// One page of imports.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportPage)]
pub(super) struct ImportPageBody {
    pub(super) data: Vec<ImportSummary>,
    pub(super) pagination: Pagination,
}

/// An import of a file, and what has become of its rows so far.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Import)]
pub(super) struct ImportBody {
    #[serde(flatten)]
    summary: ImportSummary,
    /// The first 1000 errors, by row.
    errors: Vec<ErrorBody>,
    /// Of a dry run, what would become of the first products.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    preview: Option<Vec<DifferenceBody>>,
}

/// Something that is wrong with a row.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportError)]
struct ErrorBody {
    /// The number of the row. The header of a table is row 1. Of JSON lines, the number of the line.
    #[schema(example = 7)]
    row: u64,
    /// The column, as the file names it, or the field; empty if the row as a whole is wrong.
    #[schema(example = "price")]
    column: String,
    /// The cell, maybe shortened.
    #[schema(example = "-1")]
    value: String,
    #[schema(example = "Price must be positive")]
    message: String,
}

/// What a dry run would do to a product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportDifference)]
struct DifferenceBody {
    #[schema(example = 2)]
    row: u64,
    #[schema(example = "eggypro-vanilla-1kg")]
    slug: String,
    /// `created` or `updated`.
    #[schema(example = "updated")]
    action: &'static str,
    changes: Vec<FieldDifferenceBody>,
}

/// A field that would change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportedField)]
struct FieldDifferenceBody {
    #[schema(example = "price")]
    field: String,
    /// Null of a new product.
    #[schema(value_type = Value, example = 39.90)]
    before: Box<RawValue>,
    #[schema(value_type = Value, example = 41.90)]
    after: Box<RawValue>,
}

impl ImportSummary {
    pub(super) fn of(import: Import) -> Self {
        Self {
            id: import.id.to_string(),
            status: shown(import.status).as_str(),
            format: import.format,
            mode: import.mode.as_str(),
            dry_run: import.is_dry_run,
            rows: import.counts.rows,
            done: import.counts.done,
            created: import.counts.created,
            updated: import.counts.updated,
            unchanged: import.counts.unchanged,
            failed: import.counts.failed,
            failure: import.failure,
            created_at: import.created_at,
            finished_at: import.finished_at,
        }
    }
}

impl ImportBody {
    /// An import with its first errors, and the differences of a dry run.
    pub(super) async fn of(import: Import, api: &Api) -> Result<Self, Problem> {
        let errors = api.imports.errors(import.id, MAX_ERRORS).await?;
        let preview = match import.is_dry_run {
            true => Some(preview(import.id, api).await?),
            false => None,
        };
        Ok(Self {
            summary: ImportSummary::of(import),
            errors: errors.into_iter().map(ErrorBody::of).collect(),
            preview,
        })
    }
}

/// The status as the API shows it: a file that is being received belongs to a running import.
fn shown(status: ImportStatus) -> ImportStatus {
    match status {
        ImportStatus::Receiving => ImportStatus::Running,
        status => status,
    }
}

async fn preview(import: ImportId, api: &Api) -> Result<Vec<DifferenceBody>, Problem> {
    let differences = api.imports.differences(import).await?.into_iter();
    differences.map(DifferenceBody::of).collect()
}

impl ErrorBody {
    fn of(error: ImportError) -> Self {
        Self {
            row: error.row,
            column: error.column,
            value: error.value,
            message: error.message,
        }
    }
}

impl DifferenceBody {
    fn of(difference: Difference) -> Result<Self, Problem> {
        let changes = difference.changes.into_iter();
        Ok(Self {
            row: difference.row,
            slug: difference.slug.to_string(),
            action: difference.action.as_str(),
            changes: changes
                .map(FieldDifferenceBody::of)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl FieldDifferenceBody {
    fn of(difference: FieldDifference) -> Result<Self, Problem> {
        let json = |text: String| {
            RawValue::from_string(text).map_err(|error| Problem::unexpected(error.to_string()))
        };
        Ok(Self {
            field: difference.field,
            before: json(difference.before)?,
            after: json(difference.after)?,
        })
    }
}
