use eggypro_domain::categories::{Category, NewCategory};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::message::document::Document;
use crate::message::entity_tag;
use crate::message::fields::Fields;
use crate::message::problem::Problem;

/// A category.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Category)]
pub(crate) struct CategoryBody<'a> {
    id: i32,
    #[schema(example = "Protein bars")]
    name: &'a str,
    #[schema(example = "protein-bars")]
    slug: &'a str,
    description: Option<&'a str>,
    is_active: bool,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
}

impl<'a> CategoryBody<'a> {
    pub(crate) fn of(category: &'a Category) -> Self {
        Self {
            id: category.id.0,
            name: &category.name,
            slug: category.slug.as_str(),
            description: category.description.as_deref(),
            is_active: category.is_active,
            created_at: category.created_at,
        }
    }
}

/// The document of a category. Its tag contains the version.
pub(super) fn document(category: &Category) -> Result<Document, Problem> {
    let tag = entity_tag::of_revision(category.revision());
    Document::versioned_json(&CategoryBody::of(category), tag)
}

/// A category to be made, or the whole of what is to replace one.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `read_input` reads")]
pub(super) struct CategoryInput {
    /// Not blank.
    #[schema(min_length = 1, max_length = 100, example = "Protein bars")]
    name: String,
    /// Without one it is made from the name, or stays when a category is replaced.
    #[schema(
        required = false,
        min_length = 1,
        max_length = 100,
        pattern = "^[a-z0-9-]+$"
    )]
    slug: Option<String>,
    #[schema(required = false, min_length = 1, max_length = 10_000)]
    description: Option<String>,
    #[schema(required = false, default = true)]
    is_active: Option<bool>,
}

/// Reads a complete category from a body, before validation.
pub(crate) fn read_input(fields: &mut Fields<'_>) -> NewCategory {
    let mut category = NewCategory::new(fields.text("name").or_default());
    category.slug = fields.slug("slug").value();
    category.description = fields.text("description").value();
    category.is_active = fields.boolean("is_active").or(true);
    category
}
