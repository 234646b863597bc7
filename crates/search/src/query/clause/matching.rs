use super::{IN_CATEGORY, IN_NAME, IN_ZONES};
use crate::columns::Columns;
use crate::query::Lexicon;
use crate::words::Zone;

/// Rows that match, with their score.
pub(super) struct Match<'a> {
    pub(super) score: u8,
    pub(super) rows: Matching<'a>,
}

/// How rows match.
pub(super) enum Matching<'a> {
    /// A word in a zone.
    Word(&'a str, Zone),
    /// A longer word with this prefix in a zone.
    Prefix(&'a str, Zone),
    /// A word in the name of a category.
    Category(&'a str),
    /// A word with this prefix in the name of a category.
    CategoryPrefix(&'a str),
}

pub(super) fn matches_of_word(word: &str, weight: u32) -> impl Iterator<Item = Match<'_>> {
    let zones = IN_ZONES.into_iter();
    let zones = zones.map(move |(zone, score)| (score, Matching::Word(word, zone)));
    let all = zones.chain([(IN_CATEGORY, Matching::Category(word))]);
    all.map(move |(score, rows)| Match {
        score: weighted(score, weight),
        rows,
    })
}

pub(super) fn match_in_name(word: &str, weight: u32) -> Match<'_> {
    Match {
        score: weighted(IN_NAME, weight),
        rows: Matching::Word(word, Zone::Name),
    }
}

/// The best score of each row.
pub(super) fn scores_of(
    mut matches: Vec<Match<'_>>,
    lexicon: &Lexicon<'_>,
    height: usize,
) -> tantivy::Result<Vec<u8>> {
    // Ascending, so that the best score is written last: comparing takes twice as long as writing.
    matches.sort_by_key(|of| of.score);
    let mut scores = vec![0; height];
    for Match { score, rows } in matches {
        let Lexicon { words, columns, .. } = lexicon;
        match rows {
            Matching::Word(word, zone) => words.score_word(word, zone, score, &mut scores)?,
            Matching::Prefix(prefix, zone) => {
                words.score_prefix(prefix, zone, score, &mut scores)?;
            }
            Matching::Category(word) => {
                score_categories(columns, |of| of == word, score, &mut scores);
            }
            Matching::CategoryPrefix(prefix) => {
                score_categories(columns, |of| of.starts_with(prefix), score, &mut scores);
            }
        }
    }
    Ok(scores)
}

pub(super) fn weighted(score: u32, weight: u32) -> u8 {
    u8::try_from(score * weight / 100).unwrap_or(u8::MAX)
}

/// Sets the score of each row in a category whose name has a matching word.
fn score_categories(
    columns: &Columns,
    matches: impl Fn(&str) -> bool,
    score: u8,
    scores: &mut [u8],
) {
    for category in columns.categories.values() {
        if !category.words.iter().any(|word| matches(word)) {
            continue;
        }
        for row in category.rows.ones() {
            if let Some(of_row) = scores.get_mut(row) {
                *of_row = score;
            }
        }
    }
}
