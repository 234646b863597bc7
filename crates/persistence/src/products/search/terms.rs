//! From what people type to PostgreSQL's query language.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, Text};
use strsim::osa_distance;

/// How many words of a text count; nobody types more of them on purpose.
const MAX_WORDS: i64 = 12;

/// How many words a beginning may stand for; those of a shorter one are left to the index, which is slower at it.
const MAX_FORMS: usize = 20;

/// How many words of a text may be mistyped: looking for what is meant takes a millisecond each.
const MAX_MISTYPED: usize = 5;

/// How many known words are compared with a mistyped one, and how many of them it may mean.
const CANDIDATES: i64 = 50;
const MAX_MEANT: usize = 6;

/// A word that was typed, as the database splits and folds texts.
#[derive(Debug, QueryableByName)]
pub(super) struct Word {
    #[diesel(sql_type = Text)]
    text: String,
    /// Particles such as "the" have none.
    #[diesel(sql_type = Nullable<Text>)]
    stem: Option<String>,
    /// The known words that begin with it, as far as they are looked at.
    #[diesel(sql_type = Array<Text>)]
    known: Vec<String>,
    /// The stems of those, particles left out.
    #[diesel(sql_type = Array<Text>)]
    stems: Vec<String>,
}

#[derive(QueryableByName)]
struct Similar {
    #[diesel(sql_type = Array<Text>)]
    words: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    stems: Vec<String>,
}

/// What finds each word of a text in turn.
pub(super) struct Terms(Vec<Vec<String>>);

/// The words of a text with what is known of them, the last one last.
pub(super) fn words(connection: &mut PgConnection, text: &str) -> QueryResult<Vec<Word>> {
    // No letter or digit comes behind U+10FFFD.
    sql_query(
        "SELECT typed.word AS text, (tsvector_to_array(to_tsvector('pg_catalog.english', typed.word)))[1] AS stem, \
         ARRAY(SELECT known.word FROM (SELECT w.word FROM search_words w WHERE w.word >= typed.word \
         AND w.word < typed.word || chr(1114109) ORDER BY w.word LIMIT $2) known) AS known, \
         ARRAY(SELECT stem FROM (SELECT w.word FROM search_words w WHERE w.word >= typed.word \
         AND w.word < typed.word || chr(1114109) ORDER BY w.word LIMIT $2) known, \
         unnest(tsvector_to_array(to_tsvector('pg_catalog.english', known.word))) stem) AS stems \
         FROM (SELECT lexeme AS word, positions[array_upper(positions, 1)] AS position \
         FROM unnest(to_tsvector('pg_catalog.simple', search_words_of($1))) t(lexeme, positions) \
         ORDER BY position LIMIT $3) typed ORDER BY typed.position",
    )
    .bind::<Text, _>(text)
    .bind::<BigInt, _>(const { &(MAX_FORMS as i64 + 1) })
    .bind::<BigInt, _>(&MAX_WORDS)
    .load(connection)
}

impl Terms {
    /// What finds these words as they were typed, of which the last may be a beginning. Particles count only where there
    /// is nothing else.
    pub(super) fn typed(words: &[Word]) -> Self {
        let last = words.len().saturating_sub(1);
        let terms = words.iter().enumerate().filter_map(|(position, word)| {
            let stem = word.stem.as_ref()?;
            Some(if position == last {
                word.beginning()
            } else {
                quoted([stem])
            })
        });
        let mut terms: Vec<_> = terms.collect();
        if terms.is_empty() {
            terms.extend(words.last().map(Word::beginning));
        }
        Self(terms)
    }

    /// What finds names in which a word begins with each of these.
    pub(super) fn beginnings(words: &[Word]) -> Self {
        Self(words.iter().map(Word::beginning).collect())
    }

    /// What finds these words or those that may have been meant; `None` if none of them is like any known word.
    pub(super) fn meant(
        connection: &mut PgConnection,
        words: &[Word],
    ) -> QueryResult<Option<Self>> {
        let mut mistyped: Vec<&Word> = words.iter().filter(|word| word.may_be_mistyped()).collect();
        mistyped.sort_by_key(|word| std::cmp::Reverse(word.text.len()));
        mistyped.truncate(MAX_MISTYPED);
        let texts: Vec<&str> = mistyped.iter().map(|word| word.text.as_str()).collect();
        let similar = similar_to(connection, &texts)?;
        if similar.iter().all(Vec::is_empty) {
            return Ok(None);
        }
        let Self(mut terms) = Self::typed(words);
        let counted: Vec<&Word> = words.iter().filter(|word| word.stem.is_some()).collect();
        for (terms, word) in terms.iter_mut().zip(counted) {
            if let Some(at) = texts.iter().position(|text| *text == word.text) {
                terms.extend(quoted(&similar[at]));
            }
        }
        Ok(Some(Self(terms)))
    }

    /// What finds all of the words; `None` without a word.
    pub(super) fn all(&self) -> Option<String> {
        let each: Vec<String> = self.0.iter().map(|terms| any_of(terms)).collect();
        (!each.is_empty()).then(|| each.join(" & "))
    }

    /// The same where the words are to stand in the name.
    pub(super) fn all_in_name(&self) -> Option<String> {
        let in_name = |term: &String| {
            let marked = if term.ends_with(":*") { "" } else { ":" };
            format!("{term}{marked}A")
        };
        let each = self.0.iter();
        Self(
            each.map(|terms| terms.iter().map(in_name).collect())
                .collect(),
        )
        .all()
    }

