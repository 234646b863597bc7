//! The categories in the snapshot.

use std::collections::HashMap;

use diesel::prelude::*;
use eggypro_domain::categories::CategoryId;
use eggypro_domain::products::CategoryRef;
use eggypro_domain::{InvalidSlug, Slug};
use time::OffsetDateTime;

use crate::error::corrupt;
use crate::schema::categories;

/// A category, and what it adds to the version of its products.
pub(super) struct Category {
    /// Its position among all categories by name.
    pub(super) place: usize,
    pub(super) shown: CategoryRef,
    pub(super) is_active: bool,
    pub(super) display_version: i32,
    pub(super) display_updated_at: Option<OffsetDateTime>,
}

type CategoryRow = (i32, String, String, bool, i32, Option<OffsetDateTime>);

pub(super) fn categories(connection: &mut PgConnection) -> QueryResult<HashMap<i32, Category>> {
    let rows: Vec<CategoryRow> = categories::table
        .order((categories::name, categories::id))
        .select((
            categories::id,
            categories::name,
            categories::slug,
            categories::is_active,
            categories::display_version,
            categories::display_updated_at,
        ))
        .load(connection)?;
    let categories = rows.into_iter().enumerate().map(|(place, row)| {
        let (id, name, slug, is_active, display_version, display_updated_at) = row;
        let shown = CategoryRef {
            name,
            slug: Slug::try_from(slug)?,
            id: CategoryId(id),
        };
        let category = Category {
            place,
            shown,
            is_active,
            display_version,
            display_updated_at,
        };
        Ok((id, category))
    });
    categories
        .collect::<Result<_, InvalidSlug>>()
        .map_err(corrupt)
}
