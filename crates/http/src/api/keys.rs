//! `/api/keys`, with a file for each call.

mod body;
mod create;
mod list;
mod revoke;
mod rotate;

use eggypro_auth::GeneratedKey;
use eggypro_domain::keys::KeyId;

use crate::message::problem::Problem;

pub(crate) use self::create::{__path_create, create};
pub(crate) use self::list::{__path_list, list};
pub(crate) use self::revoke::{__path_revoke, revoke};
pub(crate) use self::rotate::{__path_rotate, rotate};

fn fresh() -> Result<GeneratedKey, Problem> {
    GeneratedKey::generate().ok_or_else(|| Problem::unexpected("a key can't be made"))
}

/// The id in the path. 404 if it is not a valid id.
fn id_of(text: &str) -> Result<KeyId, Problem> {
    text.parse().map_err(|_| Problem::not_found("key"))
}
