//! `/api/imports`, with a file for each call.

mod body;
mod cancel;
mod create;
mod errors;
mod list;
mod read;
mod receive;
mod upload;

use actix_web::http::StatusCode;
use eggypro_domain::imports::{Import, ImportId, ImportStatus};

use crate::message::problem::Problem;
use crate::state::Api;

pub(crate) use self::cancel::{__path_cancel, cancel};
pub(crate) use self::create::{__path_create, create};
pub(crate) use self::errors::{__path_errors, errors};
pub(crate) use self::list::{__path_list, list};
pub(crate) use self::read::{__path_read, read};
pub(crate) use self::receive::ImportUploads;

/// The import with the id in a path. A text that is no id names no import.
async fn find(api: &Api, id: &str) -> Result<Import, Problem> {
    let id: ImportId = id.parse().map_err(|_| not_found())?;
    api.imports.find(id).await?.ok_or_else(not_found)
}

fn not_found() -> Problem {
    Problem::not_found("import")
}

/// 409 for an import that has ended.
fn ended(status: ImportStatus) -> Problem {
    let detail = format!("The import has ended: it is {status}.");
    Problem::new(StatusCode::CONFLICT, "import-ended", detail)
}
