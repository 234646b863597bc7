//! From what people type to PostgreSQL's query language. Only letters and digits get there, each word in quotes.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Text};
use unicode_normalization::UnicodeNormalization;

/// How many words of a text count; nobody types more of them on purpose.
const MAX_WORDS: usize = 12;

/// The words of a text, folded as the database's `search_fold` folds.
pub(super) fn words(text: &str) -> Vec<String> {
    let is_accent = |character: &char| matches!(character, '\u{300}'..='\u{36f}');
    let folded: String = text
        .nfd()
        .filter(|character| !is_accent(character))
        .collect();
    folded
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MAX_WORDS)
        .map(str::to_lowercase)
        .collect()
}

/// Finds what has all of these words, the last of which may still be typed; `None` without a word.
pub(super) fn all_of(words: &[String]) -> Option<String> {
    let (last, others) = words.split_last()?;
    let mut terms: Vec<String> = others.iter().map(|word| format!("'{word}'")).collect();
    terms.push(format!("('{last}' | '{last}':*)"));
    Some(terms.join(" & "))
}

/// Finds what has, for each word that is more than a particle, one of the known words that are most like it; `None` if
/// a word is like none.
pub(super) fn meant_by(
    connection: &mut PgConnection,
    words: &[String],
) -> QueryResult<Option<String>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Array<Text>)]
        alternatives: Vec<String>,
    }

    let rows: Vec<Row> = sql_query(
        "SELECT ARRAY(SELECT w.word FROM search_words w WHERE w.word % typed.word AND w.word !~ '[^[:alnum:]]' \
         ORDER BY similarity(w.word, typed.word) DESC, w.word LIMIT 3) AS alternatives \
         FROM (SELECT t.word, t.position \
         FROM unnest($1) WITH ORDINALITY t(word, position)) typed \
         WHERE ts_lexize('english_stem', typed.word) IS DISTINCT FROM '{}' ORDER BY typed.position",
    )
    .bind::<Array<Text>, _>(words)
    .load(connection)?;
    let terms: Option<Vec<String>> = rows
        .into_iter()
        .map(|Row { alternatives }| {
            let quoted: Vec<String> = alternatives
                .iter()
                .map(|word| format!("'{word}'"))
                .collect();
            (!quoted.is_empty()).then(|| format!("({})", quoted.join(" | ")))
        })
        .collect();
    Ok(terms
        .filter(|terms| !terms.is_empty())
        .map(|terms| terms.join(" & ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_are_left_of_a_text() {
        assert_eq!(
            words("It's 100% Egg-white!"),
            ["it", "s", "100", "egg", "white"]
        );
        assert_eq!(words("Crème BRÛLÉE"), ["creme", "brulee"]);
        assert!(words("' | & ! :* \\").is_empty());
    }

    #[test]
    fn terms_are_quoted() {
        let words = words("egg whi");
        assert_eq!(all_of(&words).unwrap(), "'egg' & ('whi' | 'whi':*)");
        assert_eq!(all_of(&[]), None);
    }
}
