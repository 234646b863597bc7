use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

/// The folded words of a text, once each, in a fixed order, lest two writers wait for each other.
const INSERT: &str = "INSERT INTO search_words (word) \
     SELECT DISTINCT unnest(tsvector_to_array(to_tsvector('simple', search_fold(shown.text)))) AS word";

/// Remembers the words of a text, so that a mistyped one can be told from one that nobody uses.
pub(crate) fn remember_words(connection: &mut PgConnection, text: &str) -> QueryResult<()> {
    sql_query(format!(
        "{INSERT} FROM (SELECT $1 AS text) shown ORDER BY word ON CONFLICT DO NOTHING"
    ))
    .bind::<Text, _>(text)
    .execute(connection)?;
    Ok(())
}

/// Remembers the words of every product.
pub(crate) fn remember_all_words(connection: &mut PgConnection) -> QueryResult<()> {
    let texts = "SELECT search_join(ARRAY[name, description] || ingredients || category_names) AS text FROM products";
    sql_query(format!(
        "{INSERT} FROM ({texts}) shown ORDER BY word ON CONFLICT DO NOTHING"
    ))
    .execute(connection)?;
    Ok(())
}
