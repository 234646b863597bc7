use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

/// Remembers the words of a text, so that a mistyped one can be told from one that nobody uses.
pub(crate) fn remember_words(connection: &mut PgConnection, text: &str) -> QueryResult<()> {
    sql_query(insert_words_of("SELECT $1 AS text"))
        .bind::<Text, _>(text)
        .execute(connection)?;
    Ok(())
}

/// Remembers the words of every product.
pub(crate) fn remember_all_words(connection: &mut PgConnection) -> QueryResult<()> {
    let texts = "SELECT search_join(ARRAY[name, description, details] || ingredients || category_names) AS text FROM products";
    sql_query(insert_words_of(texts)).execute(connection)?;
    Ok(())
}

/// The words go in once each, folded and in a fixed order, lest two writers wait for each other. Numbers stay out:
/// there is no end of them, and none is a typing error of another.
fn insert_words_of(texts: &str) -> String {
    format!(
        "INSERT INTO search_words (word) SELECT DISTINCT word \
         FROM ({texts}) shown, unnest(tsvector_to_array(to_tsvector('simple', search_words_of(shown.text)))) word \
         WHERE word ~ '[^0-9]' ORDER BY word ON CONFLICT DO NOTHING"
    )
}
