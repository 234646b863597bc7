//! The parts of HTTP messages: problems, documents, entity tags, encodings, query strings, bodies, forms and cursors. They
//! are independent of the API's resources.

pub(crate) mod cursor;
pub(crate) mod document;
pub(crate) mod encoding;
pub(crate) mod entity_tag;
pub(crate) mod fields;
pub(crate) mod form;
pub(crate) mod json_body;
pub(crate) mod link;
pub(crate) mod problem;
pub(crate) mod query;
pub(crate) mod static_document;
