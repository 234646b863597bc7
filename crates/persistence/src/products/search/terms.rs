//! From what people type to PostgreSQL's query language. Only letters and digits get there, each word in quotes.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Nullable, Text};
use unicode_normalization::UnicodeNormalization;

/// How many words of a text count; nobody types more of them on purpose.
const MAX_WORDS: usize = 12;

/// A word that was typed and is more than a particle such as "the".
#[derive(Debug)]
pub(super) struct Word {
    text: String,
    stem: String,
    /// Whether this is the last word of the text, which may still be typed.
    is_last: bool,
}

#[derive(QueryableByName)]
struct StemRow {
    #[diesel(sql_type = Nullable<Text>)]
    stem: Option<String>,
}

#[derive(QueryableByName)]
struct AlternativesRow {
    #[diesel(sql_type = Array<Text>)]
    stems: Vec<String>,
}

/// The words of a text, folded as the database's `search_fold` folds.
pub(super) fn split(text: &str) -> Vec<String> {
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

/// The words of a text with their stems.
pub(super) fn words(connection: &mut PgConnection, text: &str) -> QueryResult<Vec<Word>> {
    let texts = split(text);
    if texts.is_empty() {
        return Ok(vec![]);
    }
    // A particle has no stem at all.
    let rows: Vec<StemRow> = sql_query(
        "SELECT (ts_lexize('pg_catalog.english_stem', typed.word))[1] AS stem \
         FROM unnest($1) WITH ORDINALITY typed(word, position) ORDER BY typed.position",
    )
    .bind::<Array<Text>, _>(&texts)
    .load(connection)?;
    let last = texts.len() - 1;
    let words = texts.into_iter().zip(rows).enumerate();
    Ok(words
        .filter_map(|(position, (text, row))| {
            let (stem, is_last) = (row.stem?, position == last);
            Some(Word {
                text,
                stem,
                is_last,
            })
        })
        .collect())
}

/// Finds what has all of these words; `None` without a word.
pub(super) fn all_of(words: &[Word]) -> Option<String> {
    let terms: Vec<String> = words.iter().map(|word| any_of(&word.terms())).collect();
    (!terms.is_empty()).then(|| terms.join(" & "))
}

/// Finds what has any of these words; `None` if there are not several.
pub(super) fn any_word_of(words: &[Word]) -> Option<String> {
    let terms: Vec<String> = words.iter().flat_map(Word::terms).collect();
    (words.len() > 1).then(|| any_of(&terms))
}

/// Finds what has, for each word, itself or one of the known words that are most like it; `None` if that is nothing but
/// the words themselves.
pub(super) fn meant_by(
    connection: &mut PgConnection,
    words: &[Word],
) -> QueryResult<Option<String>> {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    // A number is no typing error of another one.
    let rows: Vec<AlternativesRow> = sql_query(
        "SELECT ARRAY(SELECT (ts_lexize('pg_catalog.english_stem', w.word))[1] FROM search_words w \
         WHERE w.word % typed.word AND w.word <> typed.word AND w.word !~ '[^[:alnum:]]' AND typed.word ~ '[^0-9]' \
         AND ts_lexize('pg_catalog.english_stem', w.word) <> '{}' \
         ORDER BY similarity(w.word, typed.word) DESC, w.word LIMIT 3) AS stems \
         FROM unnest($1) WITH ORDINALITY typed(word, position) ORDER BY typed.position",
    )
    .bind::<Array<Text>, _>(texts)
    .load(connection)?;
    if rows.iter().all(|row| row.stems.is_empty()) {
        return Ok(None);
    }
    let terms: Vec<String> = words
        .iter()
        .zip(rows)
        .map(|(word, row)| {
            let mut terms = word.terms();
            terms.extend(row.stems.iter().map(|stem| quoted(stem)));
            any_of(&terms)
        })
        .collect();
    Ok(Some(terms.join(" & ")))
}

impl Word {
    /// What finds this word. Where it is still typed, it may already be longer than the stem of what is meant.
    fn terms(&self) -> Vec<String> {
        let stem = quoted(&self.stem);
        if self.is_last {
            let beginning = format!("{}:*", quoted(&self.text));
            vec![format!("{stem}:*"), beginning]
        } else {
            vec![stem]
        }
    }
}

/// Words are letters and digits alone, and so are their stems.
fn quoted(word: &str) -> String {
    format!("'{word}'")
}

fn any_of(terms: &[String]) -> String {
    format!("({})", terms.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_are_left_of_a_text() {
        assert_eq!(
            split("It's 100% Egg-white!"),
            ["it", "s", "100", "egg", "white"]
        );
        assert_eq!(split("Crème BRÛLÉE"), ["creme", "brulee"]);
        assert!(split("' | & ! :* \\").is_empty());
    }

    #[test]
    fn the_last_word_may_still_be_typed() {
        let word = |text: &str, stem: &str, is_last| Word {
            text: text.into(),
            stem: stem.into(),
            is_last,
        };
        let words = [word("bars", "bar", false), word("monthl", "monthl", true)];
        assert_eq!(
            all_of(&words).unwrap(),
            "('bar') & ('monthl':* | 'monthl':*)"
        );
        assert_eq!(all_of(&[]), None);
    }
}
