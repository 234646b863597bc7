//! The inverted index of tantivy: which rows have which words.

mod rows;
mod writer;

use std::sync::Arc;

use strsim::osa_distance;
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{InvertedIndexReader, SegmentReader, Term};

use self::rows::RowsOfDocuments;
use self::writer::Fields;
pub(crate) use self::writer::WordWriter;
use crate::columns::Row;

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

#[derive(Clone)]
struct Segment {
    reader: SegmentReader,
    rows: Arc<RowsOfDocuments>,
    zones: [Arc<InvertedIndexReader>; 3],
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

impl Segment {
    fn new(reader: &SegmentReader, fields: Fields, before: &Words) -> tantivy::Result<Self> {
        let id = reader.segment_id();
        let known = before
            .segments
            .iter()
            .find(|of| of.reader.segment_id() == id);
        let rows = match known {
            Some(known) => Arc::clone(&known.rows),
            None => {
                let column = reader.fast_fields().u64("row")?;
                let row = |document| column.first(document).unwrap_or(u64::MAX);
                let documents = 0..reader.max_doc();
                let rows = documents.map(|document| Row::try_from(row(document)));
                Arc::new(rows.map(|row| row.unwrap_or(Row::MAX)).collect())
            }
        };
        let [name, keys, text] = fields.zones;
        let zone = |field| reader.inverted_index(field);
        Ok(Self {
            rows,
            zones: [zone(name)?, zone(keys)?, zone(text)?],
            reader: reader.clone(),
        })
    }

    /// Sets the score of each row of a term. Goes through whole blocks of postings, which is faster than one by one.
    fn score(
        &self,
        index: &InvertedIndexReader,
        term: &TermInfo,
        score: u8,
        scores: &mut [u8],
    ) -> tantivy::Result<()> {
        let basic = IndexRecordOption::Basic;
        let mut blocks = index.read_block_postings_from_terminfo(term, basic)?;
        let live = self.reader.alive_bitset();
        while !blocks.docs().is_empty() {
            let documents = blocks.docs();
            match live {
                None => self.rows.set_scores(documents.iter(), score, scores),
                Some(live) => {
                    let documents = documents.iter();
                    let documents = documents.filter(|document| live.is_alive(**document));
                    self.rows.set_scores(documents, score, scores);
                }
            }
            blocks.advance();
        }
        Ok(())
    }

    /// Whether any document of a term is not deleted.
    fn has_live(&self, index: &InvertedIndexReader, term: &TermInfo) -> tantivy::Result<bool> {
        let Some(live) = self.reader.alive_bitset() else {
            return Ok(true);
        };
        let basic = IndexRecordOption::Basic;
        let mut blocks = index.read_block_postings_from_terminfo(term, basic)?;
        while !blocks.docs().is_empty() {
            if blocks
                .docs()
                .iter()
                .any(|document| live.is_alive(*document))
            {
                return Ok(true);
            }
            blocks.advance();
        }
        Ok(false)
    }
}

/// The words with the fewest edits to a misspelled one. Swapping two letters is one edit.
#[derive(Debug)]
pub(crate) struct Corrections {
    word: String,
    /// The number of edits. The maximum until a word is found.
    pub(crate) edits: usize,
    pub(crate) words: Vec<String>,
}

impl Corrections {
    pub(crate) fn of(word: &str, max_edits: usize) -> Self {
        Self {
            word: word.to_owned(),
            edits: max_edits,
            words: vec![],
        }
    }

    pub(crate) fn none() -> Self {
        Self::of("", 0)
    }

    /// Adds a word if it is at least as near as the words so far. Words with digits are never corrections.
    pub(crate) fn offer(&mut self, word: &str) {
        let edits = osa_distance(&self.word, word);
        let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
        if edits == 0 || edits > self.edits || has_digit {
            return;
        }
        if edits < self.edits {
            self.edits = edits;
            self.words.clear();
        }
        if !self.words.iter().any(|known| known == word) {
            self.words.push(word.to_owned());
        }
    }
}
