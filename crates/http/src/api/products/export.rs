//! `/api/products/export`.

use std::io;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::products::{Product, ProductFilter, StatusFilter};
use eggypro_exchange::ExportFormat;
use utoipa::IntoParams;

use super::filter::{FilterParameters, ListFilterParameters, read_list_filter};
use crate::api::product_file::{ADMINS, ProductFile, matching};
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsRead};
use crate::state::Api;

const PARAMETERS: [&str; 14] = [
    "format",
    "category",
    "search",
    "inStock",
    "minPrice",
    "maxPrice",
    "minRating",
    "group",
    "allergenFree",
    "diet",
    "minProtein",
    "ids",
    "status",
    "stock",
];

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `read_query` reads")]
pub(crate) struct ExportParameters {
    /// `csv` (the default) or `ndjson`.
    format: Option<String>,
}

/// Export products
///
/// A file of all products that match, by id: a table (CSV in UTF-8), or one JSON object a line as the API takes products.
/// It is streamed. If it fails midway, the connection is closed before the end of the file.
#[utoipa::path(
    get,
    path = "/api/products/export",
    tag = "products",
    operation_id = "exportProducts",
    security(("admin" = ["products:read"])),
    params(ExportParameters, FilterParameters, ListFilterParameters),
    responses(
        (status = 200, description = "The file", body = String, content_type = "text/csv"),
        (status = 400, description = "A query parameter is unknown or broken"),
    ),
)]
pub(crate) async fn export(
    _: Admin<ProductsRead>,
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let (format, filter) = read_query(&request)?;
    let contents = matching(&api, filter).await?;
    let (file, name) = match format {
        ExportFormat::Csv => (CSV, "attachment; filename=\"products.csv\""),
        ExportFormat::Ndjson => (NDJSON, "attachment; filename=\"products.ndjson\""),
    };
    let caching = HeaderValue::from_static("no-store");
    let mut response = file.respond(&request, &api, contents, &caching).await?;
    let name = HeaderValue::from_static(name);
    response
        .headers_mut()
        .insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

fn read_query(request: &HttpRequest) -> Result<(ExportFormat, ProductFilter), Problem> {
    let mut query = Query::parse(request.query_string(), &PARAMETERS)?;
    let format = query.one_of("format", &ExportFormat::ALL, ExportFormat::as_str);
    let mut filter = read_list_filter(&mut query);
    if !query.is_given("status") {
        filter.status = StatusFilter::All;
    }
    query.finish()?;
    Ok((format.unwrap_or(ExportFormat::Csv), filter))
}

const CSV: ProductFile = ProductFile {
    content_type: "text/csv; charset=utf-8; header=present",
    is_gzip: false,
    is_complete: true,
    readers: &ADMINS,
    write_head: |out, _| ExportFormat::Csv.write_header(out),
    write_item: |out, product, _| write(ExportFormat::Csv, product, out),
    tail: "",
};

const NDJSON: ProductFile = ProductFile {
    content_type: "application/x-ndjson",
    is_gzip: false,
    is_complete: true,
    readers: &ADMINS,
    write_head: |_, _| {},
    write_item: |out, product, _| write(ExportFormat::Ndjson, product, out),
    tail: "",
};

/// A product that can't be written ends the file, so that nobody takes it for the whole.
fn write(format: ExportFormat, product: &Product, out: &mut String) -> io::Result<()> {
    format.write(product, out).map_err(io::Error::other)
}
