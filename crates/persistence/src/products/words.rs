use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

/// Remembers the words of a text, so that a mistyped one can be told from one that nobody uses.
///
/// The words go in once each, folded and in a fixed order, lest two writers wait for each other. Numbers stay out: there is
/// no end of them, and none is a typing error of another.
pub(crate) fn remember_words(connection: &mut PgConnection, text: &str) -> QueryResult<()> {
    sql_query(
        "INSERT INTO search_words (word) \
         SELECT DISTINCT word FROM unnest(tsvector_to_array(to_tsvector('simple', search_words_of($1)))) word \
         WHERE word ~ '[^0-9]' ORDER BY word ON CONFLICT DO NOTHING",
    )
    .bind::<Text, _>(text)
    .execute(connection)?;
    Ok(())
}
