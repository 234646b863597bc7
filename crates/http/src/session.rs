//! `/api/auth/admin`: who the caller is, and short-lived tokens in the place of the secret.

mod begin;
mod body;
mod read;

pub(crate) use self::begin::{__path_begin, begin};
pub(crate) use self::read::{__path_read, read};
