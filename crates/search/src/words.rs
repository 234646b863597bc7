//! The inverted index of tantivy: which rows have which words.

mod corrections;
mod rows;
mod segment;
mod writer;

use tantivy::Term;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;

pub(crate) use self::corrections::Corrections;
use self::segment::Segment;
pub(crate) use self::writer::WordWriter;

/// A group of texts of a product that are searched together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    Name,
    Ingredients,
    /// Description and details.
    Text,
}

impl Zone {
    pub(crate) const ALL: [Self; 3] = [Self::Name, Self::Ingredients, Self::Text];
}

/// Maximum number of words that a prefix expands to, per zone and segment.
const MAX_EXPANSIONS: usize = 10_000;

/// A snapshot of the inverted index.
#[derive(Clone, Default)]
pub(crate) struct Words {
    segments: Vec<Segment>,
    /// The field of names; `None` before the first commit.
    name: Option<Field>,
}

impl Words {
    /// Sets the score of each row that has a word in a zone. The position of a score is its row.
    pub(crate) fn score_word(
        &self,
        word: &str,
        zone: Zone,
        score: u8,
        scores: &mut [u8],
    ) -> tantivy::Result<()> {
        for segment in &self.segments {
            let index = &segment.zones[zone as usize];
            if let Some(term) = index.terms().get(word)? {
                segment.score(index, &term, score, scores)?;
            }
        }
        Ok(())
    }

    /// Sets the score of each row that has a longer word with this prefix in a zone.
    pub(crate) fn score_prefix(
        &self,
        prefix: &str,
        zone: Zone,
        score: u8,
        scores: &mut [u8],
    ) -> tantivy::Result<()> {
        for segment in &self.segments {
            let index = &segment.zones[zone as usize];
            let mut terms = index.terms().range().gt(prefix).into_stream()?;
            let mut left = MAX_EXPANSIONS;
            while terms.advance() && left > 0 && terms.key().starts_with(prefix.as_bytes()) {
                left -= 1;
                segment.score(index, terms.value(), score, scores)?;
            }
        }
        Ok(())
    }

    /// Calls `visit` with each word of each zone and segment. Most words are visited several times.
    pub(crate) fn each_word(&self, mut visit: impl FnMut(&str)) -> tantivy::Result<()> {
        for zone in self.segments.iter().flat_map(|segment| &segment.zones) {
            let mut terms = zone.terms().stream()?;
            while terms.advance() {
                if let Ok(word) = std::str::from_utf8(terms.key()) {
                    visit(word);
                }
            }
        }
        Ok(())
    }

    /// Whether any row has a word in a zone.
    pub(crate) fn contains(&self, word: &str, zone: Zone) -> tantivy::Result<bool> {
        for segment in &self.segments {
            let index = &segment.zones[zone as usize];
            if let Some(term) = index.terms().get(word)?
                && segment.has_live(index, &term)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether any row has a longer word with this prefix in a zone.
    pub(crate) fn has_prefix(&self, prefix: &str, zone: Zone) -> tantivy::Result<bool> {
        for segment in &self.segments {
            let index = &segment.zones[zone as usize];
            let mut terms = index.terms().range().gt(prefix).into_stream()?;
            while terms.advance() && terms.key().starts_with(prefix.as_bytes()) {
                if segment.has_live(index, terms.value())? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Offers similar words of a zone as corrections.
    pub(crate) fn correct(&self, found: &mut Corrections, zone: Zone) -> tantivy::Result<()> {
        let (Some(field), Ok(edits)) = (self.name, u8::try_from(found.edits)) else {
            return Ok(());
        };
        let query = FuzzyTermQuery::new(Term::from_field_text(field, &found.word), edits, true);
        let automaton = query.automaton()?;
        for segment in &self.segments {
            let index = &segment.zones[zone as usize];
            let mut terms = index.terms().search(&automaton).into_stream()?;
            while terms.advance() {
                if let Ok(word) = std::str::from_utf8(terms.key())
                    && segment.has_live(index, terms.value())?
                {
                    found.offer(word);
                }
            }
        }
        Ok(())
    }
}
