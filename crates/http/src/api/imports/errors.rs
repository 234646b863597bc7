use std::io;
use std::sync::Arc;

use actix_web::body::BodyStream;
use actix_web::http::header;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use eggypro_domain::imports::{Import, ImportRepository, RefusedRow};
use eggypro_exchange::{ErrorsFile, ExportFormat};
use futures_util::stream::{self, Stream};
use tokio::sync::SemaphorePermit;

use super::find;
use crate::api::product_file::ADMINS;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsWrite};
use crate::state::Api;

/// Maximum number of rows in memory. Of large rows there are fewer.
const PAGE: u32 = 200;

/// Read the refused rows of an import
///
/// A table (CSV in UTF-8) of the rows that were refused so far: the columns of the file, with the cells as they came, and a
/// column `error`. It can be corrected and imported; the column `error` is ignored then. Of JSON lines, it has the columns
/// `line` and `error`. It is streamed. If it fails midway, the connection is closed before the end of the file.
#[utoipa::path(
    get,
    path = "/api/imports/{id}/errors.csv",
    tag = "imports",
    operation_id = "readImportErrors",
    security(("admin" = ["products:write"])),
    params(("id" = String, Path, description = "The import's id")),
    responses(
        (status = 200, description = "The file", body = String, content_type = "text/csv"),
        (status = 404, description = "Unknown"),
    ),
)]
pub(crate) async fn errors(
    _: Admin<ProductsWrite>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let import = find(&api, &path).await?;
    // A page may have some MiB.
    let permit = ADMINS.permit()?;
    // If the store is unavailable, the answer says so instead of ending early.
    let first = api.imports.refused_rows(import.id, 0, PAGE).await?;
    let parts = parts(Arc::clone(&api.imports), &import, first, permit);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, ExportFormat::Csv.media_type()))
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"errors.csv\"",
        ))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(BodyStream::new(Box::pin(parts))))
}

/// The next rows of the file.
enum Next {
    First(Vec<RefusedRow>),
    /// Those after this position.
    After(u64),
    End,
}

impl Next {
    /// What follows rows, of an import of which this number was done.
    fn after(rows: &[RefusedRow], done: u64) -> Self {
        match rows.last() {
            Some(last) if last.position < done => Self::After(last.position),
            _ => Self::End,
        }
    }
}

/// The parts of the file, with the rows that were refused when the import was read. An error ends the answer before its
/// end, so that no reader takes it for the whole.
fn parts(
    imports: Arc<dyn ImportRepository>,
    import: &Import,
    first: Vec<RefusedRow>,
    permit: SemaphorePermit<'static>,
) -> impl Stream<Item = io::Result<Bytes>> + use<> {
    let (id, done) = (import.id, import.counts.done);
    let file = Arc::new(ErrorsFile::new(&import.header));
    stream::try_unfold(Next::First(first), move |next| {
        // Held until the stream ends.
        let _ = &permit;
        let (imports, file) = (Arc::clone(&imports), Arc::clone(&file));
        async move {
            let mut text = String::new();
            let rows = match next {
                Next::First(rows) => {
                    file.write_header(&mut text);
                    rows
                }
                Next::After(position) => imports
                    .refused_rows(id, position, PAGE)
                    .await
                    .inspect_err(|error| tracing::warn!(%error, "a file of errors ends early"))
                    .map_err(io::Error::other)?,
                Next::End => return Ok(None),
            };
            let next = Next::after(&rows, done);
            // The header of a file that was opened since is not known here.
            let rows = rows.iter().take_while(|row| row.position <= done);
            rows.for_each(|row| file.write(row, &mut text));
            Ok::<_, io::Error>(Some((Bytes::from(text), next)))
        }
    })
}
