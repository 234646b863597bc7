//! `/api/reservations`, with a file for each call.

mod body;
mod create;
mod end;
mod read;

use eggypro_domain::stock::ReservationId;

use crate::message::problem::Problem;

pub(crate) use self::create::{__path_create, create};
pub(crate) use self::end::{__path_confirm, __path_release, confirm, release};
pub(crate) use self::read::{__path_read, read};

/// The id in a path. A text that is no id names no reservation.
fn id_of(text: &str) -> Result<ReservationId, Problem> {
    text.parse().map_err(|_| Problem::not_found("reservation"))
}
