//! `/api/stock` and `/api/products/{slug}/stock`, with a file for each call.

pub(crate) mod body;
mod list;
mod make;
mod make_all;

pub(crate) use self::list::{__path_list, list};
pub(crate) use self::make::{__path_make, make};
pub(crate) use self::make_all::{__path_make_all, make_all};