    /// One that any of the words meets.
    pub(super) fn one_of_all(&self) -> Self {
        Self(vec![self.0.concat()])
    }

    /// What finds any of the words.
    pub(super) fn any(&self) -> String {
        any_of(&self.0.concat())
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Word {
    /// What finds words that begin with this one. It may be longer than the stem of what is meant.
    fn beginning(&self) -> Vec<String> {
        let own = self.stem.iter().chain([&self.text]);
        // Of numbers only those with letters are known words.
        let begins_with_digit = self.text.starts_with(|first: char| first.is_ascii_digit());
        let is_known = (1..=MAX_FORMS).contains(&self.known.len()) && !begins_with_digit;
        let mut terms = if is_known {
            quoted(own.chain(&self.known).chain(&self.stems))
        } else {
            let beginnings = quoted(own).into_iter();
            beginnings.map(|beginning| beginning + ":*").collect()
        };
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    /// A number is no typing error of another one.
    fn may_be_mistyped(&self) -> bool {
        self.stem.is_some() && !self.text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// The stems of the known words that each of these may mean: those that fewest slips of a finger lead to.
fn similar_to(connection: &mut PgConnection, texts: &[&str]) -> QueryResult<Vec<Vec<String>>> {
    let rows: Vec<Similar> = sql_query(
        "SELECT array_remove(array_agg(found.word ORDER BY likeness DESC, word), NULL) AS words, \
         array_remove(array_agg(found.stem ORDER BY likeness DESC, word), NULL) AS stems \
         FROM (SELECT typed.position, near.* FROM unnest($1) WITH ORDINALITY typed(word, position) LEFT JOIN LATERAL (\
         SELECT w.word, (tsvector_to_array(to_tsvector('pg_catalog.english', w.word)))[1] AS stem, \
         similarity(w.word, typed.word) AS likeness FROM search_words w \
         WHERE w.word % typed.word AND w.word <> typed.word ORDER BY likeness DESC, w.word LIMIT $2\
         ) near ON near.stem IS NOT NULL) found GROUP BY found.position ORDER BY found.position",
    )
    .bind::<Array<Text>, _>(texts)
    .bind::<BigInt, _>(&CANDIDATES)
    .load(connection)?;
    let nearest = |(text, row): (&&str, Similar)| {
        let length = text.chars().count();
        let allowed = if length <= 4 { 1 } else { 2 };
        let distances = row.words.iter().map(|word| osa_distance(text, word));
        let mut near: Vec<_> = distances.zip(row.stems).collect();
        near.retain(|(distance, _)| *distance <= allowed);
        // Where as many slips lead to several, the more alike stays first.
        near.sort_by_key(|(distance, _)| *distance);
        near.truncate(MAX_MEANT);
        near.into_iter().map(|(_, stem)| stem).collect()
    };
    Ok(texts.iter().zip(rows).map(nearest).collect())
}

fn quoted<'a>(words: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let quote = |word: &String| format!("'{}'", word.replace('\\', "\\\\").replace('\'', "''"));
    words.into_iter().map(quote).collect()
}

fn any_of(terms: &[String]) -> String {
    format!("({})", terms.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, stem: Option<&str>, known: &[&str]) -> Word {
        let texts = |texts: &[&str]| texts.iter().map(|text| text.to_string()).collect();
        Word {
            text: text.into(),
            stem: stem.map(Into::into),
            known: texts(known),
            stems: vec![],
        }
    }

    fn all(words: &[Word]) -> Option<String> {
        Terms::typed(words).all()
    }

    #[test]
    fn the_last_word_may_still_be_typed() {
        let bars = word("bars", Some("bar"), &["bars"]);
        let known = word("month", Some("month"), &["month", "monthly"]);
        let words = [bars, word("the", None, &["the"]), known];
        assert_eq!(all(&words).unwrap(), "('bar') & ('month' | 'monthly')");
        let unknown = [word("bakery", Some("bakeri"), &[])];
        assert_eq!(all(&unknown).unwrap(), "('bakeri':* | 'bakery':*)");
        let number = [word("6", Some("6"), &["6x500ml"])];
        assert_eq!(all(&number).unwrap(), "('6':*)");
        assert_eq!(all(&[]), None);
    }

    #[test]
    fn particles_count_where_there_is_nothing_else() {
        let her = || word("her", None, &["her", "herb"]);
        assert_eq!(all(&[her()]).unwrap(), "('her' | 'herb')");
        let egg = word("egg", Some("egg"), &["egg"]);
        assert_eq!(all(&[egg, her()]).unwrap(), "('egg')");
    }

    #[test]
    fn a_beginning_of_many_words_is_left_to_the_index() {
        let many: Vec<String> = (0..=MAX_FORMS).map(|number| format!("a{number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let terms = Terms::beginnings(&[word("a", None, &many)]);
        assert_eq!(terms.all().unwrap(), "('a':*)");
    }

    #[test]
    fn quotes_are_quoted() {
        let words = [word("o'\\", Some("o'\\"), &[])];
        assert_eq!(all(&words).unwrap(), "('o''\\\\':*)");
    }
}
