use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Nullable, Numeric, Text};
use eggypro_domain::products::{SearchText, Suggestion};
use eggypro_domain::{Price, Slug};
use rust_decimal::Decimal;

use super::terms::{self, Terms};
use crate::error::corrupt;
use crate::products::list::beginning_with;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = Numeric)]
    price: Decimal,
    #[diesel(sql_type = Nullable<Text>)]
    image: Option<String>,
}

/// First the names that begin with the text, then those in which a word begins with each of its words, the best rated
/// first of those that are compared. Names are ASCII, so `lower` folds them.
const STATEMENT: &str = "\
    WITH beginning AS MATERIALIZED (\
    SELECT id FROM products WHERE is_active AND lower(name) LIKE $1 ORDER BY lower(name), id LIMIT $3), \
    words AS MATERIALIZED (\
    SELECT id, rating_score FROM product_names WHERE is_active AND words @@ $2::tsquery \
    AND (SELECT count(*) FROM beginning) < $3 LIMIT 1000) \
    SELECT name, slug, price, images[1] AS image FROM (\
    SELECT id, 0 AS tier, 0 AS score FROM beginning \
    UNION ALL (SELECT id, 1, -rating_score FROM words WHERE id NOT IN (SELECT id FROM beginning) \
    ORDER BY rating_score DESC, id LIMIT $3)\
    ) found JOIN products USING (id) ORDER BY tier, score, name, id LIMIT $3";

/// Active products that may be meant by a text that is still being typed, best first.
pub(in crate::products) fn suggestions(
    connection: &mut PgConnection,
    text: &SearchText,
    limit: u8,
) -> QueryResult<Vec<Suggestion>> {
    let words = terms::words(connection, text.as_str())?;
    let Some(beginnings) = Terms::beginnings(&words).all() else {
        return Ok(vec![]);
    };
    let found = named(connection, &beginning_with(text), &beginnings, limit)?;
    if !found.is_empty() {
        return Ok(found);
    }
    match Terms::meant(connection, &words)?.and_then(|meant| meant.all()) {
        Some(meant) => named(connection, "", &meant, limit),
        None => Ok(found),
    }
}

fn named(
    connection: &mut PgConnection,
    beginning: &str,
    terms: &str,
    limit: u8,
) -> QueryResult<Vec<Suggestion>> {
    let rows: Vec<Row> = sql_query(STATEMENT)
        .bind::<Text, _>(beginning)
        .bind::<Text, _>(terms)
        .bind::<Integer, _>(i32::from(limit))
        .load(connection)?;
    rows.into_iter()
        .map(|row| {
            let slug = Slug::try_from(row.slug).map_err(corrupt)?;
            let price = Price::try_from(row.price).map_err(corrupt)?;
            let mut suggestion = Suggestion::new(row.name, slug, price);
            suggestion.image = row.image;
            Ok(suggestion)
        })
        .collect()
}
