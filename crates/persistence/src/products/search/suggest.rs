use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Text};
use eggypro_domain::Slug;
use eggypro_domain::products::{SearchText, Suggestion};

use super::terms;
use crate::error::corrupt;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    slug: String,
}

/// First the names that begin with the text, then those in which a word begins with each of its words, the best rated
/// first. Names are ASCII, so `lower` folds them.
///
/// The words are looked for among the two hundred best rated that have them: with a smaller bound PostgreSQL would hope
/// to meet them soon while it walks down all ratings, and walk through all of them for words that nothing has.
const STATEMENT: &str = "\
    WITH beginning AS MATERIALIZED (\
    SELECT id, name, slug FROM products WHERE is_active AND lower(name) LIKE $1 ORDER BY lower(name), id LIMIT $3), \
    words AS MATERIALIZED (\
    SELECT id, name, slug, rating_score FROM products WHERE is_active AND name_vector @@ $2::tsquery \
    AND (SELECT count(*) FROM beginning) < $3 ORDER BY rating_score DESC, id DESC LIMIT 200) \
    SELECT name, slug FROM (\
    SELECT name, slug, id, 0 AS tier, 0 AS score FROM beginning \
    UNION ALL SELECT name, slug, id, 1, -rating_score FROM words WHERE id NOT IN (SELECT id FROM beginning)\
    ) found ORDER BY tier, score, name, id LIMIT $3";

/// Active products that may be meant by a text that is still being typed, best first.
pub(in crate::products) fn suggestions(
    connection: &mut PgConnection,
    text: &SearchText,
    limit: u8,
) -> QueryResult<Vec<Suggestion>> {
    let words = terms::split(text.as_str());
    if words.is_empty() {
        return Ok(vec![]);
    }
    // Words are letters and digits alone, so they need no quoting in patterns and terms.
    let beginning = format!("{}%", words.join(" "));
    let terms: Vec<String> = words.iter().map(|word| format!("'{word}':*")).collect();
    let found = named(connection, &beginning, &terms.join(" & "), limit)?;
    if !found.is_empty() {
        return Ok(found);
    }
    let words = terms::words(connection, text.as_str())?;
    match terms::meant_by(connection, &words)? {
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
        .map(|Row { name, slug }| {
            let slug = Slug::try_from(slug).map_err(corrupt)?;
            Ok(Suggestion { name, slug })
        })
        .collect()
}
