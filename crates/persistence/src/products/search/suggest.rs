use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Text};
use eggypro_domain::Slug;
use eggypro_domain::products::{SearchText, Suggestion};

use super::terms;
use crate::error::corrupt;

/// How many products are compared to make suggestions; of more matches, any of them.
const CANDIDATES: i32 = 1_000;

/// From this many letters on the index over parts of names finds a word; a shorter one is left to the index over
/// beginnings of words.
const LONG_ENOUGH: usize = 3;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    slug: String,
}

/// Active products in whose names a word begins with each of these words; of those that are compared, first those
/// whose names begin with the text.
pub(in crate::products) fn suggestions(
    connection: &mut PgConnection,
    text: &SearchText,
    limit: u8,
) -> QueryResult<Vec<Suggestion>> {
    let words = terms::words(text.as_str());
    if words.is_empty() {
        return Ok(vec![]);
    }
    let beginning = words.join(" ");
    let select = "SELECT name, slug FROM (SELECT id, name, slug FROM products WHERE is_active";
    let mut query = sql_query(select).into_boxed::<Pg>();
    let mut bound = 0;
    let mut place = || {
        bound += 1;
        format!("${bound}")
    };
    for word in words {
        // Words are letters and digits alone, so they need no quoting in patterns.
        query = if word.chars().count() < LONG_ENOUGH {
            query
                .sql(format!(
                    " AND search_vector @@ to_tsquery('pg_catalog.simple', {})",
                    place()
                ))
                .bind::<Text, _>(format!("'{word}':*A"))
        } else {
            query
                .sql(format!(" AND name ILIKE {}", place()))
                .bind::<Text, _>(format!("%{word}%"))
                .sql(format!(" AND name ~* {}", place()))
                .bind::<Text, _>(format!("(^|[^[:alnum:]]){word}"))
        };
    }
    let rows: Vec<Row> = query
        .sql(format!(
            " LIMIT {}) candidates ORDER BY name ILIKE {} DESC, name, id",
            place(),
            place()
        ))
        .bind::<Integer, _>(CANDIDATES)
        .bind::<Text, _>(format!("{beginning}%"))
        .sql(format!(" LIMIT {}", place()))
        .bind::<Integer, _>(i32::from(limit))
        .load(connection)?;
    rows.into_iter()
        .map(|Row { name, slug }| {
            let slug = Slug::try_from(slug).map_err(corrupt)?;
            Ok(Suggestion { name, slug })
        })
        .collect()
}
