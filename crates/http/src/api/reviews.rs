//! `/api/reviews` and `/api/products/{slug}/reviews`, with a file for each call.

pub(crate) mod body;
mod bulk;
mod create;
pub(crate) mod cursor;
mod delete;
pub(crate) mod list;
mod queue;
mod verify;

use actix_web::web;
use eggypro_domain::reviews::ReviewId;

use crate::message::problem::Problem;

pub(crate) use self::body::ModeratedReview;
pub(crate) use self::bulk::{__path_decide, decide};
pub(crate) use self::create::{__path_create, create};
pub(crate) use self::delete::{__path_delete, delete};
pub(crate) use self::list::{__path_list, list};
pub(crate) use self::queue::{__path_queue, queue};
pub(crate) use self::verify::{__path_verify, verify};

/// The id in the path. 404 if it is not a valid id.
fn id_of(path: &web::Path<String>) -> Result<ReviewId, Problem> {
    let id = path.parse().map(ReviewId);
    id.map_err(|_| Problem::not_found("review"))
}
