//! The columns of a product that a write sets.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{
    Array, Bool, HasSqlType, Integer, Jsonb, Nullable, Numeric, Text, Timestamptz,
};
use eggypro_domain::products::{Nested, ProductChanges};
use rust_decimal::Decimal;
use serde_json::Value;
use time::OffsetDateTime;

use crate::products::facts;
use crate::schema::products;

/// The columns that a write sets. `None` means the default in a new row, and no change in an existing one.
#[derive(Insertable)]
#[diesel(table_name = products)]
pub(super) struct Columns {
    name: Option<String>,
    pub(super) slug: Option<String>,
    description: Option<String>,
    details: Option<String>,
    price: Option<Decimal>,
    images: Option<Vec<Option<String>>>,
    ingredients: Option<Vec<Option<String>>>,
    stock_quantity: Option<i32>,
    is_active: Option<bool>,
    publish_at: Option<Option<OffsetDateTime>>,
    unpublish_at: Option<Option<OffsetDateTime>>,
    low_stock_at: Option<Option<i32>>,
    title: Option<Option<String>>,
    sku: Option<Option<String>>,
    gtin: Option<Option<String>>,
    brand: Option<Option<String>>,
    list_price: Option<Option<Decimal>>,
    net_content_value: Option<Option<Decimal>>,
    net_content_unit: Option<Option<String>>,
    food: Option<Option<Value>>,
    variant_group: Option<Option<String>>,
    options: Option<Value>,
    alt_texts: Option<Value>,
    seo_title: Option<Option<String>>,
    seo_description: Option<Option<String>>,
}

impl Columns {
    /// The columns of resolved changes. `images` are those of the changed product.
    pub(super) fn of(changes: ProductChanges, images: &[String]) -> Self {
        // The schema types every array as nullable in its elements, though none here holds NULL.
        let list = |texts: Vec<String>| texts.into_iter().map(Some).collect();
        let net_content = changes.net_content.map(whole);
        let seo = changes.seo.and_then(set);
        Self {
            name: changes.name,
            slug: changes.slug.map(|slug| slug.as_str().to_owned()),
            description: changes.description,
            details: changes.details,
            price: changes.price.map(|price| price.amount()),
            images: changes.images.map(list),
            ingredients: changes.ingredients.map(list),
            // Validation has bounded the stock.
            stock_quantity: changes
                .stock_quantity
                .map(|stock| stock.try_into().unwrap_or(i32::MAX)),
            is_active: changes.is_active,
            publish_at: changes.publish_at,
            unpublish_at: changes.unpublish_at,
            low_stock_at: changes
                .low_stock_at
                .map(|line| line.map(|line| line.try_into().unwrap_or(i32::MAX))),
            title: changes.title,
            sku: changes.sku.map(|sku| sku.map(Into::into)),
            gtin: changes.gtin.map(|gtin| gtin.map(Into::into)),
            brand: changes.brand,
            list_price: changes
                .list_price
                .map(|price| price.map(|price| price.amount())),
            net_content_value: net_content.map(|content| content.map(|content| content.value())),
            net_content_unit: net_content
                .map(|content| content.map(|content| content.unit().as_str().to_owned())),
            food: changes
                .food
                .map(|food| whole(food).as_ref().map(facts::food_json)),
            variant_group: changes.group.map(|group| group.map(Into::into)),
            options: changes
                .options
                .and_then(set)
                .map(|options| facts::options_json(&options)),
            alt_texts: changes
                .alt_texts
                .map(|texts| facts::alt_texts_json(images, texts)),
            seo_title: seo.clone().map(|seo| seo.title),
            seo_description: seo.map(|seo| seo.description),
        }
    }
}

/// The whole value of a resolved change.
fn set<T, C>(change: Nested<T, C>) -> Option<T> {
    match change {
        Nested::Set(value) => Some(value),
        Nested::Merge(_) => None,
    }
}

