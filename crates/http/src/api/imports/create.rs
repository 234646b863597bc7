use std::iter;
use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{self, Payload};
use actix_web::{HttpRequest, HttpResponse};
use eggypro_domain::imports::{ImportMode, ImportStatus, NewImport};
use eggypro_exchange::Format;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::receive::receive;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsWrite};
use crate::state::Api;

/// The format that is found from the file.
const AUTO: &str = "auto";

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `read_query` reads")]
pub(crate) struct ImportParameters {
    /// `auto` (the default) finds it from the file.
    format: Option<String>,
    /// `upsert` (the default) creates and changes products, `create` and `update` refuse the rows of products that exist or
    /// that don't.
    mode: Option<String>,
    /// With `true`, nothing is written: the rows are checked and counted, and the import has a `preview`.
    dry_run: Option<bool>,
}

/// The file of an import in a form.
#[derive(Debug, ToSchema)]
#[schema(as = ImportForm)]
#[expect(dead_code, reason = "documents what `receive` reads")]
pub(crate) struct ImportForm {
    /// One file of at most 200 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// An import that has begun.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StartedImport {
    #[schema(example = "3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7")]
    id: String,
    /// `running`
    #[schema(example = "running")]
    status: &'static str,
}

/// Import products
///
/// The body is a file of products, whatever its type, or a form with it: a table (CSV, also of Shopify and WooCommerce) or
/// JSON lines. Its rows are read and written after the answer. A row is about the product with its SKU, else with its GTIN,
/// else with its slug. A row that breaks a rule is refused, and the others are written. An interrupted upload has no effect.
#[utoipa::path(
    post,
    path = "/api/imports",
    tag = "imports",
    operation_id = "importProducts",
    security(("admin" = ["products:write"])),
    params(ImportParameters),
    request_body(
        description = "The file, of at most 200 MB",
        content(
            (String = "text/csv", example = "sku,price\nEP-VAN-1000,39.90\n"),
            (String = "application/x-ndjson", example = "{\"sku\":\"EP-VAN-1000\",\"price\":39.90}\n"),
            (ImportForm = "multipart/form-data"),
        ),
    ),
    responses(
        (status = 202, description = "The file is complete, and the import has begun", body = StartedImport),
        (status = 400, description = "There is no file, or it is empty or incomplete, or a query parameter is unknown or broken"),
        (status = 408, description = "The file arrives too slowly"),
        (status = 409, description = "Too many imports have not ended"),
        (status = 413, description = "The file is larger than 200 MB"),
        (status = 415, description = "The body is compressed, or a form without files"),
        (status = 422, description = "The form has more than one file"),
    ),
)]
pub(crate) async fn create(
    _: Admin<ProductsWrite>,
    request: HttpRequest,
    payload: Payload,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let new = read_query(&request)?;
    let id = receive(&request, payload, Arc::clone(&api.imports), new).await?;
    Ok(HttpResponse::Accepted()
        .insert_header((header::LOCATION, format!("/api/imports/{id}")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(StartedImport {
            id: id.to_string(),
            status: ImportStatus::Running.as_str(),
        }))
}

fn read_query(request: &HttpRequest) -> Result<NewImport, Problem> {
    let mut query = Query::of(request, &["format", "mode", "dry_run"])?;
    let formats = Format::ALL.into_iter().map(Format::as_str);
    let formats: Vec<&'static str> = iter::once(AUTO).chain(formats).collect();
    let format = query.one_of("format", &formats, |name| name);
    let mode = query.one_of("mode", &ImportMode::ALL, ImportMode::as_str);
    let is_dry_run = query.boolean("dry_run");
    query.finish()?;
    let mut import = NewImport::new(format.unwrap_or(AUTO));
    import.mode = mode.unwrap_or(import.mode);
    import.is_dry_run = is_dry_run.unwrap_or(import.is_dry_run);
    Ok(import)
}
