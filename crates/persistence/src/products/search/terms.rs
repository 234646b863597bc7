//! From what people type to PostgreSQL's query language. Only letters and digits get there, each word in quotes.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, Text};
use unicode_normalization::UnicodeNormalization;

/// How many words of a text count; nobody types more of them on purpose.
const MAX_WORDS: usize = 12;

/// How many words a beginning may stand for; those of a shorter one are left to the index, which is slower at it.
const MAX_FORMS: usize = 20;

/// A word that was typed.
#[derive(Debug, QueryableByName)]
pub(super) struct Word {
    #[diesel(sql_type = Text)]
    text: String,
    /// Particles such as "the" have none.
    #[diesel(sql_type = Nullable<Text>)]
    stem: Option<String>,
    /// The known words that begin with it, each with its stem, as far as they are looked at.
    #[diesel(sql_type = Array<Text>)]
    forms: Vec<String>,
}

#[derive(QueryableByName)]
struct AlternativesRow {
    #[diesel(sql_type = Array<Text>)]
    stems: Vec<String>,
}

/// The words of a text, folded as the database's `search_fold` folds.
fn split(text: &str) -> Vec<String> {
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

/// The words of a text with what is known of them.
pub(super) fn words(connection: &mut PgConnection, text: &str) -> QueryResult<Vec<Word>> {
    let texts = split(text);
    if texts.is_empty() {
        return Ok(vec![]);
    }
    // No letter or digit comes behind U+10FFFD.
    sql_query(
        "SELECT typed.word AS text, (ts_lexize('pg_catalog.english_stem', typed.word))[1] AS stem, \
         ARRAY(SELECT form FROM (SELECT w.word FROM search_words w WHERE w.word >= typed.word \
         AND w.word < typed.word || chr(1114109) AND w.word !~ '[^[:alnum:]]' ORDER BY w.word LIMIT $2) known, \
         LATERAL (VALUES (known.word), ((ts_lexize('pg_catalog.english_stem', known.word))[1])) forms(form) \
         WHERE form IS NOT NULL) AS forms \
         FROM unnest($1) WITH ORDINALITY typed(word, position) ORDER BY typed.position",
    )
    .bind::<Array<Text>, _>(texts)
    .bind::<BigInt, _>(const { &(MAX_FORMS as i64 + 1) })
    .load(connection)
}

/// The words as they were typed.
pub(super) fn texts(words: &[Word]) -> Vec<&str> {
    words.iter().map(|word| word.text.as_str()).collect()
}

/// Finds what has all of these words, the last of which may still be typed. Particles don't count; `None` if nothing
/// else is left.
pub(super) fn all_of(words: &[Word]) -> Option<String> {
    joined(each(words), " & ")
}

/// Finds what has any of these words; `None` if there are not several.
pub(super) fn any_word_of(words: &[Word]) -> Option<String> {
    let terms = each(words);
    joined(terms, " | ").filter(|_| words.len() > 1)
}

/// Finds names in which a word begins with each of these.
pub(super) fn beginning_with(words: &[Word]) -> String {
    let terms: Vec<String> = words.iter().map(|word| any_of(&word.beginning())).collect();
    terms.join(" & ")
}

/// Finds what has, for each word, itself or one of the known words that are most like it; `None` if that is nothing but
/// the words themselves.
pub(super) fn meant_by(
    connection: &mut PgConnection,
    words: &[Word],
) -> QueryResult<Option<String>> {
    // A number is no typing error of another one.
    let rows: Vec<AlternativesRow> = sql_query(
        "SELECT ARRAY(SELECT (ts_lexize('pg_catalog.english_stem', w.word))[1] FROM search_words w \
         WHERE w.word % typed.word AND w.word <> typed.word AND w.word !~ '[^[:alnum:]]' AND typed.word ~ '[^0-9]' \
         AND ts_lexize('pg_catalog.english_stem', w.word) <> '{}' \
         ORDER BY similarity(w.word, typed.word) DESC, w.word LIMIT 3) AS stems \
         FROM unnest($1) WITH ORDINALITY typed(word, position) ORDER BY typed.position",
    )
    .bind::<Array<Text>, _>(texts(words))
    .load(connection)?;
    if rows.iter().all(|row| row.stems.is_empty()) {
        return Ok(None);
    }
    let alternatives = rows.iter().map(|row| quoted(&row.stems));
    let terms = words.iter().zip(alternatives).enumerate().filter_map(
        |(position, (word, alternatives))| {
            let mut terms = word.terms(position == words.len() - 1)?;
            terms.extend(alternatives);
            Some(any_of(&terms))
        },
    );
    Ok(joined(terms.collect(), " & "))
}

fn each(words: &[Word]) -> Vec<String> {
    let terms = words.iter().enumerate().filter_map(|(position, word)| {
        let terms = word.terms(position == words.len() - 1)?;
        Some(any_of(&terms))
    });
    terms.collect()
}

impl Word {
    /// What finds this word; `None` for a particle.
    fn terms(&self, is_last: bool) -> Option<Vec<String>> {
        let stem = self.stem.as_ref()?;
        if is_last {
            return Some(self.beginning());
        }
        Some(quoted([stem]))
    }

    /// What finds words that begin with this one. It may be longer than the stem of what is meant.
    fn beginning(&self) -> Vec<String> {
        if (1..=2 * MAX_FORMS).contains(&self.forms.len()) {
            let mut terms = quoted(&self.forms);
            terms.sort_unstable();
            terms.dedup();
            return terms;
        }
        let stem = self.stem.iter().filter(|stem| **stem != self.text);
        let beginnings = quoted(stem.chain([&self.text])).into_iter();
        beginnings.map(|beginning| beginning + ":*").collect()
    }
}

/// Words are letters and digits alone, and so are their stems.
fn quoted<'a>(words: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let words = words.into_iter();
    words.map(|word| format!("'{word}'")).collect()
}

fn any_of(terms: &[String]) -> String {
    format!("({})", terms.join(" | "))
}

fn joined(terms: Vec<String>, operator: &str) -> Option<String> {
    (!terms.is_empty()).then(|| terms.join(operator))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, stem: Option<&str>, forms: &[&str]) -> Word {
        Word {
            text: text.into(),
            stem: stem.map(Into::into),
            forms: forms.iter().map(|form| form.to_string()).collect(),
        }
    }

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
        let bars = word("bars", Some("bar"), &["bars", "bar"]);
        let known = word(
            "month",
            Some("month"),
            &["month", "month", "monthly", "month"],
        );
        let words = [bars, word("the", None, &["the"]), known];
        assert_eq!(all_of(&words).unwrap(), "('bar') & ('month' | 'monthly')");
        let unknown = [word("bakery", Some("bakeri"), &[])];
        assert_eq!(all_of(&unknown).unwrap(), "('bakeri':* | 'bakery':*)");
        assert_eq!(all_of(&[word("the", None, &[])]), None);
        assert_eq!(beginning_with(&words[1..2]), "('the')");
    }

    #[test]
    fn a_beginning_of_many_words_is_left_to_the_index() {
        let many: Vec<String> = (0..=2 * MAX_FORMS)
            .map(|number| format!("a{number}"))
            .collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(beginning_with(&[word("a", None, &many)]), "('a':*)");
    }
}
