//! `/api/categories`, with a file for each call.

pub(crate) mod body;
mod create;
mod delete;
pub(crate) mod list;
pub(crate) mod read;
mod replace;

use actix_web::web;
use eggypro_domain::Slug;

use crate::message::problem::Problem;

pub(crate) use self::body::CategoryBody;
pub(crate) use self::create::{__path_create, create};
pub(crate) use self::delete::{__path_delete, delete};
pub(crate) use self::list::{__path_list, list};
pub(crate) use self::read::{__path_read, read};
pub(crate) use self::replace::{__path_replace, replace};

/// The slug in the path. 404 if it is not a valid slug.
fn slug_of(path: web::Path<String>) -> Result<Slug, Problem> {
    Slug::try_from(path.into_inner()).map_err(|_| Problem::not_found("category"))
}
