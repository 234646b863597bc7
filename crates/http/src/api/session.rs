//! `/api/auth/admin`, with a file for each call.

mod begin;
mod body;
mod end;
mod read;

pub(crate) use self::begin::{__path_begin, begin};
pub(crate) use self::end::{__path_end, end};
pub(crate) use self::read::{__path_read, read};
