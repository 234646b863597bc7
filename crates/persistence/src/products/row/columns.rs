//! The columns of a product in statements.

use diesel::sql_types::{Array, Bool, Integer, Nullable, Numeric, Text, Timestamptz};

/// The selected columns of a product `p` with its categories `c`, in the order of [`ProductRow`](super::ProductRow).
pub(in crate::products) const COLUMNS: &str = "p.id, p.name, p.slug, p.description, p.details, p.price, p.images, p.ingredients, \
     p.stock_quantity, p.is_active, p.publish_at, p.unpublish_at, p.low_stock_at, \
     p.title, p.sku, p.gtin, p.brand, p.list_price, p.net_content_value, p.net_content_unit, p.food::text, \
     p.variant_group, nullif(p.options, '[]')::text, nullif(p.alt_texts, '{}')::text, p.seo_title, p.seo_description, \
     p.rating_counts, p.version + c.version, p.created_at, greatest(p.updated_at, c.updated_at), p.media::text, c.ids, c.names, c.slugs";

/// Like [`COLUMNS`], for a product `p` without images, categories and what nobody filters by.
pub(in crate::products) const BARE_COLUMNS: &str = "p.id, p.name, p.slug, p.description, p.details, p.price, '{}'::text[], p.ingredients, \
     p.stock_quantity, p.is_active, p.publish_at, p.unpublish_at, p.low_stock_at, \
     p.title, p.sku, p.gtin, NULL::text, p.list_price, p.net_content_value, p.net_content_unit, p.food::text, \
     p.variant_group, nullif(p.options, '[]')::text, NULL::text, NULL::text, NULL::text, \
     p.rating_counts, p.version, p.created_at, p.updated_at, NULL::text, \
     '{}'::integer[], '{}'::text[], '{}'::text[]";

/// Joins the categories of a product `p` as the row `c`: three lists of the active ones by name, and the sum that all
/// of them add to its version.
pub(in crate::products) const CATEGORIES: &str = " LEFT JOIN LATERAL (\
     SELECT coalesce(array_agg(c.id ORDER BY c.name, c.id) FILTER (WHERE c.is_active), '{}') AS ids, \
     coalesce(array_agg(c.name::text ORDER BY c.name, c.id) FILTER (WHERE c.is_active), '{}') AS names, \
     coalesce(array_agg(c.slug::text ORDER BY c.name, c.id) FILTER (WHERE c.is_active), '{}') AS slugs, \
     coalesce(sum(c.display_version), 0)::integer AS version, max(c.display_updated_at) AS updated_at \
     FROM product_categories pc JOIN categories c ON c.id = pc.category_id \
     WHERE pc.product_id = p.id) c ON p.id IS NOT NULL";

pub(in crate::products) type Columns = (
    Integer,
    Text,
    Text,
    Text,
    Text,
    Numeric,
    Array<Text>,
    Array<Text>,
    Integer,
    Bool,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
    Nullable<Integer>,
    FactsColumns,
    Array<Integer>,
    Integer,
    Timestamptz,
    Timestamptz,
    Nullable<Text>,
    Array<Integer>,
    Array<Text>,
    Array<Text>,
);

/// The columns of a product's facts.
type FactsColumns = (
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Numeric>,
    Nullable<Numeric>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
);