fn whole<T, C>(change: Option<Nested<T, C>>) -> Option<T> {
    change.and_then(set)
}

/// Updates the columns that are set and returns the time of the update. Unlike diesel's own statement it is prepared
/// once for each set of columns, instead of being parsed and planned each time.
pub(super) struct UpdateStatement {
    pub(super) id: i32,
    pub(super) columns: Columns,
}

impl QueryFragment<Pg> for UpdateStatement {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        fn set<'b, Kind, Value>(
            out: &mut AstPass<'_, 'b, Pg>,
            assignment: &str,
            value: &'b Option<Value>,
        ) -> QueryResult<()>
        where
            Pg: HasSqlType<Kind>,
            Value: ToSql<Kind, Pg>,
        {
            let Some(value) = value else { return Ok(()) };
            out.push_sql(assignment);
            out.push_bind_param::<Kind, _>(value)
        }
        type Texts = Array<Nullable<Text>>;
        let columns = &self.columns;
        out.push_sql(
            "UPDATE products SET version = version + 1, updated_at = greatest(updated_at, now())",
        );
        set::<Text, _>(&mut out, ", name = ", &columns.name)?;
        set::<Text, _>(&mut out, ", slug = ", &columns.slug)?;
        set::<Text, _>(&mut out, ", description = ", &columns.description)?;
        set::<Text, _>(&mut out, ", details = ", &columns.details)?;
        set::<Numeric, _>(&mut out, ", price = ", &columns.price)?;
        set::<Texts, _>(&mut out, ", images = ", &columns.images)?;
        set::<Texts, _>(&mut out, ", ingredients = ", &columns.ingredients)?;
        set::<Integer, _>(&mut out, ", stock_quantity = ", &columns.stock_quantity)?;
        set::<Bool, _>(&mut out, ", is_active = ", &columns.is_active)?;
        set::<Nullable<Timestamptz>, _>(&mut out, ", publish_at = ", &columns.publish_at)?;
        set::<Nullable<Timestamptz>, _>(&mut out, ", unpublish_at = ", &columns.unpublish_at)?;
        set::<Nullable<Integer>, _>(&mut out, ", low_stock_at = ", &columns.low_stock_at)?;
        set::<Nullable<Text>, _>(&mut out, ", title = ", &columns.title)?;
        set::<Nullable<Text>, _>(&mut out, ", sku = ", &columns.sku)?;
        set::<Nullable<Text>, _>(&mut out, ", gtin = ", &columns.gtin)?;
        set::<Nullable<Text>, _>(&mut out, ", brand = ", &columns.brand)?;
        set::<Nullable<Numeric>, _>(&mut out, ", list_price = ", &columns.list_price)?;
        set::<Nullable<Numeric>, _>(
            &mut out,
            ", net_content_value = ",
            &columns.net_content_value,
        )?;
        set::<Nullable<Text>, _>(&mut out, ", net_content_unit = ", &columns.net_content_unit)?;
        set::<Nullable<Jsonb>, _>(&mut out, ", food = ", &columns.food)?;
        set::<Nullable<Text>, _>(&mut out, ", variant_group = ", &columns.variant_group)?;
        set::<Jsonb, _>(&mut out, ", options = ", &columns.options)?;
        set::<Jsonb, _>(&mut out, ", alt_texts = ", &columns.alt_texts)?;
        set::<Nullable<Text>, _>(&mut out, ", seo_title = ", &columns.seo_title)?;
        set::<Nullable<Text>, _>(&mut out, ", seo_description = ", &columns.seo_description)?;
        out.push_sql(" WHERE id = ");
        out.push_bind_param::<Integer, _>(&self.id)?;
        out.push_sql(" RETURNING updated_at");
        Ok(())
    }
}

impl QueryId for UpdateStatement {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for UpdateStatement {
    type SqlType = Timestamptz;
}

impl RunQueryDsl<PgConnection> for UpdateStatement {}
