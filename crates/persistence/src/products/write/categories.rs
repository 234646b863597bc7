//! The categories of a product that is written.

use std::collections::HashMap;

use diesel::prelude::*;
use eggypro_domain::Slug;

use crate::schema::{categories, product_categories, products};

/// Maximum number of links in a statement, which can have 65 535 arguments.
const LINKS_AT_ONCE: usize = 10_000;

/// The new categories of a product, locked until the transaction ends.
pub(super) struct Categories {
    found: Vec<(i32, String)>,
    pub(super) unknown: Vec<Slug>,
}

impl Categories {
    /// Locks these categories and the current ones of the product.
    pub(super) fn lock(
        connection: &mut PgConnection,
        slugs: &[Slug],
        product: Option<&Slug>,
    ) -> QueryResult<Self> {
        if slugs.is_empty() && product.is_none() {
            let (found, unknown) = (vec![], vec![]);
            return Ok(Self { found, unknown });
        }
        let former = product_categories::table
            .inner_join(products::table)
            .filter(products::slug.nullable().eq(product.map(Slug::as_str)))
            .select(product_categories::category_id);
        let wanted = categories::slug.eq_any(slugs.iter().map(Slug::as_str));
        let mut found: Vec<(i32, String)> = categories::table
            .filter(wanted.or(categories::id.eq_any(former)))
            .order(categories::id)
            .select((categories::id, categories::slug))
            .for_share()
            .load(connection)?;
        found.retain(|(_, known)| slugs.iter().any(|slug| slug.as_str() == known));
        let is_unknown = |slug: &&Slug| !found.iter().any(|(_, known)| known == slug.as_str());
        let unknown = slugs.iter().filter(is_unknown).cloned().collect();
        Ok(Self { found, unknown })
    }

    /// Whether these are exactly the categories of a product.
    pub(super) fn are_those_of(
        &self,
        connection: &mut PgConnection,
        product: i32,
    ) -> QueryResult<bool> {
        use product_categories::{category_id, product_id};
        let links: Vec<i32> = product_categories::table
            .filter(product_id.eq(product))
            .order(category_id)
            .select(category_id)
            .load(connection)?;
        Ok(links.iter().eq(self.found.iter().map(|(id, _)| id)))
    }

    /// Adds a product to these categories.
    pub(super) fn link(&self, connection: &mut PgConnection, product: i32) -> QueryResult<()> {
        use product_categories::{category_id, product_id};
        let links = self.found.iter();
        let links = links.map(|(id, _)| (product_id.eq(product), category_id.eq(*id)));
        diesel::insert_into(product_categories::table)
            .values(links.collect::<Vec<_>>())
            .on_conflict_do_nothing()
            .execute(connection)?;
        Ok(())
    }

    /// Adds products to some of these categories.
    pub(super) fn link_all<'a>(
        &self,
        connection: &mut PgConnection,
        products: impl Iterator<Item = (i32, &'a [Slug])>,
    ) -> QueryResult<()> {
        use product_categories::{category_id, product_id};
        let ids = self.found.iter().map(|(id, slug)| (slug.as_str(), *id));
        let ids: &HashMap<&str, i32> = &ids.collect();
        let mut links = products.flat_map(|(product, slugs)| {
            let found = slugs.iter().filter_map(move |slug| ids.get(slug.as_str()));
            found.map(move |category| (product_id.eq(product), category_id.eq(*category)))
        });
        loop {
            let some: Vec<_> = links.by_ref().take(LINKS_AT_ONCE).collect();
            if some.is_empty() {
                return Ok(());
            }
            diesel::insert_into(product_categories::table)
                .values(some)
                .on_conflict_do_nothing()
                .execute(connection)?;
        }
    }

    /// Makes these the only categories of a product. Takes two statements, since the trigger of each logs the
    /// categories before it.
    pub(super) fn replace(&self, connection: &mut PgConnection, product: i32) -> QueryResult<()> {
        use product_categories::{category_id, product_id};
        let ids = self.found.iter().map(|(id, _)| *id);
        diesel::delete(product_categories::table)
            .filter(product_id.eq(product))
            .filter(category_id.ne_all(ids))
            .execute(connection)?;
        self.link(connection, product)
    }
}
