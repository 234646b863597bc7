//! `/api/search`: settings and checks of the search, for the shop's team.

pub(crate) mod check;
pub(crate) mod synonyms;
