use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, Integer, Numeric, Text};
use eggypro_domain::Slug;
use eggypro_domain::products::{ProductFilter, SearchText, StatusFilter};
use rust_decimal::Decimal;

use crate::products::facets::Counted;

/// The conditions of a filter on a product `p`.
pub(in crate::products) struct Filter<'a> {
    status: StatusFilter,
    categories: Vec<&'a str>,
    ids: Vec<i32>,
    pattern: Option<String>,
    in_stock: bool,
    min_price: Option<Decimal>,
    max_price: Option<Decimal>,
    min_score: Option<i32>,
}

impl<'a> Filter<'a> {
    pub(in crate::products) fn new(filter: &'a ProductFilter) -> Self {
        Self {
            status: filter.status,
            categories: filter.categories.iter().map(Slug::as_str).collect(),
            ids: filter.ids.iter().map(|id| id.0).collect(),
            pattern: filter.contains.as_ref().map(containing),
            in_stock: filter.in_stock,
            min_price: filter.min_price,
            max_price: filter.max_price,
            min_score: filter.min_score(),
        }
    }

    /// Whether the best plan depends on values: to read in order until the page is full, or to find all that pass and sort
    /// them, which is better where few pass and for far pages.
    pub(super) fn is_planned_by_value(&self) -> bool {
        !self.categories.is_empty()
            || !self.ids.is_empty()
            || self.pattern.is_some()
            || self.min_price.is_some()
            || self.max_price.is_some()
            || self.min_score.is_some()
    }
}

impl Counted for Filter<'_> {
    /// Texts stand with the products alone.
    fn table(&self) -> &'static str {
        if self.pattern.is_some() {
            "products"
        } else {
            "product_names"
        }
    }

    fn push<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk_ast(out)
    }
}

/// The LIKE pattern for texts that contain this one, each of its characters standing for itself.
fn containing(text: &SearchText) -> String {
    format!("%{}", beginning_with(text))
}

/// The LIKE pattern for texts that begin with this one.
pub(in crate::products) fn beginning_with(text: &SearchText) -> String {
    let mut pattern = String::new();
    for character in text.as_str().chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

impl QueryFragment<Pg> for Filter<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(match self.status {
            StatusFilter::Active => "p.is_active",
            StatusFilter::Inactive => "NOT p.is_active",
            StatusFilter::All => "TRUE",
        });
        // The categories' ids are looked up once; then each product costs one step into the primary key.
        match self.categories.as_slice() {
            [] => {}
            [slug] => {
                out.push_sql(
                    " AND EXISTS (SELECT FROM product_categories pc WHERE pc.product_id = p.id AND pc.category_id = \
                     (SELECT c.id FROM categories c WHERE c.is_active AND c.slug = ",
                );
                out.push_bind_param::<Text, _>(slug)?;
                out.push_sql("))");
            }
            _ => {
                out.push_sql(
                    " AND EXISTS (SELECT FROM product_categories pc WHERE pc.product_id = p.id AND pc.category_id = ANY \
                     (ARRAY(SELECT c.id FROM categories c WHERE c.is_active AND c.slug = ANY (",
                );
                out.push_bind_param::<Array<Text>, _>(&self.categories)?;
                out.push_sql("))))");
            }
        }
        if !self.ids.is_empty() {
            out.push_sql(" AND p.id = ANY (");
            out.push_bind_param::<Array<Integer>, _>(&self.ids)?;
            out.push_sql(")");
        }
        if let Some(score) = &self.min_score {
            out.push_sql(" AND p.rating_score >= ");
            out.push_bind_param::<Integer, _>(score)?;
        }
        if let Some(pattern) = &self.pattern {
            // The best plan depends on how common the text is, so it is made anew each time.
            out.unsafe_to_cache_prepared();
            out.push_sql(" AND (p.name ILIKE ");
            out.push_bind_param::<Text, _>(pattern)?;
            out.push_sql(" OR p.description ILIKE ");
            out.push_bind_param::<Text, _>(pattern)?;
            out.push_sql(")");
        }
        if self.in_stock {
            out.push_sql(" AND p.stock_quantity > 0");
        }
        if let Some(price) = &self.min_price {
            out.push_sql(" AND p.price >= ");
            out.push_bind_param::<Numeric, _>(price)?;
        }
        if let Some(price) = &self.max_price {
            out.push_sql(" AND p.price <= ");
            out.push_bind_param::<Numeric, _>(price)?;
        }
        Ok(())
    }
}
